"""Proving a name and password: HTTP's challenges, user name tokens, and which of them is sent when."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from domain.camera import Credentials
from domain.clock import SystemClock
from domain.errors import CredentialsError, ProtocolError
from ptz.challenge import Digest, basic, offered
from ptz.signing import AuthMode, Signer, posted
from ptz.soap import check_stopped, stop_envelope, with_header
from ptz.wire import Line

SECRET = Credentials("Mufasa", "Circle of Life")  # RFC 7616, 3.9.1
NOW = datetime(2026, 11, 24, tzinfo=UTC)
ENVELOPE = b'<s:Envelope xmlns:s="e"><s:Body><Stop/></s:Body></s:Envelope>'
RFC = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_a_digest_is_that_of_the_standards_example(algorithm: str, response: str) -> None:
    digest, _ = offered([RFC.format(algorithm)])
    assert digest is not None
    digest._cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    proof = digest.proof(SECRET, "GET", "/dir/index.html", b"")
    assert f'response="{response}"' in proof
    assert "nc=00000001" in proof
    assert "nc=00000002" in digest.proof(SECRET, "GET", "/dir/index.html", b"")


def test_several_challenges_are_told_apart_and_the_first_that_can_be_met_is_taken() -> None:
    digest, takes_basic = offered(
        [
            'Digest realm="a", nonce="1", algorithm=SHA-999, Digest realm="x, Basic y", nonce="2", qop="auth"',
            "Basic realm=b",
        ]
    )
    assert digest is not None
    assert (digest.nonce, digest.realm, takes_basic) == ("2", "x, Basic y", True)
    assert offered(['Basic realm="b, Digest nonce=1"']) == (None, True)
    assert offered(['Digest realm="a"', "Negotiate", ""]) == (None, False)
    assert offered(['Digest nonce="1", qop="auth-conf"']) == (None, False)


def test_what_is_quoted_is_quoted_again() -> None:
    digest, _ = offered([r'Digest realm="a \"b\" \\", nonce="n", stale=TRUE'])
    assert digest is not None
    assert digest.realm == 'a "b" \\'
    assert digest.stale
    proof = digest.proof(Credentials('o"p', "x"), "POST", "/", b"")
    assert r'username="o\"p"' in proof
    assert r'realm="a \"b\" \\"' in proof
    assert "qop" not in proof


def test_session_and_integrity_are_computed() -> None:
    digest = Digest("r", "n", "MD5-sess", ("auth-int",))
    digest._cnonce = "c"

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    secret = md5(f"{md5('Mufasa:r:Circle of Life')}:n:c")
    asked = md5("POST:/x:" + md5("body"))
    expected = md5(f"{secret}:n:00000001:c:auth-int:{asked}")
    assert f'response="{expected}"' in digest.proof(SECRET, "POST", "/x", b"body")


def test_basic_says_name_and_password_as_they_are() -> None:
    assert basic(Credentials("Aladdin", "open sesame")) == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


@pytest.mark.parametrize(
    "envelope",
    [
        ENVELOPE,
        b'<s:Envelope xmlns:s="e"><s:Header/><s:Body/></s:Envelope>',
        b'<s:Envelope xmlns:s="e"><s:Header><a/></s:Header><s:Body><Header/></s:Body></s:Envelope>',
        b'<Envelope xmlns="e"><Body><x:Header/></Body></Envelope>',
    ],
)
def test_an_element_is_put_into_the_header_whatever_is_there(envelope: bytes) -> None:
    signed = with_header(envelope, "<sign/>").decode()
    assert re.search(r"<(s:)?Header><sign/>(<a/>)?</(s:)?Header>.*<(s:)?Body", signed)
    assert signed.count("<sign/>") == 1
    assert with_header(envelope, "") == envelope


def test_what_is_no_message_can_not_be_signed() -> None:
    with pytest.raises(ProtocolError):
        with_header(b"<html/>", "<sign/>")


class Guarded:
    """A host that lets in by a list of verdicts: each request takes the next."""

    def __init__(self, verdicts: list[Any]) -> None:
        self.seen: list[str] = []
        self.left = list(verdicts)
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *args: Any) -> None:
                pass

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                token = "+token" if b"UsernameToken" in body else ""
                host.seen.append(self.headers.get("Authorization", "none").split()[0].lower() + token)
                status, headers, content = host.left.pop(0)
                self.send_response_only(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/onvif"
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


OK = (200, [], b"<StopResponse/>")
FAULT = (400, [], b"<s:Fault>ter:NotAuthorized</s:Fault>")
BARE = (401, [], b"")
BASIC = (401, [("WWW-Authenticate", 'Basic realm="x"')], b"")


def challenge(nonce: str, *, stale: bool = False) -> Any:
    word = ", stale=true" if stale else ""
    return (401, [("WWW-Authenticate", f'Digest realm="x", qop="auth", nonce="{nonce}"{word}')], b"")


@pytest.fixture
def guarded() -> Iterator[Callable[..., Guarded]]:
    hosts: list[Guarded] = []

    def start(*verdicts: Any) -> Guarded:
        hosts.append(Guarded(list(verdicts)))
        return hosts[-1]

    yield start
    for host in hosts:
        host.close()


def ask(host: Guarded, signer: Signer, times: int = 1) -> None:
    with closing(Line(host.url, SystemClock())) as line:
        for _ in range(times):
            signer.post(line, host.url, ENVELOPE)


def signer(auth: AuthMode = AuthMode.NONE, credentials: Credentials | None = SECRET, **more: bool) -> Signer:
    return Signer(credentials, lambda: NOW, auth, **more)


@pytest.mark.parametrize(
    ("start", "verdicts", "seen", "auth"),
    [
        (AuthMode.NONE, [OK], ["none"], AuthMode.NONE),
        (AuthMode.NONE, [FAULT, OK], ["none", "none+token"], AuthMode.TOKEN),
        (AuthMode.NONE, [BARE, OK], ["none", "none+token"], AuthMode.TOKEN),
        (AuthMode.NONE, [challenge("1"), OK], ["none", "digest"], AuthMode.DIGEST),
        (AuthMode.NONE, [challenge("1"), FAULT, OK], ["none", "digest", "digest+token"], AuthMode.BOTH),
        (AuthMode.TOKEN, [OK], ["none+token"], AuthMode.TOKEN),
        (AuthMode.TOKEN, [challenge("1"), OK], ["none+token", "digest"], AuthMode.DIGEST),
        (AuthMode.DIGEST, [challenge("1"), OK], ["none", "digest"], AuthMode.DIGEST),
        (AuthMode.DIGEST, [FAULT, OK], ["none", "none+token"], AuthMode.TOKEN),
        (AuthMode.BOTH, [challenge("1"), OK], ["none", "digest+token"], AuthMode.BOTH),
        (AuthMode.BOTH, [FAULT, OK], ["none", "none+token"], AuthMode.TOKEN),
        (
            AuthMode.DIGEST,
            [challenge("1"), challenge("2", stale=True), OK],
            ["none", "digest", "digest"],
            AuthMode.DIGEST,
        ),
    ],
)
def test_the_way_follows_what_the_camera_asks_for(
    guarded: Callable[..., Guarded], start: AuthMode, verdicts: list[Any], seen: list[str], auth: AuthMode
) -> None:
    host, who = guarded(*verdicts), signer(start)
    ask(host, who)
    assert host.seen == seen
    assert who.auth is auth
    assert who.proven is (auth is not AuthMode.NONE)


@pytest.mark.parametrize(
    ("verdicts", "signed"),
    [
        ([FAULT, FAULT], 1),
        ([challenge("1"), challenge("2")], 1),
        ([challenge("1"), FAULT, FAULT], 2),
        ([challenge("1")] + [challenge(str(n), stale=True) for n in range(2, 9)], 4),
    ],
)
def test_a_wrong_password_is_tried_once_a_way(
    guarded: Callable[..., Guarded], verdicts: list[Any], signed: int
) -> None:
    host = guarded(*verdicts)
    with pytest.raises(CredentialsError, match="refuses"):
        ask(host, signer())
    assert len([one for one in host.seen if one != "none"]) == signed


def test_a_nonce_that_was_good_is_replaced_once_without_a_word(guarded: Callable[..., Guarded]) -> None:
    host, who = guarded(challenge("1"), OK, challenge("2"), OK, challenge("3"), challenge("4")), signer()
    ask(host, who, 2)
    assert host.seen == ["none", "digest", "digest", "digest"]
    with pytest.raises(CredentialsError):
        ask(host, who)


def test_an_unencrypted_password_needs_a_persons_word(guarded: Callable[..., Guarded]) -> None:
    host = guarded(BASIC, BASIC, OK, BASIC, BASIC)
    with pytest.raises(CredentialsError, match="nobody has allowed"):
        ask(host, signer())
    assert host.seen == ["none"]
    ask(host, signer(basic_allowed=True))
    assert host.seen == ["none", "none", "basic"]
    with pytest.raises(CredentialsError):
        ask(host, signer(AuthMode.BASIC, basic_allowed=False))
    assert host.seen[-1] == "none"


def test_who_has_no_password_sends_none(guarded: Callable[..., Guarded]) -> None:
    host = guarded(FAULT)
    with pytest.raises(CredentialsError, match="none are stored"):
        ask(host, signer(AuthMode.TOKEN, None))
    assert host.seen == ["none"]


def test_a_stop_is_signed_in_any_way(guarded: Callable[..., Guarded]) -> None:
    host = guarded(challenge("1"), OK)
    with closing(Line(host.url, SystemClock())) as line:
        at = NOW + timedelta(hours=1)
        check_stopped(posted(line, host.url, stop_envelope("dome", None, at), SECRET, AuthMode.DIGEST, at))
    assert host.seen == ["none", "digest"]
