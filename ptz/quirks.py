"""What single cameras, or whole models, do otherwise than ONVIF says: known beforehand, or learnt and kept."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from domain.errors import BadInputError

FILE = Path(__file__).resolve().parent.parent / "resources" / "quirks.toml"


class Quirk(StrEnum):
    """One thing that has to be heeded with a camera."""

    MOVES_APART = "moves_apart"  # a movement of more than one axis in one message is refused
    NO_SPACES = "no_spaces"  # the `space` attributes are refused
    NO_TIMEOUT = "no_timeout"  # the Timeout of a continuous move is refused
    ZERO_MOVE_IGNORED = "zero_move_ignored"  # a move of zero stops nothing
    STOP_NEEDS_FLAGS = "stop_needs_flags"  # a Stop without both flags stops nothing
    IGNORES_TIMEOUT = "ignores_timeout"  # a continuous move does not end by itself
    CLOSES_CONNECTIONS = "closes_connections"  # after each answer
    TELLS_NO_TIME = "tells_no_time"  # not without a name and password
    ADDRESSES_AS_TOLD = "addresses_as_told"  # set by a person: its services are where it says, not where it was reached


@dataclass(frozen=True, slots=True)
class KnownQuirks:
    """What is known of a make; an empty model means all of the manufacturer's."""

    manufacturer: str
    model: str
    quirks: frozenset[Quirk]
    seen: date
    source: str

    def of(self, manufacturer: str, model: str) -> bool:
        """Whether this is such a camera; a model is told by how its name begins."""
        same = self.manufacturer.casefold() == manufacturer.strip().casefold()
        return same and model.strip().casefold().startswith(self.model.casefold())


def quirks_of(manufacturer: str, model: str) -> frozenset[Quirk]:
    """Return what is known beforehand of a camera of this make."""
    known = (entry.quirks for entry in _shipped() if entry.of(manufacturer, model))
    return frozenset().union(*known)


def load(path: Path) -> tuple[KnownQuirks, ...]:
    """Read a list of quirks; BadInputError, naming file and entry, where it can't be understood."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("camera", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInputError(f"{path}: {error}") from error
    return tuple(_entry(path, number, row) for number, row in enumerate(rows, 1))


def _entry(path: Path, number: int, row: dict[str, Any]) -> KnownQuirks:
    try:
        return KnownQuirks(
            manufacturer=str(row["manufacturer"]),
            model=str(row.get("model", "")),
            quirks=frozenset(Quirk(one) for one in row["quirks"]),
            seen=date.fromisoformat(str(row["seen"])),
            source=str(row["source"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInputError(f"{path}, camera {number}: {error!r}") from error


@functools.cache
def _shipped() -> tuple[KnownQuirks, ...]:
    return load(FILE)
