"""What the ring costs: the workers' CPU with it and without, in turns."""

import tempfile
from pathlib import Path

from bench.common import Table, median
from bench.wall_parts.setting import Setting

TILES = 16
LIMIT = 0.005  # core a stream
_LEAST_FILES = TILES


def run(setting: Setting) -> Table:
    """Measure both; a ring that wrote nothing is no measurement."""
    without, with_ring = [], []
    size = files = 0
    for _ in range(setting.runs):
        without.append(setting.role("shown", TILES)["worker_cores"])
        with tempfile.TemporaryDirectory(prefix="watchroom-bench-ring-") as folder:
            with_ring.append(setting.role("shown", TILES, ring=folder)["worker_cores"])
            found = [path.stat().st_size for path in Path(folder).rglob("*.mkv")]
            files, size = files + len(found), size + sum(found)
    if files < _LEAST_FILES * setting.runs:
        setting.void(f"recording: {files} segment files were written, fewer than one a stream")
    off, on = median(without), median(with_ring)
    figures = {
        "off_worker_cores": off,
        "on_worker_cores": on,
        "cores_per_stream": (on - off) / TILES,
        "mbytes": size / setting.runs / 1e6,
    }
    setting.enter("recording", figures, {"cores_per_stream": ("<=", LIMIT)})
    row = [str(TILES), f"{off:.3f}", f"{on:.3f}", f"{figures['cores_per_stream']:.4f}", f"{figures['mbytes']:.1f}"]
    heading = ["streams", "workers without ring", "workers with ring", "a stream", "MB written a run"]
    return Table("Recording into the ring (cores)", heading, [row])
