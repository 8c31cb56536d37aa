"""The thread that moves one camera: the newest wish only, renewed while it is held; and its chores in between."""

from collections.abc import Callable
from functools import partial

from domain.errors import CredentialsError, ProtocolError, UnreachableError, WatchroomError
from domain.motion import MotionPhase, Velocity
from ptz.connection import Connection
from ptz.course import Course, Wish
from ptz.cover import Cover, UncoveredError
from ptz.errand import Errand
from ptz.flight import Flight
from ptz.ladder import Message
from ptz.motions import BusyError, LearntError, Motions
from ptz.wire import WithdrawnError

DEADLINE_S = 4.0  # armed for so long at a time
GOAL_DEADLINE_S = 60.0  # for what ends by itself: a stored view, a place
MISSES = 3  # so many moves in a row may go unanswered while one is held


class Mover:
    """Carries out the wish of a course; `run` is the thread."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._clock = course.around.clock
        self._flight = Flight(course)
        self._connection = Connection(course, self._flight.gate)
        self._cover = Cover(course)
        self._renew_at = float("-inf")
        self._again = False  # the newest wish was refused or not answered, and has to be said again
        self._accepted: Velocity | None = None
        self._misses = 0

    def run(self) -> None:
        """Move whenever a move is due, until the course is retired."""
        while (job := self._due()) is not None:
            job()
        self._connection.hang_up()
        with self._course.changed:
            self._course.want(None)
            self._course.drop_chores(UnreachableError("the connection was given up"))

    def _due(self) -> Callable[[], None] | None:
        """Wait until something is due and return it, None in the end.

        A move never overtakes a Stop that is on its way: the camera might carry them out in the other order.
        """
        course = self._course
        with course.changed:
            while not course.retired:
                wait_s = None
                if course.wish is not None and not course.stops_flying:
                    wait_s = self._wish_at() - self._clock.monotonic()
                    if wait_s <= 0:
                        return self._move
                if course.chores:
                    return partial(self._ask, course.chores.popleft())
                if course.connect_asked and not self._connection.made:
                    return self._move
                course.changed.wait(wait_s)
            return None

    def _wish_at(self) -> float:
        course = self._course
        renewal = course.sent is not None and course.wish == course.sent and not self._again
        return self._renew_at if renewal else self._flight.free_at

    def _ask(self, chore: Errand) -> None:
        """Carry out a chore, if it is still valid; what it fails by goes to who gave it."""
        course = self._course
        try:
            motions = self._connection.motions()
            with course.changed:
                valid = chore.valid()
            if valid:
                chore.carry_out(motions)
            else:
                chore.drop(UnreachableError("something newer was asked"))
        except WatchroomError as error:
            chore.drop(error)
            self._connection.conclude(error)
            with course.changed:
                course.trouble = str(error)
        with course.changed:
            course.changed.notify_all()

    def _move(self) -> None:
        """Do what is wished for, having connected."""
        course = self._course
        try:
            motions = self._connection.motions()
            with course.changed:
                wish, ours = course.wish, course.ours
            if wish is not None and not ours:
                self._end(MotionPhase.READY, UnreachableError("it is in use elsewhere"), wish)
            elif isinstance(wish, Errand):
                self._go(motions, wish)
            elif wish is not None:
                self._hold(motions, wish)
        except WatchroomError as error:
            self._failed(error)

    def _hold(self, motions: Motions, wish: Velocity) -> None:
        """Begin, change or renew a movement that lasts until it is released."""
        fitting = motions.abilities.fitting(wish)
        if fitting.still:
            self._end(MotionPhase.READY, UnreachableError("it can't be moved this way"), wish)
            return
        self._cover.ready(DEADLINE_S)
        try:
            turn = 0
            for message in motions.plan(fitting):
                turn = self._said(motions, message, wish, fitting, turn)
                if not turn:
                    return
            self._accepted, self._misses = fitting, 0
        except BusyError:
            if fitting != self._accepted:  # it takes no move while it moves
                motions.stop()
                self._again = True
        except LearntError:
            self._again = True
            self._connection.keep_learnt()
        except WithdrawnError:
            self._again = True
        except (CredentialsError, ProtocolError):
            raise
        except UnreachableError as error:
            self._miss(error)

    def _said(self, motions: Motions, message: Message, wish: Velocity, fitting: Velocity, before: int) -> int:
        """Send one message of a plan; return its turn, 0 where the plan is void. `before`: the turn of the last one."""
        course = self._course
        with course.changed:
            begun = course.turn == before or not before
            if not (isinstance(course.wish, Velocity) and begun and course.covered(0.0)) or course.stops_flying:
                return 0
            starts = course.sent is None
            turn = self._flight.left(wish, anew=starts)
        self._again = False
        if starts:
            self._accepted = None
        self._renew_at = self._clock.monotonic() + motions.renewed_after_s(fitting)
        if starts:
            course.tell(turn, MotionPhase.MOVE_SENT, fitting)
        with self._flight.under_way(turn, self._connection):
            motions.say(message, fitting)
        course.tell(turn, MotionPhase.MOVING, fitting)
        return turn

    def _go(self, motions: Motions, errand: Errand) -> None:
        """Begin a movement that ends by itself."""
        course = self._course
        self._cover.ready(GOAL_DEADLINE_S)
        with course.changed:
            if course.wish is not errand or course.stops_flying or not course.covered(0.0):
                return
            course.wish = None  # taken out of the slot, not dropped
            turn = self._flight.left(None, anew=True)
        course.tell(turn, MotionPhase.MOVE_SENT)
        try:
            with self._flight.under_way(turn, self._connection, goal=True):
                self._carry_out(errand, motions)
        except WatchroomError as error:
            errand.drop(error)
            with course.changed:
                newer = course.turn != turn or course.wanted
            if not newer:
                raise
            self._connection.conclude(error)
            return
        with course.changed:
            if course.turn == turn:
                course.goal_turn = turn
            course.changed.notify_all()
        course.tell(turn, MotionPhase.MOVING)

    def _carry_out(self, errand: Errand, motions: Motions) -> None:
        """Carry out an errand; once more where the camera had to be stopped before, or asked otherwise."""
        try:
            errand.carry_out(motions)
        except BusyError:
            motions.stop()
        except LearntError:
            self._connection.keep_learnt()
        else:
            return
        errand.carry_out(motions)

    def _miss(self, error: UnreachableError) -> None:
        """Say a held move again that was not answered; raises the error where that happens too often."""
        self._misses += 1
        with self._course.changed:
            wanted = self._course.wanted
        if not wanted or self._misses >= MISSES:
            self._misses = 0
            raise error
        self._again = True
        self._connection.hang_up()

    def _failed(self, error: WatchroomError) -> None:
        """End what moves, and tell why."""
        course = self._course
        with course.changed:
            course.connect_asked = False
            course.trouble = str(error)
        disabled = isinstance(error, CredentialsError | UncoveredError)
        self._end(MotionPhase.DISABLED if disabled else MotionPhase.READY, error)
        self._connection.conclude(error)

    def _end(self, phase: MotionPhase, error: WatchroomError, only: Wish | None = None) -> None:
        """End what moves, and the wish, or neither where it is not `only` any more; tell why, where nothing moved."""
        course = self._course
        with course.changed:
            if only is not None and course.wish is not only:
                return
            if isinstance(course.wish, Errand):
                course.wish.drop(error)
            turn, moved = course.end_movement(), course.moved
            if not moved:
                course.around.watchdog.disarm(course.camera.no, course.arm_id)
        if not moved:
            course.tell(turn, phase, detail=str(error))
