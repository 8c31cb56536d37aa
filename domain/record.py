"""What every record carries: who made it, where, in earnest or in practice, and because of what."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict
from uuid import UUID, uuid4


class Mode(StrEnum):
    """Whether a record is in earnest; only ACTUAL enters statistics, the others are marked on screen."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The head of every record."""

    id: UUID
    origin: UUID
    centre: str
    district: str
    mode: Mode
    caused_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where this console stands: its workstation UUID, centre, and the mode its records are made in."""

    origin: UUID
    centre: str
    mode: Mode

    def head(self, district: str = "", caused_by: UUID | None = None) -> "RecordHead":
        """Return the head of a new record made here."""
        return RecordHead(
            id=uuid4(),
            origin=self.origin,
            centre=self.centre,
            district=district,
            mode=self.mode,
            caused_by=caused_by,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHead(Record):
    """A head alone, before it is given a body."""


class HeadFields(TypedDict):
    """The fields of a head by name, as arguments of another record."""

    id: UUID
    origin: UUID
    centre: str
    district: str
    mode: Mode
    caused_by: UUID | None


def head_of(record: Record) -> HeadFields:
    """Return the head fields by name, to build another record with the same head."""
    return HeadFields(
        id=record.id,
        origin=record.origin,
        centre=record.centre,
        district=record.district,
        mode=record.mode,
        caused_by=record.caused_by,
    )
