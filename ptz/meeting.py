"""Meeting a camera: its clock, who it is, where its services are, what its heads can do.

What needs no credentials is asked first, so that a stranger at the camera's address is known before it gets any.
"""

import ipaddress
from dataclasses import dataclass, replace
from typing import Any

from domain.camera import Camera
from domain.clock import Clock
from domain.errors import CredentialsError, ProtocolError
from ptz.clock_offset import ClockReading, read_clock
from ptz.contact import Contact
from ptz.heads import Services, find_heads
from ptz.pins import Mark, check_same
from ptz.quirks import Quirk, quirks_of
from ptz.services import Port, Service
from ptz.voice import Voice
from ptz.wire import checked, reached

_BY_NAMESPACE = {
    "http://www.onvif.org/ver10/media/wsdl": Service.MEDIA,
    "http://www.onvif.org/ver20/media/wsdl": Service.MEDIA2,
    "http://www.onvif.org/ver20/ptz/wsdl": Service.PTZ,
    "http://www.onvif.org/ver20/imaging/wsdl": Service.IMAGING,
    "http://www.onvif.org/ver10/events/wsdl": Service.EVENTS,
}
_BY_CATEGORY = {
    "Media": Service.MEDIA,
    "PTZ": Service.PTZ,
    "Imaging": Service.IMAGING,
    "Events": Service.EVENTS,
}


@dataclass(frozen=True, slots=True)
class Identity:
    """What a camera says of itself; empty where it does not."""

    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""


