"""Joins the PTZ pad, the arrow keys and the camera in the selected tile."""

import logging
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot

from console.core import Core
from console.tasks import Lane, Tasks
from domain.camera import Camera
from domain.errors import RefusedError
from domain.motion import MotionPhase, MotionState, Preset, Velocity
from widgets.ptz_pad import PtzPad

_log = logging.getLogger(__name__)

KEY_SPEED = 0.5
_DIRECTIONS = {
    Qt.Key.Key_Left: Velocity(pan=-KEY_SPEED),
    Qt.Key.Key_Right: Velocity(pan=KEY_SPEED),
    Qt.Key.Key_Up: Velocity(tilt=KEY_SPEED),
    Qt.Key.Key_Down: Velocity(tilt=-KEY_SPEED),
    Qt.Key.Key_Plus: Velocity(zoom=KEY_SPEED),
    Qt.Key.Key_Equal: Velocity(zoom=KEY_SPEED),
    Qt.Key.Key_Minus: Velocity(zoom=-KEY_SPEED),
}


class PtzPresenter(QObject):
    """Hold to move, release to stop; whatever takes the hand away stops too."""

    refused = Signal(object)  # RefusedError

    def __init__(self, pad: PtzPad, core: Core, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._pad = pad
        self._core = core
        self._tasks = tasks
        self._camera: Camera | None = None
        self._moving: Camera | None = None
        self._held: set[int] = set()
        self._presets: dict[int, tuple[Preset, ...]] = {}
        pad.move_asked.connect(self.move)
        pad.stop_asked.connect(self.stop)
        pad.preset_asked.connect(self._go)
        pad.home_asked.connect(self._go_home)

    @Slot(object)
    def show_camera(self, camera: Camera | None) -> None:
        """Take the camera of the selected tile; one that is moving is stopped first."""
        if camera == self._camera:
            return
        self.stop()
        self._camera = camera
        self._pad.show_camera(camera)
        if camera is None or not camera.ptz:
            return
        self._pad.show_motion(self._core.ptz.state(camera))
        if camera.no in self._presets:
            self._pad.show_presets(self._presets[camera.no])
        else:
            self._tasks.run(
                Lane.NETWORK, partial(self._core.ptz.presets, camera), self, partial(self._keep_presets, camera.no)
            )

    def show_motion(self, state: MotionState) -> None:
        """Show what is known of a camera's movement."""
        if self._camera is not None and state.camera_no == self._camera.no:
            self._pad.show_motion(state)

    # -- hands

    @Slot(object)
    def move(self, velocity: Velocity) -> None:
        """Start or change the movement of the selected camera."""
        camera = self._camera
        if camera is None or not camera.ptz:
            return
        if self._moving is None:
            try:
                self._core.move_allowed(camera)
            except RefusedError as error:
                self.refused.emit(error)
                return
        self._moving = camera
        self._core.ptz.move(camera, velocity)

    @Slot()
    def stop(self, _reason: object = None) -> None:
        """Stop the camera that was being moved."""
        self._held.clear()
        if self._moving is not None:
            self._core.ptz.stop(self._moving)
            self._moving = None

    def key_pressed(self, key: int) -> bool:
        """Take an arrow, plus or minus; return whether it was one. Auto-repeat must not come here."""
        if key not in _DIRECTIONS:
            return False
        self._held.add(key)
        self.move(self._wanted())
        return True

    def key_released(self, key: int) -> bool:
        """Take the release; the last one stops the camera."""
        if key not in self._held:
            return False
        self._held.discard(key)
        if self._held:
            self.move(self._wanted())
        else:
            self.stop()
        return True

    def preset_number(self, number: int) -> None:
        """Go to the n-th preset, counted from 1."""
        presets = self._presets.get(self._camera.no, ()) if self._camera else ()
        if 0 < number <= len(presets):
            self._go(presets[number - 1].token)

    @property
    def hands_on(self) -> bool:
        """Whether a movement is being held."""
        return self._moving is not None

    def _wanted(self) -> Velocity:
        wanted = [_DIRECTIONS[Qt.Key(key)] for key in self._held]
        return Velocity(
            sum(each.pan for each in wanted), sum(each.tilt for each in wanted), sum(each.zoom for each in wanted)
        ).clamped()

    @Slot(str)
    def _go(self, token: str) -> None:
        camera = self._camera
        if camera is not None and self._allowed(camera):
            self._tasks.run(Lane.NETWORK, partial(self._core.ptz.goto, camera, token), self, lambda _: None)

    @Slot()
    def _go_home(self, _asked: object = None) -> None:
        camera = self._camera
        if camera is not None and self._allowed(camera):
            self._tasks.run(Lane.NETWORK, partial(self._core.ptz.home, camera), self, lambda _: None)

    def _allowed(self, camera: Camera) -> bool:
        try:
            self._core.move_allowed(camera)
        except RefusedError as error:
            self.refused.emit(error)
            return False
        return True

    def _keep_presets(self, number: int, presets: list[Preset]) -> None:
        self._presets[number] = tuple(presets)
        if self._camera is not None and self._camera.no == number:
            self._pad.show_presets(self._presets[number])


def worth_a_warning(state: MotionState) -> bool:
    """Whether the operator must be told even when looking elsewhere."""
    return state.phase is MotionPhase.MAY_BE_MOVING
