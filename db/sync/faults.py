"""Turns PostgreSQL's errors into ours."""

import psycopg

from db.sync.address import HqAddress
from domain.errors import (
    CredentialsError,
    ProtocolError,
    RefusedError,
    SequenceGapError,
    UnreachableError,
    WatchroomError,
)
from domain.hlc import ClockAheadError


class OtherHistoryError(SequenceGapError):
    """Headquarters has other rows under numbers of our epoch: one of two databases with it was restored (WR002)."""


_OURS: dict[str, type[WatchroomError]] = {
    "WR001": SequenceGapError,
    "WR002": OtherHistoryError,
    "WR003": ClockAheadError,
    "WR004": RefusedError,
    "WR010": ProtocolError,
}
_NOT_LET_IN = frozenset({"28000", "28P01", "42501"})  # invalid authorization, wrong password, insufficient privilege
_NOT_SET_UP = frozenset({"3D000", "3F000", "42883"})  # no such database, schema, function

# OpenSSL's words, which are never translated.
_WRONG_SERVER = ("certificate verify failed", "signature failure", "alert protocol version", "alert handshake failure")


def as_ours(error: psycopg.Error, address: HqAddress) -> WatchroomError:
    """Return the error of ours that a refused or broken call stands for."""
    state = error.sqlstate or ""
    words = _first_line(error)
    if state in _OURS:
        return _OURS[state](f"headquarters: {words}")
    if state in _NOT_LET_IN:
        return CredentialsError(f"headquarters refuses this workstation: {words}")
    if state in _NOT_SET_UP:
        return ProtocolError(f"headquarters is not set up for this program: {words}")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return UnreachableError(f"headquarters does not answer: {words}")
    return ProtocolError(f"headquarters does not understand: {words} ({state or address.url})")


def why_not_connected(error: psycopg.Error, address: HqAddress, role: str) -> WatchroomError:
    """Return the error of ours for a connection that was not made.

    libpq gives no SQLSTATE here, and the server's words are in its own language; but a refusal to sign in names the
    role, and trouble with our own files names the file.
    """
    text = str(error)
    words = _first_line(error)
    if any(sign in text for sign in _WRONG_SERVER) or "does not match host name" in text:
        return ProtocolError(f"what answers is not our headquarters: {words}")
    if "SSL error" in text and " alert " in text:
        return CredentialsError(f"headquarters refuses this workstation's certificate: {words}")
    if any(str(path) in text for path in (address.cert, address.key, address.ca)):
        return CredentialsError(f"headquarters' certificate files can't be used: {words}")
    if role and f'"{role}"' in text:
        return CredentialsError(f"headquarters refuses this workstation: {words}")
    return UnreachableError(f"headquarters does not answer: {words}")


def _first_line(error: psycopg.Error) -> str:
    return error.diag.message_primary or str(error).strip().partition("\n")[0]
