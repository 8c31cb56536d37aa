"""Brings what an operator does on a wall with the mouse to its presenter."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Signal, Slot

from console.wall_presenter import WallPresenter
from widgets.tile import TileAction, TileDrop, TileSwap, TileWish
from widgets.tile_use import TileUseWish

Call = Callable[[int, int], None]


class WallGestures(QObject):
    """One wall's clicks, drops, swaps and menu. A dropped camera is called up by right, as a typed one is."""

    touched = Signal()  # the mouse was pressed on this wall: keys are meant for it from now on

    def __init__(self, presenter: WallPresenter, call: Call) -> None:
        super().__init__(presenter)
        self._presenter = presenter
        self._call = call
        wall = presenter.wall
        wall.maximise_asked.connect(presenter.toggle_maximised)
        wall.tile_cleared.connect(presenter.clear)
        wall.camera_dropped.connect(self._drop)
        wall.tiles_swapped.connect(self._swap)
        wall.tile_asked.connect(self._obey)
        wall.use_asked.connect(self._use)
        wall.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice a press of the mouse, and leave it to the wall."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self.touched.emit()
        return super().eventFilter(watched, event)

    @Slot(object)
    def _drop(self, drop: TileDrop) -> None:
        self._call(drop.camera_no, drop.tile + 1)

    @Slot(object)
    def _swap(self, swap: TileSwap) -> None:
        self._presenter.swap(swap.one, swap.other)

    @Slot(object)
    def _use(self, wish: TileUseWish) -> None:
        self._presenter.use_tile(wish.tile, wish.use)

    @Slot(object)
    def _obey(self, wish: TileWish) -> None:
        """Take what concerns the wall; replay, bookmarks, pictures and recording are for others to hear."""
        if wish.action is TileAction.QUALITY and wish.quality is not None:
            self._presenter.set_quality(wish.tile, wish.quality)
