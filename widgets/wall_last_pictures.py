"""What a wall remembers of cameras that left it: their last picture, for when they come back soon."""

from dataclasses import dataclass

from PySide6.QtGui import QImage

from widgets.tile_state import Tile
from widgets.tile_zoom import WHOLE

_FOR_S = 120.0  # beyond that an old picture helps nobody


@dataclass(frozen=True, slots=True)
class Remembered:
    """A tile that is gone, and its whole picture where it had one."""

    tile: Tile
    picture: QImage | None


class LastPictures:
    """Tiles that were put aside, by camera; their pictures take no more room than `pixels`."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Remembered, float]] = {}

    def keep(self, remembered: Remembered, now: float, pixels: int) -> None:
        """Put a tile aside, and forget the oldest ones that there is no room for."""
        content = remembered.tile.content
        if content is None or content.replay is not None or content.unmasked or remembered.tile.stranger:
            return
        remembered.tile.enlarge(WHOLE, None)
        self._kept.pop(content.camera.no, None)
        self._kept[content.camera.no] = remembered, now
        room = pixels
        for number, (each, at) in reversed(list(self._kept.items())):
            room -= each.picture.width() * each.picture.height() if each.picture is not None else 0
            if room < 0 or now - at > _FOR_S:
                del self._kept[number]

    def take(self, camera_no: int, now: float) -> Remembered | None:
        """Return what is remembered of a camera and forget it here; None where nothing is, or not recent enough."""
        found = self._kept.pop(camera_no, None)
        if found is None or now - found[1] > _FOR_S:
            return None
        found[0].tile.skip()
        return found[0]
