"""One gate for video and PTZ: a wrong password is tried once in the whole program, at a camera that locks us out."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from console.core import Core
from domain.camera import Camera, Credentials
from domain.errors import CredentialsError, UnreachableError
from domain.picture import FrameSource, LossReason, Subscription
from tests.console.by_hand import until
from tests.console.street import PracticeStreet
from tests.console.surroundings import Workstation

pytest_plugins = ["tests.console.fixtures"]
pytestmark = [pytest.mark.system, pytest.mark.alone, pytest.mark.timeout(120)]

DOME = 4
WRONG = Credentials(PracticeStreet.who.user, "last year's password")


class Room:
    """A whole console's core with the dome in its register, and a dome that locks out after three wrong passwords."""

    def __init__(self, workstation: Workstation, street: PracticeStreet) -> None:
        self.core: Core = workstation.core
        self.street = street
        self.dome: Camera = street.camera(DOME)
        self.core.stores.cameras.replace_many([self.dome])
        self._wrong_before = street.state(DOME)["wrong_sign_ins"]
        street.fault(DOME, "locks_out")
        self.core.start()

    def give(self, credentials: Credentials) -> None:
        self.core.stores.secrets.keep("practice", credentials)

    @property
    def wrong(self) -> int:
        """How often the dome refused us, whichever way we came."""
        return int(self.street.state(DOME)["wrong_sign_ins"]) - self._wrong_before

    def look(self, profile: str) -> FrameSource:
        return self.core.video.subscribe(self.dome, Subscription(DOME, profile, 160, 90))

    def turn(self) -> Exception | None:
        """Ask the dome where it looks; return what went wrong."""
        try:
            self.core.ptz.status(self.dome)
        except UnreachableError as error:
            return error
        return None

    def settle(self) -> None:
        """Give whoever would try again the time to do it: sessions are probed every two seconds.

        Longer than what makes a retry impatient, too.
        """
        threading.Event().wait(2.5)


@pytest.fixture
def room(workstation: Workstation, street: PracticeStreet) -> Iterator[Room]:
    yield Room(workstation, street)
    street.clear(DOME)


def refused(*sources: FrameSource) -> bool:
    return all(source.state().reason is LossReason.WRONG_PASSWORD for source in sources)


def live(source: FrameSource) -> bool:
    return source.newest() is not None


def test_both_streams_and_ptz_try_a_wrong_password_once_together(room: Room) -> None:
    room.give(WRONG)
    errors: list[Exception | None] = []
    turning = [threading.Thread(target=lambda: errors.append(room.turn())) for _ in range(3)]
    for thread in turning:
        thread.start()
    sources = [room.look("sub"), room.look("main")]
    for thread in turning:
        thread.join(30)
    until("the refusal", lambda: refused(*sources), 20)
    assert [type(error) for error in errors] == [CredentialsError] * 3
    room.settle()
    assert room.wrong == 1
    assert not room.street.state(DOME)["locked"]


@pytest.mark.parametrize("first", ["video", "ptz"])
def test_what_one_was_refused_the_other_does_not_try(room: Room, first: str) -> None:
    room.give(WRONG)
    if first == "ptz":
        assert isinstance(room.turn(), CredentialsError)
    source = room.look("sub")
    until("the refusal", lambda: refused(source), 20)
    assert isinstance(room.turn(), CredentialsError)
    assert room.wrong == 1
    # Nor does anything that is opened later, or a worker that is new.
    assert isinstance(room.turn(), CredentialsError)
    for _, pid in room.core.video.processes():
        os.kill(pid, signal.SIGKILL)
    later = room.look("main")
    until("the refusal", lambda: refused(later), 20)
    room.settle()
    assert room.wrong == 1


def test_each_time_a_person_wants_it_again_it_is_tried_once_and_in_the_end_the_dome_locks_us_out(room: Room) -> None:
    room.give(WRONG)
    source = room.look("sub")
    until("the refusal", lambda: refused(source), 20)
    for times in (2, 3):
        for _ in range(3):  # an impatient person means one try
            room.core.video.retry(DOME)
        until("another try", lambda times=times: room.wrong == times, 20)
        room.settle()
        assert room.wrong == times
        assert refused(source)
    assert room.street.state(DOME)["locked"]  # the fault is in force: the third was one too many
    room.give(PracticeStreet.who)
    room.core.video.retry(DOME)
    until("the right one refused too", lambda: room.wrong == 4, 20)
    assert isinstance(room.turn(), CredentialsError)
    room.settle()
    assert room.wrong == 4


def test_the_right_password_serves_all_after_a_person_has_put_it_in(room: Room) -> None:
    room.give(WRONG)
    source = room.look("sub")
    until("the refusal", lambda: refused(source), 20)
    assert isinstance(room.turn(), CredentialsError)
    room.give(PracticeStreet.who)
    room.settle()
    assert room.wrong == 1  # nobody tried it by himself
    room.core.video.retry(DOME)
    until("a picture", lambda: live(source), 20)
    assert room.turn() is None
    main = room.look("main")
    until("the other picture", lambda: live(main), 30)
    assert room.wrong == 1


def test_a_dome_that_was_not_reached_by_one_is_still_tried_by_the_other(room: Room, street: PracticeStreet) -> None:
    room.give(PracticeStreet.who)
    street.fault(DOME, "dead")
    assert isinstance(room.turn(), UnreachableError)
    source = room.look("sub")
    until("no answer", lambda: source.state().reason is LossReason.NO_ANSWER, 20)
    street.clear(DOME)
    until("a picture", lambda: live(source), 20)
    assert room.turn() is None
    assert room.wrong == 0


def test_a_password_that_was_changed_at_the_dome_is_sent_once_by_pictures_and_movements_together(room: Room) -> None:
    room.give(PracticeStreet.who)
    sources = [room.look("sub"), room.look("main")]
    for source in sources:
        until("a picture", lambda source=source: live(source), 30)
    assert room.turn() is None
    room.street.fault(DOME, "wrong_password")
    room.street.fault(DOME, "stalled")
    until("the refusal", lambda: refused(*sources), 30)
    assert isinstance(room.turn(), CredentialsError)
    room.settle()
    assert room.wrong == 1
    room.street.clear(DOME)
    room.core.video.retry(DOME)
    until("another try", lambda: all(source.state().reason is None for source in sources), 20)
    assert room.turn() is None
    assert room.wrong == 1
