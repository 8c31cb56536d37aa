"""What hangs on the walls: which cameras in which tiles of which monitors, and how that changes in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from domain.errors import BadInputError
from domain.layout import Layout

SHORTEST_DWELL_S = 3.0
LONGEST_DWELL_S = 240.0
SALVO_KEYS = range(1, 13)


class Quality(StrEnum):
    """Which stream a tile takes: by its size, or as an operator wants it."""

    AUTO = "auto"
    SUB = "sub"
    MAIN = "main"
    KEYFRAMES = "keyframes"


@dataclass(frozen=True, slots=True)
class CameraTile:
    """A tile that shows one camera."""

    camera_no: int
    quality: Quality = Quality.AUTO


@dataclass(frozen=True, slots=True)
class TourTile:
    """A tile in which a camera tour runs."""

    tour: UUID


@dataclass(frozen=True, slots=True)
class SpotTile:
    """A tile that alarms take, and that follows the selection while there is none."""


TileUse = CameraTile | TourTile | SpotTile


@dataclass(frozen=True, slots=True)
class MonitorView:
    """One monitor's layout and what each of its tiles is for; None is an empty one."""

    layout: Layout
    tiles: tuple[TileUse | None, ...]

    def __post_init__(self) -> None:
        if len(self.tiles) != len(self.layout):
            raise BadInputError(f"layout {self.layout.name!r} has {len(self.layout)} tiles, not {len(self.tiles)}")

    @classmethod
    def empty(cls, layout: Layout) -> "MonitorView":
        """Return a layout with nothing in it."""
        return cls(layout, (None,) * len(layout))

    def with_tile(self, index: int, use: TileUse | None) -> "MonitorView":
        """Return this view with something else in a tile, counted from 0; BadInputError where there is no such tile."""
        if not 0 <= index < len(self.tiles):
            raise BadInputError(f"there is no tile {index + 1}")
        return replace(self, tiles=(*self.tiles[:index], use, *self.tiles[index + 1 :]))

    def swapped(self, one: int, other: int) -> "MonitorView":
        """Return this view with two tiles exchanged; BadInputError where there is no such tile."""
        return self.with_tile(one, self._at(other)).with_tile(other, self._at(one))

    def in_layout(self, layout: Layout) -> "MonitorView":
        """Return this view in another layout.

        Tiles keep their order. Where there are more, the new ones are empty; where there are fewer, empty ones go
        first, so that no camera is lost that still has a place.
        """
        tiles = list(self.tiles)
        for index in range(len(tiles) - 1, -1, -1):
            if len(tiles) <= len(layout):
                break
            if tiles[index] is None:
                del tiles[index]
        kept = tiles[: len(layout)]
        return MonitorView(layout, (*kept, *(None,) * (len(layout) - len(kept))))

    def _at(self, index: int) -> TileUse | None:
        if not 0 <= index < len(self.tiles):
            raise BadInputError(f"there is no tile {index + 1}")
        return self.tiles[index]


@dataclass(frozen=True, slots=True)
class SavedWall:
    """Views of all monitors under a name. `owner` is an operator's name, or empty where it is shared by all."""

    id: UUID
    name: str
    owner: str
    views: Mapping[int, MonitorView] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PresetCall:
    """A preset that a PTZ camera is sent to."""

    camera_no: int
    preset: str


@dataclass(frozen=True, slots=True)
class Salvo:
    """Views over all monitors and presets of PTZ cameras, called with one key (F1 to F12) or by name."""

    id: UUID
    name: str
    key: int | None
    views: Mapping[int, MonitorView]
    presets: tuple[PresetCall, ...] = ()

    def __post_init__(self) -> None:
        if self.key is not None and self.key not in SALVO_KEYS:
            raise BadInputError(f"salvo {self.name!r}: there is no key F{self.key}")


@dataclass(frozen=True, slots=True)
class CameraTour:
    """Cameras that take turns in a tile, each for `dwell_s`."""

    id: UUID
    name: str
    cameras: tuple[int, ...]
    dwell_s: float

    def __post_init__(self) -> None:
        if not SHORTEST_DWELL_S <= self.dwell_s <= LONGEST_DWELL_S:
            raise BadInputError(f"tour {self.name!r}: a camera stays {SHORTEST_DWELL_S:g} to {LONGEST_DWELL_S:g} s")
        if not self.cameras:
            raise BadInputError(f"tour {self.name!r}: has no cameras")
