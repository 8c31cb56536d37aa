"""Walls of other workstations: which there are, and what somebody elsewhere wants to see on them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.wall import MonitorView

ORDER_LIFE = timedelta(seconds=60)  # an order that was held up longer must not turn a wall over hours later


class WallStep(StrEnum):
    """What the facts of a workstation's wall say."""

    PRESENT = "present"
    SHOWN = "shown"


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
    """What a monitor of the workstation `target` is to show, who wants it, and since when."""

    target: UUID
    monitor: int
    view: MonitorView
    by: str
    at: datetime

    def stands(self, now: datetime) -> bool:
        """Whether it is still to be carried out."""
        return now - self.at <= ORDER_LIFE
