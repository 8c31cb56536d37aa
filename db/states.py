"""Alarms, incidents and bookmarks as the JSON that their projections keep."""

from datetime import datetime
from uuid import UUID

from db.codec import mapping, read_time, write_time
from domain.alarm import Acknowledgement, Alarm, AlarmState, Desk, Priority
from domain.bookmark import Bookmark, setting_fields
from domain.fact import Json
from domain.incident import Disposition, Incident, LogEntry, Status
from domain.place import Place
from domain.record import HeadFields, Mode, Record
from domain.text import Text

State = dict[str, Json]


def alarm_state(alarm: Alarm) -> State:
    """Return all of an alarm but whether its acknowledgement is known here only, which is asked when it is read."""
    given = alarm.acknowledgement
    return {
        **_head(alarm),
        "event_id": str(alarm.event_id),
        "rule": alarm.rule,
        "kind": alarm.kind,
        "title": alarm.title.code,
        "title_params": dict(alarm.title.params),
        "priority": alarm.priority.value,
        "desk": alarm.desk.value,
        "raised_at": write_time(alarm.raised_at),
        "source": alarm.source,
        "place": _place(alarm.place),
        "state": alarm.state.value,
        "acknowledged_by": given.by if given else None,
        "acknowledged_at": write_time(given.at) if given else None,
        "incident": str(alarm.incident) if alarm.incident else None,
    }


def alarm_from(state: State, *, here_only: bool) -> Alarm:
    """Return the alarm that was kept."""
    return Alarm(
        **_read_head(state),
        event_id=UUID(str(state["event_id"])),
        rule=str(state["rule"]),
        kind=str(state["kind"]),
        title=Text(str(state["title"]), {key: str(word) for key, word in mapping(state["title_params"]).items()}),
        priority=Priority(str(state["priority"])),
        desk=Desk(str(state["desk"])),
        raised_at=read_time(state["raised_at"]),
        source=str(state["source"]),
        place=_read_place(state["place"]),
        state=AlarmState(str(state["state"])),
        acknowledgement=_acknowledgement(state, here_only=here_only),
        incident=_uuid(state["incident"]),
    )


def incident_state(incident: Incident) -> State:
    """Return all of an incident."""
    return {
        **_head(incident),
        "number": incident.number,
        "kind": incident.kind,
        "opened_at": write_time(incident.opened_at),
        "priority": incident.priority.value,
        "desk": incident.desk.value,
        "place": _place(incident.place),
        "owner": incident.owner,
        "status": incident.status.value,
        "disposition": incident.disposition.value if incident.disposition else None,
        "alarms": [str(alarm) for alarm in incident.alarms],
        "dispatched_at": write_time(incident.dispatched_at) if incident.dispatched_at else None,
        "log": [_entry(entry) for entry in incident.log],
    }


def incident_from(state: State) -> Incident:
    """Return the incident that was kept."""
    disposition = state["disposition"]
    return Incident(
        **_read_head(state),
        number=str(state["number"]),
        kind=str(state["kind"]),
        opened_at=read_time(state["opened_at"]),
        priority=Priority(str(state["priority"])),
        desk=Desk(str(state["desk"])),
        place=_read_place(state["place"]),
        owner=str(state["owner"]),
        status=Status(str(state["status"])),
        disposition=Disposition(str(disposition)) if disposition else None,
        alarms=tuple(UUID(str(alarm)) for alarm in _list(state["alarms"])),
        dispatched_at=_moment(state["dispatched_at"]),
        log=tuple(_read_entry(mapping(entry)) for entry in _list(state["log"])),
    )


def bookmark_state(bookmark: Bookmark) -> State:
    """Return all of a bookmark."""
    return {**_head(bookmark), **setting_fields(bookmark), "at": write_time(bookmark.at), "by": bookmark.by}


def bookmark_from(state: State) -> Bookmark:
    """Return the bookmark that was kept."""
    camera_no = state["camera_no"]
    return Bookmark(
        **_read_head(state),
        at=read_time(state["at"]),
        camera_no=camera_no if isinstance(camera_no, int) else None,
        note=str(state["note"]),
        by=str(state["by"]),
        incident=_uuid(state["incident"]),
        snapshot=_uuid(state["snapshot"]),
    )


def _head(record: Record) -> State:
    return {
        "id": str(record.id),
        "origin": str(record.origin),
        "centre": record.centre,
        "district": record.district,
        "mode": record.mode.value,
        "caused_by": str(record.caused_by) if record.caused_by else None,
    }


def _read_head(state: State) -> HeadFields:
    return HeadFields(
        id=UUID(str(state["id"])),
        origin=UUID(str(state["origin"])),
        centre=str(state["centre"]),
        district=str(state["district"]),
        mode=Mode(str(state["mode"])),
        caused_by=_uuid(state["caused_by"]),
    )


def _entry(entry: LogEntry) -> State:
    return {"at": write_time(entry.at), "actor": entry.actor, "step": entry.step, "fields": dict(entry.fields)}


def _read_entry(state: State) -> LogEntry:
    fields = tuple(sorted(mapping(state["fields"]).items()))
    return LogEntry(read_time(state["at"]), str(state["actor"]), str(state["step"]), fields)


def _place(place: Place | None) -> Json:
    return [place.lat, place.lon, place.accuracy_m] if place else None


def _read_place(value: Json) -> Place | None:
    match value:
        case [int() | float() as lat, int() | float() as lon, int() | float() | None as accuracy_m]:
            return Place(lat, lon, accuracy_m)
        case _:
            return None


def _acknowledgement(state: State, *, here_only: bool) -> Acknowledgement | None:
    at = _moment(state["acknowledged_at"])
    return Acknowledgement(str(state["acknowledged_by"]), at, here_only) if at else None


def _moment(value: Json) -> datetime | None:
    return read_time(value) if value else None


def _uuid(value: Json) -> UUID | None:
    return UUID(str(value)) if value else None


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
