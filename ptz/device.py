"""One ONVIF camera over one connection: what it is asked."""

from collections.abc import Callable
from dataclasses import replace

from domain.camera import Camera, Credentials
from domain.clock import Clock
from domain.errors import ProtocolError, UnreachableError
from domain.motion import Preset
from ptz.clock_offset import read_clock
from ptz.contact import AuthMode, Contact, Quirk
from ptz.ladder import Manner
from ptz.meeting import Meeting
from ptz.motions import Motions, Status
from ptz.pins import OtherDeviceError
from ptz.services import Port, Service
from ptz.voice import Voice
from ptz.wire import Gate, reached, stream_reached

_OFFSET_BLUR_S = 1.5  # cameras tell whole seconds


class Device:
    """One camera over one connection; used by one thread at a time, closed by its owner.

    Without a `contact` it asks the camera how it is reached; `remembered` is what was known of it before, `serial`
    whom to expect there, `pin` the fingerprint of its certificate. `noted` hears when the way to sign or the
    camera's clock has changed, `stranger` when another device answers. Every operation raises UnreachableError (no
    answer in time), CredentialsError or ProtocolError.
    """

    def __init__(
        self,
        camera: Camera,
        credentials: Credentials | None,
        clock: Clock,
        contact: Contact | None = None,
        *,
        remembered: Contact | None = None,
        serial: str = "",
        pin: str = "",
        noted: Callable[[Contact], None] | None = None,
        stranger: Callable[[OtherDeviceError], None] | None = None,
    ) -> None:
        self._camera = camera
        self._clock = clock
        self._contact = contact
        self._remembered = remembered
        self._serial = contact.serial if contact else serial
        self._noted = noted
        self._ports: dict[tuple[Service, str], Port] = {}
        known = contact or remembered
        self._voice = Voice(
            camera,
            credentials,
            clock,
            auth=known.auth if known else AuthMode.NONE,
            offset_s=known.clock_offset_s if known else 0.0,
            pin=contact.fingerprint if contact else pin,
        )
        self._voice.stranger = stranger
        if contact is not None:
            self._follow_changes()

    @property
    def slowest_s(self) -> float:
        """Return how long its answers took lately, at the longest."""
        return self._voice.slowest_s

    def contact(self) -> Contact:
        """Return how the camera is reached, asking it the first time: clock, name, services, heads.

        OtherDeviceError where it is not the one that is expected.
        """
        if self._contact is None:
            self._contact = Meeting(self._camera, self._voice, self._clock, self._remembered, self._serial).contact()
            self._follow_changes()
        return self._contact

    def met_again(self) -> Contact:
        """Look whether it is still the same camera, and what its clock shows now; return its contact."""
        contact = self.contact()
        reading, _ = Meeting(self._camera, self._voice, self._clock, None, contact.serial).introduced()
        if abs(reading.offset_s - contact.clock_offset_s) > _OFFSET_BLUR_S:
            self._contact = replace(self.contact(), clock_offset_s=reading.offset_s)
        return self.contact()

    def open(self) -> None:
        """Connect, so that the next operation leaves without delay."""
        self.port(Service.PTZ)
        self._voice.open()

    def port(self, service: Service, address: str = "") -> Port:
        """Return a service, signed as the camera wants it; ProtocolError where it has it not.

        `address` is needed for a subscription, and taken as the camera told it.
        """
        contact = self.contact()
        addresses = {
            Service.DEVICE: contact.url,
            Service.MEDIA: contact.media_url,
            Service.MEDIA2: contact.media2_url,
            Service.PTZ: contact.ptz_url,
            Service.IMAGING: contact.imaging_url,
            Service.EVENTS: contact.events_url,
        }
        at = self._reached(address) if address else addresses.get(service, "")
        if not at:
            raise ProtocolError(f"the camera has no {service.name.lower()} service")
        if (service, at) not in self._ports:
            self._ports[service, at] = Port(service, at, self._voice)
        return self._ports[service, at]

    def motions(self, manner: Manner | None = None) -> Motions:
        """Return what moves the head that the register entry means."""
        head = self.contact().head
        return Motions(self.port(Service.PTZ), head.profile, head.abilities, manner or self.manner())

    def manner(self) -> Manner:
        """Return how this camera wants to be spoken to, as far as its quirks are known."""
        contact = self.contact()
        return Manner(
            apart=not contact.head.abilities.together or Quirk.MOVES_APART in contact.quirks,
            bare=Quirk.NO_SPACES in contact.quirks,
            untimed=Quirk.NO_TIMEOUT in contact.quirks,
            zero_ignored=Quirk.ZERO_MOVE_IGNORED in contact.quirks,
        )

    def status(self) -> Status:
        """Return where it points and whether it moves, as far as it says."""
        return self.motions().status()

    def presets(self) -> tuple[Preset, ...]:
        """Return its stored views."""
        found = self.port(Service.PTZ).call("GetPresets", ProfileToken=self.contact().profile) or ()
        return tuple(Preset(str(one.token), str(one.Name or one.token)) for one in found if getattr(one, "token", None))

    def set_preset(self, name: str) -> Preset:
        """Store the present view under a name."""
        port, profile = self.port(Service.PTZ), self.contact().profile
        token = port.call("SetPreset", repeatable=False, ProfileToken=profile, PresetName=name)
        if not token:
            raise ProtocolError("SetPreset: the camera gave the view no token")
        return Preset(str(token), name)

    def remove_preset(self, token: str) -> None:
        """Forget a stored view."""
        port, profile = self.port(Service.PTZ), self.contact().profile
        port.call("RemovePreset", repeatable=False, ProfileToken=profile, PresetToken=token)

    def stream_url(self, profile: str) -> str:
        """Return the address of a profile's stream, at the host by which the camera is reached."""
        contact = self.contact()
        if contact.media2_url:
            told = self.port(Service.MEDIA2).call("GetStreamUri", Protocol="RTSP", ProfileToken=profile)
        else:
            setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
            answer = self.port(Service.MEDIA).call("GetStreamUri", StreamSetup=setup, ProfileToken=profile)
            told = getattr(answer, "Uri", None)
        as_told = Quirk.ADDRESSES_AS_TOLD in contact.quirks
        return str(told or "") if as_told else stream_reached(str(told or ""), contact.url)

    def snapshot_url(self, profile: str) -> str:
        """Return the address of a profile's stills, at the host and port by which the camera is reached."""
        service = Service.MEDIA2 if self.contact().media2_url else Service.MEDIA
        answer = self.port(service).call("GetSnapshotUri", ProfileToken=profile)
        told = answer if isinstance(answer, str) else getattr(answer, "Uri", None)
        if not told:
            raise ProtocolError("the camera told no address of its stills")
        return self._reached(str(told))

    def clock_offset_s(self) -> float:
        """Return how far the camera's clock is ahead of ours (PZ10), asked without credentials."""
        return read_clock(self._voice, self._camera.onvif_url, self._clock).offset_s

    def pass_through(self, gate: Gate | None) -> None:
        """Have each message pass this just when it is written."""
        self._voice.gate = gate

    def close(self) -> None:
        """Hang up."""
        self._voice.close()

    def _reached(self, told: str) -> str:
        contact = self.contact()
        return told if Quirk.ADDRESSES_AS_TOLD in contact.quirks else reached(told, contact.url)

    def _follow_changes(self) -> None:
        self._voice.measure = self._measured
        self._voice.changed = self._changed

    def _measured(self) -> float | None:
        """Return how far the camera's clock is ahead now, None where it does not say."""
        try:
            reading = read_clock(self._voice, self._camera.onvif_url, self._clock)
        except UnreachableError:  # refused, too
            return None
        return reading.offset_s if reading.told or self._voice.date else None

    def _changed(self) -> None:
        """Take down that the camera was last reached in another way than the contact says."""
        if self._contact is not None:
            self._contact = replace(self._contact, auth=self._voice.auth, clock_offset_s=self._voice.offset_s)
            if self._noted is not None:
                self._noted(self._contact)
