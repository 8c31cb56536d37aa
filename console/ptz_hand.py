"""The camera in hand, and every hand on it: keys, mouse, joysticks. What they ask for adds up; all let go is a Stop."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from domain.camera import Camera
from domain.errors import RefusedError
from domain.motion import Velocity

STILL = Velocity()

Gate = Callable[[Camera, Callable[[], None]], bool]
"""Asked before a movement begins: RefusedError where it may not be; what it is handed is to be called later.

False has the movement wait for that call, as long as the hand holds on; then nothing is asked again.
"""


class Moves(Protocol):
    """What turns cameras, at once and on any thread; `ptz.control.PtzControl` does."""

    def move(self, camera: Camera, velocity: Velocity) -> None:
        """Turn at this velocity until the next order."""
        ...

    def stop(self, camera: Camera) -> None:
        """Stop it, whoever moved it."""
        ...


class Steering(QObject):
    """Turns the camera in hand at the sum of what its hands ask for, each hand known by a name.

    A hand that was made to let go, or was refused, has to come to rest before it moves anything again: a stick that
    is still pushed when the desk is back in front must not set a camera off.
    """

    failed = Signal(object)  # RefusedError
    moved = Signal(object)  # Camera: it was given an order to move, for whoever keeps the time of the last one

    def __init__(self, moves: Moves, gate: Gate, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.gate = gate
        self._moves = moves
        self._camera: Camera | None = None
        self._moving: Camera | None = None
        self._waiting: Camera | None = None  # at the gate
        self._sent = STILL
        self._hands: dict[str, Velocity] = {}
        self._spent: set[str] = set()
        self._refused: dict[int, str] = {}

    @property
    def camera(self) -> Camera | None:
        """The camera that hands mean now."""
        return self._camera

    @property
    def moving(self) -> Camera | None:
        """The camera that was asked to move from here and not yet to stop."""
        return self._moving

    def take(self, camera: Camera | None) -> None:
        """Take this camera in hand. One that is being moved is stopped first, also where its address was changed."""
        if self._camera is not None and camera != self._camera:
            self.let_go()
        self._camera = camera

    def move(self, hand: str, velocity: Velocity) -> bool:
        """Take what a hand asks for now; return whether it counts. A hand at rest always does."""
        if velocity.still:
            self._spent.discard(hand)
            if self._hands.pop(hand, None) is not None:
                self._send()
            return True
        if hand in self._spent or not self._free():
            self.hold_back(hand)
            return False
        self._hands[hand] = velocity
        self._send()
        return hand in self._hands

    def hold_back(self, hand: str) -> None:
        """Have this hand come to rest before it counts again."""
        self._spent.add(hand)
        if self._hands.pop(hand, None) is not None:
            self._send()

    def holds(self, hand: str) -> bool:
        """Return whether this hand moves the camera now."""
        return hand in self._hands

    @Slot()
    def let_go(self) -> None:
        """Take all hands off, and stop what they moved."""
        self._spent |= self._hands.keys()
        self._hands.clear()
        self._waiting = None
        self._send()

    def stop(self, camera: Camera) -> None:
        """Take all hands off, and stop this camera, whoever set it off; needs no right."""
        moving = self._moving
        self.let_go()
        if moving is None or moving.no != camera.no:
            self._moves.stop(camera)

    def refuse(self, camera_no: int, why: str) -> None:
        """Move this camera no more until `why` is empty: somebody else holds it, or that has ended."""
        if not why:
            self._refused.pop(camera_no, None)
            return
        self._refused[camera_no] = why
        if self._camera is not None and self._camera.no == camera_no:
            self.let_go()

    def refusal(self, camera_no: int) -> str:
        """Return in words why this camera can't be moved now, nothing where it can."""
        return self._refused.get(camera_no, "")

    def _free(self) -> bool:
        """Whether the camera in hand is one that may be moved from here."""
        camera = self._camera
        return camera is not None and camera.ptz and camera.no not in self._refused

    def _send(self) -> None:
        velocity, camera = _sum(self._hands.values()), self._camera
        if velocity.still:
            moving, self._moving, self._sent, self._waiting = self._moving, None, STILL, None
            if moving is not None:
                self._moves.stop(moving)
        elif camera is not None and (self._moving is None or velocity != self._sent) and self._passes(camera):
            self._moving, self._sent = camera, velocity
            self._moves.move(camera, velocity)
            self.moved.emit(camera)

    def _passes(self, camera: Camera) -> bool:
        """Whether a movement may begin now, or goes on already; the gate is asked once for each."""
        if self._moving is not None:
            return True
        if self._waiting == camera:
            return False
        self._waiting = camera
        try:
            passes = self.gate(camera, partial(self._opened, camera))
        except RefusedError as error:
            self._spent |= self._hands.keys()
            self._hands.clear()
            self._waiting = None
            self.failed.emit(error)
            return False
        if passes:
            self._waiting = None
        return passes

    def _opened(self, camera: Camera) -> None:
        """Let the movement that waits begin, with what the hands ask for by now."""
        if self._waiting != camera:
            return  # all hands were taken off meanwhile
        self._waiting, self._moving = None, camera
        self._send()


def _sum(velocities: Iterable[Velocity]) -> Velocity:
    pan = tilt = zoom = 0.0
    for one in velocities:
        pan, tilt, zoom = pan + one.pan, tilt + one.tilt, zoom + one.zoom
    return Velocity(pan, tilt, zoom).clamped()


class Pulse(QObject):
    """A hand that moves for a while and lets go by itself: a notch of the wheel, a step towards a point."""

    def __init__(self, steering: Steering, hand: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steering = steering
        self._hand = hand
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.end)

    def give(self, velocity: Velocity, for_s: float) -> None:
        """Move at this velocity, for so long from now."""
        if self._steering.move(self._hand, velocity):
            self._timer.start(max(1, round(for_s * 1000)))
        else:
            self.end()  # nothing is held: the next one counts again

    @Slot()
    def end(self) -> None:
        """Let go now."""
        self._timer.stop()
        self._steering.move(self._hand, STILL)
