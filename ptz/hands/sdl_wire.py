"""What the process that reads devices with SDL says to the console: one JSON array a line, and nothing back."""

import json
import math
from typing import assert_never

from domain.errors import ProtocolError
from ptz.hands.events import AxesMoved, ButtonChanged, InputEvent, Plugged, Unavailable, Unplugged

MAX_LINE = 8192
_MOST_NUMBERS = 64  # axes or buttons of one device


def line(event: InputEvent) -> bytes:
    """Return an event as a line."""
    match event:
        case Plugged(device, name, axes, buttons):
            said: list[object] = ["plugged", device, name, axes, buttons]
        case Unplugged(device, moving):
            said = ["unplugged", device, moving]
        case AxesMoved(device, places):
            said = ["axes", device, [places[number] for number in sorted(places)]]
        case ButtonChanged(device, button, pressed):
            said = ["button", device, button, pressed]
        case Unavailable(reason):
            said = ["unavailable", reason]
        case _:
            assert_never(event)
    return json.dumps(said).encode() + b"\n"


def event(said: bytes) -> InputEvent:
    """Return the event of a line; ProtocolError for what the process never says."""
    try:
        match json.loads(said):
            case ["plugged", str(device), str(name), int(axes), int(buttons)]:
                return Plugged(device, name[:256], axes, buttons)
            case ["unplugged", str(device), bool(moving)]:
                return Unplugged(device, moving)
            case ["axes", str(device), [*places]] if len(places) <= _MOST_NUMBERS:
                return AxesMoved(device, {number: _place(place) for number, place in enumerate(places)})
            case ["button", str(device), int(button), bool(pressed)]:
                return ButtonChanged(device, button, pressed)
            case ["unavailable", str(reason)]:
                return Unavailable(reason)
    except (ValueError, RecursionError):
        pass
    raise ProtocolError("the process that reads input devices says what can't be understood")


def _place(told: object) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        raise ValueError("no place of an axis")
    return max(-1.0, min(1.0, float(told)))
