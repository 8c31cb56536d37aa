"""How a wish becomes messages: continuous where the camera has that, else small steps, else places ahead of it.

Pure: nothing is sent here. Each number is scaled into the camera's own range (0..360, 0..180 and 0..10 exist), and an
axis or space that is not advertised is never spoken of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from domain.abilities import GENERIC_ZOOM, Abilities, Ladder, Span, TurnSpace, ZoomSpace
from domain.motion import Position, Velocity
from ptz.quirks import Quirk

TIMEOUT_S = 2.0  # what a movement asks for; no camera seen honours it, so it is a third line of defence
STEP_EVERY_S = 0.25  # between two steps, or two places ahead, of one held movement
CROSSING_S = 8.0  # what a camera is assumed to need from one end of an axis to the other at full speed
_AHEAD = 1.5  # a place ahead lies so many intervals away: nearer, and the camera would brake before the next
_PER_S = 2.0 / CROSSING_S  # half spans a second

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One request: an operation of the PTZ service and its values as zeep takes them, without the profile."""

    operation: str
    values: Values = field(default_factory=dict)


@dataclass(slots=True)
class Manner:
    """How one head wants to be spoken to, as it was told by its quirks or learnt from its refusals."""

    apart: bool = False  # one axis a message
    bare: bool = False  # the `space` attributes are refused
    untimed: bool = False  # the Timeout of a continuous move is refused
    zero_ignored: bool = False  # a move of zero stops nothing

    @property
    def quirks(self) -> frozenset[Quirk]:
        """Return it as what is kept of the camera."""
        known = {
            Quirk.MOVES_APART: self.apart,
            Quirk.NO_SPACES: self.bare,
            Quirk.NO_TIMEOUT: self.untimed,
            Quirk.ZERO_MOVE_IGNORED: self.zero_ignored,
        }
        return frozenset(quirk for quirk, heeded in known.items() if heeded)


def timeout_s(abilities: Abilities) -> float:
    """Return the timeout to ask for, within the camera's range."""
    shortest, longest = abilities.timeouts_s
    return max(shortest, min(longest, TIMEOUT_S)) if longest > 0 else TIMEOUT_S


def renewed_after_s(wish: Velocity, abilities: Abilities, manner: Manner) -> float:
    """Return after how many seconds this movement, still held, has to be said again."""
    if manner.apart and wish.pan and wish.tilt:
        return STEP_EVERY_S
    stepping = {turn_rung(wish, abilities), zoom_rung(wish, abilities)} & {Ladder.RELATIVE, Ladder.ABSOLUTE}
    return STEP_EVERY_S if stepping else timeout_s(abilities) / 2


def turn_rung(wish: Velocity, abilities: Abilities) -> Ladder | None:
    """Return how the wish's pan and tilt are carried out, None where it has neither."""
    return abilities.turns if wish.pan or wish.tilt else None


def zoom_rung(wish: Velocity, abilities: Abilities) -> Ladder | None:
    """Return how the wish's zoom is carried out, None where it has none."""
    return abilities.zooms if wish.zoom else None


def needs_place(wish: Velocity, abilities: Abilities) -> bool:
    """Whether one has to know where the camera points to carry out this wish."""
    return Ladder.ABSOLUTE in {turn_rung(wish, abilities), zoom_rung(wish, abilities)}


def held(
    wish: Velocity, abilities: Abilities, manner: Manner, here: Position | None, beat: int = 0
) -> tuple[Message, ...]:
    """Return what begins, changes or renews a held movement, in the order in which it is sent.

    `here` is where the camera points; needed on the last rung of the ladder only. `beat` counts the calls: a camera
    that takes one axis at a time pans and tilts in turns.
    """
    rungs = {Ladder.CONTINUOUS: continuous, Ladder.RELATIVE: _step, Ladder.ABSOLUTE: _ahead}
    parts = _parts(wish, abilities, beat, apart=manner.apart)
    return tuple(rungs[rung](part, abilities, manner, here) for rung, part in parts)


def _parts(wish: Velocity, abilities: Abilities, beat: int, *, apart: bool) -> list[tuple[Ladder, Velocity]]:
    """Return the wish cut into what goes into one message each."""
    turn, zoom = turn_rung(wish, abilities), zoom_rung(wish, abilities)
    if turn is not None and turn is zoom and not apart:
        return [(turn, wish)]
    cut: list[tuple[Ladder, Velocity]] = []
    if turn is not None:
        turning = Velocity(wish.pan, wish.tilt)
        each = one_axis(turning)
        cut.append((turn, each[beat % len(each)] if apart else turning))
    if zoom is not None:
        cut.append((zoom, Velocity(zoom=wish.zoom)))
    return cut


def one_axis(wish: Velocity) -> tuple[Velocity, ...]:
    """Return the wish as movements of one axis each, those that stand still left out."""
    each = Velocity(pan=wish.pan), Velocity(tilt=wish.tilt), Velocity(zoom=wish.zoom)
    return tuple(one for one in each if not one.still)


def axes(wish: Velocity) -> int:
    """Return how many axes move."""
    return len(one_axis(wish))


