"""The thread that sees to it that one camera stands still after a Stop, and says so when it does not."""

from collections.abc import Callable
from typing import Any

from domain.errors import CredentialsError, ProtocolError, UnreachableError
from domain.motion import MotionPhase, Position
from ptz.arming import STOP_AT_S
from ptz.course import Course
from ptz.errand import Errand
from ptz.motions import Motions, Status
from ptz.stillness import Sighting, Stillness, judged
from ptz.stopper import Stopper

LEAVE_WITHIN_S = 0.02
LOOK_EVERY_S = 0.1
LOOK_FOR_S = 3.0  # cameras run out after a Stop; longer than this is turning
STOP_AGAIN_S = 1.0
ANSWER_GRACE_S = 0.1
PERSIST_EVERY_S = 2.0  # while it may be moving
PERSIST_TIMES = 30
IDLE_S = 60.0  # then the camera's threads and connections are given up
GOAL_BEGINS_S = 0.6  # what a camera may take to leave for a stored view
GOAL_FOR_S = 55.0  # longer than this is no way to a view; the watchdog stops it at 60
SLOW_S = 0.3  # a camera slower than this is spared the move of zero, unless it is seen turning
ASKED_FOR_S = 8.0  # the longest that a look can take


class Overseer:
    """Follows each Stop of a course to its end, and each movement that ends by itself; `run` is the thread.

    What it asks the camera, it asks over the mover's connection.
    """

    def __init__(self, course: Course, stopper: Stopper) -> None:
        self._course = course
        self._stopper = stopper
        self._clock = course.around.clock
        self._followed = 0
        self._accompanied = 0

    def run(self) -> None:
        """Follow Stop after Stop; retire the course when nothing was asked for a minute."""
        course = self._course
        while True:
            with course.changed:
                called = course.changed.wait_for(self._called, IDLE_S)
                if not called and course.wish is not None:
                    continue
                if not called and not course.moved:
                    course.retired = True
                    course.changed.notify_all()
                if course.retired:
                    break
                goal = course.goal_turn if course.goal_turn > max(self._accompanied, course.stop_turn) else 0
                self._accompanied, self._followed = course.goal_turn, course.stop_turn
            if goal:
                self._accompany(goal)
            else:
                self._follow(self._followed)  # also what was given up a minute ago: it may still be moving

    def _called(self) -> bool:
        course = self._course
        return course.retired or course.stop_turn > self._followed or course.goal_turn > self._accompanied

    def _follow(self, order: int) -> None:
        """See a Stop to its end."""
        course = self._course
        course.tell(order, MotionPhase.STOP_SENT)
        answered = self._repeated_until_answered(order)
        if course.moved and course.usual_s <= SLOW_S:
            self._calm(order)
        for _ in range(PERSIST_TIMES):
            stillness, position = self._looked(order) if answered else (Stillness.TURNING, None)
            with course.changed:
                if course.void(order):
                    return
                moved, trouble, refused = course.moved, course.trouble, course.refused
                if refused:  # the watchdog would be refused as well, and the account locked
                    course.around.watchdog.disarm(course.camera.no, course.arm_id)
            if stillness is not Stillness.TURNING:
                self._stands(order, position) if stillness is Stillness.STILL else self._took_it(order)
                return
            if not moved:
                course.tell(order, MotionPhase.READY, detail=trouble)
                return
            detail = "it answered Stop but still turns" if answered else trouble or "Stop was not answered"
            course.tell(order, MotionPhase.MAY_BE_MOVING, detail=detail)
            if refused or self._voided_within(order, PERSIST_EVERY_S):
                return
            self._stop_again(order)
            answered = self._answered(order, self._clock.monotonic() + STOP_AGAIN_S + course.usual_s)

    def _accompany(self, goal: int) -> None:
        """See a movement that ends by itself to its end."""
        course = self._course
        if self._voided_within(goal, GOAL_BEGINS_S):
            return
        stillness, position = self._watched(goal, GOAL_FOR_S, stop_again=False)
        if stillness is Stillness.STILL:
            self._stands(goal, position)
        elif stillness is Stillness.UNSAID:
            self._took_it(goal, MotionPhase.READY)
        else:
            with course.changed:
                if not course.void(goal):
                    course.order_stop()

    def _repeated_until_answered(self, order: int) -> bool:
        """Send Stop again at each moment of the schedule, counted from when an answer was due."""
        course = self._course
        with course.changed:
            course.changed.wait_for(lambda: course.stop_sent_turn >= order or course.void(order), LEAVE_WITHIN_S)
            late = course.stop_sent_turn < order and not course.void(order)
        if late:  # an earlier Stop still waits for its answer on the kept connection, or it can't be opened
            self._stopper.beside(order)
        ordered_at = course.stop_at + course.usual_s
        for after_s in STOP_AT_S[1:]:
            if self._answered(order, ordered_at + after_s) or course.refused:
                return not course.refused
            self._stopper.beside(order)
        return self._answered(order, ordered_at + STOP_AT_S[-1] + ANSWER_GRACE_S)

    def _answered(self, order: int, until: float) -> bool:
        course = self._course
        with course.changed:
            course.changed.wait_for(
                lambda: course.answered_turn >= order or course.refused or course.void(order),
                max(0.0, until - self._clock.monotonic()),
            )
            return course.answered_turn >= order

    def _voided_within(self, order: int, for_s: float) -> bool:
        course = self._course
        with course.changed:
            return course.changed.wait_for(lambda: course.void(order), for_s)

    def _looked(self, order: int) -> tuple[Stillness, Position | None]:
        """Watch the camera until it can be judged, sending Stop again while it turns."""
        course = self._course
        with course.changed:
            course.changed.wait_for(lambda: course.void(order) or not course.in_flight)
        return self._watched(order, LOOK_FOR_S + 2 * course.usual_s, stop_again=True)

    def _watched(self, turn: int, for_s: float, *, stop_again: bool) -> tuple[Stillness, Position | None]:
        sightings: list[Sighting] = []
        usual_s, now = self._course.usual_s, self._clock.monotonic()
        again_at, ends_at = now + STOP_AGAIN_S + 2 * usual_s, now + for_s
        while self._clock.monotonic() < ends_at:
            status = self._status(turn)
            if status is not None:
                sightings.append(Sighting(self._clock.monotonic(), status))
                stillness = judged(sightings)
                if stillness is not Stillness.TURNING:
                    return stillness, status.position
            if stop_again and self._clock.monotonic() > again_at:
                self._stop_again(turn)
                again_at += STOP_AGAIN_S
            if self._voided_within(turn, LOOK_EVERY_S):
                break
        return Stillness.TURNING, None

    def _stop_again(self, order: int) -> None:
        self._stopper.beside(order)
        self._calm(order)

    def _calm(self, order: int) -> None:
        """Have a move of zero follow the Stop, for cameras that ignore that; its answer tells nothing."""
        course = self._course
        with course.changed:
            if not course.refused and not course.void(order):
                course.ask(Errand(lambda motions: motions.calm(), lambda: not course.void(order)))

    def _status(self, turn: int) -> Status | None:
        """Return what the camera says, None where it can't be asked now."""
        look = self._asked(turn, lambda motions: motions.status())
        if isinstance(look.answer, Status):
            return look.answer
        said_otherwise = isinstance(look.error, ProtocolError) and not isinstance(look.error, CredentialsError)
        return Status(None, None) if said_otherwise else None  # it has no status, or one that nobody can read

    def _asked(self, turn: int, do: Callable[[Motions], Any]) -> Errand:
        """Ask over the mover's connection and wait for the answer, while nothing newer is asked."""
        course = self._course
        errand = Errand(do, lambda: not course.void(turn))
        with course.changed:
            course.ask(errand)
            course.changed.wait_for(lambda: errand.done or course.void(turn), ASKED_FOR_S)
            if not errand.done:
                errand.drop(UnreachableError("the camera does not say where it is"))
        return errand

    def _stands(self, order: int, position: Position | None) -> None:
        course = self._course
        with course.changed:
            if course.void(order) or course.in_flight:
                return
            if course.counted:
                course.around.tally.confirmed()
            course.counted = course.moved = False
            course.trouble = ""
            course.around.watchdog.disarm(course.camera.no, course.arm_id)  # with the lock, so before any next move
            course.changed.notify_all()
        course.tell(order, MotionPhase.STOPPED, position=position)

    def _took_it(self, order: int, phase: MotionPhase = MotionPhase.STOP_SENT) -> None:
        """End the watch of a camera that says no more; the watchdog stops it once again at its deadline."""
        course = self._course
        with course.changed:
            if not course.void(order):
                course.counted = course.moved = False
                course.changed.notify_all()
        goal = phase is MotionPhase.READY
        detail = (
            "it is on its way, but does not tell where"
            if goal
            else "it answered Stop but does not tell whether it moves"
        )
        course.tell(order, phase, detail=detail)
