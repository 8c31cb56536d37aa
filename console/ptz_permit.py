"""What a hand needs before a camera moves: the right, what for, and the lease; in this order, each asked for once."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from console.lease_words import Names, lease_words
from console.leases import Leases
from console.ptz_purpose import Purposes
from domain.camera import Camera
from domain.clock import Clock
from domain.errors import RefusedError
from domain.lease import DESK, LeaseState, Rank, Standing
from domain.purpose import Purpose

_COUNT_MS = 250


@dataclass(slots=True)
class _Waiting:
    """A movement that waits: for a purpose first, then for the lease."""

    camera: Camera
    go: Callable[[], None]
    needs_purpose: bool


class Permit(QObject):
    """Lets one desk's movements begin, at once or as soon as what was missing is there; for the UI thread.

    `gate` has the form that a hand asks for. Nothing here waits: a hand that still holds when the way is free goes on.
    `rank` gives the rank of whoever is signed in. `clock` is the one of the leases.
    """

    purpose_asked = Signal(object)  # Camera: a person has to say what it is turned for
    purpose_settled = Signal()  # nothing is asked any more
    dropped = Signal(int)  # the camera's number: hands off, it is not or no longer this desk's to move
    told = Signal(object)  # Text or None: who has the camera in hand, or takes it over in so many seconds
    failed = Signal(object)  # RefusedError

    def __init__(
        self,
        leases: Leases,
        purposes: Purposes,
        rank: Callable[[], Rank],
        names: Names,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._leases = leases
        self._purposes = purposes
        self._rank = rank
        self._names = names
        self._clock = clock
        self._waiting: _Waiting | None = None
        self._chosen: Camera | None = None
        self._pressed: set[int] = set()  # cameras that were asked for by a hand, not only chosen
        self._states: dict[int, LeaseState] = {}
        self._heard: dict[int, int] = {}  # the serial of the newest state
        self._count = QTimer(self)
        self._count.setInterval(_COUNT_MS)
        self._count.setTimerType(Qt.TimerType.CoarseTimer)
        self._count.timeout.connect(self._say)

    @Slot(object)
    def choose(self, camera: Camera | None) -> None:
        """Take the camera that hands mean now and ask for it, so that a key press finds it granted.

        One that was only looked at is given back; one that was moved is kept for 20 s, as anywhere.
        """
        before, self._chosen = self._chosen, camera
        if before is not None and (camera is None or camera.no != before.no):
            self._drop_waiting(before)
            if before.no not in self._pressed:
                self._leases.release(before.no)
        if camera is not None and camera.ptz:
            self.approach()
        self._say()

    @Slot()
    def approach(self) -> None:
        """Ask again for the chosen camera: a hand comes near (the pad has the keys, the pointer is in the tile)."""
        if self._chosen is not None and self._chosen.ptz:
            self._note(self._leases.wish(self._chosen, Rank.AHEAD))

    def gate(self, camera: Camera, go: Callable[[], None]) -> bool:
        """Return whether a movement, or a way to a preset, may begin now.

        Else `go` is called as soon as it may, unless `dropped` is told before. RefusedError where the right is missing.
        """
        if self._purposes.admit(camera):
            self._waiting = None
            return self._leased(camera, go)
        self._pressed.add(camera.no)
        self._waiting = _Waiting(camera, go, needs_purpose=True)
        self._leases.wish(camera, Rank.AHEAD)  # meanwhile
        self.purpose_asked.emit(camera)
        return False

    @Slot(object)
    def give(self, purpose: Purpose) -> None:
        """Take what the camera that waits is turned for; its movement begins if it is still wished for."""
        waiting = self._waiting
        if waiting is None or not waiting.needs_purpose:
            return
        self._waiting = None
        self.purpose_settled.emit()
        try:
            self._purposes.give(waiting.camera, purpose)
        except RefusedError as error:
            self.failed.emit(error)
            self.dropped.emit(waiting.camera.no)
            return
        if self._leased(waiting.camera, waiting.go):
            waiting.go()

    @Slot()
    def refuse(self) -> None:
        """Take that no purpose is given: nothing moves, and the register says so."""
        waiting = self._waiting
        if waiting is not None and waiting.needs_purpose:
            self._drop_waiting(waiting.camera)

    @Slot(object)
    def used(self, camera: Camera) -> None:
        """Note a command to a camera."""
        self._leases.used(camera.no)

    @Slot(object)
    def take(self, state: LeaseState) -> None:
        """Take a state that was reported; one older than what a wish has returned says nothing."""
        if state.position != DESK or state.serial <= self._heard.get(state.camera_no, -1):
            return
        before, pressed = self._states.get(state.camera_no), state.camera_no in self._pressed
        self._note(state)
        waiting = self._waiting
        if waiting is not None and waiting.camera.no == state.camera_no and not waiting.needs_purpose:
            self._answer(waiting, state)
        elif pressed and before is not None and before.may_move and not state.may_move:
            self.dropped.emit(state.camera_no)
        self._say()

    @Slot()
    def leave(self) -> None:
        """Give everything back: the person signs out."""
        if self._waiting is not None:
            self._drop_waiting(self._waiting.camera)
        for number in [*self._pressed]:
            self._pressed.discard(number)
            self._leases.release(number)
        self._purposes.forget()
        self.choose(None)

    def _leased(self, camera: Camera, go: Callable[[], None]) -> bool:
        self._pressed.add(camera.no)
        state = self._leases.wish(camera, self._rank())
        self._note(state)
        if state.may_move:
            self._leases.used(camera.no)
        else:
            self._waiting = _Waiting(camera, go, needs_purpose=False)
        self._say()
        return state.may_move

    def _answer(self, waiting: _Waiting, state: LeaseState) -> None:
        if state.may_move:
            self._waiting = None
            self._leases.used(waiting.camera.no)
            waiting.go()
        elif state.standing not in {Standing.ASKED, Standing.WAITING}:
            self._waiting = None
            self.dropped.emit(state.camera_no)

    def _drop_waiting(self, camera: Camera) -> None:
        waiting = self._waiting
        if waiting is None or waiting.camera.no != camera.no:
            return
        self._waiting = None
        if waiting.needs_purpose:
            self._purposes.refuse(camera)
            self.purpose_settled.emit()
        self.dropped.emit(camera.no)

    def _note(self, state: LeaseState) -> None:
        self._heard[state.camera_no] = state.serial
        if state.standing in {Standing.NONE, Standing.ENDED}:
            self._pressed.discard(state.camera_no)
            self._states.pop(state.camera_no, None)
        else:
            self._states[state.camera_no] = state

    @Slot()
    def _say(self) -> None:
        """Say how it stands with the chosen camera; who only looks is not told who turns it."""
        camera = self._chosen
        state = self._states.get(camera.no) if camera is not None and camera.no in self._pressed else None
        self.told.emit(None if state is None else lease_words(state, self._names, self._clock.monotonic()))
        counts = state is not None and state.ends_at is not None
        if counts != self._count.isActive():
            self._count.start() if counts else self._count.stop()
