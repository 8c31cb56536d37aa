"""Walls of 4 to 64 tiles against decoding alone, and the cost per tile that follows from them."""

from bench.common import Table, fit, median
from bench.practice import FPS
from bench.wall_parts.setting import Setting, medians

EVERY_SIZE = {
    "latency_p50_ms": ("<=", 60.0),
    "latency_p95_ms": ("<=", 100.0),
    "close_ms": ("<=", 200.0),
    "first_picture_s": ("<=", 0.5),
}
TARGETS = {
    16: {
        "cpu_ratio": ("<=", 1.8),
        "shown": (">=", 0.98),
        "pss_mb": ("<=", 180.0),
        "ui_late_p99_over_idle_ms": ("<=", 10.0),
    },
    36: {"cpu_ratio": ("<=", 1.4), "shown": (">=", 0.97), "ui_late_p99_over_idle_ms": ("<=", 10.0)},
    64: {
        "cpu_ratio": ("<=", 1.3),
        "shown": (">=", 0.92),
        "pss_mb": ("<=", 350.0),
        "ui_late_p99_over_idle_ms": ("<=", 15.0),
    },
}
_HEADING = (
    "tiles", "tile px", "decode-only cores", "wall cores", "ratio", "shown", "latency p50 / p95 ms",
    "first picture s", "UI late p99 / max ms", "idle p99 ms", "PSS MB", "close ms",
)  # fmt: skip
_NOT_LOADED = 0.95  # of the sent frames, which decoding alone must have managed


def run(setting: Setting) -> Table:
    """Measure all sizes in turns with their control."""
    rows = [_measure(setting, count) for count in setting.sizes]
    return Table(
        f"Live tiles 640x360 at 15/s, {setting.workers} stream worker(s)", _HEADING, rows, _cost_per_tile(setting)
    )


def _measure(setting: Setting, count: int) -> list[str]:
    alone, shown = [], []
    for _ in range(setting.runs if count >= 16 or setting.runs > 3 or len(setting.sizes) > 2 else 1):
        alone.append(setting.role("decode", count))
        shown.append(setting.role("shown", count))
    figures = medians(shown)
    figures["decode_only_cores"] = median(one["cores"] for one in alone)
    figures["cpu_ratio"] = figures["cores"] / figures["decode_only_cores"]
    decoded = median(one["fps"] for one in alone) / (count * FPS["sub"])
    if decoded < _NOT_LOADED:
        setting.void(f"{count} tiles: the control decoded only {decoded:.0%} of what was sent")
    setting.enter(f"tiles_{count}", figures, TARGETS[count] | EVERY_SIZE if count in TARGETS else None)
    return [
        str(count),
        f"{figures['tile_width']:.0f}",
        f"{figures['decode_only_cores']:.3f}",
        f"{figures['cores']:.3f}",
        f"{figures['cpu_ratio']:.2f}",
        f"{figures['shown']:.1%}",
        f"{figures['latency_p50_ms']:.0f} / {figures['latency_p95_ms']:.0f}",
        f"{figures['first_picture_s']:.2f}",
        f"{figures['ui_late_p99_ms']:.1f} / {figures['ui_late_max_ms']:.1f}",
        f"{figures['idle_p99_ms']:.1f}",
        f"{figures['pss_mb']:.0f}",
        f"{figures['close_ms']:.0f}",
    ]


def _cost_per_tile(setting: Setting) -> list[str]:
    """Fit `cores = fixed + each * tiles` to the wall and to decoding alone; needs three sizes to mean anything."""
    if len(setting.sizes) < 3:
        return []
    said = []
    for name, what in (("cores", "wall"), ("worker_cores", "its workers alone"), ("decode_only_cores", "decode-only")):
        points = [(float(count), setting.report.figures[f"tiles_{count}_{name}"]) for count in setting.sizes]
        line = fit(points)
        setting.report.figures |= {
            f"fit_{name}_fixed": line.fixed,
            f"fit_{name}_per_tile": line.each,
            f"fit_{name}_explained": line.explained,
        }
        said.append(f"{what}: {line.fixed:.3f} + {line.each:.4f} x tiles cores (R2 {line.explained:.3f})")
    return said
