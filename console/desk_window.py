"""The desk: lays the widgets out; it knows nothing of what they show."""

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QFont, QHideEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedLayout, QVBoxLayout, QWidget

from domain.alarm import Alarm
from domain.clock import Clock
from domain.incident import Incident
from domain.text import Text, Wording
from widgets.alarm_queue import AlarmQueue
from widgets.call_up import CallUpDisplay
from widgets.camera_tree import CameraTree
from widgets.control_note import ControlNote
from widgets.incident_card import IncidentCard
from widgets.key_help import KeyHelp
from widgets.message_strip import MessageStrip
from widgets.opening import Opening
from widgets.over import Over
from widgets.pane import make_pane, plain_label
from widgets.ptz_pad import PtzPad
from widgets.purpose_prompt import PurposePrompt
from widgets.review_bar import ReviewBar
from widgets.review_note import BookmarkNote
from widgets.sensor_panel import SensorPanel
from widgets.sign_in import SignIn
from widgets.split import Split
from widgets.status_bar import StatusBar
from widgets.theme import colours_of, scaled
from widgets.tile_brush import TileBrush
from widgets.timeline import Timeline
from widgets.wall import WallView

_GAP = 4
_PIXELS_STEP = 16  # four tiles, whose pictures are multiples of 4 wide, fill such a column to its edges
_ROWS = 4  # of the largest layout: the wall keeps its place when the layout changes
_MAPS_SHARE = 0.45  # of the left column's height, at most


def side_widths(width: int, scale: float) -> tuple[int, int]:
    """Return how wide the left and the right column are, in pixels, in a window of this width.

    326 and 470 on a screen of 1920; of every further pixel a tenth and an eighth, the wall gets the rest. Larger text
    widens them, up to a quarter and three tenths of the window.
    """
    beyond = width - 1920
    left, right = (326 + beyond / 10) * scale, (470 + beyond / 8) * scale
    return round(min(left, max(width * 0.24, 200))), round(min(right, max(width * 0.30, 260)))


