"""Joins a wall, the bar under it and the replay engine: the past in the tile while live goes on behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot

from console.acting import Door
from domain.camera import Camera, Mask
from domain.errors import RefusedError
from domain.operator import Action
from domain.picture import FrameSource
from video.replay import ReplayEngine
from video.replay_position import FASTEST, SLOWEST, ReplayPosition
from video.replay_source import ReplaySource
from widgets.review_bar import ReplayView, ReviewBar
from widgets.review_controls import ReviewControl
from widgets.review_timeline import ReviewMark
from widgets.tile import ReplayMark

DEPTHS_S = (10.0, 30.0, 120.0)
IN_STEP = 4
_TICK_MS = 200
_TEN_S = 10.0


class Place(Protocol):
    """Where a replay can be shown: a camera, and its picture's size in device pixels."""

    @property
    def camera(self) -> Camera:
        """Return the camera of the tile."""
        ...

    @property
    def width(self) -> int:
        """Return its picture's width."""
        ...

    @property
    def height(self) -> int:
        """Return its picture's height."""
        ...


class ReplayWall(Protocol):
    """What a wall does for a replay; tiles count from 0 and keep their number while another one is enlarged."""

    places_changed: SignalInstance

    @property
    def selected_tile(self) -> int:
        """Return which tile is selected."""
        ...

    @property
    def tile_count(self) -> int:
        """Return how many there are."""
        ...

    def replay_place(self, tile: int) -> Place | None:
        """Return what is in a tile, None for an empty one."""
        ...

    def show_replay(self, tile: int, source: FrameSource | None, mark: ReplayMark | None) -> None:
        """Show a replay in a tile, or None for its live picture."""
        ...


@dataclass(frozen=True, slots=True)
class Shown:
    """One replayed tile."""

    camera_no: int
    size: tuple[int, int]
    masks: tuple[Mask, ...]
    source: ReplaySource


