"""Asks the gate that all parts of the program share, for workers that want to sign in to a camera."""

from collections.abc import Callable

from domain.camera import Credentials
from domain.sign_in_gate import SignInGate
from video.post import Post
from video.wire import Hold, Permit

WHO = "video"


class Permits:
    """Answers workers' questions as soon as the gate lets it; used on the engine's thread alone.

    One permit a camera is out at a time, until the worker tells what came of it: a camera may be at two workers for
    the seconds in which one lets go of it.
    """

    def __init__(self, gate: SignInGate, credentials: Callable[[int], Credentials | None]) -> None:
        self._gate = gate
        self._credentials = credentials
        self._waiting: dict[tuple[int, int], Post] = {}  # by worker and camera
        self._given: dict[int, Post] = {}

    def ask(self, post: Post, camera_no: int) -> None:
        """Take a worker's question."""
        if self._given.get(camera_no) is not post:  # else the answer is on its way
            self._waiting[post.number, camera_no] = post
            self.answer()

    def answer(self) -> None:
        """Answer what can be answered now; asked several times a second."""
        for (number, camera_no), post in list(self._waiting.items()):
            credentials = self._credentials(camera_no)
            if self._gate.is_refused(camera_no, credentials, WHO):
                del self._waiting[number, camera_no]
                post.order(Hold(camera_no))
            elif camera_no not in self._given and self._entered(camera_no, credentials):
                del self._waiting[number, camera_no]
                self._given[camera_no] = post
                post.order(Permit(camera_no))

    def tell(self, camera_no: int, *, taken: bool | None) -> None:
        """Take what a camera said to the password; None where it said nothing."""
        self._given.pop(camera_no, None)
        if taken is None:
            self._gate.leave(camera_no, WHO)
        elif taken:
            self._gate.accept(camera_no, WHO)
        else:
            self._gate.refuse(camera_no, WHO)

    def drop(self, post: Post) -> None:
        """Forget what a worker asked that is gone, and what it was trying."""
        for camera_no in [camera_no for camera_no, who in self._given.items() if who is post]:
            self.tell(camera_no, taken=None)
        self._waiting = {asked: who for asked, who in self._waiting.items() if who is not post}

    def _entered(self, camera_no: int, credentials: Credentials | None) -> bool:
        """Enter the gate; a password that was proven here once may have been changed at the camera since."""
        self._gate.doubt(camera_no, credentials, WHO)
        return self._gate.enter(camera_no, credentials, WHO)
