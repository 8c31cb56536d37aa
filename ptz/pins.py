"""Knowing a camera again: its certificate's fingerprint and its serial number, taken down when it was first met.

Cameras sign their certificates themselves, so no authority vouches for them; what counts is that it is still the
same one. This module imports the standard library alone: the watchdog's process uses it too.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import UnreachableError


class Mark(StrEnum):
    """What a camera is known again by."""

    CERTIFICATE = "certificate"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class Exchange:
    """Another device answers at a camera's address: what was to be expected there, and what was found."""

    camera_no: int
    mark: Mark
    expected: str
    found: str


class OtherDeviceError(UnreachableError):
    """Another device answers at the camera's address; nothing is asked of it until a person accepts the exchange."""

    def __init__(self, mark: Mark, expected: str, found: str) -> None:
        super().__init__(f"another device answers at its address ({mark}: {found or 'none'} instead of {expected})")
        self.mark = mark
        self.expected = expected
        self.found = found


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate (DER) as hexadecimal digits."""
    return hashlib.sha256(certificate).hexdigest()


def check_same(mark: Mark, expected: str, found: str) -> None:
    """Return where it is the same or nothing is expected; OtherDeviceError where it is another."""
    if expected and expected != found:
        raise OtherDeviceError(mark, expected, found)
