"""What a camera asks for when it says 401, and the answer: RFC 2617 and RFC 7616 digest, or basic where allowed."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.camera import Credentials
from domain.errors import ProtocolError

_PARAMETER = re.compile(r'([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')


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
    algorithm: str = "MD5"
    qop: bool = False
    opaque: str | None = None
    stale: bool = False


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_HASHES: dict[str, Callable[[str], str]] = {"MD5": _md5, "SHA-256": _sha256}


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
    algorithm = values.get("algorithm", "MD5").upper()
    offered = {word.strip().lower() for word in values.get("qop", "").split(",")} - {""}
    if algorithm not in _HASHES or (offered and "auth" not in offered):
        return None
    if "nonce" not in values:
        raise ProtocolError("the camera asks for a digest without a nonce")
    return Challenge(
        Mode.DIGEST,
        values.get("realm", ""),
        values["nonce"],
        algorithm,
        qop=bool(offered),
        opaque=values.get("opaque"),
        stale=values.get("stale", "").lower() == "true",
    )


def choose(headers: Sequence[str], *, basic_allowed: bool, tried: frozenset[Mode]) -> Challenge | None:
    """Return the best challenge whose mode was not tried yet: SHA-256, MD5, basic; None where nothing is left."""
    rank = {"SHA-256": 0, "MD5": 1}
    found = [challenge for header in headers if (challenge := parse_challenge(header)) is not None]
    open_to_us = [c for c in found if c.mode not in tried and (c.mode is Mode.DIGEST or basic_allowed)]
    return min(
        open_to_us,
        key=lambda c: (c.mode is Mode.BASIC, rank[c.algorithm] if c.mode is Mode.DIGEST else 0),
        default=None,
    )


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
        self._cnonce = cnonce
        self._count = 0

    def header(self, method: str, uri: str) -> str:
        """Return the value of the Authorization header for a request."""
        if self.challenge.mode is Mode.BASIC:
            pair = f"{self._credentials.user}:{self._credentials.password}"
            return "Basic " + base64.b64encode(pair.encode()).decode()
        return self._digest(method, uri)

    def _digest(self, method: str, uri: str) -> str:
        asked, user = self.challenge, self._credentials.user
        hashed = _HASHES[asked.algorithm]
        secret = hashed(f"{user}:{asked.realm}:{self._credentials.password}")
        what = hashed(f"{method}:{uri}")
        fields = [f"username={_quoted(user)}", f"realm={_quoted(asked.realm)}", f"nonce={_quoted(asked.nonce)}"]
        fields.append(f"uri={_quoted(uri)}")
        if asked.qop:
            self._count += 1
            cnonce, count = self._cnonce(), f"{self._count:08x}"
            response = hashed(f"{secret}:{asked.nonce}:{count}:{cnonce}:auth:{what}")
            fields += ["qop=auth", f"nc={count}", f"cnonce={_quoted(cnonce)}"]
        else:
            response = hashed(f"{secret}:{asked.nonce}:{what}")
        fields.append(f'response="{response}"')
        if asked.algorithm != "MD5":
            fields.append(f"algorithm={asked.algorithm}")
        if asked.opaque is not None:
            fields.append(f"opaque={_quoted(asked.opaque)}")
        return "Digest " + ", ".join(fields)
