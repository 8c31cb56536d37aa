"""Guard tours: run by the camera where it can, by the console otherwise; paused while a person has the camera."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.guard_run import Due, GuardRun
from console.rule_turns import RuleTurns
from console.tasks import Lane, Tasks
from db.camera_places import CameraPlaceStore
from db.guard_tours import GuardTourStore
from domain.camera import Camera
from domain.clock import Clock
from domain.errors import BadInputError, CredentialsError, ProtocolError, WatchroomError
from domain.guard_tour import GuardTour, TourPhase, TourState
from domain.ptz_place import PtzPlace, place_of_number
from domain.purpose import Cause, of_tour
from ptz.guard_tours import CameraTours
from ptz.places import Places

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_EVERY_MS = 500
_LOOK_AT_CAMERA_S = 30.0  # a camera may end its tour by itself: another system moved it
_STOPPED_WITHIN_S = 3.0
USUAL_RESUME_S = 60.0


@dataclass(slots=True)
class _Going:
    """A tour that was started. `token` is the camera's tour while the camera runs it; `run` is what the console does.

    `places` are the camera's, as they were when the tour was started.
    """

    camera: Camera
    tour: GuardTour
    run: GuardRun
    token: str = ""
    by_camera: bool = True  # as long as nobody has seen it fail
    asking: bool = False
    looked_at: float = 0.0
    places: tuple[PtzPlace, ...] = ()
    told: TourState | None = None
    detail: str = ""


class GuardTours(QObject):
    """Starts and stops tours, one a camera. All end with the program, those that cameras run too."""

    changed = Signal(object)  # TourState
    failed = Signal(object)  # WatchroomError

    def __init__(
        self,
        places: Places,
        camera_tours: CameraTours,
        place_store: CameraPlaceStore,
        tour_store: GuardTourStore,
        turns: RuleTurns,
        tasks: Tasks,
        clock: Clock,
        resume_s: float = USUAL_RESUME_S,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._places = places
        self._camera_tours = camera_tours
        self._place_store = place_store
        self._tour_store = tour_store
        self._turns = turns
        self._tasks = tasks
        self._clock = clock
        self._resume_s = resume_s
        self._going: dict[int, _Going] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        turns.watch(self._person_took)

    # -- what operators ask

    def start(self, camera: Camera, tour: GuardTour) -> None:
        """Send the camera round from now on, in place of its tour that was started before."""
        if tour.camera_no != camera.no:
            raise BadInputError(f"tour {tour.name!r} is not one of camera {camera.no}")
        self.stop(camera.no)
        going = _Going(camera, tour, GuardRun(tour, self._clock.monotonic(), self._resume_s))
        self._going[camera.no] = going
        self._tell(going, TourPhase.STARTING)
        self._begin(going)
        self._timer.start(_EVERY_MS)

    def stop(self, camera_no: int) -> None:
        """End the camera's tour, if it has one; the camera stays where it is."""
        going = self._going.pop(camera_no, None)
        if going is None:
            return
        if going.token:
            work = partial(self._camera_tours.stop, going.camera, going.token)
            self._tasks.run(Lane.NETWORK, work, self, lambda _: None, self.failed.emit)
        self._turns.give_up(going.camera, Cause.TOUR)
        self._tell(going, TourPhase.IDLE)
        if not self._going:
            self._timer.stop()

    def state(self, camera_no: int) -> TourState | None:
        """Return what is known of the tour that was started on a camera, None where none was."""
        going = self._going.get(camera_no)
        return None if going is None else going.told

    @property
    def cameras(self) -> frozenset[int]:
        """The cameras that are on a tour."""
        return frozenset(self._going)

    def close(self) -> None:
        """End every tour and return when the cameras that run theirs were told, within 3 s."""
        self._timer.stop()
        by_cameras = [going for going in self._going.values() if going.token]
        self._going.clear()
        stops = [threading.Thread(target=self._stopped, args=(going,), daemon=True) for going in by_cameras]
        for stop in stops:
            stop.start()
        ends_at = self._clock.monotonic() + _STOPPED_WITHIN_S
        for stop in stops:
            stop.join(max(0.0, ends_at - self._clock.monotonic()))

    # -- as time passes

    @Slot()
    def look(self) -> None:
        """Take every tour a step further where one is due."""
        now = self._clock.monotonic()
        for going in list(self._going.values()):
            if going.by_camera:
                self._look_at_camera(going, now)
            elif not going.asking:
                self._step(going, now)

    def _step(self, going: _Going, now: float) -> None:
        """Run a tour from here."""
        due = going.run.tick(now, self._person_idle_s(going.camera.no))
        if due is Due.GO and not self._turns.may(going.camera, of_tour(str(going.tour.id))):
            going.run.put_off(now)
        elif due is Due.GO:
            self._ask(going, partial(self._go, going), partial(self._went, going))
        elif due is Due.LOOK:
            self._ask(going, partial(self._places.moving, going.camera), partial(self._seen, going))
        self._tell(going, going.run.phase, going.run.place)

    def _look_at_camera(self, going: _Going, now: float) -> None:
        """Start a tour that the camera runs again when its person is gone, and see now and then that it runs."""
        if going.asking:
            return
        idle_s = self._person_idle_s(going.camera.no)
        if idle_s is not None and idle_s < self._resume_s:
            self._tell(going, TourPhase.PAUSED)
        elif not going.token:
            self._begin(going)
        elif now - going.looked_at >= _LOOK_AT_CAMERA_S:
            going.looked_at = now
            self._ask(going, partial(self._camera_tours.runs, going.camera, going.token), partial(self._ran, going))

    def _person_idle_s(self, camera_no: int) -> float | None:
        return 0.0 if self._turns.person_has(camera_no) else self._turns.person_idle_s(camera_no)

    @Slot(int)
    def _person_took(self, camera_no: int) -> None:
        """Have a tour that the camera runs stopped at once: it would go on against the hand."""
        going = self._going.get(camera_no)
        if going is None:
            return
        token, going.token = going.token, ""
        if token:
            going.tour = replace(going.tour, token=token)  # the camera keeps it
            work = partial(self._camera_tours.stop, going.camera, token)
            self._tasks.run(Lane.NETWORK, work, self, lambda _: None, self.failed.emit)
        self._tell(going, TourPhase.PAUSED, going.run.place if not going.by_camera else 0)

    # -- by the camera

    def _begin(self, going: _Going) -> None:
        """Have the camera run the tour; where it can't the console does."""
        if not self._turns.may(going.camera, of_tour(str(going.tour.id))):
            self._tell(going, TourPhase.PAUSED)
            return
        going.asking = True
        self._tasks.run(
            Lane.NETWORK,
            partial(self._begun, going),
            self,
            partial(self._runs_there, going),
            partial(self._not_there, going),
        )

    def _begun(self, going: _Going) -> str:
        """Ask the camera for its places and give it the tour; off the UI thread."""
        camera = going.camera
        going.places = self._places.listed(camera, self._place_store.of(camera.no))
        tokens = {place.no: place.token for place in going.places if place.no is not None and place.token}
        return self._camera_tours.start(camera, going.tour, tokens)

    def _runs_there(self, going: _Going, token: str) -> None:
        going.asking = False
        tour = replace(going.tour, token=token)
        if self._going.get(going.camera.no) is not going or self._turns.person_has(going.camera.no):
            stop = partial(self._camera_tours.stop, going.camera, token)  # stopped, or taken, while it was asked
            self._tasks.run(Lane.NETWORK, stop, self, lambda _: None, self.failed.emit)
        else:
            going.token, going.looked_at, going.detail = token, self._clock.monotonic(), ""
            self._tell(going, TourPhase.BY_CAMERA)
        if tour != going.tour:
            going.tour = tour
            self._tasks.run(Lane.DATABASE, partial(self._kept, tour), self, lambda _: None, self.failed.emit)

    def _kept(self, tour: GuardTour) -> None:
        """Keep the camera's token of a tour that is still there."""
        stored = self._tour_store.find(tour.id)
        if stored is not None:
            self._tour_store.save(replace(stored, token=tour.token))

    def _not_there(self, going: _Going, error: Exception) -> None:
        """Run the tour from here: the camera has no tours, or says that it has and does not run them."""
        going.asking, going.detail = False, str(error)
        if self._going.get(going.camera.no) is not going:
            return
        if isinstance(error, CredentialsError):
            self._give_up(going, error)
        elif isinstance(error, BadInputError | ProtocolError):
            going.by_camera, going.detail = False, ""
        else:
            going.by_camera = False  # it is not reached; the run tries again, later each time
            going.run.failed(self._clock.monotonic())
            self._tell(going, TourPhase.FAILING)

    def _ran(self, going: _Going, runs: bool) -> None:  # noqa: FBT001 - an answer
        """Take that a camera's tour has ended by itself as somebody's hand on the camera: wait, then start it again."""
        if not runs and going.token:
            going.token = ""
            self._turns.person_moved(going.camera.no)

    # -- by the console

    def _go(self, going: _Going) -> bool:
        """Send the camera to the tour's spot; off the UI thread."""
        camera, spot = going.camera, going.run.spot
        free = partial(self._is_free, camera.no)
        if spot.place is None:
            return self._places.go_home(camera, spot.speed, free)
        place = place_of_number(going.places, spot.place)
        if place is None:
            going.places = self._places.listed(camera, self._place_store.of(camera.no))
            place = place_of_number(going.places, spot.place)
        if place is None:
            raise BadInputError(f"camera {camera.no} has no place {spot.place}")
        return self._places.go(camera, place, spot.speed, free)

    def _is_free(self, camera_no: int) -> bool:
        return camera_no in self._going and not self._turns.person_has(camera_no)

    def _went(self, going: _Going, sent: bool) -> None:  # noqa: FBT001 - an answer
        going.detail = ""
        now = self._clock.monotonic()
        if sent:
            going.run.went(now)
        else:
            going.run.put_off(now)

    def _seen(self, going: _Going, moving: bool | None) -> None:  # noqa: FBT001 - an answer
        going.run.seen(self._clock.monotonic(), moving)

    def _ask(self, going: _Going, work: Callable[[], _T], then: Callable[[_T], None]) -> None:
        """Ask the camera off the UI thread; what comes after the tour was stopped is dropped."""
        going.asking = True

        def take(answer: _T) -> None:
            going.asking = False
            if self._going.get(going.camera.no) is going:
                then(answer)

        self._tasks.run(Lane.NETWORK, work, self, take, partial(self._not_answered, going))

    def _not_answered(self, going: _Going, error: Exception) -> None:
        going.asking, going.detail = False, str(error)
        if self._going.get(going.camera.no) is not going:
            return
        if isinstance(error, CredentialsError):
            self._give_up(going, error)
        elif not going.by_camera:
            going.run.failed(self._clock.monotonic())
            self._tell(going, TourPhase.FAILING, going.run.place)

    def _give_up(self, going: _Going, error: CredentialsError) -> None:
        going.token = ""  # nothing is sent to it any more, no Stop either
        self.stop(going.camera.no)
        self.failed.emit(error)

    def _stopped(self, going: _Going) -> None:
        try:
            self._camera_tours.stop(going.camera, going.token)
        except WatchroomError as error:
            _log.warning("the tour of camera %s goes on in the camera: %s", going.camera.no, error)

    def _tell(self, going: _Going, phase: TourPhase, spot: int = 0) -> None:
        state = TourState(going.tour, phase, spot, going.detail)
        if state != going.told:
            going.told = state
            self.changed.emit(state)
