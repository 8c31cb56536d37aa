"""The thread that stops one camera, on a connection that nothing else uses."""

import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from domain.errors import CredentialsError, ProtocolError, WatchroomError
from ptz.contact import Contact
from ptz.course import Course
from ptz.errand import Errand
from ptz.motions import Motions
from ptz.signing import Signer
from ptz.soap import check_stopped, stop_envelope
from ptz.wire import Line


@dataclass(frozen=True, slots=True)
class _Way:
    """A connection to a camera, and how what it carries is signed."""

    contact: Contact
    line: Line
    signer: Signer


class Stopper:
    """Sends the Stops of a course; `run` is the thread."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._clock = course.around.clock
        self._way: _Way | None = None
        self._ordered = 0
        self._opened = -1
        self._lent_turn = 0  # the last turn whose Stop the mover was asked to send

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
        if self._way is not None:
            self._way.line.close()

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
        if self._way is None or self._way.contact is not contact:
            if self._way is not None:
                self._way.line.close()
            self._way = self._way_to(contact)
        if order and order > self._course.stop_sent_turn:
            self._send(self._way, order)
        else:
            self._way.line.open()

    def _send_beside(self, contact: Contact, turn: int) -> None:
        way = self._way_to(contact)
        with closing(way.line):
            self._send(way, turn)

    def _way_to(self, contact: Contact) -> "_Way":
        """Return a connection that is not open yet, and how what it carries is signed."""
        camera, clock = self._course.camera, self._clock
        credentials = self._course.around.contacts.credentials(camera)
        signer = Signer(
            credentials,
            lambda: clock.now() + timedelta(seconds=contact.clock_offset_s),
            contact.auth,
            basic_allowed=camera.basic_allowed,
        )
        return _Way(contact, Line(contact.ptz_url, clock, pin=contact.fingerprint), signer)

    def _send(self, way: "_Way", turn: int) -> None:
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
            body = stop_envelope(way.contact.head.profile, None, self._clock.now())
            check_stopped(way.signer.post(way.line, way.contact.ptz_url, body, repeatable=True))
        except WatchroomError as error:
            failure = error
        with course.changed:
            course.stops_flying -= 1
            if failure is None:
                course.answered_turn = max(turn, course.answered_turn)
            else:
                course.trouble = str(failure)
                self._lend(turn, failure)
            course.changed.notify_all()
        if isinstance(failure, CredentialsError):
            self._reconsider(way.contact, failure)

    def _lend(self, turn: int, failure: WatchroomError) -> None:
        """Have the mover send this Stop too, with the lock: some cameras take one connection, which is the mover's."""
        course = self._course
        if isinstance(failure, CredentialsError | ProtocolError) or turn <= self._lent_turn:
            return
        self._lent_turn = turn

        def stop(motions: Motions) -> None:
            motions.stop()
            with course.changed:
                course.answered_turn = max(turn, course.answered_turn)

        course.ask(Errand(stop, lambda: not course.void(turn)))

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
