"""Something asked of a camera once, by the thread that moves it; whoever gave it may wait for the answer."""

import threading
from collections.abc import Callable
from typing import Any

from domain.errors import UnreachableError, WatchroomError
from ptz.motions import Motions


class Errand:
    """One question or command. `valid` is looked at just before it leaves; it must not wait."""

    def __init__(self, do: Callable[[Motions], Any], valid: Callable[[], bool] = lambda: True) -> None:
        self._do = do
        self.valid = valid
        self._done = threading.Event()
        self._answer: Any = None
        self._error: WatchroomError | None = None

    @property
    def done(self) -> bool:
        """Whether it was carried out or given up."""
        return self._done.is_set()

    @property
    def error(self) -> WatchroomError | None:
        """Return why it failed, None where it did not or is not done."""
        return self._error

    @property
    def answer(self) -> Any:
        """Return what the camera answered, None before."""
        return self._answer

    def carry_out(self, motions: Motions) -> None:
        """Ask the camera; what it raises goes to who waits, and to the caller."""
        self._answer = self._do(motions)
        self._done.set()

    def drop(self, error: WatchroomError) -> None:
        """Give it up."""
        if not self._done.is_set():
            self._error = error
            self._done.set()

    def wait(self, timeout_s: float) -> Any:
        """Return the answer; raises why it was given up, UnreachableError where that takes too long."""
        if not self._done.wait(timeout_s):
            self.drop(UnreachableError("the camera is busy with what was asked before"))
        if self._error is not None:
            raise self._error
        return self._answer
