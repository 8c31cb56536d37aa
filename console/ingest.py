"""Takes what the field sends into the database, and tells the rest of the program what came of it."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from console.guardian_watch import WATCHED, GuardianWatch
from db.alarms import AlarmStore
from db.events import EventStore
from db.quarantine import QuarantineStore
from db.readings import ReadingStore
from domain.alarm import Alarm
from domain.errors import StorageError
from domain.event import Event, EventKind, FieldReport, Quarantined
from domain.news import AlarmChanged, EventTaken, News, Notice, ReadingsTaken
from domain.reading import Reading
from domain.text import Text

_log = logging.getLogger(__name__)

_MOST_AT_ONCE = 200  # reports of one transaction: enough that commits don't bound the rate
_RETRY_S = 1.0
_TICK_S = 1.0  # how often worries that follow from silence are looked for


@dataclass(frozen=True, slots=True)
class _Job:
    work: FieldReport | Sequence[Reading] | Quarantined
    committed: Callable[[], None]


class Ingest:
    """Commits what the field sent, in order, several at a time, on a thread of its own.

    Before the first of them it takes up the journeys home that were watched when the program last ended.
    `committed` is called after the commit, never before: only then may the message be acknowledged. What can't be
    committed (a full disk) is tried again every second and the operator is told; nothing is dropped.
    """

    def __init__(
        self,
        events: EventStore,
        alarms: AlarmStore,
        readings: ReadingStore,
        quarantine: QuarantineStore,
        report: Callable[[News], None],
        watch: GuardianWatch,
    ) -> None:
        self._events = events
        self._alarms = alarms
        self._readings = readings
        self._quarantine = quarantine
        self._report = report
        self._watch = watch
        self._jobs: queue.Queue[_Job | None] = queue.Queue(maxsize=20_000)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ingest")
        self._worries: list[FieldReport] = []  # noticed, not yet committed
        self._watch_broken = False
        self.readings_taken = 0

    def start(self) -> None:
        """Begin to commit."""
        self._thread.start()

    def close(self) -> None:
        """Commit what was handed over, then end."""
        if not self._closing.is_set() and self._thread.ident is not None:
            self._closing.set()
            self._jobs.put(None)
            self._thread.join()

    def take_reports(self, reports: Sequence[FieldReport], committed: Callable[[], None]) -> None:
        """Take event reports; `committed` follows once, after the last of them. Waits only when 20,000 are due."""
        for last, item in enumerate(reports, start=1):
            self._jobs.put(_Job(item, committed if last == len(reports) else _nothing))

    def offer(self, report: FieldReport) -> bool:
        """Take an event of our own without waiting; False where 20,000 are due already."""
        try:
            self._jobs.put_nowait(_Job(report, _nothing))
        except queue.Full:
            return False
        return True

    def take_readings(self, readings: Sequence[Reading], committed: Callable[[], None]) -> None:
        """Take readings."""
        self._jobs.put(_Job(tuple(readings), committed))

    def quarantine(self, item: Quarantined, committed: Callable[[], None]) -> None:
        """Keep a message that can't be taken, with the reason."""
        self._jobs.put(_Job(item, committed))

    def _run(self) -> None:
        self._take_up_journeys()
        while True:
            batch, more = self._batch()
            if batch:
                self._commit_until_done(batch)
            else:
                self._look_for_worries(())
            while self._worries:
                worries, self._worries = self._worries, []
                self._commit_until_done([_Job(worry, _nothing) for worry in worries])
            if not more:
                return

    def _batch(self) -> tuple[list[_Job], bool]:
        batch: list[_Job] = []
        try:
            job = self._jobs.get(timeout=_TICK_S)
        except queue.Empty:
            return batch, True
        while job is not None:
            batch.append(job)
            if len(batch) >= _MOST_AT_ONCE:
                return batch, True
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _commit_until_done(self, batch: list[_Job]) -> None:
        told = False
        while True:
            try:
                self._commit(batch)
            except StorageError as error:
                _log.warning("the field's messages can't be stored: %s", error)
                if not told:
                    self._report(Notice(Text("ingest_cannot_store", {"why": str(error)}), severe=True))
                    told = True
                if self._closing.wait(_RETRY_S):
                    return
            except Exception as error:  # noqa: BLE001 - the thread's outermost loop: what broke it is set aside
                batch = self._without_culprit(batch, error)
            else:
                return

    def _without_culprit(self, batch: list[_Job], error: Exception) -> list[_Job]:
        """Return what is to be committed in place of a batch that broke the program.

        Several are taken one by one. One alone goes into quarantine: a message must never keep those behind it
        waiting, nor be lost.
        """
        if len(batch) > 1:
            for job in batch:
                self._commit_until_done([job])
            return []
        _log.error("a message of the field broke the intake", exc_info=error)
        self._report(Notice(Text("quarantine_one", {"topic": "", "reason": repr(error)}), severe=True))
        return [_Job(item, job.committed) for job in batch if (item := _set_aside(job.work, repr(error))) is not None]

    def _commit(self, batch: list[_Job]) -> None:
        reports = [job.work for job in batch if isinstance(job.work, FieldReport)]
        if reports:
            self._take(reports)
        readings = [reading for job in batch if isinstance(job.work, tuple) for reading in job.work]
        if readings:
            self._readings.take(readings)
            self.readings_taken += len(readings)
            self._report(ReadingsTaken(tuple(readings)))
        for job in batch:
            if isinstance(job.work, Quarantined):
                self._quarantine.keep([job.work])
        for job in batch:
            job.committed()

    def _take(self, reports: Sequence[FieldReport]) -> None:
        taken = self._events.take(reports)
        for event in taken.events:
            self._report(EventTaken(event))
        owed = {report.event.id: report.answer_topic for report in reports if report.answer_topic}
        raised = {alarm.event_id for alarm in taken.alarms}
        for alarm in taken.alarms:
            self._report(AlarmChanged(alarm, _topics(owed, alarm)))
        for report in reports:
            again = self._shown_again(report, raised)
            if again is not None:
                self._report(AlarmChanged(again, (report.answer_topic,)))
        self._look_for_worries(taken.events)

    def _look_for_worries(self, events: Sequence[Event]) -> None:
        """Note what follows from events, or from silence; what breaks there never holds the field's messages back."""
        try:
            found = self._watch.follow_ups(events)
        except Exception as error:  # noqa: BLE001 - part of the thread's outermost loop; logged and shown
            if not self._watch_broken:
                self._tell_broken_watch(error)
            self._watch_broken = True
            return
        self._watch_broken = False
        self._worries += found.reports
        for failure in found.failures:
            self._tell_broken_watch(failure)

    def _take_up_journeys(self) -> None:
        """Restore the watch from what is stored; what fails there is said, and the intake goes on."""
        try:
            failures = self._watch.restore(self._events.since(self._watch.memory_start, WATCHED))
        except Exception as error:  # noqa: BLE001 - part of the thread's outermost loop; logged and shown
            failures = [error]
        for failure in failures:
            self._tell_broken_watch(failure)

    def _tell_broken_watch(self, error: Exception) -> None:
        _log.error("the watch over journeys broke", exc_info=error)
        self._report(Notice(Text("work_failed", {"why": repr(error)}), severe=True))

    def _shown_again(self, report: FieldReport, raised: set[UUID]) -> Alarm | None:
        """Return the alarm of a repeated SOS: its sender repeats because it has not heard `shown`."""
        if report.event.kind not in {EventKind.SOS, EventKind.BELL_PRESS} or report.event.id in raised:
            return None
        return next(iter(self._alarms.of_event(report.event.id)), None)


def _topics(owed: dict[UUID, str], alarm: Alarm) -> tuple[str, ...]:
    topic = owed.get(alarm.event_id)
    return (topic,) if topic else ()


def _set_aside(work: FieldReport | Sequence[Reading] | Quarantined, reason: str) -> Quarantined | None:
    """Return what quarantine keeps of a message that broke the program.

    None where quarantine itself broke on it: then it stays unacknowledged, with the broker.
    """
    if isinstance(work, Quarantined):
        return None
    if isinstance(work, FieldReport):
        event = work.event
        body = event.raw or repr(event)  # never the personal details, which lie beside it
        return Quarantined(
            topic=event.source, body=body.encode("utf-8", "replace"), reason=reason, received_at=event.received_at
        )
    body = repr(tuple(work))
    return Quarantined(topic="readings", body=body.encode("utf-8", "replace"), reason=reason, received_at=work[0].at)


def _nothing() -> None:
    """Stand in for a callback that follows a later item."""
