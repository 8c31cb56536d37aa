"""Bookmarks: moments that an operator wants to find again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.fact import Conflict, Fact, Json, head_of_subject
from domain.record import Record

HIGHEST_CAMERA_NO = 999_999_999  # nine digits, as domain.camera_list takes them


class BookmarkStep(StrEnum):
    """What can happen to a bookmark; it is never taken away."""

    SET = "set"
    NOTED = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark(Record):
    """A marked moment of a camera, or of the room where `camera_no` is None.

    `at` is the moment to find again; in a replay it is earlier than the press of the key. `note` is the newest
    words about it; earlier ones stay in the facts. `snapshot` is the picture taken with it.
    """

    at: datetime
    camera_no: int | None
    note: str
    by: str
    incident: UUID | None = None
    snapshot: UUID | None = None


def setting_fields(bookmark: Bookmark) -> dict[str, Json]:
    """Return what the SET step of this bookmark says besides its moment and who set it."""
    return {
        "camera_no": bookmark.camera_no,
        "note": bookmark.note,
        "incident": str(bookmark.incident) if bookmark.incident else None,
        "snapshot": str(bookmark.snapshot) if bookmark.snapshot else None,
    }


def fold_bookmark(facts: Iterable[Fact]) -> tuple[Bookmark | None, tuple[Conflict, ...]]:
    """Return the bookmark that these facts of one subject make, in (hlc, origin) order, and what took no effect.

    None while the SET step is missing.
    """
    ordered = sorted(facts, key=lambda fact: fact.order)
    settings = [fact for fact in ordered if fact.step == BookmarkStep.SET]
    if not settings:
        return None, ()
    bookmark = _set(settings[0])
    conflicts = [Conflict(fact, "already set") for fact in settings[1:]]
    for fact in ordered:
        if fact.step == BookmarkStep.NOTED:
            bookmark = replace(bookmark, note=str(fact.fields["note"]))
    return bookmark, tuple(conflicts)


def _set(fact: Fact) -> Bookmark:
    fields = fact.fields
    return Bookmark(
        **head_of_subject(fact),
        at=fact.at,
        camera_no=_camera_no(fields.get("camera_no")),
        note=str(fields.get("note", "")),
        by=fact.actor,
        incident=_uuid(fields.get("incident")),
        snapshot=_uuid(fields.get("snapshot")),
    )


def _camera_no(value: Json) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= HIGHEST_CAMERA_NO:
        raise ValueError(f"{value!r} is no camera's number")
    return value


def _uuid(value: Json) -> UUID | None:
    return UUID(str(value)) if value else None
