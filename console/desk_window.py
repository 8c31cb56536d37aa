"""The desk: lays the widgets out; it knows nothing of what they show."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QStackedLayout, QStackedWidget, QVBoxLayout, QWidget

from domain.alarm import Alarm
from domain.clock import Clock
from domain.incident import Incident
from domain.text import Text, Wording
from widgets.alarm_queue import AlarmQueue
from widgets.call_up import CallUpDisplay
from widgets.camera_tree import CameraTree
from widgets.incident_card import IncidentCard
from widgets.key_help import KeyHelp
from widgets.message_strip import MessageStrip
from widgets.pane import plain_label
from widgets.ptz_pad import PtzPad
from widgets.sensor_panel import SensorPanel
from widgets.sign_in import SignIn
from widgets.status_bar import StatusBar
from widgets.timeline import Timeline
from widgets.wall import WallView

_GAP = 4
_CAPTIONS = 130  # four rows of captions above 16:9 pictures
_LEAST_STRIP = 140


class DeskWindow(QMainWindow):
    """One operator's window: cameras and map left, wall and environment in the middle, cases on the right."""

    first_painted = Signal()
    focus_lost = Signal()
    close_asked = Signal()

    def __init__(
        self,
        clock: Clock,
        wording: Wording,
        alarm_place: Callable[[Alarm], str],
        incident_place: Callable[[Incident], str],
    ) -> None:
        super().__init__()
        self.setWindowTitle("Watchroom")
        self.sign_in = SignIn(parent=self)
        self.tree = CameraTree(self)
        self.call_up = CallUpDisplay(self)
        self.wall = WallView(clock, self)
        self.sensors = SensorPanel(clock, self)
        self.timeline = Timeline(clock, self)
        self.queue = AlarmQueue(clock, wording.render, alarm_place, self)
        self.card = IncidentCard(clock, lambda kind: wording.render(Text(f"kind_{kind}")), incident_place, self)
        self.pad = PtzPad(self)
        self.strip = MessageStrip(self)
        self.status = StatusBar(clock, self)
        self._opening = plain_label("", self)
        self._help = KeyHelp(self)
        self._help.hide()
        self._wall_mode = False
        self._around_wall: tuple[QWidget, ...] = ()
        self._painted = False
        self._small_map = QWidget(self)
        self._large_map = QWidget(self)
        for place in (self._small_map, self._large_map):
            QVBoxLayout(place).setContentsMargins(0, 0, 0, 0)
        self._map: QWidget | None = None
        self._middle = QStackedWidget(self)
        self._pages = QStackedLayout()
        self._lay_out()

    def show_signing_in(self) -> None:
        """Show the sign-in page."""
        self._pages.setCurrentIndex(0)
        self.sign_in.setFocus()

    def show_desk(self) -> None:
        """Show the desk."""
        self._pages.setCurrentIndex(1)
        self.wall.setFocus()

    def place_map(self, view: QWidget) -> None:
        """Put the map into its place, once it can be shown."""
        self._map = view
        self._small_map.layout().addWidget(view)  # type: ignore[union-attr]  # set in __init__

    def show_opening(self, words: str) -> None:
        """Say, before there is anything to show, what is being waited for."""
        self._opening.setText(words)
        self._pages.setCurrentIndex(2)

    def toggle_wall_mode(self) -> None:
        """Show the wall alone, or everything again."""
        self._wall_mode = not self._wall_mode
        for pane in self._around_wall:
            pane.setVisible(not self._wall_mode)

    def toggle_key_help(self) -> None:
        """Show the map of keys over the desk, or take it away."""
        self._help.setGeometry(
            self.rect().adjusted(self.width() // 5, self.height() // 8, -self.width() // 5, -self.height() // 8)
        )
        self._help.setVisible(not self._help.isVisible())
        self._help.raise_()

    def hide_key_help(self) -> bool:
        """Take the map of keys away; return whether it was there."""
        shown = self._help.isVisible()
        self._help.hide()
        return shown

    def toggle_map(self) -> None:
        """Let map and wall change their places."""
        if self._map is None:
            return
        large = self._middle.currentIndex() == 0
        target = self._large_map if large else self._small_map
        target.layout().addWidget(self._map)  # type: ignore[union-attr]  # set in __init__
        if large:
            self._small_map.layout().addWidget(self.wall)  # type: ignore[union-attr]  # set in __init__
        else:
            self._middle.insertWidget(0, self.wall)
        self._middle.setCurrentIndex(1 if large else 0)
        self.wall.show()

    @property
    def map_is_large(self) -> bool:
        """Whether the map stands where the wall usually is."""
        return self._middle.currentIndex() == 1

    def _lay_out(self) -> None:
        self._middle.addWidget(self.wall)
        self._middle.addWidget(self._large_map)
        self._left = left = _split(Qt.Orientation.Vertical, (self.tree, 1), (self._small_map, 0))
        left_pane = _column((self.call_up, 0), (left, 1))
        self._centre = middle = _split(
            Qt.Orientation.Vertical, (self._middle, 1), (_column((self.sensors, 1), (self.timeline, 0)), 0)
        )
        self._right = right = _split(Qt.Orientation.Vertical, (self.queue, 30), (self.card, 46), (self.pad, 24))
        desk = _split(Qt.Orientation.Horizontal, (left_pane, 0), (middle, 1), (right, 0))
        self._columns = desk
        page = _column((desk, 1), (self.strip, 0), (self.status, 0))
        whole = QWidget(self)
        whole.setLayout(self._pages)
        self._pages.addWidget(_centred(self.sign_in))
        self._pages.addWidget(page)
        self._pages.addWidget(_centred(self._opening))
        self._around_wall = (left_pane, right, self.sensors, self.status)
        self.setCentralWidget(whole)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the columns their share of the screen: on a larger one the sides grow too, but less than the wall."""
        super().showEvent(event)
        width, height = self.width(), self.height()
        side = max(340, width * 17 // 100), max(480, width * 24 // 100)
        self._columns.setSizes([side[0], width - sum(side), side[1]])
        wall_height = (width - sum(side)) * 9 // 16 + _CAPTIONS
        self._centre.setSizes([wall_height, max(_LEAST_STRIP, height - wall_height)])
        self._left.setSizes([height * 55 // 100, height * 45 // 100])
        self._right.setSizes([height * 33 // 100, height * 43 // 100, height * 24 // 100])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that there is something on the screen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)

    def changeEvent(self, event: QEvent) -> None:
        """Say when the window stops being the one that keys go to: whatever is held must be let go."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.focus_lost.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the program end in order instead of vanishing."""
        event.ignore()
        self.close_asked.emit()


def _column(*parts: tuple[QWidget, int]) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(_GAP)
    for widget, stretch in parts:
        layout.addWidget(widget, stretch)
    return column


def _split(direction: Qt.Orientation, *parts: tuple[QWidget, int]) -> QSplitter:
    split = QSplitter(direction)
    split.setHandleWidth(_GAP)
    split.setChildrenCollapsible(False)
    for index, (widget, stretch) in enumerate(parts):
        split.addWidget(widget)
        split.setStretchFactor(index, stretch)
    return split


def _centred(widget: QWidget) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.addStretch(1)
    row.addWidget(widget, 0, Qt.AlignmentFlag.AlignCenter)
    row.addStretch(1)
    return page
