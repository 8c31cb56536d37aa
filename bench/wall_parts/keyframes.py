"""What tiles cost that nobody sees: keyframes only against full decoding, in turns."""

from bench.common import Table, median
from bench.wall_parts.setting import Setting

TILES = 36
LIMIT = 0.25


def run(setting: Setting) -> Table:
    """Measure both; the share is of the workers' CPU, since the window of an unseen tile paints nothing either way."""
    full, keys = [], []
    for _ in range(setting.runs):
        full.append(setting.role("shown", TILES))
        keys.append(setting.role("shown", TILES, keyframes_only=True))
    figures = {
        "full_worker_cores": median(one["worker_cores"] for one in full),
        "worker_cores": median(one["worker_cores"] for one in keys),
        "full_cores": median(one["cores"] for one in full),
        "cores": median(one["cores"] for one in keys),
        "shown": median(one["shown"] for one in keys),
    }
    figures["share"] = figures["worker_cores"] / figures["full_worker_cores"]
    if figures["shown"] > 0.2:
        setting.void("keyframes only: more than keyframes were shown")
    setting.enter("keyframes", figures, {"share": ("<=", LIMIT)})
    row = [
        str(TILES),
        f"{figures['full_worker_cores']:.3f}",
        f"{figures['worker_cores']:.3f}",
        f"{figures['share']:.0%}",
        f"{figures['full_cores']:.3f} / {figures['cores']:.3f}",
    ]
    heading = ["tiles", "workers, full", "workers, keyframes only", "share", "with the window, full / keyframes"]
    return Table("Keyframes only (cores)", heading, [row])
