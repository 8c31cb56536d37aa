"""The connection over which one camera is moved, and what is learnt of the camera on it."""

from domain.errors import CredentialsError, ProtocolError, UnreachableError, WatchroomError
from ptz.course import Course
from ptz.device import Device
from ptz.motions import Motions
from ptz.wire import Gate, WithdrawnError

MOST_USUAL_S = 2.0  # a camera whose answers take longer is not waited for longer


class Connection:
    """Used by the thread that moves the camera; each message passes `gate` just when it is written."""

    def __init__(self, course: Course, gate: Gate) -> None:
        self._course = course
        self._gate = gate
        self._device: Device | None = None
        self._motions: Motions | None = None

    @property
    def made(self) -> bool:
        """Whether there is one."""
        return self._motions is not None

    @property
    def usual_s(self) -> float:
        """Return how long the camera's answers take."""
        return min(self._device.slowest_s, MOST_USUAL_S) if self._device is not None else 0.0

    def motions(self) -> Motions:
        """Return what moves the camera, having connected where needed.

        Raises UnreachableError, ProtocolError or CredentialsError, at once where our password was refused elsewhere.
        """
        motions = self._motions
        if motions is None or self._course.contact is None:  # it may be reached otherwise since
            self.hang_up()
            motions = self._connect()
        self._course.around.contacts.check(self._course.camera)
        return motions

    def keep_learnt(self) -> None:
        """Have what the camera's refusals taught kept with its contact."""
        course = self._course
        if course.manner is not None and course.contact is not None:
            for quirk in course.manner.quirks - course.contact.quirks:
                course.around.contacts.learn(course.camera, quirk)

    def conclude(self, error: WatchroomError) -> None:
        """Have a camera left alone that refuses our password; hang up where it did not answer."""
        if isinstance(error, CredentialsError) and self._device is not None:
            self._course.around.contacts.refused(self._course.camera, self._device.contact(), error)
        if isinstance(error, UnreachableError) and not isinstance(error, ProtocolError | WithdrawnError):
            self.hang_up()

    def hang_up(self) -> None:
        """Close it; it is made again when it is needed."""
        if self._device is not None:
            self._device.close()
        self._device = self._motions = None

    def _connect(self) -> Motions:
        course = self._course
        self._device = device = course.around.contacts.device(course.camera)
        device.open()
        contact = device.contact()
        if course.manner is None:
            course.manner = device.manner()
        self._motions = motions = device.motions(course.manner)
        device.pass_through(self._gate)
        with course.changed:
            course.contact = contact
            course.refused = False
            course.connect_asked = False
            course.changed.notify_all()
        return motions
