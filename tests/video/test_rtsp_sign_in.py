"""Passwords in an RTSP conversation: what is tried, how often, and what is said of it."""

import pytest

from domain.camera import Credentials
from domain.errors import CredentialsError
from tests.video.conversation import SDP, URL, WHO, answer, asked, challenge, new_session
from video.digest import SignIn
from video.rtsp import NoStreamError, RtspSession
from video.rtsp_message import Address


def test_a_password_is_tried_once():
    session = new_session()
    answer(session)
    session.outgoing.clear()
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    assert 'username="practice"' in asked(session)[2]["Authorization"]
    with pytest.raises(CredentialsError):
        answer(session, "401 Unauthorized", WWW_Authenticate=challenge("n2"))
    assert session._sign_in.attempts == 1
    assert not session.outgoing


def test_basic_is_tried_once_more_where_it_is_allowed():
    session = new_session(basic_allowed=True)
    both = "401 Unauthorized\r\nWWW-Authenticate: " + challenge()
    answer(session)
    answer(session, both, WWW_Authenticate='Basic realm="cam"')
    session.outgoing.clear()
    answer(session, both, WWW_Authenticate='Basic realm="cam"')
    assert asked(session)[2]["Authorization"].startswith("Basic ")
    with pytest.raises(CredentialsError):
        answer(session, both, WWW_Authenticate='Basic realm="cam"')
    assert session._sign_in.attempts == 2


def test_without_a_password_none_is_tried():
    session = new_session(credentials=None)
    answer(session)
    session.outgoing.clear()
    with pytest.raises(CredentialsError):
        answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    assert not session.outgoing


def test_a_stale_nonce_is_renewed_without_counting_as_an_attempt():
    session = new_session()
    answer(session)
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    answer(session, body=SDP)
    session.outgoing.clear()
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge("n2", stale="true"))
    method, _, headers = asked(session)
    assert method == "SETUP"
    assert 'nonce="n2"' in headers["Authorization"]
    assert session._sign_in.attempts == 1
    with pytest.raises(CredentialsError):
        answer(session, "401 Unauthorized", WWW_Authenticate=challenge("n3", stale="true"))


@pytest.mark.parametrize("step", ["SETUP", "PLAY"])
def test_a_fresh_nonce_is_taken_at_every_step(step):
    session = new_session()
    answer(session)
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    answer(session, body=SDP)
    if step == "PLAY":
        answer(session, Session="4")
    session.outgoing.clear()
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge("n2"))
    method, _, headers = asked(session)
    assert method == step
    assert 'nonce="n2"' in headers["Authorization"]
    assert session._sign_in.attempts == 1


def test_forbidden_with_a_password_is_a_refusal_and_without_one_there_is_no_stream():
    session = new_session()
    answer(session)
    with pytest.raises(NoStreamError):
        answer(session, "403 Forbidden")
    session = new_session()
    answer(session)
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    with pytest.raises(CredentialsError):
        answer(session, "403 Forbidden")


def test_a_camera_that_hangs_up_after_asking_gets_the_password_with_the_first_word():
    sign_in = SignIn(WHO)
    first = RtspSession(Address.parse(URL), sign_in)
    answer(first)
    answer(first, "401 Unauthorized", WWW_Authenticate=challenge(), Connection="close")
    assert sign_in.under_way
    second = RtspSession(Address.parse(URL), sign_in)
    method, _, headers = asked(second)
    assert method == "DESCRIBE"
    assert 'nonce="n1"' in headers["Authorization"]
    answer(second, body=SDP)
    assert not sign_in.under_way
    assert sign_in.attempts == 1
    assert asked(second)[0] == "SETUP"


def test_after_hanging_up_a_camera_may_renew_its_nonce_once():
    sign_in = SignIn(WHO)
    answer_to = RtspSession(Address.parse(URL), sign_in)
    answer(answer_to)
    answer(answer_to, "401 Unauthorized", WWW_Authenticate=challenge())
    assert not sign_in.cut_off()
    second = RtspSession(Address.parse(URL), sign_in)
    second.outgoing.clear()
    answer(second, "401 Unauthorized", WWW_Authenticate=challenge("n2"))
    assert 'nonce="n2"' in asked(second)[2]["Authorization"]
    with pytest.raises(CredentialsError):
        answer(second, "401 Unauthorized", WWW_Authenticate=challenge("n3"))


def test_the_password_is_in_no_text():
    secret = Credentials("practice", "hunter2-secret")
    session = new_session(credentials=secret)
    answer(session)
    said = [repr(session), repr(session._sign_in), str(vars(session))]
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    said += [repr(session), repr(session._sign_in), str(vars(session)), bytes(session.outgoing).decode()]
    with pytest.raises(CredentialsError) as refused:
        answer(session, "401 Unauthorized", WWW_Authenticate=challenge("n2"))
    said += [str(refused.value), repr(refused.value)]
    assert not any("hunter2" in text for text in said)
