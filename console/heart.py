"""Beats for the PTZ watchdog where no window does: commands, and the orderly end of the program."""

import threading
from types import TracebackType

from ptz.watchdog import Watchdog

_BEAT_S = 0.1


class Heart:
    """Beats every 100 ms while it is entered, on a thread of its own.

    Never while windows work: there the UI thread has to beat itself, so that a frozen screen stops the cameras.
    """

    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heart")

    def __enter__(self) -> "Heart":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def _beat(self) -> None:
        while True:
            self._watchdog.beat()
            if self._stopped.wait(_BEAT_S):
                return
