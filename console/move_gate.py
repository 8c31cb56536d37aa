"""What turns cameras to places asks for them as hands do: the right, the purpose, then the lease."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Slot

from console.leases import Leases
from console.ptz_purpose import NO_PURPOSE, Purposes
from domain.camera import Camera
from domain.errors import RefusedError, UnreachableError
from domain.lease import DESK, LeaseState, Rank, Standing
from domain.purpose import Purpose

PATIENCE_MS = 2000  # for headquarters' answer; then the next camera is nearer at hand

Then = Callable[[], None]
Otherwise = Callable[[Exception], None]


@dataclass(frozen=True, slots=True)
class _Wish:
    """Somebody who waits for a camera."""

    camera: Camera
    then: Then
    otherwise: Otherwise


class LeasedGate(QObject):
    """Lends cameras to the desk's own deeds (`console.look_here.MoveGate`); on the UI thread, and nothing waits.

    `ask_purpose` opens the question what a camera is turned for; its answer comes through `take_purpose`, and serves
    all cameras that wait for one. `rank` is the signed-in operator's. Leases' reports come through `take_state`.
    """

    def __init__(
        self,
        leases: Leases,
        purposes: Purposes,
        ask_purpose: Callable[[Camera], None],
        rank: Callable[[], Rank],
        in_hand: Callable[[int], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._leases = leases
        self._purposes = purposes
        self._ask_purpose = ask_purpose
        self._rank = rank
        self._in_hand = in_hand
        self._unsaid: list[_Wish] = []  # until it is said what for
        self._asked: dict[int, _Wish] = {}  # until headquarters answers
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self._give_up)

    def holder(self, camera_no: int) -> str:
        """Return who has the camera: a hand at this desk, or another position here; empty where it may be free.

        Whether another workstation has it, headquarters says when it is asked.
        """
        if self._in_hand(camera_no):
            return DESK
        elsewhere = self._leases.may_move(camera_no) and not self._leases.may_move(camera_no, DESK)
        return "another position" if elsewhere else ""

    def ask(self, camera: Camera, then: Then, otherwise: Otherwise) -> None:
        """Ask for a camera; `otherwise` gets RefusedError without right or purpose, UnreachableError without lease."""
        wish = _Wish(camera, then, otherwise)
        try:
            if self._purposes.admit(camera):
                self._lease(wish)
                return
        except RefusedError as error:
            otherwise(error)
            return
        self._unsaid.append(wish)
        if len(self._unsaid) == 1:
            self._ask_purpose(camera)

    def give_back(self, camera: Camera) -> None:
        """Leave the lease to its own end, 20 s after the last movement: given back now, the camera would be stopped."""

    @Slot(object)
    def take_purpose(self, purpose: Purpose) -> None:
        """Take what the cameras are turned for."""
        for wish in self._taken():
            try:
                self._purposes.give(wish.camera, purpose)
            except RefusedError as error:
                wish.otherwise(error)
            else:
                self._lease(wish)

    @Slot()
    def take_no_purpose(self) -> None:
        """Take that nobody said what for: nothing is turned."""
        for wish in self._taken():
            self._purposes.refuse(wish.camera)
            wish.otherwise(RefusedError(f"camera {wish.camera.no}: {NO_PURPOSE}"))

    @Slot(object)
    def take_state(self, state: LeaseState) -> None:
        """Take what the leases report."""
        if state.position == DESK and state.camera_no in self._asked and state.standing is not Standing.ASKED:
            self._settle(self._asked.pop(state.camera_no), state)

    def _lease(self, wish: _Wish) -> None:
        state = self._leases.wish(wish.camera, self._rank())
        if state.standing is Standing.ASKED:
            self._asked[wish.camera.no] = wish
            self._timer.start()
        else:
            self._settle(wish, state)

    def _settle(self, wish: _Wish, state: LeaseState) -> None:
        number = wish.camera.no
        if state.may_move:
            self._leases.used(number)
            wish.then()
        else:
            self._leases.release(number)  # it does not wait for who has it
            wish.otherwise(UnreachableError(f"camera {number} is in use elsewhere"))

    @Slot()
    def _give_up(self) -> None:
        asked, self._asked = self._asked, {}
        for wish in asked.values():
            self._settle(wish, self._leases.state(wish.camera.no))

    def _taken(self) -> list[_Wish]:
        unsaid, self._unsaid = self._unsaid, []
        return unsaid
