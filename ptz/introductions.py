"""Meeting many cameras before any of them is moved: a few at a time, so that the screen does not notice."""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable

from domain.camera import Camera
from domain.errors import WatchroomError
from ptz.contacts import Contacts

# Meeting a camera is eight questions. A slow one takes a second or more to answer them all, and 735 are to be met in a
# minute. Each costs some 9 ms of work: where cameras answered at once, 24 threads without a pause made the screen's
# thread late by 53 ms at p99 (bench/ptz.py).
AT_ONCE = 24
BEGIN_EVERY_S = 0.025

_log = logging.getLogger(__name__)


class Introductions:
    """Asks cameras how they are reached, on threads that end when all were asked."""

    def __init__(self, contacts: Contacts) -> None:
        self._contacts = contacts
        self._waiting: deque[Camera] = deque()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._asking = 0  # threads that will look again for a camera that waits
        self._pacing = threading.Lock()
        self._ending = threading.Event()

    def meet(self, cameras: Iterable[Camera]) -> None:
        """Have these cameras met; returns at once."""
        with self._lock:
            self._waiting.extend(camera for camera in cameras if camera.ptz)
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            while not self._ending.is_set() and self._asking < min(len(self._waiting), AT_ONCE):
                thread = threading.Thread(target=self._run, name="ptz-meet", daemon=True)
                self._threads.append(thread)
                self._asking += 1
                thread.start()

    def wait(self, timeout_s: float) -> bool:
        """Wait until all were asked; whether they were."""
        with self._lock:
            threads = list(self._threads)
        ends_at = time.monotonic() + timeout_s
        for thread in threads:
            thread.join(max(0.0, ends_at - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def close(self) -> None:
        """Meet no more; the question that is under way is let go."""
        self._ending.set()

    def _next(self) -> Camera | None:
        """Return the next camera, a moment after the one before; None where none waits any more."""
        with self._pacing:
            ended = self._ending.wait(BEGIN_EVERY_S)
        with self._lock:
            if self._waiting and not ended:
                return self._waiting.popleft()
            self._asking -= 1
            return None

    def _run(self) -> None:
        while (camera := self._next()) is not None:
            try:
                self._contacts.device(camera).close()
            except WatchroomError as error:
                _log.info("camera %s is not met: %s", camera.no, error)
