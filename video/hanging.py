"""A disk that neither answers nor fails tells nobody: the thread that waits for it is watched from other threads."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from domain.clock import Clock
from domain.recording import RecordingTrouble, TroubleKind

HANGS_S = 5.0  # a disk that wakes up or is busy answers sooner
CALM_S = 10.0  # so long without a wait before it is over


class Hanging:
    """Says how long a thread has been at one piece of work, once that is too long, and when it is over.

    The thread itself says `begins` and `rests`. Any thread may `look`, and `report` is called on the one that does.
    """

    def __init__(
        self,
        where: Path,
        writer: str,
        report: Callable[[RecordingTrouble], None],
        clock: Clock,
        patience_s: float = HANGS_S,
    ) -> None:
        self._where = where
        self._writer = writer
        self._report = report
        self._clock = clock
        self._patience_s = patience_s
        self._began_at: float | None = None
        self._hung_at = 0.0
        self._trouble: RecordingTrouble | None = None
        self._lock = threading.Lock()

    def begins(self) -> None:
        """Note that the thread begins a piece of work; the one before it is done."""
        self._began_at = self._clock.monotonic()

    def rests(self) -> None:
        """Note that the thread has nothing to do."""
        self._began_at = None

    def look(self) -> None:
        """Tell what is to be told; quick, whatever the disk does."""
        began_at, now = self._began_at, self._clock.monotonic()
        waited_s = 0.0 if began_at is None else now - began_at
        if waited_s <= self._patience_s and self._trouble is None:
            return
        with self._lock:
            if waited_s > self._patience_s:
                self._note(now, waited_s)
            elif self._trouble is not None and now - self._hung_at > CALM_S:
                self._report(replace(self._trouble, cleared=True))
                self._trouble = None

    def _note(self, now: float, waited_s: float) -> None:
        self._hung_at = now
        if self._trouble is None:
            since = self._clock.now() - timedelta(seconds=waited_s)
            detail = f"one piece of work has lasted {waited_s:.1f} s"
            trouble = RecordingTrouble(TroubleKind.HANGS, str(self._where), detail, since, writer=self._writer)
            self._report(trouble)
            self._trouble = trouble
