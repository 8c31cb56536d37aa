"""Digest authentication as cameras do it (RFC 2617, MD5; with or without qop=auth)."""

import hashlib
import hmac
import re
import secrets

_REALM = "Watchroom practice camera"
_FIELD = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class DigestGuard:
    """Judges the Authorization headers of one connection."""

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._secret = _md5(f"{user}:{_REALM}:{password}")
        self._nonce = secrets.token_hex(16)

    def challenge(self) -> str:
        """Return the value of a WWW-Authenticate header."""
        return f'Digest realm="{_REALM}", nonce="{self._nonce}", algorithm=MD5'

    def accepts(self, method: str, authorization: str | None) -> bool:
        """Return whether this header proves the name and password; Basic never does."""
        scheme, _, rest = (authorization or "").partition(" ")
        if scheme.lower() != "digest":
            return False
        said = {name.lower(): quoted or bare for name, quoted, bare in _FIELD.findall(rest)}
        if said.get("username") != self._user or said.get("nonce") != self._nonce:
            return False
        middle = self._nonce
        if "qop" in said:
            middle = f"{self._nonce}:{said.get('nc', '')}:{said.get('cnonce', '')}:{said['qop']}"
        expected = _md5(f"{self._secret}:{middle}:{_md5(method + ':' + said.get('uri', ''))}")
        return hmac.compare_digest(expected.encode(), said.get("response", "").lower().encode())
