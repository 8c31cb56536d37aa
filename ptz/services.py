"""ONVIF's services through zeep: each WSDL parsed once for the whole process, our own transport under it.

zeep is imported when the first service is made (0.2 s of CPU, then 0.07 s a WSDL), never with this module.
onvif-zeep gives the WSDL files alone: importing its client configures logging for the whole program. What it lacks
lies in resources/wsdl.
"""

import importlib.util
import logging
import threading
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from domain.errors import CredentialsError, ProtocolError
from ptz.soap import repaired
from ptz.wire import Answer

_OURS = Path(__file__).resolve().parent.parent / "resources" / "wsdl"
_VER10, _VER20 = "{http://www.onvif.org/ver10/", "{http://www.onvif.org/ver20/"


class Service(Enum):
    """A WSDL file of ONVIF and the bindings in it that are spoken at one address."""

    DEVICE = ("devicemgmt", f"{_VER10}device/wsdl}}DeviceBinding")
    MEDIA = ("media", f"{_VER10}media/wsdl}}MediaBinding")
    MEDIA2 = ("media2", f"{_VER20}media/wsdl}}Media2Binding")
    PTZ = ("ptz", f"{_VER20}ptz/wsdl}}PTZBinding")
    IMAGING = ("imaging", f"{_VER20}imaging/wsdl}}ImagingBinding")
    EVENTS = ("events", f"{_VER10}events/wsdl}}EventBinding")
    SUBSCRIPTION = (
        "events",
        f"{_VER10}events/wsdl}}PullPointSubscriptionBinding",
        f"{_VER10}events/wsdl}}SubscriptionManagerBinding",
    )


class Voice(Protocol):
    """Carries a message to a camera, signed or not; CredentialsError where the camera does not let it in."""

    def post(self, url: str, envelope: bytes, *, signed: bool, repeatable: bool) -> Answer:
        """Send a message and return the answer."""
        ...


@dataclass(slots=True)
class _Reply:
    """An answer in the form that zeep reads."""

    status_code: int
    content: bytes
    encoding: str = "utf-8"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/soap+xml"})


class _Disk:
    """Loads WSDL files, ours before those of the library; nothing is ever fetched from the network."""

    def load(self, url: str) -> bytes:
        name = Path(url).name
        return ((_OURS if (_OURS / name).exists() else _library()) / name).read_bytes()


class _Carrier(_Disk):
    """Carries zeep's messages of one service."""

    def __init__(self, voice: Voice, *, signed: bool) -> None:
        self._voice = voice
        self._signed = signed
        self.repeatable = False

    def post_xml(self, address: str, envelope: Any, headers: Any) -> _Reply:
        """Send an envelope; refuse what is too large, hides entities or refuses our credentials."""
        from lxml import etree  # noqa: PLC0415 - comes with zeep, off the start-up path

        del headers  # SOAP 1.2 needs none of zeep's
        body = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
        answer = self._voice.post(address, body, signed=self._signed, repeatable=self.repeatable)
        return _Reply(answer.status, repaired(answer.content))


_documents: dict[str, Any] = {}
_parsing = threading.Lock()


def _library() -> Path:
    found = importlib.util.find_spec("onvif")
    if found is None or found.origin is None:
        raise ProtocolError("onvif-zeep, whose WSDL files are needed, is not installed")
    return Path(found.origin).parent.parent / "wsdl"


def _document(name: str) -> Any:
    from zeep import Settings  # noqa: PLC0415 - 0.2 s, off the start-up path
    from zeep.wsdl import Document  # noqa: PLC0415 - with it

    # It logs a stack for each value that does not fit its type and reads None; ipycam has such a one in each status.
    logging.getLogger("zeep.xsd.types.simple").setLevel(logging.CRITICAL)
    with _parsing:
        if name not in _documents:
            document: Any = Document
            _documents[name] = document(str(_OURS / f"{name}.wsdl"), _Disk(), settings=Settings(strict=False))
        return _documents[name]


class Port:
    """One service of one camera at one address."""

    def __init__(self, service: Service, address: str, voice: Voice, *, signed: bool = True) -> None:
        from zeep import Client, Settings  # noqa: PLC0415 - 0.2 s, off the start-up path

        self._carrier = _Carrier(voice, signed=signed)
        make: Any = Client
        name, *bindings = service.value
        client = make(_document(name), transport=self._carrier, settings=Settings(strict=False))
        self._proxies = [client.create_service(binding, address) for binding in bindings]

    def call(self, operation: str, *, repeatable: bool = True, **values: Any) -> Any:
        """Call an operation and return zeep's answer.

        Raises CredentialsError, ProtocolError (a fault, whose cause is zeep's, or an answer that can't be read) or
        UnreachableError.
        """
        from lxml import etree  # noqa: PLC0415 - comes with zeep, off the start-up path
        from zeep import exceptions  # noqa: PLC0415 - with it

        self._carrier.repeatable = repeatable
        try:
            return self._operation(operation)(**values)
        except exceptions.Fault as fault:
            raise _refusal(operation, fault) from fault
        except (exceptions.Error, etree.LxmlError) as error:
            raise ProtocolError(f"{operation}: the answer can't be read: {error}"[:300]) from error
        except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
            # zeep lets these through where a value does not fit its schema (a date of 99:99, a missing attribute).
            raise ProtocolError(f"{operation}: the answer does not fit ONVIF: {error!r}") from error

    def _operation(self, name: str) -> Any:
        for proxy in self._proxies[:-1]:
            try:
                return proxy[name]
            except AttributeError:
                continue  # it is one of the next binding
        return self._proxies[-1][name]


def _refusal(operation: str, fault: Any) -> ProtocolError | CredentialsError:
    codes = " ".join(str(code) for code in (fault.subcodes or ()))
    if any(word in codes for word in ("NotAuthorized", "FailedAuthentication")):
        return CredentialsError("the camera refuses this name and password")
    return ProtocolError(f"{operation}: {fault.message or codes or 'refused'}")
