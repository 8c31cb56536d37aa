"""The thread that stops one camera, on a connection that nothing else uses."""

import threading
from contextlib import closing
from datetime import timedelta

from domain.errors import CredentialsError, WatchroomError
from ptz.course import Course
from ptz.device import Contact
from ptz.soap import check_stopped, stop_envelope
from ptz.wire import Line


class Stopper:
    """Sends the Stops of a course; `run` is the thread."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._clock = course.around.clock
        self._line: Line | None = None
        self._ordered = 0
        self._opened = -1

    def run(self) -> None:
        """Send Stop as soon as it is asked for, and have the connection open before; until the course is retired."""
        course = self._course
        while True:
            with course.changed:
                course.changed.wait_for(self._needed)
                if course.retired:
                    break
                order, contact = course.stop_turn, course.contact
                fresh = order > self._ordered
                self._ordered, self._opened = order, course.turn
            try:
                self._serve(contact or self._ask(), order if fresh else 0)
            except WatchroomError as error:
                with course.changed:
                    course.trouble = str(error)
        if self._line is not None:
            self._line.close()

    def beside(self, turn: int) -> None:
        """Send one more Stop on a connection of its own: the kept one may be dead without having said so."""
        contact = self._course.contact
        if contact is not None:
            name = f"ptz-{self._course.camera.no}-stop-again"
            threading.Thread(target=self._send_beside, args=(contact, turn), name=name, daemon=True).start()

    def _needed(self) -> bool:
        course = self._course
        known = course.contact is not None
        return course.retired or course.stop_turn > self._ordered or (known and course.turn > self._opened)

    def _ask(self) -> Contact:
        course = self._course
        with closing(course.around.contacts.device(course.camera)) as device:
            contact = device.contact()
        with course.changed:
            course.contact = contact
        return contact

    def _serve(self, contact: Contact, order: int) -> None:
        if self._line is None:
            self._line = Line(contact.ptz_url, self._clock)
        if order and order > self._course.stop_sent_turn:
            self._send(self._line, contact, order)
        else:
            self._line.open()

    def _send_beside(self, contact: Contact, turn: int) -> None:
        with closing(Line(contact.ptz_url, self._clock)) as line:
            self._send(line, contact, turn)

    def _send(self, line: Line, contact: Contact, turn: int) -> None:
        """Send one Stop, unless it is void, and note whether the camera took it."""
        course = self._course
        with course.changed:
            if course.refused or course.void(turn):
                return
            course.stops_flying += 1
            course.stop_sent_turn = max(turn, course.stop_sent_turn)
            course.changed.notify_all()
        failure: WatchroomError | None = None
        try:
            signed_at = self._clock.now() + timedelta(seconds=contact.clock_offset_s)
            body = stop_envelope(contact.profile, course.around.contacts.credentials(course.camera), signed_at)
            check_stopped(line.post(contact.ptz_url, body, repeatable=True))
        except WatchroomError as error:
            failure = error
        with course.changed:
            course.stops_flying -= 1
            if failure is None:
                course.answered_turn = max(turn, course.answered_turn)
            else:
                course.trouble = str(failure)
            course.changed.notify_all()
        if isinstance(failure, CredentialsError):
            self._reconsider(contact, failure)

    def _reconsider(self, contact: Contact, refusal: CredentialsError) -> None:
        """Find out whether a refusal came from the camera's clock, set meanwhile; else send nothing more."""
        course = self._course
        course.around.contacts.refused(course.camera, contact, refusal)
        try:
            self._ask()
        except WatchroomError:
            with course.changed:
                course.refused = True
                course.changed.notify_all()
