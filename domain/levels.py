"""Published levels that an observed value can reach; a dated data file, never numbers in code."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from domain.errors import SettingsError
from domain.reading import Quantity


class Level(StrEnum):
    """How far a value has gone. Reaching a level is a fact; nothing is issued by it."""

    NORMAL = "normal"
    ADVISORY = "advisory"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a quantity is at each level, above and below; None where there is no such limit."""

    above_advisory: float | None = None
    above_warning: float | None = None
    below_advisory: float | None = None
    below_warning: float | None = None

    def level(self, value: float) -> Level:
        """Return the level that the value has reached."""
        if _reached(value, self.above_warning, self.below_warning):
            return Level.WARNING
        if _reached(value, self.above_advisory, self.below_advisory):
            return Level.ADVISORY
        return Level.NORMAL


class Levels:
    """The limits of every quantity that has some."""

    def __init__(self, limits: Mapping[Quantity, Limits]) -> None:
        self._limits = dict(limits)

    @classmethod
    def load(cls, path: Path) -> "Levels":
        """Read the file; SettingsError names file and key of what is wrong."""
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{path}: {error}") from None
        document.pop("dated", None)
        limits = {}
        for name, table in document.items():
            if name not in set(Quantity):
                raise SettingsError(f"{path}: {name}: unknown quantity")
            limits[Quantity(name)] = _limits(path, name, table)
        return cls(limits)

    def level(self, quantity: Quantity, value: float) -> Level:
        """Return the level that the value has reached; NORMAL where the quantity has no limits."""
        limits = self._limits.get(quantity)
        return Level.NORMAL if limits is None else limits.level(value)


def _reached(value: float, above: float | None, below: float | None) -> bool:
    return (above is not None and value >= above) or (below is not None and value <= below)


def _limits(path: Path, name: str, table: Mapping[str, Mapping[str, object]]) -> Limits:
    found: dict[str, float] = {}
    for side, steps in table.items():
        for step, value in steps.items():
            key = f"{side}_{step}"
            if key not in Limits.__slots__:
                raise SettingsError(f"{path}: {name}.{side}.{step}: unknown key")
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise SettingsError(f"{path}: {name}.{side}.{step}: must be a number")
            found[key] = float(value)
    return Limits(**found)
