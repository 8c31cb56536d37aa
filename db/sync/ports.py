"""What the exchange needs of the local database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.alarm import Alarm
from domain.change import Change, PulledChange
from domain.event import Event
from domain.incident import Incident
from domain.wall_order import WallMessage

FROM_THE_BEGINNING = ""
WITH_OWN = "own:"  # a cursor from the beginning that brings this workstation's own rows too, until all have come


class Pulled(Protocol):
    """What pulled changes made of the local state."""

    @property
    def events(self) -> Sequence[Event]:
        """Return the events that are new here."""
        ...

    @property
    def alarms(self) -> Sequence[Alarm]:
        """Return the alarms that are new or different."""
        ...

    @property
    def incidents(self) -> Sequence[Incident]:
        """Return the incidents that are new or different."""
        ...

    @property
    def wall_messages(self) -> Sequence[WallMessage]:
        """Return what others want of this workstation's own walls, and what they answer to it."""
        ...


class Feed(Protocol):
    """The change log of this workstation and what it has pulled; safe from any thread."""

    @property
    def epoch(self) -> UUID:
        """Return the epoch in which new changes are numbered."""
        ...

    def last_seq(self) -> int:
        """Return the number of the newest change of this epoch, 0 before the first."""
        ...

    def changes_after(self, seq: int, limit: int) -> Sequence[Change]:
        """Return up to `limit` changes of this epoch after the number, without gaps."""
        ...

    def acknowledged(self) -> int:
        """Return up to which number headquarters has this epoch, as far as is known here."""
        ...

    def acknowledge(self, seq: int) -> None:
        """Note up to which number headquarters has this epoch; lower than before when it was restored."""
        ...

    def oldest_unacknowledged(self) -> datetime | None:
        """Return when the oldest change that headquarters lacks was made, or None."""
        ...

    def cursor(self) -> str:
        """Return how far headquarters' rows were taken; empty in a new epoch, or where nothing was pulled yet."""
        ...

    def take_pulled(self, changes: Sequence[PulledChange], cursor: str) -> Pulled:
        """Store the changes that are new, and the cursor, in one transaction."""
        ...

    def new_epoch(self) -> object:
        """Begin a new epoch, as a restored database must.

        What headquarters has not acknowledged is numbered again from 1, the cursor is empty again, and
        blocks of incident numbers are thrown away, all in one transaction.
        """
        ...


class NumberStore(Protocol):
    """The incident numbers that this workstation has in stock; safe from any thread."""

    def left(self, year: int) -> int:
        """Return how many are left for a year."""
        ...

    def refill(self, year: int, first: int, count: int) -> None:
        """Take the numbers `first` to `first + count - 1`, this workstation's alone, into stock."""
        ...
