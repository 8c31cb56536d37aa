"""What any thread wants done on one thread, in the order in which it was wished."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress

Wish = Callable[[], None]


class Wishes:
    """A line of wishes; its descriptor becomes readable when there is one, or when somebody rings."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: deque[Wish] = deque()
        self._refused = False
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def fileno(self) -> int:
        """Return the descriptor to wait on."""
        return self._bell

    def add(self, wish: Wish) -> bool:
        """Have it done; return False where nobody does it any more."""
        with self._lock:
            if not self._refused:
                self._line.append(wish)
                os.eventfd_write(self._bell, 1)
            return not self._refused

    def ring(self) -> None:
        """Have the thread look up although there is no new wish."""
        with self._lock:
            if not self._refused:
                os.eventfd_write(self._bell, 1)

    # The thread that does them.

    def heard(self) -> None:
        """Make the descriptor wait for the next one."""
        with suppress(BlockingIOError):
            os.eventfd_read(self._bell)

    def waiting(self) -> Iterator[Wish]:
        """Yield what is wished until there is no more."""
        while self._line:
            yield self._line.popleft()

    def refuse(self) -> None:
        """Take no more; what waits already is still to be done."""
        with self._lock:
            self._refused = True

    def close(self) -> None:
        """Give the descriptor back; only after `refuse`."""
        os.close(self._bell)
