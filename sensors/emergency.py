"""Calls for help: whatever arrives under `sos` or `press` is read as far as it can be, and never refused."""

import json
import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec

from domain.fact import Json
from domain.place import Place
from sensors.cleaning import cleaned, said, utc, why_not_now
from sensors.messages import Mark
from sensors.topics import Topic

BEHIND_LIMIT = timedelta(days=7)  # nothing waits at the broker for longer than the session lives

_READABLE = msgspec.json.Decoder(Mark)
_ID = re.compile(rb'"id"\s*:\s*"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"')
_NAMELESS = UUID("6b8f3a86-6f0d-5b0e-9a51-6f3a52b7f3b1")  # namespace of calls that carry no usable id


@dataclass(slots=True)
class Call:
    """What could be made out of one call; `problems` says what could not, and is empty for a good one."""

    id: UUID
    at: datetime
    place: Place | None = None
    details: dict[str, Json] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_call(topic: Topic, body: bytes, received_at: datetime) -> Call:
    """Return the call; without a valid id it gets one made from topic and body, so that a repeat is known as one."""
    call = Call(uuid5(_NAMELESS, f"{topic.text} {body.hex()}"), received_at)
    try:
        mark = _READABLE.decode(body)
        fields: dict[str, object] = {"id": str(mark.id), "at": mark.at, "lat": mark.lat, "lon": mark.lon}
        call.details = said(proof=mark.proof)
    except (ValueError, RecursionError) as error:
        call.problems.append(cleaned(str(error)))
        fields = _loosely(body)
    _take_id(call, fields)
    _take_moment(call, fields, received_at)
    _take_place(call, fields)
    return call


def _loosely(body: bytes) -> dict[str, object]:
    """Return what a body that breaks the contract still says."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    match = _ID.search(body)
    return {"id": match[1].decode()} if match else {}


def _take_id(call: Call, fields: dict[str, object]) -> None:
    try:
        call.id = UUID(str(fields.get("id")))
    except ValueError:
        call.problems.append("no valid id")


def _take_moment(call: Call, fields: dict[str, object], received_at: datetime) -> None:
    found = fields.get("at")
    try:
        at = utc(found if isinstance(found, datetime) else datetime.fromisoformat(str(found)))
    except ValueError:
        call.problems.append("no valid moment")
        return
    wrong = why_not_now(at, received_at)
    if not wrong and received_at - at > BEHIND_LIMIT:
        wrong = f"the sender's clock is {(received_at - at).days} days behind"
    if wrong:
        call.problems.append(wrong)
        call.details["claimed_at"] = at.isoformat()
        return
    call.at = at


def _take_place(call: Call, fields: dict[str, object]) -> None:
    lat, lon = fields.get("lat"), fields.get("lon")
    if lat is None and lon is None:
        return
    call.place = Place.checked(_number(lat), _number(lon))
    if call.place is None:
        call.problems.append("bad coordinates")


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    except OverflowError:
        return math.nan
