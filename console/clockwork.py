"""How long ago the program began, for the figures that start there.

main.py imports this module before all others. The kernel's start time of the process would not do: `./run` sets the
machine up and then becomes the program, so that the first time it would count minutes of set-up.
"""

import time

_BEGAN = time.monotonic()


def since_start_s() -> float:
    """Return seconds since the program began; Python's own start, some hundredths of a second, is not in it."""
    return time.monotonic() - _BEGAN
