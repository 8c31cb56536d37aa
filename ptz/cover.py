"""Having the watchdog ready to stop one camera: without that nothing is moved."""

from domain.errors import UnreachableError
from ptz.course import Course
from ptz.ladder import Manner, zero_said

ANEW = 0.5  # armed anew when less than this share of the time is left


class UncoveredError(UnreachableError):
    """The watchdog does not confirm that it would stop the camera."""


class Cover:
    """Arms the watchdog for the thread that moves the camera."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._for_s = 0.0

    def ready(self, for_s: float) -> None:
        """Return when the watchdog would stop this camera, for so many seconds, or half of them yet; UncoveredError.

        The camera's contact is known.
        """
        course, around = self._course, self._course.around
        contact = course.contact
        if contact is None:
            raise UncoveredError("it is not known how the camera is reached")
        if self._for_s == for_s and course.covered(for_s * ANEW):
            return
        try:
            arm_id = around.watchdog.arm(
                course.camera.no,
                contact.ptz_url,
                contact.head.profile,
                around.contacts.credentials(course.camera),
                offset_s=contact.clock_offset_s,
                zero=zero_said(contact.head.abilities, course.manner or Manner()),
                auth=contact.auth,
                pin=contact.fingerprint,
                basic_allowed=course.camera.basic_allowed,
                deadline_s=for_s + 4 * course.usual_s,  # time for a slow camera to be seen standing still
            )
        except UnreachableError as error:
            raise UncoveredError(str(error)) from error
        self._for_s = for_s
        with course.changed:
            course.arm_id = arm_id
