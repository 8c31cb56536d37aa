"""Cameras that were turned away go home by themselves when nobody needs them any more."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.rule_turns import RuleTurns
from console.tasks import Lane, Tasks
from console.whereabouts import Whereabouts
from domain.alarm import Alarm
from domain.camera import Camera, SiteKind
from domain.errors import BadInputError, CredentialsError
from domain.incident import Incident, Status
from domain.purpose import HOMEWARD, Cause
from domain.text import Text
from ptz.places import Places

_EVERY_MS = 1000
_AGAIN_S = 30.0
_TRIES = 3
_HANDLED = frozenset({Status.NEW, Status.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class HomePlan:
    """After how many seconds without a command a camera goes home; 0: never. The camera's own number goes first."""

    after_s: float = 120.0
    by_kind: Mapping[SiteKind, float] = field(default_factory=dict)
    by_camera: Mapping[int, float] = field(default_factory=dict)

    def after(self, camera: Camera) -> float | None:
        """Return the seconds for a camera, None where it stays as it was left."""
        found = self.by_camera.get(camera.no, self.by_kind.get(camera.site_kind, self.after_s))
        return found if found > 0 else None


def watched_cameras(incidents: Iterable[Incident], alarms: Iterable[Alarm], whereabouts: Whereabouts) -> frozenset[int]:
    """Return the cameras that open incidents need: the ones near them, and those of their alarms."""
    handled = [incident for incident in incidents if incident.status in _HANDLED]
    near = {camera.no for one in handled if one.place is not None for camera in whereabouts.near(one.place)}
    linked = {alarm_id for incident in handled for alarm_id in incident.alarms}
    seen = (whereabouts.camera_of(alarm) for alarm in alarms if alarm.id in linked)
    return frozenset(near | {camera.no for camera in seen if camera is not None})


class HomeReturn(QObject):
    """Sends cameras home: after their time, when no person has them, no incident needs them and no tour runs."""

    told = Signal(object)  # Text
    failed = Signal(object)  # WatchroomError: a camera that was given up

    def __init__(
        self,
        places: Places,
        turns: RuleTurns,
        plan: HomePlan,
        camera: Callable[[int], Camera | None],
        needed: Callable[[], frozenset[int]],
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        """`needed` gives the cameras that must stay as they are: watched by an incident, or on a tour."""
        super().__init__(parent)
        self._places = places
        self._turns = turns
        self._plan = plan
        self._camera = camera
        self._needed = needed
        self._tasks = tasks
        self._going: set[int] = set()
        self._failures: dict[int, int] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_EVERY_MS)

    def stop(self) -> None:
        """Send none home any more."""
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Send home whoever is due."""
        needed: frozenset[int] | None = None
        for number, idle_s in self._turns.away().items():
            camera = self._camera(number)
            if camera is None or not camera.ptz:
                self._turns.came_home(number)
                continue
            if number in self._going or not self._is_due(camera, idle_s):
                continue
            needed = self._needed() if needed is None else needed
            if number not in needed and self._turns.may(camera, HOMEWARD):
                self._send(camera)

    def _is_due(self, camera: Camera, idle_s: float) -> bool:
        after_s = self._plan.after(camera)
        return after_s is not None and idle_s >= after_s + self._failures.get(camera.no, 0) * _AGAIN_S

    def _send(self, camera: Camera) -> None:
        self._going.add(camera.no)
        self._tasks.run(
            Lane.NETWORK,
            partial(self._places.go_home, camera, wanted=lambda: not self._turns.person_has(camera.no)),
            self,
            partial(self._arrived, camera),
            partial(self._not_gone, camera),
        )

    def _arrived(self, camera: Camera, sent: bool) -> None:  # noqa: FBT001 - an answer
        self._going.discard(camera.no)
        self._failures.pop(camera.no, None)
        if sent and not self._turns.person_has(camera.no):  # else somebody took it on the way
            self._turns.came_home(camera.no)
            self.told.emit(Text("ptz_came_home", {"camera": str(camera.no)}))

    def _not_gone(self, camera: Camera, error: Exception) -> None:
        """Try again, later each time; give up where that is of no use."""
        failures = self._failures.pop(camera.no, 0) + 1
        self._going.discard(camera.no)
        self._turns.give_up(camera, Cause.HOME)
        if failures >= _TRIES or isinstance(error, BadInputError | CredentialsError):
            self._turns.came_home(camera.no)
            self.failed.emit(error)
        else:
            self._failures[camera.no] = failures
