"""Buttons of joysticks for the lens and the switches: focus and iris go on while held, wiper and light switch."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from console.ptz_optics import OpticsBook
from domain.camera import Camera
from domain.hand import Action, Deed
from domain.optics import OpticsWish

_STEP_MS = 250  # as the buttons on the screen repeat
_STEPS = {
    Deed.FOCUS_NEAR: OpticsWish.FOCUS_NEAR,
    Deed.FOCUS_FAR: OpticsWish.FOCUS_FAR,
    Deed.IRIS_OPEN: OpticsWish.IRIS_OPEN,
    Deed.IRIS_CLOSE: OpticsWish.IRIS_CLOSE,
}


class OpticsHand(QObject):
    """Does what buttons ask of the camera in hand."""

    def __init__(self, optics: OpticsBook, camera: Callable[[], Camera | None], parent: QObject) -> None:
        super().__init__(parent)
        self._optics = optics
        self._camera = camera
        self._held: OpticsWish | None = None
        self._lit: set[int] = set()  # cameras whose light was switched on from here
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._step)

    @Slot(object)
    def begin(self, action: Action) -> None:
        """Take that a button went down."""
        camera = self._camera()
        if camera is None:
            return
        if action.deed in _STEPS:
            self._held = _STEPS[action.deed]
            self._step()
            self._timer.start()
        elif action.deed is Deed.AUTO_FOCUS:
            self._optics.ask(camera, OpticsWish.FOCUS_AUTO)
        elif action.deed is Deed.WIPER:
            self._optics.ask(camera, OpticsWish.WIPER_ON)
        elif action.deed is Deed.LIGHT:
            self._lit ^= {camera.no}
            self._optics.ask(camera, OpticsWish.LIGHT_ON if camera.no in self._lit else OpticsWish.LIGHT_OFF)

    @Slot(object)
    def end(self, action: Action) -> None:
        """Take that a button came up."""
        camera = self._camera()
        if action.deed in _STEPS:
            self._held = None
            self._timer.stop()
        elif action.deed is Deed.WIPER and camera is not None:
            self._optics.ask(camera, OpticsWish.WIPER_OFF)

    @Slot()
    def _step(self) -> None:
        camera, held = self._camera(), self._held
        if camera is None or held is None:
            self._timer.stop()
        else:
            self._optics.ask(camera, held)
