"""Whether a wall's memory stays as it is: window and workers, with the ring on, sampled for minutes.

The first tenth of the time (two minutes at most, eight seconds at least) warms up. Growth is the median of the last
quarter against the median of the first quarter after that. It is judged without the pages of files: their share of a
process falls and rises with whoever else maps the same libraries. A worker that was started again is a failure, since
it would hide what it had gathered.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.common import Cpu, Report, Table, arguments, fit, idle_control_ms, median, own_mb, percentile, pss_mb  # noqa: E402 - a bench is started as a script
from bench.practice import Practice, practice_cameras  # noqa: E402 - as above

GROWTH_LIMIT = 0.02
_WARM_MOST_S, _WARM_LEAST_S = 120.0, 8.0
_CONTROL_S = 2.0
_END_S = 20.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The memory at one moment, seconds after the first: all of it (PSS), and without pages of files."""

    at_s: float
    pss_mb: float
    own_mb: float


@dataclass(frozen=True, slots=True)
class Soak:
    """What was seen of one wall."""

    samples: tuple[Sample, ...]
    warm_s: float
    shown: float
    ready: bool
    restarted: bool

    @property
    def growth(self) -> float:
        """Return how much more memory the last quarter took than the first after warming up, as a share."""
        kept = [sample.own_mb for sample in self.samples if sample.at_s >= self.warm_s]
        quarter = max(1, len(kept) // 4)
        return median(kept[-quarter:]) / median(kept[:quarter]) - 1

    @property
    def mb_per_hour(self) -> float:
        """Return the slope of memory after warming up."""
        kept = [(sample.at_s / 3600, sample.own_mb) for sample in self.samples if sample.at_s >= self.warm_s]
        return fit(kept).each


def soak(practice: Practice, tiles: int, seconds: float, workers: int, told: Callable[[Sample], None]) -> Soak:
    """Show so many tiles for so long; `told` gets each sample."""
    command = [sys.executable, "-m", "bench.wall_roles.soak"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("DISPLAY", None)
    with (
        tempfile.TemporaryDirectory(prefix="watchroom-bench-ring-") as ring,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        order = practice.ordered(tiles) | {"window_s": seconds, "workers": workers, "ring": ring}
        try:
            began = _say(process, order)
            samples = _sample(_pids(began), seconds, told)
            said, _ = process.communicate(timeout=_END_S)
        finally:
            process.kill()
    ended = json.loads(said.splitlines()[-1])
    same = {name: pid for name, pid in began.items() if name.startswith("worker_")}
    restarted = same != {name: pid for name, pid in ended.items() if name.startswith("worker_")}
    return Soak(tuple(samples), _warm_s(seconds), ended["shown"], bool(began["ready"]), restarted)


def _say(process: "subprocess.Popen[str]", order: dict[str, object]) -> dict[str, float]:
    if process.stdin is None or process.stdout is None:
        raise AssertionError("started with pipes")
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise SystemExit("the wall did not come up")
    said: dict[str, float] = json.loads(line)
    return said


def _pids(said: dict[str, float]) -> list[int]:
    return [int(pid) for name, pid in said.items() if name == "me" or name.startswith("worker_")]


def _sample(pids: Sequence[int], seconds: float, told: Callable[[Sample], None]) -> list[Sample]:
    samples: list[Sample] = []
    began, every_s = time.monotonic(), max(0.5, seconds / 400)
    while (at_s := time.monotonic() - began) < seconds:
        samples.append(Sample(at_s, pss_mb(pids), own_mb(pids)))
        told(samples[-1])
        time.sleep(every_s)
    return samples


def _warm_s(seconds: float) -> float:
    return min(_WARM_MOST_S, max(_WARM_LEAST_S, seconds / 10))


def main() -> int:
    """Measure, print, judge."""
    parser = arguments("Memory of a wall over time.")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--tiles", type=int, default=36)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--markdown", action="store_true", help="print the table as it stands in docs/performance.md")
    options = parser.parse_args()
    seconds = 35.0 if options.quick else options.minutes * 60
    report, before, minute = Report("wall_soak"), Cpu.now(), [-1]

    def told(sample: Sample) -> None:
        if int(sample.at_s / 60) > minute[0]:
            minute[0] = int(sample.at_s / 60)
            print(f"{minute[0]:3d} min  PSS {sample.pss_mb:7.1f} MB, own {sample.own_mb:7.1f} MB", flush=True)

    control = idle_control_ms(_CONTROL_S)
    with practice_cameras(options.tiles) as practice:
        seen = soak(practice, options.tiles, seconds, options.workers, told)
    control += idle_control_ms(_CONTROL_S)
    report.judge_machine(Cpu.now().stolen_share(before), percentile(control, 0.99))
    if not seen.ready:
        report.void.append("not every camera gave a picture")
    report.targets = {"growth": ("<=", GROWTH_LIMIT), "restarted": ("<=", 0.0)}
    report.figures |= {
        "growth": seen.growth,
        "mb_per_hour": seen.mb_per_hour,
        "first_pss_mb": seen.samples[0].pss_mb,
        "last_pss_mb": seen.samples[-1].pss_mb,
        "first_own_mb": seen.samples[0].own_mb,
        "last_own_mb": seen.samples[-1].own_mb,
        "shown": seen.shown,
        "restarted": float(seen.restarted),
        "minutes": seconds / 60,
    }
    heading = ["tiles", "minutes", "PSS MB first / last", "own MB first / last", "growth", "MB/h", "shown"]
    first, last = seen.samples[0], seen.samples[-1]
    row = [
        str(options.tiles),
        f"{seconds / 60:.1f}",
        f"{first.pss_mb:.1f} / {last.pss_mb:.1f}",
        f"{first.own_mb:.1f} / {last.own_mb:.1f}",
        f"{seen.growth:+.2%}",
        f"{seen.mb_per_hour:+.1f}",
        f"{seen.shown:.1%}",
    ]
    result = Table("Memory over time", heading, [row])
    print(result.markdown() if options.markdown else result.text())
    return report.print(as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
