"""A guard tour as the console runs it: where the camera goes next, and when. Without Qt and without a clock."""

from enum import StrEnum

from domain.guard_tour import GuardTour, TourPhase, TourSpot

LOOK_EVERY_S = 1.0
SETS_OFF_S = 1.0  # a camera may still say that it stands when it was just told to go
BLIND_WAY_S = 5.0  # how long the way is taken to be where a camera does not tell whether it moves
LONGEST_WAY_S = 30.0
_BACK_OFF_S = (2.0, 5.0, 15.0, 60.0)


class Due(StrEnum):
    """What is to be asked of the camera now."""

    GO = "go"
    LOOK = "look"  # whether it still moves


class GuardRun:
    """One tour on its way. Times are monotonic seconds that its methods are given."""

    def __init__(self, tour: GuardTour, now: float, resume_s: float) -> None:
        self.tour = tour
        self.phase = TourPhase.BY_CONSOLE
        self._resume_s = resume_s
        self._at = 0
        self._due_at = now
        self._way_since: float | None = None  # on the way to the spot since then
        self._stayed = False  # the time at the spot is running
        self._asking = False
        self._failures = 0

    @property
    def spot(self) -> TourSpot:
        """Return where the camera goes, or stays."""
        return self.tour.spots[self._at]

    @property
    def place(self) -> int:
        """Return which spot that is, counted from 1."""
        return self._at + 1

    def tick(self, now: float, person_idle_s: float | None) -> Due | None:
        """Let time pass; return what to ask the camera now, if anything.

        `person_idle_s` is how long ago a person moved the camera. Until they have left it alone for `resume_s` the
        tour waits, and then goes to the spot again that it was at.
        """
        if person_idle_s is not None and person_idle_s < self._resume_s:
            self.phase, self._due_at = TourPhase.PAUSED, now
            self._way_since, self._stayed = None, False
            return None
        if self.phase is TourPhase.PAUSED:
            self.phase = TourPhase.BY_CONSOLE
        if self._asking or now < self._due_at:
            return None
        if self._stayed:
            self._go_on()
        self._asking = True
        return Due.GO if self._way_since is None else Due.LOOK

    def went(self, now: float) -> None:
        """Note that the camera was told to go to the spot."""
        self._asking, self._failures = False, 0
        self.phase = TourPhase.BY_CONSOLE
        self._way_since, self._due_at = now, now + SETS_OFF_S

    def seen(self, now: float, moving: bool | None) -> None:  # noqa: FBT001 - what a camera says: yes, no or nothing
        """Note whether the camera moves; standing still, it has arrived."""
        self._asking = False
        if self._way_since is None:
            return  # paused meanwhile
        way_s = now - self._way_since
        if way_s >= LONGEST_WAY_S or moving is False or (moving is None and way_s >= BLIND_WAY_S):
            self._due_at, self._stayed, self._way_since = now + self.spot.stay_s, True, None
        else:
            self._due_at = now + LOOK_EVERY_S

    def put_off(self, now: float) -> None:
        """Note that the camera could not be had just now, which is nobody's fault."""
        self._asking = False
        self._due_at = now + LOOK_EVERY_S

    def failed(self, now: float) -> None:
        """Note that the camera was not reached, or has not got the place: the next one is tried, later each time."""
        self._asking = False
        self.phase = TourPhase.FAILING
        self._due_at = now + _BACK_OFF_S[min(self._failures, len(_BACK_OFF_S) - 1)]
        self._failures += 1
        self._go_on()

    def _go_on(self) -> None:
        self._at = (self._at + 1) % len(self.tour.spots)
        self._way_since, self._stayed = None, False
