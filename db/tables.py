"""Rows as SQLite keeps them; nothing outside db/ sees these."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.moment import Moment
from domain.fact import Json


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


class BookmarkEventRow(FactRow):
    """What people did to a bookmark."""

    __tablename__ = "bookmark_event"
    __table_args__ = (Index("bookmark_event_subject", "subject"), Index("bookmark_event_hlc", "hlc"))


class SnapshotEventRow(FactRow):
    """A still picture that was taken; `at` is its frame's moment."""

    __tablename__ = "snapshot_event"
    __table_args__ = (
        Index("snapshot_event_subject", "subject"),
        Index("snapshot_event_at", "at"),
        Index("snapshot_event_hlc", "hlc"),
    )


class WallEventRow(FactRow):
    """What a workstation (the subject) said of its monitors, or others ordered for them."""

    __tablename__ = "wall_event"
    __table_args__ = (
        Index("wall_event_subject", "subject", "hlc"),
        Index("wall_event_step", "step", "subject", "hlc"),
        Index("wall_event_hlc", "hlc"),
    )


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


class BookmarkRow(Base):
    """A bookmark as its facts make it."""

    __tablename__ = "bookmark"
    __table_args__ = (Index("bookmark_at", "at"), Index("bookmark_camera_no", "camera_no", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    camera_no: Mapped[int | None]
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
    transport: Mapped[str]
    basic_allowed: Mapped[bool]
    masks: Mapped[list[Json]] = mapped_column(JSON)
    recording: Mapped[str]
    head: Mapped[int]
    height_m: Mapped[float | None]


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
    """A saved wall; the owner is an operator's name, empty where it is shared."""

    __tablename__ = "wall"
    __table_args__ = (UniqueConstraint("owner", "name", name="wall_owner_name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    views: Mapped[dict[str, Json]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    owner: Mapped[str]


class SalvoRow(Base):
    """A salvo; `key` counts the function keys from 1."""

    __tablename__ = "salvo"
    __table_args__ = (UniqueConstraint("name", name="salvo_name"), UniqueConstraint("key", name="salvo_key"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[int | None]
    views: Mapped[dict[str, Json]] = mapped_column(JSON)
    presets: Mapped[list[Json]] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class CameraTourRow(Base):
    """A camera tour."""

    __tablename__ = "camera_tour"
    __table_args__ = (UniqueConstraint("name", name="camera_tour_name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    cameras: Mapped[list[Json]] = mapped_column(JSON)
    dwell_s: Mapped[float]
    changed_at: Mapped[datetime]


class CameraAcquaintanceRow(Base):
    """How a camera is reached and what it is known for: found out once, kept over restarts."""

    __tablename__ = "camera_acquaintance"

    camera: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    known: Mapped[dict[str, Json]] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class CameraPlaceRow(Base):
    """A numbered view of a moving camera, with our own name; `token` is the camera's, empty where it has none."""

    __tablename__ = "camera_place"

    camera: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    token: Mapped[str]
    position: Mapped[dict[str, Json] | None] = mapped_column(JSON)
    thumbnail: Mapped[bytes | None]
    changed_at: Mapped[datetime]


class GuardTourRow(Base):
    """A guard tour of one camera; `token` is the camera's own tour, empty where the console runs it."""

    __tablename__ = "guard_tour"
    __table_args__ = (UniqueConstraint("camera", "name", name="guard_tour_name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    camera: Mapped[int]
    name: Mapped[str]
    token: Mapped[str]
    spots: Mapped[list[Json]] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class CameraAimRow(Base):
    """How a moving camera hangs, as landmarks told."""

    __tablename__ = "camera_aim"

    camera: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    aim: Mapped[dict[str, Json]] = mapped_column(JSON)
    landmarks: Mapped[list[Json]] = mapped_column(JSON)
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class LastViewRow(Base):
    """What an operator last had on a monitor of this workstation."""

    __tablename__ = "last_view"

    operator: Mapped[str] = mapped_column(primary_key=True)
    monitor: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    view: Mapped[dict[str, Json]] = mapped_column(JSON)
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
