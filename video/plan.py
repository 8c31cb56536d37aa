"""What the ring is told: where, how long, how much."""

from dataclasses import dataclass
from pathlib import Path

RING_S = 120.0
RING_BYTES = 4_000_000_000


@dataclass(frozen=True, slots=True)
class RingPlan:
    """The ring of all workers together."""

    folder: Path
    seconds: float = RING_S
    max_bytes: int = RING_BYTES
