"""Turning a camera: hold to move, let go to stop. Whatever takes the pad away from the operator also stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QListView,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from domain.camera import Camera
from domain.motion import MotionPhase, MotionState, Velocity
from domain.ptz_place import PtzPlace
from widgets import words
from widgets.pane import PaneHeader, make_pane, mark, plain_label
from widgets.ptz_keys import TURNS, keypad_key, preset_digit
from widgets.theme import STEP, colours_of, larger, scaled

_SLOWEST, _FASTEST = 1, 10


@dataclass(frozen=True, slots=True)
class PtzMove:
    """A wish for a camera to turn at this speed until a stop is asked for."""

    camera_no: int
    velocity: Velocity


@dataclass(frozen=True, slots=True)
class PresetWish:
    """A wish for a camera to go to its place of this number."""

    camera_no: int
    number: int


@dataclass(frozen=True, slots=True)
class PresetStore:
    """A wish to store the present view of a camera under a number."""

    camera_no: int
    number: int


class PtzPad(QWidget):
    """Shows one camera's controls. With the focus on it arrows turn, + and − zoom, digits call presets, S stops.

    Shift and a digit store one. What is typed on the numeric keypad is passed on, key by key.
    Stop is always there for a camera that can turn, whoever set it off and whatever else is refused.
    """

    move_asked = Signal(object)  # PtzMove, again whenever the speed or direction changes while held
    stop_asked = Signal(int)  # the camera's number: what this pad moved is let go
    halt_asked = Signal(int)  # the camera's number: it is to stop, whoever set it off
    preset_asked = Signal(object)  # PresetWish
    store_asked = Signal(object)  # PresetStore
    keypad_pressed = Signal(str)  # a key of domain.keypad.KEYS
    controls_changed = Signal(bool)  # whether keys go to the camera from now on
    home_asked = Signal(int)  # the camera's number

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_pane(self)
        self._camera: Camera | None = None
        self._numbers: tuple[int, ...] = ()  # of the places in the list
        self._usable = False
        self._keys: dict[int, Velocity] = {}  # by their place on the keyboard: Shift may change their name meanwhile
        self._pressed = Velocity()
        self._moving: int | None = None  # the camera that was last asked to move and not yet to stop
        self._title, self._typed = "", ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Camera controls: arrows turn, plus and minus zoom"))
        self._header = PaneHeader(self.tr("Turn camera"), self)
        self._told = plain_label("", self)
        self._told.setWordWrap(True)
        self._buttons = QWidget(self)
        self._turns: list[QPushButton] = []
        self._stop = QPushButton("■", self._buttons)
        self._speed = QSlider(Qt.Orientation.Horizontal, self)
        self._speed.setRange(_SLOWEST, _FASTEST)
        self._speed.setValue(5)
        self._speed.setAccessibleName(self.tr("Speed"))
        self._home = QPushButton(self.tr("Home view [Home]"), self)
        self._names = QStringListModel(self)
        self._list = QListView(self)
        self._lay_out()
        self._speed.valueChanged.connect(self._send)
        self._home.clicked.connect(self._ask_home)
        self._stop.clicked.connect(self._ask_stop)
        self._list.activated.connect(self._ask_row)
        self.show_camera(None)

    def show_camera(
        self,
        camera: Camera | None,
        places: Sequence[PtzPlace] = (),
        motion: MotionState | None = None,
        refused: str = "",
    ) -> None:
        """Show the controls of a camera; `refused` says in words why it can't be turned now (right, lease, link).

        A camera that is being turned when another is shown, or when it is refused, is stopped first.
        """
        disabled = motion is not None and motion.phase is MotionPhase.DISABLED
        usable = camera is not None and camera.ptz and not refused and not disabled
        if not usable or camera is None or camera.no != self._moving:
            self.stop()
        self._camera, self._usable = camera, usable
        numbered = [(place.no, place.shown_name) for place in places if place.no is not None]
        self._numbers = tuple(number for number, _ in numbered)
        lines = [f"{number}  {name}" for number, name in numbered]
        if lines != self._names.stringList():
            self._names.setStringList(lines)
        for widget in (*self._turns, self._speed, self._home, self._list):
            widget.setEnabled(usable)
        self._stop.setEnabled(camera is not None and camera.ptz)
        self._say(camera, motion, refused)

    def show_typed(self, typed: str) -> None:
        """Show what stands on the numeric keypad."""
        self._typed = typed
        self._show_title()

    @property
    def has_controls(self) -> bool:
        """Whether keys go to the camera."""
        return self.hasFocus()

    def stop(self) -> None:
        """Let go of everything; asks for a stop if a camera was asked to move."""
        self._keys.clear()
        self._pressed = Velocity()
        self._send()

    # -- laying out

    def _lay_out(self) -> None:
        step = scaled(self, STEP)
        self._list.setModel(self._names)
        self._list.setAccessibleName(self.tr("Presets"))
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setMinimumHeight(scaled(self, 36))
        self._list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        right = QVBoxLayout()
        right.setSpacing(step)
        right.addWidget(plain_label(self.tr("Presets [1–9]"), self, dim=True))
        right.addWidget(self._list, 1)
        right.addWidget(self._home)
        left = QVBoxLayout()
        left.setSpacing(step)
        left.addWidget(self._buttons)
        speed = QHBoxLayout()
        speed.addWidget(plain_label(self.tr("Speed"), self, dim=True))
        speed.addWidget(self._speed, 1)
        left.addLayout(speed)
        left.addStretch(1)
        self._fill_buttons()
        both = QHBoxLayout()
        both.setSpacing(3 * step)
        both.addLayout(left)
        both.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * step, step, 2 * step, 2 * step)
        column.setSpacing(step)
        column.addWidget(self._header)
        column.addWidget(self._told)
        column.addLayout(both, 1)

    def _fill_buttons(self) -> None:
        grid = QGridLayout(self._buttons)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(scaled(self, STEP // 2))
        for row, column, sign, said, velocity in (
            (0, 0, "↖", self.tr("Left and up"), Velocity(-1, 1)),
            (0, 1, "↑", self.tr("Up"), Velocity(0, 1)),
            (0, 2, "↗", self.tr("Right and up"), Velocity(1, 1)),
            (1, 0, "←", self.tr("Left"), Velocity(-1, 0)),
            (1, 2, "→", self.tr("Right"), Velocity(1, 0)),
            (2, 0, "↙", self.tr("Left and down"), Velocity(-1, -1)),
            (2, 1, "↓", self.tr("Down"), Velocity(0, -1)),
            (2, 2, "↘", self.tr("Right and down"), Velocity(1, -1)),
            (0, 3, "+", self.tr("Zoom in"), Velocity(zoom=1)),
            (2, 3, "−", self.tr("Zoom out"), Velocity(zoom=-1)),
        ):
            button = QPushButton(sign, self._buttons)
            self._turns.append(button)
            self._set_up(button, said)
            button.pressed.connect(partial(self._press, velocity))
            button.released.connect(partial(self._press, Velocity()))
            grid.addWidget(button, row, column)
        self._set_up(self._stop, self.tr("Stop [S]"))
        grid.addWidget(self._stop, 1, 1)

    def _set_up(self, button: QPushButton, said: str) -> None:
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the pad itself takes the keys
        button.setFont(larger(self, 1.25, bold=True))
        button.setAccessibleName(said)
        button.setToolTip(said)
        button.setFixedSize(scaled(self, 44), scaled(self, 25))

    # -- showing

    def _say(self, camera: Camera | None, motion: MotionState | None, refused: str) -> None:
        self._title = "" if camera is None else f"{words.camera_no(camera.no)} {camera.name}"
        self._show_title()
        known = motion if motion is not None and camera is not None and motion.camera_no == camera.no else None
        unsure = known is not None and known.phase is MotionPhase.MAY_BE_MOVING
        if camera is None:
            said = self.tr("Select a tile with a camera that can be turned.")
        elif not camera.ptz:
            said = self.tr("This camera can't be turned.")
        elif refused:
            said = refused
        elif known is not None:
            said = " – ".join(part for part in (words.motion_words(known.phase), known.detail) if part)
        else:
            said = ""
        ready = self.tr("Hold a button or an arrow key to turn; let go to stop.")
        self._told.setText(said or ready)
        off = bool(refused) or (known is not None and known.phase is MotionPhase.DISABLED)
        moved = known is not None and known.phase is not MotionPhase.READY and not refused and bool(said)
        mark(self._told, severe=unsure, warn=off and not unsure, dim=not unsure and not off and not moved)
        colours, font = colours_of(self), larger(self, 1.25)
        loud = f"padding: {scaled(self, STEP)}px; font-size: {font.pixelSize()}px; font-weight: bold; background: "
        plate = f"{colours.critical}; color: {colours.ink}" if unsure else colours.raised
        self._told.setStyleSheet(loud + plate if moved or unsure else "")

    def _show_title(self) -> None:
        typed = self.tr("{typed} – P: preset, Enter: camera").format(typed=self._typed) if self._typed else ""
        self._header.show_right(typed or self._title, warn=bool(typed))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show with an accent line that the keys belong to the pad."""
        super().paintEvent(event)
        if self.hasFocus():
            with QPainter(self) as painter:
                painter.fillRect(0, 0, self.width(), scaled(self, 2), QColor(colours_of(self).accent))

    # -- the operator

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn while an arrow is held; S stops, digits call presets."""
        key, typing = event.key(), keypad_key(event, typed=bool(self._typed))
        if event.isAutoRepeat():
            return  # a held key is held until it is released
        if key == Qt.Key.Key_S and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._ask_stop()
        elif typing:
            self.keypad_pressed.emit(typing)
        elif not self._usable or self._camera is None:
            super().keyPressEvent(event)
        elif key in TURNS:
            self._keys[event.nativeScanCode() or key] = TURNS[key]
            self._send()
        elif key == Qt.Key.Key_Home:
            self._ask_home()
        elif not self._take_digit(event):
            super().keyPressEvent(event)

    def _take_digit(self, event: QKeyEvent) -> bool:
        pressed = preset_digit(event)
        if pressed is None or self._camera is None:
            return False
        number, shifted = pressed
        if shifted:
            self.store_asked.emit(PresetStore(self._camera.no, number))
        else:
            self._ask_preset(number)
        return True

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Stop that direction."""
        held = event.nativeScanCode() or event.key()
        if event.isAutoRepeat():
            return
        if self._keys.pop(held, None) is not None:
            self._send()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop: the release of a held key would go elsewhere."""
        super().focusOutEvent(event)
        self.stop()
        self.controls_changed.emit(False)  # noqa: FBT003 - a signal
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys belong here."""
        super().focusInEvent(event)
        self.controls_changed.emit(True)  # noqa: FBT003 - a signal
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop."""
        super().hideEvent(event)
        self.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Stop when the window is no longer the active one or the pad is disabled."""
        super().changeEvent(event)
        if (event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow()) or (
            event.type() is QEvent.Type.EnabledChange and not self.isEnabled()
        ):
            self.stop()

    def _press(self, velocity: Velocity) -> None:
        self._pressed = velocity
        self._send()

    def _wanted(self) -> Velocity:
        parts = [self._pressed, *self._keys.values()]
        pan, tilt, zoom = (sum(getattr(part, axis) for part in parts) for axis in ("pan", "tilt", "zoom"))
        unit = Velocity(pan, tilt, zoom).clamped()
        speed = self._speed.value() / _FASTEST
        return Velocity(unit.pan * speed, unit.tilt * speed, unit.zoom * speed)

    def _send(self) -> None:
        velocity = self._wanted()
        if not velocity.still and self._camera is not None and self._usable:
            self._moving = self._camera.no
            self.move_asked.emit(PtzMove(self._camera.no, velocity))
        elif self._moving is not None:
            number, self._moving = self._moving, None
            self.stop_asked.emit(number)

    def _ask_stop(self) -> None:
        if self._camera is not None and self._camera.ptz:
            self._keys.clear()
            self._pressed = Velocity()
            self._moving = None
            self.halt_asked.emit(self._camera.no)

    def _ask_home(self) -> None:
        if self._camera is not None and self._usable:
            self.stop()
            self.home_asked.emit(self._camera.no)

    def _ask_row(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._numbers):
            self._ask_preset(self._numbers[index.row()])

    def _ask_preset(self, number: int) -> None:
        if self._camera is not None and self._usable:
            self.stop()
            self.preset_asked.emit(PresetWish(self._camera.no, number))
