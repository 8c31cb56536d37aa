"""What the practice city says about itself: JSON lines on standard error."""

import json
import sys
import threading
from datetime import datetime, timedelta, timezone
from typing import TextIO

from domain.clock import Clock
from domain.fact import Json

KOREA = timezone(timedelta(hours=9), "KST")


class Journal:
    """Writes one line for each thing that happens; safe from any thread."""

    def __init__(self, clock: Clock, stream: TextIO | None = None) -> None:
        self._clock = clock
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()

    def say(self, what: str, **fields: Json) -> None:
        """Write `{"at", "what", ...}`; personal data and passwords have no business in here."""
        line = json.dumps({"at": stamp(self._clock.now()), "what": what, **fields}, ensure_ascii=False)
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()


def stamp(at: datetime) -> str:
    """Return the moment as the field writes it: RFC 3339, Korean time with its offset."""
    return at.astimezone(KOREA).isoformat(timespec="milliseconds")
