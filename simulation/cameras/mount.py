"""The moving head of a PTZ camera: three axes with inertia and limits, as a pure function of time."""

import math
import threading
from dataclasses import dataclass

_STEP_S = 0.01
_STANDING = 1e-9


@dataclass(frozen=True, slots=True)
class AxisLimits:
    """Where an axis can go, how fast (units/s) and how quickly it gets there (units/s²)."""

    low: float
    high: float
    speed: float
    acceleration: float

    def normal(self, value: float, floor: float) -> float:
        """Return a position in ONVIF's generic space, `floor` (-1 or 0) to 1."""
        return floor + (value - self.low) / (self.high - self.low) * (1 - floor)

    def real(self, normal: float, floor: float) -> float:
        """Return the position that ONVIF's generic space names."""
        return self.low + (normal - floor) / (1 - floor) * (self.high - self.low)


PAN = AxisLimits(-150.0, 150.0, 60.0, 240.0)  # degrees, to the right
TILT = AxisLimits(-30.0, 15.0, 40.0, 200.0)  # degrees, upwards
ZOOM = AxisLimits(0.0, 1.0, 0.4, 2.0)  # 0 wide to 1 tele


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the head points, in degrees, and how far it is zoomed in (0-1)."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0


class _Axis:
    """One motor: it runs at a wanted speed or towards a wanted position, and stops at its limits."""

    def __init__(self, limits: AxisLimits, at: float) -> None:
        self.limits = limits
        self.at = at
        self.speed = 0.0
        self.wanted_speed = 0.0
        self.goal: float | None = None
        self.goal_speed = limits.speed

    @property
    def moving(self) -> bool:
        return abs(self.speed) > _STANDING or self._wish() != 0.0

    def run(self, speed: float) -> None:
        """Run at this share (-1 to 1) of the greatest speed."""
        self.goal, self.wanted_speed = None, max(-1.0, min(1.0, speed)) * self.limits.speed

    def go(self, goal: float, speed: float) -> None:
        """Run to a position, at this share of the greatest speed, and stop there."""
        self.goal = max(self.limits.low, min(self.limits.high, goal))
        self.goal_speed = max(0.05, min(1.0, abs(speed))) * self.limits.speed
        self.wanted_speed = 0.0

    def step(self, seconds: float) -> None:
        """Let time pass."""
        change = self.limits.acceleration * seconds
        self.speed += max(-change, min(change, self._wish() - self.speed))
        moved = self.at + self.speed * seconds
        if self.goal is not None and (self.goal - self.at) * (self.goal - moved) <= 0 and abs(self.speed) <= 2 * change:
            moved, self.speed, self.goal = self.goal, 0.0, None
        if not self.limits.low <= moved <= self.limits.high:
            moved, self.speed, self.wanted_speed = max(self.limits.low, min(self.limits.high, moved)), 0.0, 0.0
        self.at = moved

    def _wish(self) -> float:
        """Return the speed that is wanted now: on the way to a goal, one from which it can still brake."""
        if self.goal is None:
            return self.wanted_speed
        way = self.goal - self.at
        braking = math.sqrt(2 * self.limits.acceleration * abs(way)) * 0.9
        return max(-1.0, min(1.0, way * 1e9)) * min(self.goal_speed, braking)


class Mount:
    """The head; safe from any thread. Times are monotonic seconds and never go back."""

    def __init__(self, start: Pose, now: float) -> None:
        self._pan, self._tilt, self._zoom = _Axis(PAN, start.pan), _Axis(TILT, start.tilt), _Axis(ZOOM, start.zoom)
        self._axes = (self._pan, self._tilt, self._zoom)
        self._until: float | None = None
        self._now = now
        self._lock = threading.Lock()

    def pose(self, now: float) -> Pose:
        """Return where it points."""
        with self._lock:
            self._advance(now)
            return self._pose()

    def moving(self, now: float) -> tuple[bool, bool]:
        """Return whether it turns, and whether it zooms."""
        with self._lock:
            self._advance(now)
            return self._pan.moving or self._tilt.moving, self._zoom.moving

    def run(self, now: float, turn: tuple[float, float] | None, zoom: float | None, until: float | None) -> None:
        """Run at shares of the greatest speeds until a time; an axis that is None goes on as it was."""
        with self._lock:
            self._advance(now)
            if turn is not None:
                self._pan.run(turn[0])
                self._tilt.run(turn[1])
            if zoom is not None:
                self._zoom.run(zoom)
            self._until = until

    def go(self, now: float, pose: Pose, turn_speed: float = 1.0, zoom_speed: float = 1.0) -> None:
        """Run to a position."""
        with self._lock:
            self._advance(now)
            self._until = None
            self._pan.go(pose.pan, turn_speed)
            self._tilt.go(pose.tilt, turn_speed)
            self._zoom.go(pose.zoom, zoom_speed)

    def coast(self, now: float, until: float) -> None:
        """Go on as it is, and brake at a time."""
        with self._lock:
            self._advance(now)
            self._until = until if self._until is None else min(until, self._until)

    def stop(self, now: float, *, turn: bool = True, zoom: bool = True) -> None:
        """Brake."""
        with self._lock:
            self._advance(now)
            for axis in (*((self._pan, self._tilt) if turn else ()), *((self._zoom,) if zoom else ())):
                axis.run(0.0)

    def _advance(self, now: float) -> None:
        while self._now < now and any(axis.moving for axis in self._axes):
            seconds = min(_STEP_S, now - self._now)
            if self._until is not None and self._now < self._until:
                seconds = min(seconds, self._until - self._now)
            for axis in self._axes:
                axis.step(seconds)
            self._now += seconds
            if self._until is not None and self._now >= self._until:
                self._until = None
                for axis in self._axes:
                    axis.run(0.0)
        self._now = max(self._now, now)

    def _pose(self) -> Pose:
        return Pose(self._pan.at, self._tilt.at, self._zoom.at)
