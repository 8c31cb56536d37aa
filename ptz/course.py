"""What one camera was asked to do and what is known of it: the state that its three threads share."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from domain.camera import Camera
from domain.clock import Clock
from domain.errors import UnreachableError, WatchroomError
from domain.motion import MotionPhase, MotionState, Position, Velocity
from ptz.contact import Contact
from ptz.contacts import Contacts
from ptz.errand import Errand
from ptz.ladder import Manner
from ptz.watchdog import Watchdog

Wish = Velocity | Errand


class Tally(Protocol):
    """Counts movements."""

    def began(self) -> None:
        """Count a movement that may have begun."""

    def withdrawn(self) -> None:
        """Take back the count of one that was not sent after all."""

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
    may_move: Callable[[int], bool]  # asked directly before each move; False where somebody else has the camera


class Course:
    """One camera's wish and movement. Read and changed with `changed` held; its methods expect that, except `tell`.

    `turn` grows whenever a movement begins or must end. Whatever was decided in an older turn is void: a Stop, a
    sighting, a report. The wish is one slot: what comes later takes the place of what was there. `chores` are what
    the mover asks on its connection when no wish is due: a camera bears two connections, this and the Stop's.
    """

    def __init__(self, camera: Camera, around: Surroundings, *, disabled: bool) -> None:
        self.camera = camera
        self.around = around
        self.changed = threading.Condition()
        self.retired = False
        self.turn = 0
        self.wish: Wish | None = None
        self.chores: deque[Errand] = deque()
        self.manner: Manner | None = None  # how it wants to be spoken to, from the first connection on
        self.sent: Velocity | None = None  # in this turn
        self.moved = False  # not seen standing still since a move may have left
        self.counted = False  # and that movement was counted
        self.in_flight = False  # a move is on its way
        self.connect_asked = False
        self.contact: Contact | None = None
        self.refused = False  # the camera refuses our password, so nothing is sent to it
        self.usual_s = 0.0  # how long the camera's answers take
        self.arm_id = 0
        self.goal_turn = 0  # the last turn that began a movement which ends by itself
        self.stop_turn = 0  # the turn that asked for a Stop last
        self.stop_at = 0.0
        self.stops_flying = 0
        self.stop_sent_turn = 0  # the last turn whose Stop has left
        self.answered_turn = 0  # the last turn whose Stop was answered
        self.trouble = ""
        self._telling = threading.Lock()
        self._disabled = disabled
        self._state = MotionState(camera.no, MotionPhase.DISABLED if disabled else MotionPhase.READY)

    def want(self, wish: Wish | None) -> None:
        """Put a wish into the slot, or empty it; who waits for the one that was there is told."""
        if isinstance(self.wish, Errand) and self.wish is not wish:
            self.wish.drop(UnreachableError(f"camera {self.camera.no} was asked for something newer"))
        self.wish = wish
        self.changed.notify_all()

    def ask(self, chore: Errand) -> None:
        """Have the mover do this when it has time."""
        if self.retired:
            chore.drop(UnreachableError(f"camera {self.camera.no} is not connected any more"))
        else:
            self.chores.append(chore)
            self.changed.notify_all()

    def drop_chores(self, error: WatchroomError) -> None:
        """Give up what the mover was asked."""
        while self.chores:
            self.chores.popleft().drop(error)
        self.changed.notify_all()

    def order_stop(self) -> int:
        """Drop the wish and begin a turn that ends the movement; return it."""
        self.want(None)
        self.sent = None
        self.turn += 1
        self.stop_turn = self.turn
        self.stop_at = self.around.clock.monotonic()
        return self.turn

    def end_movement(self) -> int:
        """Drop the wish and stop what may move; return the turn."""
        self.want(None)
        return self.order_stop() if self.moved else self.turn

    @property
    def wanted(self) -> bool:
        """Whether a movement is wished for."""
        return self.wish is not None

    @property
    def ours(self) -> bool:
        """Whether we may move the camera now."""
        return self.around.may_move(self.camera.no)

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
