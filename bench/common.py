"""What all benches share: how they are called, whether the machine was quiet enough, and how they answer."""

import argparse
import json
import math
import os
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOLEN_LIMIT = 0.05  # more CPU taken by other guests: nothing was measured
CONTROL_LIMIT_MS = 10.0  # an idle window later than this at p99: nothing was measured
_TICKS = os.sysconf("SC_CLK_TCK")

Target = tuple[str, float]


def arguments(description: str) -> argparse.ArgumentParser:
    """Return a parser that knows `--quick` (ends within 50 s) and `--json` (last line for machines)."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="end within 50 s")
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    return parser


@dataclass(frozen=True, slots=True)
class Cpu:
    """The machine's CPU time so far, in ticks, by /proc/stat."""

    total: int
    stolen: int
    idle: int

    @classmethod
    def now(cls) -> "Cpu":
        """Read it."""
        with Path("/proc/stat").open(encoding="ascii") as file:
            numbers = [int(word) for word in file.readline().split()[1:9]]
        return cls(sum(numbers), numbers[7], numbers[3])

    def stolen_share(self, since: "Cpu") -> float:
        """Return which share of the time since then other guests of the host took."""
        return (self.stolen - since.stolen) / max(1, self.total - since.total)

    def idle_share(self, since: "Cpu") -> float:
        """Return which share of the time since then nothing ran."""
        return (self.idle - since.idle) / max(1, self.total - since.total)


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU time that these processes used so far; one that is gone counts nothing."""
    total = 0.0
    for pid in pids:
        try:
            words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(words[11]) + int(words[12])) / _TICKS
    return total


def pss_mb(pids: Iterable[int]) -> float:
    """Return the memory of these processes together, shared pages counted once, in MB."""
    return _mapped_mb(pids, ("Pss:",))


def own_mb(pids: Iterable[int]) -> float:
    """Return the same without pages of files: those count less as soon as another program maps the same library."""
    return _mapped_mb(pids, ("Pss_Anon:", "Pss_Shmem:"))


def _mapped_mb(pids: Iterable[int], kinds: tuple[str, ...]) -> float:
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith(kinds))
    return total / 1024


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share lies; NaN of nothing."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: Iterable[float]) -> float:
    """Return the median; NaN of nothing."""
    kept = sorted(values)  # not by `statistics`: 2 MB, which a role that is measured must not hold
    middle = len(kept) // 2
    if not kept:
        return float("nan")
    return kept[middle] if len(kept) % 2 else (kept[middle - 1] + kept[middle]) / 2


def idle_control_ms(seconds: float, *, every_s: float = 0.01) -> list[float]:
    """Return how late a thread that does nothing wakes up, in ms: the control of benches without a window."""
    quiet, late = threading.Event(), []
    end = time.perf_counter() + seconds
    before = time.perf_counter()
    while before < end:
        quiet.wait(every_s)
        now = time.perf_counter()
        late.append((now - before - every_s) * 1000)
        before = now
    return late


@dataclass(slots=True)
class Report:
    """The figures of one bench; `void` names why nothing was measured, which is never `held`."""

    bench: str
    figures: dict[str, float] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    void: list[str] = field(default_factory=list)

    def judge_machine(self, stolen: float, control_p99_ms: float) -> None:
        """Note the state of the machine, and void the run where it was not quiet enough."""
        self.figures["stolen_share"] = stolen
        self.figures["control_p99_ms"] = control_p99_ms
        if stolen > STOLEN_LIMIT:
            self.void.append(f"{stolen:.1%} of the CPU was stolen (limit {STOLEN_LIMIT:.0%})")
        if not control_p99_ms <= CONTROL_LIMIT_MS:
            self.void.append(f"the idle control was {control_p99_ms:.1f} ms late at p99 (limit {CONTROL_LIMIT_MS:g})")

    def missed(self) -> list[str]:
        """Return the targets that are not met, in words; a figure that was not measured misses its target."""
        return [
            f"{name} is {self.figures.get(name, float('nan')):.3g}, should be {op} {limit:g}"
            for name, (op, limit) in self.targets.items()
            if not _meets(self.figures.get(name, float("nan")), op, limit)
        ]

    @property
    def held(self) -> bool:
        """Whether it was measured and all targets are met."""
        return not self.void and not self.missed()

    def print(self, *, as_json: bool) -> int:
        """Print the judgement and, if asked, the line for machines; return the exit code (1: not held)."""
        for reason in self.void:
            print(f"VOID: {reason}")
        for miss in self.missed():
            print(f"MISSED: {miss}")
        print("held" if self.held else "not held")
        if as_json:
            figures: Mapping[str, float | None] = {
                name: None if math.isnan(value) else round(value, 4) for name, value in self.figures.items()
            }
            print(json.dumps({"bench": self.bench, "figures": figures, "targets": self.targets, "held": self.held}))
        return 0 if self.held else 1


def _meets(value: float, op: str, limit: float) -> bool:
    return {"<=": value <= limit, ">=": value >= limit}[op]


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line through measured points: `fixed + each * x`, and which share of their spread it explains."""

    fixed: float
    each: float
    explained: float


def fit(points: Sequence[tuple[float, float]]) -> Line:
    """Return the line of least squares; NaN with fewer than two different x."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / max(1, count)
    mean_y = sum(y for _, y in points) / max(1, count)
    spread_x = sum((x - mean_x) ** 2 for x, _ in points)
    spread_y = sum((y - mean_y) ** 2 for _, y in points)
    if spread_x == 0:
        return Line(float("nan"), float("nan"), float("nan"))
    each = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread_x
    fixed = mean_y - each * mean_x
    left = sum((y - fixed - each * x) ** 2 for x, y in points)
    return Line(fixed, each, 1.0 if spread_y == 0 else 1 - left / spread_y)


@dataclass(frozen=True, slots=True)
class Table:
    """What one part of a bench found: rows for people, with what must be said besides."""

    title: str
    heading: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def text(self) -> str:
        """Return it for a terminal, columns aligned."""
        return "\n".join([f"-- {self.title}", table(self.heading, self.rows), *self.notes, ""])

    def markdown(self) -> str:
        """Return it as it stands in docs/performance.md."""
        lines = [list(self.heading), ["---"] * len(self.heading), *(list(row) for row in self.rows)]
        drawn = ["| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines]
        return "\n".join([f"### {self.title}", "", *drawn, "", *(f"{note}\n" for note in self.notes)])


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table for people, columns aligned."""
    lines = [list(heading), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
