"""A console without windows, or with nothing but them: what moves the cameras in the bench."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.ptz_parts.city import SECRET, City, register_entry
from domain.camera import Camera
from domain.clock import SystemClock
from domain.errors import UnreachableError
from domain.motion import MotionPhase, MotionState, Velocity
from ptz.control import PtzControl
from ptz.watchdog import Watchdog

_BEAT_S = 0.1
_CONNECT_WITHIN_S = 150.0


class Room:
    """Control, watchdog, beats."""

    def __init__(self) -> None:
        clock = SystemClock()
        self._phases: dict[int, MotionPhase] = {}
        self._told = threading.Condition()
        self._end = threading.Event()
        self.watchdog = Watchdog(clock)
        self.watchdog.start()
        if not self.watchdog.wait_alive(10):
            raise SystemExit("the watchdog does not start")
        self.control = PtzControl(lambda _: SECRET, self._tell, clock, self.watchdog)
        self._beats = threading.Thread(target=self._beat, daemon=True)
        self.watchdog.beat()
        self._beats.start()

    def reached(self, camera: Camera, *phases: MotionPhase, within_s: float = 20.0) -> bool:
        """Wait until the camera is in one of these phases."""
        with self._told:
            return self._told.wait_for(lambda: self._phases.get(camera.no) in phases, within_s)

    def close(self) -> None:
        """End it."""
        self.control.close()
        self.watchdog.close()
        self._end.set()
        self._beats.join()

    def _tell(self, state: MotionState) -> None:
        with self._told:
            self._phases[state.camera_no] = state.phase
            self._told.notify_all()

    def _beat(self) -> None:
        while not self._end.wait(_BEAT_S):
            self.watchdog.beat()


@dataclass(frozen=True, slots=True)
class Held:
    """How long presses and releases took to reach a camera."""

    press_ms: list[float]
    release_ms: list[float]


class Hand:
    """Presses and releases, and looks up afterwards when the camera had it."""

    def __init__(self, city: City, room: Room, no: int) -> None:
        self._city, self._room, self.no = city, room, no
        self.camera = city.camera(no)
        self._presses: list[tuple[float, float]] = []

    def get_ready(self) -> None:
        """Connect, and hold once, so that every press after is like any in a shift."""
        self._room.control.prepare(self.camera)
        self._room.control.status(self.camera)
        self.hold(0.1, 0.2)
        self.forget()

    def forget(self) -> None:
        """Count the presses from here."""
        self._presses.clear()

    def press_and_release(self, pan: float, between: Callable[[], None]) -> None:
        """Press, let something happen, release."""
        pressed = time.monotonic()
        self._room.control.move(self.camera, Velocity(pan=pan))
        between()
        released = time.monotonic()
        self._room.control.stop(self.camera)
        self._presses.append((pressed, released))

    def hold(self, pan: float, for_s: float) -> None:
        """Press, hold, release, and wait for the end."""
        self.press_and_release(pan, lambda: time.sleep(for_s))
        self._room.reached(self.camera, MotionPhase.STOPPED, MotionPhase.MAY_BE_MOVING, MotionPhase.READY)

    def press_ms(self) -> list[float]:
        """Return how long each press took to reach the camera."""
        moves = {"ContinuousMove"}
        return [
            (self._city.first(self.no, moves, pressed, released) - pressed) * 1000
            for pressed, released in self._presses
        ]

    def release_ms(self) -> list[float]:
        """Return how long each first Stop took to reach the camera."""
        return [(self._city.first(self.no, {"Stop"}, at) - at) * 1000 for _, at in self._presses]


def connected(room: Room, city: City) -> float:
    """Find out how all cameras of the city are reached; return how many seconds that took."""
    began = time.monotonic()
    room.control.get_ready(city.cameras)
    if not room.control.wait_ready(_CONNECT_WITHIN_S):
        return float("nan")
    took_s = time.monotonic() - began
    try:
        for camera in city.cameras:
            room.control.abilities(camera)  # asks nothing of a camera that was met
    except UnreachableError:
        return float("nan")
    return took_s


def be_console(url: str) -> None:
    """Move a camera until killed; print a line when it moves."""
    camera = register_entry(1, url)
    room, parent = Room(), os.getppid()
    room.control.move(camera, Velocity(pan=0.05))
    print(room.reached(camera, MotionPhase.MOVING), flush=True)
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
