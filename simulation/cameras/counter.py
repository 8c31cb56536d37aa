"""The counter burnt into every practice picture, from which a viewer learns which frame it sees and how late.

24 blocks from the top left corner, least significant bit first; white (luma 235) is 1, black (16) is 0.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

EPOCH_S = 1_700_000_000.0  # Unix time at which frame 0 left; frame k leaves at EPOCH_S + k / fps
LOOP_S = 8  # the counter is k modulo LOOP_S * fps, for the PTZ cameras too
BITS = 24
WHITE, BLACK, GREY = 235, 16, 128

Plane = NDArray[np.uint8]


def block_px(width: int) -> int:
    """Return the side of a block in a picture of this width: 16 at 640, 32 at 1280."""
    return width // 40


def burn(luma: Plane, chroma: tuple[Plane, Plane], value: int) -> None:
    """Write the counter into the planes of a 4:2:0 picture."""
    side = block_px(luma.shape[1])
    bits = (value >> np.arange(BITS)) & 1
    levels = np.where(bits == 1, WHITE, BLACK).astype(np.uint8)
    luma[:side, : BITS * side] = np.repeat(levels, side)
    for plane in chroma:
        plane[: side // 2, : BITS * side // 2] = GREY


def read(luma: NDArray[Any]) -> int:
    """Return the counter in a picture's luma (or grey) plane, judged by the middle of each block."""
    side = block_px(luma.shape[1])
    quarter = side // 4
    total = 0
    for bit in range(BITS):
        left = bit * side
        middle = luma[quarter : side - quarter, left + quarter : left + side - quarter]
        total |= int(middle.mean() > (WHITE + BLACK) / 2) << bit
    return total


def frame_due(no: int, fps: int) -> float:
    """Return the Unix time at which frame `no` leaves a camera with this many frames a second."""
    return EPOCH_S + no / fps


def frame_at(at: float, fps: int) -> int:
    """Return the number of the newest frame that has left by this Unix time."""
    return int((at - EPOCH_S) * fps)
