"""What input devices report, whatever they are read with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

NEAR_REST = 0.05  # of an axis; below what any dead zone ends at


@dataclass(frozen=True, slots=True)
class Plugged:
    """A device can be used from now on. `device` tells it from others until it is unplugged."""

    device: str
    name: str
    axes: int
    buttons: int


@dataclass(frozen=True, slots=True)
class Unplugged:
    """A device is gone: what it moved must be stopped. `moving` says whether an axis was deflected."""

    device: str
    moving: bool


@dataclass(frozen=True, slots=True)
class AxesMoved:
    """Where all axes of a device are now, from -1 to 1 by their numbers; at most 60 a second, only the newest."""

    device: str
    places: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class ButtonChanged:
    """A button was pressed or released."""

    device: str
    button: int
    pressed: bool


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Devices can't be read this way on this workstation; the reason is for whoever sets it up."""

    reason: str


InputEvent = Plugged | Unplugged | AxesMoved | ButtonChanged | Unavailable
Report = Callable[[InputEvent], None]
"""Takes events on the thread of what reads them; must not wait."""


class InputDevices(Protocol):
    """All devices of one kind: found by itself, now and whenever one is plugged in.

    After `close` no event comes any more, and each device that was plugged has been reported unplugged.
    """

    def start(self, report: Report) -> None:
        """Look for devices from now on, and report what they do."""
        ...

    def close(self) -> None:
        """Let go of all devices; returns when that is done."""
        ...


def near_rest(places: Mapping[int, float]) -> bool:
    """Whether no axis is deflected more than a worn one may be."""
    return all(abs(place) <= NEAR_REST for place in places.values())
