"""SOAP 1.2 as ONVIF cameras speak it: envelopes, WS-UsernameToken digests, faults."""

import base64
import binascii
import hashlib
import hmac
import html
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lxml import etree

from domain.errors import CredentialsError, ProtocolError

SOAP = "http://www.w3.org/2003/05/soap-envelope"
DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
PTZ = "http://www.onvif.org/ver20/ptz/wsdl"
MEDIA2 = "http://www.onvif.org/ver20/media/wsdl"
IMAGING = "http://www.onvif.org/ver20/imaging/wsdl"
EVENTS = "http://www.onvif.org/ver10/events/wsdl"
NOTIFICATION = "http://docs.oasis-open.org/wsn/b-2"
TOPICS = "http://docs.oasis-open.org/wsn/t-1"
ADDRESSING = "http://www.w3.org/2005/08/addressing"
SCHEMA = "http://www.onvif.org/ver10/schema"
_ERRORS = "http://www.onvif.org/ver10/error"
_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
_SECURITY = f"{_WSS}wssecurity-secext-1.0.xsd"
_UTILITY = f"{_WSS}wssecurity-utility-1.0.xsd"
_DIGEST = f"{_WSS}username-token-profile-1.0#PasswordDigest"
_OPENING = (
    f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{SOAP}" xmlns:tt="{SCHEMA}" xmlns:tds="{DEVICE}" '
    f'xmlns:trt="{MEDIA}" xmlns:tr2="{MEDIA2}" xmlns:tptz="{PTZ}" xmlns:timg="{IMAGING}" xmlns:tev="{EVENTS}" '
    f'xmlns:wsnt="{NOTIFICATION}" xmlns:wstop="{TOPICS}" xmlns:wsa="{ADDRESSING}" '
    f'xmlns:tns1="http://www.onvif.org/ver10/topics" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xmlns:ter="{_ERRORS}"><s:Body>'
)
_CLOSING = "</s:Body></s:Envelope>"

CONTENT_TYPE = "application/soap+xml; charset=utf-8"
TOKEN_LIVES = timedelta(minutes=5)  # how far a token's time may be from ours (OASIS UsernameToken Profile 1.1)


class SoapFaultError(Exception):
    """A camera refuses: codes from the ONVIF Core Specification, without their prefix."""

    def __init__(self, *codes: str, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.codes = codes
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class Operation:
    """What is asked: the namespace and name of the body's element, the element, and the path it was sent to."""

    service: str
    name: str
    element: etree._Element
    path: str = ""

    def text(self, path: str, default: str = "") -> str:
        """Return the text at a path of local names, such as "Velocity/PanTilt"."""
        found = self.find(path)
        return default if found is None else (found.text or "").strip()

    def find(self, path: str) -> etree._Element | None:
        """Return the element at a path of local names."""
        return self.element.find("/".join(f"{{*}}{step}" for step in path.split("/")))

    def numbers(self, path: str, *names: str) -> tuple[float, ...] | None:
        """Return attributes of the element at a path as numbers, None where there is none.

        SoapFaultError where they are no numbers.
        """
        found = self.find(path)
        if found is None:
            return None
        try:
            values = tuple(float(found.get(name, "0")) for name in names)
        except ValueError:
            raise SoapFaultError("InvalidArgVal", "InvalidVelocity", reason=f"{path} has no numbers") from None
        if not all(-1e6 < value < 1e6 for value in values):
            raise SoapFaultError("InvalidArgVal", "InvalidPosition", reason=f"{path} is out of range")
        return values


@dataclass(frozen=True, slots=True)
class Token:
    """A WS-UsernameToken."""

    user: str
    password_type: str
    password: str
    nonce: str
    created: str


@dataclass(frozen=True, slots=True)
class Message:
    """One request."""

    operation: Operation
    token: Token | None

    @classmethod
    def parse(cls, body: bytes, path: str = "") -> "Message":
        """Read an envelope; ProtocolError where it is none, or has a document type (and so might have entities)."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(body, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise ProtocolError(f"no XML: {error}") from error
        if str(getattr(root.getroottree().docinfo, "doctype", "")):
            raise ProtocolError("a SOAP message has no document type")
        first = next((child for child in root.iterfind("{*}Body/*") if isinstance(child.tag, str)), None)
        if first is None:
            raise ProtocolError("the envelope has no body")
        name = etree.QName(first)
        return cls(Operation(name.namespace or "", name.localname, first, path), _token(root))


def _token(root: etree._Element) -> Token | None:
    found = root.find(f"{{*}}Header/{{{_SECURITY}}}Security/{{{_SECURITY}}}UsernameToken")
    if found is None:
        return None
    password = found.find(f"{{{_SECURITY}}}Password")
    return Token(
        user=(found.findtext(f"{{{_SECURITY}}}Username") or "").strip(),
        password_type=(password.get("Type") or "") if password is not None else "",
        password=(password.text or "").strip() if password is not None else "",
        nonce=(found.findtext(f"{{{_SECURITY}}}Nonce") or "").strip(),
        created=(found.findtext(f"{{{_UTILITY}}}Created") or "").strip(),
    )


def check(token: Token | None, user: str, password: str, now: datetime) -> None:
    """Raise CredentialsError unless this token proves the name and password, and is fresh."""
    if token is None:
        raise CredentialsError("no user name token")
    if token.password_type != _DIGEST:
        raise CredentialsError("only password digests are taken")
    try:
        nonce = base64.b64decode(token.nonce, validate=True)
        created = datetime.fromisoformat(token.created)
    except (binascii.Error, ValueError):
        raise CredentialsError("the token's nonce or time can't be read") from None
    if abs(now - (created if created.tzinfo else created.replace(tzinfo=UTC))) > TOKEN_LIVES:
        raise CredentialsError("the token is too old or too new")
    digest = hashlib.sha1(nonce + token.created.encode() + password.encode(), usedforsecurity=False).digest()
    proven = hmac.compare_digest(base64.b64encode(digest), token.password.encode())
    if not (proven and hmac.compare_digest(token.user.encode(), user.encode())):
        raise CredentialsError("wrong name or password")


def said(body: str) -> bytes:
    """Return an envelope around an answer's element."""
    return (_OPENING + body + _CLOSING).encode()


def fault(error: SoapFaultError) -> bytes:
    """Return the envelope of a fault."""
    subcodes = ""
    for code in reversed(error.codes):
        subcodes = f"<s:Subcode><s:Value>ter:{code}</s:Value>{subcodes}</s:Subcode>"
    side = "Sender" if error.status == 400 else "Receiver"
    reason = f'<s:Reason><s:Text xml:lang="en">{html.escape(error.reason)}</s:Text></s:Reason>'
    return said(f"<s:Fault><s:Code><s:Value>s:{side}</s:Value>{subcodes}</s:Code>{reason}</s:Fault>")
