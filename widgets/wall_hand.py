"""What the pressed mouse does on a wall: nothing yet, moving the seen part of a picture, or carrying a camera."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from widgets.tile import TileContent
from widgets.tile_zoom import WHOLE, Zoom


@dataclass(slots=True)
class Hand:
    """One press of the mouse, from down to up; a click becomes more when it moves far enough."""

    index: int = -1
    began_at: QPointF = field(default_factory=QPointF)
    content: TileContent | None = None
    zoom: Zoom = WHOLE
    moved: bool = False

    @property
    def pans(self) -> bool:
        """Whether the seen part of an enlarged picture is moved."""
        return self.moved and self.zoom.active

    @property
    def carries(self) -> bool:
        """Whether a camera is carried."""
        return self.moved and not self.zoom.active

    def press(self, index: int, where: QPointF, content: TileContent | None, zoom: Zoom) -> None:
        """Begin on a tile."""
        self.index, self.began_at, self.content, self.zoom, self.moved = index, where, content, zoom, False

    def move(self, where: QPointF) -> bool:
        """Go on to a point, and return whether this is more than a click."""
        if self.index < 0 or self.content is None:
            return False
        far = (where - self.began_at).manhattanLength() >= QApplication.startDragDistance()
        self.moved = self.moved or far
        return self.moved
