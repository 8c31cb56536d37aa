"""How one signs in to a device: tokens, HTTP digests of RFC 7616, both, or a password in the clear."""

import base64
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.simulation.cameras.onvif_talk import PASSWORD, USER, digest_proof

pytestmark = pytest.mark.system

TOKEN, DIGEST, SHA, ONCE, BOTH, BASIC, EITHER, OPEN = range(1, 9)
ASK = '<GetNodes xmlns="http://www.onvif.org/ver20/ptz/wsdl"/>'
Eventually = Callable[..., Any]


@pytest.fixture(scope="module")
def played() -> list[dict[str, Any]]:
    kinds: dict[int, Any] = {
        TOKEN: {},
        DIGEST: {"sign_in": "digest"},
        SHA: {"sign_in": "digest", "digest": ["SHA-256", "MD5"]},
        ONCE: {"sign_in": "digest", "nonce_uses": 1},
        BOTH: {"sign_in": "both"},
        BASIC: {"sign_in": "basic"},
        EITHER: {"sign_in": "either"},
        OPEN: {"sign_in": "open"},
    }
    return [{"no": no, "name": f"자리 {no}", "kind": "ptz", "onvif": kind} for no, kind in kinds.items()]


def proof(answer: Any, no: int, password: str = PASSWORD, which: int = 0) -> dict[str, str]:
    challenge = answer.headers.get_all("www-authenticate")[which]
    return {"Authorization": digest_proof(challenge, ("POST", f"/onvif/{no}/ptz_service"), password)}


@pytest.mark.parametrize(("no", "which", "algorithm"), [(DIGEST, 0, "MD5"), (SHA, 0, "SHA-256"), (SHA, 1, "MD5")])
def test_a_digest_opens_and_a_token_does_not(cameras, onvif, no: int, which: int, algorithm: str) -> None:
    device = onvif(no)
    refused = device.post(ASK)
    assert refused.status == 401
    assert f"algorithm={algorithm}" in refused.headers.get_all("www-authenticate")[which]
    assert device.post(ASK, headers=proof(refused, no, which=which), token="").status == 200
    assert device.post(ASK, headers=proof(refused, no, "wrong", which), token="").status == 401
    *_, journalled = cameras.get(f"/onvif/{no}/journal")
    assert (journalled["auth"], journalled["answer"]) == ("digest", "Unauthorized")
    noted = cameras.get(f"/onvif/{no}/sign_ins")
    assert [row["right"] for row in noted[-2:]] == [True, False]
    assert PASSWORD not in str(cameras.get(f"/onvif/{no}/journal"))


def test_a_nonce_that_was_used_up_is_stale_and_no_wrong_password(cameras, onvif) -> None:
    device = onvif(ONCE)
    headers, before = proof(device.post(ASK, token=""), ONCE), cameras.state(ONCE)["wrong_sign_ins"]
    assert device.post(ASK, headers=headers, token="").status == 200
    again = device.post(ASK, headers=headers, token="")
    assert again.status == 401
    assert "stale=true" in again.headers["www-authenticate"]
    assert cameras.state(ONCE)["wrong_sign_ins"] == before


def test_some_want_both_and_some_take_either(onvif) -> None:
    both, either = onvif(BOTH), onvif(EITHER)
    refused = both.post(ASK)
    assert refused.status == 401
    assert "NotAuthorized" in both.post(ASK, headers=proof(refused, BOTH), token="").content.decode()
    assert both.post(ASK, headers=proof(both.post(ASK), BOTH)).status == 200
    assert either.post(ASK).status == 200
    assert either.post(ASK, headers=proof(either.post(ASK, token=""), EITHER), token="").status == 200


def test_some_take_the_password_in_the_clear_only_and_some_nothing(onvif) -> None:
    basic = onvif(BASIC)
    assert basic.post(ASK).headers["www-authenticate"].startswith("Basic ")
    for password, status in ((PASSWORD, 200), ("wrong", 401)):
        said = base64.b64encode(f"{USER}:{password}".encode()).decode()
        assert basic.post(ASK, headers={"Authorization": f"Basic {said}"}).status == status
    assert onvif(OPEN).post(ASK, token="").status == 200


@pytest.mark.parametrize(
    ("fault", "status"),
    [("onvif_digest_only", 401), ("onvif_basic_only", 401), ("onvif_both_demanded", 401), ("onvif_token_only", 200)],
)
def test_a_fault_changes_the_way(cameras, onvif, fault: str, status: int) -> None:
    cameras.begin(EITHER, fault)
    assert onvif(EITHER).post(ASK).status == status
    assert cameras.fired(EITHER)[fault]


def test_nonces_can_become_stale_by_a_fault(cameras, onvif) -> None:
    cameras.begin(DIGEST, "stale_nonces")
    headers = proof(onvif(DIGEST).post(ASK), DIGEST)
    assert onvif(DIGEST).post(ASK, headers=headers).status == 200
    assert "stale=true" in onvif(DIGEST).post(ASK, headers=headers).headers["www-authenticate"]
    assert cameras.fired(DIGEST)["stale_nonces"] == 1


def test_a_lock_falls_after_as_many_wrong_passwords_as_are_set_and_lifts(
    cameras, onvif, eventually: Eventually
) -> None:
    cameras.begin(TOKEN, "locks_out", lock_after=2, lock_for_s=1.0)
    soap = onvif(TOKEN).soap
    began = time.monotonic()
    for _ in range(2):
        assert soap.ask("GetStatus", password="wrong")[0] == 400
    assert soap.ask("GetStatus")[0] == 400
    eventually(lambda: soap.ask("GetStatus")[0] == 200)
    assert time.monotonic() - began >= 1
    wrong = [row for row in cameras.get(f"/onvif/{TOKEN}/sign_ins") if not row["right"]]
    assert wrong[0]["way"] == "token"
    assert began <= wrong[0]["monotonic"] <= wrong[-1]["monotonic"]
    assert [row["locked"] for row in wrong[:3]] == [False, True, True]
