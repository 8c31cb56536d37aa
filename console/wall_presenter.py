"""Joins a wall to the cameras: which is in which tile, at what size, and with which alarm on it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from domain.alarm import Alarm
from domain.camera import Camera, Profile
from domain.errors import BadInputError
from domain.motion import MotionState
from domain.picture import Face, FrameSource, Subscription
from video.engine import VideoEngine
from widgets.tile import TileContent, TileDrop
from widgets.wall import WallView
from widgets.wall_grid import PixelSize

_Wish = tuple[Camera, Subscription]  # the camera as it was then: with a new address it is connected to anew

LAYOUTS = (1, 4, 9, 16)
SUB_UP_TO_PX = 960  # wider tiles are worth the main stream


class WallPresenter(QObject):
    """One wall. Cameras are called into tiles by number; a tile counts from 1 as it is printed on the screen."""

    selection_changed = Signal(object)  # Camera or None

    def __init__(self, wall: WallView, video: VideoEngine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wall = wall
        self._video = video
        self._register: dict[int, Camera] = {}
        self._tiles: list[int | None] = [None] * 4
        self._before: list[int | None] | None = None
        self.touched = False  # whether somebody has arranged this wall
        self._sources: dict[int, tuple[_Wish, FrameSource]] = {}
        self._alarms: dict[int, Alarm] = {}
        self._announced: Camera | None = None
        wall.tile_sizes_changed.connect(self._sizes_changed)
        wall.tile_selected.connect(self._selected)
        wall.maximise_asked.connect(self.toggle_maximised)
        wall.camera_dropped.connect(self._dropped)

    def show_register(self, cameras: Sequence[Camera]) -> None:
        """Take the register; cameras that are no longer in it leave their tiles."""
        self._register = {camera.no: camera for camera in cameras}
        self._tiles = self._known(self._tiles)
        self._before = self._known(self._before) if self._before is not None else None
        self._draw()

    def _known(self, tiles: Sequence[int | None]) -> list[int | None]:
        return [number if number in self._register else None for number in tiles]

    def fill(self, numbers: Sequence[int]) -> None:
        """Put these cameras into the smallest layout that holds them, in order."""
        size = next((layout for layout in LAYOUTS if layout >= len(numbers)), LAYOUTS[-1])
        known = [number for number in numbers if number in self._register][:size]
        self._tiles = [*known, *([None] * (size - len(known)))]
        self._before = None
        self._draw()

    def knows(self, number: int) -> bool:
        """Whether the register has a camera of this number."""
        return number in self._register

    def call(self, number: int, tile: int | None = None) -> None:
        """Bring a camera into a tile, or into the selected one; BadInputError where there is none such."""
        if number not in self._register:
            raise BadInputError(f"{number}")
        index = self._wall.selected if tile is None else tile - 1
        if not 0 <= index < len(self._tiles):
            raise BadInputError(f"/ {tile}")
        self.touched = True
        self._tiles[index] = number
        self._wall.select_tile(index)
        self._draw()

    def show_layout(self, size: int) -> None:
        """Change the layout; cameras keep their order, empty tiles stay empty, those behind a maximised tile return."""
        if size not in LAYOUTS:
            raise BadInputError(f"* {size}")
        self.touched = True
        tiles = self._tiles if self._before is None else self._before
        kept = [number for number in tiles if number is not None][:size] if size < len(tiles) else tiles
        self._tiles = [*kept, *([None] * (size - len(kept)))]
        self._before = None
        self._draw()

    def step(self, by: int) -> None:
        """Show the next or previous streaming camera of the register in the selected tile."""
        numbers = sorted(number for number, camera in self._register.items() if camera.streams)
        if not numbers:
            return
        now = self._tiles[self._wall.selected]
        if now in numbers:
            self.call(numbers[(numbers.index(now) + by) % len(numbers)])
        else:
            self.call(numbers[0 if by > 0 else -1])

    @Slot(int)
    def toggle_maximised(self, index: int) -> None:
        """Show one tile alone, or go back to all."""
        if self._before is not None:
            number = self._tiles[0]
            self._tiles, self._before = self._before, None
            self._draw()
            if number in self._tiles:
                self._wall.select_tile(self._tiles.index(number))
            return
        if self._tiles[index] is not None and len(self._tiles) > 1:
            self._before, self._tiles = self._tiles, [self._tiles[index]]
            self._draw()

    def step_back(self) -> bool:
        """Leave the maximised tile; return whether there was one."""
        if self._before is None:
            return False
        self.toggle_maximised(0)
        return True

    def show_alarms(self, alarms: Mapping[int, Alarm]) -> None:
        """Put alarms' borders on the tiles of these cameras, and take all others off."""
        if dict(alarms) != self._alarms:
            self._alarms = dict(alarms)
            self._draw()

    def show_motion(self, state: MotionState) -> None:
        """Show a camera's movement over its picture."""
        self._wall.show_motion(state)

    def select(self, number: int) -> bool:
        """Select the tile that shows this camera; return whether there is one."""
        if number not in self._tiles:
            return False
        self._wall.select_tile(self._tiles.index(number))
        return True

    def first_ptz(self) -> Camera | None:
        """Return the first camera on the wall that can be moved, or None."""
        return next((camera for number in self.cameras if (camera := self._register[number]).ptz), None)

    @property
    def selected_camera(self) -> Camera | None:
        """The camera in the selected tile, or None for an empty one."""
        index = self._wall.selected
        number = self._tiles[index] if index < len(self._tiles) else None
        return self._register.get(number) if number is not None else None

    @property
    def cameras(self) -> tuple[int, ...]:
        """The numbers of the cameras in the tiles."""
        return tuple(number for number in self._tiles if number is not None)

    @property
    def shown_cameras(self) -> tuple[Camera, ...]:
        """The cameras in the tiles."""
        return tuple(self._register[number] for number in self.cameras)

    def faces(self) -> dict[int, Face]:
        """Return how the picture of each camera on the wall is now."""
        return {figures.camera_no: figures.face for figures in self._wall.statistics()}

    def _draw(self) -> None:
        """Show the tiles with the sources they have, then make the sources fit the sizes they got."""
        self._wall.show_tiles([self._content(index, number) for index, number in enumerate(self._tiles)])
        self._subscribe(self._wall.tile_sizes())
        if self.selected_camera != self._announced:
            self._selected(self._wall.selected)

    def _content(self, index: int, number: int | None) -> TileContent | None:
        camera = self._register.get(number) if number is not None else None
        if camera is None:
            return None
        held = self._sources.get(index)
        alarm = self._alarms.get(camera.no)
        return TileContent(
            camera=camera,
            source=held[1] if held is not None and held[0][0] == camera else None,
            alarm=alarm.priority if alarm else None,
            alarm_waiting=alarm.waiting if alarm else False,
        )

    @Slot(object)
    def _sizes_changed(self, sizes: tuple[PixelSize, ...]) -> None:
        self._subscribe(sizes)

    def _subscribe(self, sizes: Sequence[PixelSize]) -> None:
        wanted = {
            index: self._wish(self._register[number], sizes[index])
            for index, number in enumerate(self._tiles)
            if number is not None and index < len(sizes) and self._register[number].streams
        }
        old = dict(self._sources)
        for index, wish in wanted.items():
            if index in old and old[index][0] == wish:
                continue
            self._sources[index] = (wish, self._video.subscribe(*wish))
        for index, (wish, source) in old.items():
            if wanted.get(index) != wish:
                self._video.unsubscribe(source)
                if index not in wanted:
                    del self._sources[index]
        if self._sources != old:
            self._wall.show_tiles([self._content(index, number) for index, number in enumerate(self._tiles)])

    @staticmethod
    def _wish(camera: Camera, size: PixelSize) -> _Wish:
        profile = Profile.SUB if size.width <= SUB_UP_TO_PX else Profile.MAIN
        return camera, Subscription(camera.no, profile.value, size.width, size.height)

    @Slot(int)
    def _selected(self, _index: int) -> None:
        self._announced = self.selected_camera
        self.selection_changed.emit(self._announced)

    @Slot(object)
    def _dropped(self, drop: TileDrop) -> None:
        self.call(drop.camera_no, drop.tile + 1)
