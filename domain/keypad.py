"""A numeric keypad as surveillance keyboards have it, and what is typed on it."""

from dataclasses import dataclass
from enum import StrEnum

KEYS = "0123456789/*EPSC"
"""What can be pressed: digits, the two signs, Enter, preset, store, clear."""

_LONGEST = 9
_PRESETS = 255  # they are numbered from 1


class Wanted(StrEnum):
    """What somebody asked for with a keypad."""

    CAMERA = "camera"
    CAMERA_INTO_TILE = "camera_into_tile"
    LAYOUT = "layout"
    PRESET = "preset"
    STORE_PRESET = "store_preset"


@dataclass(frozen=True, slots=True)
class Command:
    """A finished line of the keypad: a camera, camera and tile, monitor and layout, or a preset."""

    wanted: Wanted
    first: int
    second: int = 0


@dataclass(frozen=True, slots=True)
class Keypad:
    """A keypad with what was typed so far.

    `camera Enter`, `camera / tile Enter`, `monitor * layout Enter`, `preset P`, `preset S` (store); `C` clears. What
    can't be finished is forgotten by Enter.
    """

    typed: str = ""

    def pressed(self, key: str) -> "tuple[Keypad, Command | None]":
        """Return the keypad after one key of `KEYS`, and the command that it finished; ValueError for another key."""
        if key not in KEYS or len(key) != 1:
            raise ValueError(f"no key of a keypad: {key!r}")
        if key in "EPS":
            return Keypad(), _command(self.typed, key)
        if key == "C":
            return Keypad(), None
        return Keypad((self.typed + key)[:_LONGEST]), None


def _command(typed: str, key: str) -> Command | None:
    if key != "E":
        return _preset(typed, Wanted.PRESET if key == "P" else Wanted.STORE_PRESET)
    for sign, wanted in (("/", Wanted.CAMERA_INTO_TILE), ("*", Wanted.LAYOUT)):
        first, found, second = typed.partition(sign)
        if found:
            return Command(wanted, int(first), int(second)) if first.isdecimal() and second.isdecimal() else None
    return Command(Wanted.CAMERA, int(typed)) if typed else None


def _preset(typed: str, wanted: Wanted) -> Command | None:
    if not typed.isdecimal() or not 1 <= int(typed) <= _PRESETS:
        return None
    return Command(wanted, int(typed))
