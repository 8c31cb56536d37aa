"""Asks the gate that all parts of the program share, for workers that want to sign in to a camera."""

from collections.abc import Callable

from domain.camera import Credentials
from domain.sign_in_gate import SignInGate
from video.seat import Seat
from video.wire import Hold, Permit

WHO = "video"


class Permits:
    """Answers workers' questions as soon as the gate lets it; used on the engine's thread alone."""

    def __init__(self, gate: SignInGate, credentials: Callable[[int], Credentials | None]) -> None:
        self._gate = gate
        self._credentials = credentials
        self._waiting: dict[int, Seat] = {}

    def ask(self, seat: Seat, camera_no: int) -> None:
        """Take a worker's question."""
        self._waiting[camera_no] = seat
        self.answer()

    def answer(self) -> None:
        """Answer what can be answered now; asked several times a second."""
        for camera_no, seat in list(self._waiting.items()):
            credentials = self._credentials(camera_no)
            if self._gate.is_refused(camera_no, credentials, WHO):
                del self._waiting[camera_no]
                seat.order(Hold(camera_no))
            elif self._gate.enter(camera_no, credentials, WHO):
                del self._waiting[camera_no]
                seat.order(Permit(camera_no))

    def tell(self, camera_no: int, *, taken: bool | None) -> None:
        """Take what a camera said to the password; None where it said nothing."""
        if taken is None:
            self._gate.leave(camera_no, WHO)
        elif taken:
            self._gate.accept(camera_no, WHO)
        else:
            self._gate.refuse(camera_no, WHO)

    def drop(self, seat: Seat) -> None:
        """Forget what a worker asked that is gone, and what it was trying."""
        for camera_no in {client.camera.no for client in seat.clients.values()}:
            self._gate.leave(camera_no, WHO)
        self._waiting = {camera_no: who for camera_no, who in self._waiting.items() if who is not seat}
