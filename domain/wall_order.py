"""Walls of other workstations: which there are, and what somebody elsewhere wants to see on them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.operator import Role
from domain.wall import MonitorView

ORDER_LIFE = timedelta(seconds=60)  # an order that was held up longer must not turn a wall over hours later


class WallStep(StrEnum):
    """What the facts of a workstation's wall say."""

    PRESENT = "present"
    SHOWN = "shown"
    ANSWERED = "answered"


class Outcome(StrEnum):
    """What became of an order at the workstation that it was for."""

    SHOWN = "shown"
    NO_MONITOR = "no_monitor"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class MonitorSize:
    """A monitor as its workstation counts it (from 1), in device pixels."""

    n: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Workstation:
    """A console that others know of, as it told of itself when it last started."""

    origin: UUID
    name: str
    monitors: tuple[MonitorSize, ...]
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class WallOrder:
    """What a monitor of the workstation `target` is to show, who at `origin` wants it, and since when.

    `role` is what the person is, for which `origin` vouches; None where it says none that is known here.
    """

    id: UUID
    origin: UUID
    target: UUID
    monitor: int
    view: MonitorView
    by: str
    role: Role | None
    at: datetime

    def stands(self, now: datetime) -> bool:
        """Whether it is still to be carried out."""
        return now - self.at <= ORDER_LIFE


@dataclass(frozen=True, slots=True)
class LateOrder:
    """An order that came when it did not stand any more."""

    order: WallOrder


@dataclass(frozen=True, slots=True)
class WallAnswer:
    """What the workstation `origin` made of an order, known by its id, that was given here."""

    order: UUID
    origin: UUID
    outcome: Outcome


WallMessage = WallOrder | LateOrder | WallAnswer
