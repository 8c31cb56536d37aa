"""Facts: what is written once, never changed, and travels to headquarters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from domain.record import HeadFields, Record, head_of

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

SCHEMA_VERSION = 1


class Family(StrEnum):
    """Which append-only table a fact belongs to; also its kind in the change log."""

    EVENT = "event"
    ALARM = "alarm_event"
    INCIDENT = "incident_event"
    BOOKMARK = "bookmark_event"
    SNAPSHOT = "snapshot_event"
    WALL = "wall_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Record):
    """One thing that happened to one subject (an event, an alarm, an incident, a bookmark, a workstation's wall).

    `step` says what (`raised`, `acknowledged`, `noted` ...) and may be unknown to this program: such a
    fact is kept and passed on. `fields` holds only what the step sets. Order is (hlc, origin).
    """

    family: Family
    subject: UUID
    step: str
    at: datetime
    actor: str
    hlc: int
    fields: Mapping[str, Json] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION

    @property
    def order(self) -> tuple[int, str]:
        """Return the key that all workstations sort by."""
        return (self.hlc, str(self.origin))


def head_of_subject(fact: Fact) -> HeadFields:
    """Return the head of the record that a fact begins: the fact's own, but for the id."""
    return {**head_of(fact), "id": fact.subject}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A fact that could not take effect where it came to stand, kept in the history and shown."""

    fact: Fact
    why: str
