"""All monitors of a workstation: the desk's own wall and the wall windows, and what changes several of them at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.acting import Door
from console.monitors import Monitors, pixels_per_mm
from console.salvos import OneStepBack
from console.spots import SpotPlace, Spots
from console.tasks import Tasks
from console.wall_alarms import carried, for_spots
from console.wall_arrangement import FILLED_LAYOUTS
from console.wall_gestures import WallGestures
from console.wall_layouts import Layouts
from console.wall_memory import WallMemory
from console.wall_orders import OrderBook, Screens, WallOrders
from console.wall_plans import Plans, PlanStores, Turner, WallPlans
from console.wall_presenter import WallPresenter
from console.wall_sources import Pictures
from console.wall_window import WallWindow
from console.whereabouts import Whereabouts
from domain.alarm import Alarm
from domain.camera import Camera
from domain.clock import Clock
from domain.errors import BadInputError, RefusedError
from domain.layout import Layout
from domain.motion import MotionState
from domain.operator import Action, Operator
from domain.picture import Face
from domain.text import Text
from domain.wall import MonitorView, SpotTile
from domain.wall_order import MonitorSize, WallMessage, Workstation
from widgets.wall import WallView

DESK = 1  # the number of the desk's own wall
_TOURS_MS = 250


class WallVideo(Pictures, Protocol):
    """What gives pictures, and tries a camera again because somebody wants it; `video.engine.VideoEngine` does."""

    def retry(self, camera_no: int) -> None:
        """Try a camera again now, also after its password was refused."""
        ...


@dataclass(frozen=True, slots=True)
class WallNeeds:
    """What the walls are given. `memory` is a file in which the places of windows are remembered.

    `say` shows a text in the message strip; `wake` has the exchange carry at once what was just saved. Walls are read
    from `distance_m` away (0: their text has the desk's size); `name` is what other desks call this workstation.
    """

    clock: Clock
    video: WallVideo
    turner: Turner
    door: Door
    tasks: Tasks
    whereabouts: Whereabouts
    plans: PlanStores
    orders: OrderBook
    memory: Path
    say: Callable[[Text], None]
    wake: Callable[[], None]
    name: str = ""
    distance_m: float = 0.0


class Walls(QObject):
    """The walls by their monitors' numbers; 1 is the desk's own. Keys go to the one that was last touched."""

    selection_changed = Signal(object)  # Camera or None: what is selected on the wall that keys go to
    wall_made = Signal(object)  # WallPresenter, of another monitor than the desk's

    def __init__(self, wall: WallView, needs: WallNeeds, parent: QObject) -> None:
        super().__init__(parent)
        self._needs = needs
        self._cameras: dict[int, Camera] = {}
        self._alarms: tuple[Alarm, ...] = ()
        self._spots = Spots()
        self._followed: int | None = None
        self._back = OneStepBack()
        self._last_views: Mapping[int, MonitorView] | None = None  # None until somebody has signed in
        self._asked: dict[int, str] = {}
        self._active = DESK
        self.layouts = Layouts()
        self.presenters: dict[int, WallPresenter] = {}
        screens, tasks, say = Screens(self.views, self.show_views), needs.tasks, needs.say
        open_screens = Screens(lambda: {number: each.view for number, each in self._open()}, self.show_views)
        self.memory = WallMemory(needs.plans.walls, tasks, self)
        self.orders = WallOrders(needs.orders, open_screens, needs.door, tasks, say, needs.wake, self)
        self.plans = WallPlans(needs.plans, screens, needs.turner, self.camera, needs.door, tasks, say, self)
        self.plans.changed.connect(self._plans_changed)
        self.desk = self._join(DESK, wall)
        wall.show_monitor_number(DESK)
        self.monitors = Monitors(needs.memory, self._make_window, wall.screen, self)
        self.monitors.placed.connect(self._window_placed)
        self.monitors.settled.connect(self._tell_presence)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TOURS_MS)

    # -- beginning and end

    def enter(self, operator: Operator) -> None:
        """Bring back what this operator last had, on all monitors that were open here."""
        self.memory.enter(operator.name, self._restore)
        self.plans.load()

    def open(self, monitors: int) -> None:
        """Open a window for each monitor after the desk's own, up to this number."""
        for number in range(DESK + 1, monitors + 1):
            self.monitors.open(number)

    def open_wall(self, number: int, layout: str) -> None:
        """Open a monitor's window with the saved wall, or else the layout, of this name; none changes nothing."""
        if number != DESK:
            self.monitors.open(number)
        if layout:
            self._asked[number] = layout
            self._show_asked()

    def close(self) -> None:
        """Write what is to be remembered, and take the windows away."""
        self._timer.stop()
        self.memory.write()
        self.monitors.close()

    # -- what the desk brings

    def show_register(self, cameras: Iterable[Camera]) -> None:
        """Take the register; walls that nobody has arranged get the first cameras that stream."""
        self._cameras = {camera.no: camera for camera in cameras}
        for presenter in self.presenters.values():
            self._supply(presenter)
        self._share_out()

    def show_alarms(self, alarms: Iterable[Alarm]) -> None:
        """Take all open alarms: borders on the tiles that show them, and spot tiles."""
        self._alarms = tuple(alarms)
        self._share_out()

    def show_motion(self, state: MotionState) -> None:
        """Show a camera's movement wherever it is."""
        for presenter in self.presenters.values():
            presenter.show_motion(state)

    def take_message(self, message: WallMessage) -> None:
        """Take what another workstation wants on a wall here, or answers."""
        self.orders.take(message)

    # -- what operators ask

    @property
    def active_number(self) -> int:
        """The number of the wall that keys go to."""
        return self._active

    @property
    def active(self) -> WallPresenter:
        """The wall that keys go to."""
        return self.presenters[self._active]

    def call(self, number: int, tile: int | None = None, monitor: int | None = None) -> None:
        """Call a camera up on a monitor, or on the one that keys go to; what can't be done is said."""
        presenter = self.presenters[self._active if monitor is None else monitor]
        if number not in self._cameras:
            self._needs.say(Text("no_such_camera", {"number": str(number)}))
            return
        try:
            self._needs.door.act(Action.VIEW_CAMERA, f"camera/{number}")
            self._needs.video.retry(number)  # somebody wants it: also one that refused our password
            presenter.call(number, tile)
        except RefusedError as error:
            self._needs.tasks.failed.emit(error)
        except BadInputError:
            self._needs.say(Text("no_such_tile", {"number": str(number), "tile": str(tile)}))

    def call_to_its_tile(self, number: int) -> None:
        """Select the tile that shows a camera on the wall that keys go to, or call it up."""
        if not self.active.select(number):
            self.call(number)

    def show_layout(self, monitor: int, layout: str) -> None:
        """Put a layout on a monitor; what can't be done is said."""
        presenter = self.presenters.get(monitor)
        if presenter is None:
            self._needs.say(Text("no_such_monitor", {"monitor": str(monitor)}))
            return
        try:
            presenter.show_layout(self.layouts.named(layout))
        except BadInputError:
            self._needs.say(Text("no_such_layout", {"layout": layout}))

    def draw_layout(self, monitor: int, layout: Layout) -> None:
        """Put a layout that somebody drew on a monitor, and know it by its name from now on."""
        self.layouts.draw(layout)
        self.presenters[monitor].show_layout(layout)

    def step(self, by: int) -> None:
        """Show the next or previous camera in the selected tile."""
        self.active.step(by)

    def step_back(self) -> bool:
        """Leave a zoomed or maximised tile, or give the keys back to the desk's wall; return whether that was so."""
        if self.active.step_back():
            return True
        was, self._active = self._active, DESK
        return was != DESK

    def undo(self) -> None:
        """Show again what hung there before the last salvo, saved wall or order from elsewhere."""
        before = self._back.take()
        if not before:
            self._needs.say(Text("nothing_to_undo"))
        for number, view in before.items():
            self.presenters[number].show_view(view)

    # -- what hangs where

    def views(self) -> dict[int, MonitorView]:
        """Return what every monitor shows."""
        return {number: presenter.view for number, presenter in self.presenters.items()}

    def show_views(self, views: Mapping[int, MonitorView]) -> None:
        """Show these views in one go; `undo` brings those before. Monitors that are not here are left out."""
        here = {number: view for number, view in views.items() if number in self.presenters}
        self._back.remember(self.views(), here)
        for number, view in here.items():
            self.layouts.draw(view.layout)
            self.presenters[number].show_view(view)

    def faces(self) -> dict[int, Face]:
        """Return how the picture of each camera on any wall is now."""
        faces: dict[int, Face] = {}
        for presenter in self.presenters.values():
            faces.update(presenter.faces())
        return faces

    def turning_cameras(self) -> tuple[Camera, ...]:
        """Return the cameras on all monitors that can be moved, each once."""
        shown = (camera for _, each in sorted(self.presenters.items()) for camera in each.shown_cameras)
        return tuple(dict.fromkeys(camera for camera in shown if camera.ptz))

    def identify(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        """Show every monitor's number large, so that they can be told apart, or take it off again."""
        for presenter in self.presenters.values():
            presenter.wall.identify(shown)

    def ask_others(self, then: Callable[[tuple[Workstation, ...], datetime], None]) -> None:
        """Ask which other workstations are known, and hand them over with the present time."""
        self.orders.ask_others(lambda others: then(others, self._needs.clock.now()))

    def camera(self, number: int) -> Camera | None:
        """Return the camera of this number, None where the register has none."""
        return self._cameras.get(number)

    @property
    def windows(self) -> tuple[WallWindow, ...]:
        """The windows of the other monitors."""
        return self.monitors.windows

    # -- one wall

    def _join(self, number: int, wall: WallView) -> WallPresenter:
        presenter = WallPresenter(wall, self._needs.video, self._needs.clock, self)
        gestures = WallGestures(presenter, partial(self.call, monitor=number))
        gestures.touched.connect(partial(self._touched, number))
        presenter.selection_changed.connect(partial(self._selected, number))
        presenter.view_changed.connect(partial(self._arranged, number))
        presenter.places_changed.connect(partial(self._carry, presenter))
        self.presenters[number] = presenter
        return presenter

    def _make_window(self, number: int) -> WallWindow:
        window = WallWindow(number, self._needs.clock)
        presenter = self._join(number, window.wall)
        presenter.show_tours(self.plans.plans.tours)
        if self._last_views is not None and number in self._last_views:
            presenter.show_view(self._last_views[number])
        self._supply(presenter)
        self.wall_made.emit(presenter)
        return window

    def _supply(self, presenter: WallPresenter) -> None:
        presenter.show_register(self._cameras.values())
        if self._last_views is not None and not presenter.touched:
            streaming = [camera.no for camera in self._cameras.values() if camera.streams]
            presenter.fill(streaming[: FILLED_LAYOUTS[-1]])

    def _restore(self, views: Mapping[int, MonitorView]) -> None:
        self._last_views = views
        for view in views.values():
            self.layouts.draw(view.layout)
        for number, view in views.items():
            if number in self.presenters:
                self.presenters[number].show_view(view)
        self.monitors.restore()
        for presenter in self.presenters.values():
            self._supply(presenter)
        self._tell_presence()

    @Slot()
    def _tell_presence(self) -> None:
        if self._last_views is not None:  # somebody has signed in
            self.orders.tell_presence(self._needs.name, tuple(self._sizes()))

    def _sizes(self) -> Iterator[MonitorSize]:
        for number, presenter in self._open():
            size = presenter.wall.size() * presenter.wall.devicePixelRatioF()
            yield MonitorSize(number, size.width(), size.height())

    def _open(self) -> list[tuple[int, WallPresenter]]:
        """Return the walls by number without those whose screen is away."""
        away = {window.number for window in self.monitors.windows if window.isHidden()}
        return [(number, each) for number, each in sorted(self.presenters.items()) if number not in away]

    @Slot(object)
    def _window_placed(self, window: WallWindow) -> None:
        window.wall.set_reading_distance(self._needs.distance_m, pixels_per_mm(window.screen()))

    def _touched(self, number: int) -> None:
        before, self._active = self._active, number
        if before != number:
            self.selection_changed.emit(self.active.selected_camera)

    def _selected(self, number: int, camera: Camera | None) -> None:
        presenter = self.presenters[number]
        if camera is not None and not isinstance(presenter.selected_use, SpotTile):
            self._followed = camera.no
            self._share_spots()
        if number == self._active:
            self.selection_changed.emit(camera)

    def _arranged(self, number: int, view: MonitorView) -> None:
        self.memory.remember(number, view)
        self._share_spots()

    # -- alarms and tours

    def _share_out(self) -> None:
        self._share_spots()
        for presenter in self.presenters.values():
            self._carry(presenter)

    def _carry(self, presenter: WallPresenter, _changed: object = None) -> None:
        presenter.show_alarms(carried(self._alarms, presenter.shown_cameras, self._needs.whereabouts))

    def _share_spots(self) -> None:
        """Share the spot tiles of all monitors out."""
        places = [SpotPlace(n, seat) for n, each in sorted(self.presenters.items()) for seat in each.spot_seats]
        alarms = for_spots(self._alarms, self._needs.whereabouts) if places else ()
        shown = self._spots.share_out(places, alarms, self._followed)
        for number, presenter in self.presenters.items():
            here = {place.tile: no for place, no in shown.items() if place.monitor == number and no is not None}
            presenter.show_spots(here, self._spots.waiting)

    @Slot()
    def _tick(self) -> None:
        hold = any(alarm.waiting for alarm in self._alarms)
        for presenter in self.presenters.values():
            presenter.tick_tours(hold=hold)

    @Slot(object)
    def _plans_changed(self, plans: Plans) -> None:
        for presenter in self.presenters.values():
            presenter.show_tours(plans.tours)
        self.layouts.learn(plans.views())
        self._show_asked()

    def _show_asked(self) -> None:
        """Show what the command line named, once the saved walls are known."""
        if self._last_views is None or not self.plans.loaded:
            return
        asked, self._asked = self._asked, {}
        for number, name in asked.items():
            saved = next((wall for wall in self.plans.plans.walls if wall.name == name), None)
            if saved is not None and number in saved.views:
                self.show_views({number: saved.views[number]})
            else:
                self.show_layout(number, name)
