"""Events: what the field reported and is worth keeping."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.fact import Json
from domain.place import Place
from domain.record import Record


class EventKind(StrEnum):
    """What kind of report; an unknown one is kept as it came, in `Event.kind`."""

    SOS = "sos"
    BELL_PRESS = "press"
    SESSION_START = "start"
    SESSION_FIX = "fix"
    SESSION_CANCEL = "cancel"
    SESSION_ARRIVE = "arrive"
    OFF_ROUTE = "off_route"
    DETECTION = "detection"
    UNIT_FIX = "unit_fix"
    UNIT_STATUS = "unit_status"
    PARTNER_REPLY = "partner_reply"
    THRESHOLD = "threshold"
    DEVICE_LOST = "device_lost"
    DATA_GAP = "data_gap"
    RECORDING_TROUBLE = "recording_trouble"
    CAMERA_EXCHANGED = "camera_exchanged"  # another device answers at its address


ALWAYS_CRITICAL = frozenset({EventKind.SOS, EventKind.BELL_PRESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Record):
    """One report of the field.

    `source` names who reported within its kind (a session, bell, camera number, unit or sensor). `subject` is the
    personal key of the person concerned, never the person. `raw` keeps the body of an SOS that could
    not be read. `details` holds what else was said, free of personal data.
    """

    kind: str
    source: str
    at: datetime
    received_at: datetime
    place: Place | None = None
    subject: UUID | None = None
    details: Mapping[str, Json] = field(default_factory=dict)
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDetails:
    """Who a guardian session is about; stored under a key of their own, never in events or logs."""

    traveller: str
    guardians: tuple[str, ...] = ()
    phone: str = ""

    def __repr__(self) -> str:
        return "PersonalDetails(***)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReport:
    """An event as it came off the wire, with what must be kept apart from it and how to answer.

    `answer_topic` is where `stored` and `shown` are owed, or empty. `quarantine` says why the message
    also goes into quarantine (an SOS with a broken body is both event and quarantine).
    """

    event: Event
    personal: PersonalDetails | None = None
    answer_topic: str = ""
    quarantine: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A message that could not be taken, with the reason and where it came from."""

    topic: str
    body: bytes
    reason: str
    received_at: datetime
