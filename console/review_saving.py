"""Saves what is open in the review player as one file, through the one door, never what masks would hide."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Slot

from console.acting import Door
from console.review_presenter import ReviewPresenter
from domain.camera import Camera
from domain.errors import RefusedError
from domain.operator import Action
from video.review import Copy, Failure, ReviewState
from video.review_span import ReviewSpan
from widgets.review_player import ReviewWindow
from widgets.review_saving import SaveFace


class ReviewSaving(QObject):
    """Asks where, has the player's process write it, and shows the SHA-256. `home` is where nothing is saved."""

    def __init__(
        self, window: ReviewWindow, review: ReviewPresenter, door: Door, home: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._line = window.saving
        self._review = review
        self._door = door
        self._home = home.resolve()
        self._told: Copy | None = None
        self._waiting = False
        self._saved: ReviewSpan | None = None  # what the line speaks of
        window.save_asked.connect(self._ask)
        window.saving.target_chosen.connect(self._save)
        review.player_changed.connect(self._follow)
        review.opened.connect(self._forget)
        window.closed.connect(self._leave)

    @Slot()
    def _ask(self) -> None:
        """Ask where, if it may be saved at all."""
        span = self._review.span
        if span is not None and self._may_be_shown(span):
            folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
            self._line.show_face(None)
            self._line.ask_where(str(Path(folder) / _name_of(span)))

    @Slot(str)
    def _save(self, path: str) -> None:
        span, player, target = self._review.span, self._review.player, Path(path)
        if span is None or player is None or not self._may_be_shown(span):
            return
        if target.resolve().is_relative_to(self._home):
            self._line.show_face(SaveFace.OUR_FOLDER)
            return
        try:
            self._door.act(Action.EXPORT_CLIP, f"camera/{span.camera_no}", f"{_span_of(span)} {target}")
        except RefusedError:
            self._line.show_face(SaveFace.NOT_ALLOWED)
            return
        self._told, self._waiting, self._saved = player.state().copied, True, span
        self._line.show_face(SaveFace.SAVING)
        player.save(target)

    def _may_be_shown(self, span: ReviewSpan) -> bool:
        """Return whether the camera's recordings may leave unmasked, as they are kept; say why not."""
        camera: Camera | None = self._review.camera(span.camera_no)
        if camera is None:
            self._line.show_face(SaveFace.UNKNOWN_CAMERA)
        elif camera.masks:
            self._line.show_face(SaveFace.MASKED)
        return camera is not None and not camera.masks

    @Slot(object)
    def _follow(self, state: ReviewState) -> None:
        if not self._waiting:
            return
        if state.failure is Failure.PLAYER_GONE:
            self._say(SaveFace.FAILED, state.failure.value)
        elif state.copied is not None and state.copied is not self._told:
            copy = self._told = state.copied
            face = SaveFace.SAVED if copy.sha256 else SaveFace.FAILED
            self._say(face, f"{copy.sha256}  {copy.path}" if copy.sha256 else copy.detail)

    def _say(self, face: SaveFace, detail: str) -> None:
        self._waiting = False
        self._line.show_face(face, detail)

    @Slot()
    def _forget(self) -> None:
        """Something else is open: what was said was of the one before."""
        if not self._waiting and self._review.span is not self._saved:
            self._line.show_face(None)

    @Slot()
    def _leave(self) -> None:
        """Nobody looks any more; what is still being written ends with the player."""
        self._waiting = False
        self._line.show_face(None)


def _name_of(span: ReviewSpan) -> str:
    begins, ends = (datetime.fromtimestamp(at, UTC).astimezone() for at in (span.begins, span.ends))
    return f"{span.camera_no:04d}-{begins:%Y%m%d-%H%M%S}-{ends:%H%M%S}.mkv"


def _span_of(span: ReviewSpan) -> str:
    return "/".join(datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds") for at in (span.begins, span.ends))
