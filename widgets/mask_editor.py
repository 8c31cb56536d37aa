"""Where an administrator draws what nobody may look at in a camera's picture."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from domain.camera import Camera
from widgets import words
from widgets.mask_canvas import MaskCanvas
from widgets.pane import plain_label
from widgets.theme import STEP, larger, scaled


class MaskEditor(QDialog):
    """A camera's masks over a still picture of it; without one they are drawn on grey. Show it with `open`."""

    masks_saved = Signal(object)  # tuple[Mask, ...]

    def __init__(self, camera: Camera, still: QImage | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = self.tr("Masks of {camera}").format(camera=f"{words.camera_no(camera.no)} {camera.name}")
        self.setWindowTitle(title)
        heading = plain_label(title, self)
        heading.setFont(larger(self, 1.15, bold=True))
        self._canvas = MaskCanvas(still, camera.masks, self)
        self._remove = QPushButton(self.tr("Remove [Delete]"), self)
        self._save = QPushButton(self.tr("Save masks [Ctrl+S]"), self)
        cancel = QPushButton(self.tr("Cancel [Esc]"), self)
        buttons = QHBoxLayout()
        for button in (self._remove, cancel, self._save):
            button.setAutoDefault(False)  # Enter closes a polygon
            buttons.addWidget(button)
        buttons.insertStretch(1)
        column, step = QVBoxLayout(self), scaled(self, STEP)
        column.setContentsMargins(4 * step, 4 * step, 4 * step, 4 * step)
        column.setSpacing(2 * step)
        column.addWidget(heading)
        column.addWidget(self._canvas, 1)
        for line in self._advice(still):
            told = plain_label(line, self, dim=True)
            told.setWordWrap(True)
            column.addWidget(told)
        column.addLayout(buttons)
        self._canvas.changed.connect(self._show_buttons)
        self._remove.clicked.connect(self._canvas.remove_chosen)
        self._save.clicked.connect(self._finish)
        cancel.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self._save.click)
        self._show_buttons()
        self._canvas.setFocus()

    def _advice(self, still: QImage | None) -> tuple[str, ...]:
        mouse = self.tr("Click the corners; a double click closes the polygon. Drag a corner to move it.")
        keys = self.tr("Or arrows, Space for a corner, Enter to close, Backspace to take a corner back.")
        if still is None:
            return self.tr("There is no picture of this camera now."), mouse, keys
        return mouse, keys

    def _show_buttons(self) -> None:
        draft = self._canvas.draft
        self._save.setEnabled(not draft.open)
        self._remove.setEnabled(bool(draft.open) or draft.chosen is not None)

    def _finish(self) -> None:
        self.masks_saved.emit(self._canvas.draft.finished())
        self.accept()
