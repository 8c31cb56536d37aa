"""When the program itself may turn a camera (alarm, guard tour, return home): never while a person has it. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from domain.camera import Camera
from domain.clock import Clock
from domain.lease import IDLE_S, LeaseState, Rank
from domain.purpose import Cause, Reason

_RANKS = {Cause.ALARM: Rank.ALARM, Cause.TOUR: Rank.TOUR, Cause.HOME: Rank.TOUR}


class Leasing(Protocol):
    """Who may move a camera, among the positions here and elsewhere; `console.leases.Leases` does."""

    def wish(self, camera: Camera, rank: Rank, position: str) -> LeaseState:
        """Ask for a camera; how that stands now."""
        ...

    def release(self, camera_no: int, position: str) -> None:
        """Give it back; a camera that turns is stopped."""
        ...


@dataclass(frozen=True, slots=True)
class _LastMove:
    """When a camera was moved last by a person here, and by anybody here (monotonic seconds)."""

    by_person: float | None
    at: float


class RuleTurns:
    """Knows who moved each camera last, and lets a rule turn it or not. For the UI thread; nothing waits.

    `moves` says whether a camera is being moved by hand right now. `write` puts a rule's movement into the register.
    """

    def __init__(
        self,
        clock: Clock,
        write: Callable[[Camera, Reason], None],
        moves: Callable[[int], bool] = lambda _: False,
        leases: Leasing | None = None,
    ) -> None:
        self._clock = clock
        self._write = write
        self._moves = moves
        self._leases = leases
        self._last: dict[int, _LastMove] = {}
        self._watchers: list[Callable[[int], None]] = []

    def watch(self, told: Callable[[int], None]) -> None:
        """Tell from now on of each camera (by number) that a person begins to move."""
        self._watchers.append(told)

    def person_moved(self, camera_no: int) -> None:
        """Note an order of a person to a camera: a key, a click, a preset."""
        began = not self.person_has(camera_no)
        now = self._clock.monotonic()
        self._last[camera_no] = _LastMove(now, now)
        if began:
            for told in self._watchers:
                told(camera_no)

    def came_home(self, camera_no: int) -> None:
        """Note that a camera shows its home view."""
        self._last.pop(camera_no, None)

    def person_has(self, camera_no: int) -> bool:
        """Return whether a person here moves the camera, or did so within the last 20 s."""
        idle_s = self.person_idle_s(camera_no)
        return self._moves(camera_no) or (idle_s is not None and idle_s < IDLE_S)

    def person_idle_s(self, camera_no: int) -> float | None:
        """Return how long ago a person here moved the camera, None where nobody did since it was at home."""
        last = self._last.get(camera_no)
        return None if last is None or last.by_person is None else self._clock.monotonic() - last.by_person

    def away(self) -> dict[int, float]:
        """Return the cameras that were turned away from home from here, and for how long each has been left alone."""
        now = self._clock.monotonic()
        return {number: now - last.at for number, last in self._last.items()}

    def may(self, camera: Camera, reason: Reason) -> bool:
        """Return whether a rule may turn the camera now, and write it into the register if so.

        False: a person has it, here or elsewhere, or headquarters has not answered yet; it may be asked again.
        """
        if not isinstance(reason.why, Cause) or self.person_has(camera.no):
            return False
        if self._leases is not None:
            rank, position = _RANKS.get(reason.why, Rank.TOUR), reason.why.value
            if not self._leases.wish(camera, rank, position).may_move:
                return False
        self._write(camera, reason)
        if reason.why is not Cause.HOME:
            before = self._last.get(camera.no)
            self._last[camera.no] = _LastMove(before.by_person if before else None, self._clock.monotonic())
        return True

    def give_up(self, camera: Camera, cause: Cause) -> None:
        """Give the camera back at once; one that turns is stopped. Without this it is free again after a while."""
        if self._leases is not None:
            self._leases.release(camera.no, cause.value)
