"""Joins the PTZ pad to the camera in the selected tile."""

from functools import partial

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot

from console.core import Core
from console.tasks import Lane, Tasks
from domain.camera import Camera
from domain.errors import RefusedError
from domain.motion import MotionState, Preset
from widgets.ptz_pad import PresetWish, PtzMove, PtzPad


class PtzPresenter(QObject):
    """Hold to move, release to stop; the pad itself lets go when the hand is taken away. Stop needs no right."""

    failed = Signal(object)  # WatchroomError

    def __init__(self, pad: PtzPad, core: Core, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._pad = pad
        self._core = core
        self._tasks = tasks
        self._camera: Camera | None = None
        self._moving: Camera | None = None
        self._presets: dict[int, tuple[Preset, ...]] = {}
        self._motions: dict[int, MotionState] = {}
        pad.move_asked.connect(self._move)
        pad.stop_asked.connect(self._stop)
        pad.preset_asked.connect(self._go)
        pad.home_asked.connect(self._go_home)

    @Slot(object)
    def show_camera(self, camera: Camera | None) -> None:
        """Take the camera of the selected tile; one that is being moved is stopped first, by the pad."""
        self._camera = camera
        self._draw()
        if camera is None or not camera.ptz:
            return
        self._core.ptz.prepare(camera)
        if camera.no not in self._presets:
            self._ask_presets(camera)

    def show_motion(self, state: MotionState) -> None:
        """Take what is known of a camera's movement."""
        self._motions[state.camera_no] = state
        if self._camera is not None and state.camera_no == self._camera.no:
            self._draw()

    def _draw(self) -> None:
        camera = self._camera
        if camera is None:
            self._pad.show_camera(None)
            return
        self._pad.show_camera(camera, self._presets.get(camera.no, ()), self._motions.get(camera.no))

    def _ask_presets(self, camera: Camera) -> None:
        def keep(presets: tuple[Preset, ...]) -> None:
            self._presets[camera.no] = presets
            self._draw()

        self._tasks.run(Lane.NETWORK, partial(self._core.ptz.presets, camera), self, keep, self.failed.emit)

    @Slot(object)
    def _move(self, wish: PtzMove) -> None:
        camera = self._camera
        if camera is None or camera.no != wish.camera_no:
            return
        if self._moving != camera and not self._allowed(camera):
            with QSignalBlocker(self._pad):  # nothing was moved: a colleague's movement must not end by this
                self._pad.stop()
            return
        self._moving = camera
        self._core.ptz.move(camera, wish.velocity)

    @Slot(int)
    def _stop(self, number: int) -> None:
        for camera in (self._moving, self._camera):
            if camera is not None and camera.no == number:
                self._moving = None
                self._core.ptz.stop(camera)
                return

    @Slot(object)
    def _go(self, wish: PresetWish) -> None:
        camera = self._camera
        if camera is not None and self._allowed(camera):
            work = partial(self._core.ptz.goto, camera, wish.token)
            self._tasks.run(Lane.NETWORK, work, self, lambda _: None, self.failed.emit)

    @Slot(int)
    def _go_home(self, _number: int) -> None:
        camera = self._camera
        if camera is not None and self._allowed(camera):
            self._tasks.run(Lane.NETWORK, partial(self._core.ptz.home, camera), self, lambda _: None, self.failed.emit)

    def _allowed(self, camera: Camera) -> bool:
        try:
            self._core.move_allowed(camera)
        except RefusedError as error:
            self.failed.emit(error)
            return False
        return True
