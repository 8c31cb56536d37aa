"""Where the field's reports go."""

from collections.abc import Callable
from typing import Protocol

from domain.event import FieldReport, Quarantined
from domain.reading import Reading

Committed = Callable[[], None]


class Sink(Protocol):
    """Takes what came in, and says when it is safe.

    Each method is called from one of the link's own threads and may block. It calls `committed` once, from any
    thread, after its commit: only then is the message acknowledged to the broker. Where it can't store it raises:
    StorageError is tried again until it succeeds, anything else sends the message to quarantine. A repeat (an id
    that is already stored) is committed like any other. `FieldReport.quarantine` is the sink's to write down.
    """

    def take_reports(self, reports: tuple[FieldReport, ...], committed: Committed) -> None:
        """Store these, all or none."""
        ...

    def take_readings(self, readings: tuple[Reading, ...], committed: Committed) -> None:
        """Store these, all or none."""
        ...

    def quarantine(self, item: Quarantined, committed: Committed) -> None:
        """Keep a message that could not be taken."""
        ...
