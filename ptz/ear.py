"""What is done to hear one camera: found out how it is reached, a pull point made, asked, renewed, ended."""

import logging
import random
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from socket import socket

from domain.camera import Camera
from domain.camera_event import CameraEvent
from domain.clock import Clock
from domain.errors import CredentialsError, ProtocolError, UnreachableError
from ptz.contact import Contact
from ptz.contacts import Contacts
from ptz.pull_line import PullLine
from ptz.pull_point import PullPoint
from ptz.pull_signing import PullSigner
from ptz.topics import Heard, events_in, has

_log = logging.getLogger(__name__)

BACKOFF_S = (1.0, 2.0, 5.0, 15.0, 60.0)
EMPTY_S = 1.0  # how often a camera is asked that answers at once that there is nothing
BUSY_S = 0.1  # and one that always has something
NEVER = float("inf")
_SPREAD = (0.8, 1.2)


class Hearing(StrEnum):
    """How a camera is heard."""

    WAITING = "waiting"  # nothing was answered yet
    HEARD = "heard"
    LOST = "lost"  # it is tried again by itself
    REFUSED = "refused"  # our password; a person has to retry


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when nothing needs to be done for a camera (monotonic), unless its answer begins on this socket."""

    until: float
    sock: socket | None = None


class Ear:
    """Listens to one camera. `work` and `retire` are called by one thread at a time, and may wait some seconds.

    `report` is called on that thread. `wanted` is for the owner's use.
    """

    def __init__(self, camera: Camera, contacts: Contacts, report: Callable[[CameraEvent], None], clock: Clock) -> None:
        self.camera = camera
        self.hearing = Hearing.WAITING
        self.detail = ""  # why it is not heard
        self.wanted = True
        self.retired = False
        self._contacts = contacts
        self._report = report
        self._clock = clock
        self._contact: Contact | None = None
        self._point: PullPoint | None = None
        self._failures = 0
        self._pulled_at = 0.0
        self._pull_at = 0.0  # not asked before
        self._ending = False

    def work(self) -> Rest:
        """Do what is due, and return until when there is nothing more to do."""
        try:
            point = self._go_on()
        except CredentialsError as error:
            return self._refused(error)
        except ProtocolError as error:
            self._end_point()
            return self._failed(error)
        except UnreachableError as error:
            if self._point is not None:
                self._point.line.close()
            return self._failed(error)
        if point.line.waiting_on is None:
            return Rest(self._pull_at)
        return Rest(point.answer_by, point.line.waiting_on)

    def retire(self) -> None:
        """End the pull point and hang up."""
        self.retired = True
        self._end_point()

    def hang_up(self) -> None:
        """Hang up without a word; the camera's pull point ends by itself."""
        point, self._point = self._point, None
        if point is not None:
            point.line.close()

    def hurry(self) -> None:
        """Have listening that is under way end at once, from any thread; ending the pull point goes on."""
        self._ending = True
        if not self.retired:
            self.break_off()

    def break_off(self) -> None:
        """Have everything that waits for the camera fail at once, from any thread."""
        point = self._point
        if point is not None:
            point.line.break_off()

    def _go_on(self) -> PullPoint:
        self._contacts.check(self.camera)  # somebody else may have been refused meanwhile
        point = self._point
        if point is not None and point.line.waiting_on is not None:
            answer = point.take()
            if answer is None and self._clock.monotonic() >= point.answer_by:
                raise UnreachableError("the camera has not answered in time")
            if answer is None:
                return point
            self._heard(answer)
        elif point is None or not point.lives:
            point = self._subscribed()
        if self._clock.monotonic() >= self._pull_at:
            point.renew_if_due()
            self._pulled_at = self._clock.monotonic()
            point.pull()
        return point

    def _subscribed(self) -> PullPoint:
        """Make the pull point; how the camera is reached is found out anew, or known."""
        self.hang_up()
        self._contact = None
        with closing(self._contacts.device(self.camera)) as device:
            contact = self._contact = device.contact()
        if self._ending:
            raise UnreachableError("nobody listens any more")
        if not contact.events_url:
            raise ProtocolError("the camera has no event service")
        line = PullLine(contact.events_url, self._clock, pin=contact.fingerprint)
        credentials, allowed = self._contacts.credentials(self.camera), self.camera.basic_allowed
        signer = PullSigner(credentials, self._camera_time, contact.auth, basic_allowed=allowed)
        self._point = point = PullPoint(contact.events_url, line, signer, self._clock)
        point.subscribe()
        return point

    def _heard(self, answer: object) -> None:
        self._failures, self.hearing, self.detail = 0, Hearing.HEARD, ""
        self._pull_at = self._pulled_at + (BUSY_S if has(answer, "NotificationMessage") else EMPTY_S)
        now = self._clock.now()
        for event in events_in(answer, Heard(self.camera.no, now, self._offset_s())):
            if not self._ending:
                self._report(event)

    def _camera_time(self) -> datetime:
        return self._clock.now() + timedelta(seconds=self._offset_s())

    def _offset_s(self) -> float:
        return self._contact.clock_offset_s if self._contact is not None else 0.0

    def _failed(self, error: Exception) -> Rest:
        pause_s = BACKOFF_S[min(self._failures, len(BACKOFF_S) - 1)]
        self._failures += 1
        self.hearing, self.detail = Hearing.LOST, str(error)
        _log.info("camera %s is not heard: %s", self.camera.no, error)
        pause_s *= random.uniform(*_SPREAD)  # noqa: S311 - spreads cameras out, guards nothing
        return Rest(self._clock.monotonic() + pause_s)

    def _refused(self, error: CredentialsError) -> Rest:
        """Be still until a person retries, unless the camera only wants its new time in what is signed."""
        contact, point = self._contact, self._point
        self.hang_up()
        try:
            if contact is not None and point is not None and point.admitted:  # it let us hear before
                self._contacts.refused(self.camera, contact, error)
            elif contact is not None:
                self._find_out_why()
            self._contacts.check(self.camera)
        except CredentialsError as refusal:
            self.hearing, self.detail = Hearing.REFUSED, str(refusal)
            return Rest(NEVER)
        except UnreachableError as failure:
            return self._failed(failure)
        return self._failed(error)

    def _find_out_why(self) -> None:
        """Draw the conclusion with all others where the password is refused elsewhere too.

        CredentialsError where only the events are: cameras say the same where a name lacks a right, and then nothing
        else may be closed.
        """
        with closing(self._contacts.device(self.camera)) as device:
            try:
                device.status()
            except CredentialsError as refusal:
                self._contacts.refused(self.camera, device.contact(), refusal)
                return
            except ProtocolError:
                pass  # it lets us in, and does not know what was asked
        raise CredentialsError("the camera does not let this name hear its events")

    def _end_point(self) -> None:
        if self._point is not None:
            self._point.unsubscribe()
        self._point = None
