"""Several connections of one camera in one worker, and the engine's answers to them."""

import pytest

from domain.camera import Credentials
from domain.sign_in_gate import SignInGate
from video.permits import Permits
from video.sign_ins import SignIns
from video.wire import Ask, Hold, Permit, SignedIn

WHO, OTHER = Credentials("practice", "a secret"), Credentials("practice", "another")
CAMERA, SUB, MAIN = 7, object(), object()


class Worker:
    """A worker's gate, joined to the engine's permits as the two processes are; `number` and `order` make it a post."""

    def __init__(self, number, permits):
        self.number = number
        self.said = []
        self.orders = []
        self.sign_ins = SignIns(self.said.append)
        self._permits = permits

    def order(self, order):
        self.orders.append(order)

    def exchange(self):
        """Carry what was said, and then what was ordered."""
        while self.said or self.orders:
            while self.said:
                match self.said.pop(0):
                    case Ask(camera):
                        self._permits.ask(self, camera)
                    case SignedIn(camera, taken):
                        self._permits.tell(camera, taken=taken)
            while self.orders:
                match self.orders.pop(0):
                    case Permit(camera):
                        self.sign_ins.permit(camera)
                    case Hold(camera):
                        self.sign_ins.hold(camera)

    def may(self, who):
        """Return whether a connection that wants to may send the password."""
        self.sign_ins.enter(CAMERA, who)
        self.exchange()
        return self.sign_ins.enter(CAMERA, who)


class Room:
    """Two workers of one engine, and PTZ beside it."""

    def __init__(self):
        self.gate = SignInGate()
        self.credentials = WHO
        permits = Permits(self.gate, lambda _: self.credentials)
        self.permits = permits
        self.first, self.second = Worker(0, permits), Worker(1, permits)

    def ptz_may(self):
        entered = self.gate.enter(CAMERA, self.credentials, "ptz")
        if entered:
            self.gate.leave(CAMERA, "ptz")
        return entered


@pytest.fixture
def room():
    return Room()


def test_one_connection_of_a_camera_signs_in_at_a_time_also_after_the_password_was_taken(room):
    worker = room.first
    for _ in range(2):
        assert worker.may(SUB)
        assert not worker.may(MAIN)
        worker.sign_ins.accept(CAMERA, SUB)
        assert worker.may(MAIN)
        assert not worker.may(SUB)
        worker.sign_ins.accept(CAMERA, MAIN)


def test_a_password_that_was_changed_at_the_camera_is_sent_by_one_and_then_by_nobody(room):
    worker = room.first
    assert worker.may(SUB)
    worker.sign_ins.accept(CAMERA, SUB)
    worker.exchange()
    assert room.ptz_may()
    assert worker.may(MAIN)
    assert not worker.may(SUB)
    assert not room.ptz_may()
    worker.sign_ins.refuse(CAMERA, MAIN)
    assert not worker.may(SUB)
    assert worker.sign_ins.is_refused(CAMERA)
    assert room.gate.is_refused(CAMERA, WHO, "ptz")


def test_a_permit_for_a_connection_that_is_gone_blocks_nobody(room):
    worker = room.first
    worker.sign_ins.enter(CAMERA, SUB)  # asks, and is gone before the answer
    worker.exchange()
    assert not room.ptz_may()
    worker.sign_ins.give_back()  # every connection has had its turn
    worker.exchange()
    assert room.ptz_may()
    assert worker.may(MAIN)


@pytest.mark.parametrize("deed", ["forget", "hold"])
def test_a_permit_that_is_out_while_things_change_blocks_nobody(room, deed):
    worker = room.first
    worker.sign_ins.enter(CAMERA, SUB)
    worker.exchange()
    getattr(worker.sign_ins, deed)(CAMERA)
    worker.exchange()
    assert room.ptz_may()


def test_a_worker_that_dies_takes_its_permit_and_its_questions_along(room):
    assert room.first.may(SUB)
    room.second.sign_ins.enter(CAMERA, MAIN)
    room.second.exchange()
    room.permits.drop(room.first)
    room.permits.drop(room.second)
    assert room.ptz_may()
    room.permits.answer()
    assert room.second.orders == []


def test_a_camera_that_is_at_two_workers_for_a_moment_is_tried_by_one(room):
    assert room.first.may(SUB)
    assert not room.second.may(SUB)
    room.first.sign_ins.leave(CAMERA, SUB)
    room.first.exchange()
    room.permits.answer()
    assert room.second.may(SUB)


def test_two_workers_that_wait_for_the_same_camera_are_both_answered(room):
    assert room.gate.enter(CAMERA, WHO, "ptz")
    assert not room.first.may(SUB)
    assert not room.second.may(SUB)
    room.gate.refuse(CAMERA, "ptz")
    room.permits.answer()
    for worker in (room.first, room.second):
        worker.exchange()
        assert worker.sign_ins.is_refused(CAMERA)


def test_a_question_that_is_asked_twice_brings_one_permit(room):
    worker = room.first
    assert worker.may(SUB)
    worker.sign_ins.forget(CAMERA)  # a person wants it again, and the password is under way
    assert worker.may(SUB)
    assert not worker.may(MAIN)
    worker.sign_ins.accept(CAMERA, SUB)
    worker.exchange()
    assert room.ptz_may()


def test_what_was_refused_is_asked_about_again_when_the_engine_says_so_and_with_another_password(room):
    worker = room.first
    assert worker.may(SUB)
    worker.sign_ins.refuse(CAMERA, SUB)
    worker.exchange()
    worker.sign_ins.reopen(CAMERA)
    assert not worker.may(SUB)
    assert worker.sign_ins.is_refused(CAMERA), "the gate remembers"
    room.credentials = OTHER
    worker.sign_ins.forget(CAMERA)
    assert worker.may(SUB)
    worker.sign_ins.refuse(CAMERA, SUB)
    worker.exchange()
    assert room.gate.is_refused(CAMERA, OTHER, "ptz")
