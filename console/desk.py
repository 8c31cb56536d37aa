"""The desk joined: presenters between the window's widgets and the core."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, assert_never
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from console.case_presenter import CasePresenter
from console.core import Core
from console.desk_window import DeskWindow
from console.inbox import Inbox
from console.keys import CONTROL, PLAIN, SHIFT, Deed, Key, Keys
from console.map_presenter import MapPresenter
from console.ptz_presenter import PtzPresenter
from console.resources import RESOURCES
from console.sensor_presenter import SensorPresenter
from console.status_presenter import StatusPresenter
from console.tasks import Lane, Tasks
from console.wall_presenter import LAYOUTS, WallPresenter
from console.wall_window import WallWindow
from console.whereabouts import NEAR_M, Whereabouts
from domain.alarm import Alarm, Priority
from domain.camera import Camera
from domain.errors import BadInputError, RefusedError
from domain.levels import Levels
from domain.motion import MotionPhase
from domain.news import (
    AlarmChanged,
    EventTaken,
    IncidentChanged,
    LinkChanged,
    MotionChanged,
    News,
    Notice,
    PictureChanged,
    ReadingsTaken,
    RegisterChanged,
    SyncProgress,
)
from domain.operator import Action, Operator
from domain.text import Text, Wording
from widgets.call_up import CallUpCommand, ShowCamera, ShowLayout

if TYPE_CHECKING:
    from widgets.incident_map import IncidentMap

_log = logging.getLogger(__name__)

_BEAT_MS = 100  # the watchdog counts 400 ms of silence as a hung console
_FACES_MS = 1000
_AGAIN_MS = 3000


class Desk(QObject):
    """A signed-in operator's desk; made when the core runs."""

    def __init__(
        self,
        window: DeskWindow,
        core: Core,
        tasks: Tasks,
        inbox: Inbox,
        wording: Wording,
        whereabouts: Whereabouts,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._core = core
        self.tasks = tasks
        self._wording = wording
        self._whereabouts = whereabouts
        self._cameras: tuple[Camera, ...] = ()
        self.wall = WallPresenter(window.wall, core.video, self)
        self.walls: dict[int, WallPresenter] = {1: self.wall}
        self._wall_windows: list[WallWindow] = []
        self.cases = CasePresenter(window.queue, window.card, core, tasks, self)
        self.ptz = PtzPresenter(window.pad, core, tasks, self)
        self.sensors = SensorPresenter(window.sensors, core, tasks, Levels.load(RESOURCES / "levels.toml"), self)
        self.status = StatusPresenter(window.status, window.strip, core, wording, self)
        self.map: MapPresenter | None = None
        self.map_view: IncidentMap | None = None
        self.keys = Keys(window, window.pad, self._deeds(), window.call_up.take_key)
        self._connect()
        inbox.arrived.connect(self._take)
        self._beat = self._every(_BEAT_MS, core.watchdog.beat)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._faces = self._every(_FACES_MS, self._show_faces)
        self._load()

    def sign_in(self, operator: Operator) -> None:
        """Let this operator work here."""
        self._core.door.enter(operator)
        self.status.show_operator(operator)
        self._window.show_desk()
        self.keys.begin()
        self.cases.redraw()

    def take_map(self, view: "IncidentMap") -> None:
        """Join the map."""
        presenter = MapPresenter(view, self._wording, self)
        self.map_view, self.map = view, presenter
        if self._cameras:
            presenter.show_register(self._cameras)
        presenter.show_cases(self.cases.alarms, self.cases.incidents)
        self.cases.alarm_chosen.connect(presenter.look_at_alarm)
        self.wall.selection_changed.connect(presenter.show_selected)
        presenter.camera_chosen.connect(self.call)
        presenter.incident_chosen.connect(self.cases.choose)

    def open_walls(self, monitors: int) -> None:
        """Open a wall window for each monitor after the desk's own."""
        for number in range(2, monitors + 1):
            window = WallWindow(number, self._core.clock)
            presenter = WallPresenter(window.wall, self._core.video, self)
            self.walls[number] = presenter
            self._wall_windows.append(window)
            window.show_on_its_screen()
            self._fill(presenter)
        self._window.activateWindow()  # keys belong to the desk

    def close_walls(self) -> None:
        """Take the wall windows away."""
        for window in self._wall_windows:
            window.hide()
            window.deleteLater()
        self._wall_windows.clear()

    @property
    def wall_windows(self) -> tuple[WallWindow, ...]:
        """The windows of the other monitors."""
        return tuple(self._wall_windows)

    def _fill(self, presenter: WallPresenter) -> None:
        """Show the register to a wall; one that nobody has arranged yet gets the first cameras that stream."""
        presenter.show_register(self._cameras)
        if not presenter.touched:
            presenter.fill([camera.no for camera in self._cameras if camera.streams][: LAYOUTS[-1]])

    def show_register(self, cameras: tuple[Camera, ...]) -> None:
        """Take the register: tree, map and wall; the first sixteen that stream fill an empty wall."""
        self._cameras = cameras
        self._whereabouts.learn(cameras)
        self._window.tree.show_cameras(cameras)
        for presenter in self.walls.values():
            self._fill(presenter)
        if self.map is not None:
            self.map.show_register(cameras)

    def call_to_its_tile(self, number: int) -> None:
        """Select the tile that shows a camera, or call it into the selected one."""
        if not self.wall.select(number):
            self.call(number)

    @Slot(int)
    def call(self, number: int, tile: int | None = None) -> None:
        """Call a camera up; what can't be done is said in the message strip."""
        if not self.wall.knows(number):
            self.status.say(Text("no_such_camera", {"number": str(number)}))
            return
        try:
            self._core.door.act(Action.VIEW_CAMERA, f"camera/{number}")
            self._core.video.retry(number)  # somebody wants it: also one that refused our password
            self.wall.call(number, tile)
        except RefusedError as error:
            self.status.say_error(error)
        except BadInputError:
            self.status.say(Text("no_such_tile", {"number": str(number), "tile": str(tile)}))

    # -- joining

    def _connect(self) -> None:
        window = self._window
        window.tree.camera_chosen.connect(self.call)
        window.timeline.alarm_chosen.connect(self.cases.choose)
        window.call_up.command_given.connect(self._obey)
        self.wall.selection_changed.connect(self.ptz.show_camera)
        self.cases.alarms_changed.connect(self._show_cases)
        self.cases.alarm_raised.connect(self._announce)
        self.cases.look_first.connect(self._ask_to_look)
        self.cases.selection_taken.connect(self._tell_of_selection)
        self.ptz.failed.connect(self.status.say_error)
        self.tasks.failed.connect(self.status.say_error)

    def _deeds(self) -> dict[Key, Deed]:
        queue, card, wall = self._window.queue, self._window.card, self.wall
        key = Qt.Key
        return {
            (key.Key_Space, PLAIN): queue.ask_acknowledge,
            (key.Key_Space, SHIFT): queue.ask_open,
            (key.Key_Tab, PLAIN): queue.choose_next,
            (key.Key_D, PLAIN): card.ask_dispatch,
            (key.Key_C, PLAIN): card.ask_close,
            (key.Key_N, PLAIN): card.focus_note,
            (key.Key_P, PLAIN): self._take_the_controls,
            (key.Key_M, PLAIN): self._window.toggle_map,
            (key.Key_Comma, PLAIN): partial(wall.step, -1),
            (key.Key_Period, PLAIN): partial(wall.step, 1),
            (key.Key_K, CONTROL): self._window.tree.focus_search,
            (key.Key_F11, CONTROL): self._window.toggle_wall_mode,
            (key.Key_Question, SHIFT): self._window.toggle_key_help,
            (key.Key_Escape, PLAIN): self._step_back,
        }

    @Slot()
    def _ask_to_look(self) -> None:
        self.status.say(Text("look_first"))

    @Slot()
    def _tell_of_selection(self) -> None:
        self.status.say(Text("selection_taken"))

    @Slot()
    def _take_the_controls(self) -> None:
        camera = self.wall.selected_camera
        if camera is None or not camera.ptz:
            self.status.say(Text("camera_does_not_turn"))
            return
        self._window.pad.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _step_back(self) -> None:
        """One step back: off the controls, out of a maximised tile, off the large map."""
        window = self._window
        stepped = window.hide_key_help() or not window.wall.hasFocus() or self.wall.step_back()
        if not stepped and window.map_is_large:
            window.toggle_map()
        window.wall.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def _obey(self, command: CallUpCommand) -> None:
        match command:
            case ShowCamera(camera_no, tile):
                self.call(camera_no, None if tile is None else tile + 1)
            case ShowLayout(monitor, layout):
                presenter = self.walls.get(monitor)
                if presenter is None:
                    self.status.say(Text("no_such_monitor", {"monitor": str(monitor)}))
                    return
                try:
                    presenter.show_layout(layout)
                except BadInputError:
                    self.status.say(Text("no_such_layout", {"layout": str(layout)}))

    # -- news

    @Slot(object)
    def _take(self, news: News) -> None:  # noqa: C901, PLR0912 - one case for each kind of news
        match news:
            case AlarmChanged(alarm, owed):
                self.cases.show_alarm(alarm, owed)
            case IncidentChanged(incident):
                self.cases.show_incident(incident)
            case EventTaken(event):
                if self.map is not None:
                    self.map.show_event(event)
            case ReadingsTaken(readings):
                self.sensors.show_readings(readings)
            case MotionChanged(state):
                self.ptz.show_motion(state)
                for presenter in self.walls.values():
                    presenter.show_motion(state)
                if state.phase is MotionPhase.MAY_BE_MOVING:
                    self.status.say(Text("camera_may_be_moving", {"camera": str(state.camera_no)}), severe=True)
            case LinkChanged():
                self.status.show_link(news)
            case RegisterChanged(cameras):
                self.show_register(cameras)
            case SyncProgress():
                self.status.show_progress(news)
                self.cases.acknowledged_up_to_now()
            case Notice(text, severe):
                self.status.say(text, severe=severe)
            case PictureChanged():
                pass  # the wall asks its sources itself
            case _:
                assert_never(news)

    @Slot(object)
    def _announce(self, alarm: Alarm) -> None:
        """Make a critical alarm seen from whatever the desk is showing."""
        if alarm.priority is Priority.CRITICAL:
            self._window.leave_wall_mode()
            self.status.say(alarm.title, severe=True, about=alarm.id)
            QApplication.alert(self._window)

    @Slot(object)
    def _show_cases(self, alarms: dict[UUID, Alarm]) -> None:
        for presenter in self.walls.values():
            presenter.show_alarms(self._on_cameras(alarms, presenter))
        self._window.timeline.show_alarms(tuple(alarms.values()))
        self.status.settle({key for key, alarm in alarms.items() if alarm.waiting})
        if self.map is not None:
            self.map.show_cases(alarms, self.cases.incidents)

    def _on_cameras(self, alarms: dict[UUID, Alarm], wall: WallPresenter) -> dict[int, Alarm]:
        """Return which camera's tile carries which alarm: the one that reported it, or the nearest on the wall."""
        carried: dict[int, Alarm] = {}
        on_wall = wall.shown_cameras
        for alarm in sorted(alarms.values(), key=lambda alarm: -alarm.priority.rank):
            camera = self._whereabouts.camera_of(alarm) or _nearest(alarm, on_wall)
            if camera is not None:
                carried[camera.no] = alarm
        return carried

    @Slot()
    def _show_faces(self) -> None:
        faces = self.wall.faces()
        self.status.show_pictures(faces)
        self._window.tree.show_faces(faces)
        if self.map is not None:
            self.map.show_faces(faces)

    # -- loading

    def _load(self) -> None:
        stores = self._core.stores
        self.tasks.run(Lane.DATABASE, stores.cameras.all, self, self.show_register)
        self.tasks.run(
            Lane.DATABASE,
            lambda: (stores.alarms.open(), stores.incidents.open()),
            self,
            lambda found: self.cases.load(*found),
            self._not_loaded,
        )

    def _not_loaded(self, error: Exception) -> None:
        """Say that the queue is not empty but unread, and try again."""
        self.status.say_error(error)
        self._window.queue.show_alarms((), self._wording.render(Text("alarms_not_read", {"why": str(error)})))
        QTimer.singleShot(_AGAIN_MS, self, self._load)

    def _every(self, milliseconds: int, work: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.timeout.connect(work)
        timer.start(milliseconds)
        return timer


def _nearest(alarm: Alarm, cameras: Sequence[Camera]) -> Camera | None:
    """Return the camera that is nearest to an alarm's place, None where none is near enough to see anything."""
    place = alarm.place
    if place is None or not cameras:
        return None
    nearest = min(cameras, key=lambda camera: place.distance_m(camera.place))
    return nearest if place.distance_m(nearest.place) <= NEAR_M else None
