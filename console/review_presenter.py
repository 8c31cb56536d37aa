"""Joins the review window to the player: recordings of ours and of other systems."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from console.acting import Door
from domain.camera import Camera, Mask, Profile
from domain.errors import BadInputError, RefusedError
from domain.operator import Action
from video.replay_position import FASTEST, SLOWEST
from video.review import ReviewPlayer, ReviewState
from video.review_span import LONGEST_S, ReviewSpan
from video.segments import start_of
from widgets import words
from widgets.review_controls import ReviewControl
from widgets.review_list_model import span_words
from widgets.review_player import Recording, ReviewTrouble, ReviewWindow
from widgets.review_timeline import MarkKind, ReviewMark

_FRAME_MS = 16
_TEN_S = 10.0


class ReviewPresenter(QObject):
    """One window, one recording at a time. The player's process lives as long as the window is open.

    What was recorded here is opened through the one door (REPLAY).
    """

    refused = Signal(object)  # BadInputError or RefusedError
    player_changed = Signal(object)  # ReviewState
    bookmark_asked = Signal(object)  # tuple[int, float]: camera, Unix seconds; for recordings of ours
    snapshot_asked = Signal(object)  # tuple[int, float]
    opened = Signal(object)  # tuple[int | None, datetime, datetime]: what marks are wanted for
    _changed = Signal()

    def __init__(
        self,
        window: ReviewWindow,
        camera: Callable[[int], Camera | None],
        door: Door,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._camera = camera
        self._door = door
        self._span: ReviewSpan | None = None
        self._player: ReviewPlayer | None = None
        self._name = ""
        self._goes_on_to: datetime | None = None
        self._camera_no: int | None = None
        self._began: datetime | None = None
        self._rate = 1.0
        self._asked_marks = False
        self._marks: tuple[ReviewMark, ...] = ()
        window.control_asked.connect(self._control)
        window.place_asked.connect(self._go)
        window.file_chosen.connect(self.open)
        window.closed.connect(self.close)
        self._changed.connect(self._show_state, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._show_frame)

    @Slot(str)
    def open(self, path: str) -> None:
        """Show the window with this file, standing at its first picture; a network address is `refused`."""
        file = Path(path)
        camera_no, began = _of_ours(file)
        if not self._allowed(camera_no, file.name):
            return
        self._camera_no, self._began, self._span = camera_no, began, None
        try:
            self._a_player().open(path, self._masks())
        except BadInputError as error:
            self.refused.emit(error)
            return
        self._show_opened(Recording(file.name, began=began))

    def open_span(self, span: ReviewSpan) -> None:
        """Show the window with all that is recorded of a span as one recording; `refused` where that is not allowed.

        Of a longer span only the first hour is opened, which the window says.
        """
        whole, span = span, replace(span, ends=min(span.ends, span.begins + LONGEST_S))
        begins, ends = (datetime.fromtimestamp(at, UTC) for at in (span.begins, span.ends))
        if not self._allowed(span.camera_no, f"{begins.isoformat()} {ends.isoformat()}"):
            return
        self._camera_no, self._began, self._span = span.camera_no, None, span
        self._a_player().open_span(span, self._masks())
        camera = self._camera(span.camera_no)
        name = f"{words.camera_no(span.camera_no)} {'' if camera is None else camera.name}".strip()
        goes_on_to = datetime.fromtimestamp(whole.ends, UTC) if whole.ends > span.ends else None
        self._show_opened(Recording(f"{name} · {span_words(begins, ends)}", joining=True, goes_on_to=goes_on_to))

    @property
    def span(self) -> ReviewSpan | None:
        """The span that is open, None for a file."""
        return self._span

    def camera(self, camera_no: int) -> Camera | None:
        """Return a camera as the register has it now."""
        return self._camera(camera_no)

    @property
    def player(self) -> ReviewPlayer | None:
        """What plays while something is open."""
        return self._player

    def _allowed(self, camera_no: int | None, purpose: str) -> bool:
        if camera_no is None:
            return True
        try:
            self._door.act(Action.REPLAY, f"camera/{camera_no}", purpose)
        except RefusedError as error:
            self.refused.emit(error)
            return False
        return True

    def _a_player(self) -> ReviewPlayer:
        if self._player is None:
            self._player = ReviewPlayer(self._changed.emit)
        return self._player

    def _show_opened(self, recording: Recording) -> None:
        self._name, self._goes_on_to = recording.name, recording.goes_on_to
        self._rate, self._marks, self._asked_marks = 1.0, (), False
        self._window.show_recording(recording)
        self._window.show()
        self._window.activateWindow()
        self._window.setFocus(Qt.FocusReason.OtherFocusReason)
        self._timer.start()

    @Slot()
    def show_window(self) -> None:
        """Show the window as it is, empty at first."""
        self._window.show()
        self._window.activateWindow()

    @Slot()
    def close(self) -> None:
        """Have the player end, without waiting for it; the window may be shown again."""
        self._timer.stop()
        player, self._player = self._player, None
        if player is not None:
            player.end()
        self._window.show_recording(None)

    def show_marks(self, marks: Sequence[ReviewMark]) -> None:
        """Put these marks on the timeline of the recording that is open; a span knows its gaps itself."""
        self._marks = tuple(mark for mark in marks if self._span is None or mark.kind is not MarkKind.GAP)
        self._show_state()

    def processes(self) -> list[tuple[str, int]]:
        """Return name and process number of the player while it runs."""
        return [] if self._player is None else self._player.processes()

    def _masks(self) -> tuple[Mask, ...]:
        camera = None if self._camera_no is None else self._camera(self._camera_no)
        return () if camera is None else camera.masks

    @Slot(object)
    def _control(self, asked: ReviewControl) -> None:
        player = self._player
        if player is None:
            return
        state = player.state()
        match asked:
            case ReviewControl.BACK:
                player.seek(max(0.0, state.at_s - _TEN_S))
            case ReviewControl.STEP_BACK | ReviewControl.STEP_ON:
                player.step(later=asked is ReviewControl.STEP_ON)
            case ReviewControl.PAUSE:
                player.run(0.0 if state.rate else self._rate)
            case ReviewControl.SLOWER | ReviewControl.FASTER:
                self._change_rate(player, 2.0 if asked is ReviewControl.FASTER else 0.5)
            case ReviewControl.BOOKMARK:
                self._pass_on(self.bookmark_asked.emit, state)
            case ReviewControl.SNAPSHOT:
                self._pass_on(self.snapshot_asked.emit, state)
            case ReviewControl.LIVE:
                self._window.close()

    def _change_rate(self, player: ReviewPlayer, times: float) -> None:
        self._rate = max(SLOWEST, min(FASTEST, self._rate * times))
        if player.state().rate:
            player.run(self._rate)
        self._show_state()

    def _pass_on(self, tell: Callable[[object], None], state: ReviewState) -> None:
        if self._camera_no is not None and self._began is not None:
            tell((self._camera_no, self._began.timestamp() + state.at_s))

    @Slot(float)
    def _go(self, at_s: float) -> None:
        if self._player is not None:
            self._player.seek(at_s)

    @Slot()
    def _show_frame(self) -> None:
        frame = None if self._player is None else self._player.newest()
        if frame is not None:
            self._window.show_frame(frame)

    @Slot()
    def _show_state(self) -> None:
        if self._player is None:
            return
        state = self._player.state()
        self.player_changed.emit(state)
        if state.joined is not None and self._span is not None:
            self._began = datetime.fromtimestamp(state.joined.begins, UTC)
        self._window.show_recording(self._recording(state), (*self._marks, *self._holes(state)))
        if self._began is not None and state.length_s and not self._asked_marks:
            self._asked_marks = True
            ends = datetime.fromtimestamp(self._began.timestamp() + state.length_s, UTC)
            self.opened.emit((self._camera_no, self._began, ends))

    def _recording(self, state: ReviewState) -> Recording:
        joined = state.joined if self._span is not None else None
        return Recording(
            name=self._name,
            at_s=state.at_s,
            length_s=state.length_s,
            rate=state.rate or self._rate,
            paused=state.rate == 0,
            began=self._began,
            trouble=None if state.failure is None else ReviewTrouble(state.failure.value),
            detail=state.detail,
            joining=self._span is not None and joined is None and state.failure is None,
            savable=joined is not None,
            left_out=0 if joined is None else len(joined.left_out),
            goes_on_to=self._goes_on_to,
        )

    def _holes(self, state: ReviewState) -> tuple[ReviewMark, ...]:
        """Return the gaps of what was put together, which may be more than those of the disk."""
        if state.joined is None or self._span is None:
            return ()
        moments = [[datetime.fromtimestamp(state.joined.begins + at, UTC) for at in gap] for gap in state.joined.gaps]
        return tuple(ReviewMark(MarkKind.GAP, begins, ends) for begins, ends in moments)


def _of_ours(file: Path) -> tuple[int | None, datetime | None]:
    """Return camera and beginning of a recording of ours, told by its folder and name; None for any other file."""
    start = start_of(file.name)
    for folder in (file.parent, file.parent.parent):
        number, _, profile = folder.name.partition("-")
        if start is not None and profile in set(Profile) and number.isascii() and number.isdigit():
            return int(number), datetime.fromtimestamp(start, UTC)
    return None, None