def wall_height(width: int, caption: int, border: int) -> int:
    """Return the height that lets four by four 16:9 pictures with their captions fill this width, in pixels."""
    picture = (width // _ROWS - 2 * border) // 4 * 4
    return _ROWS * (math.ceil(picture * 9 / 16) + 1 + caption + 2 * border)


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
        self.call_up.give_zero(self.wall.reset_zoom)
        self.sensors = SensorPanel(clock, self)
        self.timeline = Timeline(clock, self)
        self.queue = AlarmQueue(clock, wording.render, alarm_place, self)
        self.card = IncidentCard(clock, lambda kind: wording.render(Text(f"kind_{kind}")), incident_place, self)
        self.pad = PtzPad(self)
        self.strip = MessageStrip(self)
        self._keep_room_for_messages(keep=True)
        self.status = StatusBar(clock, self)
        self._opening = Opening(self)
        self.replay_bar = ReviewBar(self)
        self.bookmark_note = BookmarkNote(self)
        self.purpose, self.control_note = PurposePrompt(self), ControlNote(self)
        self._help = KeyHelp(self)
        self._help.hide()
        self._wall_mode = False
        self._around_wall: tuple[QWidget, ...] = ()
        self._painted = False
        self._small_place, self._large_place = QWidget(self), QWidget(self)
        self._no_map = plain_label(QCoreApplication.translate("IncidentMap", "The map is loading …"), self, dim=True)
        self._no_map.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._map: QWidget | None = None
        self._map_large = False
        make_pane(self._small_place)
        self._pages = QStackedLayout()
        self._lay_out()

    def show_signing_in(self) -> None:
        """Show the sign-in page."""
        self._pages.setCurrentIndex(0)
        self.focus_lost.emit()
        self.sign_in.setFocus()

    def show_desk(self) -> None:
        """Show the desk."""
        self._pages.setCurrentIndex(1)
        self.wall.setFocus()

    @property
    def is_attended(self) -> bool:
        """Whether the desk, and nothing else, is what the operator has in front of them."""
        return self.isActiveWindow() and self.isVisible() and self._pages.currentIndex() == 1

    def place_map(self, view: QWidget) -> None:
        """Put the map into its place, once it can be shown."""
        self._map = view
        _put_into(self._small_place, view)

    def show_no_map(self, words: str) -> None:
        """Say in the map's place why there is none."""
        self._no_map.setText(words)

    def show_opening(self, words: str) -> None:
        """Say, before there is anything to show, what is being waited for."""
        self._opening.show_words(words)
        self._pages.setCurrentIndex(2)

    def toggle_wall_mode(self) -> None:
        """Show the wall alone, or everything again."""
        self._wall_mode = not self._wall_mode
        if self._wall_mode and self._map_large:
            self.toggle_map()
        self._keep_room_for_messages(keep=not self._wall_mode)
        for pane in self._around_wall:
            pane.setVisible(not self._wall_mode)
        for split in self._splits:
            split.share_out()

    def _keep_room_for_messages(self, *, keep: bool) -> None:
        """Leave the strip its place while it says nothing: a message must not push the wall about."""
        policy = self.strip.sizePolicy()
        policy.setRetainSizeWhenHidden(keep)
        self.strip.setSizePolicy(policy)

    def leave_wall_mode(self) -> None:
        """Show everything again, if the wall stands alone."""
        if self._wall_mode:
            self.toggle_wall_mode()

    def toggle_key_help(self) -> None:
        """Show the map of keys in the middle of the desk, or take it away."""
        self._help.setVisible(not self._help.isVisible())
        self._centre_help()

    def hide_key_help(self) -> bool:
        """Take the map of keys away; return whether it was there."""
        shown = self._help.isVisible()
        self._help.hide()
        return shown

    def toggle_map(self) -> None:
        """Let map and wall change their places."""
        if self._map is None:
            return
        self._map_large = not self._map_large
        large, small = (self._map, self.wall) if self._map_large else (self.wall, self._map)
        had_keys = self.focusWidget() is self.wall  # moving it hands the focus to whatever comes next
        _put_into(self._large_place, large)
        _put_into(self._small_place, small)
        if had_keys:
            self.wall.setFocus(Qt.FocusReason.OtherFocusReason)
        for split in self._splits:
            split.share_out()

    @property
    def map_is_large(self) -> bool:
        """Whether the map stands where the wall usually is."""
        return self._map_large

    def _lay_out(self) -> None:
        _put_into(self._large_place, self.wall)
        _put_into(self._small_place, self._no_map)
        self._below = _column((self.sensors, 1), (self.timeline, 0))
        vertical, horizontal = Qt.Orientation.Vertical, Qt.Orientation.Horizontal
        left = Split(vertical, self._share_left, (self.tree, self._small_place), 0)
        left_pane = _column((self.call_up, 0), (left, 1))
        middle = Split(vertical, self._share_middle, (self._large_place, self._below), 0)
        right = Split(vertical, self._share_right, (self.queue, self.card, self.pad), 1)
        desk = Split(horizontal, self._share_columns, (left_pane, middle, right), 1)
        self._splits = (desk, left, middle, right)
        page = _column((desk, 1), (self.strip, 0), (self.status, 0))
        whole = QWidget(self)
        whole.setLayout(self._pages)
        for each in (_centred(self.sign_in), page, _centred(self._opening)):
            self._pages.addWidget(each)
        self._around_wall = (left_pane, right, self._below, self.status)
        self.setCentralWidget(whole)
        over = (self.purpose, self.control_note, self.bookmark_note, self.replay_bar)
        self._over = Over(self._below, self, *over)

    # -- sharing the room out

    def _share_columns(self, room: QSize) -> Sequence[int]:
        width = room.width() - 2 * self._splits[0].handleWidth()
        left, right = side_widths(width, scaled(self, 100) / 100)
        left += (width - left - right) % _PIXELS_STEP
        return left, width - left - right, right

    def _share_left(self, room: QSize) -> Sequence[int]:
        most = round(room.height() * _MAPS_SHARE)
        wanted = self._wall_height(room.width()) if self._map_large else room.width() * 5 // 4
        small = min(wanted, most)
        return room.height() - small, small

    def _share_middle(self, room: QSize) -> Sequence[int]:
        if self._map_large:
            return room.height() - self._below.minimumSizeHint().height(), 0
        wall = min(self._wall_height(room.width()), room.height() - self._below.minimumSizeHint().height())
        return wall, room.height() - wall

    def _share_right(self, room: QSize) -> Sequence[int]:
        pad = min(max(self.pad.sizeHint().height(), room.height() // 5), room.height() // 3)
        queue = (room.height() - pad) // 2
        return queue, room.height() - pad - queue, pad

    def _wall_height(self, width: int) -> int:
        font, unit = QFont(self.wall.font()), scaled(self.wall, 1)
        bold = QFont(font)
        bold.setBold(True)
        brush = TileBrush(colours_of(self.wall), font, bold, unit)
        return wall_height(width, brush.line, 2 * unit)

    def _centre_help(self) -> None:
        self._help.adjustSize()
        self._help.move((self.width() - self._help.width()) // 2, (self.height() - self._help.height()) // 2)
        self._help.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the map of keys in the middle."""
        super().resizeEvent(event)
        self._centre_help()

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

    def event(self, event: QEvent) -> bool:
        """Say so too when a dialog closes this window off."""
        if event.type() == QEvent.Type.WindowBlocked:
            self.focus_lost.emit()
        return super().event(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Say so too when the window is hidden or minimised."""
        super().hideEvent(event)
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


def _put_into(place: QWidget, content: QWidget) -> None:
    """Let a place hold this widget and no other; the one that was there is left without a place."""
    layout = place.layout()
    if layout is None:
        layout = QVBoxLayout(place)
        layout.setContentsMargins(0, 0, 0, 0)
    while (item := layout.takeAt(0)) is not None:
        held = item.widget()
        if held is not None and held is not content:
            held.hide()
    layout.addWidget(content)
    content.show()


def _centred(widget: QWidget) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.addStretch(1)
    row.addWidget(widget, 0, Qt.AlignmentFlag.AlignCenter)
    row.addStretch(1)
    return page
