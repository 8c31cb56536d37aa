"""One tile enlarged to 1280x720 at 25/s beside fifteen others."""

from bench.common import Table
from bench.wall_parts.setting import Setting, medians

TILES = 16
_HEADING = (
    "large tile px", "cores", "shown", "latency p50 / p95 ms", "small tiles shown", "small latency p95 ms",
    "UI late p99 / max ms", "idle p99 ms",
)  # fmt: skip


def run(setting: Setting) -> Table:
    """Measure it; the main stream's pictures are made first where this machine does not have them yet."""
    setting.role("decode", 1, window_s=0.5, main=True)
    figures = medians([setting.role("enlarged", TILES) for _ in range(setting.runs)])
    setting.enter("enlarged", figures, {"latency_p95_ms": ("<=", 100.0), "shown": (">=", 0.95)})
    row = [
        f"{figures['tile_width']:.0f}",
        f"{figures['cores']:.3f}",
        f"{figures['shown']:.1%}",
        f"{figures['latency_p50_ms']:.0f} / {figures['latency_p95_ms']:.0f}",
        f"{figures['small_shown']:.1%}",
        f"{figures['small_latency_p95_ms']:.0f}",
        f"{figures['ui_late_p99_ms']:.1f} / {figures['ui_late_max_ms']:.1f}",
        f"{figures['idle_p99_ms']:.1f}",
    ]
    return Table("One tile 1280x720 at 25/s beside 15 others", _HEADING, [row])
