"""One ONVIF camera: how it is reached, what it is asked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from domain.camera import Camera, Credentials
from domain.clock import Clock
from domain.errors import CredentialsError, ProtocolError
from domain.motion import Position, Preset, Velocity
from ptz.services import Port, Service, Signature, SoapTransport
from ptz.wire import Line, reached

MOVE_TIMEOUT_S = 2.0  # what we ask; no camera seen honours it, so it is a third line of defence


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """All that has to be known to move a camera: found out once, then used by every connection to it."""

    ptz_url: str
    profile: str
    clock_offset_s: float
    timeout_s: float = MOVE_TIMEOUT_S
    turns: bool = True
    zooms: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """What a camera says of its movement; None where it does not say."""

    position: Position | None
    moving: bool | None


class Device:
    """One camera over one connection; used by one thread at a time, closed by its owner.

    Every operation raises UnreachableError (no answer in time), CredentialsError or ProtocolError.
    """

    def __init__(
        self, camera: Camera, credentials: Credentials | None, clock: Clock, contact: Contact | None = None
    ) -> None:
        self._camera = camera
        self._credentials = credentials
        self._clock = clock
        self._line = Line(camera.onvif_url, clock)
        self._transport = SoapTransport(self._line)
        self._signature = Signature(credentials, self._signing_moment)
        self._offset_s = contact.clock_offset_s if contact else 0.0
        self._contact = contact
        self._ptz: Port | None = None

    @property
    def slowest_s(self) -> float:
        """Return how long its answers took lately, at the longest."""
        return self._line.slowest_s

    def contact(self) -> Contact:
        """Return how the camera is reached, asking it the first time: its clock, services, profile and limits."""
        if self._contact is None:
            self._contact = self._ask()
        return self._contact

    def open(self) -> None:
        """Connect, so that the next operation leaves without delay."""
        self._port()
        self._line.open()

    def move(self, velocity: Velocity) -> None:
        """Start or change a continuous movement that ends by the camera's own timeout."""
        contact = self.contact()
        # Both axes are always said: an axis that is left out goes on as it was (ONVIF PTZ 5.3.3).
        wanted: dict[str, Any] = {}
        if contact.turns:
            wanted["PanTilt"] = {"x": velocity.pan, "y": velocity.tilt}
        if contact.zooms:
            wanted["Zoom"] = {"x": velocity.zoom}
        self._port().call(
            "ContinuousMove",
            repeatable=False,
            ProfileToken=contact.profile,
            Velocity=wanted,
            Timeout=timedelta(seconds=contact.timeout_s),
        )

    def status(self) -> Status:
        """Return where it points and whether it moves, as far as it says."""
        answer = self._port().call("GetStatus", ProfileToken=self.contact().profile)
        return Status(_position(answer), _moving(answer))

    def presets(self) -> tuple[Preset, ...]:
        """Return its stored views."""
        found = self._port().call("GetPresets", ProfileToken=self.contact().profile) or ()
        return tuple(Preset(str(one.token), str(one.Name or one.token)) for one in found if getattr(one, "token", None))

    def goto(self, token: str) -> None:
        """Turn to a stored view."""
        self._port().call("GotoPreset", ProfileToken=self.contact().profile, PresetToken=token)

    def set_preset(self, name: str) -> Preset:
        """Store the present view under a name."""
        token = self._port().call("SetPreset", repeatable=False, ProfileToken=self.contact().profile, PresetName=name)
        if not token:
            raise ProtocolError("SetPreset: the camera gave the view no token")
        return Preset(str(token), name)

    def remove_preset(self, token: str) -> None:
        """Forget a stored view."""
        self._port().call("RemovePreset", repeatable=False, ProfileToken=self.contact().profile, PresetToken=token)

    def home(self) -> None:
        """Turn to the home view."""
        self._port().call("GotoHomePosition", ProfileToken=self.contact().profile)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _port(self) -> Port:
        if self._ptz is None:
            self._ptz = self._at(Service.PTZ, self.contact().ptz_url)
        return self._ptz

    def _at(self, service: Service, address: str, *, signed: bool = True) -> Port:
        return Port(service, address, self._transport, self._signature if signed else None)

    def _signing_moment(self) -> datetime:
        return self._clock.now() + timedelta(seconds=self._offset_s)

    def _ask(self) -> Contact:
        self._offset_s = self.clock_offset_s()
        media_url, ptz_url = self._addresses()
        profiles = self._at(Service.MEDIA, media_url).call("GetProfiles") or ()
        profile = next((one for one in profiles if getattr(one, "PTZConfiguration", None) is not None), None)
        if profile is None or not profile.token:
            raise ProtocolError("the camera has no profile that can be moved")
        ptz = self._at(Service.PTZ, ptz_url)
        timeout_s, turns, zooms = _limits(ptz, str(profile.PTZConfiguration.token or ""))
        return Contact(
            ptz_url=ptz_url,
            profile=str(profile.token),
            clock_offset_s=self._offset_s,
            timeout_s=timeout_s,
            turns=turns,
            zooms=zooms,
        )

    def clock_offset_s(self) -> float:
        """Return how far the camera's clock is ahead of ours (PZ10), asked without credentials.

        One camera refuses even this while the clocks differ; then the Date header of its refusal tells the time.
        """
        port = self._at(Service.DEVICE, self._camera.onvif_url, signed=False)
        before = self._clock.now()
        try:
            told = _told_time(port.call("GetSystemDateAndTime"))
        except (CredentialsError, ProtocolError):
            told = None
        now = self._clock.now()
        if told is None:
            told = _header_time(self._transport.date)
        return 0.0 if told is None else (told - (before + (now - before) / 2)).total_seconds()

    def _addresses(self) -> tuple[str, str]:
        """Return where the media and PTZ services are, at the host by which the camera was reached."""
        device = self._at(Service.DEVICE, self._camera.onvif_url)
        media = ptz = None
        try:
            told = device.call("GetCapabilities", Category=["All"])
            media, ptz = _xaddr(told, "Media"), _xaddr(told, "PTZ")
        except CredentialsError:
            raise
        except ProtocolError:
            told = None  # an old or a very new camera: ask the other way
        if not (media and ptz):
            services = device.call("GetServices", IncludeCapability=False) or ()
            by_name = {str(one.Namespace): str(one.XAddr) for one in services}
            media = media or by_name.get("http://www.onvif.org/ver10/media/wsdl")
            ptz = ptz or by_name.get("http://www.onvif.org/ver20/ptz/wsdl")
        if not (media and ptz):
            raise ProtocolError("the camera has no PTZ service")
        return reached(media, self._camera.onvif_url), reached(ptz, self._camera.onvif_url)


