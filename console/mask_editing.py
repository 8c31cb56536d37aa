"""Editing a camera's privacy masks: by right, over a picture of now without its masks, through the register."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from console.core import Core
from console.tasks import Lane, Tasks
from domain.camera import Camera, Mask
from domain.errors import RefusedError, WatchroomError
from domain.news import Notice, RegisterChanged
from domain.operator import Action
from domain.text import Text
from widgets.mask_editor import MaskEditor

_PRESENT_S = 0.7  # so far behind the present the ring surely has the picture that is on the screen
_PATIENCE_S = 5.0


class MaskEditing(QObject):
    """Opens the editor over the desk, and keeps what is drawn."""

    def __init__(self, core: Core, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._core = core
        self._tasks = tasks
        self._window = window

    def edit(self, camera: Camera) -> None:
        """Open the editor for a camera; who may not is told so."""
        if not self._allowed(camera):
            return
        self._tasks.run(Lane.NETWORK, partial(self._still, camera), self, partial(self._open, camera))

    def _still(self, camera: Camera) -> QImage | None:
        """Return a picture of now without masks, None where there is none: masks can be drawn all the same."""
        moment = self._core.clock.now().timestamp() - _PRESENT_S
        try:
            still = self._core.replay.still(camera, moment, masked=False).result(_PATIENCE_S)
        except (WatchroomError, TimeoutError):
            return None
        picture = QImage(still.pixels, still.width, still.height, still.width * 4, QImage.Format.Format_RGB32)
        return picture.copy()

    def _open(self, camera: Camera, still: QImage | None) -> None:
        editor = MaskEditor(camera, still, self._window)
        editor.masks_saved.connect(partial(self._keep, camera))
        editor.open()

    def _keep(self, camera: Camera, masks: tuple[Mask, ...]) -> None:
        if not self._allowed(camera):
            return
        stores, post = self._core.stores, self._core.bulletin.post

        def work() -> None:
            stores.cameras.set_masks(camera.no, masks)
            post(RegisterChanged(stores.cameras.all()))
            post(Notice(Text("masks_kept", {"camera": str(camera.no)})))

        self._tasks.run(Lane.DATABASE, work, self, lambda _: None)

    def _allowed(self, camera: Camera) -> bool:
        try:
            self._core.door.act(Action.EDIT_MASKS, f"camera/{camera.no}")
        except RefusedError as error:
            self._tasks.failed.emit(error)
            return False
        return True
