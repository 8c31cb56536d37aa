"""ONVIF's services through zeep: each WSDL parsed once for the whole process, our own transport under it.

zeep is imported when the first service is made (0.2 s of CPU, then 0.07 s a WSDL), never with this module.
onvif-zeep gives the WSDL files alone: importing its client configures logging for the whole program.
"""

import importlib.util
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from domain.camera import Credentials
from domain.errors import CredentialsError, ProtocolError
from ptz.soap import check_admitted, repaired, security_header
from ptz.wire import Line


class Service(Enum):
    """A WSDL file of ONVIF and its binding."""

    DEVICE = ("devicemgmt", "{http://www.onvif.org/ver10/device/wsdl}DeviceBinding")
    MEDIA = ("media", "{http://www.onvif.org/ver10/media/wsdl}MediaBinding")
    PTZ = ("ptz", "{http://www.onvif.org/ver20/ptz/wsdl}PTZBinding")


@dataclass(slots=True)
class Signature:
    """Signs each message at its own moment of the camera's clock; sends none unsigned once it has credentials."""

    credentials: Credentials | None
    now: Callable[[], datetime]

    def apply(self, envelope: Any, headers: Any) -> tuple[Any, Any]:
        """Put the WS-Security element into the envelope's header (zeep's interface)."""
        from lxml import etree  # noqa: PLC0415 - comes with zeep, off the start-up path

        if self.credentials is not None:
            namespace = etree.QName(envelope).namespace
            header = envelope.find(f"{{{namespace}}}Header")
            if header is None:
                header = etree.Element(f"{{{namespace}}}Header")
                envelope.insert(0, header)
            header.append(etree.fromstring(security_header(self.credentials, self.now())))
        return envelope, headers

    def verify(self, envelope: Any) -> None:
        """Accept any answer: cameras do not sign (zeep's interface)."""


@dataclass(slots=True)
class _Reply:
    """An answer in the form that zeep reads."""

    status_code: int
    content: bytes
    encoding: str = "utf-8"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/soap+xml"})


class _Disk:
    """Loads WSDL files; nothing is ever fetched from the network."""

    def load(self, url: str) -> bytes:
        return Path(url).read_bytes()


class SoapTransport(_Disk):
    """Carries zeep's messages over one Line, and remembers the last answer's date."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.date = ""
        self.repeatable = False

    def post_xml(self, address: str, envelope: Any, headers: Any) -> _Reply:
        """Send an envelope; refuse what is too large, hides entities or refuses our credentials."""
        from lxml import etree  # noqa: PLC0415 - comes with zeep, off the start-up path

        del headers  # SOAP 1.2 needs none of zeep's
        body = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
        self.date = ""
        answer = self.line.post(address, body, repeatable=self.repeatable)
        self.date = answer.date
        check_admitted(answer)
        return _Reply(answer.status, repaired(answer.content))


_documents: dict[Service, Any] = {}
_parsing = threading.Lock()


def _document(service: Service) -> Any:
    from zeep import Settings  # noqa: PLC0415 - 0.2 s, off the start-up path
    from zeep.wsdl import Document  # noqa: PLC0415 - with it

    with _parsing:
        if service not in _documents:
            found = importlib.util.find_spec("onvif")
            if found is None or found.origin is None:
                raise ProtocolError("onvif-zeep, whose WSDL files are needed, is not installed")
            path = Path(found.origin).parent.parent / "wsdl" / f"{service.value[0]}.wsdl"
            document: Any = Document
            _documents[service] = document(str(path), _Disk(), settings=Settings(strict=False))
        return _documents[service]


class Port:
    """One service of one camera at one address."""

    def __init__(self, service: Service, address: str, transport: SoapTransport, signature: Signature | None) -> None:
        from zeep import Client, Settings  # noqa: PLC0415 - 0.2 s, off the start-up path

        make: Any = Client
        client = make(_document(service), wsse=signature, transport=transport, settings=Settings(strict=False))
        self._transport = transport
        self._operations = client.create_service(service.value[1], address)

    def call(self, operation: str, *, repeatable: bool = True, **values: Any) -> Any:
        """Call an operation and return zeep's answer.

        Raises CredentialsError, ProtocolError (a fault, or an answer that can't be read) or UnreachableError.
        """
        from lxml import etree  # noqa: PLC0415 - comes with zeep, off the start-up path
        from zeep import exceptions  # noqa: PLC0415 - with it

        self._transport.repeatable = repeatable
        try:
            return self._operations[operation](**values)
        except exceptions.Fault as fault:
            raise _refusal(operation, fault) from fault
        except (exceptions.Error, etree.LxmlError) as error:
            raise ProtocolError(f"{operation}: the answer can't be read: {error}") from error
        except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
            # zeep lets these through where a value does not fit its schema (a date of 99:99, a missing attribute).
            raise ProtocolError(f"{operation}: the answer does not fit ONVIF: {error!r}") from error


def _refusal(operation: str, fault: Any) -> ProtocolError | CredentialsError:
    codes = " ".join(str(code) for code in (fault.subcodes or ()))
    if any(word in codes for word in ("NotAuthorized", "FailedAuthentication")):
        return CredentialsError("the camera refuses this name and password")
    return ProtocolError(f"{operation}: {fault.message or codes or 'refused'}")
