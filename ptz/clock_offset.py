"""How far a camera's clock is ahead of ours: what it signs and judges by is its own time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.clock import Clock
from domain.errors import CredentialsError, ProtocolError
from ptz.services import Port, Service
from ptz.voice import Voice
from ptz.wire import dated


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What was found out.

    `told` says that the camera told its time; else `offset_s` is that of its HTTP Date header, or 0.
    """

    offset_s: float
    told: bool


def read_clock(voice: Voice, url: str, clock: Clock, *, signed: bool = False) -> ClockReading:
    """Ask the camera for its time, without credentials unless `signed`.

    One camera refuses even this while the clocks differ; then the Date header of its refusal tells the time. Raises
    UnreachableError, and CredentialsError where a signed question is refused.
    """
    port = Port(Service.DEVICE, url, voice, signed=signed)
    before = clock.now()
    told: datetime | None = None
    try:
        told = _told_time(port.call("GetSystemDateAndTime"))
    except CredentialsError:
        if signed:
            raise
    except ProtocolError:
        told = None  # it tells it otherwise, or not at all
    now = clock.now()
    at = told or dated(voice.date)
    offset_s = 0.0 if at is None else (at - (before + (now - before) / 2)).total_seconds()
    return ClockReading(offset_s, told is not None)


def _told_time(answer: Any) -> datetime | None:
    utc = getattr(answer, "UTCDateTime", None)
    if utc is None or utc.Date is None or utc.Time is None:
        return None
    try:
        return datetime(
            utc.Date.Year,
            utc.Date.Month,
            utc.Date.Day,
            utc.Time.Hour,
            utc.Time.Minute,
            min(utc.Time.Second, 59),
            tzinfo=UTC,
        )
    except (TypeError, ValueError):
        return None
