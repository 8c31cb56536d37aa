"""What every part of the wall bench is given, and how it runs its roles."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.children import Ended, Figures, run_role, run_role_to_end
from bench.common import Report, median
from bench.practice import Practice


@dataclass(slots=True)
class Setting:
    """The cameras, how often and how long to look, and where figures go."""

    practice: Practice
    report: Report
    runs: int
    window_s: float
    workers: int
    sizes: tuple[int, ...]
    controls: list[float] = field(default_factory=list)

    def role(self, name: str, count: int, *, display: str = "", window_s: float = 0.0, **said: object) -> Figures:
        """Run one role on the first so many cameras; its idle control counts for the whole run."""
        return self._noted(name, count, run_role(name, self._order(count, window_s, said), display=display))

    def role_to_end(self, name: str, count: int, **said: object) -> Ended:
        """Do the same, and say when its last process was gone."""
        ended = run_role_to_end(name, self._order(count, 0.0, said))
        self._noted(name, count, ended.figures)
        return ended

    def enter(self, prefix: str, figures: Figures, targets: dict[str, tuple[str, float]] | None = None) -> None:
        """Put figures, and what is wanted of some, into the report."""
        self.report.figures |= {f"{prefix}_{name}": value for name, value in figures.items() if name not in _ASIDE}
        self.report.targets |= {f"{prefix}_{name}": target for name, target in (targets or {}).items()}

    def void(self, why: str) -> None:
        """Say why this was no measurement."""
        if why not in self.report.void:
            self.report.void.append(why)

    def _order(self, count: int, window_s: float, said: dict[str, object]) -> dict[str, object]:
        window = {"window_s": window_s or self.window_s, "workers": self.workers}
        return self.practice.ordered(count) | window | said

    def _noted(self, name: str, count: int, figures: Figures) -> Figures:
        if not figures.get("ready", 1.0) and not name.startswith("player_"):
            self.void(f"{name}, {count} tiles: not every camera gave a picture")
        if "idle_p99_ms" in figures and not name.startswith("player_"):
            self.controls.append(figures["idle_p99_ms"])
        return figures


_ASIDE = {"ready", "ended_at", "same_workers", "end_asked_at"}


def medians(runs: Sequence[Figures]) -> Figures:
    """Return each figure's median over the runs."""
    return {name: median(run[name] for run in runs if name in run) for name in runs[0]}