def continuous(wish: Velocity, abilities: Abilities, manner: Manner, here: Position | None = None) -> Message:
    """Return a continuous move. Of zero, it is the other way to stop a camera.

    Both elements are said, where the camera has both: an element that is left out goes on as it was (ONVIF PTZ
    5.3.3). Only a camera that takes one axis at a time gets the one that it moves.
    """
    del here
    turn, lens = abilities.continuous_turn, abilities.continuous_zoom
    said: dict[str, Any] = {}
    if turn is not None and not (manner.apart and wish.zoom):
        said["PanTilt"] = _pair(turn, manner, turn.pan.speed(wish.pan), turn.tilt.speed(wish.tilt))
    if lens is not None and not (manner.apart and (wish.pan or wish.tilt)):
        said["Zoom"] = _one(lens, manner, lens.zoom.speed(wish.zoom))
    values: dict[str, Any] = {"Velocity": said}
    if not manner.untimed:
        values["Timeout"] = timedelta(seconds=timeout_s(abilities))
    return Message("ContinuousMove", values)


def zero_said(abilities: Abilities, manner: Manner) -> tuple[bool, bool]:
    """Return whether a move of zero, sent after Stop, speaks of turning and of zooming."""
    if manner.zero_ignored:
        return False, False
    return abilities.continuous_turn is not None, abilities.continuous_zoom is not None


def _step(wish: Velocity, abilities: Abilities, manner: Manner, here: Position | None = None) -> Message:
    """Return a relative move: the way at this speed until the next one."""
    del here
    way = _PER_S * STEP_EVERY_S
    turn, lens = abilities.relative_turn, abilities.relative_zoom
    said: dict[str, Any] = {}
    if turn is not None and (wish.pan or wish.tilt):
        whole = abilities.absolute_turn or turn  # translations are in the units of positions
        pan = _inside(turn.pan, whole.pan.way(wish.pan * way))
        said["PanTilt"] = _pair(turn, manner, pan, _inside(turn.tilt, whole.tilt.way(wish.tilt * way)))
    if lens is not None and wish.zoom:
        reach = (abilities.absolute_zoom or lens).zoom
        said["Zoom"] = _one(lens, manner, _inside(lens.zoom, reach.way(wish.zoom * way)))
    return Message("RelativeMove", {"Translation": said})


def _ahead(wish: Velocity, abilities: Abilities, manner: Manner, here: Position | None) -> Message:
    """Return an absolute move to where this speed leads to from here."""
    way = _PER_S * STEP_EVERY_S * _AHEAD
    at = here or Position(0.0, 0.0, 0.0)
    there = Position(at.pan + wish.pan * way, at.tilt + wish.tilt * way, at.zoom + wish.zoom * way / 2)
    return placed(there, abilities, manner, turn=bool(wish.pan or wish.tilt), zoom=bool(wish.zoom))


def placed(there: Position, abilities: Abilities, manner: Manner, *, turn: bool = True, zoom: bool = True) -> Message:
    """Return an absolute move to a place told in shares; what the camera can't be placed in is left out."""
    space, lens = abilities.absolute_turn, abilities.absolute_zoom
    said: dict[str, Any] = {}
    if space is not None and turn:
        said["PanTilt"] = _pair(space, manner, space.pan.place(there.pan, -1.0), space.tilt.place(there.tilt, -1.0))
    if lens is not None and zoom:
        said["Zoom"] = _one(lens, manner, lens.zoom.place(there.zoom, 0.0))
    return Message("AbsoluteMove", {"Position": said})


def shifted(x: float, y: float, abilities: Abilities, manner: Manner) -> Message | None:
    """Return a relative move by shares (-1 to 1) of half the view, None where the camera counts in no views.

    The space is always named: without its name the camera would take the numbers for those of its usual one.
    """
    view = abilities.view_turn
    if view is None:
        return None
    named = Manner(bare=manner.bare and abilities.relative_turn is None)
    pair = _pair(view, named, view.pan.speed(x), view.tilt.speed(y))
    return Message("RelativeMove", {"Translation": {"PanTilt": pair}})


def read(position: Any, abilities: Abilities) -> Position | None:
    """Return the place that a status tells, as shares of the camera's ranges; None where it tells none."""
    turn, lens = getattr(position, "PanTilt", None), getattr(position, "Zoom", None)
    if turn is None and lens is None:
        return None
    pan, tilt, zoom = _number(turn, "x"), _number(turn, "y"), _number(lens, "x")
    space, zooms = abilities.absolute_turn or TurnSpace(), abilities.absolute_zoom or ZoomSpace(zoom=GENERIC_ZOOM)
    return Position(
        space.pan.share(pan, -1.0) if turn is not None else 0.0,
        space.tilt.share(tilt, -1.0) if turn is not None else 0.0,
        zooms.zoom.share(zoom, 0.0) if lens is not None else 0.0,
    )


def _pair(space: TurnSpace, manner: Manner, x: float, y: float) -> dict[str, Any]:
    """Return a PanTilt element; an axis that goes nowhere stays where it is."""
    said: dict[str, Any] = {"x": _only(space.pan, x), "y": _only(space.tilt, y)}
    return said if manner.bare or not space.uri else said | {"space": space.uri}


def _one(space: ZoomSpace, manner: Manner, x: float) -> dict[str, Any]:
    said: dict[str, Any] = {"x": _only(space.zoom, x)}
    return said if manner.bare or not space.uri else said | {"space": space.uri}


def _only(span: Span, value: float) -> float:
    return value if span.usable else max(span.low, min(span.high, 0.0))


def _inside(span: Span, value: float) -> float:
    return max(span.low, min(span.high, value))


def _number(part: Any, axis: str) -> float:
    value = getattr(part, axis, None)
    return float(value) if isinstance(value, int | float) else 0.0
