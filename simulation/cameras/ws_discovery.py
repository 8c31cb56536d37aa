"""WS-Discovery (2005/04) as ONVIF devices speak it: they answer Probes that come by multicast or to the address."""

import asyncio
import html
import os
import random
import socket
import uuid
from collections.abc import Mapping
from contextlib import suppress

from lxml import etree

from simulation.cameras.config import Discovery
from simulation.cameras.onvif import PtzCamera
from simulation.cameras.onvif_device import scopes_of
from simulation.cameras.onvif_lies import FOREIGN

GROUP = "239.255.255.250"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
_DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
_TYPES = {"NetworkVideoTransmitter", "Device"}
_LARGEST_PROBE = 32 * 1024
_LONGEST_DELAY_S = 0.4  # below the 500 ms of the specification (APP_MAX_DELAY)
_DELAY_PER_DEVICE_S = 0.001


class Announcer:
    """Answers for every device, each in a datagram of its own."""

    def __init__(self, where: Discovery, cameras: Mapping[int, PtzCamera]) -> None:
        self._where = where
        self._cameras = cameras
        self._transports: list[asyncio.DatagramTransport] = []
        self._pending: set[asyncio.TimerHandle] = set()
        self._port = 0

    @property
    def port(self) -> int:
        """Return the port on which Probes are taken."""
        return self._port

    async def start(self) -> None:
        """Begin to listen on the interface's address, and to the group where that is wished."""
        await self._listen(_bound(self._where.address, self._where.port))
        self._port = int(self._transports[0].get_extra_info("sockname")[1])
        if self._where.multicast:
            membership = socket.inet_aton(GROUP) + socket.inet_aton(self._where.address)
            group = _bound(GROUP, self._port)
            group.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
            await self._listen(group)

    def close(self) -> None:
        """Answer no more."""
        for handle in self._pending:
            handle.cancel()
        for transport in self._transports:
            transport.close()

    def heard(self, datagram: bytes, sender: tuple[str, int]) -> None:
        """Answer a Probe; anything else is passed over."""
        probe = _probe_of(datagram)
        if probe is None:
            return
        message_id, types, scopes = probe
        longest = min(_LONGEST_DELAY_S, _DELAY_PER_DEVICE_S * len(self._cameras))
        for camera in self._cameras.values():
            fault = camera.unit.fault()
            if _matches(camera, types, scopes) and not (fault.closes or fault.silent):
                self._answer_later(random.random() * longest, camera, message_id, sender)

    async def _listen(self, bound: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Ear(self), sock=bound)
        self._transports.append(transport)

    def _answer_later(self, delay_s: float, camera: PtzCamera, message_id: str, sender: tuple[str, int]) -> None:
        def answer() -> None:
            self._pending.discard(handle)
            self._answer(camera, message_id, sender)

        handle = asyncio.get_running_loop().call_later(delay_s, answer)
        self._pending.add(handle)

    def _answer(self, camera: PtzCamera, message_id: str, sender: tuple[str, int]) -> None:
        """Send what a device answers, from the socket of the interface's own address."""
        unit, transport = camera.unit, self._transports[0]
        wrong, at = unit.fault().onvif, unit.address.of("device")
        if wrong.discovery_nonsense:
            unit.fired["discovery_nonsense"] += 1
            for rubbish in _rubbish(message_id):
                transport.sendto(rubbish, sender)
        if wrong.discovery_lies:
            unit.fired["discovery_lies"] += 1
            at = f"http://{FOREIGN}/onvif/device_service"
        transport.sendto(_match_xml(camera, message_id, at), sender)


class _Ear(asyncio.DatagramProtocol):
    """Hands on what it hears."""

    def __init__(self, announcer: Announcer) -> None:
        self._announcer = announcer

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._announcer.heard(data, addr)


def _bound(address: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        bound.setblocking(False)  # noqa: FBT003 - the socket's own signature
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound


def _probe_of(datagram: bytes) -> tuple[str, set[str], tuple[str, ...]] | None:
    """Return a Probe's message id, and the types (local names) and scopes that it wants; None where it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = None
    if len(datagram) <= _LARGEST_PROBE:
        with suppress(etree.XMLSyntaxError, ValueError):
            root = etree.fromstring(datagram, parser)
    probe = None if root is None else root.find(f"{{*}}Body/{{{_DISCOVERY}}}Probe")
    if root is None or probe is None:
        return None
    message_id = (root.findtext(f"{{*}}Header/{{{_ADDRESSING}}}MessageID") or "").strip()
    types = (probe.findtext(f"{{{_DISCOVERY}}}Types") or "").split()
    scopes = (probe.findtext(f"{{{_DISCOVERY}}}Scopes") or "").split()
    return message_id, {one.rpartition(":")[2] for one in types}, tuple(scopes)


def _matches(camera: PtzCamera, types: set[str], scopes: tuple[str, ...]) -> bool:
    """Return whether a device is of these types and has these scopes, each a beginning of one of its own (RFC 3986)."""
    own = scopes_of(camera.unit)
    return types <= _TYPES and all(
        any(one == scope or one.startswith(f"{scope.rstrip('/')}/") for one in own) for scope in scopes
    )


def _match_xml(camera: PtzCamera, message_id: str, at: str) -> bytes:
    address = uuid.uuid5(uuid.NAMESPACE_URL, camera.unit.identity.serial)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{_SOAP}" xmlns:a="{_ADDRESSING}" '
        f'xmlns:d="{_DISCOVERY}" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" '
        'xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><s:Header>'
        f"<a:MessageID>urn:uuid:{uuid.uuid4()}</a:MessageID><a:RelatesTo>{html.escape(message_id)}</a:RelatesTo>"
        f"<a:To>{_ADDRESSING}/role/anonymous</a:To><a:Action>{_DISCOVERY}/ProbeMatches</a:Action></s:Header>"
        "<s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference>"
        f"<a:Address>urn:uuid:{address}</a:Address></a:EndpointReference>"
        "<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types>"
        f"<d:Scopes>{' '.join(scopes_of(camera.unit))}</d:Scopes><d:XAddrs>{at}</d:XAddrs>"
        "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
    ).encode()


def _rubbish(message_id: str) -> tuple[bytes, ...]:
    """Return datagrams that are no answers: a zero, noise, half an envelope, entities, an answer without addresses."""
    half = f'<?xml version="1.0"?><s:Envelope xmlns:s="{_SOAP}"><s:Header>{message_id}'
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    bare = (
        f'<s:Envelope xmlns:s="{_SOAP}"><s:Body><d:ProbeMatches xmlns:d="{_DISCOVERY}"><d:ProbeMatch/>'
        "</d:ProbeMatches></s:Body></s:Envelope>"
    )
    return b"\0", os.urandom(300), half.encode(), bomb.encode(), bare.encode()
