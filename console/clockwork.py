"""How long ago this process began, for the figures that start there."""

import time
from pathlib import Path


def since_start_s() -> float:
    """Return seconds since the kernel started this process."""
    fields = Path("/proc/self/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    started_ticks = int(fields[19])  # field 22 of proc(5): start time after boot, in clock ticks
    uptime_s = time.clock_gettime(time.CLOCK_BOOTTIME)
    return uptime_s - started_ticks / _TICKS_PER_S


_TICKS_PER_S = 100  # USER_HZ, fixed at 100 on Linux's supported platforms
