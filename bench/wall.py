"""Live pictures on a wall: what they cost, what is shown, how late, how they end, and what goes wrong.

Each figure is the median of three runs that take turns with their control. Every role is a process of its own against
the same practice cameras. Frames are recognised by the counter burnt into the practice pictures, which also tells when
each left its camera. Without `--part` all parts run, one after another, each five minutes at most.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.children import RoleError  # noqa: E402 - a bench is started as a script
from bench.common import Cpu, Report, Table, arguments, median  # noqa: E402 - as above
from bench.practice import practice_cameras  # noqa: E402 - as above
from bench.wall_parts import ending, enlarged, faults, keyframes, players, recording, recovery, sizes  # noqa: E402 - as above
from bench.wall_parts.setting import Setting  # noqa: E402 - as above

SIZES = (4, 9, 16, 25, 36, 64)
QUICK_SIZES = (4, 16)
PARTS: Mapping[str, Callable[[Setting], Table]] = {
    "sizes": sizes.run,
    "faults": faults.run,
    "enlarged": enlarged.run,
    "ending": ending.run,
    "keyframes": keyframes.run,
    "recording": recording.run,
    "recovery": recovery.run,
    "players": players.run,
}
_MOST = {"sizes": 0, "faults": max(faults.SIZES), "keyframes": keyframes.TILES}  # cameras that a part needs; others 16


def main() -> int:
    """Measure and print."""
    parser = arguments("Live tiles against decoding alone, and what can go wrong with them.")
    parser.add_argument("--part", nargs="+", choices=PARTS, help="measure these parts only")
    parser.add_argument("--tiles", type=int, nargs="+", help="sizes: measure these numbers of tiles only")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="stream workers (default: one per core)"
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--window", type=float, help="seconds to look in each run")
    parser.add_argument("--markdown", action="store_true", help="print tables as they stand in docs/performance.md")
    options = parser.parse_args()
    parts = options.part or (["sizes"] if options.quick or options.tiles else list(PARTS))
    wanted = tuple(options.tiles or (QUICK_SIZES if options.quick else SIZES))
    window_s = options.window or (2.0 if options.quick else 5.0)
    report, before, controls = Report("wall"), Cpu.now(), list[float]()
    most = max(_MOST.get(part, 16) or max(wanted) for part in parts)
    with practice_cameras(most) as practice:
        for part in parts:
            setting = Setting(practice, report, options.runs, window_s, options.workers, wanted)
            try:
                found = PARTS[part](setting)
            except (RoleError, OSError) as error:
                report.void.append(f"{part}: {error}")
            else:
                print(found.markdown() if options.markdown else found.text(), flush=True)
            if setting.controls:
                controls.append(median(setting.controls))
    now = Cpu.now()
    report.judge_machine(now.stolen_share(before), max(controls, default=float("nan")))  # of the noisiest part
    control = report.figures["control_p99_ms"]
    stolen, idle = now.stolen_share(before), now.idle_share(before)
    print(f"stolen {stolen:.1%}, idle {idle:.0%} of {os.cpu_count()} cores, idle window p99 {control:.1f} ms\n")
    return report.print(as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
