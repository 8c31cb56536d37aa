"""Asks for a camera and a time, to look at what was recorded there then."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QDateTime, Qt, Signal, Slot
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QDateTimeEdit, QFormLayout, QLineEdit, QPushButton, QSpinBox, QWidget

from widgets.pane import mark
from widgets.theme import STEP, scaled

_LAST_CAMERA = 99_999
_USUAL_MIN, _MOST_MIN = 10, 60


@dataclass(frozen=True, slots=True)
class SpanWish:
    """What is wanted: a camera's pictures between two moments."""

    camera_no: int
    begins: datetime
    ends: datetime


class SpanForm(QWidget):
    """Camera number, moment and how many minutes around it. Enter in any field asks."""

    span_chosen = Signal(object)  # SpanWish

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.camera = QLineEdit(self)
        self.camera.setValidator(QIntValidator(1, _LAST_CAMERA, self))
        self.camera.setPlaceholderText("0417")
        self.moment = QDateTimeEdit(self)
        self.moment.setDisplayFormat("yyyy-MM-dd HH:mm:ss")
        self.minutes = QSpinBox(self)
        self.minutes.setRange(1, _MOST_MIN)
        self.minutes.setValue(_USUAL_MIN)
        self.minutes.setSuffix(self.tr(" min"))
        for field in (self.moment, self.minutes):
            field.setMinimumHeight(self.camera.sizeHint().height())
        self.open_button = QPushButton(self.tr("Open [Enter]"), self)
        self.open_button.clicked.connect(self.ask)
        self._lay_out()

    def show_moment(self, at: datetime) -> None:
        """Suggest a moment (aware); a camera that was typed stays."""
        self.moment.setDateTime(QDateTime.fromSecsSinceEpoch(int(at.timestamp())))

    def show_wish(self, wish: SpanWish) -> None:
        """Suggest a span from its beginning on, an hour of it at most."""
        minutes = math.ceil((wish.ends - wish.begins).total_seconds() / 60)
        self.camera.setText(f"{wish.camera_no:04d}")
        self.minutes.setValue(minutes)
        self.show_moment(wish.begins + timedelta(minutes=self.minutes.value()) / 2)

    @Slot()
    def ask(self) -> None:
        """Ask for what the fields say; without a camera its field is marked and gets the keys."""
        number = self.camera.text()
        mark(self.camera, warn=not self.camera.hasAcceptableInput())
        if not self.camera.hasAcceptableInput():
            self.camera.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        at = datetime.fromtimestamp(self.moment.dateTime().toSecsSinceEpoch()).astimezone()
        around = timedelta(minutes=self.minutes.value()) / 2
        self.span_chosen.emit(SpanWish(int(number), at - around, at + around))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.ask()
            return
        super().keyPressEvent(event)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(scaled(self, STEP))
        form.addRow(self.tr("Camera"), self.camera)
        form.addRow(self.tr("Around"), self.moment)
        form.addRow(self.tr("For"), self.minutes)
        form.addRow("", self.open_button)
