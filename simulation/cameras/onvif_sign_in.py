"""Who may ask a device for what: user name tokens, HTTP digests (RFC 7616) and passwords in the clear."""

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from domain.errors import CredentialsError
from simulation.cameras.config import Config
from simulation.cameras.guards import BasicGuard, Verdict
from simulation.cameras.onvif_kind import SignIn
from simulation.cameras.onvif_unit import Unit
from simulation.cameras.sign_ins import SignIns
from simulation.cameras.soap import SoapFaultError, Token, check
from simulation.cameras.web import Asked

_REALM = "Watchroom practice camera"
_FIELD = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')
_HASHES = {"MD5": "md5", "SHA-256": "sha256"}
_NONCES = 500  # how many are remembered


class ChallengeError(Exception):
    """The request has to come again with a proof: these are the WWW-Authenticate headers of a 401."""

    def __init__(self, challenges: tuple[str, ...]) -> None:
        super().__init__("a proof is wanted")
        self.challenges = challenges


@dataclass(frozen=True, slots=True)
class Proofs:
    """What a request brings to prove a name and password."""

    token: Token | None
    authorization: str

    @property
    def ways(self) -> str:
        """Return the ways, as they are written down: never what was said."""
        scheme = self.authorization.partition(" ")[0].lower()
        said = (["token"] if self.token is not None else []) + ([scheme] if scheme else [])
        return "+".join(said) or "none"


class HttpDigests:
    """Gives nonces and judges digests; a nonce is good for so many uses (0 any number)."""

    def __init__(self, user: str, password: str) -> None:
        self._user, self._password = user, password
        self._uses: OrderedDict[str, int] = OrderedDict()

    def challenges(self, algorithms: tuple[str, ...], *, stale: bool) -> tuple[str, ...]:
        """Return a challenge for each algorithm, with a new nonce."""
        nonce = secrets.token_hex(16)
        self._uses[nonce] = 0
        while len(self._uses) > _NONCES:
            self._uses.popitem(last=False)
        again = ", stale=true" if stale else ""
        return tuple(
            f'Digest realm="{_REALM}", qop="auth", algorithm={algorithm}, nonce="{nonce}", opaque="practice"{again}'
            for algorithm in algorithms
        )

    def judged(self, asked: Asked, authorization: str, algorithms: tuple[str, ...], most_uses: int) -> Verdict:
        """Return whether this header proves the name and password for this request."""
        scheme, _, rest = authorization.partition(" ")
        said = {name.lower(): quoted or bare for name, quoted, bare in _FIELD.findall(rest)}
        algorithm = said.get("algorithm", "MD5").upper()
        if scheme.lower() != "digest" or algorithm not in algorithms or said.get("uri") != asked.path:
            return Verdict.WRONG
        expected = self._response(algorithm, asked.method, said)
        proven = hmac.compare_digest(expected.encode(), said.get("response", "").lower().encode())
        if not proven or said.get("username") != self._user:
            return Verdict.WRONG
        nonce = said.get("nonce", "")
        if nonce not in self._uses or (most_uses and self._uses[nonce] >= most_uses):
            return Verdict.STALE
        self._uses[nonce] += 1
        return Verdict.RIGHT

    def _response(self, algorithm: str, method: str, said: dict[str, str]) -> str:
        def hashed(text: str) -> str:
            return hashlib.new(_HASHES[algorithm], text.encode(), usedforsecurity=False).hexdigest()

        middle = said.get("nonce", "")
        if "qop" in said:
            middle = f"{middle}:{said.get('nc', '')}:{said.get('cnonce', '')}:{said['qop']}"
        target = hashed(f"{method}:{said.get('uri', '')}")
        return hashed(f"{hashed(f'{self._user}:{_REALM}:{self._password}')}:{middle}:{target}")


class Entrance:
    """Lets requests to one device in, in the way that its kind or a fault wants."""

    def __init__(self, unit: Unit, config: Config, sign_ins: SignIns) -> None:
        self._unit = unit
        self._config = config
        self._sign_ins = sign_ins
        self._digests = HttpDigests(config.user, config.password)
        self._basic = BasicGuard(config.user, config.password)

    def way(self) -> SignIn:
        """Return how one signs in just now."""
        return SignIn(self._unit.fault().onvif.sign_in or self._unit.kind.sign_in)

    def admit(self, asked: Asked, proofs: Proofs) -> None:
        """Return where the proofs are good; ChallengeError or SoapFaultError (NotAuthorized) where they are not."""
        way = self.way()
        by_token = way in {SignIn.TOKEN, SignIn.BOTH} or (way is SignIn.EITHER and proofs.token is not None)
        if way in {SignIn.DIGEST, SignIn.BOTH} or (way is SignIn.EITHER and not by_token):
            self.challenge(asked, proofs.authorization)
        if way is SignIn.BASIC:
            self._check_basic(proofs.authorization)
        if by_token:
            self._check_token(proofs.token)

    def admit_to_picture(self, asked: Asked, authorization: str) -> None:
        """Return where a plain HTTP request may have the still; ChallengeError where it may not."""
        if self.way() is SignIn.BASIC:
            self._check_basic(authorization)
        elif self.way() is not SignIn.OPEN:
            self.challenge(asked, authorization)

    def challenge(self, asked: Asked, authorization: str) -> None:
        """Return where the digest is right; ChallengeError where there is none, or it is wrong or stale."""
        kind, once = self._unit.kind, self._unit.fault().onvif.stale_nonces
        verdict = Verdict.WRONG
        if authorization:
            verdict = self._digests.judged(asked, authorization, kind.digest, 1 if once else kind.nonce_uses)
        if verdict is Verdict.STALE:
            self._unit.fired["stale_nonces"] += once
        elif authorization:
            verdict = self._noted("digest", verdict)
        if verdict is not Verdict.RIGHT:
            raise ChallengeError(self._digests.challenges(kind.digest, stale=verdict is Verdict.STALE))

    def _check_basic(self, authorization: str) -> None:
        verdict = Verdict.WRONG
        if authorization:
            verdict = self._noted("basic", self._basic.judged("", authorization))
        if verdict is not Verdict.RIGHT:
            raise ChallengeError((self._basic.challenge(),))

    def _check_token(self, token: Token | None) -> None:
        problem = ""
        try:
            check(token, self._config.user, self._config.password, self._unit.wall())
        except CredentialsError as error:
            problem = str(error)
        if token is not None and self._noted("token", Verdict.WRONG if problem else Verdict.RIGHT) is Verdict.WRONG:
            problem = problem or "wrong name or password"
        if problem:
            raise SoapFaultError("NotAuthorized", reason=problem)

    def _noted(self, way: str, verdict: Verdict) -> Verdict:
        """Take note of a sign-in; return what comes of it where the device refuses everybody."""
        fault, no = self._unit.fault(), self._unit.camera.no
        if fault.refuses_password or (fault.locks_out and self._sign_ins.locked(no)):
            verdict = Verdict.WRONG
        if verdict is Verdict.WRONG:
            self._sign_ins.refused(no, way)
        else:
            self._sign_ins.admitted(no, way)
        return verdict


def proofs_of(asked: Asked, token: Token | None) -> Proofs:
    """Return what a request brings."""
    return Proofs(token, asked.headers.get("authorization", ""))