class Meeting:
    """Asks one camera, over a voice; `remembered` is what was known of it, `serial` whom to expect there."""

    def __init__(
        self, camera: Camera, voice: Voice, clock: Clock, remembered: Contact | None = None, serial: str = ""
    ) -> None:
        self._camera = camera
        self._voice = voice
        self._clock = clock
        self._remembered = remembered
        self._serial = serial

    def contact(self) -> Contact:
        """Return how the camera is reached.

        Raises OtherDeviceError where it is not the one that was met, UnreachableError, CredentialsError or
        ProtocolError.
        """
        reading, identity = self.introduced()
        contact = self._found(reading, identity)
        _ = contact.head  # ProtocolError where the register means a head that the camera has not
        return contact

    def _found(self, reading: ClockReading, identity: Identity) -> Contact:
        known = self._remembered
        if known is not None and self._same(known, identity) and self._works(known):
            return replace(self._completed(known, reading, identity), chosen=self._camera.head)
        quirks = quirks_of(identity.manufacturer, identity.model) | (known.quirks if known else frozenset())
        return self._completed(self._asked(quirks), reading, identity)

    def introduced(self) -> tuple[ClockReading, Identity]:
        """Return the camera's clock and name, having seen that it is the one that is expected."""
        voice, url = self._voice, self._camera.onvif_url
        reading = read_clock(voice, url, self._clock)
        voice.offset_s = reading.offset_s
        identity = self._identity(signed=False)
        if identity is not None:
            check_same(Mark.SERIAL, self._serial, identity.serial)
        if not reading.told:
            reading = self._clock_when_signed(reading)
        if identity is None:
            identity = self._identity(signed=True) or Identity()
            check_same(Mark.SERIAL, self._serial, identity.serial)
        return reading, identity

    def _clock_when_signed(self, reading: ClockReading) -> ClockReading:
        """Ask again with credentials; `told` stays False, for it told nothing without them."""
        signed = read_clock(self._voice, self._camera.onvif_url, self._clock, signed=True)
        offset_s = signed.offset_s if signed.told else reading.offset_s
        self._voice.offset_s = offset_s
        return ClockReading(offset_s, told=False)

    def _identity(self, *, signed: bool) -> Identity | None:
        """Return what the camera says of itself, None where it does not say it without credentials."""
        try:
            told = self._port(Service.DEVICE, self._camera.onvif_url, signed=signed).call("GetDeviceInformation")
        except CredentialsError:
            if signed:
                raise
            return None
        except ProtocolError:
            if self._serial:  # somebody is expected: who does not say his name gets no credentials
                raise
            return Identity()
        words = (getattr(told, name, None) for name in ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber"))
        return Identity(*("" if word is None else str(word).strip() for word in words))

    def _same(self, known: Contact, identity: Identity) -> bool:
        """Whether what is known holds: at this address, of this make and program."""
        now = (self._camera.onvif_url, identity.manufacturer, identity.model, identity.firmware)
        return now == (known.url, known.manufacturer, known.model, known.firmware)

    def _works(self, known: Contact) -> bool:
        """Whether the camera still knows its first head by the name that we know; asked with credentials."""
        head = known.heads[0] if known.heads else None
        if head is None:
            return False
        try:
            self._port(Service.PTZ, known.ptz_url).call(
                "GetConfigurationOptions", ConfigurationToken=head.configuration
            )
        except CredentialsError:
            raise
        except ProtocolError:
            return False
        return True

    def _asked(self, quirks: frozenset[Quirk]) -> Contact:
        at = self._addresses(as_told=Quirk.ADDRESSES_AS_TOLD in quirks)
        if Service.PTZ not in at or not {Service.MEDIA, Service.MEDIA2} & at.keys():
            raise ProtocolError("the camera has no PTZ service")
        services = Services(
            ptz=self._port(Service.PTZ, at[Service.PTZ]),
            media=self._port(Service.MEDIA, at[Service.MEDIA]) if Service.MEDIA in at else None,
            media2=self._port(Service.MEDIA2, at[Service.MEDIA2]) if Service.MEDIA2 in at else None,
            imaging=self._port(Service.IMAGING, at[Service.IMAGING]) if Service.IMAGING in at else None,
        )
        contact = Contact(
            url=self._camera.onvif_url,
            ptz_url=at[Service.PTZ],
            media_url=at.get(Service.MEDIA, ""),
            media2_url=at.get(Service.MEDIA2, ""),
            imaging_url=at.get(Service.IMAGING, ""),
            events_url=at.get(Service.EVENTS, ""),
            heads=find_heads(services, self._optional),
            chosen=self._camera.head,
        )
        return contact.with_quirks(quirks)

    def _completed(self, contact: Contact, reading: ClockReading, identity: Identity) -> Contact:
        """Return the contact with what was seen at this meeting."""
        learnt = {Quirk.CLOSES_CONNECTIONS} if self._voice.hung_up_on else set()
        learnt |= set() if reading.told else {Quirk.TELLS_NO_TIME}
        seen = replace(
            contact,
            auth=self._voice.auth,
            clock_offset_s=reading.offset_s,
            serial=identity.serial or self._serial,
            fingerprint=self._voice.fingerprint,
            manufacturer=identity.manufacturer,
            model=identity.model,
            firmware=identity.firmware,
        )
        return seen.with_quirks(frozenset(learnt))

    def _addresses(self, *, as_told: bool) -> dict[Service, str]:
        """Return where the services are, at the host by which the camera was reached.

        GetServices is asked first: it alone knows Media2. What it does not tell, GetCapabilities may.
        """
        device = self._port(Service.DEVICE, self._camera.onvif_url)
        told: dict[Service, str] = {}
        for one in self._optional(device, "GetServices", IncludeCapability=False) or ():
            service = _BY_NAMESPACE.get(str(getattr(one, "Namespace", "")).rstrip("/"))
            if service is not None:
                told.setdefault(service, str(getattr(one, "XAddr", None) or ""))
        if Service.PTZ not in told or not {Service.MEDIA, Service.MEDIA2} & told.keys():
            capabilities = self._optional(device, "GetCapabilities", Category=["All"])
            for category, service in _BY_CATEGORY.items():
                part = getattr(capabilities, category, None)
                if part is not None:
                    told.setdefault(service, str(getattr(part, "XAddr", None) or ""))
        place = _as_told if as_told else reached
        return {service: place(url, self._camera.onvif_url) for service, url in told.items()}

    def _optional(self, port: Port, operation: str, **values: Any) -> Any:
        """Return the answer to what a camera need not have, None where it has it not.

        A camera that has let us in before refuses only this: not every user may ask everything.
        """
        try:
            return port.call(operation, **values)
        except CredentialsError:
            if self._voice.proven:
                return None
            raise
        except ProtocolError:
            return None

    def _port(self, service: Service, url: str, *, signed: bool = True) -> Port:
        return Port(service, url, self._voice, signed=signed)


def _as_told(url: str, by: str) -> str:
    """Return an address that a camera told, as it stands where it can be one at all."""
    try:
        host = checked(url).hostname or ""
    except ProtocolError:
        return reached(url, by)
    elsewhere = host != checked(by).hostname
    return reached(url, by) if elsewhere and _nowhere(host) else url


def _nowhere(host: str) -> bool:
    """Whether a host means the camera itself, as the camera sees it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_unspecified or address.is_loopback
