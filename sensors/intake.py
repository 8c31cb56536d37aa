"""From deliveries to the sink: read, gather, hand over, and acknowledge only what was committed."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from domain.clock import Clock
from domain.errors import StorageError
from domain.event import FieldReport, Quarantined
from domain.news import News, Notice
from domain.text import Text
from sensors.connection import Delivery
from sensors.incoming import Parsed, kept
from sensors.parsing import Parser
from sensors.sink import Committed, Sink
from sensors.topics import is_emergency

_log = logging.getLogger(__name__)

GATHER_AT_MOST = 500
IDLE_S = 0.01  # nothing new for so long: hand over what there is, the broker may be waiting for acknowledgements
RETRY_S = 1.0

Settled = Callable[[Delivery, tuple[FieldReport, ...]], None]


class _Entry:
    """One delivery (None: a report of our own) and what it came to; settled when all of that is committed."""

    def __init__(self, delivery: Delivery | None, parsed: Parsed, settled: Settled) -> None:
        self.delivery = delivery
        self.parsed = parsed
        self._settled = settled
        self._missing = bool(parsed.reports) + bool(parsed.readings) + len(parsed.quarantined)
        self._lock = threading.Lock()
        if not self._missing:
            self._settle()

    def part_committed(self) -> None:
        """Note that the reports, the readings or one item in quarantine are safe; from any thread."""
        with self._lock:
            self._missing -= 1
            complete = self._missing == 0
        if complete:
            self._settle()

    def _settle(self) -> None:
        if self.delivery is not None:
            self._settled(self.delivery, self.parsed.reports)


@dataclass(slots=True)
class _Batch:
    """What is handed over together."""

    entries: list[_Entry] = field(default_factory=list)
    size: int = 0

    def add(self, entry: _Entry) -> None:
        """Put one more in."""
        self.entries.append(entry)
        parsed = entry.parsed
        self.size += len(parsed.reports) + len(parsed.readings) + len(parsed.quarantined)


class Intake:
    """One thread that brings deliveries to the sink in the order they came.

    `settled` is called, from whatever thread the sink commits in, once everything a delivery came to is safe.
    Up to 500 items, or what comes within `gather_s`, go over together.
    """

    def __init__(
        self,
        name: str,
        parser: Parser,
        sink: Sink,
        settled: Settled,
        report: Callable[[News], None],
        clock: Clock,
        gather_s: float,
    ) -> None:
        self._parser = parser
        self._sink = sink
        self._settled = settled
        self._report = report
        self._clock = clock
        self._gather_s = gather_s
        self._waiting: deque[Delivery | FieldReport] = deque()
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to hand over."""
        self._thread.start()

    def close(self) -> None:
        """End after what is being handed over; the rest was not acknowledged and comes again."""
        self._closing.set()
        with self._changed:
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def put(self, item: Delivery | FieldReport) -> None:
        """Take a delivery, or a report of our own that nobody waits for; returns at once."""
        with self._changed:
            self._waiting.append(item)
            self._changed.notify()

    def forget_before(self, connection_no: int) -> None:
        """Drop what earlier connections brought and was not handed over: the broker sends it again."""
        with self._changed:
            kept_back = [
                item for item in self._waiting if isinstance(item, FieldReport) or item.connection_no >= connection_no
            ]
            self._waiting = deque(kept_back)

    def _run(self) -> None:
        while not self._closing.is_set():
            batch = self._gathered()
            try:
                self._hand_over(batch)
            except Exception:  # noqa: BLE001 - outermost loop of the thread: one bad message must not stop the field
                _log.exception("a batch of %d could not be handed over", batch.size)
                self._salvage(batch)

    def _gathered(self) -> _Batch:
        """Wait for something, then take what comes within the time and size for one batch."""
        batch = _Batch()
        began: float | None = None
        while batch.size < GATHER_AT_MOST and not self._closing.is_set():
            item = self._next(began)
            if item is None:
                break
            began = self._now() if began is None else began
            if isinstance(item, FieldReport):
                batch.add(_Entry(None, Parsed(reports=(item,)), self._settled))
            else:
                batch.add(_Entry(item, self._parser.parse(item.incoming), self._settled))
        return batch

    def _next(self, began: float | None) -> Delivery | FieldReport | None:
        with self._changed:
            if began is None:
                self._changed.wait_for(lambda: self._waiting or self._closing.is_set())
            elif not self._waiting:
                left_s = self._gather_s - (self._now() - began)
                self._changed.wait_for(lambda: self._waiting or self._closing.is_set(), min(IDLE_S, max(0.0, left_s)))
            return self._waiting.popleft() if self._waiting else None

    def _hand_over(self, batch: _Batch) -> None:
        with_reports = [entry for entry in batch.entries if entry.parsed.reports]
        with_readings = [entry for entry in batch.entries if entry.parsed.readings]
        if with_reports:
            reports = tuple(report for entry in with_reports for report in entry.parsed.reports)
            self._until_stored(lambda: self._sink.take_reports(reports, _once(with_reports)))
        if with_readings:
            readings = tuple(reading for entry in with_readings for reading in entry.parsed.readings)
            self._until_stored(lambda: self._sink.take_readings(readings, _once(with_readings)))
        for entry in batch.entries:
            for item in entry.parsed.quarantined:
                self._quarantine(item, entry)

    def _quarantine(self, item: Quarantined, entry: _Entry) -> None:
        self._until_stored(lambda: self._sink.quarantine(item, _once([entry])))

    def _until_stored(self, hand_over: Callable[[], None]) -> None:
        """Hand over, again and again while the store is in trouble; nothing is acknowledged meanwhile."""
        told = False
        while not self._closing.is_set():
            try:
                hand_over()
            except StorageError as error:
                if not told:
                    self._report(Notice(Text("field_not_stored", {"why": str(error)}), severe=True))
                    told = True
                self._closing.wait(RETRY_S)
                continue
            return

    def _salvage(self, batch: _Batch) -> None:
        """Hand over one by one, and put into quarantine what fails alone."""
        for entry in batch.entries:
            alone = _Batch()
            alone.add(_Entry(entry.delivery, entry.parsed, self._settled))
            try:
                self._hand_over(alone)
            except Exception as error:  # noqa: BLE001 - as in _run
                _log.exception("a message could not be handed over")
                self._give_up(entry.delivery, error)

    def _give_up(self, delivery: Delivery | None, error: Exception) -> None:
        if delivery is None:
            return
        incoming = delivery.incoming
        self._report(Notice(Text("field_refused", {"topic": incoming.topic}), severe=True))
        item = kept(incoming, f"could not be stored: {type(error).__name__}")
        # A call for help is never acknowledged unstored: its sender repeats it, and the broker keeps it.
        owed = None if is_emergency(incoming.topic) else delivery
        try:
            self._quarantine(item, _Entry(owed, Parsed(quarantined=(item,)), self._settled))
        except Exception:  # noqa: BLE001 - as in _run; unacknowledged, it comes again with the next connection
            _log.exception("a message could not be put into quarantine")

    def _now(self) -> float:
        return self._clock.monotonic() / self._clock.speed


def _once(entries: Sequence[_Entry]) -> Committed:
    """Return the callback that notes one commit for each of these; only its first call counts."""
    lock = threading.Lock()

    def committed() -> None:
        if lock.acquire(blocking=False):
            for entry in entries:
                entry.part_committed()

    return committed
