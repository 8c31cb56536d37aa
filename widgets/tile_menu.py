"""What can be asked of one tile, as a menu."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from domain.wall import Quality, SpotTile, TileUse, TourTile
from widgets import words
from widgets.tile import TileAction, TileContent, TileWish
from widgets.tile_marks import quality_word
from widgets.tile_use import TileUses, TileUseWish


class TileMenu(QMenu):
    """The menu of the tile at `index`, of an empty one for None; show it with `popup`, it deletes itself."""

    maximise_asked = Signal(int)
    tile_cleared = Signal(int)
    tile_asked = Signal(object)  # TileWish
    use_asked = Signal(object)  # TileUseWish

    def __init__(
        self, index: int, content: TileContent | None, parent: QWidget | None = None, uses: TileUses | None = None
    ) -> None:
        super().__init__(parent)
        self._index = index
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if content is None:
            self.setAccessibleName(self.tr("Tile {n}").format(n=index + 1))
        else:
            number = words.camera_no(content.camera.no)
            self.setAccessibleName(self.tr("Tile {n}, camera {camera}").format(n=index + 1, camera=number))
            self._add_deeds(content)
            self.addSeparator()
        self._add_uses(uses or TileUses())
        if content is not None or (uses is not None and uses.of(index) is not None):
            self.addSeparator()
            self.addAction(self.tr("Clear tile")).triggered.connect(lambda: self.tile_cleared.emit(index))

    def _add_deeds(self, content: TileContent) -> None:
        streams = content.camera.streams
        self.addAction(self.tr("Maximise")).triggered.connect(lambda: self.maximise_asked.emit(self._index))
        self._wish(self.tr("Replay 10 s"), TileAction.REPLAY, possible=streams)
        self._wish(self.tr("Bookmark"), TileAction.BOOKMARK)
        self._wish(self.tr("Snapshot"), TileAction.SNAPSHOT, possible=streams)
        if content.by_hand:
            self._wish(self.tr("Stop recording"), TileAction.STOP_RECORDING)
        else:
            self._wish(self.tr("Record"), TileAction.RECORD, possible=streams)
        self._add_qualities(content.quality)
        if content.camera.masks and content.unmasked:
            self._wish(self.tr("Put masks back"), TileAction.RESTORE_MASKS)
        elif content.camera.masks:
            self._wish(self.tr("Lift masks…"), TileAction.LIFT_MASKS)

    def _wish(self, said: str, action: TileAction, *, possible: bool = True) -> None:
        entry = self.addAction(said)
        entry.setEnabled(possible)
        entry.triggered.connect(lambda: self.tile_asked.emit(TileWish(self._index, action)))

    def _add_qualities(self, now: Quality) -> None:
        choices = self.addMenu(self.tr("Picture"))
        for quality in Quality:
            entry = QAction(quality_word(quality), choices)
            entry.setCheckable(True)
            entry.setChecked(quality is now)
            wish = TileWish(self._index, TileAction.QUALITY, quality)
            entry.triggered.connect(lambda _checked=False, wish=wish: self.tile_asked.emit(wish))
            choices.addAction(entry)

    def _add_uses(self, uses: TileUses) -> None:
        now = uses.of(self._index)
        self._use(self, self.tr("Spot tile"), SpotTile(), now)
        tours = self.addMenu(self.tr("Camera tour"))
        tours.setEnabled(bool(uses.tours))
        for tour in uses.tours:
            self._use(tours, tour.name, TourTile(tour.id), now)

    def _use(self, menu: QMenu, said: str, use: TileUse, now: TileUse | None) -> None:
        """Offer a use; the one that the tile has is ticked, and choosing it again makes the tile an ordinary one."""
        entry = menu.addAction(said.replace("&", "&&"))
        entry.setCheckable(True)
        entry.setChecked(now == use)
        wish = TileUseWish(self._index, None if now == use else use)
        entry.triggered.connect(lambda _checked=False: self.use_asked.emit(wish))
