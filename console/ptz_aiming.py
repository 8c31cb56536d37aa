"""Bringing a part of the picture to its middle by hand, as it were: turning for about as long as that takes."""

import math
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from console.ptz_hand import Pulse, Steering
from domain.aiming import Rectangle
from domain.camera import Camera
from domain.lens import USUAL_LENS, Lens
from domain.motion import Position, Velocity

TURN_DEG_S = 90.0  # what speed domes turn in a second at their fastest, as a rule
ZOOM_S = 3.0  # what they take from the widest to the longest view
_PULSE_S = 0.4  # how long a pulse turns, where the camera is neither too slow nor too fast for that
_SLOWEST = 0.02  # of the fastest
_ZOOM_SPEED = 0.5
_LONGEST_S = 2.0
_NOTHING_DEG = 0.05
_POINT = 0.01  # share of the picture below which a rectangle is a click


class Aiming(Protocol):
    """Turns a camera by what its picture shows; the best way that it has is for this to find."""

    def centre(self, camera: Camera, x: float, y: float) -> None:
        """Bring a point of the picture (shares from the top left) to its middle."""
        ...

    def box(self, camera: Camera, part: Rectangle) -> None:
        """Bring a part of the picture to fill it."""
        ...


class TimedAiming(QObject):
    """The way that every camera has: to turn for about as long as it takes. Its pulses end as everything held does.

    `position` tells where a camera last said that it points, `ready` whether the hand is still there.
    """

    def __init__(
        self,
        steering: Steering,
        position: Callable[[int], Position | None],
        ready: Callable[[], bool],
        parent: QObject | None = None,
        lens: Lens = USUAL_LENS,
    ) -> None:
        super().__init__(parent)
        self._steering = steering
        self._position = position
        self._ready = ready
        self._lens = lens
        self._across = Pulse(steering, "aim pan", self)
        self._down = Pulse(steering, "aim tilt", self)
        self._zoom = Pulse(steering, "aim zoom", self)

    def centre(self, camera: Camera, x: float, y: float) -> None:
        """Turn each way for as long as its angle takes."""
        self.box(camera, Rectangle(x, y, x, y))

    def box(self, camera: Camera, part: Rectangle) -> None:
        """Turn to its middle, and zoom for as long as the ratio takes; nothing where the hand is gone meanwhile."""
        if self._steering.camera != camera or not self._ready():
            return
        self.end()
        right_deg, up_deg = self._beside(camera, *part.middle)
        pan, pan_s = _turn(right_deg)
        tilt, tilt_s = _turn(up_deg)
        if pan_s:
            self._across.give(Velocity(pan=pan), pan_s)
        if tilt_s:
            self._down.give(Velocity(tilt=tilt), tilt_s)
        if part.greater_side >= _POINT:
            self._zoom.give(Velocity(zoom=_ZOOM_SPEED), self._zoom_s(part.greater_side))

    @Slot()
    def end(self) -> None:
        """Let go now."""
        for pulse in (self._across, self._down, self._zoom):
            pulse.end()

    def _beside(self, camera: Camera, x: float, y: float) -> tuple[float, float]:
        """Return how far right and up of the middle a point lies, in degrees."""
        position = self._position(camera.no)
        right, up = self._lens.beside(x, y, position.zoom if position is not None else 0.0)
        return math.degrees(math.atan(right)), math.degrees(math.atan(up))

    def _zoom_s(self, share: float) -> float:
        steps = math.log(1 / share) / math.log(self._lens.magnification)
        return min(_LONGEST_S, steps * ZOOM_S / _ZOOM_SPEED)


def _turn(angle_deg: float) -> tuple[float, float]:
    """Return at which speed to turn for how many seconds, to get about so far."""
    if abs(angle_deg) < _NOTHING_DEG:
        return 0.0, 0.0
    speed = min(1.0, max(_SLOWEST, abs(angle_deg) / (TURN_DEG_S * _PULSE_S)))
    return math.copysign(speed, angle_deg), min(_LONGEST_S, abs(angle_deg) / (TURN_DEG_S * speed))
