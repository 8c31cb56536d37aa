"""Joins a wall to the cameras: which is in which tile, from which stream, and with which alarm on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from console.wall_arrangement import Arrangement, filled
from console.wall_replays import Replay, ReplayPlace
from console.wall_scene import WallScene
from console.wall_sources import Pictures
from console.wall_streams import WallStreams
from domain.alarm import Alarm
from domain.camera import Camera
from domain.clock import Clock
from domain.errors import BadInputError
from domain.layout import Layout
from domain.motion import MotionState
from domain.picture import Face, FrameSource
from domain.wall import CameraTile, CameraTour, MonitorView, Quality, TileUse, TourTile
from widgets.tile import ReplayMark, TileZoom
from widgets.tile_use import TileUses
from widgets.wall import WallView
from widgets.wall_grid import PixelSize

_FIRST = Layout.even(4)


class WallPresenter(QObject):
    """One monitor's wall. Cameras are called into tiles by number; a tile counts from 1 as it is printed on the screen.

    A seat is a tile of the view, counted from 0, and keeps its number while another one is maximised.
    """

    selection_changed = Signal(object)  # Camera or None
    view_changed = Signal(object)  # MonitorView: an operator arranged this wall otherwise
    places_changed = Signal(object)  # None: cameras, sizes or seats are otherwise than they were

    def __init__(self, wall: WallView, video: Pictures, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wall = wall
        self.touched = False  # whether somebody has arranged this wall
        self._clock = clock
        self._scene = WallScene(Arrangement(MonitorView.empty(_FIRST)))
        self._at = self._scene.at
        self._streams = WallStreams(self._scene, video)
        self._streams.seen = wall.is_seen
        self._announced: Camera | None = None
        self._placed: object = None
        self._drawing = False
        self._tours: tuple[CameraTour, ...] = ()
        wall.tile_sizes_changed.connect(self._sizes_changed)
        wall.tile_selected.connect(self._tile_selected)
        wall.source_taken.connect(self._source_taken)
        wall.zoom_changed.connect(self._zoomed)
        wall.seen_changed.connect(self._seen_changed)

    # -- what the desk puts on it

    def show_register(self, cameras: Iterable[Camera]) -> None:
        """Take the register. A camera that is not in it leaves its tile empty until it is back."""
        self._scene.learn(cameras)
        self._draw()

    def show_view(self, view: MonitorView) -> None:
        """Show a view, with all its tiles."""
        self._at.show(view)
        self._arranged()

    def fill(self, numbers: Sequence[int]) -> None:
        """Put those of these cameras that the register has into the smallest layout that holds them, in order."""
        self._at.show(filled(tuple(number for number in numbers if self.knows(number))))
        self._draw()

    def show_alarms(self, alarms: Mapping[int, Alarm]) -> None:
        """Put alarms' borders on the tiles of these cameras, and take all others off."""
        if self._scene.take_alarms(alarms):
            self._draw()

    def show_spots(self, shown: Mapping[int, int], waiting: int) -> None:
        """Show these cameras in these spot seats; `waiting` counts the alarms for which there is no tile."""
        if (dict(shown), waiting) != (self._scene.spots, self._scene.waiting):
            self._scene.spots, self._scene.waiting = dict(shown), waiting
            self._draw()

    def show_tours(self, tours: Iterable[CameraTour]) -> None:
        """Take the camera tours that there are."""
        self._tours = tuple(tours)
        self._scene.tours.learn(self._tours)
        self._draw()

    def show_marks(self, *, recording: frozenset[int], by_hand: frozenset[int], unmasked: frozenset[int]) -> None:
        """Mark what is recorded, by hand or otherwise; uncover those whose masks are lifted, and no others."""
        scene = self._scene
        before = scene.recording, scene.by_hand, scene.unmasked
        scene.recording, scene.by_hand, scene.unmasked = recording, by_hand, unmasked
        if unmasked != before[2]:
            self._draw()
        elif before != (recording, by_hand, unmasked):
            self._show()

    def show_motion(self, state: MotionState) -> None:
        """Show a camera's movement over its picture."""
        self.wall.show_motion(state)

    def show_replay(self, seat: int, source: FrameSource | None, mark: ReplayMark | None) -> None:
        """Show a replay in a seat instead of the live picture, whose stream goes on; None brings that back."""
        camera = self._scene.camera(seat)
        if source is None or mark is None or camera is None:
            self._scene.replays.end(seat)
        else:
            self._scene.replays.show(seat, Replay(camera.no, source, mark, self._scene.masks(camera.no)))
        self._show()

    def tick_tours(self, *, hold: bool) -> None:
        """Let camera tours go on; those that are held, or that nobody sees, stay where they are."""
        now, streams = self._clock.monotonic(), self._streams
        if self._scene.tours.tick(
            now, lambda seat: streams.sight(seat, now), lambda seat: hold or streams.is_hidden(seat)
        ):
            streams.let_due_follow()
            self._draw()

    # -- what operators ask

    def knows(self, number: int) -> bool:
        """Whether the register has a camera of this number."""
        return number in self._scene.register

    def call(self, number: int, tile: int | None = None) -> None:
        """Bring a camera into a tile and select it; BadInputError where there is no such camera or tile.

        Nobody said a tile: into the selected one, or the next empty one where that is taken.
        """
        seats = self._at.seats
        if not self.knows(number):
            raise BadInputError(f"{number}")
        if tile is not None and not 1 <= tile <= len(seats):
            raise BadInputError(f"/ {tile}")
        self._put(number, self._at.place_for_call(self.selected_tile) if tile is None else seats[tile - 1])

    def show_layout(self, layout: Layout | str) -> None:
        """Change the layout; cameras keep their order, those behind a maximised tile return.

        BadInputError for the name of a layout that there is not.
        """
        chosen = Layout.of(layout) if isinstance(layout, str) else layout
        self._at.show(self._at.view.in_layout(chosen))
        self._arranged()

    def step(self, by: int) -> None:
        """Show the next or previous streaming camera of the register in the selected tile."""
        numbers, now = self._scene.streaming(), self.selected_camera
        if not numbers:
            return
        if now is not None and now.no in numbers:
            self._put(numbers[(numbers.index(now.no) + by) % len(numbers)], self.selected_tile)
        else:
            self._put(numbers[0 if by > 0 else -1], self.selected_tile)

    def put(self, seat: int, use: TileUse | None) -> None:
        """Make a seat a tour's, a spot tile, a camera's or empty; BadInputError where there is none such."""
        self._at.put(seat, use)
        self._arranged()

    def run_tour(self, tour: UUID) -> None:
        """Let a camera tour run in the selected tile; a maximised one comes back among the others."""
        self.use_tile(min(self.wall.selected, len(self._at.seats) - 1), TourTile(tour))

    def use_tile(self, tile: int, use: TileUse | None) -> None:
        """Make a tile, counted from 0, a tour's or a spot tile; None: an ordinary one, with the camera it shows now.

        A maximised one comes back among the others.
        """
        seat = self._at.seats[tile]
        camera, enlarged = self._scene.camera(seat), self._at.show_all()
        ordinary = None if camera is None else CameraTile(camera.no)
        self.put(seat if enlarged is None else enlarged, use if use is not None else ordinary)

    def clear(self, tile: int) -> None:
        """Empty a tile, counted from 0; a maximised one brings all back."""
        if self._at.enlarged is not None:
            self.toggle_maximised(0)
        else:
            self.put(tile, None)

    def swap(self, one: int, other: int) -> None:
        """Exchange two tiles, counted from 0; their streams go along. BadInputError where there is none such."""
        if self._at.enlarged is None:
            self._at.view = self._at.view.swapped(one, other)
            self._arranged(select=other)

    def set_quality(self, tile: int, quality: Quality) -> None:
        """Choose which stream the camera in a tile (counted from 0) comes from."""
        self._at.set_quality(self._at.seats[tile], quality)
        self._arranged()

    def toggle_maximised(self, tile: int) -> None:
        """Show one tile (counted from 0) alone, or go back to all. Nothing is connected anew."""
        was = self._at.show_all()
        if was is not None:
            self._draw(select=was)
        elif self._at.enlarge(tile):
            self._draw(select=0)

    def step_back(self) -> bool:
        """Leave the zoomed or else the maximised tile; return whether there was one."""
        if self.wall.reset_zoom():
            return True
        if self._at.enlarged is None:
            return False
        self.toggle_maximised(0)
        return True

    def select(self, number: int) -> bool:
        """Select the tile that shows this camera; return whether there is one."""
        tile = self._scene.seat_of(number)
        if tile is not None:
            self.wall.select_tile(tile)
        return tile is not None

    # -- what is on it

    @property
    def view(self) -> MonitorView:
        """What the monitor shows when nothing is maximised."""
        return self._at.view

    @property
    def view_of_now(self) -> MonitorView:
        """The view with the cameras of the moment in place of tours, which no other workstation knows."""
        tiles = enumerate(self._at.view.tiles)
        return replace(self._at.view, tiles=tuple(self._use_of_now(seat, use) for seat, use in tiles))

    def _use_of_now(self, seat: int, use: TileUse | None) -> TileUse | None:
        if not isinstance(use, TourTile):
            return use
        camera = self._scene.camera(seat)
        return None if camera is None else CameraTile(camera.no)

    @property
    def tile_count(self) -> int:
        """How many seats there are."""
        return len(self._at.view.tiles)

    def seat(self, tile: int) -> int:
        """Return the seat that a tile on the screen (counted from 0) is: another one where that is maximised."""
        return self._at.seats[tile]

    @property
    def selected_tile(self) -> int:
        """The seat that is selected."""
        seats = self._at.seats
        return seats[min(self.wall.selected, len(seats) - 1)]

    @property
    def selected_use(self) -> TileUse | None:
        """What the selected seat is for, None for an empty one."""
        return self._at.use(self.selected_tile)

    @property
    def selected_camera(self) -> Camera | None:
        """The camera in the selected tile, or None for an empty one."""
        return self._scene.camera(self.selected_tile)

    @property
    def shown_cameras(self) -> tuple[Camera, ...]:
        """The cameras in the tiles."""
        return self._scene.shown()

    @property
    def cameras(self) -> tuple[int, ...]:
        """The numbers of the cameras in the tiles."""
        return tuple(camera.no for camera in self.shown_cameras)

    @property
    def spot_seats(self) -> tuple[int, ...]:
        """The seats that are spot tiles."""
        return self._scene.spot_seats()

    def first_ptz(self) -> Camera | None:
        """Return the first camera on the wall that can be moved, or None."""
        return next((camera for camera in self.shown_cameras if camera.ptz), None)

    def faces(self) -> dict[int, Face]:
        """Return how the live picture of each camera on the wall is now, also behind a replay."""
        faces = {figures.camera_no: figures.face for figures in self.wall.statistics() if not figures.replayed}
        now, cameras = self._clock.monotonic(), self._scene.cameras()
        for seat in self._scene.replays.seats:
            face = self._streams.face(seat, now)
            if face is not None and seat in cameras:
                faces[cameras[seat].no] = face
        return faces

    def replay_place(self, seat: int) -> ReplayPlace | None:
        """Return the camera of a seat and its picture's size, None for an empty one or none."""
        camera, size = self._scene.camera(seat), self._streams.size(seat)
        return None if camera is None or size is None else ReplayPlace(camera, size.width, size.height)

    # -- drawing

    def _put(self, number: int, seat: int) -> None:
        tile = self._at.seats.index(seat)
        self._at.put(seat, CameraTile(number))
        self._arranged(select=tile)

    def _arranged(self, select: int | None = None) -> None:
        self.touched = True
        self._draw(select)
        self.view_changed.emit(self._at.view)

    def _draw(self, select: int | None = None) -> None:
        """Show the tiles with the sources they have, then make the sources fit the sizes that the tiles got."""
        self._scene.settle(self._clock.monotonic())
        self._streams.reseat()
        self._drawing = True
        self._show()
        if select is not None:
            self.wall.select_tile(select)
        self._drawing = False
        self._fit()
        self._announce()

    def _show(self) -> None:
        self.wall.show_uses(TileUses(tuple(self._at.use(seat) for seat in self._at.seats), self._tours))
        self.wall.show_tiles(self._streams.contents(), self._at.layout)

    def _fit(self) -> None:
        if self._streams.fit(self.wall.tile_sizes(), self.selected_tile):
            self._show()
        self._streams.release()

    def _announce(self) -> None:
        """Say what is selected and what is where, if that is otherwise than it was."""
        if self.selected_camera != self._announced:
            self._announced = self.selected_camera
            self.selection_changed.emit(self._announced)
        placed = [(seat, self.replay_place(seat)) for seat in self._at.seats]
        if placed != self._placed:
            self._placed = placed
            self.places_changed.emit(None)

    # -- what the wall tells

    @Slot(object)
    def _sizes_changed(self, _sizes: tuple[PixelSize, ...]) -> None:
        if not self._drawing:
            self._fit()
            self._announce()

    @Slot(int)
    def _tile_selected(self, _tile: int) -> None:
        if not self._drawing:
            self._fit()
            self._announce()

    @Slot(int)
    def _source_taken(self, tile: int) -> None:
        seat = self._at.seats[tile]
        taken, coming = self._streams.taken(seat), self._scene.coming(seat)
        if taken is not None and coming is not None and taken.no == coming.no:
            self._scene.tours.took(seat, self._clock.monotonic())
        self._draw()

    @Slot(object)
    def _zoomed(self, zoom: TileZoom) -> None:
        self._streams.zoom(self._at.seats[zoom.tile], zoom.factor)
        self._fit()

    @Slot(bool)
    def _seen_changed(self, seen: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._streams.seen = seen
        self._fit()
