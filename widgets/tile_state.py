"""One tile of a wall: what is in it, how old the picture on the screen is, and how many frames were shown."""

from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from domain.picture import Face, Frame, FrameSource, LossReason, PictureState
from widgets import words
from widgets.tile import TileContent, TileStatistics
from widgets.tile_look import Look, judged
from widgets.tile_zoom import WHOLE, Zoom
from widgets.wall_grid import TilePlace


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


@dataclass(slots=True)
class _Seen:
    """What is known of a camera's picture, which goes along when the camera gets another tile."""

    counter: Counter
    source: FrameSource | None = None
    pending: int | None = None
    drawn_at: float | None = None
    began: float = 0.0
    lost: PictureState | None = None  # what was said of the loss before the source was changed
    zoom: Zoom = WHOLE
    full: QImage | None = None
    stranger: bool = False  # the picture is another camera's than the tile says, until its content follows


def covers(before: TileContent, content: TileContent) -> bool:
    """Return whether masks are put back or added: what was seen without them must not be seen any more."""
    if before.camera.no != content.camera.no or content.unmasked:
        return False
    return before.unmasked or any(mask not in before.camera.masks for mask in content.camera.masks)


def moves(before: TileContent, content: TileContent) -> bool:
    """Return whether a camera has another address: what another device sent must not pass for its picture."""
    one, other = before.camera, content.camera
    if one.no != other.no or content.replay is not None:
        return False
    return (one.main_url, one.sub_url) != (other.main_url, other.sub_url)


def _changes_kind(before: TileContent, content: TileContent) -> bool:
    return (before.replay is None) != (content.replay is None)


