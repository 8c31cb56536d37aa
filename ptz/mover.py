"""The thread that moves one camera: the newest wish only, renewed while it is held."""

from domain.errors import CredentialsError, UnreachableError, WatchroomError
from domain.motion import MotionPhase
from ptz.course import Course
from ptz.device import Device

DEADLINE_S = 4.0  # armed for so long at a time
COVER_S = 2.0  # and armed anew when less of it is left
GAP_S = 0.04  # between two changes of one movement: a joystick reports more often than cameras bear


class Mover:
    """Carries out the wish of a course; `run` is the thread."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._clock = course.around.clock
        self._device: Device | None = None

    def run(self) -> None:
        """Move whenever a move is due, until the course is retired."""
        while self._due():
            try:
                if self._device is None:
                    self._device = self._connected()
                self._course.around.contacts.check(self._course.camera)
                if self._armed():
                    self._send(self._device)
            except WatchroomError as error:
                self._failed(error)
                self._hang_up()
        self._hang_up()

    def _due(self) -> bool:
        """Wait until a move is due or a connection is asked for; False when retired.

        A move never overtakes a Stop that is on its way: the camera might carry them out in the other order.
        """
        course = self._course
        with course.changed:
            while not course.retired:
                wait_s = None
                if course.wish is not None and not course.stops_flying:
                    wait_s = self._due_at() - self._clock.monotonic()
                    if wait_s <= 0:
                        return True
                elif course.connect_asked and self._device is None:
                    return True
                course.changed.wait(wait_s)
            return False

    def _due_at(self) -> float:
        course = self._course
        if course.sent is None or course.contact is None:
            return 0.0
        return course.sent_at + (course.contact.timeout_s / 2 if course.wish == course.sent else GAP_S)

    def _connected(self) -> Device:
        course = self._course
        device = course.around.contacts.device(course.camera)
        device.open()
        with course.changed:
            course.contact = device.contact()
            course.refused = False
            course.connect_asked = False
            course.changed.notify_all()
        return device

    def _armed(self) -> bool:
        """Have the watchdog ready to stop this camera; without that nothing leaves."""
        course = self._course
        with course.changed:
            contact = course.contact
            if course.wish is None or contact is None:
                return False
        if course.covered(COVER_S):
            return True
        try:
            arm_id = course.around.watchdog.arm(
                course.camera.no,
                contact.ptz_url,
                contact.profile,
                course.around.contacts.credentials(course.camera),
                offset_s=contact.clock_offset_s,
                deadline_s=DEADLINE_S + 4 * course.usual_s,  # time for a slow camera to be seen standing still
            )
        except UnreachableError as error:
            with course.changed:
                turn = course.end_movement()
            course.tell(turn, MotionPhase.DISABLED, detail=str(error))
            return False
        with course.changed:
            course.arm_id = arm_id
        return True

    def _send(self, device: Device) -> None:
        course = self._course
        with course.changed:
            if course.wish is None or course.stops_flying or not course.covered(0.0):
                return
            velocity, starts = course.wish, course.sent is None
            if starts:
                course.turn += 1
            if not course.moved:
                course.around.tally.began()
            course.moved = course.in_flight = True
            course.sent, course.sent_at = velocity, self._clock.monotonic()
            turn = course.turn
            course.changed.notify_all()
        if starts:
            course.tell(turn, MotionPhase.MOVE_SENT, velocity)
        try:
            device.move(velocity)
        finally:
            with course.changed:
                course.in_flight = False
                course.usual_s = min(device.slowest_s, 2.0)
                # Released meanwhile, or the console slept and the watchdog has spoken: the Stop that went out may
                # have been carried out before this move.
                if not (course.wanted and course.covered(0.0)):
                    course.order_stop()
                course.changed.notify_all()
        course.tell(turn, MotionPhase.MOVING, velocity)

    def _failed(self, error: WatchroomError) -> None:
        course = self._course
        with course.changed:
            course.connect_asked = False
            course.trouble = str(error)
            turn = course.end_movement()
            moved = course.moved
        refused = isinstance(error, CredentialsError)
        if not moved:
            course.tell(turn, MotionPhase.DISABLED if refused else MotionPhase.READY, detail=str(error))
        if isinstance(error, CredentialsError) and self._device is not None:
            course.around.contacts.refused(course.camera, self._device.contact(), error)

    def _hang_up(self) -> None:
        if self._device is not None:
            self._device.close()
        self._device = None
