"""Holding a camera, and what it was told meanwhile."""

import re
from typing import Any

from domain.camera import Camera
from domain.motion import MotionPhase, Velocity
from ptz.control import PtzControl

RIGHTWARDS = Velocity(pan=0.5)


def is_zero(request: Any) -> bool:
    return not any(float(number) for number in re.findall(r' [xy]="([^"]+)"', request.body))


def wanted(faulty: Any) -> list[Any]:
    """Return the moves that are no zero ones."""
    return [move for move in faulty.asked("ContinuousMove") if not is_zero(move)]


def moves(faulty: Any) -> int:
    return len(wanted(faulty))


def order(faulty: Any) -> list[str]:
    """Return what moved or stopped the camera, zero moves left out."""
    commands = [one for one in list(faulty.requests) if one.operation in {"ContinuousMove", "Stop"}]
    return [one.operation for one in commands if not (one.operation == "ContinuousMove" and is_zero(one))]


def hold(control: PtzControl, camera: Camera, told: Any) -> None:
    control.move(camera, RIGHTWARDS)
    told.wait_for(MotionPhase.MOVING)
