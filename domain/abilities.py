"""What a moving camera can do, as it says itself: axes, their ranges, places that it keeps."""

from dataclasses import dataclass
from enum import StrEnum

from domain.motion import Position, Velocity


class Ladder(StrEnum):
    """How a camera is moved by hand: the first of these that it has."""

    CONTINUOUS = "continuous"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


@dataclass(frozen=True, slots=True)
class Span:
    """The range of one axis in the camera's own numbers; not every camera counts from -1 to 1."""

    low: float
    high: float

    @property
    def usable(self) -> bool:
        """Whether the axis goes anywhere: some cameras advertise an axis that they lack as 0 to 0."""
        return self.high > self.low

    def speed(self, share: float) -> float:
        """Return the camera's number for a share (-1 to 1) of its greatest speed, 0 where it has none that way."""
        greatest = max(0.0, self.high) if share > 0 else max(0.0, -self.low)
        return max(-1.0, min(1.0, share)) * greatest

    def place(self, share: float, floor: float) -> float:
        """Return the camera's number for a place between `floor` (-1 or 0) and 1."""
        inside = max(floor, min(1.0, share))
        return self.low + (inside - floor) / (1.0 - floor) * (self.high - self.low)

    def share(self, place: float, floor: float) -> float:
        """Return where between `floor` (-1 or 0) and 1 the camera's number lies; the other way of `place`."""
        if not self.usable:
            return 0.0
        return floor + (place - self.low) / (self.high - self.low) * (1.0 - floor)

    def way(self, share: float) -> float:
        """Return the camera's number for a way, as a share (-1 to 1) of half of this span of places."""
        return share * (self.high - self.low) / 2


GENERIC = Span(-1.0, 1.0)
GENERIC_ZOOM = Span(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class TurnSpace:
    """A coordinate system for pan and tilt, by its ONVIF address (empty: the camera's default)."""

    uri: str = ""
    pan: Span = GENERIC
    tilt: Span = GENERIC


@dataclass(frozen=True, slots=True)
class ZoomSpace:
    """A coordinate system for zoom, by its ONVIF address (empty: the camera's default)."""

    uri: str = ""
    zoom: Span = GENERIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What one head of a camera advertises; None for a space that it does not have.

    `view_turn` is the relative space that counts in fields of view. `timeouts_s` is the range of a continuous
    movement's timeout. `together` is False where a movement of pan and tilt in one message is refused.
    """

    continuous_turn: TurnSpace | None = None
    continuous_zoom: ZoomSpace | None = None
    relative_turn: TurnSpace | None = None
    relative_zoom: ZoomSpace | None = None
    view_turn: TurnSpace | None = None
    absolute_turn: TurnSpace | None = None
    absolute_zoom: ZoomSpace | None = None
    timeouts_s: tuple[float, float] = (0.0, 60.0)
    together: bool = True
    tells_position: bool = True
    tells_movement: bool = True
    home: bool = True
    home_fixed: bool = False
    presets: int = 0
    tours: int = 0
    auxiliary: tuple[str, ...] = ()
    focus: bool = False
    iris: bool = False

    @property
    def turns(self) -> Ladder | None:
        """Return how it is turned by hand, None where it can't be."""
        return _first(self.continuous_turn, self.relative_turn, self.absolute_turn)

    @property
    def zooms(self) -> Ladder | None:
        """Return how it is zoomed by hand, None where it can't be."""
        return _first(self.continuous_zoom, self.relative_zoom, self.absolute_zoom)

    def fitting(self, wish: Velocity) -> Velocity:
        """Return the wish without the axes that the camera lacks."""
        turn = self.continuous_turn or self.relative_turn or self.absolute_turn
        return Velocity(
            wish.pan if turn and turn.pan.usable else 0.0,
            wish.tilt if turn and turn.tilt.usable else 0.0,
            wish.zoom if self.zooms else 0.0,
        )

    def position(self, pan: float, tilt: float, zoom: float) -> Position:
        """Return a place told in the camera's absolute numbers as shares of its ranges."""
        turn, lens = self.absolute_turn or TurnSpace(), self.absolute_zoom or ZoomSpace(zoom=GENERIC_ZOOM)
        return Position(turn.pan.share(pan, -1.0), turn.tilt.share(tilt, -1.0), lens.zoom.share(zoom, 0.0))


def _first(continuous: object, relative: object, absolute: object) -> Ladder | None:
    if continuous is not None:
        return Ladder.CONTINUOUS
    if relative is not None:
        return Ladder.RELATIVE
    return Ladder.ABSOLUTE if absolute is not None else None
