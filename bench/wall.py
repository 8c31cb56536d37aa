"""Live pictures on a wall against decoding alone: CPU, frames shown, latency, and how late the window's timer is.

Each figure is the median of three runs; decoding alone (PyAV, one thread a camera, nothing shown) and the wall take
turns, each in a process of its own against the same practice cameras. Frames are recognised by the counter burnt into
the practice pictures, which also tells when each left its camera.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.common import Cpu, Report, arguments, median, table  # noqa: E402 - a bench is started as a script
from bench.wall_roles.ledger import FPS, PASSWORD, USER, Figures  # noqa: E402 - as above

RUNS = 3
TARGETS = {
    16: {"cpu_ratio": ("<=", 1.8), "shown": (">=", 0.98), "pss_mb": ("<=", 180.0)},
    36: {"cpu_ratio": ("<=", 1.4), "shown": (">=", 0.97)},
    64: {"cpu_ratio": ("<=", 1.3), "shown": (">=", 0.92), "pss_mb": ("<=", 350.0)},
}
EVERY_SIZE = {
    "latency_p50_ms": ("<=", 60.0),
    "latency_p95_ms": ("<=", 100.0),
    "ui_late_p99_over_idle_ms": ("<=", 10.0),
}


@contextmanager
def practice_cameras(count: int) -> Iterator[list[str]]:
    """Run so many practice cameras and give the addresses of their sub streams."""
    with tempfile.TemporaryDirectory(prefix="watchroom-bench-") as folder:
        config = Path(folder) / "cameras.json"
        cameras = [{"no": no, "name": f"bench {no}", "kind": "fixed", "scene": no % 8} for no in range(1, count + 1)]
        credentials = {"user": USER, "password": PASSWORD}
        config.write_text(json.dumps({"cameras": cameras, "credentials": credentials, "rtsp_port": 0}))
        command = [sys.executable, "-m", "simulation.cameras", str(config)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                if process.stdout is None:
                    raise AssertionError("started with a pipe")
                ready = json.loads(process.stdout.readline())
                yield [camera["sub_url"] for camera in ready["cameras"]]
            finally:
                process.terminate()


def run_child(role: str, urls: Sequence[str], window_s: float) -> Figures:
    """Measure one role in a process of its own."""
    order = json.dumps({"urls": urls, "window_s": window_s})
    command = [sys.executable, "-m", f"bench.wall_roles.{role}"]
    done = subprocess.run(command, cwd=ROOT, input=order, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise SystemExit(f"the {role} run failed:\n{done.stderr}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def measure(report: Report, count: int, urls: Sequence[str], runs: int, window_s: float) -> list[str]:
    """Measure one size in turns, add its figures and targets to the report, and return its line of the table."""
    alone: list[Figures] = []
    shown: list[Figures] = []
    for _ in range(runs):
        alone.append(run_child("decode", urls, window_s))
        shown.append(run_child("shown", urls, window_s))
    figures = {name: median(run[name] for run in shown) for name in shown[0]}
    figures["decode_only_cores"] = median(run["cores"] for run in alone)
    figures["cpu_ratio"] = figures["cores"] / figures["decode_only_cores"]
    figures["ui_late_p99_over_idle_ms"] = figures["ui_late_p99_ms"] - figures["idle_p99_ms"]
    decoded = median(run["fps"] for run in alone) / (count * FPS)
    if not all(run["ready"] for run in (*alone, *shown)):
        report.void.append(f"{count} tiles: not every camera gave a picture")
    if decoded < 0.95:
        report.void.append(f"{count} tiles: the control decoded only {decoded:.0%} of what was sent")
    report.figures |= {f"tiles_{count}_{name}": value for name, value in figures.items() if name != "ready"}
    if count in TARGETS:
        targets = TARGETS[count] | EVERY_SIZE
        report.targets |= {f"tiles_{count}_{name}": target for name, target in targets.items()}
    return [
        str(count),
        f"{figures['decode_only_cores']:.3f}",
        f"{figures['cores']:.3f}",
        f"{figures['cpu_ratio']:.2f}",
        f"{figures['shown']:.1%}",
        f"{figures['latency_p50_ms']:.0f}/{figures['latency_p95_ms']:.0f}",
        f"{figures['ui_late_p99_ms']:.1f}/{figures['ui_late_max_ms']:.1f}",
        f"{figures['idle_p99_ms']:.1f}/{figures['idle_max_ms']:.1f}",
        f"{figures['pss_mb']:.0f}",
    ]


def main() -> int:
    """Measure and print."""
    parser = arguments("Live tiles against decoding alone.")
    parser.add_argument("--tiles", type=int, nargs="+", help="measure these sizes only")
    options = parser.parse_args()
    sizes = options.tiles or ([4, 16] if options.quick else [4, 16, 36, 64])
    report, before = Report("wall"), Cpu.now()
    lines = []
    with practice_cameras(max(sizes)) as urls:
        for count in sizes:
            # Quick: the small wall has no target and is measured once.
            runs, window_s = (1 if count < 16 else RUNS, 2.0) if options.quick else (RUNS, 8.0)
            lines.append(measure(report, count, urls[:count], runs, window_s))
    now = Cpu.now()
    control = max(value for name, value in report.figures.items() if name.endswith("idle_p99_ms"))
    report.judge_machine(now.stolen_share(before), control)
    heading = ["tiles", "decode-only", "wall", "x", "shown", "latency p50/p95", "UI late p99/max", "idle", "PSS MB"]
    print(table(heading, lines))
    print(f"stolen {now.stolen_share(before):.1%}, idle {now.idle_share(before):.0%} of {os.cpu_count()} cores")
    return report.print(as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
