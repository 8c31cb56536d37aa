"""Walls among whose cameras four swallow every connection and four die every three seconds."""

from contextlib import ExitStack

from bench.common import Table
from bench.practice import Dying
from bench.wall_parts.setting import Setting, medians

SIZES = {24: 10.0, 64: 15.0}  # tiles, and how much later than idle the window may be at p99, in ms
FAULTY = 4  # of each kind
_EVERY_S, _DEAD_S = 3.0, 0.5
_LEAST_S = 6.0  # each dying camera dies twice
_HEADING = (
    "tiles", "black-holed", "dying (resets)", "healthy shown", "healthy longest gap ms", "healthy latency p95 ms",
    "dying shown", "UI late p99 / max ms", "idle p99 ms", "close ms",
)  # fmt: skip


def run(setting: Setting) -> Table:
    """Measure both sizes."""
    rows = [_measure(setting, count, late_ms) for count, late_ms in SIZES.items()]
    return Table("Faulty cameras among healthy ones", _HEADING, rows)


def _measure(setting: Setting, count: int, late_ms: float) -> list[str]:
    healthy = count - 2 * FAULTY
    black_holed, dying = range(healthy, healthy + FAULTY), range(healthy + FAULTY, count)
    seen, resets = [], 0
    for _ in range(setting.runs):
        with ExitStack() as faults:
            for tile in black_holed:
                no = setting.practice.cameras[tile].no
                setting.practice.fault(no, "black_holed")
                faults.callback(setting.practice.clear, no)
            numbers = [setting.practice.cameras[tile].no for tile in dying]
            killing = faults.enter_context(Dying(setting.practice, numbers, every_s=_EVERY_S, dead_s=_DEAD_S))
            window_s = max(_LEAST_S, setting.window_s)
            seen.append(
                setting.role(
                    "faults",
                    count,
                    window_s=window_s,
                    healthy=healthy,
                    black_holed=list(black_holed),
                    dying=list(dying),
                )
            )
            resets += killing.resets
    figures = medians(seen)
    if min(one["never_answered"] for one in seen) < FAULTY or max(one["black_holed_pictures"] for one in seen) > 0:
        setting.void(f"{count} tiles: the black-holed cameras answered")
    if resets < FAULTY * setting.runs or figures["dying_shown"] > 0.97:
        setting.void(f"{count} tiles: the dying cameras did not die")
    targets = {
        "ui_late_p99_over_idle_ms": ("<=", late_ms),
        "longest_gap_ms": ("<=", 300.0),
        "close_ms": ("<=", 200.0),
    }
    setting.enter(f"faults_{count}", figures, targets)
    return [
        str(count),
        str(FAULTY),
        f"{FAULTY} ({resets})",
        f"{figures['shown']:.1%}",
        f"{figures['longest_gap_ms']:.0f}",
        f"{figures['latency_p95_ms']:.0f}",
        f"{figures['dying_shown']:.0%}",
        f"{figures['ui_late_p99_ms']:.1f} / {figures['ui_late_max_ms']:.1f}",
        f"{figures['idle_p99_ms']:.1f}",
        f"{figures['close_ms']:.0f}",
    ]
