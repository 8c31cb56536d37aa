"""Everything that aims one desk's cameras at places, joined: calibrations, cones, look here, surround."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.aim_editing import AimEditing, Viewing
from console.aiming import CalibratedAiming, Calibrations
from console.camera_cones import CameraCones
from console.core import Core
from console.keys import CONTROL, PLAIN, SHIFT, Deed, Key
from console.look_here import AimNeeds, LookHere, MoveGate
from console.map_presenter import MapPresenter
from console.ptz_aiming import Aiming
from console.surround import Surround
from console.tasks import Tasks
from db.camera_aims import CameraAimStore
from domain.aiming import Rectangle
from domain.camera import Camera
from domain.clock import SystemClock
from domain.motion import MotionPhase, MotionState
from domain.text import Text

AROUND = 3  # cameras that surround a place
_BY_HAND = frozenset({MotionPhase.MOVE_SENT, MotionPhase.MOVING})


@dataclass(frozen=True, slots=True)
class LookingNeeds:
    """What the desk gives. `on_screen` are the cameras on all monitors that turn; `pulses` aim what has no numbers.

    `show` opens pictures by the cameras' numbers; `say` shows a text in the message strip; `selected` is the camera of
    the selected tile.
    """

    gate: MoveGate
    pulses: Aiming
    on_screen: Callable[[], Sequence[Camera]]
    selected: Callable[[], Camera | None]
    show: Callable[[Sequence[int]], None]
    say: Callable[[Text], None]


class Looking(QObject):
    """Looks at places with this desk's cameras. What can't be done is told through `failed`."""

    failed = Signal(object)  # WatchroomError

    def __init__(self, core: Core, tasks: Tasks, needs: LookingNeeds, window: QWidget) -> None:
        super().__init__(window)
        self._needs = needs
        self._cameras: tuple[Camera, ...] = ()
        self._map: MapPresenter | None = None
        world = SystemClock()  # cameras live in the world, whatever clock the room has
        self.calibrations = Calibrations(CameraAimStore(core.stores.database), tasks, self)
        aim = AimNeeds(self._register, self.calibrations, core.ptz, needs.gate, tasks, needs.show, needs.say)
        self.look_here = LookHere(aim, self)
        self.surround = Surround(aim, AROUND, self)
        self.aiming = CalibratedAiming(self.calibrations, core.ptz, tasks, self._by_pulse, self)
        self.cones = CameraCones(self.calibrations, core.ptz, needs.on_screen, tasks, world, self)
        viewing = Viewing(core.ptz, core.replay, world)
        self.editing = AimEditing(self.calibrations, viewing, core.door, tasks, lambda: self._map, window)
        for part in (self.look_here, self.surround, self.aiming):
            part.failed.connect(self.failed)

    def start(self) -> None:
        """Read the calibrations and begin to follow the cameras."""
        self.calibrations.load()
        self.cones.start()

    def close(self) -> None:
        """Follow them no more, and let those go back that surround a place."""
        self.cones.stop()
        self.surround.release()

    def show_register(self, cameras: Sequence[Camera]) -> None:
        """Take the register."""
        self._cameras = tuple(cameras)
        self.cones.show_register(self._cameras)

    def show_motion(self, state: MotionState) -> None:
        """Take what is known of a camera's movement: one that a hand turns is that person's from now on."""
        self.cones.show_motion(state)
        if state.phase in _BY_HAND and not state.velocity.still:
            self.surround.let_be(state.camera_no)
            self.aiming.forget(state.camera_no)

    def take_map(self, presenter: MapPresenter) -> None:
        """Join the map."""
        self._map = presenter
        presenter.look_here_asked.connect(self.look_here.look)
        presenter.surround_asked.connect(self.surround.surround)
        presenter.release_asked.connect(self.surround.release)
        presenter.place_missed.connect(self._ask_where)
        self.surround.changed.connect(presenter.show_surrounding)
        self.cones.changed.connect(presenter.show_cones)
        presenter.show_cones(self.cones.cones)

    def deeds(self) -> dict[Key, Deed]:
        """Return the keys: L looks, Shift+L surrounds or lets go, Ctrl+L calibrates the selected camera."""
        return {
            (Qt.Key.Key_L, PLAIN): self._look_here,
            (Qt.Key.Key_L, SHIFT): self._surround,
            (Qt.Key.Key_L, CONTROL): self._calibrate,
        }

    def _register(self) -> tuple[Camera, ...]:
        return self._cameras

    def _look_here(self) -> None:
        if self._map is None:
            self._ask_where()
        else:
            self._map.look_here()

    def _surround(self) -> None:
        if self._map is None:
            self._ask_where()
        else:
            self._map.surround()

    def _calibrate(self) -> None:
        camera = self._needs.selected()
        if camera is None or not camera.ptz:
            self._needs.say(Text("camera_does_not_turn"))
        else:
            self.editing.edit(camera)

    def _by_pulse(self, camera: Camera, part: Rectangle) -> None:
        self._needs.pulses.box(camera, part)

    @Slot()
    def _ask_where(self) -> None:
        self._needs.say(Text("look_here_nowhere"))
