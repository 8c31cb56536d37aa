"""What can be set on a camera besides where it looks: focus, iris, wiper, light."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_SEPARATORS = re.compile(r"[|:_\-\s]+")


class OpticsWish(StrEnum):
    """One thing that an operator can ask for with one press."""

    FOCUS_NEAR = "focus_near"
    FOCUS_FAR = "focus_far"
    FOCUS_AUTO = "focus_auto"
    IRIS_OPEN = "iris_open"
    IRIS_CLOSE = "iris_close"
    IRIS_AUTO = "iris_auto"
    WIPER_ON = "wiper_on"
    WIPER_OFF = "wiper_off"
    WASHER_ON = "washer_on"
    LIGHT_ON = "light_on"
    LIGHT_OFF = "light_off"
    LIGHT_AUTO = "light_auto"


_FOCUS = (OpticsWish.FOCUS_NEAR, OpticsWish.FOCUS_FAR, OpticsWish.FOCUS_AUTO)
_IRIS = (OpticsWish.IRIS_OPEN, OpticsWish.IRIS_CLOSE, OpticsWish.IRIS_AUTO)

# ONVIF's own names are tt:Wiper|On and the like (PTZ Service Specification, 5.8); makers write them in many ways.
_COMMANDS: dict[OpticsWish, tuple[frozenset[str], frozenset[str]]] = {
    OpticsWish.WIPER_ON: (frozenset({"wiper"}), frozenset({"on"})),
    OpticsWish.WIPER_OFF: (frozenset({"wiper"}), frozenset({"off"})),
    OpticsWish.WASHER_ON: (frozenset({"washer", "washingprocedure"}), frozenset({"on"})),
    OpticsWish.LIGHT_ON: (frozenset({"irlamp", "lamp", "light"}), frozenset({"on"})),
    OpticsWish.LIGHT_OFF: (frozenset({"irlamp", "lamp", "light"}), frozenset({"off"})),
    OpticsWish.LIGHT_AUTO: (frozenset({"irlamp", "lamp", "light"}), frozenset({"auto"})),
}


@dataclass(frozen=True, slots=True)
class Optics:
    """What one camera can be asked for, and the auxiliary command of each wish that has one."""

    wishes: frozenset[OpticsWish]
    commands: dict[OpticsWish, str]


def optics_of(auxiliary: Iterable[str], *, focus: bool, iris: bool) -> Optics:
    """Return what a camera can be asked for, from what it advertises; nothing else is ever sent to it."""
    commands = {}
    advertised = list(auxiliary)
    for wish, (things, states) in _COMMANDS.items():
        found = next((one for one in advertised if _means(one, things, states)), None)
        if found is not None:
            commands[wish] = found
    wishes = {*commands, *(_FOCUS if focus else ()), *(_IRIS if iris else ())}
    return Optics(frozenset(wishes), commands)


def _means(command: str, things: frozenset[str], states: frozenset[str]) -> bool:
    words = [word for word in _SEPARATORS.split(command.casefold()) if word]
    return len(words) >= 2 and words[-2] in things and words[-1] in states
