"""The messages of WS-Discovery: the question, and what a device answers, which may be anything from anybody."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from domain.errors import ProtocolError

_LONGEST = 256  # of a text that a device tells
_MOST = 16  # addresses and scopes of one device
_MOST_MATCHES = 16  # devices in one answer
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_USUAL_PATH = "/onvif/device_service"
_SCOPE = "onvif://www.onvif.org/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A device that answered. `sender` is where its answer came from.

    `address` is where to reach it: what it told, at the sender's host. `mismatch` says that it told other hosts only,
    as devices behind address translation and wrongly set up ones do; `told` is what it told. `also_from` are other
    hosts that answered for the same device.
    """

    endpoint: str
    sender: str
    address: str
    mismatch: bool = False
    told: tuple[str, ...] = ()
    name: str = ""
    hardware: str = ""
    location: str = ""
    also_from: tuple[str, ...] = ()


def probe(message_id: str, kind: str) -> bytes:
    """Return the question for devices of a kind; `message_id` is a UUID that answers have to name."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
        ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">'
        "<s:Header><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>"
        f"<a:MessageID>urn:uuid:{message_id}</a:MessageID>"
        "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>"
        f"<s:Body><d:Probe><d:Types>{kind}</d:Types></d:Probe></s:Body></s:Envelope>"
    ).encode()


def found_in(content: bytes, sender: str, asked: Set[str]) -> tuple[Found, ...]:
    """Return the devices that an answer tells of.

    ProtocolError where it is no XML, brings a document type, or answers none of the questions (by UUID) that were
    asked; some devices name no question at all, and are believed as much as any other.
    """
    root = _parsed(content)
    related = [_ID.search(_text(one)) for one in _all(root, "RelatesTo")]
    if related and not any(one and one.group().lower() in asked for one in related):
        raise ProtocolError("an answer to a question that we did not ask")
    matches = [one for one, _ in zip(_all(root, "ProbeMatch"), range(_MOST_MATCHES), strict=False)]
    return tuple(_found(match, sender) for match in matches)


def _parsed(content: bytes) -> Any:
    from lxml import etree  # noqa: PLC0415 - comes with zeep, off the start-up path

    # Some devices use prefixes that they do not declare: what can be read of it is.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as error:
        raise ProtocolError("the answer is no XML") from error
    if root is None:
        raise ProtocolError("the answer is no XML")
    if root.getroottree().docinfo.internalDTD is not None:
        raise ProtocolError("the answer brings a document type declaration")
    return root


def _found(match: Any, sender: str) -> Found:
    told = tuple(one for one in _words(match, "XAddrs") if _usable(one))
    address, mismatch = _reachable(told, sender)
    scopes = [unquote(one[len(_SCOPE) :]) for one in _words(match, "Scopes") if one.lower().startswith(_SCOPE)]
    endpoint = next((_clean(_text(one)) for one in _all(match, "Address")), "").lower()
    return Found(
        endpoint=endpoint or f"{sender} {address}",
        sender=sender,
        address=address,
        mismatch=mismatch,
        told=told,
        name=_scope(scopes, "name"),
        hardware=_scope(scopes, "hardware"),
        location=_scope(scopes, "location"),
    )


def _reachable(told: tuple[str, ...], sender: str) -> tuple[str, bool]:
    """Return the address at the sender's host, and whether the device told other hosts only."""
    for address in told:
        if urlsplit(address).hostname == sender:
            return address, False
    if not told:
        return f"http://{sender}{_USUAL_PATH}", False
    parts = urlsplit(told[0])
    host = sender if parts.port is None else f"{sender}:{parts.port}"
    return urlunsplit((parts.scheme, host, parts.path or _USUAL_PATH, parts.query, "")), True


def _usable(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
        )
    except ValueError:
        return False


def _scope(scopes: list[str], kind: str) -> str:
    values = (one.split("/", 1)[1] for one in scopes if one.lower().startswith(f"{kind}/"))
    return _clean(", ".join(dict.fromkeys(value.strip("/") for value in values)))


def _words(match: Any, name: str) -> list[str]:
    return [_clean(word) for one in _all(match, name) for word in _text(one).split()][:_MOST]


def _clean(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()[:_LONGEST]


def _text(element: Any) -> str:
    return str(element.text or "").strip()


def _all(root: Any, name: str) -> Iterator[Any]:
    """Yield the elements of this name, whatever their namespace, or the prefix that stands for none."""
    for element in root.iter():
        if isinstance(element.tag, str) and re.split("[}:]", element.tag)[-1] == name:
            yield element
