"""A camera tour as it runs in one tile: who is shown, who comes next, and when. Without Qt and without a clock."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.wall import CameraTour

AHEAD_S = 3.0  # a stream is opened this long before it is shown: a keyframe comes within two seconds as a rule
FIRST_PICTURE_S = 5.0  # a camera that has shown nothing by then is passed over
FORGIVEN_AFTER_S = 60.0  # and not tried again for so long


@dataclass(frozen=True, slots=True)
class TourSight:
    """What the tile's streams look like: whether the shown picture lives, and whether the next one has a frame."""

    alive: bool
    next_ready: bool


class TourRun:
    """One tour in one tile.

    `shown` is the camera in the tile, `coming` the one whose stream should be open by now; both None while no camera
    of the tour can be shown. `due` says that the next one should be drawn now.
    """

    def __init__(self, tour: CameraTour, usable: Callable[[int], bool], now: float) -> None:
        self.tour = tour
        self.paused = False
        self.due = False
        self._usable = usable
        self._shown: int | None = None  # places in the tour, counted from 0
        self._coming: int | None = None
        self._left_s = tour.dwell_s
        self._at = now
        self._opened_at = now
        self._failed: dict[int, float] = {}
        self._begin(now)

    @property
    def shown(self) -> int | None:
        """The camera that the tile shows."""
        return None if self._shown is None else self.tour.cameras[self._shown]

    @property
    def coming(self) -> int | None:
        """The camera whose stream is to be opened ahead."""
        return None if self._coming is None else self.tour.cameras[self._coming]

    @property
    def place(self) -> tuple[int, int]:
        """Which camera of how many is shown, counted from 1; (0, n) while there is none."""
        return (0 if self._shown is None else self._shown + 1), len(self.tour.cameras)

    def tick(self, now: float, sight: TourSight, *, hold: bool) -> None:
        """Let time pass. While `hold` the camera stays, and what was opened ahead is given up."""
        passed, self._at = now - self._at, now
        self.paused = hold
        if self._shown is None:
            self._begin(now)
            return
        if hold:
            self._coming, self.due = None, False
            self._left_s = max(self._left_s, min(AHEAD_S, self.tour.dwell_s))
            return
        self._left_s = self._left_s - passed if sight.alive else 0.0
        self._look_ahead(now, sight)
        self.due = self._coming is not None and self._left_s <= 0 and sight.next_ready

    def took(self, now: float) -> None:
        """Note that the coming camera's first frame was drawn: its time begins."""
        if self._coming is not None:
            self._failed.pop(self._coming, None)
            self._shown, self._coming, self.due = self._coming, None, False
            self._left_s, self._at = self.tour.dwell_s, now

    def _begin(self, now: float) -> None:
        self._shown = next((place for place, no in enumerate(self.tour.cameras) if self._usable(no)), None)
        self._left_s, self._at = self.tour.dwell_s, now

    def _look_ahead(self, now: float, sight: TourSight) -> None:
        if self._coming is not None and not sight.next_ready and now - self._opened_at > FIRST_PICTURE_S:
            self._failed[self._coming] = now
            self._coming = None
        if self._coming is None and self._left_s <= AHEAD_S:
            self._coming, self._opened_at = self._next(now), now
            if self._coming is None and sight.alive:
                self._left_s = self.tour.dwell_s  # it is the only one: its time begins anew

    def _next(self, now: float) -> int | None:
        """Return the place of the next camera that can be shown, None where there is no other."""
        start, count = self._shown or 0, len(self.tour.cameras)
        places = [(start + step) % count for step in range(1, count)]
        rested = [place for place in places if now - self._failed.get(place, -FORGIVEN_AFTER_S) >= FORGIVEN_AFTER_S]
        shown = self.shown
        return next(
            (at for at in rested if self._usable(self.tour.cameras[at]) and self.tour.cameras[at] != shown), None
        )
