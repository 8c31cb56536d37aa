"""SOAP as far as it must work without any library: signing, stopping, reading a refusal.

The watchdog's process uses nothing else to speak to cameras, so this module imports the standard library alone.
"""

import base64
import hashlib
import re
import secrets
from datetime import datetime
from xml.sax.saxutils import escape

from domain.camera import Credentials
from domain.errors import CredentialsError, ProtocolError
from ptz.wire import Answer

_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
_PTZ = "http://www.onvif.org/ver20/ptz/wsdl"
_SOAP_1_1 = b"http://schemas.xmlsoap.org/soap/envelope/"
_SOAP_1_2 = b"http://www.w3.org/2003/05/soap-envelope"
_BOM = b"\xef\xbb\xbf"

# Prefixes that cameras use without declaring them (seen: `ptz:`, `tptz:`), by the names of the ONVIF documents.
_NAMESPACES = {
    b"tptz": b"http://www.onvif.org/ver20/ptz/wsdl",
    b"ptz": b"http://www.onvif.org/ver20/ptz/wsdl",
    b"tt": b"http://www.onvif.org/ver10/schema",
    b"ter": b"http://www.onvif.org/ver10/error",
    b"tds": b"http://www.onvif.org/ver10/device/wsdl",
    b"trt": b"http://www.onvif.org/ver10/media/wsdl",
    b"tr2": b"http://www.onvif.org/ver20/media/wsdl",
    b"timg": b"http://www.onvif.org/ver20/imaging/wsdl",
    b"tev": b"http://www.onvif.org/ver10/events/wsdl",
    b"wsa": b"http://www.w3.org/2005/08/addressing",
    b"wsa5": b"http://www.w3.org/2005/08/addressing",
    b"wsnt": b"http://docs.oasis-open.org/wsn/b-2",
    b"xsi": b"http://www.w3.org/2001/XMLSchema-instance",
}
_USED = re.compile(rb"[<>/\s]([A-Za-z_][\w.-]*):[A-Za-z_]")
_DECLARED = re.compile(rb"xmlns:([\w.-]+)\s*=")
_ROOT = re.compile(rb"<(?:[\w.-]+:)?Envelope\b")
_REFUSALS = (b"NotAuthorized", b"FailedAuthentication", b"InvalidSecurity", b"SenderNotAuthorized")
_ENVELOPE = re.compile(rb"<([\w.-]+:|)Envelope\b[^>]*>")
_HEADER = re.compile(rb"<([\w.-]+:|)Header\b[^>]*?(/?)>")
_BODY = re.compile(rb"<(?:[\w.-]+:)?Body\b")


def security_header(credentials: Credentials, at: datetime) -> str:
    """Return the WS-Security element with a password digest made at this moment of the camera's clock."""
    nonce = secrets.token_bytes(16)
    created = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    # SHA-1 is what WS-UsernameToken profile 1.1 and so every ONVIF camera asks for.
    digest = hashlib.sha1(nonce + created.encode() + credentials.password.encode(), usedforsecurity=False).digest()
    return (
        f'<wsse:Security xmlns:wsse="{_WSS}wssecurity-secext-1.0.xsd" xmlns:wsu="{_WSS}wssecurity-utility-1.0.xsd">'
        f"<wsse:UsernameToken><wsse:Username>{escape(credentials.user)}</wsse:Username>"
        f'<wsse:Password Type="{_WSS}username-token-profile-1.0#PasswordDigest">{_text(digest)}</wsse:Password>'
        f'<wsse:Nonce EncodingType="{_WSS}soap-message-security-1.0#Base64Binary">{_text(nonce)}</wsse:Nonce>'
        f"<wsu:Created>{created}</wsu:Created></wsse:UsernameToken></wsse:Security>"
    )


def with_header(envelope: bytes, element: str) -> bytes:
    """Return a message of ours with an element put first into its header; ProtocolError where it is no SOAP message."""
    if not element:
        return envelope
    body = _BODY.search(envelope)
    header = _HEADER.search(envelope, 0, body.start() if body else len(envelope))
    if header is not None:
        prefix, empty = header.groups()
        put = header.group() if not empty else b"<%bHeader>" % prefix
        put += element.encode() + (b"</%bHeader>" % prefix if empty else b"")
        return envelope[: header.start()] + put + envelope[header.end() :]
    root = _ENVELOPE.search(envelope)
    if root is None:
        raise ProtocolError("what was to be signed is no SOAP message")
    prefix = root.group(1)
    put = b"<%bHeader>%b</%bHeader>" % (prefix, element.encode(), prefix)
    return envelope[: root.end()] + put + envelope[root.end() :]


def stop_envelope(profile: str, credentials: Credentials | None, at: datetime) -> bytes:
    """Return a signed Stop of all axes. Both flags are said: one camera ignores Stop without them.

    Without credentials it is unsigned, for who signs it later.
    """
    header = security_header(credentials, at) if credentials else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">'
        f"<s:Header>{header}</s:Header>"
        f'<s:Body><p:Stop xmlns:p="{_PTZ}"><p:ProfileToken>{escape(profile)}</p:ProfileToken>'
        "<p:PanTilt>true</p:PanTilt><p:Zoom>true</p:Zoom></p:Stop></s:Body></s:Envelope>"
    ).encode()


def check_stopped(answer: Answer) -> None:
    """Return if the camera accepted a Stop; else raise CredentialsError or ProtocolError."""
    check_admitted(answer)
    if answer.status != 200 or b"StopResponse" not in answer.content:
        raise ProtocolError(f"the camera refused to stop (HTTP {answer.status})")


def refused(answer: Answer) -> bool:
    """Whether the answer refuses our name and password, or asks for them."""
    if answer.status in {401, 403}:
        return True
    return b"Fault" in answer.content and any(word in answer.content for word in _REFUSALS)


def check_admitted(answer: Answer) -> None:
    """Raise CredentialsError where the answer refuses our name and password."""
    if refused(answer):
        raise CredentialsError("the camera refuses this name and password")


def repaired(content: bytes) -> bytes:
    """Return the answer as SOAP 1.2 with the well-known prefixes declared that it uses without declaring them.

    ProtocolError where it brings a document type: no SOAP message has one, and entities hide in it.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ProtocolError("the camera answers with a document type declaration")
    content = content.removeprefix(_BOM).lstrip()
    if _SOAP_1_1 in content and _SOAP_1_2 not in content:
        content = content.replace(_SOAP_1_1, _SOAP_1_2)  # the version before; what is inside is the same
    missing = set(_USED.findall(content)) - set(_DECLARED.findall(content))
    declarations = b"".join(
        b' xmlns:%s="%s"' % (prefix, _NAMESPACES[prefix]) for prefix in sorted(missing & _NAMESPACES.keys())
    )
    if not declarations:
        return content
    return _ROOT.sub(lambda root: root.group() + declarations, content, count=1)


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
