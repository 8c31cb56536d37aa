"""A password of the whole engine at practice cameras, which count what they refuse: sent once, whatever happens."""

import threading

import pytest

from domain.camera import Credentials, Profile
from domain.picture import LossReason
from domain.sign_in_gate import SignInGate
from tests.video.city import WHO, running_city
from tests.video.conftest import Desk
from tests.video.test_engine import CHALLENGE, FINE, reason_of, refuses

pytestmark = pytest.mark.system

WRONG = Credentials(WHO.user, "last year's")
SETTLED_S = 3.0  # a session is probed every two seconds


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with running_city(tmp_path_factory.mktemp("city"), [{"no": 1}, {"no": 2}]) as city:
        yield city


class Room(Desk):
    """An engine whose gate PTZ would share, and a practice camera that counts."""

    def __init__(self, city):
        self.gate = SignInGate()
        super().__init__(gate=self.gate)
        self.city = city
        self.camera = city.camera(1)
        self._before = city.state(1)["wrong_sign_ins"]
        self.engine.start()

    def look(self, wish, camera=None):
        profiles = [profile.value for profile in Profile]
        return [self.engine.subscribe(camera or self.camera, wish(profile=profile)) for profile in profiles]

    @property
    def wrong(self):
        return self.city.state(1)["wrong_sign_ins"] - self._before

    def settle(self):
        threading.Event().wait(SETTLED_S)


@pytest.fixture
def room(city):
    city.clear(1)
    room = Room(city)
    yield room
    room.engine.close()
    city.clear(1)


def refused(sources):
    return all(reason_of(source) is LossReason.WRONG_PASSWORD for source in sources)


def live(sources):
    return all(source.newest() is not None for source in sources)


def until_live(sources, eventually):
    for source in sources:
        eventually(source.newest)


def test_a_password_that_was_changed_at_the_camera_is_sent_once_by_both_streams(room, wish, eventually):
    sources = room.look(wish)
    until_live(sources, eventually)
    room.city.fault(1, "wrong_password")
    room.city.fault(1, "stalled")
    eventually(lambda: refused(sources))
    room.settle()
    assert room.wrong == 1
    assert room.gate.is_refused(1, WHO, "ptz")
    room.city.clear(1)
    room.engine.retry(1)
    until_live(sources, eventually)
    assert room.wrong == 1


def test_new_credentials_of_a_live_camera_are_sent_once(room, wish, eventually):
    sources = room.look(wish)
    until_live(sources, eventually)
    room.credentials = WRONG
    sources += room.look(wish)
    eventually(lambda: refused(sources))
    room.settle()
    assert room.wrong == 1
    assert room.gate.is_refused(1, WRONG, "ptz")
    assert not room.gate.is_refused(1, WHO, "ptz")
    room.credentials = WHO
    room.engine.retry(1)
    until_live(sources, eventually)
    assert room.wrong == 1


def test_a_proven_password_is_sent_once_to_a_new_address(room, scripted, camera_at, wish, eventually):
    until_live(room.look(wish), eventually)
    scripted.answer = refuses
    elsewhere = camera_at(sub_url=scripted.url, main_url=scripted.url + "/main")
    sources = room.look(wish, elsewhere)
    eventually(lambda: refused(sources))
    room.settle()
    assert len(scripted.with_password()) == 1


def test_who_calls_a_camera_up_while_its_password_is_unanswered_sends_none(room, scripted, camera_at, wish, eventually):
    scripted.answer = lambda request: (
        None if "Authorization:" in request else FINE if request.startswith("OPTIONS") else CHALLENGE + b"\r\n"
    )
    room.look(wish, camera_at(sub_url=scripted.url, main_url=scripted.url + "/main"))
    eventually(lambda: len(scripted.with_password()) == 1)
    for _ in range(2):
        threading.Event().wait(2.1)  # longer than what makes a retry impatient
        room.engine.retry(1)
    threading.Event().wait(1.0)
    assert len(scripted.with_password()) == 1
    assert not room.gate.enter(1, WHO, "ptz")


def test_a_camera_that_nobody_looks_at_any_more_is_free_for_movements(room, scripted, camera_at, wish, eventually):
    scripted.answer = refuses
    assert room.gate.enter(1, WHO, "ptz")
    (source, _) = room.look(wish, camera_at(sub_url=scripted.url, main_url=scripted.url + "/main"))
    eventually(lambda: room.engine._permits._waiting)
    for each in (source, _):
        room.engine.unsubscribe(each)
    room.settle()  # until the worker has let go of the camera
    room.gate.leave(1, "ptz")
    eventually(lambda: not room.engine._permits._waiting and not room.engine._permits._given)
    assert room.gate.enter(1, WHO, "ptz")
    assert scripted.with_password() == []


def test_who_calls_a_camera_up_that_was_refused_while_nobody_looked_has_it_tried(room, wish, eventually):
    room.credentials = WRONG
    sources = room.look(wish)
    eventually(lambda: refused(sources))
    for source in sources:
        room.engine.unsubscribe(source)
    room.engine.retry(1)
    sources = room.look(wish)
    eventually(lambda: room.wrong == 2)
    eventually(lambda: refused(sources))
    room.settle()
    assert room.wrong == 2
