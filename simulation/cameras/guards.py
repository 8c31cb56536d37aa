"""Who may come in: digest as cameras do it (RFC 2617, MD5; with or without qop=auth), and Basic."""

import base64
import hashlib
import hmac
import re
import secrets
from enum import Enum, auto
from typing import Protocol

_REALM = "Watchroom practice camera"
_FIELD = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')


class Verdict(Enum):
    """What a guard says to an Authorization header."""

    RIGHT = auto()
    STALE = auto()  # the name and password are right, the nonce is of another connection
    WRONG = auto()


class Guard(Protocol):
    """Judges the Authorization headers of one connection."""

    def challenge(self, *, stale: bool = False) -> str:
        """Return the value of a WWW-Authenticate header."""
        ...

    def judged(self, method: str, authorization: str) -> Verdict:
        """Return whether this header proves the name and password."""
        ...


class BasicGuard:
    """Wants the name and password as they are."""

    def __init__(self, user: str, password: str) -> None:
        self._expected = base64.b64encode(f"{user}:{password}".encode())

    def challenge(self, *, stale: bool = False) -> str:  # noqa: ARG002 - nothing of it can be stale
        """Return the value of a WWW-Authenticate header."""
        return f'Basic realm="{_REALM}"'

    def judged(self, method: str, authorization: str) -> Verdict:  # noqa: ARG002 - good for every method
        """Return whether this header says the name and password."""
        scheme, _, said = authorization.partition(" ")
        right = scheme.lower() == "basic" and hmac.compare_digest(said.strip().encode(), self._expected)
        return Verdict.RIGHT if right else Verdict.WRONG


class DigestGuard:
    """Wants a proof that is good for one connection and method."""

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._secret = _md5(f"{user}:{_REALM}:{password}")
        self._nonce = secrets.token_hex(16)

    def challenge(self, *, stale: bool = False) -> str:
        """Return the value of a WWW-Authenticate header."""
        again = ", stale=true" if stale else ""
        return f'Digest realm="{_REALM}", nonce="{self._nonce}", algorithm=MD5{again}'

    def judged(self, method: str, authorization: str) -> Verdict:
        """Return whether this header proves the name and password; Basic never does."""
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() != "digest":
            return Verdict.WRONG
        said = {name.lower(): quoted or bare for name, quoted, bare in _FIELD.findall(rest)}
        middle = nonce = said.get("nonce", "")
        if "qop" in said:
            middle = f"{nonce}:{said.get('nc', '')}:{said.get('cnonce', '')}:{said['qop']}"
        expected = _md5(f"{self._secret}:{middle}:{_md5(method + ':' + said.get('uri', ''))}")
        proven = hmac.compare_digest(expected.encode(), said.get("response", "").lower().encode())
        if not proven or said.get("username") != self._user:
            return Verdict.WRONG
        return Verdict.RIGHT if nonce == self._nonce else Verdict.STALE


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
