"""Facts and events as JSON: in the fact tables, and in the change log that other workstations read.

A change names origin, kind, key and hlc beside its payload, so the payload holds the rest of the fact. Keys that
this program does not know are passed over; a row that it can't understand at all is UnreadableChangeError, and is
kept as it came.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from db.wall_codec import answer_of, order_of, whole, workstation_of
from domain.alarm import AlarmStep, Desk, Priority, fold_alarm, place_of
from domain.bookmark import BookmarkStep, fold_bookmark
from domain.change import PulledChange
from domain.errors import BadInputError, ProtocolError, WatchroomError
from domain.event import Event
from domain.fact import SCHEMA_VERSION, Fact, Family, Json, head_of_subject
from domain.incident import IncidentStep, Status, fold_incident
from domain.record import Mode, head_of
from domain.snapshot import Snapshot, SnapshotStep
from domain.wall_order import WallStep

REPORTED = "reported"


class UnreadableChangeError(WatchroomError):
    """A change of a kind, version or content that this program does not know."""


def dump(value: object) -> str:
    """Return JSON with sorted keys and no blanks, the same for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def load(text: str | bytes) -> Json:
    """Return what JSON text says."""
    value: Json = json.loads(text)
    return value


def clean(value: object) -> Json:
    """Return the value as JSON that every database takes.

    PostgreSQL refuses NUL and lone surrogates in text and numbers that are not finite; one such row would hold up
    all that follow it. They become U+FFFD and null.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {clean_text(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return clean_text(str(value))


def clean_text(text: str) -> str:
    """Return text that every database takes: NUL and lone surrogates become U+FFFD."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def write_time(at: datetime) -> str:
    """Return RFC 3339 text in UTC."""
    return at.astimezone(UTC).isoformat()


def read_time(value: Json) -> datetime:
    """Return the aware moment in UTC that RFC 3339 text names; ValueError where it names none."""
    at = datetime.fromisoformat(str(value))
    if at.tzinfo is None:
        raise ValueError(f"{value} has no offset")
    return at.astimezone(UTC)


def mapping(value: Json) -> dict[str, Json]:
    """Return the JSON object, or an empty one where it is something else."""
    return value if isinstance(value, dict) else {}


def change_payload(fact: Fact) -> dict[str, Json]:
    """Return what the change log says of a fact beside origin, kind, key, hlc and schema version."""
    return {
        "subject": str(fact.subject),
        "step": fact.step,
        "at": write_time(fact.at),
        "actor": fact.actor,
        "centre": fact.centre,
        "district": fact.district,
        "mode": fact.mode.value,
        "caused_by": str(fact.caused_by) if fact.caused_by else None,
        "fields": dict(fact.fields),
    }


def fact_of(change: PulledChange) -> Fact:
    """Return the fact that a change carries; UnreadableChangeError where this program can't understand it."""
    if change.kind not in list(Family) or change.schema_version > SCHEMA_VERSION:
        raise UnreadableChangeError(f"{change.kind} version {change.schema_version} needs a newer program")
    try:
        fact = _decoded(change)
        _try(fact)
    except (KeyError, ValueError, TypeError, OverflowError, BadInputError, ProtocolError) as error:
        raise UnreadableChangeError(f"{change.kind} can't be understood: {type(error).__name__} {error}") from error
    return fact


def _decoded(change: PulledChange) -> Fact:
    said = change.payload
    caused_by = said.get("caused_by")
    return Fact(
        id=change.pk,
        origin=change.origin,
        centre=str(said["centre"]),
        district=str(said["district"]),
        mode=Mode(str(said["mode"])),
        caused_by=UUID(str(caused_by)) if caused_by else None,
        family=Family(change.kind),
        subject=UUID(str(said["subject"])),
        step=str(said["step"]),
        at=read_time(said["at"]),
        actor=str(said["actor"]),
        hlc=change.hlc,
        fields=_object(said["fields"]),
        schema_version=change.schema_version,
    )


