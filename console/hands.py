"""Joysticks, gamepads and keypads at this desk: each device is a hand on the camera that is selected."""

import importlib.util
import logging
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal, Slot

from console.ptz_hand import STILL, Steering
from domain.clock import Clock
from domain.hand import Action, Deed, Hand, HandMap
from domain.keypad import KEYS, Keypad
from domain.motion import Velocity
from domain.news import InputCame, News
from domain.text import Text
from ptz.hands.evdev_inputs import EvdevInputs
from ptz.hands.events import (
    AxesMoved,
    ButtonChanged,
    InputDevices,
    InputEvent,
    Plugged,
    Unavailable,
    Unplugged,
)
from ptz.hands.sdl_inputs import SdlInputs

_BUTTON_ZOOM = 0.5  # of the greatest speed, for a button that zooms
_ZOOMS = {Deed.ZOOM_IN: Velocity(zoom=_BUTTON_ZOOM), Deed.ZOOM_OUT: Velocity(zoom=-_BUTTON_ZOOM)}
_log = logging.getLogger(__name__)


def usual_devices(clock: Clock, platform: str = sys.platform) -> tuple[InputDevices, ...]:
    """Return what reads this machine's devices: the kernel on Linux, elsewhere SDL where it is installed."""
    if platform == "linux":
        return (EvdevInputs(clock),)
    return (SdlInputs(clock),) if importlib.util.find_spec("pygame") is not None else ()


@dataclass(slots=True)
class _Device:
    """One device, its hand, and which of its buttons are held."""

    name: str
    hand: Hand
    held: set[Action] = field(default_factory=set)

    @property
    def velocity(self) -> Velocity:
        """What axes and held buttons ask for together."""
        zoom = self.hand.velocity.zoom + sum(_ZOOMS[action.deed].zoom for action in self.held if action.deed in _ZOOMS)
        return replace(self.hand.velocity, zoom=zoom).clamped()


class Hands(QObject):
    """Brings devices to the camera in hand, and their buttons to whoever does what they mean.

    `report` is called on the devices' own threads, everything else on the UI thread: it posts `InputCame`, and whoever
    gets that calls `take`. While `attended` says that the desk is not in front, axes and buttons move nothing, and
    whatever is pushed then has to come to rest first.
    """

    begun = Signal(object)  # Action: a button was pressed
    ended = Signal(object)  # Action of those that are held: its button was released, or its device is gone
    focus_turned = Signal(float)  # -1 (near) to 1 (far), 0.0 at rest
    command_given = Signal(object)  # domain.keypad.Command
    typed = Signal(str)  # what stands on the keypad now
    told = Signal(object)  # Text

    def __init__(
        self,
        devices: Sequence[InputDevices],
        post: Callable[[News], None],
        steering: Steering,
        attended: Callable[[], bool],
        uses: HandMap,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._adapters = tuple(devices)
        self._post = post
        self._steering = steering
        self._attended = attended
        self._uses = uses
        self._lock = threading.Lock()
        self._events: list[InputEvent] = []
        self._devices: dict[str, _Device] = {}
        self._keypad = Keypad()

    def start(self) -> None:
        """Listen to devices from now on."""
        for adapter in self._adapters:
            adapter.start(self.report)

    def close(self) -> None:
        """Let go of all devices; what they moved is stopped."""
        for adapter in self._adapters:
            adapter.close()
        self.take()

    def report(self, event: InputEvent) -> None:
        """Take what a device did; on any thread. Of its axes only the newest places wait."""
        with self._lock:
            first = not self._events
            if isinstance(event, AxesMoved) and not first and _same_axes(self._events[-1], event):
                self._events[-1] = event
            else:
                self._events.append(event)
        if first:
            self._post(InputCame())

    @Slot()
    def take(self) -> None:
        """Do what devices have asked for since the last time."""
        with self._lock:
            events, self._events = self._events, []
        for event in events:
            self._do(event)

    def press_key(self, key: str) -> None:
        """Take one key of a numeric keypad, as `domain.keypad.KEYS` names them."""
        self._keypad, command = self._keypad.pressed(key)
        self.typed.emit(self._keypad.typed)
        if command is not None:
            self.command_given.emit(command)

    @property
    def devices(self) -> tuple[str, ...]:
        """The names of the devices that are plugged in."""
        return tuple(device.name for device in self._devices.values())

    def _do(self, event: InputEvent) -> None:
        match event:
            case Plugged(device, name):
                self._devices[device] = _Device(name, Hand(self._uses))
                self.told.emit(Text("input_plugged", {"device": name}))
            case Unplugged(device):
                self._lose(device)
            case AxesMoved(device, places):
                self._place(device, places)
            case ButtonChanged(device, button, pressed):
                self._press(device, button, pressed=pressed)
            case Unavailable(reason):
                _log.info("input devices: %s", reason)

    def _lose(self, number: str) -> None:
        device = self._devices.pop(number, None)
        if device is None:
            return
        moved = self._steering.holds(number)
        self._steering.move(number, STILL)
        if device.hand.focus:
            self.focus_turned.emit(0.0)
        for action in device.held:
            self.ended.emit(action)
        self.told.emit(Text("input_unplugged_moving" if moved else "input_unplugged", {"device": device.name}))

    def _place(self, number: str, places: Mapping[int, float]) -> None:
        device = self._devices.get(number)
        if device is None:
            return
        focus = device.hand.focus
        device.hand = device.hand.with_axes(places)
        self._steer(number, device)
        if device.hand.focus != focus and (self._attended() or not device.hand.focus):
            self.focus_turned.emit(device.hand.focus)

    def _press(self, number: str, button: int, *, pressed: bool) -> None:
        device = self._devices.get(number)
        action = device.hand.action(button) if device is not None else None
        if device is None or action is None:
            return
        if not pressed:
            self._release(number, device, action)
        elif action.deed is Deed.STOP:
            self._stop()
        elif self._attended():
            self._begin(number, device, action)

    def _begin(self, number: str, device: _Device, action: Action) -> None:
        if action.held:
            device.held.add(action)
        if action.deed in _ZOOMS:
            self._steer(number, device)
        elif action.deed is Deed.KEYPAD:
            if 0 <= action.number < len(KEYS):
                self.press_key(KEYS[action.number])
        else:
            self.begun.emit(action)

    def _release(self, number: str, device: _Device, action: Action) -> None:
        if action not in device.held:
            return
        device.held.discard(action)
        if action.deed in _ZOOMS:
            self._steer(number, device)
        else:
            self.ended.emit(action)

    def _stop(self) -> None:
        """Stop the camera in hand, whoever set it off; whether or not the desk is in front."""
        camera = self._steering.camera
        if camera is not None and camera.ptz:
            self._steering.stop(camera)

    def _steer(self, number: str, device: _Device) -> None:
        velocity = device.velocity
        if velocity.still or self._attended():
            self._steering.move(number, velocity)
        else:
            self._steering.hold_back(number)


def _same_axes(waiting: InputEvent, event: AxesMoved) -> bool:
    return isinstance(waiting, AxesMoved) and waiting.device == event.device
