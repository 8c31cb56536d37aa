"""Rows as SQLite keeps them; nothing outside db/ sees these."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Dialect, Index, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from domain.fact import Json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(at: datetime) -> int:
    """Return an aware moment as whole microseconds since 1970, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(value: int) -> datetime:
    """Return microseconds since 1970 as an aware moment in UTC."""
    return _EPOCH + timedelta(microseconds=value)


class Moment(TypeDecorator[datetime]):
    """A moment as whole microseconds since 1970: exact, short, and in order of time."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the hook's signature
        """Return what is stored."""
        return None if value is None else to_us(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the hook's signature
        """Return what was meant."""
        return None if value is None else from_us(value)


class Base(DeclarativeBase):
    """Parent of every table."""

    type_annotation_map: ClassVar = {
        datetime: Moment,
        UUID: Uuid,
        str: Text,
        bytes: LargeBinary,
        int: BigInteger,
    }


class FactRow(Base):
    """What every fact table holds; `fields` is what the step sets."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin: Mapped[UUID]
    centre: Mapped[str]
    district: Mapped[str]
    mode: Mapped[str]
    caused_by: Mapped[UUID | None]
    subject: Mapped[UUID]
    step: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    hlc: Mapped[int]
    fields: Mapped[dict[str, Json]] = mapped_column(JSON)
    schema_version: Mapped[int]


class EventRow(FactRow):
    """What the field reported; the fact's id is the event's own."""

    __tablename__ = "event"
    __table_args__ = (Index("event_hlc", "hlc"),)


class AlarmEventRow(FactRow):
    """What people and rules did to an alarm."""

    __tablename__ = "alarm_event"
    __table_args__ = (Index("alarm_event_subject", "subject"), Index("alarm_event_hlc", "hlc"))


class IncidentEventRow(FactRow):
    """What people did to an incident."""

    __tablename__ = "incident_event"
    __table_args__ = (Index("incident_event_subject", "subject"), Index("incident_event_hlc", "hlc"))


class AlarmRow(Base):
    """An alarm as its facts make it. `acknowledged_by_fact` is the acknowledgement that stands."""

    __tablename__ = "alarm"
    __table_args__ = (
        Index("alarm_event_id", "event_id"),
        Index("alarm_state", "state"),
        Index("alarm_raised_at", "raised_at"),
        Index("alarm_incident", "incident"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    state: Mapped[str]
    raised_at: Mapped[datetime]
    incident: Mapped[UUID | None]
    acknowledged_by_fact: Mapped[UUID | None]
    body: Mapped[dict[str, Json]] = mapped_column(JSON)
    conflicts: Mapped[list[str]] = mapped_column(JSON)


class IncidentRow(Base):
    """An incident as its facts make it."""

    __tablename__ = "incident"
    __table_args__ = (Index("incident_status", "status"), Index("incident_number", "number"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    status: Mapped[str]
    opened_at: Mapped[datetime]
    body: Mapped[dict[str, Json]] = mapped_column(JSON)
    conflicts: Mapped[list[str]] = mapped_column(JSON)


class ChangeRow(Base):
    """One line that headquarters is owed, written together with its fact."""

    __tablename__ = "change_log"
    __table_args__ = (Index("change_log_pk", "pk", "epoch", "seq"),)

    epoch: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    pk: Mapped[UUID]
    hlc: Mapped[int]
    payload: Mapped[dict[str, Json]] = mapped_column(JSON)
    schema_version: Mapped[int]


class UnknownRow(Base):
    """A line pulled from headquarters that only a newer program can read; kept as it came."""

    __tablename__ = "unknown"

    origin: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    pk: Mapped[UUID] = mapped_column(primary_key=True)
    hlc: Mapped[int]
    payload: Mapped[dict[str, Json]] = mapped_column(JSON)
    schema_version: Mapped[int]
    reason: Mapped[str]
    received_at: Mapped[datetime]


class SyncStateRow(Base):
    """One thing this workstation must not forget, by name."""

    __tablename__ = "sync_state"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class NumberBlockRow(Base):
    """A block of incident numbers that headquarters gave to this workstation alone."""

    __tablename__ = "number_block"

    year: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
    next: Mapped[int]


class ReadingRow(Base):
    """One value as it was measured."""

    __tablename__ = "reading"
    __table_args__ = ({"sqlite_with_rowid": False},)

    ts: Mapped[datetime] = mapped_column(primary_key=True)
    sensor: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]
    id: Mapped[str]


class ReadingMinuteRow(Base):
    """One minute of one quantity of one sensor; `last` is its newest value, measured at `last_ts`."""

    __tablename__ = "reading_1m"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sensor: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[str] = mapped_column(primary_key=True)
    minute: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
    total: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    last: Mapped[float]
    last_ts: Mapped[datetime]


class ReadingLatestRow(Base):
    """The newest value of one quantity of one sensor."""

    __tablename__ = "reading_latest"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sensor: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[str] = mapped_column(primary_key=True)
    ts: Mapped[datetime]
    value: Mapped[float]
    id: Mapped[str]


class QuarantineRow(Base):
    """A message that could not be taken; `size` is its whole length in bytes, `body` may be its beginning."""

    __tablename__ = "quarantine"
    __table_args__ = (Index("quarantine_received_at", "received_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str]
    body: Mapped[bytes]
    size: Mapped[int]
    reason: Mapped[str]
    received_at: Mapped[datetime]


class AuditRow(Base):
    """One line of the audit chain; `at` is RFC 3339 text, since it is hashed as written."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    purpose: Mapped[str]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class CameraRow(Base):
    """One camera of the register."""

    __tablename__ = "camera"

    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    site: Mapped[str]
    site_kind: Mapped[str]
    district: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    accuracy_m: Mapped[float | None]
    bearing_deg: Mapped[float | None]
    main_url: Mapped[str]
    sub_url: Mapped[str]
    onvif_url: Mapped[str]
    credentials: Mapped[str]


class OperatorRow(Base):
    """A person who may sign in; `verifier` is an Argon2id hash."""

    __tablename__ = "operator"

    name: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    role: Mapped[str]
    desk: Mapped[str]
    verifier: Mapped[str]
    must_change_password: Mapped[bool]


class WallRow(Base):
    """A saved layout of the wall."""

    __tablename__ = "wall"
    __table_args__ = (UniqueConstraint("name", name="wall_name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    layout: Mapped[dict[str, Json]] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class WatchListRow(Base):
    """A number plate that is looked for; its keeper is a personal key, never a name."""

    __tablename__ = "watch_list"
    __table_args__ = (Index("watch_list_plate", "plate"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plate: Mapped[str]
    reason: Mapped[str]
    source: Mapped[str]
    keeper: Mapped[UUID | None]
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class PersonRow(Base):
    """Details of a person, sealed with the key of the same subject; empty once erased."""

    __tablename__ = "person"

    subject: Mapped[UUID] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    erased_at: Mapped[datetime | None]


class PersonKeyRow(Base):
    """The key of one person's details; destroying it erases the person."""

    __tablename__ = "person_key"

    subject: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[bytes]
