"""The one thread that writes: operators first, then the field, each in the order asked."""

import itertools
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from domain.errors import StorageError

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Urgency(IntEnum):
    """Who waits for the write; the lower number goes first."""

    OPERATOR = 0
    FIELD = 1


_LAST = 2  # after everything that was asked before closing

_Item = tuple[int, int, "Callable[[Session], Any] | None", "Future[Any]"]


class Writer:
    """Runs each work in a transaction of its own; what it returns, or raises, reaches its future after the commit."""

    def __init__(self, engine: Engine, explain: Callable[[DBAPIError], StorageError]) -> None:
        self._engine = engine
        self._explain = explain
        self._queue: queue.PriorityQueue[_Item] = queue.PriorityQueue()
        self._order = itertools.count()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="db-writer", daemon=True)
        self._thread.start()

    def submit(self, urgency: Urgency, work: Callable[[Session], T]) -> Future[T]:
        """Queue a work and return its future; StorageError once the writer is closed.

        A work must not wait for another one's future: it is the only writer.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise StorageError("the database is closed")
            self._queue.put((urgency, next(self._order), work, future))
        return future

    def do(self, urgency: Urgency, work: Callable[[Session], T]) -> T:
        """Queue a work, wait for its commit and return what it returned, or raise what it raised."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a work of the writer waits for the writer")
        return self.submit(urgency, work).result()

    def waiting(self) -> int:
        """Return how many works are queued."""
        return self._queue.qsize()

    def close(self) -> None:
        """Finish everything that was asked, then end the thread."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put((_LAST, next(self._order), None, Future()))
        self._thread.join()

    def _run(self) -> None:
        while True:
            _, _, work, future = self._queue.get()
            if work is None:
                return
            if future.set_running_or_notify_cancel():
                self._settle(work, future)

    def _settle(self, work: Callable[[Session], Any], future: "Future[Any]") -> None:
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                result = work(session)
        except DBAPIError as error:
            future.set_exception(self._explain(error))
        except Exception as error:  # noqa: BLE001 - outermost loop of the thread; the caller gets it
            _log.debug("a write failed: %s", type(error).__name__)
            future.set_exception(error)
        else:
            future.set_result(result)
