"""All hands on cameras at one desk: the pad, joysticks, the mouse in tiles; and all that takes them away."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import assert_never

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from console.core import Core
from console.desk_window import DeskWindow
from console.hand_map import hand_map
from console.hands import Hands, usual_devices
from console.ptz_aiming import Aiming, TimedAiming
from console.ptz_hand import Gate, Pulse
from console.ptz_places import PlaceBook
from console.ptz_presenter import PtzPresenter
from console.screen_lock import ScreenLock
from console.wall_presenter import WallPresenter
from console.walls import Walls
from domain.camera import Camera
from domain.clock import SystemClock
from domain.hand import Action, Deed
from domain.keypad import Command, Wanted
from domain.motion import MotionPhase, MotionState, Position, Velocity
from domain.news import News
from domain.text import Text
from ptz.hands.events import InputDevices
from widgets.tile import TileWheel
from widgets.tile_aim import TileBox, TilePoint, TileVector

MOUSE, WHEEL = "mouse", "wheel"  # hands
_WHEEL_SPEED = 0.5
_NOTCH_S = 0.2


class PtzDesk(QObject):
    """Joins them to the camera of the selected tile. What is only asked for here is done by whoever hears it.

    While the pad has the keys, the wall's tiles of its camera take the mouse: a vector, a point, a box, the wheel.
    `devices` are those of this machine where None are named and the settings do not refuse them.
    """

    failed = Signal(object)  # WatchroomError
    said = Signal(object)  # Text
    alarmed = Signal(object)  # Text, of a camera that may be moving
    still_asked = Signal()  # of the selected tile
    deed_begun = Signal(object)  # domain.hand.Action that concerns the lens or the housing: focus, iris, wiper, light
    deed_ended = Signal(object)  # domain.hand.Action of those that are held
    focus_turned = Signal(float)  # -1 (near) to 1 (far), 0.0 at rest

    def __init__(
        self,
        window: DeskWindow,
        walls: Walls,
        core: Core,
        places: PlaceBook,
        gate: Gate,
        post: Callable[[News], None],
        parent: QObject,
        devices: Sequence[InputDevices] | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._walls = walls
        self._controlled: int | None = None
        self.presenter = PtzPresenter(window.pad, core.ptz, places, gate, self)
        self.steering = self.presenter.steering
        chosen = core.settings.hands
        if devices is None:
            devices = usual_devices(SystemClock()) if chosen.devices else ()
        self.hands = Hands(devices, post, self.steering, self._attended, hand_map(chosen), self)
        self._lock = ScreenLock(self)
        self._wheel = Pulse(self.steering, WHEEL, self)
        self.pulses = TimedAiming(self.steering, self._position, self._has_controls, self)
        self.aiming: Aiming = self.pulses
        self._connect()
        self.hands.start()

    def show_camera(self, camera: Camera | None) -> None:
        """Take the camera of the selected tile. One that does not turn gives the keys back to the wall."""
        self.presenter.show_camera(camera)
        if (camera is None or not camera.ptz) and self._window.pad.hasFocus():
            self._window.wall.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_motion(self, state: MotionState) -> None:
        """Take what is known of a camera's movement."""
        self.presenter.show_motion(state)
        if state.phase is MotionPhase.MAY_BE_MOVING:
            self.alarmed.emit(Text("camera_may_be_moving", {"camera": str(state.camera_no)}))

    def take_controls(self) -> None:
        """Give the keys to the camera in the selected tile."""
        camera = self._walls.active.selected_camera
        if camera is None or not camera.ptz:
            self.said.emit(Text("camera_does_not_turn"))
            return
        self._window.leave_wall_mode()  # the controls would not be seen there
        self._window.pad.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def let_go(self) -> None:
        """Take every hand off: the desk is left, covered, or given to somebody else."""
        for presenter in self._walls.presenters.values():
            presenter.wall.drop_gesture()
        self.presenter.let_go()

    def close(self) -> None:
        """Let go of cameras and devices."""
        self.let_go()
        self.hands.close()

    # -- joining

    def _connect(self) -> None:
        presenter, hands, window = self.presenter, self.hands, self._window
        presenter.failed.connect(self.failed)
        presenter.controls_changed.connect(self._steer_walls)
        window.pad.keypad_pressed.connect(hands.press_key)
        window.focus_lost.connect(self.let_go)
        hands.typed.connect(window.pad.show_typed)
        hands.told.connect(self.said)
        hands.begun.connect(self._do)
        hands.ended.connect(self.deed_ended)
        hands.focus_turned.connect(self.focus_turned)
        hands.command_given.connect(self._obey)
        for wall in self._walls.presenters.values():
            self._join(wall)
        self._walls.wall_made.connect(self._join)
        self._lock.locked.connect(self.let_go)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._application_changed)

    @Slot(object)
    def _join(self, presenter: WallPresenter) -> None:
        wall = presenter.wall
        wall.steer(self._controlled)
        wall.vector_drawn.connect(self._turn)
        wall.point_chosen.connect(self._centre)
        wall.box_drawn.connect(self._fill)
        wall.wheel_turned.connect(partial(self._zoom, presenter))
        wall.seen_changed.connect(partial(self._seen, presenter))

    # -- who has the keys

    @Slot(object)
    def _steer_walls(self, camera_no: int | None) -> None:
        self._controlled = camera_no
        if camera_no is None:
            self.pulses.end()
            self._wheel.end()
        for presenter in self._walls.presenters.values():
            presenter.wall.steer(camera_no)

    def _has_controls(self) -> bool:
        return self._controlled is not None

    def _attended(self) -> bool:
        """Whether the desk is what the operator has in front of them: signed in, active, nothing over it."""
        return self._window.is_attended and QApplication.activeModalWidget() is None

    @Slot(Qt.ApplicationState)
    def _application_changed(self, state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive:
            self.let_go()

    def _seen(self, presenter: WallPresenter, seen: bool) -> None:  # noqa: FBT001 - a signal's argument
        if not seen and presenter is self._walls.active:
            self.let_go()

    # -- the mouse in tiles

    @Slot(object)
    def _turn(self, vector: TileVector) -> None:
        if vector.velocity.still or vector.camera_no == self._controlled:
            self.steering.move(MOUSE, vector.velocity)

    @Slot(object)
    def _centre(self, point: TilePoint) -> None:
        self._aim(point.camera_no, lambda camera: self.aiming.centre(camera, point.x, point.y))

    @Slot(object)
    def _fill(self, box: TileBox) -> None:
        self._aim(box.camera_no, lambda camera: self.aiming.box(camera, box.part))

    def _aim(self, camera_no: int, aim: Callable[[Camera], None]) -> None:
        """Aim a camera without a hand that holds on, once it may be turned. Pulses ask for that themselves."""
        camera = self.presenter.camera
        if camera is None or camera.no != camera_no or camera_no != self._controlled:
            return
        if self.aiming is self.pulses:
            aim(camera)
        else:
            self.presenter.when_free(camera, partial(aim, camera))

    def _zoom(self, presenter: WallPresenter, wheel: TileWheel) -> None:
        place = presenter.replay_place(presenter.seat(wheel.tile))
        if place is not None and place.camera.no == self._controlled and wheel.steps:
            speed = _WHEEL_SPEED if wheel.steps > 0 else -_WHEEL_SPEED
            self._wheel.give(Velocity(zoom=speed), max(1.0, abs(wheel.steps)) * _NOTCH_S)

    def _position(self, camera_no: int) -> Position | None:
        motion = self.presenter.motion(camera_no)
        return motion.position if motion is not None else None

    # -- buttons and the keypad

    @Slot(object)
    def _do(self, action: Action) -> None:
        match action.deed:
            case Deed.PRESET:
                self.presenter.call_preset(action.number)
            case Deed.HOME:
                self.presenter.go_home()
            case Deed.SNAPSHOT:
                self.still_asked.emit()
            case Deed.NEXT_CAMERA:
                self._walls.step(1)
            case Deed.PREVIOUS_CAMERA:
                self._walls.step(-1)
            case _:
                self.deed_begun.emit(action)

    @Slot(object)
    def _obey(self, command: Command) -> None:
        match command.wanted:
            case Wanted.CAMERA:
                self._walls.call(command.first)
            case Wanted.CAMERA_INTO_TILE:
                self._walls.call(command.first, command.second)
            case Wanted.LAYOUT:
                self._walls.show_layout(command.first, str(command.second))
            case Wanted.PRESET:
                self.presenter.call_preset(command.first)
            case Wanted.STORE_PRESET:
                self.presenter.store_preset(command.first)
            case _:
                assert_never(command.wanted)
