"""One camera that can be moved: its course and the three threads that carry it out."""

import logging
import threading
from collections.abc import Callable

from domain.camera import Camera
from domain.errors import UnreachableError
from domain.motion import MotionPhase
from ptz.course import Course, Surroundings, Wish
from ptz.errand import Errand
from ptz.mover import Mover
from ptz.overseer import Overseer
from ptz.stopper import Stopper

_log = logging.getLogger(__name__)


class Head:
    """Takes wishes for one camera; nothing but `wait_still` and `join` waits.

    A head retires by itself when nothing was asked of it for a minute; then its methods return False.
    """

    def __init__(self, camera: Camera, around: Surroundings, *, disabled: bool) -> None:
        self.camera = camera
        self._course = Course(camera, around, disabled=disabled)
        stopper = Stopper(self._course)
        jobs = {"move": Mover(self._course).run, "stop": stopper.run, "see": Overseer(self._course, stopper).run}
        self._threads = [
            threading.Thread(target=self._keep, args=(run,), name=f"ptz-{camera.no}-{name}", daemon=True)
            for name, run in jobs.items()
        ]
        for thread in self._threads:
            thread.start()

    @property
    def retired(self) -> bool:
        """Whether it has given up its threads and connections."""
        return self._course.retired

    def prepare(self) -> bool:
        """Connect ahead of the first movement."""
        course = self._course
        with course.changed:
            course.connect_asked = True
            course.changed.notify_all()
            return not course.retired

    def take(self, wish: Wish) -> bool:
        """Take this as the newest wish: a velocity, or a movement that ends by itself."""
        course = self._course
        with course.changed:
            if not course.retired:
                course.want(wish)
            return not course.retired

    def ask(self, chore: Errand) -> bool:
        """Have the camera asked over the connection that moves it, if that is open; whether it is."""
        course = self._course
        with course.changed:
            if course.retired or course.contact is None:
                return False
            course.ask(chore)
            return True

    def stop(self) -> bool:
        """Drop a wish that has not left yet, else send Stop."""
        course = self._course
        with course.changed:
            if course.wish is None or course.moved:
                course.order_stop()
            course.want(None)
            return not course.retired

    def halt(self) -> None:
        """End the movement, if there may be one."""
        with self._course.changed:
            self._course.end_movement()

    def set_disabled(self, *, disabled: bool) -> None:
        """Tell that the watchdog is gone, after ending the movement, or that it is back."""
        course = self._course
        course.set_disabled(disabled=disabled)
        with course.changed:
            turn = course.end_movement() if disabled else course.turn
            moved = course.moved
        if disabled:
            course.tell(turn, MotionPhase.DISABLED, detail="the PTZ watchdog is gone")
        elif course.phase is MotionPhase.DISABLED:
            course.tell(turn, MotionPhase.STOP_SENT if moved else MotionPhase.READY)

    def retry(self) -> None:
        """Ask the camera anew, how it is reached too."""
        with self._course.changed:
            self._course.contact = None
        self.reopen()

    def reopen(self) -> None:
        """Ask the camera again if it refused our password; a movement and its Stop go on as they were."""
        course = self._course
        with course.changed:
            if course.refused:
                course.contact = None
            course.refused = False
            turn, moved = course.turn, course.moved
        if course.phase is MotionPhase.DISABLED and not moved:
            course.tell(turn, MotionPhase.READY)

    def wait_still(self, timeout_s: float) -> bool:
        """Wait until its last Stop was answered and it was seen standing still; whether it was."""
        course = self._course
        with course.changed:
            return course.changed.wait_for(
                lambda: not course.moved and course.answered_turn >= course.stop_turn, timeout_s
            )

    def retire(self) -> None:
        """Give up threads and connections."""
        with self._course.changed:
            self._course.retired = True
            self._course.changed.notify_all()

    def join(self, timeout_s: float) -> None:
        """Wait for the threads of a retired head."""
        for thread in self._threads:
            thread.join(timeout_s)

    def _keep(self, run: Callable[[], None]) -> None:
        """Keep one of the threads running whatever happens in it: without it the camera could not be stopped."""
        course = self._course
        while not course.retired:
            try:
                run()
            except Exception as error:  # noqa: BLE001 - the outermost loop of a thread, which reports it
                _log.exception("moving camera %s went wrong", self.camera.no)
                with course.changed:
                    course.connect_asked = course.in_flight = False
                    course.drop_chores(UnreachableError(repr(error)))
                    course.trouble = repr(error)
                    turn = course.end_movement()
                    phase = MotionPhase.MAY_BE_MOVING if course.moved else MotionPhase.READY
                course.tell(turn, phase, detail=repr(error))
