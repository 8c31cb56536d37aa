"""The messages of the MQTT contract as they lie on the wire; unknown fields are ignored, NaN and 1e999 refused."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.reading import Quantity

Moment = Annotated[datetime, msgspec.Meta(tz=True, description="RFC 3339 with offset")]
Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
NotNegative = Annotated[float, msgspec.Meta(ge=0)]
Words = Annotated[str, msgspec.Meta(min_length=1)]
SensorId = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]

READINGS_PER_BATCH = 500


class Message(msgspec.Struct, frozen=True):
    """What every message has: its UUID and the sender's moment."""

    id: UUID
    at: Moment


class SensorReading(Message, frozen=True):
    """`sensor/<sensor_id>/reading`; `unit` is the quantity's UCUM code."""

    quantity: Quantity
    value: float
    unit: str


class StationReading(SensorReading, frozen=True):
    """One element of `station/<station_id>/readings`."""

    sensor: SensorId


class Detection(Message, frozen=True):
    """`camera/<camera_no>/detection`."""

    kind: Words
    score: Fraction
    box: tuple[float, float, float, float] | None = None
    zone: str | None = None
    plate: str | None = None
    still: str | None = None


class SessionStart(Message, frozen=True):
    """`guardian/<session_id>/start`; the route as `[lat, lon]` pairs."""

    traveller: Words
    guardians: tuple[str, ...]
    route: tuple[tuple[float, float], ...]
    eta: Moment
    phone: str | None = None


class Fix(Message, frozen=True):
    """`guardian/<session_id>/fix` and `unit/<unit_id>/fix` (a unit need not say how accurate it is)."""

    lat: float
    lon: float
    accuracy_m: NotNegative | None = None
    battery: float | None = None


class Mark(Message, frozen=True):
    """`guardian/<session_id>/sos | cancel | arrive` and `bell/<bell_id>/press`."""

    lat: float | None = None
    lon: float | None = None
    proof: str | None = None


class UnitStatus(Message, frozen=True):
    """`unit/<unit_id>/status`."""

    status: Words
    incident: str | None = None


class PartnerReply(Message, frozen=True):
    """`partner/<agency>/reply`."""

    request: UUID
    status: Words


class Answer(msgspec.Struct, frozen=True):
    """`<topic of the message>/ack`, from a console."""

    id: UUID
    at: datetime
    by: UUID
    stage: Literal["stored", "shown"]


class SessionState(msgspec.Struct, frozen=True, omit_defaults=True):
    """`guardian/<session_id>/state`, from a console."""

    id: UUID
    at: datetime
    state: str
    due: datetime | None = None
