"""The thread that sees to it that one camera stands still after a Stop, and says so when it does not."""

from domain.errors import ProtocolError, WatchroomError
from domain.motion import MotionPhase, Position
from ptz.arming import STOP_AT_S
from ptz.course import Course
from ptz.device import Device, Status
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


class Overseer:
    """Follows each Stop of a course to its end; `run` is the thread."""

    def __init__(self, course: Course, stopper: Stopper) -> None:
        self._course = course
        self._stopper = stopper
        self._clock = course.around.clock
        self._eyes: Device | None = None
        self._followed = 0

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
                self._followed = course.stop_turn
            self._follow(self._followed)  # also what was given up a minute ago: it may still be moving
        self._close_eyes()

    def _called(self) -> bool:
        return self._course.retired or self._course.stop_turn > self._followed

    def _follow(self, order: int) -> None:
        course = self._course
        course.tell(order, MotionPhase.STOP_SENT)
        answered = self._repeated_until_answered(order)
        for _ in range(PERSIST_TIMES):
            stillness, position = self._looked(order) if answered else (Stillness.TURNING, None)
            with course.changed:
                if course.void(order):
                    return
                moved, trouble, refused = course.moved, course.trouble, course.refused
                if refused:  # the watchdog would be refused as well, and the account locked
                    course.around.watchdog.disarm(course.camera.no, course.arm_id)
            if stillness is Stillness.STILL:
                self._stands(order, position)
                return
            if stillness is Stillness.UNSAID:
                self._took_it(order)
                return
            if not moved:
                course.tell(order, MotionPhase.READY, detail=trouble)
                return
            detail = "it answered Stop but still turns" if answered else trouble or "Stop was not answered"
            course.tell(order, MotionPhase.MAY_BE_MOVING, detail=detail)
            if refused or self._voided_within(order, PERSIST_EVERY_S):
                return
            self._stopper.beside(order)
            answered = self._answered(order, self._clock.monotonic() + STOP_AGAIN_S + course.usual_s)

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
        sightings: list[Sighting] = []
        again_at = self._clock.monotonic() + STOP_AGAIN_S + 2 * course.usual_s
        ends_at = self._clock.monotonic() + LOOK_FOR_S + 2 * course.usual_s
        while self._clock.monotonic() < ends_at:
            status = self._status()
            if status is not None:
                sightings.append(Sighting(self._clock.monotonic(), status))
                stillness = judged(sightings)
                if stillness is not Stillness.TURNING:
                    return stillness, status.position
            if self._clock.monotonic() > again_at:
                self._stopper.beside(order)
                again_at += STOP_AGAIN_S
            if self._voided_within(order, LOOK_EVERY_S):
                break
        return Stillness.TURNING, None

    def _status(self) -> Status | None:
        """Return what the camera says, None where it can't be asked now."""
        course = self._course
        try:
            if self._eyes is None:
                self._eyes = course.around.contacts.device(course.camera)
            return self._eyes.status()
        except ProtocolError:
            return Status(None, None)  # it has no status, or one that nobody can read
        except WatchroomError as error:
            self._close_eyes()
            with course.changed:
                course.trouble = str(error)
            return None

    def _stands(self, order: int, position: Position | None) -> None:
        course = self._course
        with course.changed:
            if course.void(order) or course.in_flight:
                return
            if course.moved:
                course.around.tally.confirmed()
            course.moved = False
            course.trouble = ""
            course.around.watchdog.disarm(course.camera.no, course.arm_id)  # with the lock, so before any next move
            course.changed.notify_all()
        course.tell(order, MotionPhase.STOPPED, position=position)

    def _took_it(self, order: int) -> None:
        """End the watch of a camera that says no more; the watchdog stops it once again at its deadline."""
        course = self._course
        with course.changed:
            if not course.void(order):
                course.moved = False
                course.changed.notify_all()
        course.tell(order, MotionPhase.STOP_SENT, detail="it answered Stop but does not tell whether it moves")

    def _close_eyes(self) -> None:
        if self._eyes is not None:
            self._eyes.close()
        self._eyes = None
