"""Passwords in a database's address: refused on the command line, where everybody can read them, and never shown."""

import re

_IN_USER = re.compile(r"(://[^:@/?#]*):[^@/?#]*@")
_AS_KEY = re.compile(r"(password\s*=\s*)('(?:[^'\\]|\\.)*'|[^&\s]+)", re.IGNORECASE)


def holds_password(address: str) -> bool:
    """Whether a PostgreSQL URL, or a line of `key=value`, says a password."""
    return _IN_USER.search(address) is not None or _AS_KEY.search(address) is not None


def without_password(address: str) -> str:
    """Return the address with stars in place of its password."""
    return _AS_KEY.sub(r"\1***", _IN_USER.sub(r"\1:***@", address))
