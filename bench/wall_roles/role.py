"""How a role is told what to do, and answers."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.practice import CameraAddress, Practice

SETTLE_S, START_LIMIT_S = 0.5, 30.0
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Order:
    """What standard input ordered: cameras, how long to look, and what else the role knows by name."""

    practice: Practice
    window_s: float
    said: dict[str, Any]

    @classmethod
    def read(cls) -> "Order":
        """Read it; it ends with the input."""
        return cls.of(sys.stdin.read())

    @classmethod
    def of(cls, text: str) -> "Order":
        """Read it from its JSON."""
        said = json.loads(text)
        return cls(Practice.of(said), float(said["window_s"]), said)

    @property
    def cameras(self) -> tuple[CameraAddress, ...]:
        """Return the cameras to look at."""
        return self.practice.cameras

    @property
    def workers(self) -> int:
        """Return how many stream workers the engine gets."""
        return int(self.said.get("workers", 1))

    @property
    def ring(self) -> Path | None:
        """Return the folder of the ring, None for no ring."""
        folder = self.said.get("ring")
        return Path(folder) if folder else None


def answer(figures: Figures) -> None:
    """Say what was measured."""
    print(json.dumps(figures), flush=True)
