"""The window in which a recording is looked at: picture, timeline with marks, rate and single pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from domain.picture import Frame
from widgets import words
from widgets.pane import make_pane, plain_label
from widgets.review_controls import ReviewControl, ReviewControls, control_of
from widgets.review_list import ReviewList
from widgets.review_picture import ReviewPicture
from widgets.review_saving import SavingLine
from widgets.review_timeline import ReviewMark, ReviewTimeline
from widgets.theme import STEP, scaled

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_TEN_S = 10.0


class ReviewTrouble(StrEnum):
    """Why a recording is not played."""

    NO_PLAYER = "no_player"
    NOT_PLAYABLE = "not_playable"
    PLAYER_GONE = "player_gone"
    NOTHING_RECORDED = "nothing_recorded"
    NO_ROOM = "no_room"


@dataclass(frozen=True, slots=True)
class Recording:
    """What a player stands at: seconds from the beginning; `began` (aware) is when that was, where the file tells.

    `joining` says that its segments are still being put together; `savable` that they are, and may be saved as one
    file. `left_out` counts segments that can't be read. `goes_on_to` (aware) is when what was asked for ends, where
    that is more than is opened at once.
    """

    name: str
    at_s: float = 0.0
    length_s: float = 0.0
    rate: float = 1.0
    paused: bool = True
    began: datetime | None = None
    trouble: ReviewTrouble | None = None
    detail: str = ""
    joining: bool = False
    savable: bool = False
    left_out: int = 0
    goes_on_to: datetime | None = None


class ReviewWindow(QWidget):
    """Shows what was recorded here, and one recording of it.

    Ctrl+Space runs and pauses, Ctrl+← → one picture, ← → ten seconds, [ ] rate, L the list, G camera and time, Esc
    closes.
    """

    control_asked = Signal(object)  # ReviewControl
    place_asked = Signal(float)  # seconds from the beginning
    file_chosen = Signal(str)
    save_asked = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        make_pane(self)
        self.setWindowTitle(self.tr("Review"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._recording: Recording | None = None
        self._folder = ""
        self.list = ReviewList(self)
        self.saving = SavingLine(self)
        self.picture = ReviewPicture(self)
        self.timeline = ReviewTimeline(self)
        self.controls = ReviewControls(self)
        self._name = plain_label("", self)
        self._name.setWordWrap(True)
        self._time = plain_label("", self)
        self._open = QPushButton(self.tr("Open file… [Ctrl+O]"), self)
        self._open.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.save_button = QPushButton(self.tr("Save as one file…"), self)
        self.save_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        self._open.clicked.connect(self.choose_file)
        self.save_button.clicked.connect(self.save_asked)
        self.controls.control_asked.connect(self.control_asked)
        self.timeline.moment_asked.connect(self._ask_place)
        self.show_recording(None)

    def _lay_out(self) -> None:
        step = scaled(self, STEP)
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self.save_button)
        top.addWidget(self._open)
        bottom = QHBoxLayout()
        bottom.setSpacing(2 * step)
        bottom.addWidget(self._time)
        bottom.addWidget(self.timeline, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(2 * step, 2 * step, 2 * step, 2 * step)
        whole.setSpacing(3 * step)
        whole.addWidget(self.list)
        column = QVBoxLayout()
        whole.addLayout(column, 1)
        column.setSpacing(2 * step)
        column.addLayout(top)
        column.addWidget(self.picture, 1)
        column.addWidget(self.saving)
        column.addLayout(bottom)
        column.addWidget(self.controls, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_recording(self, recording: Recording | None, marks: Sequence[ReviewMark] = ()) -> None:
        """Show where the player stands, with marks at their moments; None says that no file is open."""
        self._recording = recording
        playable = recording is not None and recording.trouble is None and not recording.joining
        self.save_button.setEnabled(playable and recording is not None and recording.savable)
        ours = recording is not None and recording.began is not None
        for control in ReviewControl:
            if control is not ReviewControl.LIVE:
                self.controls.offer(control, possible=playable and (ours or control not in _OF_OURS))
        if recording is None:
            self._name.setText("")
            self._time.setText(words.NO_VALUE)
            self.timeline.show_span(None, None, None)
            self.picture.show_words(
                self.tr(
                    "No recording is open.\n"
                    "Enter plays the chosen clip. Ctrl+O opens a file of any system (mp4, mkv, avi, ts, asf)."
                )
            )
            return
        self._name.setText(self._name_words(recording))
        self.controls.show_rate(recording.rate, paused=recording.paused)
        zero = recording.began or _ZERO
        at, ends = (zero + timedelta(seconds=seconds) for seconds in (recording.at_s, recording.length_s))
        self.timeline.show_span(zero, ends, at, marks)
        told = f"{words.duration(recording.at_s)} / {words.duration(recording.length_s)}"
        self._time.setText(told if recording.began is None else f"{words.clock_time(at)}   {told}")
        if recording.trouble is not None:
            self.picture.show_words(self._trouble_words(recording.trouble, recording.detail))
        elif recording.joining:
            self.picture.show_words(self.tr("Being put together…"))

    def show_frame(self, frame: Frame) -> None:
        """Show the newest picture."""
        recording = self._recording
        if recording is not None and recording.trouble is None and not recording.joining:
            self.picture.show_frame(frame)

    def begin_in(self, folder: str) -> None:
        """Have the file dialog begin in this folder."""
        self._folder = folder

    @Slot()
    def choose_file(self) -> None:
        """Ask which file is to be opened."""
        dialog = QFileDialog(self, self.tr("Open a recording"), self._folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.file_chosen)
        dialog.open()

    def _name_words(self, recording: Recording) -> str:
        said = [recording.name]
        if recording.goes_on_to is not None:
            until = words.clock_time(recording.goes_on_to)
            said.append(self.tr("one hour of it; it goes on to {time}, [G] opens more").format(time=until))
        if recording.left_out:
            said.append(self.tr("files that can't be read: {n}").format(n=recording.left_out))
        return " · ".join(said)

    def _trouble_words(self, trouble: ReviewTrouble, detail: str) -> str:
        said = {
            ReviewTrouble.NO_PLAYER: self.tr("The player (libVLC) is missing. Install it: {detail}"),
            ReviewTrouble.NOT_PLAYABLE: self.tr("This file can't be played: {detail}"),
            ReviewTrouble.PLAYER_GONE: self.tr("The player stopped over this file. Any key of the player tries again."),
            ReviewTrouble.NOTHING_RECORDED: self.tr("Nothing of this span is recorded here. {detail}"),
            ReviewTrouble.NO_ROOM: self.tr("It can't be put together: {detail}"),
        }
        return said[trouble].format(detail=detail)

    # -- the operator

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the player's keys."""
        control, modifiers = control_of(event), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain, key = modifiers == Qt.KeyboardModifier.NoModifier, event.key()
        if control is not None:
            self.control_asked.emit(control)
        elif plain and key in {Qt.Key.Key_Left, Qt.Key.Key_Right} and self._recording is not None:
            by_s = _TEN_S if key == Qt.Key.Key_Right else -_TEN_S
            self.place_asked.emit(max(0.0, self._recording.at_s + by_s))
        elif plain and key == Qt.Key.Key_L:
            self.list.focus_list()
        elif plain and key == Qt.Key.Key_G:
            self.list.focus_form()
        elif plain and (letter := _LETTERS.get(Qt.Key(key))) is not None:
            self.control_asked.emit(letter)
        elif modifiers == Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_S:
            self.control_asked.emit(ReviewControl.SNAPSHOT)
        elif modifiers == Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_O:
            self.choose_file()
        elif plain and key == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say that nobody looks any more."""
        super().closeEvent(event)
        self.closed.emit()

    @Slot(object)
    def _ask_place(self, moment: datetime) -> None:
        if self._recording is not None:
            self.place_asked.emit((moment - (self._recording.began or _ZERO)).total_seconds())


_LETTERS = {Qt.Key.Key_B: ReviewControl.BOOKMARK, Qt.Key.Key_R: ReviewControl.BACK}
_OF_OURS = frozenset({ReviewControl.BOOKMARK, ReviewControl.SNAPSHOT})  # they need a camera and the time of day
