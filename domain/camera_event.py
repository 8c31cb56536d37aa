"""What a camera notices by itself and tells: motion, a switch, somebody who meddles with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GOES_ON = timedelta(seconds=5)  # what begins again so soon after its end has not ended
SILENCE = timedelta(seconds=60)  # a camera that never tells ends: told anew after this, it is new
PLAUSIBLE = timedelta(hours=1)  # how old what a camera tells may be: longer than any of its queues
_SLACK = timedelta(seconds=5)  # cameras tell their time in whole seconds, and answer late
MOST_THINGS = 64  # of one camera; a real one has a dozen


class CameraEventKind(StrEnum):
    """What is noticed; the words are those of a detection's kind."""

    MOTION = "motion"
    CELL_MOTION = "cell_motion"
    DIGITAL_INPUT = "digital_input"
    TAMPER = "tamper"


OF_THE_PICTURE = frozenset({CameraEventKind.MOTION, CameraEventKind.CELL_MOTION, CameraEventKind.TAMPER})
"""What a camera that turns sees in its own turning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraEvent:
    """How one thing that a camera watches stands.

    `source` names the thing within the camera (a rule, an input). `at` is by our clock. `told_at` is the moment as the
    camera wrote it, the same for all who hear it; empty where it wrote none that can be. `initial`: it is told because
    somebody asked, not because it changed.
    """

    camera_no: int
    kind: CameraEventKind
    source: str
    active: bool
    at: datetime
    told_at: str = ""
    initial: bool = False


def our_moment(told: datetime | None, offset_s: float, received_at: datetime) -> datetime | None:
    """Return when something happened by our clock; `offset_s` is how far the camera's clock is ahead of ours.

    None where the camera told no moment, or one that can't be: later than its receipt, or over an hour earlier.
    """
    if told is None:
        return None
    try:
        ours = told - timedelta(seconds=offset_s)
    except OverflowError:
        return None
    return min(ours, received_at) if received_at - PLAUSIBLE <= ours <= received_at + _SLACK else None


@dataclass(slots=True)
class _Thing:
    """How a thing stood when it was told last."""

    active: bool
    told_at: datetime
    ended_at: datetime | None = None


class Beginnings:
    """Tells what is new from what is told again: after a synchronisation point, a lost connection, or every second.

    Used by one thread at a time.
    """

    def __init__(self) -> None:
        self._cameras: dict[int, dict[tuple[CameraEventKind, str], _Thing]] = {}

    def is_new(self, event: CameraEvent) -> bool:
        """Whether something begins with this event; remembers how the thing stands now."""
        things, name = self._cameras.setdefault(event.camera_no, {}), (event.kind, event.source)
        before = things.pop(name, None)  # and in again below: the dictionary keeps what was told last at its end
        ended_at = before.ended_at if before is not None else None
        if before is not None and before.active and not event.active:
            ended_at = event.at
        things[name] = _Thing(event.active, event.at, ended_at)
        while len(things) > MOST_THINGS:
            things.pop(next(iter(things)))
        return event.active and _begins(before, event)

    def forget(self, camera_no: int) -> None:
        """Forget a camera that nobody listens to any more."""
        self._cameras.pop(camera_no, None)


def _begins(before: _Thing | None, event: CameraEvent) -> bool:
    if before is None:
        return True
    if before.active:
        return not event.initial and event.at - before.told_at >= SILENCE
    return before.ended_at is None or event.at - before.ended_at >= GOES_ON
