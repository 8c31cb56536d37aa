"""Look here: the nearest free calibrated camera turns to a place, and its picture opens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from console.aiming import Calibrations, Turns, aims_of
from console.tasks import Lane, Tasks
from domain.aiming import Reaching, nearest_reaching
from domain.camera import Camera
from domain.errors import RefusedError, WatchroomError
from domain.geometry import Spot
from domain.lens import Detail
from domain.place import Place
from domain.text import Text

CHEST_M = 1.2  # above the ground: people are what is looked for
NEAR_M = 1000.0  # cameras further away are no news when they can't look there
_DETAILS = (Detail.OBSERVE, Detail.DETECT, Detail.MONITOR)


class MoveGate(Protocol):
    """Lets a camera be moved by something else than a hand: right, purpose and lease."""

    def holder(self, camera_no: int) -> str:
        """Return who has the camera now, in words; empty where it is free."""
        ...

    def ask(self, camera: Camera, then: Callable[[], None], otherwise: Callable[[Exception], None]) -> None:
        """Ask for the camera; one of the two is called, now or later, on this thread."""
        ...

    def give_back(self, camera: Camera) -> None:
        """Have the camera no longer."""
        ...


class DoorGate:
    """The gate of a workstation that shares its cameras with nobody: the right, and whether a hand is on the camera.

    `allow` raises RefusedError where the right is missing.
    """

    def __init__(self, allow: Callable[[Camera], None], in_hand: Callable[[int], bool]) -> None:
        self._allow = allow
        self._in_hand = in_hand

    def holder(self, camera_no: int) -> str:
        """Return this desk where a hand turns the camera from here, else nothing."""
        return "desk" if self._in_hand(camera_no) else ""

    def ask(self, camera: Camera, then: Callable[[], None], otherwise: Callable[[Exception], None]) -> None:
        """Ask at the door, which answers at once."""
        try:
            self._allow(camera)
        except RefusedError as error:
            otherwise(error)
        else:
            then()

    def give_back(self, camera: Camera) -> None:
        """Do nothing: nothing was lent."""


class Why(StrEnum):
    """Why a camera can't look at a place."""

    NOT_CALIBRATED = "not_calibrated"
    HANGS_ELSEWHERE = "hangs_elsewhere"
    HELD = "held"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True, slots=True)
class Unfit:
    """A moving camera near a place that can't look there."""

    camera: Camera
    why: Why
    distance_m: float


@dataclass(frozen=True, slots=True)
class Choice:
    """Which cameras can look at a place, nearest first, and which ones near it can't."""

    reaching: tuple[Reaching, ...]
    unfit: tuple[Unfit, ...]

    def passed_over(self) -> tuple[Unfit, ...]:
        """Return those that can't and are nearer than the nearest that can."""
        limit = self.reaching[0].distance_m if self.reaching else NEAR_M
        return tuple(one for one in self.unfit if one.distance_m < limit)


def chosen(
    place: Place, cameras: Sequence[Camera], calibrations: Calibrations, holder: Callable[[int], str], most: int
) -> Choice:
    """Return which free cameras can look at a place: in detail where one can, else at least to see what is there."""
    turning = [camera for camera in cameras if camera.ptz]
    aims = aims_of(calibrations, turning)
    free = {number: aim for number, aim in aims.items() if not holder(number)}
    spot = Spot(place, CHEST_M)
    reaching: tuple[Reaching, ...] = ()
    for detail in _DETAILS:
        reaching = nearest_reaching(spot, free, most, detail)
        if reaching:
            break
    reached = {one.camera_no for one in nearest_reaching(spot, free, len(free), _DETAILS[-1])}
    unfit = [
        Unfit(camera, _why(camera, calibrations, held=camera.no in aims and camera.no not in free), distance)
        for camera in turning
        if camera.no not in reached and (distance := place.distance_m(camera.place)) <= NEAR_M
    ]
    return Choice(reaching, tuple(sorted(unfit, key=lambda one: one.distance_m)))


def refusal(choice: Choice) -> Text:
    """Return why no camera can look there: what keeps the nearest from it, and how many others there are."""
    if not choice.unfit:
        return Text("look_here_no_camera", {"metres": f"{NEAR_M:.0f}"})
    nearest = choice.unfit[0]
    return Text(
        f"look_here_{nearest.why.value}",
        {
            "camera": f"{nearest.camera.no:04d}",
            "metres": f"{nearest.distance_m:.0f}",
            "others": str(len(choice.unfit) - 1),
        },
    )


def _why(camera: Camera, calibrations: Calibrations, *, held: bool) -> Why:
    if held:
        return Why.HELD
    if calibrations.hangs_elsewhere(camera):
        return Why.HANGS_ELSEWHERE
    return Why.NOT_CALIBRATED if calibrations.of(camera) is None else Why.OUT_OF_REACH


@dataclass(frozen=True, slots=True)
class AimNeeds:
    """What turning cameras to places needs. `show` opens pictures; `say` shows a text in the message strip."""

    cameras: Callable[[], Sequence[Camera]]
    calibrations: Calibrations
    turns: Turns
    gate: MoveGate
    tasks: Tasks
    show: Callable[[Sequence[int]], None]
    say: Callable[[Text], None]


class LookHere(QObject):
    """Turns the nearest camera that can; the next one where it does not answer or somebody takes it first."""

    failed = Signal(object)  # WatchroomError
    MOST = 4  # cameras that are tried

    def __init__(self, needs: AimNeeds, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._needs = needs

    def look(self, place: Place) -> None:
        """Have the nearest free camera look at a place; where none can, it is said why."""
        needs = self._needs
        cameras = needs.cameras()
        choice = chosen(place, cameras, needs.calibrations, needs.gate.holder, self.MOST)
        if not choice.reaching:
            needs.say(refusal(choice))
            return
        by_number = {camera.no: camera for camera in cameras}
        queue = [(by_number[one.camera_no], one) for one in choice.reaching]
        self._try(queue, len(choice.passed_over()))

    def _try(self, queue: list[tuple[Camera, Reaching]], passed: int) -> None:
        (camera, reaching), *rest = queue
        then, otherwise = partial(self._turn, camera, reaching, rest, passed), partial(self._next, rest, passed)
        self._needs.gate.ask(camera, then, otherwise)

    def _turn(self, camera: Camera, reaching: Reaching, rest: list[tuple[Camera, Reaching]], passed: int) -> None:
        needs = self._needs
        needs.show((camera.no,))
        work = partial(needs.turns.turn, camera, reaching.position)
        then, otherwise = partial(self._sent, reaching, passed), partial(self._unsent, camera, rest, passed)
        needs.tasks.run(Lane.NETWORK, work, self, then, otherwise)

    def _sent(self, reaching: Reaching, passed: int, _done: None) -> None:
        code = "look_here_sent_passing" if passed else "look_here_sent"
        metres = f"{reaching.distance_m:.0f}"
        said = {"camera": f"{reaching.camera_no:04d}", "metres": metres, "passed": str(passed)}
        self._needs.say(Text(code, said))

    def _unsent(self, camera: Camera, rest: list[tuple[Camera, Reaching]], passed: int, error: Exception) -> None:
        self._needs.gate.give_back(camera)
        self._next(rest, passed + 1, error)

    def _next(self, rest: list[tuple[Camera, Reaching]], passed: int, error: Exception) -> None:
        if rest and not isinstance(error, RefusedError):
            self._try(rest, passed)
        elif isinstance(error, WatchroomError):
            self.failed.emit(error)
