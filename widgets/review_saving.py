"""Saving what is open as one file: the dialog, and the line that says what came of it."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from widgets.pane import mark, plain_label


class SaveFace(StrEnum):
    """What there is to say of a wish to save."""

    SAVING = "saving"
    SAVED = "saved"
    FAILED = "failed"
    NOT_ALLOWED = "not_allowed"
    MASKED = "masked"
    UNKNOWN_CAMERA = "unknown_camera"
    OUR_FOLDER = "our_folder"


class SavingLine(QWidget):
    """One line below the picture; asks where a file is to go."""

    target_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = plain_label("", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    def show_face(self, face: SaveFace | None, detail: str = "") -> None:
        """Say how it stands; None says nothing. `detail` is the SHA-256 and the file, or why not."""
        self.setVisible(face is not None)
        self.label.setText("" if face is None else self._said(face).format(detail=detail))
        mark(self.label, warn=face not in {None, SaveFace.SAVING, SaveFace.SAVED})

    def ask_where(self, suggestion: str) -> None:
        """Ask for a file, beginning with this path."""
        dialog = QFileDialog(self.parentWidget(), self.tr("Save as one file"), suggestion)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Matroska (*.mkv)"))
        dialog.setDefaultSuffix("mkv")
        dialog.selectFile(suggestion)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.target_chosen)
        dialog.open()

    def _said(self, face: SaveFace) -> str:
        return {
            SaveFace.SAVING: self.tr("Being saved…"),
            SaveFace.SAVED: self.tr("Saved. SHA-256 {detail}"),
            SaveFace.FAILED: self.tr("Not saved: {detail}"),
            SaveFace.NOT_ALLOWED: self.tr("Not saved: supervisors and administrators may save recordings."),
            SaveFace.MASKED: self.tr(
                "Not saved: this camera has privacy masks, and the recording is kept without them. "
                "It can't be saved with its masks yet."
            ),
            SaveFace.UNKNOWN_CAMERA: self.tr(
                "Not saved: this camera is no longer in the register, so its privacy masks are not known."
            ),
            SaveFace.OUR_FOLDER: self.tr("Not saved: choose a folder outside of the console's own recordings."),
        }[face]
