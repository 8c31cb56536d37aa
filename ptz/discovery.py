"""Looking for cameras that nobody registered yet: WS-Discovery 1.1 as ONVIF uses it.

Asks by multicast on the interfaces that a person chose, and single addresses. Never connects and never signs in: what
answers is a proposal, and may be anybody.
"""

import ipaddress
import select
import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import uuid4

from domain.clock import Clock
from domain.errors import BadInputError, ProtocolError
from ptz.probe_match import Found, found_in, probe

PORT = 3702
GROUP = "239.255.255.250"
MAX_ANSWER = 65_536  # bytes; more is no datagram
MOST_ADDRESSES = 1024
_ROUNDS_AT_S = (0.0, 0.4)  # datagrams get lost: all is asked twice
_MOST_ANSWERS = 20_000  # of one search, whoever sends them
_KINDS = ("dn:NetworkVideoTransmitter", "tds:Device")  # old cameras know the first name only, some new ones the other

Target = tuple[str, int]


def discover(
    interfaces: Sequence[str], timeout_s: float, unicast: Sequence[str] = (), *, clock: Clock
) -> tuple[Found, ...]:
    """Return the cameras that answer within the time, by address; takes as long.

    `interfaces` are IPv4 addresses of this workstation. `unicast` are addresses to ask by themselves, with a port where
    it is another than 3702 (`10.0.0.7`, `10.0.0.7:3703`), or subnets of 1,024 addresses at most (`10.0.0.0/24`).
    BadInputError where an interface is not ours, an address is none, or there is nothing to ask.
    """
    targets = tuple(target for one in unicast for target in _targets(one))
    if not interfaces and not targets:
        raise BadInputError("no interface and no address to look for cameras was given")
    if len(targets) > MOST_ADDRESSES:
        raise BadInputError(f"{len(targets)} addresses are too many to ask; {MOST_ADDRESSES} at most")
    search = _Search(clock)
    try:
        for interface in dict.fromkeys(interfaces):
            search.add(_multicaster(interface), ((GROUP, PORT),))
        if targets:
            search.add(_socket(""), targets)
        search.run(timeout_s)
    finally:
        search.close()
    return search.found()


class _Search:
    """One search: what is asked through which socket, and who answered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: dict[socket.socket, tuple[Target, ...]] = {}
        self._ids: set[str] = set()
        self._found: dict[str, Found] = {}
        self._answers = 0

    def add(self, way: socket.socket, targets: tuple[Target, ...]) -> None:
        """Ask these through this socket, which is closed with the search."""
        self._asked[way] = targets

    def run(self, timeout_s: float) -> None:
        """Ask, ask again, and listen until the time is over."""
        began = self._clock.monotonic()
        for at, next_at in zip(_ROUNDS_AT_S, (*_ROUNDS_AT_S[1:], timeout_s), strict=True):
            if at < timeout_s:
                self._ask(began + timeout_s)
                self._listen(began + min(next_at, timeout_s))

    def found(self) -> tuple[Found, ...]:
        """Return who answered, by address."""
        return tuple(sorted(self._found.values(), key=lambda one: (ipaddress.ip_address(one.sender), one.endpoint)))

    def close(self) -> None:
        """Close all sockets."""
        for way in self._asked:
            way.close()

    def _ask(self, until: float) -> None:
        for way, targets in self._asked.items():
            for target in targets:
                for kind in _KINDS:
                    name = str(uuid4())
                    self._ids.add(name)
                    self._send(way, probe(name, kind), target)
                self._listen(min(self._clock.monotonic(), until))  # answers come while a subnet is still being asked

    def _send(self, way: socket.socket, message: bytes, target: Target) -> None:
        try:
            way.sendto(message, target)
        except OSError:
            return  # no way there, or the card is full: the second round asks again, and nobody is counted on

    def _listen(self, until: float) -> None:
        while self._answers < _MOST_ANSWERS:
            left = until - self._clock.monotonic()
            ready = select.select(list(self._asked), [], [], max(0.0, left))[0]
            for way in ready:
                self._take(way)
            if left <= 0:
                return  # what was there already has been read, once

    def _take(self, way: socket.socket) -> None:
        try:
            content, (sender, *_) = way.recvfrom(MAX_ANSWER + 1)
        except OSError:
            return  # an answer with a wrong checksum, or a refusal of a datagram that we sent
        self._answers += 1
        if len(content) > MAX_ANSWER:
            return
        try:
            matches = found_in(content, sender, self._ids)
        except ProtocolError:
            return  # anybody may send anything here
        for match in matches:
            self._keep(match)

    def _keep(self, match: Found) -> None:
        known = self._found.get(match.endpoint)
        if known is None:
            self._found[match.endpoint] = match
        elif match.sender != known.sender and match.sender not in known.also_from:
            self._found[match.endpoint] = replace(known, also_from=(*known.also_from, match.sender))


def _targets(told: str) -> Iterator[Target]:
    try:
        if "/" in told:
            yield from ((str(host), PORT) for host in _hosts(told))
            return
        host, _, port = told.partition(":")
        yield str(ipaddress.IPv4Address(host)), _port(port)
    except ValueError:
        raise BadInputError(f"not an IPv4 address or subnet: {told!r}") from None


def _port(told: str) -> int:
    port = int(told) if told else PORT
    if not 0 < port < 65536:
        raise ValueError("no port")
    return port


def _hosts(told: str) -> list[ipaddress.IPv4Address]:
    network = ipaddress.IPv4Network(told, strict=False)
    if network.num_addresses > MOST_ADDRESSES:
        raise BadInputError(f"{told} has {network.num_addresses} addresses; {MOST_ADDRESSES} at most can be asked")
    return list(network.hosts())


def _socket(address: str) -> socket.socket:
    way = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        way.settimeout(0)
        way.bind((address, 0))
    except OSError as error:
        way.close()
        raise BadInputError(f"{address} is no address of this workstation: {error}") from error
    return way


def _multicaster(interface: str) -> socket.socket:
    """Return a socket that asks through one interface, never past its first router."""
    try:
        own = ipaddress.IPv4Address(interface)
    except ValueError:
        raise BadInputError(f"not an IPv4 address of an interface: {interface!r}") from None
    way = _socket(interface)
    way.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own.packed)
    way.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    return way
