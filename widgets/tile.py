"""One tile of a wall: what is in it, how old the picture on the screen is, and how many frames were shown."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from domain.alarm import Priority
from domain.camera import Camera
from domain.picture import Face, Frame, FrameSource, LossReason, PictureState
from widgets import words
from widgets.wall_grid import TilePlace


@dataclass(frozen=True, slots=True)
class TileContent:
    """What the desk wants in a tile. `source` is None until the camera's frames are subscribed to.

    `alarm` puts the priority's border and word on the tile, blinking while `alarm_waiting`; `frozen` says that the
    picture was found not to change although frames arrive; `ptz_holder` names who holds the camera's controls.
    """

    camera: Camera
    source: FrameSource | None = None
    alarm: Priority | None = None
    alarm_waiting: bool = False
    frozen: bool = False
    recording: bool = False
    ptz_holder: str = ""


@dataclass(frozen=True, slots=True)
class TileDrop:
    """A camera was dropped on a tile (counted from 0)."""

    tile: int
    camera_no: int


@dataclass(frozen=True, slots=True)
class TileStatistics:
    """What one tile has shown. `sent` counts the camera's frames from the first shown to the last shown one.

    `first_shown_at` is in monotonic seconds, None before the first picture.
    """

    tile: int
    camera_no: int
    face: Face
    shown: int
    sent: int
    first_shown_at: float | None


@dataclass(frozen=True, slots=True)
class Look:
    """How a tile is to be drawn now: its face, the badge in its caption, and lines over the picture."""

    face: Face
    badge: str = ""
    lines: tuple[str, ...] = ()


class Counter:
    """Counts shown frames against sent ones by the camera's own numbers, over sessions that start again."""

    def __init__(self) -> None:
        self.shown = 0
        self.first_shown_at: float | None = None
        self._before = 0
        self._first: int | None = None
        self._last = 0

    @property
    def sent(self) -> int:
        """How many frames the camera sent from the first shown to the last shown one, summed over sessions."""
        return self._before + (0 if self._first is None else self._last - self._first + 1)

    def count(self, sent_no: int, now: float) -> None:
        """Count one frame that came onto the screen."""
        if self._first is not None and sent_no <= self._last:
            self.start_session()
        if self._first is None:
            self._first = sent_no
        self._last = sent_no
        self.shown += 1
        self.first_shown_at = now if self.first_shown_at is None else self.first_shown_at

    def start_session(self) -> None:
        """Begin anew with the next frame: another session numbers from its own start."""
        self._before, self._first = self.sent, None


class Tile:
    """The changing state of one tile; used by the wall alone, on the UI thread."""

    def __init__(self, index: int, content: TileContent | None, place: TilePlace, now: float) -> None:
        self.index = index
        self.content = content
        self.place = place
        self.look = Look(Face.EMPTY)
        self.counter = Counter()
        self.pending: int | None = None
        self._drawn_at: float | None = None
        self._began = now

    @property
    def has_picture(self) -> bool:
        """Whether any picture of this camera lies on the wall's image."""
        return self._drawn_at is not None

    @property
    def blinks(self) -> bool:
        """Whether an alarm here waits to be acknowledged."""
        return self.content is not None and self.content.alarm is not None and self.content.alarm_waiting

    def shows(self, camera_no: int) -> bool:
        """Return whether this camera is in the tile."""
        return self.content is not None and self.content.camera.no == camera_no

    def follow(self, earlier: "Tile") -> None:
        """Take over what an earlier tile of the same camera knows; its picture stays until ours comes."""
        self.counter = earlier.counter
        self.pending = earlier.pending
        self._drawn_at = earlier._drawn_at  # noqa: SLF001 - the same class
        if self.content and earlier.content and self.content.source is earlier.content.source:
            self._began = earlier._began  # noqa: SLF001 - the same class
        else:
            self.pending = None
            self.counter.start_session()

    def drew(self, frame: Frame, now: float) -> None:
        """Note that the frame lies whole on the wall's image; it counts as shown when it is painted."""
        self.pending = frame.sent_no
        self._drawn_at = now

    def painted(self, now: float) -> None:
        """Note that the wall's image came onto the screen here."""
        if self.pending is not None:
            self.counter.count(self.pending, now)
            self.pending = None

    def statistics(self) -> TileStatistics | None:
        """Return the counts, None for an empty tile."""
        if self.content is None:
            return None
        counter, number = self.counter, self.content.camera.no
        return TileStatistics(self.index, number, self.look.face, counter.shown, counter.sent, counter.first_shown_at)

    def judge(self, now: float, wall_time: datetime) -> bool:
        """Judge the picture anew and return whether the tile must look different than before."""
        before, self.look = self.look, self._judged(now, wall_time)
        return before != self.look

    def picture_state(self) -> PictureState:
        """Return the state of the picture *on the screen*, which may be older than what the session received."""
        content = self.content
        if content is None or content.source is None:
            told = PictureState(since=self._began)
            if content is not None and not content.camera.streams:
                told = replace(told, reason=LossReason.NO_STREAM)
        else:
            told = content.source.state()
        since = told.since if told.reason is not None else max(told.since, self._began)
        if self._drawn_at is None:
            return PictureState(since, None, told.reason)
        received = self._drawn_at if told.picture_at is None else told.picture_at
        return PictureState(since, min(received, self._drawn_at), told.reason)

    def description(self) -> str:
        """Return in words what is in the tile, what is wrong with its picture, and what to do."""
        content, look = self.content, self.look
        number = QCoreApplication.translate("Tile", "Tile {n}").format(n=self.index + 1)
        if content is None:
            return QCoreApplication.translate("Tile", "{tile}: empty. Type a camera's number or drop one here.").format(
                tile=number
            )
        said = [f"{number}: {words.camera_no(content.camera.no)} {content.camera.name}."]
        if look.face is Face.LOST:
            said.append(f"{', '.join(look.lines)}. {words.loss_advice(self.picture_state().reason)}")
        elif look.badge or look.lines:
            said.append(f"{look.badge or look.lines[-1]}.")
        return " ".join(said)

    def _judged(self, now: float, wall_time: datetime) -> Look:
        if self.content is None:
            return Look(Face.EMPTY)
        state = self.picture_state()
        face, age_s = state.face(now), state.age_s(now)
        if face is Face.LIVE and self.content.frozen:
            face = Face.FROZEN
        match face:
            case Face.WAITING:
                told = QCoreApplication.translate("Tile", "connecting {age}").format(age=words.age(age_s))
                return Look(face, lines=(self.content.camera.name, told))
            case Face.STALE:
                return Look(face, badge=QCoreApplication.translate("Tile", "stale {age}").format(age=words.age(age_s)))
            case Face.FROZEN:
                return Look(face, badge=QCoreApplication.translate("Tile", "frozen"))
            case Face.LOST:
                since = words.clock_time(wall_time - timedelta(seconds=age_s))
                lines = (
                    words.loss_words(state.reason),
                    QCoreApplication.translate("Tile", "since {time}").format(time=since),
                )
                return Look(face, badge=words.age(age_s), lines=lines)
            case _:
                return Look(face)
