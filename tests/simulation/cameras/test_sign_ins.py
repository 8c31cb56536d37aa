"""Refused sign-ins and locks, and the guards at the door."""

import base64
import hashlib
import re

import pytest

from simulation.cameras.guards import BasicGuard, DigestGuard, Verdict
from simulation.cameras.sign_ins import LOCKED_S, WINDOW_S, SignIns


class Hand:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def sign_ins(clock: Hand) -> SignIns:
    return SignIns(clock)


def test_the_third_refusal_locks_that_camera_for_five_minutes(sign_ins: SignIns, clock: Hand) -> None:
    for _ in range(2):
        sign_ins.refused(1)
        assert not sign_ins.locked(1)
    sign_ins.refused(1)
    assert sign_ins.locked(1)
    assert not sign_ins.locked(2)
    clock.now += LOCKED_S - 1
    sign_ins.refused(1)  # what is refused meanwhile makes it no longer
    assert sign_ins.locked(1)
    clock.now += 1
    assert not sign_ins.locked(1)
    assert sign_ins.wrong(1) == 4


def test_refusals_that_lie_far_apart_lock_nothing(sign_ins: SignIns, clock: Hand) -> None:
    for _ in range(6):
        sign_ins.refused(1)
        clock.now += WINDOW_S / 2 + 1
    assert not sign_ins.locked(1)


def test_a_lock_can_be_forgotten_and_the_count_stays(sign_ins: SignIns) -> None:
    for _ in range(3):
        sign_ins.refused(1)
    sign_ins.forget(1)
    assert not sign_ins.locked(1)
    sign_ins.refused(1)
    assert not sign_ins.locked(1)
    assert sign_ins.wrong(1) == 4


def proof(challenge: str, password: str, method: str = "DESCRIBE") -> str:
    realm, nonce = re.search(r'realm="([^"]*)", nonce="([^"]*)"', challenge).groups()
    user, target = (
        hashlib.md5(text.encode()).hexdigest() for text in (f"somebody:{realm}:{password}", f"{method}:rtsp://x/")
    )
    response = hashlib.md5(f"{user}:{nonce}:{target}".encode()).hexdigest()
    return f'Digest username="somebody", realm="{realm}", nonce="{nonce}", uri="rtsp://x/", response="{response}"'


def test_a_proof_for_another_connection_is_stale_and_not_wrong() -> None:
    guard, other = DigestGuard("somebody", "right"), DigestGuard("somebody", "right")
    assert guard.judged("DESCRIBE", proof(guard.challenge(), "right")) is Verdict.RIGHT
    assert other.judged("DESCRIBE", proof(guard.challenge(), "right")) is Verdict.STALE
    assert other.judged("DESCRIBE", proof(guard.challenge(), "wrong")) is Verdict.WRONG
    assert "stale=true" in other.challenge(stale=True)


@pytest.mark.parametrize("said", ["", "Digest", "Digest ,,,", "Basic x", "Digest response=é"])
def test_headers_that_prove_nothing_are_wrong(said: str) -> None:
    assert DigestGuard("somebody", "right").judged("DESCRIBE", said) is Verdict.WRONG
    assert BasicGuard("somebody", "right").judged("DESCRIBE", said) is Verdict.WRONG


def test_basic_takes_the_right_password_alone() -> None:
    guard = BasicGuard("somebody", "right")
    assert guard.challenge().startswith("Basic realm=")
    for password, verdict in (("right", Verdict.RIGHT), ("wrong", Verdict.WRONG)):
        said = base64.b64encode(f"somebody:{password}".encode()).decode()
        assert guard.judged("DESCRIBE", f"Basic {said}") is verdict
