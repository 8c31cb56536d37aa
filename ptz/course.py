"""What one camera was asked to do and what is known of it: the state that its three threads share."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from domain.camera import Camera
from domain.clock import Clock
from domain.motion import MotionPhase, MotionState, Position, Velocity
from ptz.contacts import Contacts
from ptz.device import Contact
from ptz.watchdog import Watchdog


class Tally(Protocol):
    """Counts movements."""

    def began(self) -> None:
        """Count a movement that may have begun."""

    def confirmed(self) -> None:
        """Count a movement whose camera was seen standing still."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every camera's threads work with."""

    contacts: Contacts
    watchdog: Watchdog
    clock: Clock
    report: Callable[[MotionState], None]
    tally: Tally


class Course:
    """One camera's wish and movement. Read and changed with `changed` held; its methods expect that, except `tell`.

    `turn` grows whenever a movement begins or must end. Whatever was decided in an older turn is void: a Stop, a
    sighting, a report.
    """

    def __init__(self, camera: Camera, around: Surroundings, *, disabled: bool) -> None:
        self.camera = camera
        self.around = around
        self.changed = threading.Condition()
        self.retired = False
        self.turn = 0
        self.wish: Velocity | None = None
        self.sent: Velocity | None = None  # in this turn
        self.sent_at = 0.0
        self.moved = False  # not seen standing still since a move may have left
        self.in_flight = False  # a move is on its way
        self.connect_asked = False
        self.contact: Contact | None = None
        self.refused = False  # the camera refuses our password, so nothing is sent to it
        self.usual_s = 0.0  # how long the camera's answers take
        self.arm_id = 0
        self.stop_turn = 0  # the turn that asked for a Stop last
        self.stop_at = 0.0
        self.stops_flying = 0
        self.stop_sent_turn = 0  # the last turn whose Stop has left
        self.answered_turn = 0  # the last turn whose Stop was answered
        self.trouble = ""
        self._telling = threading.Lock()
        self._disabled = disabled
        self._state = MotionState(camera.no, MotionPhase.DISABLED if disabled else MotionPhase.READY)

    def order_stop(self) -> int:
        """Drop the wish and begin a turn that ends the movement; return it."""
        self.wish = None
        self.sent = None
        self.turn += 1
        self.stop_turn = self.turn
        self.stop_at = self.around.clock.monotonic()
        self.changed.notify_all()
        return self.turn

    def end_movement(self) -> int:
        """Drop the wish and stop what may move; return the turn."""
        self.wish = None
        return self.order_stop() if self.moved else self.turn

    @property
    def wanted(self) -> bool:
        """Whether a movement is wished for."""
        return self.wish is not None

    def void(self, turn: int) -> bool:
        """Whether something newer than this turn was asked for, or nothing is asked any more."""
        return self.retired or self.wish is not None or self.turn != turn

    def covered(self, for_s: float) -> bool:
        """Whether the watchdog would stop this camera, for so long yet."""
        return self.around.watchdog.covers(self.camera.no, for_s)

    @property
    def phase(self) -> MotionPhase:
        """Return what was told last."""
        return self._state.phase

    def set_disabled(self, *, disabled: bool) -> None:
        """While disabled, a camera that is ready or stopped is told as disabled."""
        with self._telling:
            self._disabled = disabled

    def tell(
        self,
        turn: int,
        phase: MotionPhase,
        velocity: Velocity | None = None,
        position: Position | None = None,
        detail: str = "",
    ) -> None:
        """Report this, unless it is void or known already; called without the lock."""
        with self._telling:
            if turn != self.turn:
                return
            if self._disabled and phase in {MotionPhase.READY, MotionPhase.STOPPED}:
                phase, detail = MotionPhase.DISABLED, detail or "the PTZ watchdog is gone"
            state = MotionState(self.camera.no, phase, velocity or Velocity(), position, detail)
            if state != self._state:
                self._state = state
                self.around.report(state)
