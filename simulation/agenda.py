"""One thread in which all of the practice city happens at its time, so that the same seed gives the same story."""

import heapq
import itertools
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from domain.clock import Clock
from domain.errors import UnreachableError
from simulation.journal import Journal

T = TypeVar("T")
Work = Callable[[], None]

ANSWER_WITHIN_S = 10.0


class Agenda:
    """Does things later, in order of their time; delays are seconds of the given clock."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._serial = itertools.count()
        self._entries: list[tuple[float, int, Work]] = []
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="agenda", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Forget what has not been done, and return when nothing is being done any more."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def after(self, delay_s: float, work: Work) -> None:
        """Do this once, so many seconds from now; from any thread."""
        with self._changed:
            heapq.heappush(self._entries, (self._clock.monotonic() + delay_s, next(self._serial), work))
            self._changed.notify()

    def every(self, period_s: float, work: Work) -> None:
        """Do this now and then again and again; a turn that is missed is left out."""
        self._repeat(self._clock.monotonic(), period_s, work)

    def ask(self, work: Callable[[], T]) -> T:
        """Do this in the agenda's thread and return what it returns, or raise what it raises."""
        answer: Future[T] = Future()

        def do() -> None:
            try:
                answer.set_result(work())
            except Exception as error:  # noqa: BLE001 - handed to the caller, who waits for it
                answer.set_exception(error)

        self.after(0.0, do)
        try:
            return answer.result(ANSWER_WITHIN_S)
        except TimeoutError:
            raise UnreachableError("the practice city is closing or too busy to answer") from None

    def _repeat(self, due: float, period_s: float, work: Work) -> None:
        def turn() -> None:
            self._repeat(max(due + period_s, self._clock.monotonic()), period_s, work)
            work()

        with self._changed:
            heapq.heappush(self._entries, (due, next(self._serial), turn))
            self._changed.notify()

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - outermost loop of this thread: said, and the city goes on
                self._journal.say("went wrong", error=repr(error), trace=traceback.format_exc())

    def _next(self) -> Work | None:
        with self._changed:
            while not self._closing:
                if not self._entries:
                    self._changed.wait()
                    continue
                wait_s = (self._entries[0][0] - self._clock.monotonic()) / self._clock.speed
                if wait_s <= 0:
                    return heapq.heappop(self._entries)[2]
                self._changed.wait(wait_s)
            return None
