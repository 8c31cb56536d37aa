"""How the operators hear that another device answers at a camera's address."""

import threading
from collections.abc import Callable
from uuid import uuid4

from domain.clock import Clock
from domain.event import Event, EventKind, FieldReport
from domain.news import News
from domain.record import Workplace
from ptz.pins import Exchange


class CameraExchanges:
    """Has each exchange stored as an event, of which the rules make an alarm; safe from any thread, it never waits.

    `offer` takes an event that is to be stored, and says False where there is no room now: it is offered again with the
    next news.
    """

    def __init__(self, workplace: Workplace, clock: Clock, offer: Callable[[FieldReport], bool]) -> None:
        self._workplace = workplace
        self._clock = clock
        self._offer = offer
        self._lock = threading.Lock()
        self._unstored: dict[int, FieldReport] = {}

    def take(self, exchange: Exchange) -> None:
        """Take what was found at a camera's address."""
        with self._lock:
            self._unstored[exchange.camera_no] = FieldReport(event=self._event(exchange))
        self.offer_again()

    def offer_again(self) -> None:
        """Offer the events for which there was no room."""
        with self._lock:
            for number, report in tuple(self._unstored.items()):
                if not self._offer(report):
                    return
                del self._unstored[number]

    def hear(self, _news: News) -> None:
        """Offer again what found no room: whatever happened, there may be some now."""
        if self._unstored:
            self.offer_again()

    def _event(self, exchange: Exchange) -> Event:
        now = self._clock.now()
        return Event(
            id=uuid4(),
            origin=self._workplace.origin,
            centre=self._workplace.centre,
            district="",
            mode=self._workplace.mode,
            kind=EventKind.CAMERA_EXCHANGED,
            source=str(exchange.camera_no),
            at=now,
            received_at=now,
            details={"mark": exchange.mark.value, "expected": exchange.expected, "found": exchange.found},
        )
