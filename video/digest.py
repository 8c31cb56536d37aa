"""What a camera asks for when it says 401, and the answer: RFC 2617 and RFC 7616 digest, or basic where allowed."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.camera import Credentials
from domain.errors import CredentialsError, ProtocolError

_PARAMETER = re.compile(r'([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_SCHEME = re.compile(r"(?:^|,)\s*(?=(?:digest|basic)\s+\w+\s*=)", re.IGNORECASE)
_MOST_CUT_OFF = 2  # connections that end with our password under way, before it counts as refused


class Mode(StrEnum):
    """A way to sign in; each is tried once."""

    DIGEST = "digest"
    BASIC = "basic"


@dataclass(frozen=True, slots=True)
class Challenge:
    """One WWW-Authenticate header that we can answer."""

    mode: Mode
    realm: str
    nonce: str = ""
    algorithm: str = ""
    qop: bool = False
    opaque: str | None = None
    stale: bool = False

    @property
    def hash_name(self) -> str:
        """Return which hash its algorithm means; MD5 where it names none."""
        return self.algorithm.upper().removesuffix("-SESS") or "MD5"

    @property
    def hashes_session(self) -> bool:
        """Whether the secret is hashed once more with both nonces (RFC 2617, 3.2.2.2)."""
        return self.algorithm.upper().endswith("-SESS")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_HASHES: dict[str, Callable[[str], str]] = {"SHA-256": _sha256, "MD5": _md5}  # the better one first


def parse_challenge(header: str) -> Challenge | None:
    """Read one WWW-Authenticate header; None where it asks for something that we do not speak.

    ProtocolError where a digest challenge lacks its nonce.
    """
    scheme, _, rest = header.strip().partition(" ")
    values = {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
        for name, quoted, bare in _PARAMETER.findall(rest)
    }
    if scheme.lower() == "basic":
        return Challenge(Mode.BASIC, values.get("realm", ""))
    if scheme.lower() != "digest":
        return None
    offered = {word.strip().lower() for word in values.get("qop", "").split(",")} - {""}
    challenge = Challenge(
        Mode.DIGEST,
        values.get("realm", ""),
        values.get("nonce", ""),
        values.get("algorithm", ""),
        qop=bool(offered),
        opaque=values.get("opaque"),
        stale=values.get("stale", "").lower() == "true",
    )
    if challenge.hash_name not in _HASHES or (offered and "auth" not in offered):
        return None
    if "nonce" not in values:
        raise ProtocolError("the camera asks for a digest without a nonce")
    return challenge


def choose(headers: Sequence[str], *, basic_allowed: bool, tried: frozenset[Mode]) -> Challenge | None:
    """Return the best challenge whose mode was not tried yet: SHA-256, MD5, basic; None where nothing is left."""
    rank = list(_HASHES)
    parts = [part for header in headers for part in _SCHEME.split(header)]  # several may stand in one header
    found = [challenge for part in parts if (challenge := parse_challenge(part)) is not None]
    open_to_us = [c for c in found if c.mode not in tried and (c.mode is Mode.DIGEST or basic_allowed)]
    return min(open_to_us, key=lambda c: (c.mode is Mode.BASIC, rank.index(c.hash_name)), default=None)


def _quoted(text: str) -> str:
    if any(ord(char) < 0x20 or ord(char) == 0x7F for char in text):
        raise ProtocolError("a control character does not belong into an authentication header")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Authorizer:
    """Answers one challenge for every request of a session, counting as qop=auth demands."""

    def __init__(
        self, challenge: Challenge, credentials: Credentials, cnonce: Callable[[], str] = lambda: secrets.token_hex(8)
    ) -> None:
        self.challenge = challenge
        self._credentials = credentials
        self._cnonce = cnonce()  # one for all requests: the session algorithms need that, the others allow it
        self._count = 0

    def header(self, method: str, uri: str) -> str:
        """Return the value of the Authorization header for a request."""
        if self.challenge.mode is Mode.BASIC:
            pair = f"{self._credentials.user}:{self._credentials.password}"
            return "Basic " + base64.b64encode(pair.encode()).decode()
        return self._digest(method, uri)

    def _digest(self, method: str, uri: str) -> str:
        asked, user, cnonce = self.challenge, self._credentials.user, self._cnonce
        hashed = _HASHES[asked.hash_name]
        secret = hashed(f"{user}:{asked.realm}:{self._credentials.password}")
        if asked.hashes_session:
            secret = hashed(f"{secret}:{asked.nonce}:{cnonce}")
        what = hashed(f"{method}:{uri}")
        fields = [f"username={_quoted(user)}", f"realm={_quoted(asked.realm)}", f"nonce={_quoted(asked.nonce)}"]
        fields.append(f"uri={_quoted(uri)}")
        if asked.qop:
            self._count += 1
            count = f"{self._count:08x}"
            response = hashed(f"{secret}:{asked.nonce}:{count}:{cnonce}:auth:{what}")
            fields += ["qop=auth", f"nc={count}"]
        else:
            response = hashed(f"{secret}:{asked.nonce}:{what}")
        if asked.qop or asked.hashes_session:
            fields.append(f"cnonce={_quoted(cnonce)}")
        fields.append(f'response="{response}"')
        if asked.algorithm:
            fields.append(f"algorithm={asked.algorithm}")
        if asked.opaque is not None:
            fields.append(f"opaque={_quoted(asked.opaque)}")
        return "Digest " + ", ".join(fields)


class SignIn:
    """One user and password at one camera: each way of signing in once, besides nonces that the camera renews.

    It outlives a connection that the camera closes after asking for the password, as some do after each 401.
    """

    def __init__(self, credentials: Credentials | None, *, basic_allowed: bool = False) -> None:
        self.attempts = 0
        self.accepted = False
        self._credentials = credentials
        self._basic_allowed = basic_allowed
        self._authorizer: Authorizer | None = None
        self._tried: frozenset[Mode] = frozenset()
        self._cut_off = 0
        self._may_renew = True

    @property
    def begun(self) -> bool:
        """Whether the password was sent at all."""
        return self._authorizer is not None

    @property
    def under_way(self) -> bool:
        """Whether the password was sent and the camera has said nothing to it yet."""
        return self.begun and not self.accepted

    def header(self, method: str, uri: str) -> str:
        """Return the value of the Authorization header for a request; empty before the camera asked for one."""
        return "" if self._authorizer is None else self._authorizer.header(method, uri)

    def begin_request(self) -> None:
        """Allow the camera to renew its nonce once more: it may do so for each request."""
        self._may_renew = True

    def accept(self) -> None:
        """Note that the camera did what was asked with the password."""
        if self.begun:
            self.accepted, self._cut_off = True, 0

    def renew(self, offers: Sequence[str]) -> bool:
        """Whether a 401 only renews the nonce, which is taken then; that is no new attempt.

        It is so where the camera says so, has taken the password before, or hung up before answering it.
        """
        current, credentials = self._authorizer, self._credentials
        fresh = choose(offers, basic_allowed=False, tried=frozenset())
        if fresh is None or current is None or credentials is None or not self._may_renew:
            return False
        if fresh.nonce == current.challenge.nonce or not (self.accepted or fresh.stale or self._cut_off):
            return False
        if current.challenge.mode is not Mode.DIGEST:
            return False
        self._may_renew = False
        self._authorizer = Authorizer(fresh, credentials)
        return True

    def try_next(self, offers: Sequence[str]) -> None:
        """Use the best way that the camera offers and that was not tried; CredentialsError where none is left."""
        if self._credentials is None:
            raise CredentialsError("the camera asks for a user and a password")
        challenge = choose(offers, basic_allowed=self._basic_allowed, tried=self._tried)
        if challenge is None:
            raise CredentialsError("the camera refuses this user and password")
        self.attempts += 1
        self._tried |= {challenge.mode}
        self._authorizer = Authorizer(challenge, self._credentials)

    def cut_off(self) -> bool:
        """Note that a connection ended with the password under way; return whether that counts as a refusal now.

        Some cameras hang up on a wrong password without a word, and count it all the same.
        """
        self._cut_off += 1
        return self._cut_off >= _MOST_CUT_OFF
