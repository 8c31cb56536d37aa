"""How the operators hear that recording suffers."""

import threading
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from domain.clock import Clock
from domain.event import Event, EventKind, FieldReport
from domain.news import LinkChanged, LinkName, News, Notice
from domain.record import Workplace
from domain.recording import RecordingTrouble, TroubleKind
from domain.text import Text
from video.segments import track_of


class RecordingTroubles:
    """Tells each trouble once, whoever of the program says it; safe from any thread, and it never waits.

    `offer` takes an event that is to be stored, and says False where there is no room now: it is offered again then.
    """

    def __init__(
        self,
        workplace: Workplace,
        clock: Clock,
        report: Callable[[News], None],
        offer: Callable[[FieldReport], bool],
    ) -> None:
        self._workplace = workplace
        self._clock = clock
        self._report = report
        self._offer = offer
        self._lock = threading.Lock()  # the operators hear it in the order in which it happens
        self._known: dict[tuple[TroubleKind, str, str], RecordingTrouble] = {}
        self._unstored: dict[tuple[TroubleKind, str], FieldReport] = {}

    def take(self, trouble: RecordingTrouble) -> None:
        """Tell the operators that recording suffers, and when the disk takes all again."""
        with self._lock:
            said = any((each.kind, each.where) == (trouble.kind, trouble.where) for each in self._known.values())
            disk_suffered = self._disk_suffers()
            if trouble.cleared:
                self._known.pop(trouble.name, None)
            else:
                self._known.setdefault(trouble.name, trouble)
            if not trouble.cleared and not said:
                self._tell(trouble)
            elif disk_suffered and not self._disk_suffers():
                self._report(LinkChanged(LinkName.DISK, up=True, since=self._clock.now()))

    def offer_again(self) -> None:
        """Offer the events for which there was no room."""
        with self._lock:
            for key, report in tuple(self._unstored.items()):
                if not self._offer(report):
                    return
                del self._unstored[key]

    def _disk_suffers(self) -> bool:
        return any(each.of_disk for each in self._known.values())

    def _tell(self, trouble: RecordingTrouble) -> None:
        if not trouble.severe:
            self._report(Notice(Text(f"recording_{trouble.kind.value}", {"where": trouble.where})))
            return
        if trouble.of_disk:
            self._report(LinkChanged(LinkName.DISK, up=False, since=trouble.since, detail=trouble.detail))
        report = FieldReport(event=self._event(trouble))
        if not self._offer(report):
            self._unstored[trouble.kind, trouble.where] = report

    def _event(self, trouble: RecordingTrouble) -> Event:
        details = {"trouble": trouble.kind.value, "where": trouble.where, "detail": trouble.detail}
        if (track := track_of(Path(trouble.where).name)) is not None:
            details["camera"] = str(track[0])
        return Event(
            id=uuid4(),
            origin=self._workplace.origin,
            centre=self._workplace.centre,
            district="",
            mode=self._workplace.mode,
            kind=EventKind.RECORDING_TROUBLE,
            source=trouble.kind.value,
            at=trouble.since,
            received_at=self._clock.now(),
            details=details,
        )
