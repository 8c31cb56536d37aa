"""What one camera's mover has on the wire: noted when it leaves and when it is answered, held back where it is void."""

from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import CredentialsError, UnreachableError, WatchroomError
from domain.motion import Velocity
from ptz.connection import Connection
from ptz.course import Course
from ptz.motions import DeclinedError
from ptz.wire import WithdrawnError

GAP_S = 0.1  # between two moves, whatever a joystick reports: cameras bear ten a second


class Flight:
    """Used by the thread that moves the camera. A move has `left` before it is said, inside `under_way`."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._clock = course.around.clock
        self._leaving = 0  # the turn of the movement that is being sent
        self._before = False, False  # whether it moved, and was counted, before that
        self.free_at = float("-inf")  # when the next move may leave

    def left(self, wish: Velocity | None, *, anew: bool) -> int:
        """Note, with the lock, that a move leaves now, held or (None) to a place; return its turn."""
        course = self._course
        course.turn += anew
        self._before = course.moved, course.counted
        if wish is not None and not course.counted:
            course.around.tally.began()
            course.counted = True
        course.moved = course.in_flight = True
        course.sent = wish
        self.free_at = max(self.free_at, self._clock.monotonic()) + GAP_S
        course.changed.notify_all()
        return course.turn

    @contextmanager
    def under_way(self, turn: int, connection: Connection, *, goal: bool = False) -> Iterator[None]:
        """Have what is sent belong to this turn, and note that it was answered, or not.

        Released meanwhile, or the console slept and the watchdog has spoken: the Stop that went out may have been
        carried out before this move. A `goal` that is refused moves nothing; a hand's refused move is stopped all the
        same.
        """
        course = self._course
        self._leaving = turn
        try:
            yield
        except WatchroomError as error:
            if isinstance(error, WithdrawnError) or (goal and _not_begun(error)):
                self._take_back()
            raise
        finally:
            self._leaving = 0
            with course.changed:
                course.in_flight = False
                course.usual_s = connection.usual_s
                if not course.covered(0.0) or (course.turn != turn and not course.wanted):
                    course.order_stop()
                course.changed.notify_all()

    @contextmanager
    def gate(self) -> Iterator[None]:
        """Let a move be written only while it is wanted, and no Stop be ordered meanwhile: none is overtaken."""
        course = self._course
        with course.changed:
            if self._leaving and (course.turn != self._leaving or course.stops_flying or not course.ours):
                raise WithdrawnError("the move is not wanted any more")
            yield

    def _take_back(self) -> None:
        """Note that what was to leave did not, or was refused."""
        course = self._course
        with course.changed:
            if course.counted and not self._before[1]:
                course.around.tally.withdrawn()
            course.moved, course.counted = self._before


def _not_begun(error: WatchroomError) -> bool:
    """Whether the camera begins nothing; an answer that can't be read may say that it does."""
    return not isinstance(error, UnreachableError) or isinstance(error, DeclinedError | CredentialsError)
