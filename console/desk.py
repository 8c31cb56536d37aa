"""The desk joined: presenters between the window's widgets and the core."""

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, assert_never
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from console.bookmarks import Bookmarks
from console.case_presenter import CasePresenter
from console.core import Core
from console.desk_window import DeskWindow
from console.inbox import Inbox
from console.keys import CONTROL, PLAIN, SHIFT, Deed, Key, Keys
from console.map_presenter import MapPresenter
from console.mask_editing import MaskEditing
from console.ptz_side import PtzNeeds, PtzSide
from console.resources import RESOURCES
from console.reviewing import Reviewing
from console.sensor_presenter import SensorPresenter
from console.snapshots import Snapshots
from console.status_presenter import StatusPresenter
from console.tasks import Lane, Tasks
from console.tile_deeds import TileDeeds
from console.wall_planning import WallPlanning
from console.wall_plans import PlanStores
from console.wall_presenter import WallPresenter
from console.wall_window import WallWindow
from console.walls import WallNeeds, Walls
from console.whereabouts import Whereabouts
from domain.alarm import Alarm, Priority
from domain.camera import Camera
from domain.clock import SystemClock
from domain.levels import Levels
from domain.news import (
    AlarmChanged,
    EventTaken,
    IncidentChanged,
    InputCame,
    LeaseChanged,
    LinkChanged,
    MotionChanged,
    News,
    Notice,
    PictureChanged,
    ReadingsTaken,
    RegisterChanged,
    SyncProgress,
    WallMessageCame,
)
from domain.operator import Operator
from domain.text import Text, Wording
from widgets.call_up import CallUpCommand, ShowCamera, ShowLayout
from widgets.review_controls import REVIEW_KEYS

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
        self.status = StatusPresenter(window.status, window.strip, core, wording, self)
        self.walls = Walls(window.wall, self._wall_needs(), self)
        self.cases = CasePresenter(window.queue, window.card, core, tasks, self)
        ptz_needs = PtzNeeds(self.walls, self.cases, tasks, inbox.post, whereabouts, wording)
        self.ptz = PtzSide(window, core, ptz_needs, self)
        self.sensors = SensorPresenter(window.sensors, core, tasks, Levels.load(RESOURCES / "levels.toml"), self)
        self.bookmarks = Bookmarks(core.stores.bookmarks, core.door, tasks, core.clock, self)
        self.snapshots = self._snapshots()
        self.tiles = self._tile_deeds()
        self.reviewing = self._reviewing()
        self.planning = WallPlanning(self.walls, window)
        self.masks = MaskEditing(core, tasks, window)
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
        self.ptz.let_go()
        self.tiles.restore_all_masks()
        self._core.door.enter(operator)
        self.walls.enter(operator)
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
        self.walls.selection_changed.connect(presenter.show_selected)
        self.ptz.take_map(presenter)
        presenter.camera_chosen.connect(self.call)
        presenter.incident_chosen.connect(self.cases.choose)

    def open_walls(self, monitors: int) -> None:
        """Open a wall window for each monitor after the desk's own."""
        self.walls.open(monitors)
        self._window.activateWindow()  # keys belong to the desk

    def close_walls(self) -> None:
        """Remember what hangs where, and take the other windows away."""
        self.ptz.close()
        self.reviewing.close()
        self.walls.close()

    @property
    def wall_windows(self) -> tuple[WallWindow, ...]:
        """The windows of the other monitors."""
        return self.walls.windows

    @property
    def wall(self) -> WallPresenter:
        """The desk's own wall."""
        return self.walls.desk

    def show_register(self, cameras: tuple[Camera, ...]) -> None:
        """Take the register: tree, map and wall; the first sixteen that stream fill an empty wall."""
        self._cameras = cameras
        self._whereabouts.learn(cameras)
        self._window.tree.show_cameras(cameras)
        self.walls.show_register(cameras)
        self.ptz.show_register(cameras)
        if self.map is not None:
            self.map.show_register(cameras)

    def call_to_its_tile(self, number: int) -> None:
        """Select the tile that shows a camera, or call it into the selected one."""
        self.walls.call_to_its_tile(number)

    @Slot(int)
    def call(self, number: int, tile: int | None = None) -> None:
        """Call a camera up; what can't be done is said in the message strip."""
        self.walls.call(number, tile)

    # -- joining

    def _wall_needs(self) -> WallNeeds:
        core, stores = self._core, self._core.stores
        return WallNeeds(
            clock=core.clock,
            video=core.video,
            turner=core.ptz,
            door=core.door,
            tasks=self.tasks,
            whereabouts=self._whereabouts,
            plans=PlanStores(stores.walls, stores.salvos, stores.tours),
            orders=stores.wall_orders,
            memory=core.home.windows,
            say=self.status.say,
            wake=core.wake_exchange,
            name=core.settings.desk.name,
            distance_m=core.settings.wall.distance_m,
        )

    def _snapshots(self) -> Snapshots:
        core = self._core
        return Snapshots(core.replay, core.stores.snapshots, core.home.snapshots, core.door, self.tasks, self)

    def _reviewing(self) -> Reviewing:
        reviewing = Reviewing(
            self._core,
            self.tasks,
            self._whereabouts,
            self._wording,
            self.walls.camera,
            lambda: tuple(self.cases.alarms.values()),
            self.bookmarks,
            self.snapshots,
            self,
        )
        self.tiles.replay_began.connect(lambda begun: reviewing.mark_replay(*begun))
        return reviewing

    def _tile_deeds(self) -> TileDeeds:
        core, window = self._core, self._window
        return TileDeeds(
            self.walls,
            core.replay,
            window.replay_bar,
            window.bookmark_note,
            self.bookmarks,
            self.snapshots,
            core.footage,
            core.door,
            SystemClock(),  # pictures keep the world's time, whatever clock the room has
            self.status.say,
            self.status.say_error,
        )

    def _connect(self) -> None:
        window = self._window
        window.tree.camera_chosen.connect(self.call)
        window.timeline.alarm_chosen.connect(self.cases.choose)
        window.call_up.command_given.connect(self._obey)
        self.walls.selection_changed.connect(self.ptz.show_camera)
        window.bookmark_note.left.connect(self._to_the_wall)
        self.cases.alarms_changed.connect(self._show_cases)
        self.cases.alarm_raised.connect(self._announce)
        self.cases.look_first.connect(partial(self.status.say, Text("look_first")))
        self.cases.selection_taken.connect(partial(self.status.say, Text("selection_taken")))
        self.ptz.failed.connect(self.status.say_error)
        self.ptz.said.connect(self.status.say)
        self.ptz.alarmed.connect(partial(self.status.say, severe=True))
        self.ptz.hands.still_asked.connect(self.tiles.take_still)
        self.tasks.failed.connect(self.status.say_error)

    def _deeds(self) -> dict[Key, Deed]:
        queue, card, walls, tiles = self._window.queue, self._window.card, self.walls, self.tiles
        key = Qt.Key
        return {
            **{(Qt.Key(key.Key_F1 + n), PLAIN): partial(walls.plans.call_key, n + 1) for n in range(12)},
            **{(Qt.Key(key.Key_F1 + n), SHIFT): partial(self.planning.open_for_salvo, n + 1) for n in range(12)},
            **self._replay_keys(),
            **self.ptz.deeds(),
            (key.Key_Space, PLAIN): queue.ask_acknowledge,
            (key.Key_Space, SHIFT): queue.ask_open,
            (key.Key_Tab, PLAIN): queue.choose_next,
            (key.Key_D, PLAIN): card.ask_dispatch,
            (key.Key_C, PLAIN): card.ask_close,
            (key.Key_N, PLAIN): card.focus_note,
            (key.Key_M, PLAIN): self._window.toggle_map,
            (key.Key_Comma, PLAIN): partial(walls.step, -1),
            (key.Key_Period, PLAIN): partial(walls.step, 1),
            (key.Key_Z, CONTROL): walls.undo,
            (key.Key_W, CONTROL): self.planning.open,
            (key.Key_M, CONTROL): self._edit_masks,
            (key.Key_O, CONTROL): self.reviewing.show,
            (key.Key_B, PLAIN): tiles.mark,
            (key.Key_B, SHIFT): self._window.bookmark_note.focus_note,
            (key.Key_S, CONTROL): tiles.take_still,
            (key.Key_R, CONTROL): tiles.toggle_recording,
            (key.Key_K, CONTROL): self._window.tree.focus_search,
            (key.Key_F11, CONTROL): self._window.toggle_wall_mode,
            (key.Key_Question, SHIFT): self._window.toggle_key_help,
            (key.Key_Escape, PLAIN): self._step_back,
        }

    def _replay_keys(self) -> dict[Key, Deed]:
        tiles = self.tiles
        steering = {key: partial(tiles.steer, control) for key, control in REVIEW_KEYS.items()}
        own = {(Qt.Key.Key_R, PLAIN): tiles.replay_selected, (Qt.Key.Key_R, SHIFT): tiles.replay_together}
        return {**own, **{(Qt.Key(number), modifiers): deed for (number, modifiers), deed in steering.items()}}

    @Slot()
    def _edit_masks(self) -> None:
        camera = self.walls.active.selected_camera
        if camera is not None:
            self.masks.edit(camera)

    @Slot()
    def _step_back(self) -> None:
        """One step back: off the controls, out of a maximised tile, off the large map."""
        window = self._window
        stepped = window.hide_key_help() or not window.wall.hasFocus()
        stepped = stepped or self.tiles.step_back() or self.walls.step_back()
        if not stepped and window.map_is_large:
            window.toggle_map()
        self._to_the_wall()

    @Slot()
    def _to_the_wall(self) -> None:
        self._window.wall.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def _obey(self, command: CallUpCommand) -> None:
        match command:
            case ShowCamera(camera_no, tile):
                self.call(camera_no, None if tile is None else tile + 1)
            case ShowLayout(monitor, layout):
                self.walls.show_layout(monitor, layout)

    # -- news

    @Slot(object)
    def _take(self, news: News) -> None:  # noqa: C901, PLR0912 - one case for each kind of news
        match news:
            case AlarmChanged(alarm, owed):
                self.cases.show_alarm(alarm, owed)
                self.ptz.take_alarm(alarm)
            case IncidentChanged(incident):
                self.cases.show_incident(incident)
            case EventTaken(event):
                if self.map is not None:
                    self.map.show_event(event)
            case ReadingsTaken(readings):
                self.sensors.show_readings(readings)
            case MotionChanged(state):
                self.ptz.show_motion(state)
                self.walls.show_motion(state)
            case LeaseChanged(state):
                self.ptz.show_lease(state)
            case InputCame():
                self.ptz.take_input()
            case LinkChanged():
                self.status.show_link(news)
            case RegisterChanged(cameras):
                self.show_register(cameras)
            case SyncProgress():
                self.status.show_progress(news)
                self.cases.acknowledged_up_to_now()
            case Notice(text, severe):
                self.status.say(text, severe=severe)
            case WallMessageCame(message):
                self.walls.take_message(message)
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
        self.walls.show_alarms(alarms.values())
        self._window.timeline.show_alarms(tuple(alarms.values()))
        self.status.settle({key for key, alarm in alarms.items() if alarm.waiting})
        if self.map is not None:
            self.map.show_cases(alarms, self.cases.incidents)

    @Slot()
    def _show_faces(self) -> None:
        faces = self.walls.faces()
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