def _xaddr(capabilities: Any, service: str) -> str | None:
    part = getattr(capabilities, service, None)
    return str(part.XAddr) if part is not None and part.XAddr else None


def _limits(ptz: Port, configuration: str) -> tuple[float, bool, bool]:
    """Return the movement timeout within the camera's range, and whether it turns and zooms continuously."""
    try:
        options = ptz.call("GetConfigurationOptions", ConfigurationToken=configuration)
    except CredentialsError:
        raise
    except ProtocolError:
        return MOVE_TIMEOUT_S, True, True  # some cameras have no options: then ask for what all can
    spaces = getattr(options, "Spaces", None)
    turns = bool(getattr(spaces, "ContinuousPanTiltVelocitySpace", None))
    zooms = bool(getattr(spaces, "ContinuousZoomVelocitySpace", None))
    if not (turns or zooms):
        turns = zooms = True
    allowed = getattr(options, "PTZTimeout", None)
    low, high = _seconds(getattr(allowed, "Min", None)), _seconds(getattr(allowed, "Max", None))
    timeout_s = max(low or 0.0, min(high or MOVE_TIMEOUT_S, MOVE_TIMEOUT_S))
    return timeout_s or MOVE_TIMEOUT_S, turns, zooms


def _seconds(value: Any) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) and value.total_seconds() > 0 else None


def _told_time(answer: Any) -> datetime | None:
    utc = getattr(answer, "UTCDateTime", None)
    if utc is None or utc.Date is None or utc.Time is None:
        return None
    try:
        return datetime(
            utc.Date.Year,
            utc.Date.Month,
            utc.Date.Day,
            utc.Time.Hour,
            utc.Time.Minute,
            min(utc.Time.Second, 59),
            tzinfo=UTC,
        )
    except (TypeError, ValueError):
        return None


def _header_time(date: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return told.replace(tzinfo=UTC) if told.tzinfo is None else told


def _position(answer: Any) -> Position | None:
    position = getattr(answer, "Position", None)
    turn, zoom = getattr(position, "PanTilt", None), getattr(position, "Zoom", None)
    if turn is None and zoom is None:
        return None
    return Position(_number(turn, "x"), _number(turn, "y"), _number(zoom, "x"))


def _number(part: Any, axis: str) -> float:
    value = getattr(part, axis, None)
    return float(value) if isinstance(value, int | float) else 0.0


def _moving(answer: Any) -> bool | None:
    status = getattr(answer, "MoveStatus", None)
    told = {str(word) for word in (getattr(status, "PanTilt", None), getattr(status, "Zoom", None)) if word}
    if "MOVING" in told:
        return True
    return False if told == {"IDLE"} else None
