"""What can go wrong in the field: one entry of FIELD_FAULTS per fault.

A fault is begun at a source ("station/1", "sensor/2", "walker/2", "bell/1", "unit/1", "partner/1") or at the broker,
and returns what ends it. To add one, write a bend or a begin function and enter it below.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.errors import BadInputError
from simulation.broker import Broker
from simulation.field import Bend, FieldNetwork

BROKER = "broker"

End = Callable[[], None]


@dataclass(frozen=True, slots=True)
class FaultSite:
    """Where a fault is begun."""

    source: str
    network: FieldNetwork
    broker: Broker


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One fault: what it looks like from the room, whether it strikes the broker, and how it begins."""

    what: str
    begin: Callable[[FaultSite], End]
    at_broker: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Occurrence:
    """A fault that is going on at a target, and what ends it."""

    target: str
    name: str
    end: End


def _bending(make: Callable[[], Bend]) -> Callable[[FaultSite], End]:
    """Return how a fault begins that changes what a source sends; each gets a bend of its own."""

    def begin(site: FaultSite) -> End:
        site.network.bend(site.source, make())
        return lambda: site.network.bend(site.source, None)

    return begin


def _cut_short(payload: bytes) -> Sequence[bytes]:
    return [payload[: len(payload) // 2]]


def _nothing(_: bytes) -> Sequence[bytes]:
    return []


def _twice(payload: bytes) -> Sequence[bytes]:
    return [payload, payload]


def _not_finite(payload: bytes) -> Sequence[bytes]:
    return [_with_values(payload, "NaN")]


def _impossible(payload: bytes) -> Sequence[bytes]:
    return [_with_values(payload, "99999")]


def _with_values(payload: bytes, value: str) -> bytes:
    mark = '"\\u0000"'  # stands where the value goes, which JSON itself could not write
    said = json.loads(payload)
    for reading in said if isinstance(said, list) else [said]:
        for name in ("value", "lat", "lon"):
            if name in reading:
                reading[name] = "\0"
    return json.dumps(said, separators=(",", ":")).replace(mark, value).encode()


def _stuck() -> Bend:
    """Repeat the first message's values for ever, with ids and times going on."""
    first: list[dict[str, object]] = []

    def bend(payload: bytes) -> Sequence[bytes]:
        said = json.loads(payload)
        readings = said if isinstance(said, list) else [said]
        if not first:
            first.extend(dict(reading) for reading in readings)
        for now, then in zip(readings, first, strict=False):
            now.update({name: then[name] for name in ("value", "lat", "lon") if name in then})
        return [json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()]

    return bend


def _down(site: FaultSite) -> End:
    site.broker.stop()
    return site.broker.start


FIELD_FAULTS: dict[str, FieldFault] = {
    "bad_json": FieldFault("messages end in the middle", _bending(lambda: _cut_short)),
    "dead": FieldFault("nothing comes any more", _bending(lambda: _nothing)),
    "duplicate": FieldFault("every message comes twice", _bending(lambda: _twice)),
    "stuck": FieldFault("values stand still while times go on", _bending(_stuck)),
    "not_finite": FieldFault("numbers are NaN", _bending(lambda: _not_finite)),
    "impossible": FieldFault("numbers are beyond what can be", _bending(lambda: _impossible)),
    "down": FieldFault("the broker is gone until cleared", _down, at_broker=True),
}


class FieldFaults:
    """The faults that are going on, one at each target."""

    def __init__(self, sources: Callable[[], Sequence[str]], network: FieldNetwork, broker: Broker) -> None:
        self._sources = sources
        self._network = network
        self._broker = broker
        self._going_on: dict[str, Occurrence] = {}

    def begin(self, target: str, name: str) -> Occurrence:
        """Begin a fault in the place of any other there; BadInputError, changing nothing, where it can't be."""
        fault = FIELD_FAULTS.get(name)
        if fault is None:
            raise BadInputError(f"no fault {name!r}; known are {', '.join(sorted(FIELD_FAULTS))}")
        if target != BROKER and target not in self._sources():
            raise BadInputError(f"no target {target!r}; known are {', '.join((BROKER, *self._sources()))}")
        if fault.at_broker is not (target == BROKER):
            raise BadInputError(f"fault {name!r} does not happen to {target}")
        self.clear(target)
        occurrence = Occurrence(target, name, fault.begin(FaultSite(target, self._network, self._broker)))
        self._going_on[target] = occurrence
        return occurrence

    def clear(self, target: str) -> None:
        """End the fault at a target, if there is one."""
        found = self._going_on.pop(target, None)
        if found is not None:
            found.end()

    def expire(self, occurrence: Occurrence) -> None:
        """End this fault unless it was cleared, or another took its place."""
        if self._going_on.get(occurrence.target) is occurrence:
            self.clear(occurrence.target)

    def state(self) -> dict[str, str]:
        """Return the name of the fault at each target that has one."""
        return {target: occurrence.name for target, occurrence in self._going_on.items()}
