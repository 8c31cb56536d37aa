"""Runs slow work off the UI thread and brings the answer back to it."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar
from weakref import ref

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from domain.errors import WatchroomError

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Lane(StrEnum):
    """A queue of work; the database lane runs one job at a time, in order."""

    DATABASE = "database"
    NETWORK = "network"


_WIDTH = {Lane.DATABASE: 1, Lane.NETWORK: 8}


class Tasks(QObject):
    """The only way a window asks for work that may take longer than a frame."""

    failed = Signal(Exception)
    _landed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._pools = {
            lane: ThreadPoolExecutor(width, thread_name_prefix=f"task-{lane.value}") for lane, width in _WIDTH.items()
        }
        self._landed.connect(self._land, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        lane: Lane,
        work: Callable[[], _T],
        owner: QObject,
        then: Callable[[_T], None],
        otherwise: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do the work on its lane, then call back on the UI thread while the owner lives.

        A failure goes to `otherwise`, or else to `failed`, which the message strip shows. After `close` nothing is
        taken any more.
        """
        if self._closed:
            return
        future = self._pools[lane].submit(work)
        arrive = partial(self._arrive, ref(owner), then, otherwise or self.failed.emit)
        future.add_done_callback(lambda done: self._hand_over(partial(arrive, done)))

    def close(self) -> None:
        """Finish what has begun, drop what has not."""
        self._closed = True
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def _hand_over(self, arrive: Callable[[], None]) -> None:
        if isValid(self):
            self._landed.emit(arrive)

    @Slot(object)
    def _land(self, arrive: Callable[[], None]) -> None:
        arrive()

    @staticmethod
    def _arrive(
        owner: "ref[QObject]",
        then: Callable[[Any], None],
        otherwise: Callable[[Exception], None],
        done: Future[Any],
    ) -> None:
        holder = owner()
        if done.cancelled() or holder is None or not isValid(holder):
            return
        error = done.exception()
        if error is None:
            then(done.result())
        elif isinstance(error, Exception):
            expected = isinstance(error, WatchroomError)
            _log.error("work failed: %s", error, exc_info=None if expected else error)
            otherwise(error)
        else:
            raise error
