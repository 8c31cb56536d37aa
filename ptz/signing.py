"""Proving to a camera who we are, in the way that it asks for.

Nothing is signed before a camera has asked for it, unless its way is known already; and each way is tried once with
a password. This module imports the standard library alone: the watchdog's process uses it too.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum

from domain.camera import Credentials
from domain.errors import CredentialsError
from ptz.challenge import Digest, basic, offered
from ptz.soap import refused, security_header, with_header
from ptz.wire import Answer, Line, target

_MOST_TURNS = 5  # bare, digest, a newer nonce, token besides, a newer nonce


class AuthMode(StrEnum):
    """How a camera wants to be shown name and password."""

    TOKEN = "token"  # noqa: S105 - WS-UsernameToken (ONVIF Core 5.9.2), a word of the message
    DIGEST = "digest"  # HTTP digest access
    BOTH = "both"
    BASIC = "basic"  # unencrypted, so only where a person allowed it
    NONE = "none"  # not asked for so far


class Signer:
    """Signs what is sent over one line; `auth` is what the camera took last, and changes when it asks for another.

    `now` tells the camera's time. Used by one thread at a time.
    """

    def __init__(
        self,
        credentials: Credentials | None,
        now: Callable[[], datetime],
        auth: AuthMode = AuthMode.NONE,
        *,
        basic_allowed: bool = False,
    ) -> None:
        self.auth = auth if credentials is not None else AuthMode.NONE
        self.proven = False  # the camera let in something that was signed
        self._credentials = credentials
        self._now = now
        self._basic_allowed = basic_allowed
        self._digest: Digest | None = None

    def post(self, line: Line, url: str, envelope: bytes, *, repeatable: bool = False) -> Answer:
        """Send an unsigned SOAP message, signed; return the answer, which may be another fault.

        Raises CredentialsError where name and password are refused, UnreachableError or ProtocolError. What was
        refused was not carried out, so it is sent again in another way even where it is not `repeatable`.
        """
        for _ in range(_MOST_TURNS):
            sent = self._sent()
            body = with_header(envelope, self._token(sent))
            answer = line.post(url, body, repeatable=repeatable, authorization=self._authorization(sent, url, body))
            if not refused(answer):
                self._note(sent)
                return answer
            if not self._turned(sent, answer):
                break
        raise CredentialsError("the camera refuses this name and password")

    def heed(self, answer: Answer) -> None:
        """Learn from the refusal of something unsigned in which way the camera wants to be shown who asks."""
        if self._credentials is not None and self._sent() is AuthMode.NONE:
            with suppress(CredentialsError):  # said again when something has to be signed
                self._turned(AuthMode.NONE, answer)

    def _sent(self) -> AuthMode:
        """Return how the next message is signed: a digest needs a challenge first."""
        asks_first = self.auth in {AuthMode.DIGEST, AuthMode.BOTH} and self._digest is None
        if self._credentials is None or asks_first or (self.auth is AuthMode.BASIC and not self._basic_allowed):
            return AuthMode.NONE
        return self.auth

    def _token(self, sent: AuthMode) -> str:
        if self._credentials is None or sent not in {AuthMode.TOKEN, AuthMode.BOTH}:
            return ""
        return security_header(self._credentials, self._now())

    def _authorization(self, sent: AuthMode, url: str, body: bytes) -> str:
        if self._credentials is None:
            return ""
        if sent is AuthMode.BASIC:
            return basic(self._credentials)
        if self._digest is None or sent not in {AuthMode.DIGEST, AuthMode.BOTH}:
            return ""
        return self._digest.proof(self._credentials, "POST", target(url), body)

    def _note(self, sent: AuthMode) -> None:
        self.proven = self.proven or sent is not AuthMode.NONE
        if self._digest is not None and sent in {AuthMode.DIGEST, AuthMode.BOTH}:
            self._digest.proven = True

    def _turned(self, sent: AuthMode, answer: Answer) -> bool:
        """Change the way as the refusal asks for it; whether there is another one to try."""
        if self._credentials is None:
            raise CredentialsError("the camera wants a name and password, and none are stored for it")
        digest, takes_basic = offered(answer.challenges)
        if digest is not None:
            return self._challenged(sent, digest)
        if takes_basic:
            return self._asked_in_the_clear(sent)
        if sent is AuthMode.NONE:
            self.auth = AuthMode.TOKEN
        elif sent is AuthMode.DIGEST:
            self.auth = AuthMode.BOTH  # the digest went through, and a token is wanted besides
        return sent in {AuthMode.NONE, AuthMode.DIGEST}

    def _challenged(self, sent: AuthMode, digest: Digest) -> bool:
        """Take a new challenge. Not every camera says that its nonce is stale: one that was good is replaced once."""
        before, self._digest = self._digest, digest
        if sent in {AuthMode.DIGEST, AuthMode.BOTH}:
            return digest.stale or (before is not None and before.proven)
        if self.auth is not AuthMode.BOTH:
            self.auth = AuthMode.DIGEST
        return True

    def _asked_in_the_clear(self, sent: AuthMode) -> bool:
        if not self._basic_allowed:
            raise CredentialsError("the camera wants the password unencrypted, which nobody has allowed")
        self.auth = AuthMode.BASIC
        return sent is not AuthMode.BASIC


def posted(
    line: Line,
    url: str,
    envelope: bytes,
    credentials: Credentials | None,
    auth: AuthMode,
    at: datetime,
    *,
    basic_allowed: bool = False,
    repeatable: bool = False,
) -> Answer:
    """Send one unsigned SOAP message, signed at this moment of the camera's clock; as `Signer.post`."""
    signer = Signer(credentials, lambda: at, auth, basic_allowed=basic_allowed)
    return signer.post(line, url, envelope, repeatable=repeatable)
