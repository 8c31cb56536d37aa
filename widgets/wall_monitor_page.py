"""Which monitor's window is on which screen; monitors told apart, moved and opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from widgets.pane import mark, plain_label
from widgets.theme import STEP, scaled


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """A screen that is there: its serial (empty where it tells none), its connector, its size in pixels."""

    serial: str
    connector: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class MonitorLine:
    """A monitor and where it is.

    `screen` is None for an ordinary window, or where the screen that it belongs to, `away`, is not here. The desk's own
    (`fixed`) stays with the desk's window.
    """

    number: int
    screen: ScreenLine | None
    away: str = ""
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class ScreenWanted:
    """A monitor's window is to be on this screen from now on."""

    monitor: int
    screen: ScreenLine


class MonitorPage(QWidget):
    """A line for each monitor, with the screens that it could be on."""

    screen_wanted = Signal(object)  # ScreenWanted
    identify_asked = Signal(bool)  # numbers large on all monitors, or off again
    another_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.identify_button = QPushButton(self.tr("Show numbers on all monitors"), self)
        self.identify_button.setCheckable(True)
        self.another_button = QPushButton(self.tr("Open another monitor"), self)
        self.move_button = QPushButton(self.tr("Move"), self)
        self.choices: dict[int, QComboBox] = {}
        self._where: dict[int, ScreenLine | None] = {}
        self._lines = QWidget(self)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(2 * scaled(self, STEP))
        self._column.addWidget(self._lines)
        self._column.addStretch(1)
        buttons = QHBoxLayout()
        for button in (self.identify_button, self.another_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.move_button.setAutoDefault(False)
        buttons.addWidget(self.move_button)
        self._column.addLayout(buttons)
        self.move_button.clicked.connect(self._move)
        self.identify_button.toggled.connect(self.identify_asked)
        self.another_button.clicked.connect(self.another_asked)

    def show_monitors(self, monitors: Sequence[MonitorLine], screens: Sequence[ScreenLine]) -> None:
        """Show where each monitor is; `screens` are those that it could be on instead."""
        had_focus = next((number for number, box in self.choices.items() if box.hasFocus()), None)
        lines = QWidget(self)
        form = QFormLayout(lines)
        form.setContentsMargins(0, 0, 0, 0)
        self.choices, self._where = {}, {monitor.number: monitor.screen for monitor in monitors}
        for monitor in monitors:
            form.addRow(self.tr("monitor {n}").format(n=monitor.number), self._line(monitor, screens, lines))
        self._column.replaceWidget(self._lines, lines)
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = lines
        if had_focus in self.choices:
            self.choices[had_focus].setFocus()
        self._judge()

    def _line(self, monitor: MonitorLine, screens: Sequence[ScreenLine], parent: QWidget) -> QWidget:
        if monitor.fixed:
            told = self.tr("the desk's own, on {screen}")
            return plain_label(told.format(screen=screen_words(monitor.screen)), parent, dim=True)
        box = QComboBox(parent)
        if monitor.screen not in screens:
            away = self.tr("{screen} is away").format(screen=monitor.away)
            box.addItem(away if monitor.away else self.tr("an ordinary window: no screen is free"), None)
            mark(box, warn=bool(monitor.away))
        for screen in screens:
            box.addItem(screen_words(screen), screen)
        box.setCurrentIndex(max(0, box.findData(monitor.screen)))
        box.setAccessibleName(self.tr("Screen of monitor {n}").format(n=monitor.number))
        box.currentIndexChanged.connect(self._judge)
        self.choices[monitor.number] = box
        return box

    def _wanted(self) -> list[ScreenWanted]:
        chosen = {number: box.currentData() for number, box in self.choices.items()}
        return [
            ScreenWanted(number, screen)
            for number, screen in chosen.items()
            if screen is not None and screen != self._where[number]
        ]

    def _judge(self) -> None:
        self.move_button.setEnabled(bool(self._wanted()))

    def _move(self) -> None:
        for wanted in self._wanted():
            self.screen_wanted.emit(wanted)


def screen_words(screen: ScreenLine | None) -> str:
    """Return a screen in words: `HDMI-1 · 1920 × 1080 · Dell/U2412M/4711`."""
    if screen is None:
        return "–"
    return " · ".join(filter(None, (screen.connector, f"{screen.width} × {screen.height}", screen.serial)))
