"""What one part of the program suffers from while it records: told once, and once more when it is over."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from domain.clock import Clock
from domain.recording import RecordingTrouble, TroubleKind


@dataclass(slots=True)
class _Known:
    trouble: RecordingTrouble
    sufferers: set[Hashable] = field(default_factory=set)


class Troubles:
    """Counts who suffers from what, for one thread. What `report` raises leaves it untold, to be told the next time."""

    def __init__(self, writer: str, report: Callable[[RecordingTrouble], None], clock: Clock) -> None:
        self._writer = writer
        self._report = report
        self._clock = clock
        self._known: dict[tuple[TroubleKind, Path], _Known] = {}

    def suffer(self, kind: TroubleKind, where: Path, detail: str, who: Hashable = None) -> None:
        """Note that somebody suffers; the first one is told."""
        known = self._known.get((kind, where))
        if known is None:
            now = datetime.fromtimestamp(self._clock.now().timestamp(), UTC)
            trouble = RecordingTrouble(kind, str(where), detail, now, writer=self._writer)
            self._report(trouble)
            known = self._known[kind, where] = _Known(trouble)
        known.sufferers.add(who)

    def recover(self, kind: TroubleKind, where: Path, who: Hashable = None) -> None:
        """Note that somebody no longer does; that the last one does not is told."""
        known = self._known.get((kind, where))
        if known is None or who not in known.sufferers:
            return
        if len(known.sufferers) == 1:
            self._report(replace(known.trouble, cleared=True))
            del self._known[kind, where]
        else:
            known.sufferers.remove(who)

    def relieve(self, who: Hashable) -> None:
        """Note that somebody suffers from nothing any more."""
        for kind, where in tuple(self._known):
            self.recover(kind, where, who)

    def places(self, kind: TroubleKind) -> set[Path]:
        """Return where this is suffered."""
        return {where for of, where in self._known if of is kind}

    def knows(self, kind: TroubleKind, where: Path, who: Hashable = None) -> bool:
        """Whether somebody is known to suffer."""
        known = self._known.get((kind, where))
        return known is not None and who in known.sufferers
