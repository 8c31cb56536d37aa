"""What cameras are spared and who gives way: the shared gate, keyframes, the budget, sessions kept open, threads."""

import os
import signal
import threading
from dataclasses import replace

import pytest

from domain.camera import Credentials, Profile
from domain.picture import Face, LossReason
from domain.sign_in_gate import SignInGate
from tests.video.conftest import WHO, Desk
from tests.video.test_engine import is_up, reason_of, refuses
from video.budget import Limits

pytestmark = pytest.mark.system


@pytest.fixture
def desk_with():
    """Run engines as a test wants them."""
    desks = []

    def make(**more):
        desk = Desk(**more)
        desks.append(desk)
        desk.engine.start()
        return desk

    yield make
    for desk in desks:
        desk.engine.close()


def test_a_password_that_another_part_had_refused_is_not_tried(desk_with, scripted, camera_at, wish, eventually):
    scripted.answer = refuses
    gate = SignInGate()
    assert gate.enter(1, WHO, "ptz")
    desk = desk_with(gate=gate)
    source = desk.engine.subscribe(camera_at(sub_url=scripted.url), wish())
    eventually(lambda: is_up(desk))
    threading.Event().wait(0.5)  # the other part is trying: nothing may happen
    assert scripted.with_password() == []
    gate.refuse(1, "ptz")
    eventually(lambda: reason_of(source) is LossReason.WRONG_PASSWORD)
    assert scripted.with_password() == []
    desk.engine.retry(1)
    eventually(lambda: len(scripted.with_password()) == 1)


def test_a_password_that_the_camera_refused_to_its_picture_is_known_to_all(
    desk_with, scripted, camera_at, wish, eventually
):
    scripted.answer = refuses
    gate = SignInGate()
    desk = desk_with(gate=gate)
    source = desk.engine.subscribe(camera_at(sub_url=scripted.url), wish())
    eventually(lambda: reason_of(source) is LossReason.WRONG_PASSWORD)
    assert gate.is_refused(1, WHO, "ptz")
    assert not gate.is_refused(1, Credentials("practice", "another"), "ptz")


def test_a_camera_that_shows_its_picture_has_proven_the_password(desk, practice_camera, wish, eventually):
    source = desk.engine.subscribe(practice_camera(1), wish())
    eventually(source.newest)
    assert desk.engine._gate.enter(1, WHO, "ptz")


def test_workers_can_be_threads(desk_with, practice_camera, wish, eventually):
    desk = desk_with(in_threads=True)
    source = desk.engine.subscribe(practice_camera(1), wish())
    assert eventually(source.newest).intact()
    assert desk.engine.processes() == [("video worker 1", os.getpid())]


def test_a_source_that_nobody_sees_gets_keyframes_and_all_pictures_again_when_seen(
    desk, practice_camera, wish, eventually
):
    camera = practice_camera(1)
    source = desk.engine.open(camera, wish())
    eventually(source.newest)
    desk.engine.adjust(source, keyframes_only=True, rank=0)
    eventually(lambda: source.wish.keyframes_only)

    def decoded_in_two_counts():
        first = source.counts()
        second = eventually(lambda: source.counts() if source.counts().octets > first.octets else None)
        return second.decoded - first.decoded

    eventually(lambda: decoded_in_two_counts() <= 2)
    before = source.counts().sessions
    desk.engine.adjust(source, keyframes_only=False, rank=10)
    eventually(lambda: decoded_in_two_counts() >= 8)
    assert source.counts().sessions == before


def test_short_of_cpu_the_unimportant_are_reduced_and_say_so(desk_with, practice_camera, wish, eventually):
    desk = desk_with(limits=Limits(cpu_cores=0.001))
    important = desk.engine.open(practice_camera(1), wish(rank=30))
    ordinary = desk.engine.open(practice_camera(2), wish(no=2, rank=10))
    eventually(lambda: ordinary.state().reduced, timeout_s=30)
    eventually(lambda: ordinary.newest() and not important.state().reduced)
    later = desk.engine.open(ordinary.camera, wish(no=2, width=320, height=180))
    eventually(lambda: later.state().reduced)


