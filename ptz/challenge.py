"""HTTP's ways to ask for a name and password: digest access (RFC 7616) and basic access (RFC 7617).

This module imports the standard library alone: the watchdog's process uses it too.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.camera import Credentials

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCHEME = re.compile(r"(?:^|,)\s*([A-Za-z][\w-]*)(?=\s+[\w*-]+\s*=|\s*$|\s*,)")
_FIELD = re.compile(r'([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
_SESSION = "-SESS"


@dataclass(slots=True)
class Digest:
    """A camera's challenge, answered as often as it lets us: each answer counts the nonce on."""

    realm: str
    nonce: str
    algorithm: str = ""  # as it was said, empty where nothing was said: then MD5 is meant
    qops: tuple[str, ...] = ()
    opaque: str | None = None
    stale: bool = False
    uses: int = 0
    proven: bool = False  # a request with this nonce was let in
    _cnonce: str = field(default_factory=lambda: secrets.token_hex(8))

    def proof(self, credentials: Credentials, method: str, uri: str, body: bytes) -> str:
        """Return the Authorization header for one request."""
        self.uses += 1
        count, qop = f"{self.uses:08x}", self._qop()
        said = {
            "username": _quoted(credentials.user),
            "realm": _quoted(self.realm),
            "nonce": _quoted(self.nonce),
            "uri": _quoted(uri),
            "response": _quoted(self._response(credentials, method, uri, body, count, qop)),
        }
        if self.algorithm:
            said["algorithm"] = self.algorithm
        if self.opaque is not None:
            said["opaque"] = _quoted(self.opaque)
        if qop:
            said |= {"qop": qop, "nc": count, "cnonce": _quoted(self._cnonce)}
        return "Digest " + ", ".join(f"{name}={value}" for name, value in said.items())

    def _qop(self) -> str:
        return next((known for known in ("auth", "auth-int") if known in self.qops), "")

    def _response(self, credentials: Credentials, method: str, uri: str, body: bytes, count: str, qop: str) -> str:
        secret = self._hashed(f"{credentials.user}:{self.realm}:{credentials.password}".encode())
        if self.algorithm.upper().endswith(_SESSION):
            secret = self._hashed(f"{secret}:{self.nonce}:{self._cnonce}".encode())
        asked = f"{method}:{uri}" + (f":{self._hashed(body)}" if qop == "auth-int" else "")
        middle = f"{self.nonce}:{count}:{self._cnonce}:{qop}" if qop else self.nonce
        return self._hashed(f"{secret}:{middle}:{self._hashed(asked.encode())}".encode())

    def _hashed(self, octets: bytes) -> str:
        name = _HASHES[self.algorithm.upper().removesuffix(_SESSION) or "MD5"]
        return hashlib.new(name, octets, usedforsecurity=False).hexdigest()


def basic(credentials: Credentials) -> str:
    """Return the Authorization header that says name and password as they are."""
    return "Basic " + base64.b64encode(f"{credentials.user}:{credentials.password}".encode()).decode("ascii")


def offered(headers: Iterable[str]) -> tuple[Digest | None, bool]:
    """Return the first digest challenge that can be answered, and whether basic access is offered."""
    digest, takes_basic = None, False
    for header in headers:
        for scheme, rest in _parts(header):
            takes_basic = takes_basic or scheme == "basic"
            if scheme == "digest" and digest is None:
                digest = _digest(rest)
    return digest, takes_basic


def _parts(header: str) -> list[tuple[str, str]]:
    """Return the challenges of one header: several may stand in one line."""
    blank = _QUOTED.sub(lambda quoted: "_" * len(quoted.group()), header)  # what is quoted begins no challenge
    found = list(_SCHEME.finditer(blank))
    ends = [*(one.start() for one in found[1:]), len(header)]
    return [(one.group(1).lower(), header[one.end() : end]) for one, end in zip(found, ends, strict=False)]


def _digest(text: str) -> Digest | None:
    """Return a challenge; None where it lacks a nonce, or wants what we can't compute."""
    said = {name.lower(): _unquoted(quoted) if quoted else bare for name, quoted, bare in _FIELD.findall(text)}
    algorithm = said.get("algorithm", "")
    qops = tuple(word.strip().lower() for word in said.get("qop", "").split(",") if word.strip())
    known = (algorithm.upper().removesuffix(_SESSION) or "MD5") in _HASHES
    if not said.get("nonce") or not known or (qops and not {"auth", "auth-int"} & set(qops)):
        return None
    stale = said.get("stale", "").lower() == "true"
    return Digest(said.get("realm", ""), said["nonce"], algorithm, qops, said.get("opaque"), stale)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