class ReplayPresenter(QObject):
    """One replay at a time, in one tile or several in step. It ends by itself where it reaches the present."""

    refused = Signal(object)  # RefusedError
    began = Signal(object)  # tuple[int, ...]: the cameras that are replayed
    ended = Signal()
    bookmark_asked = Signal(int)  # the tile
    snapshot_asked = Signal(int)  # the tile

    def __init__(
        self, wall: ReplayWall, bar: ReviewBar, engine: ReplayEngine, door: Door, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._wall = wall
        self._bar = bar
        self._engine = engine
        self._door = door
        self._shown: dict[int, Shown] = {}
        self._position = ReplayPosition.before_now(0.0)
        self._rate = 1.0  # what it goes on with after a pause
        self._depth = 0
        self._marks: tuple[ReviewMark, ...] = ()
        self.masks_lifted: Callable[[int], bool] = lambda _: False
        self._controls: dict[ReviewControl, Callable[[], None]] = {
            ReviewControl.BACK: lambda: self._steer(self._position.moved(-_TEN_S)),
            ReviewControl.STEP_BACK: lambda: self._step(later=False),
            ReviewControl.STEP_ON: lambda: self._step(later=True),
            ReviewControl.PAUSE: self._toggle_pause,
            ReviewControl.SLOWER: lambda: self._run_at(max(SLOWEST, self._rate / 2)),
            ReviewControl.FASTER: lambda: self._run_at(min(FASTEST, self._rate * 2)),
            ReviewControl.LIVE: self.to_live,
            ReviewControl.BOOKMARK: lambda: self.bookmark_asked.emit(self._leading()),
            ReviewControl.SNAPSHOT: lambda: self.snapshot_asked.emit(self._leading()),
        }
        bar.control_asked.connect(self.control)
        bar.moment_asked.connect(self.go_to)
        wall.places_changed.connect(self._places_changed)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    # -- what is so

    @property
    def tiles(self) -> tuple[int, ...]:
        """The tiles that show the past."""
        return tuple(self._shown)

    @property
    def active(self) -> bool:
        """Whether any tile shows the past."""
        return bool(self._shown)

    def moment(self, tile: int) -> float | None:
        """Return when what a tile shows arrived (Unix seconds), None where it is live or has no picture of then."""
        shown = self._shown.get(tile)
        shows = None if shown is None else shown.source.shows()
        return None if shows is None else shows.at

    def asked(self, tile: int) -> float | None:
        """Return the moment (Unix seconds) whose picture a tile shows, or would show if it had one; None for live."""
        return self._position.reached() if tile in self._shown else None

    # -- what operators ask

    @Slot()
    def replay(self) -> None:
        """Replay the selected tile 10 s back; again: 30, then 120."""
        self.replay_tile(self._wall.selected_tile)

    def replay_tile(self, tile: int) -> None:
        """Replay a tile 10 s back; again in a replayed one: 30, then 120, and all tiles in step with it go along."""
        if tile in self._shown:
            self._depth = min(self._depth + 1, len(DEPTHS_S) - 1)
            self._steer(ReplayPosition.before_now(DEPTHS_S[self._depth]))
            return
        self._begin([tile])

    @Slot()
    def replay_together(self) -> None:
        """Replay the selected tile and the next three with a camera, in step; again: further back."""
        if len(self._shown) > 1:
            self.replay_tile(next(iter(self._shown)))
            return
        count, first = self._wall.tile_count, self._wall.selected_tile
        order = [(first + step) % count for step in range(count)]
        self._begin([tile for tile in order if self._wall.replay_place(tile) is not None][:IN_STEP])

    def step_back(self) -> bool:
        """Go back to live; return whether anything was replayed."""
        if not self._shown:
            return False
        self.to_live()
        return True

    @Slot()
    def to_live(self) -> None:
        """Show the live pictures again."""
        shown, self._shown = self._shown, {}
        self._timer.stop()
        self._bar.show_replay(None)
        for tile, each in shown.items():
            self._wall.show_replay(tile, None, None)
            self._engine.close_source(each.source)
        if shown:
            self._marks = ()
            self.ended.emit()

    @Slot(object)
    def control(self, asked: ReviewControl) -> None:
        """Do what a button or key of the bar asks; nothing while everything is live."""
        if self._shown:
            self._controls[asked]()

    @Slot(object)
    def go_to(self, moment: datetime) -> None:
        """Go to a moment of the timeline."""
        if self._shown:
            by_s = moment.timestamp() - self._position.reached()
            self._steer(self._position.moved(by_s))

    def show_marks(self, marks: Iterable[ReviewMark]) -> None:
        """Put these marks on the timeline."""
        self._marks = tuple(marks)
        self._tick()

    def follow_masks(self) -> None:
        """Show what is replayed without the masks that were lifted since, and with those that were put back."""
        self._places_changed(None)

    # -- doing it

    def _begin(self, tiles: list[int]) -> None:
        places = {tile: place for tile in tiles if (place := self._wall.replay_place(tile)) is not None}
        if not places:
            return
        try:
            for place in places.values():
                self._door.act(Action.REPLAY, f"camera/{place.camera.no}")
        except RefusedError as error:
            self.refused.emit(error)
            return
        self.to_live()
        self._depth, self._rate = 0, 1.0
        self._position = ReplayPosition.before_now(DEPTHS_S[0])
        for tile, place in places.items():
            self._open(tile, place)
        self._timer.start()
        self.began.emit(tuple(place.camera.no for place in places.values()))
        self._tick()  # last: another wall's replay, which ends because of this one, takes the bar away

    def _open(self, tile: int, place: Place) -> None:
        camera = place.camera
        masks = self._masks(camera)
        source = self._engine.open(camera, place.width, place.height, self._position, masked=bool(masks))
        self._shown[tile] = Shown(camera.no, (place.width, place.height), masks, source)
        self._wall.show_replay(tile, source, self._mark(source))

    def _masks(self, camera: Camera) -> tuple[Mask, ...]:
        return () if self.masks_lifted(camera.no) else camera.masks

    def _steer(self, position: ReplayPosition) -> None:
        self._position = position
        self._engine.steer([each.source for each in self._shown.values()], position)
        self._tick()

    def _toggle_pause(self) -> None:
        self._steer(self._position.at_rate(0.0 if self._position.rate else self._rate))

    def _run_at(self, rate: float) -> None:
        self._rate = rate
        self._steer(self._position.at_rate(rate))

    def _step(self, *, later: bool) -> None:
        """Stand still first; then go to the neighbour of the leading tile's picture."""
        if self._position.rate:
            self._steer(self._position.at_rate(0.0))
            return
        shows = self._shown[self._leading()].source.shows()
        beside = None if shows is None else shows.after if later else shows.before
        if beside is not None:
            self._steer(self._position.standing_at(beside))

    def _leading(self) -> int:
        selected = self._wall.selected_tile
        return selected if selected in self._shown else next(iter(self._shown))

    # -- following

    @Slot()
    def _tick(self) -> None:
        if not self._shown:
            return
        said = [each.source.shows() for each in self._shown.values()]
        if any(shows is not None and shows.edge and shows.asked >= self._position.at for shows in said):
            self.to_live()
            return
        for tile, each in self._shown.items():
            self._wall.show_replay(tile, each.source, self._mark(each.source))
        self._bar.show_replay(self._view())

    def _mark(self, source: ReplaySource) -> ReplayMark:
        shows, rate = source.shows(), self._position.rate
        at = _aware(shows.asked) if shows is not None and shows.missing else None
        return ReplayMark(self._position.behind_s(), rate == 0, rate or self._rate, at)

    def _view(self) -> ReplayView:
        position = self._position
        now, at = _aware(position.reached() + position.behind_s()), _aware(position.reached())
        shows = self._shown[self._leading()].source.shows()
        return ReplayView(
            at=at,
            behind_s=position.behind_s(),
            begins=min(at, now - timedelta(seconds=DEPTHS_S[-1])),
            ends=now,
            rate=position.rate or self._rate,
            paused=position.rate == 0,
            tiles=len(self._shown),
            missing=shows is not None and shows.missing,
            marks=self._marks,
        )

    @Slot(object)
    def _places_changed(self, _: object) -> None:
        """Let go of tiles that show another camera now; open those anew that have another size or other masks."""
        for tile, each in list(self._shown.items()):
            place = self._wall.replay_place(tile)
            if place is None or place.camera.no != each.camera_no:
                del self._shown[tile]
                self._wall.show_replay(tile, None, None)
                self._engine.close_source(each.source)
            elif (place.width, place.height) != each.size or self._masks(place.camera) != each.masks:
                self._open(tile, place)
                self._engine.close_source(each.source)
        if not self._shown and self._timer.isActive():
            self._timer.stop()
            self._bar.show_replay(None)
            self.ended.emit()


def _aware(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)