def test_short_of_network_a_large_stream_is_replaced_by_the_small_one(desk_with, practice_camera, wish, eventually):
    desk = desk_with(limits=Limits(megabits=0.05))
    source = desk.engine.open(practice_camera(1), wish(profile="main", rank=10))
    eventually(source.newest)
    eventually(lambda: source.key == (1, "sub"), timeout_s=30)
    eventually(source.newest)
    assert source.state().reduced


def test_sessions_are_kept_open_without_pictures_and_let_go(desk, practice_camera, practice, eventually):
    camera = practice_camera(3)

    def sessions():
        return practice.sessions(3)

    desk.engine.keep_open([(camera, Profile.SUB)])
    eventually(lambda: sessions() == 1)
    desk.engine.keep_open([(camera, Profile.SUB)])
    os.kill(desk.pid, signal.SIGKILL)
    eventually(lambda: is_up(desk, times=2) and sessions() == 1)
    desk.engine.keep_open([])
    eventually(lambda: sessions() == 0)


def test_who_looks_at_a_session_that_was_kept_open_sees_it_at_once(desk, practice_camera, practice, wish, eventually):
    camera = practice_camera(3)
    desk.engine.keep_open([(camera, Profile.SUB)])
    eventually(lambda: practice.sessions(3) == 1)
    source = desk.engine.open(camera, wish(no=3))
    eventually(source.newest)
    assert source.counts().sessions <= 1
    assert source.state().face(source.state().picture_at) is Face.LIVE


@pytest.mark.parametrize("only", ["main_url", "sub_url"])
def test_a_camera_with_one_stream_is_opened_once_however_it_is_recorded_and_shown(
    desk, practice_camera, practice, wish, eventually, only
):
    camera = replace(practice_camera(3), **{({"main_url", "sub_url"} - {only}).pop(): ""})
    before = practice.opened(3)
    desk.engine.keep_open([(camera, Profile.MAIN)])
    sources = [desk.engine.open(camera, wish(no=3, profile=profile)) for profile in ("sub", "main")]
    for source in sources:
        eventually(source.newest)
        assert not source.state().reduced
    assert practice.sessions(3) == practice.opened(3) - before == 1


def test_a_corrected_address_holds_for_both_streams_whoever_asked_before(
    desk, practice_camera, practice, wish, eventually
):
    wrong, right = practice_camera(1), practice_camera(3)
    desk.engine.keep_open([(wrong, Profile.MAIN)])
    first = desk.engine.open(wrong, wish())
    eventually(lambda: first.newest() and practice.sessions(1) == 2)
    desk.engine.open(replace(wrong, main_url=right.main_url, sub_url=right.sub_url), wish(width=320, height=180))
    eventually(lambda: (practice.sessions(1), practice.sessions(3)) == (0, 2))
    while first.newest() is not None:
        pass
    eventually(first.newest)


def test_a_corrected_password_that_a_retry_brought_is_the_one_that_later_tiles_know(
    desk, practice_camera, practice, wish, eventually
):
    camera = practice_camera(1)
    desk.credentials = Credentials(WHO.user, "not the one")
    first = desk.engine.open(camera, wish())
    eventually(lambda: reason_of(first) is LossReason.WRONG_PASSWORD)
    desk.credentials = WHO
    before = practice.opened(1)
    desk.engine.retry(1)
    eventually(first.newest)
    later = desk.engine.open(camera, wish(width=320, height=180))
    eventually(later.newest)
    assert practice.opened(1) - before == 1


def test_a_retry_uses_what_the_register_says_now(desk, practice_camera, practice, wish, eventually):
    desk.ask = {"practice": Credentials(WHO.user, "not the one"), "corrected": WHO}.get
    camera = practice_camera(1)
    first = desk.engine.open(camera, wish(profile="main"))
    eventually(lambda: reason_of(first) is LossReason.WRONG_PASSWORD)
    second = desk.engine.open(replace(camera, credentials="corrected"), wish())
    desk.engine.retry(1)
    eventually(second.newest)
    eventually(first.newest)
