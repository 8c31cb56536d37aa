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


def proven(gate: SignInGate, *parts: str) -> None:
    for who in parts:
        assert gate.enter(7, OURS, who)
        gate.accept(7, who)


def test_in_doubt_a_proven_password_is_tried_by_one_at_a_time_again(gate: SignInGate) -> None:
    proven(gate, "video", "ptz")
    gate.doubt(7, OURS, "video")
    assert gate.enter(7, OURS, "video")
    assert not gate.enter(7, OURS, "ptz")
    assert not gate.is_refused(7, OURS, "ptz")
    gate.accept(7, "video")
    assert gate.enter(7, OURS, "ptz")
    assert gate.enter(7, OURS, "video")


def test_in_doubt_a_refusal_closes_the_gate_for_all_who_proved_the_password_before(gate: SignInGate) -> None:
    proven(gate, "video", "ptz")
    gate.doubt(7, OURS, "video")
    assert gate.enter(7, OURS, "video")
    gate.refuse(7, "video")
    assert gate.is_refused(7, OURS, "ptz")
    assert gate.is_refused(7, OURS, "video")


def test_a_password_that_was_taken_and_is_refused_was_changed_and_closes_the_gate_for_all(gate: SignInGate) -> None:
    proven(gate, "video", "ptz")
    gate.refuse(7, "ptz")
    assert gate.is_refused(7, OURS, "video")


def test_nobody_doubts_what_others_have_proven(gate: SignInGate) -> None:
    proven(gate, "ptz")
    gate.doubt(7, OURS, "video")
    assert gate.enter(7, OURS, "video")
    gate.refuse(7, "video")
    assert gate.is_refused(7, OURS, "video")
    assert not gate.is_refused(7, OURS, "ptz"), "the camera keeps apart who may do what"


def test_a_camera_that_keeps_apart_who_may_do_what_is_not_closed_by_a_doubt(gate: SignInGate) -> None:
    proven(gate, "video")
    gate.enter(7, OURS, "ptz")
    gate.refuse(7, "ptz")
    gate.doubt(7, OURS, "video")
    assert gate.enter(7, OURS, "video")
    gate.accept(7, "video")
    assert gate.is_refused(7, OURS, "ptz")


def test_who_tries_while_a_person_wants_it_again_goes_on_alone_and_is_heard(gate: SignInGate) -> None:
    assert gate.enter(7, OURS, "video")
    gate.forget(7)
    assert not gate.enter(7, OURS, "ptz"), "the password is under way"
    gate.refuse(7, "video")
    assert gate.is_refused(7, OURS, "ptz")


def test_all_are_told_that_a_person_wants_a_camera_tried_again(gate: SignInGate) -> None:
    told: list[int] = []
    gate.watch(told.append)
    gate.forget(7)
    assert told == [7]