def _object(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise TypeError("fields is not an object")
    return dict(sorted(value.items()))


def _try(fact: Fact) -> None:
    """Fold the fact after a sample beginning, so that nothing is stored that a projection would stumble over."""
    match fact.family:
        case Family.EVENT:
            event_of(fact)
        case Family.ALARM:
            _try_to_fold(fold_alarm, AlarmStep.RAISED, _SAMPLE_RAISING, fact)
        case Family.INCIDENT:
            _try_to_fold(fold_incident, IncidentStep.OPENED, _SAMPLE_OPENING, fact)
        case Family.BOOKMARK:
            _try_to_fold(fold_bookmark, BookmarkStep.SET, {}, fact)
        case Family.SNAPSHOT if fact.step == SnapshotStep.TAKEN:
            snapshot_of(fact)
        case Family.WALL if fact.step == WallStep.SHOWN:
            order_of(fact)
        case Family.WALL if fact.step == WallStep.ANSWERED:
            answer_of(fact)
        case Family.WALL if fact.step == WallStep.PRESENT:
            workstation_of(fact)
        case _:
            pass  # a step of a newer program, which nothing here reads


def _try_to_fold(fold: Callable[[Iterable[Fact]], object], first: str, sample: Mapping[str, Json], fact: Fact) -> None:
    fold((replace(fact, step=str(first), fields=sample), fact))
    if fact.step == first:
        fold((fact,))


_SAMPLE_RAISING: dict[str, Json] = {
    "event_id": str(UUID(int=0)),
    "rule": "",
    "kind": "",
    "title": "",
    "priority": Priority.LOW.value,
    "desk": Desk.FACILITY.value,
    "source": "",
}
_SAMPLE_OPENING: dict[str, Json] = {
    "number": "",
    "kind": "",
    "priority": Priority.LOW.value,
    "desk": Desk.FACILITY.value,
    "status": Status.NEW.value,
}


def fact_of_event(event: Event, hlc: int) -> Fact:
    """Return the fact that this event was reported; its id is the event's, so a repeat is known as one."""
    place = event.place
    return Fact(
        **head_of(event),
        family=Family.EVENT,
        subject=event.id,
        step=REPORTED,
        at=event.at,
        actor="",
        hlc=hlc,
        fields={
            "kind": clean_text(event.kind),
            "source": clean_text(event.source),
            "received_at": write_time(event.received_at),
            "lat": place.lat if place else None,
            "lon": place.lon if place else None,
            "accuracy_m": clean(place.accuracy_m) if place else None,
            "subject": str(event.subject) if event.subject else None,
            "details": clean(event.details),
            "raw": clean_text(event.raw),
        },
    )


def event_of(fact: Fact) -> Event:
    """Return the event that a fact of the family EVENT reports."""
    fields = fact.fields
    subject = fields.get("subject")
    return Event(
        **head_of_subject(fact),
        kind=str(fields["kind"]),
        source=str(fields["source"]),
        at=fact.at,
        received_at=read_time(fields["received_at"]),
        place=place_of(fields),
        subject=UUID(str(subject)) if subject else None,
        details=mapping(fields.get("details")),
        raw=str(fields.get("raw", "")),
    )


def taking_fields(snapshot: Snapshot) -> dict[str, Json]:
    """Return what the TAKEN step of a snapshot says besides its moment and who took it."""
    return {
        "camera_no": snapshot.camera_no,
        "camera_at": write_time(snapshot.camera_at) if snapshot.camera_at else None,
        "file": snapshot.file,
        "sha256": snapshot.sha256,
        "width": snapshot.width,
        "height": snapshot.height,
        "masked": snapshot.masked,
    }


def snapshot_of(fact: Fact) -> Snapshot:
    """Return the snapshot that a TAKEN step of the family SNAPSHOT tells of."""
    fields = fact.fields
    camera_at = fields.get("camera_at")
    return Snapshot(
        **head_of_subject(fact),
        camera_no=whole(fields["camera_no"], "a snapshot's camera"),
        at=fact.at,
        camera_at=read_time(camera_at) if camera_at else None,
        by=fact.actor,
        file=str(fields["file"]),
        sha256=str(fields["sha256"]),
        width=whole(fields["width"], "a snapshot's width"),
        height=whole(fields["height"], "a snapshot's height"),
        masked=fields["masked"] is True,
    )
