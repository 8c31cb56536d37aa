"""One camera that can be moved: its course and the three threads that carry it out."""

import threading

from domain.camera import Camera
from domain.motion import MotionPhase, Velocity
from ptz.course import Course, Surroundings
from ptz.mover import Mover
from ptz.overseer import Overseer
from ptz.stopper import Stopper


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
            threading.Thread(target=run, name=f"ptz-{camera.no}-{name}", daemon=True) for name, run in jobs.items()
        ]
        for thread in self._threads:
            thread.start()

    def prepare(self) -> bool:
        """Connect ahead of the first movement."""
        course = self._course
        with course.changed:
            course.connect_asked = True
            course.changed.notify_all()
            return not course.retired

    def move(self, velocity: Velocity) -> bool:
        """Take this as the newest wish."""
        course = self._course
        with course.changed:
            course.wish = velocity
            course.changed.notify_all()
            return not course.retired

    def stop(self) -> bool:
        """End the movement. A wish that has not left yet is dropped; where there was none, Stop is sent all the same."""
        course = self._course
        with course.changed:
            if course.wish is None or course.moved:
                course.order_stop()
            course.wish = None
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
            course.tell(turn, MotionPhase.MAY_BE_MOVING if moved else MotionPhase.READY)

    def wait_still(self, timeout_s: float) -> bool:
        """Wait until it was seen standing still; whether it was."""
        with self._course.changed:
            return self._course.changed.wait_for(lambda: not self._course.moved, timeout_s)

    def retire(self) -> None:
        """Give up threads and connections."""
        with self._course.changed:
            self._course.retired = True
            self._course.changed.notify_all()

    def join(self, timeout_s: float) -> None:
        """Wait for the threads of a retired head."""
        for thread in self._threads:
            thread.join(timeout_s)
