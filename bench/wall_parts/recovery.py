"""How soon a wall is whole again: a killed worker, stalled cameras, cameras that went away and came back."""

from bench.common import Table
from bench.wall_parts.setting import Setting, medians

TILES = 16
TARGETS = {
    "killed_gap_ms": ("<=", 2000.0),
    "killed_others_gap_ms": ("<=", 300.0),
    "stalled_marked_s": ("<=", 2.0),
    "stalled_recovered_s": ("<=", 3.0),
    "dead_recovered_s": ("<=", 3.0),
}


def run(setting: Setting) -> Table:
    """Measure all three on one wall, with at least two workers, so that one of them can die alone."""
    workers = max(2, setting.workers)
    seen = [setting.role("recovery", TILES, window_s=1.0, workers=workers) for _ in range(setting.runs)]
    figures = medians(seen)
    if not all(0 < one["killed_tiles"] < TILES and one["killed_restarted"] for one in seen):
        setting.void("recovery: the killed worker was not killed, or had no tiles, or all of them")
    setting.enter("recovery", figures, TARGETS)
    row = [
        f"{figures['killed_tiles']:.0f} of {TILES}",
        f"{figures['killed_gap_ms'] / 1000:.2f}",
        f"{figures['killed_others_gap_ms']:.0f}",
        f"{figures['stalled_marked_s']:.2f}",
        f"{figures['stalled_recovered_s']:.2f}",
        f"{figures['dead_marked_s']:.2f}",
        f"{figures['dead_recovered_s']:.2f}",
    ]
    heading = [
        "tiles of the killed worker", "dark for s", "others' longest gap ms", "stalled: marked after s",
        "recovered after s", "dead: marked after s", "recovered after s",
    ]  # fmt: skip
    return Table("Recovery", heading, [row])
