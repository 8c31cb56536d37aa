"""Signing in as RFC 2617 and RFC 7616 say."""

import contextlib
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.camera import Credentials
from domain.errors import CredentialsError, ProtocolError
from video.digest import Authorizer, Mode, SignIn, choose, parse_challenge

MUFASA = Credentials("Mufasa", "Circle Of Life")
RFC_2617 = (
    'Digest realm="testrealm@host.com", qop="auth,auth-int", '
    'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)
RFC_7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


def answer(header, credentials, cnonce):
    challenge = parse_challenge(header)
    assert challenge is not None
    return Authorizer(challenge, credentials, lambda: cnonce).header("GET", "/dir/index.html")


def test_the_example_of_rfc_2617_is_answered_as_printed_there():
    header = answer(RFC_2617, MUFASA, "0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in header
    assert 'username="Mufasa"' in header
    assert "nc=00000001" in header
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in header


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616_are_answered_as_printed_there(algorithm, response):
    header = answer(
        RFC_7616.format(algorithm),
        Credentials("Mufasa", "Circle of Life"),
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    assert f'response="{response}"' in header


def hashed(name, text):
    return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(("said", "name"), [("MD5-sess", "md5"), ('"md5-sess"', "md5"), ("SHA-256-sess", "sha256")])
@pytest.mark.parametrize("qop", ["", 'qop="auth", '])
def test_the_session_algorithms_hash_the_secret_with_both_nonces(said, name, qop):
    header = answer(f'Digest realm="r", {qop}nonce="n", algorithm={said}', MUFASA, "c1")
    secret = hashed(name, hashed(name, "Mufasa:r:Circle Of Life") + ":n:c1")
    middle = "n:00000001:c1:auth" if qop else "n"
    response = hashed(name, f"{secret}:{middle}:{hashed(name, 'GET:/dir/index.html')}")
    assert f'response="{response}"' in header
    assert 'cnonce="c1"' in header
    assert f"algorithm={said.strip(chr(34))}" in header


def test_one_cnonce_serves_all_requests_of_a_session():
    authorizer = Authorizer(parse_challenge(RFC_2617), MUFASA)
    found = {re.search('cnonce="(.*?)"', authorizer.header("PLAY", "rtsp://a/"))[1] for _ in range(3)}
    assert len(found) == 1


def test_several_offers_in_one_header_are_told_apart():
    offers = ['Digest realm="the cam, Basic model", nonce="1", algorithm=MD5, Basic realm="y"']
    best = choose(offers, basic_allowed=True, tried=frozenset())
    assert (best.mode, best.realm, best.nonce) == (Mode.DIGEST, "the cam, Basic model", "1")
    last = choose(offers, basic_allowed=True, tried=frozenset({Mode.DIGEST}))
    assert (last.mode, last.realm) == (Mode.BASIC, "y")


def test_without_qop_the_older_answer_is_given():
    header = answer('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"', MUFASA, "unused")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in header
    assert "cnonce" not in header


def test_each_request_counts_on():
    challenge = parse_challenge(RFC_2617)
    assert challenge is not None
    authorizer = Authorizer(challenge, MUFASA)
    assert "nc=00000001" in authorizer.header("DESCRIBE", "rtsp://a/")
    assert "nc=00000002" in authorizer.header("SETUP", "rtsp://a/")


def test_the_strongest_offer_is_taken_and_basic_only_where_allowed():
    offers = ['Basic realm="x"', 'Digest realm="x", nonce="1"', 'Digest realm="x", nonce="1", algorithm=SHA-256']
    best = choose(offers, basic_allowed=True, tried=frozenset())
    assert best is not None
    assert best.hash_name == "SHA-256"
    assert choose(offers, basic_allowed=False, tried=frozenset({Mode.DIGEST})) is None
    last = choose(offers, basic_allowed=True, tried=frozenset({Mode.DIGEST}))
    assert last is not None
    assert last.mode is Mode.BASIC


def test_basic_is_the_pair_in_base64():
    assert answer('Basic realm="x"', Credentials("Aladdin", "open sesame"), "") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_what_we_do_not_speak_is_no_challenge():
    assert parse_challenge("Negotiate") is None
    assert parse_challenge('Digest realm="x", nonce="1", algorithm=SHA-512-256') is None
    assert parse_challenge('Digest realm="x", nonce="1", qop="auth-int"') is None


def test_a_digest_without_nonce_is_not_understood():
    with pytest.raises(ProtocolError):
        parse_challenge('Digest realm="x"')


def test_a_name_cannot_smuggle_header_lines():
    challenge = parse_challenge(RFC_2617)
    assert challenge is not None
    with pytest.raises(ProtocolError):
        Authorizer(challenge, Credentials("a\r\nX: y", "p")).header("PLAY", "rtsp://a/")


def test_a_second_connection_that_ends_without_a_word_counts_as_a_refusal():
    sign_in = SignIn(MUFASA)
    sign_in.try_next(['Digest realm="x", nonce="1"'])
    assert not sign_in.cut_off()
    assert sign_in.cut_off()


def test_what_was_accepted_in_between_is_no_refusal():
    sign_in = SignIn(MUFASA)
    sign_in.try_next(['Digest realm="x", nonce="1"'])
    assert not sign_in.cut_off()
    sign_in.accept()
    assert not sign_in.cut_off()


def test_a_nonce_is_renewed_once_a_request():
    sign_in = SignIn(MUFASA)
    sign_in.try_next(['Digest realm="x", nonce="1"'])
    sign_in.accept()
    assert sign_in.renew(['Digest realm="x", nonce="2"'])
    assert not sign_in.renew(['Digest realm="x", nonce="3"'])
    sign_in.begin_request()
    assert sign_in.renew(['Digest realm="x", nonce="4"'])
    assert sign_in.attempts == 1
    with pytest.raises(CredentialsError):
        sign_in.try_next(['Digest realm="x", nonce="5"'])


@given(st.text(max_size=300))
def test_no_challenge_whatever_crashes_the_reader(text):
    with contextlib.suppress(ProtocolError):
        parse_challenge("Digest " + text)
