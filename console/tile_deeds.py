"""What operators ask of one tile besides what hangs in it: its past, a mark, a still, a recording, its masks."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import assert_never
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.acting import Door
from console.bookmarks import Bookmarks
from console.footage import Footage
from console.replay_presenter import ReplayPresenter
from console.snapshots import Snapshots
from console.wall_presenter import WallPresenter
from console.walls import Walls
from domain.camera import Camera
from domain.clock import Clock
from domain.errors import RefusedError
from domain.operator import Action
from domain.snapshot import Snapshot
from domain.text import Text
from video.replay import ReplayEngine
from widgets import words
from widgets.review_bar import ReviewBar
from widgets.review_controls import ReviewControl
from widgets.review_note import BookmarkNote
from widgets.tile import TileAction, TileWish

_MARKS_MS = 1000
_PRESENT_S = 0.7  # so far behind the present the ring surely has the picture that is on the screen


class TileDeeds(QObject):
    """Does it for every wall; keys mean the selected tile of the wall that keys go to. One wall replays at a time."""

    replay_began = Signal(object)  # tuple[ReplayPresenter, tuple[int, ...]]: the replay and its cameras

    def __init__(
        self,
        walls: Walls,
        engine: ReplayEngine,
        bar: ReviewBar,
        note: BookmarkNote,
        bookmarks: Bookmarks,
        snapshots: Snapshots,
        footage: Footage,
        door: Door,
        clock: Clock,
        say: Callable[[Text], None],
        fail: Callable[[Exception], None],
    ) -> None:
        super().__init__(walls)
        self._walls = walls
        self._engine = engine
        self._bar = bar
        self._bookmarks = bookmarks
        self._snapshots = snapshots
        self._footage = footage
        self._door = door
        self._clock = clock
        self._say = say
        self._fail = fail
        self._lifted: frozenset[int] = frozenset()
        self._replays: dict[WallPresenter, ReplayPresenter] = {}
        for presenter in walls.presenters.values():
            self.join(presenter)
        walls.wall_made.connect(self.join)
        bookmarks.was_set.connect(note.show_bookmark)
        note.note_given.connect(self._note)
        snapshots.taken.connect(self._tell_of_still)
        for failing in (bookmarks.refused, bookmarks.failed, snapshots.refused, snapshots.failed):
            failing.connect(fail)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._show_marks)
        self._timer.start(_MARKS_MS)

    @Slot(object)
    def join(self, presenter: WallPresenter) -> None:
        """Do it for this wall too."""
        replay = ReplayPresenter(presenter, self._bar, self._engine, self._door, presenter)
        replay.masks_lifted = lambda number: number in self._lifted
        replay.refused.connect(self._fail)
        replay.began.connect(partial(self._began, presenter))
        replay.bookmark_asked.connect(partial(self._mark_tile, presenter))
        replay.snapshot_asked.connect(partial(self._take_still, presenter))
        presenter.wall.tile_asked.connect(partial(self._obey, presenter))
        self._replays[presenter] = replay

    # -- keys

    @property
    def replay(self) -> ReplayPresenter:
        """The replay of the wall that keys go to."""
        return self._replays[self._walls.active]

    def replay_selected(self) -> None:
        """Replay the selected tile 10 s back; again: 30, then 120."""
        self.replay.replay()

    def replay_together(self) -> None:
        """Replay four tiles in step."""
        self.replay.replay_together()

    def steer(self, control: ReviewControl) -> None:
        """Do what a key asks of the replay, on whichever wall it is; nothing while everything is live."""
        for replay in self._replays.values():
            replay.control(control)

    def mark(self) -> None:
        """Set a bookmark at what the selected tile shows."""
        self._mark_tile(self._walls.active, self._walls.active.selected_tile)

    def take_still(self) -> None:
        """Keep the picture in the selected tile."""
        self._take_still(self._walls.active, self._walls.active.selected_tile)

    def toggle_recording(self) -> None:
        """Record the selected camera, or end that."""
        camera = self._walls.active.selected_camera
        if camera is not None:
            self._record(camera, on=camera.no not in self._footage.by_hand())

    def step_back(self) -> bool:
        """End a replay, whichever wall it is on; return whether there was one."""
        active = [replay for replay in self._replays.values() if replay.active]
        return any(replay.step_back() for replay in active)

    # -- one tile

    def _obey(self, presenter: WallPresenter, wish: TileWish) -> None:
        seat = presenter.seat(wish.tile)
        place = presenter.replay_place(seat)
        if place is None:
            return
        match wish.action:
            case TileAction.REPLAY:
                self._replays[presenter].replay_tile(seat)
            case TileAction.BOOKMARK:
                self._mark_tile(presenter, seat)
            case TileAction.SNAPSHOT:
                self._take_still(presenter, seat)
            case TileAction.RECORD:
                self._record(place.camera, on=True)
            case TileAction.STOP_RECORDING:
                self._record(place.camera, on=False)
            case TileAction.LIFT_MASKS:
                self._lift(place.camera)
            case TileAction.RESTORE_MASKS:
                self._uncover(self._lifted - {place.camera.no})
            case TileAction.QUALITY:
                pass  # concerns the wall alone
            case _:
                assert_never(wish.action)

    def _began(self, presenter: WallPresenter, cameras: tuple[int, ...]) -> None:
        for other, replay in self._replays.items():
            if other is not presenter and replay.active:
                replay.to_live()
        self.replay_began.emit((self._replays[presenter], cameras))

    def _mark_tile(self, presenter: WallPresenter, tile: int) -> None:
        """Mark what is seen: now, or the moment of a replay, also one of which nothing was recorded."""
        place, replay = presenter.replay_place(tile), self._replays[presenter]
        moment = replay.moment(tile)
        self._bookmarks.mark(
            None if place is None else place.camera.no, replay.asked(tile) if moment is None else moment
        )

    def _take_still(self, presenter: WallPresenter, tile: int) -> None:
        place = presenter.replay_place(tile)
        if place is None:
            return
        moment, asked = self._replays[presenter].moment(tile), self._replays[presenter].asked(tile)
        if moment is None and asked is not None:
            at = words.clock_time(datetime.fromtimestamp(asked, UTC))
            self._say(Text("snapshot_of_nothing", {"camera": str(place.camera.no), "time": at}))
            return
        if moment is None:
            moment = self._clock.now().timestamp() - _PRESENT_S
        self._snapshots.take(place.camera, moment, masked=place.camera.no not in self._lifted)

    def _record(self, camera: Camera, *, on: bool) -> None:
        if self._allowed(Action.RECORD, camera):
            if on:
                self._footage.record(camera.no)
            else:
                self._footage.stop(camera.no)
            self._say(Text("recording_began" if on else "recording_ended", {"camera": str(camera.no)}))
            self._show_marks()

    def _lift(self, camera: Camera) -> None:
        if self._allowed(Action.LIFT_MASKS, camera):
            self._uncover(self._lifted | {camera.no})

    def restore_all_masks(self) -> None:
        """Cover everything again, as when another person sits down."""
        self._uncover(frozenset())

    def _uncover(self, cameras: frozenset[int]) -> None:
        """Show these cameras without masks, live and in replays, and no others."""
        self._lifted = cameras
        self._show_marks()  # first: what is uncovered goes at once
        for replay in self._replays.values():
            replay.follow_masks()

    def _allowed(self, action: Action, camera: Camera) -> bool:
        try:
            self._door.act(action, f"camera/{camera.no}")
        except RefusedError as error:
            self._fail(error)
            return False
        return True

    @Slot()
    def _show_marks(self) -> None:
        recording, by_hand = frozenset(self._footage.recording()), frozenset(self._footage.by_hand())
        for presenter in self._replays:
            presenter.show_marks(recording=recording, by_hand=by_hand, unmasked=self._lifted)

    @Slot(object)
    def _note(self, given: tuple[UUID, str]) -> None:
        self._bookmarks.note(*given)

    @Slot(object)
    def _tell_of_still(self, still: Snapshot) -> None:
        self._say(Text("snapshot_taken", {"camera": str(still.camera_no), "file": still.file}))
