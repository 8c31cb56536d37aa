"""Focus, iris, wiper and light: a button for each thing that the camera says it has, and for nothing else."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from domain.optics import Optics, OpticsWish
from widgets.theme import STEP, scaled

_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class OpticsPress:
    """A wish for a camera's lens or switches."""

    camera_no: int
    wish: OpticsWish


class OpticsRow(QWidget):
    """The buttons of one camera; hidden where it has none."""

    pressed = Signal(object)  # OpticsPress

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._camera_no: int | None = None
        self.buttons: dict[OpticsWish, QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(scaled(self, STEP // 2))
        for place, (wish, said) in enumerate(self._words().items()):
            button = QPushButton(said, self)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the hand on the camera
            button.setAutoRepeat(wish.value.startswith(("focus_", "iris_")) and not wish.value.endswith("_auto"))
            button.setAutoRepeatInterval(250)
            button.clicked.connect(partial(self._press, wish))
            self.buttons[wish] = button
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        self.show_optics(None, None)

    def show_optics(self, camera_no: int | None, optics: Optics | None) -> None:
        """Show the buttons of a camera, none where nothing is known of it."""
        self._camera_no = camera_no
        wishes = frozenset[OpticsWish]() if optics is None else optics.wishes
        for wish, button in self.buttons.items():
            button.setVisible(wish in wishes)
        self.setVisible(bool(wishes))

    def _words(self) -> dict[OpticsWish, str]:
        return {
            OpticsWish.FOCUS_NEAR: self.tr("Focus near"),
            OpticsWish.FOCUS_FAR: self.tr("Focus far"),
            OpticsWish.FOCUS_AUTO: self.tr("Autofocus"),
            OpticsWish.IRIS_OPEN: self.tr("Open iris"),
            OpticsWish.IRIS_CLOSE: self.tr("Close iris"),
            OpticsWish.IRIS_AUTO: self.tr("Automatic iris"),
            OpticsWish.WIPER_ON: self.tr("Wiper on"),
            OpticsWish.WIPER_OFF: self.tr("Wiper off"),
            OpticsWish.WASHER_ON: self.tr("Washer"),
            OpticsWish.LIGHT_ON: self.tr("Light on"),
            OpticsWish.LIGHT_OFF: self.tr("Light off"),
            OpticsWish.LIGHT_AUTO: self.tr("Automatic light"),
        }

    def _press(self, wish: OpticsWish) -> None:
        if self._camera_no is not None:
            self.pressed.emit(OpticsPress(self._camera_no, wish))