class Tile:
    """The changing state of one tile; used by the wall alone, on the UI thread."""

    def __init__(self, index: int, place: TilePlace, now: float) -> None:
        self.index = index
        self.place = place
        self.content: TileContent | None = None
        self.look = Look(Face.EMPTY)
        self.coming: FrameSource | None = None
        self.leftover = False  # what lies in the picture's place is of another kind than the tile says
        self.badge_shown = True  # whether the caption had room for the badge
        self.unmasked_shown = True  # and for the plate that masks are lifted
        self._seen = _Seen(Counter(), began=now)

    @property
    def has_picture(self) -> bool:
        """Whether any picture of this camera lies on the wall's image."""
        return self._seen.drawn_at is not None

    @property
    def blinks(self) -> bool:
        """Whether an alarm here waits to be acknowledged."""
        return self.content is not None and self.content.alarm is not None and self.content.alarm_waiting

    @property
    def replayed(self) -> bool:
        """Whether the tile shows what was recorded."""
        return self.content is not None and self.content.replay is not None

    @property
    def source(self) -> FrameSource | None:
        """What the tile draws now."""
        return self._seen.source

    @property
    def zoom(self) -> Zoom:
        """Which part of the picture the tile shows."""
        return self._seen.zoom

    @property
    def full(self) -> QImage | None:
        """The whole newest picture of an enlarged tile."""
        return self._seen.full

    def enlarge(self, zoom: Zoom, full: QImage | None) -> None:
        """Show another part; `full` is the whole picture, to be kept as long as a part is shown."""
        self._seen.zoom, self._seen.full = zoom, full if zoom.active else None

    def keep(self, full: QImage) -> None:
        """Keep the whole picture of an enlarged tile."""
        self._seen.full = full

    def shows(self, camera_no: int) -> bool:
        """Return whether this camera is in the tile."""
        return self.content is not None and self.content.camera.no == camera_no

    def draws(self, source: FrameSource | None) -> bool:
        """Return whether this is what the tile draws now."""
        return source is not None and self._seen.source is source

    @property
    def stranger(self) -> bool:
        """Whether the picture is another camera's than the tile says: drawn as its next one, not yet followed."""
        return self._seen.stranger

    def outdates(self, before: TileContent, content: TileContent) -> bool:
        """Return whether the picture, seen with what the tile held before, must not be seen any more with this."""
        drawn = self.draws(content.source) or self.draws(content.next_source)
        return covers(before, content) or moves(before, content) or (self.stranger and not drawn)

    def follow(self, earlier: "Tile") -> None:
        """Take over what an earlier tile of the same camera knows; its picture stays until ours comes."""
        self.content, self.coming = earlier.content, earlier.coming
        self.look, self._seen = earlier.look, earlier._seen  # noqa: SLF001 - the same class

    def skip(self) -> None:
        """Leave out of the count what was sent while nobody saw the camera."""
        self._seen.counter.start_session()
        self._seen.pending = None

    def take(self, content: TileContent | None, now: float) -> None:
        """Hold this from now on; a picture stays as long as it is of the same camera and of the same kind."""
        before, self.content = self.content, content
        if content is None:
            self._seen, self.coming = _Seen(Counter(), began=now), None
            return
        if before is not None and before.camera.no != content.camera.no:  # whose stream was its next source
            self._seen.counter, self._seen.lost = Counter(), None
            self.enlarge(WHOLE, None)
        if before is not None and (_changes_kind(before, content) or self.outdates(before, content)):
            self._forget(now)
        took = self.draws(content.next_source)
        self._seen.stranger = self._seen.stranger and took
        if not took and self._seen.source is not content.source:
            self._change(before, content, now)
        self.coming = None if took else content.next_source

    def took_over(self) -> None:
        """Note that the next source's first frame is drawn: it is the tile's source from now on."""
        self._seen.source, self.coming = self.coming, None
        self._seen.stranger = self.content is not None and self.content.passing
        self.skip()

    def drew(self, frame: Frame, now: float) -> None:
        """Note that the frame lies whole on the wall's image; it counts as shown when it is painted."""
        seen = self._seen
        seen.drawn_at = now
        if not self.replayed:
            seen.pending = frame.sent_no
        if self.leftover or seen.lost is not None:
            self.leftover, seen.lost = False, None

    def painted(self, now: float) -> None:
        """Note that the wall's image came onto the screen here."""
        if self._seen.pending is not None:
            self._seen.counter.count(self._seen.pending, now)
            self._seen.pending = None

    def statistics(self) -> TileStatistics | None:
        """Return the counts, None for an empty tile."""
        if self.content is None:
            return None
        counter, face = self._seen.counter, Face.EMPTY if self.replayed else self.look.face
        return TileStatistics(
            self.index,
            self.content.camera.no,
            face,
            counter.shown,
            counter.sent,
            counter.first_shown_at,
            self.replayed,
        )

    def judge(self, now: float, wall_time: datetime) -> bool:
        """Judge the picture anew and return whether the tile must look different than before."""
        before = self.look
        self.look = Look(Face.EMPTY) if self.content is None else judged(self.content, self.state(), now, wall_time)
        return before != self.look

    def state(self) -> PictureState:
        """Return the state of the picture *on the screen*, which may be older than what the session received."""
        seen = self._seen
        if seen.source is None:
            no_stream = self.content is not None and not self.content.camera.streams
            told = PictureState(since=seen.began, reason=LossReason.NO_STREAM if no_stream else None)
        else:
            told = seen.source.state()
        since = told.since if told.reason is not None else max(told.since, seen.began)
        if seen.drawn_at is None:
            if seen.lost is None:
                return replace(told, since=since, picture_at=None)
            reason = told.reason or seen.lost.reason
            return replace(told, since=min(since, seen.lost.since), picture_at=None, reason=reason)
        if self.replayed:  # how long a replayed picture has been on the screen says nothing: it may be paused
            return replace(told, since=since, frozen_since=None)
        received = seen.drawn_at if told.picture_at is None else told.picture_at
        return replace(told, since=since, picture_at=min(received, seen.drawn_at))

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
            advice = words.replay_loss_advice if self.replayed else words.loss_advice
            said.append(f"{', '.join(look.lines)}. {advice(self.state().reason)}")
        elif look.badge:
            said.append(f"{look.badge}.")
        elif look.lines:
            said.append(f"{' '.join(look.lines) if self.replayed else look.lines[-1]}.")
        return " ".join(said)

    def _forget(self, now: float) -> None:
        """Forget the picture: what is live and what was recorded never pass for each other."""
        seen = self._seen
        self.leftover = self.leftover or seen.drawn_at is not None
        seen.drawn_at, seen.full, seen.lost, seen.began = None, None, None, now

    def _change(self, before: TileContent | None, content: TileContent, now: float) -> None:
        """Draw from another source; what was said of a loss stands until the new one has a picture."""
        seen = self._seen
        lost = self.look.face is Face.LOST and before is not None and before.camera == content.camera
        if lost and seen.drawn_at is None and not self.replayed:
            seen.lost = self.state()
        seen.source, seen.began = content.source, now
        self.skip()
