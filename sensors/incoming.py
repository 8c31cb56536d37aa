"""A message as it came, and what it came to."""

from dataclasses import dataclass
from datetime import datetime

from domain.event import FieldReport, Quarantined
from domain.reading import Reading

KEPT_BYTES = 64 * 1024  # of a message in quarantine


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as the broker delivered it."""

    topic: str
    body: bytes
    retained: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one message came to; all empty for one that is not for us."""

    reports: tuple[FieldReport, ...] = ()
    readings: tuple[Reading, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()


def kept(incoming: Incoming, reason: str, part: bytes | None = None) -> Quarantined:
    """Return the message, or the part of it that is at fault, as it goes to quarantine."""
    body = incoming.body if part is None else part
    return Quarantined(
        topic=incoming.topic, body=body[:KEPT_BYTES], reason=reason.replace("\0", " "), received_at=incoming.received_at
    )
