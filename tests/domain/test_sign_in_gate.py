from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.camera import Credentials
from domain.sign_in_gate import SignInGate

OURS, OTHERS = Credentials("kim", "right"), Credentials("kim", "wrong")


@pytest.fixture
def gate() -> SignInGate:
    return SignInGate()


def test_one_part_at_a_time_tries_an_unproven_password(gate: SignInGate) -> None:
    assert gate.enter(7, OURS, "video")
    assert not gate.enter(7, OURS, "ptz")
    assert gate.enter(7, OURS, "video"), "the one who tries may go on"
    assert gate.enter(8, OURS, "ptz"), "another camera is another gate"


def test_one_that_came_to_no_answer_lets_the_next_one_try(gate: SignInGate) -> None:
    gate.enter(7, OURS, "video")
    gate.leave(7, "ptz")
    assert not gate.enter(7, OURS, "ptz"), "only the one who tries can leave"
    gate.leave(7, "video")
    assert gate.enter(7, OURS, "ptz")
    gate.leave(9, "video")  # a camera that nobody tried


def test_a_proven_password_is_free_for_all(gate: SignInGate) -> None:
    gate.enter(7, OURS, "video")
    gate.accept(7, "video")
    assert gate.enter(7, OURS, "ptz")
    assert gate.enter(7, OURS, "video")
    assert not gate.is_refused(7, OURS, "ptz")


def test_after_a_refusal_no_part_tries_again(gate: SignInGate) -> None:
    gate.enter(7, OURS, "video")
    gate.refuse(7, "video")
    for who in ("video", "ptz"):
        assert gate.is_refused(7, OURS, who)
        assert not gate.enter(7, OURS, who)


def test_a_person_has_it_tried_again(gate: SignInGate) -> None:
    gate.enter(7, OURS, "video")
    gate.refuse(7, "video")
    gate.forget(7)
    assert gate.enter(7, OURS, "ptz")
    gate.forget(9)  # a camera that nobody tried


def test_another_password_is_another_attempt(gate: SignInGate) -> None:
    gate.enter(7, OTHERS, "video")
    gate.refuse(7, "video")
    assert not gate.is_refused(7, OURS, "video")
    assert gate.enter(7, OURS, "video")
    assert not gate.enter(7, OURS, "ptz")


def test_a_password_that_another_part_has_proven_is_closed_for_the_refused_one_alone(gate: SignInGate) -> None:
    gate.enter(7, OURS, "video")
    gate.accept(7, "video")
    gate.enter(7, OURS, "ptz")
    gate.refuse(7, "ptz")
    assert gate.is_refused(7, OURS, "ptz")
    assert not gate.enter(7, OURS, "ptz")
    assert gate.enter(7, OURS, "video")
    assert not gate.is_refused(7, OURS, "video")


def test_a_part_that_proved_a_password_and_is_refused_later_closes_the_gate_for_all(gate: SignInGate) -> None:
    gate.enter(7, OURS, "video")
    gate.accept(7, "video")
    gate.refuse(7, "video")
    assert not gate.enter(7, OURS, "video")
    assert not gate.enter(7, OURS, "ptz")


def test_a_part_that_was_refused_and_is_accepted_after_all_may_go_on(gate: SignInGate) -> None:
    gate.enter(7, OURS, "video")
    gate.refuse(7, "video")
    gate.accept(7, "video")
    assert gate.enter(7, OURS, "video")
    assert gate.enter(7, OURS, "ptz")


def test_answers_about_a_camera_that_nobody_asked_for_are_not_kept(gate: SignInGate) -> None:
    gate.accept(7, "video")
    gate.refuse(7, "video")
    assert gate.enter(7, OURS, "ptz")
    assert not gate.enter(7, OURS, "video")


def test_a_camera_without_a_password_has_a_gate_too(gate: SignInGate) -> None:
    assert gate.enter(7, None, "video")
    gate.refuse(7, "video")
    assert not gate.enter(7, None, "video")
    assert gate.enter(7, OURS, "video"), "a password that was given since is tried"


def test_of_many_that_come_at_once_one_enters(gate: SignInGate) -> None:
    with ThreadPoolExecutor(8) as pool:
        entered = list(pool.map(lambda number: gate.enter(7, OURS, f"part {number}"), range(64)))
    assert entered.count(True) == 1


def test_a_refusal_is_not_forgotten_because_another_password_was_asked_about(gate: SignInGate) -> None:
    gate.enter(7, OTHERS, "video")
    gate.refuse(7, "video")
    assert gate.enter(7, OURS, "ptz")
    gate.leave(7, "ptz")
    assert not gate.enter(7, OTHERS, "video")
