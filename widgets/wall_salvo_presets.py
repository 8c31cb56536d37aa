"""The presets that a salvo sends PTZ cameras to, put together from those that the cameras have."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from domain.camera import Camera
from domain.motion import Preset
from domain.wall import PresetCall
from widgets import words
from widgets.theme import STEP, scaled
from widgets.wall_lines import LineList

_LINES_SEEN = 3


class SalvoPresets(QWidget):
    """A list of calls, and a line to add one. A camera is called once: another preset takes the first one's place."""

    presets_asked = Signal(object)  # Camera: its stored views are wanted, see `show_stored`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calls: tuple[PresetCall, ...] = ()
        self.list = LineList(self)
        self.camera, self.preset = QComboBox(self), QComboBox(self)
        self.camera.setAccessibleName(self.tr("Camera that turns"))
        self.preset.setAccessibleName(self.tr("Preset"))
        typed = QLineEdit(self)
        typed.setStyleSheet("border: 0; padding: 0;")  # the box around it has both
        self.preset.setLineEdit(typed)
        self.preset.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.add_button, self.remove_button = QPushButton(self.tr("Add"), self), QPushButton(self.tr("Remove"), self)
        self._lay_out()
        self.camera.currentIndexChanged.connect(self._ask)
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        self.list.choice_changed.connect(self._judge)
        self.preset.editTextChanged.connect(self._judge)
        typed.returnPressed.connect(self._add)
        self.show_cameras(())

    def show_cameras(self, cameras: Sequence[Camera]) -> None:
        """Offer these cameras: those on the monitors that turn."""
        chosen = self.camera.currentData()
        self.camera.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.camera.clear()
        for camera in cameras:
            self.camera.addItem(f"{words.camera_no(camera.no)} {camera.name}", camera)
        row = next((row for row, camera in enumerate(cameras) if chosen is not None and camera.no == chosen.no), 0)
        self.camera.setCurrentIndex(row if cameras else -1)
        self.camera.blockSignals(False)  # noqa: FBT003 - Qt's own signature
        self._ask()

    def show_stored(self, camera_no: int, presets: Sequence[Preset]) -> None:
        """Offer a camera's stored views; what was typed meanwhile stays."""
        camera = self.camera.currentData()
        if camera is None or camera.no != camera_no:
            return
        typed = self.preset.currentText()
        self.preset.clear()
        for preset in presets:
            self.preset.addItem(preset.name or preset.token)
        self.preset.setEditText(typed or (self.preset.itemText(0) if presets else ""))

    def show_calls(self, calls: Sequence[PresetCall]) -> None:
        """Show what a salvo calls."""
        self._calls = tuple(calls)
        self.list.show_lines([(self._words(call), call) for call in self._calls])

    @property
    def calls(self) -> tuple[PresetCall, ...]:
        """What is to be called."""
        return self._calls

    def _words(self, call: PresetCall) -> str:
        return f"{words.camera_no(call.camera_no)} → {call.preset}"

    def _lay_out(self) -> None:
        self.list.setMaximumHeight(_LINES_SEEN * self.list.fontMetrics().lineSpacing() + 2 * scaled(self, STEP))
        line, column = QHBoxLayout(), QVBoxLayout(self)
        for widget, stretch in ((self.camera, 2), (self.preset, 2), (self.add_button, 0), (self.remove_button, 0)):
            line.addWidget(widget, stretch)
        for button in (self.add_button, self.remove_button):
            button.setAutoDefault(False)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addLayout(line)

    def _ask(self) -> None:
        self.preset.clear()
        self.preset.setEditText("")
        camera = self.camera.currentData()
        self._judge()
        if camera is not None:
            self.presets_asked.emit(camera)

    def _judge(self) -> None:
        possible = self.camera.currentData() is not None
        self.camera.setEnabled(possible)
        self.preset.setEnabled(possible)
        self.add_button.setEnabled(possible and bool(self.preset.currentText().strip()))
        self.remove_button.setEnabled(self.list.chosen is not None)

    def _add(self) -> None:
        camera, preset = self.camera.currentData(), self.preset.currentText().strip()
        if camera is not None and preset:
            others = [call for call in self._calls if call.camera_no != camera.no]
            self.show_calls((*others, PresetCall(camera.no, preset)))

    def _remove(self) -> None:
        self.show_calls([call for call in self._calls if call != self.list.chosen])
