"""Which cameras this workstation may move: asked of headquarters ahead of the hand, kept while used, given back."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol, assert_never

from domain.camera import Camera
from domain.clock import Clock
from domain.lease import (
    DESK,
    Ask,
    GivenBack,
    Granted,
    LeaseAnswer,
    LeaseState,
    Rank,
    Refused,
    Standing,
    Unanswered,
)
from domain.motion import MotionPhase, MotionState
from domain.tenure import NEVER, Link, Tenure

_log = logging.getLogger(__name__)

_SLEPT_S = 1.0  # that the wall clock gained on the monotonic one, which stands still while the computer sleeps
_LOOK_EVERY_S = 0.25  # for that
_MOVING = frozenset({MotionPhase.MOVE_SENT, MotionPhase.MOVING})

_Step = Callable[[Tenure, float], Tenure]


class Line(Protocol):
    """The way to headquarters."""

    def start(self, heard: Callable[[LeaseAnswer], None], linked: Callable[[bool, str], None]) -> None:
        """Begin to tell of answers, and whether headquarters can be asked, from a thread of its own."""

    def ask(self, asked: Ask) -> None:
        """Have headquarters asked; never waits."""

    def close(self) -> None:
        """Ask what is left to ask, and end."""


class Leases:
    """Says who of this workstation's positions may move a camera, and stops it when that ends.

    Nothing here waits for headquarters. `stop` is called on whatever thread the lease ends on, before anybody else here
    may move the camera; it must not wait nor call back. `report` is called from a thread of this object, in order, with
    each state that is otherwise than before. `line` is None where there is no headquarters. `clock` is the world's.
    """

    def __init__(
        self,
        line: Line | None,
        stop: Callable[[Camera], None],
        report: Callable[[LeaseState], None],
        clock: Clock,
    ) -> None:
        self._line = line
        self._stop = stop
        self._report = report
        self._clock = clock
        self._link = Link.ALONE if line is None else Link.AWAY
        self._changed = threading.Condition()
        self._cameras: dict[int, Camera] = {}
        self._tenures: dict[int, Tenure] = {}
        self._told: list[LeaseState] = []
        self._serial = 0
        self._may: dict[int, tuple[str, float]] = {}  # read without the lock
        self._motions: deque[MotionState] = deque()  # written without the lock
        self._closing = False
        self._ahead_s = self._wall_ahead_s()
        self._thread = threading.Thread(target=self._run, name="lease times", daemon=True)

    def start(self) -> None:
        """Begin; until headquarters has answered for the first time it counts as away."""
        self._thread.start()
        if self._line is not None:
            self._line.start(self._hear, self._linked)

    def close(self) -> None:
        """Give everything back and end, within two seconds; cameras must have been stopped before."""
        with self._changed:
            self._closing = True
            for number, tenure in list(self._tenures.items()):
                if self._line is not None and tenure.known_there and self._link is Link.UP:
                    self._line.ask(Ask(number, Rank.AHEAD, 0.0))
            self._may.clear()
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join()
        if self._line is not None:
            self._line.close()

    # -- what positions ask

    def wish(self, camera: Camera, rank: Rank, position: str = DESK) -> LeaseState:
        """Ask for a camera and return how that stands.

        With `Rank.AHEAD` before a key is pressed, so that it is granted by then; at each press with the hand's.
        Where `may_move` is False, the state that is reported later says when it became True, or why not.
        """
        with self._changed:
            self._cameras[camera.no] = camera
            tenure = self._step(camera.no, lambda tenure, now: tenure.wished(position, rank, now))
            return replace(tenure.state(position), serial=self._serial)

    def used(self, camera_no: int, position: str = DESK) -> None:
        """Note a command to a camera; 20 s without any, and without movement, end the lease."""
        self._step(camera_no, lambda tenure, now: tenure.used(position, now))

    def release(self, camera_no: int, position: str = DESK) -> None:
        """Give a camera back, or wait for it no longer; one that turns is stopped."""
        self._step(camera_no, lambda tenure, now: tenure.released(position, now))

    def state(self, camera_no: int, position: str = DESK) -> LeaseState:
        """Return how a position stands to a camera."""
        return self._step(camera_no, lambda tenure, _now: tenure).state(position)

    def may_move(self, camera_no: int, position: str | None = None) -> bool:
        """Return whether anything may be sent to a camera now, by this position or by any; never waits.

        To be asked by whoever sends, directly before each movement.
        """
        held = self._may.get(camera_no)
        return held is not None and self._clock.monotonic() < held[1] and position in {None, held[0]}

    def heed(self, motion: MotionState) -> None:
        """Take what is known of a camera's movement: one that goes on keeps its lease. Never waits."""
        if motion.camera_no not in self._tenures:
            return
        self._motions.append(motion)
        if self._changed.acquire(blocking=False):
            self._changed.notify_all()
            self._changed.release()

    # -- what the line tells

    def _hear(self, answer: LeaseAnswer) -> None:
        self._step(answer.camera_no, partial(_heard, answer))

    def _linked(self, up: bool, why: str) -> None:  # noqa: FBT001 - a callback's arguments
        with self._changed:
            self._link = Link.UP if up else Link.AWAY
            _log.info("headquarters %s leases %s", "gives" if up else "gives no", why)
            for number in list(self._tenures):
                self._take(number, lambda tenure, now: tenure.linked(self._link, now))
            self._changed.notify_all()

    # -- within

    def _step(self, camera_no: int, step: _Step) -> Tenure:
        with self._changed:
            after = self._take(camera_no, step)
            self._changed.notify_all()
            return after

    def _take(self, camera_no: int, step: _Step) -> Tenure:
        """Change a camera's tenure and do what follows from it; the lock is held."""
        now = self._clock.monotonic()
        if not self._tenures:
            self._ahead_s = self._wall_ahead_s()  # there was nothing to watch it for
        before = self._tenures.get(camera_no) or Tenure(camera_no, self._link)
        aged = before.at(now)
        self._tell(before, aged)
        after = step(aged, now).at(now)
        asked = None if self._closing else after.due(now)
        if asked is not None and self._line is not None:
            after = after.asked()
            self._line.ask(asked)
        if after.forgotten:
            self._tenures.pop(camera_no, None)
        else:
            self._tenures[camera_no] = after
        self._tell(aged, after)
        return after

    def _tell(self, before: Tenure, after: Tenure) -> None:
        """Stop the camera where a position lost it, and note what is to be reported."""
        number, until = after.camera_no, after.sends_until
        if until > 0 and not self._closing:
            self._may[number] = (after.holder, until)
        else:
            self._may.pop(number, None)
        for position in before.positions | after.positions:
            was, is_now = before.state(position), after.state(position)
            if was.may_move and _must_stop(is_now.standing, before):
                self._stop(self._cameras[number])
            if was != is_now:
                self._serial += 1
                self._told.append(replace(is_now, serial=self._serial))

    def _run(self) -> None:
        while True:
            with self._changed:
                told = self._due()
                if self._closing and not told:
                    return
            for state in told:
                self._tell_safely(state)

    def _tell_safely(self, state: LeaseState) -> None:
        try:
            self._report(state)
        except Exception:  # noqa: BLE001 - the thread's outermost loop: without it no lease would end in time
            _log.exception("telling of a lease went wrong")

    def _due(self) -> list[LeaseState]:
        """Do what time does, and return what is to be told; else wait until something may be due."""
        self._take_motions()
        slept = self._slept()
        for number in list(self._tenures):
            self._take(number, lambda tenure, now: tenure.lapsed(now) if slept else tenure)
        told, self._told = self._told, []
        if not told and not self._closing:
            at = min((tenure.next_at for tenure in self._tenures.values()), default=NEVER)
            wait_s = max(0.0, min(at - self._clock.monotonic(), _LOOK_EVERY_S))
            self._changed.wait(wait_s if self._tenures else None)
        return told

    def _take_motions(self) -> None:
        while self._motions:
            motion = self._motions.popleft()
            if motion.camera_no in self._tenures:
                self._take(motion.camera_no, partial(_turned, motion))

    def _slept(self) -> bool:
        """Return whether the computer slept since this was last asked."""
        before, self._ahead_s = self._ahead_s, self._wall_ahead_s()
        return self._ahead_s - before > _SLEPT_S

    def _wall_ahead_s(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()


def _must_stop(standing: Standing, before: Tenure) -> bool:
    """Return whether a camera has to be stopped that a position has just lost.

    Who gives it back may leave it on its way to a preset, but not turning.
    """
    if standing in {Standing.HELD, Standing.ENDING}:
        return False
    return before.moving or (before.stirred and standing not in {Standing.NONE, Standing.ENDED})


def _turned(motion: MotionState, tenure: Tenure, now: float) -> Tenure:
    return tenure.turned(now, moving=motion.phase in _MOVING)


def _heard(answer: LeaseAnswer, tenure: Tenure, now: float) -> Tenure:
    match answer:
        case Granted(_, asked_at, ttl_s):
            return tenure.granted(asked_at, ttl_s, now)
        case Refused(_, True, party, _):
            return tenure.outranked(party, now)
        case Refused(_, _, party, ttl_s):
            return tenure.refused(party, ttl_s, now)
        case GivenBack():
            return tenure.given_back(now)
        case Unanswered():
            return tenure.unanswered()
        case _:
            assert_never(answer)
