"""Layouts: how a monitor is divided into tiles."""

import math
import re
from dataclasses import dataclass

from domain.errors import BadInputError

MOST_TILES = 64
MOST_STEPS = 256  # of a grid in each direction: more is no layout that anyone could see


@dataclass(frozen=True, slots=True)
class Cell:
    """One tile's place in a layout's grid; all numbers count grid steps."""

    column: int
    row: int
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """A division of a monitor. `name` is what operators type and read: `9`, `1+5`, or a name of their own."""

    name: str
    columns: int
    rows: int
    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        if not (1 <= self.columns <= MOST_STEPS and 1 <= self.rows <= MOST_STEPS):
            raise BadInputError(f"layout {self.name!r}: a grid has 1 to {MOST_STEPS} columns and rows")
        taken: set[tuple[int, int]] = set()
        for cell in self.cells:
            inside = 0 <= cell.column <= self.columns - cell.columns and 0 <= cell.row <= self.rows - cell.rows
            if not inside or cell.columns < 1 or cell.rows < 1:
                raise BadInputError(f"layout {self.name!r}: a tile lies outside the grid")
            area = {(x + cell.column, y + cell.row) for x in range(cell.columns) for y in range(cell.rows)}
            if area & taken:
                raise BadInputError(f"layout {self.name!r}: two tiles lie over each other")
            taken |= area
        if not 1 <= len(self.cells) <= MOST_TILES:
            raise BadInputError(f"layout {self.name!r}: 1 to {MOST_TILES} tiles are possible")

    def __len__(self) -> int:
        return len(self.cells)

    @classmethod
    def even(cls, tiles: int) -> "Layout":
        """Return equal tiles in rows of ceil(sqrt(tiles)), filled from the top left; BadInputError beyond 1 to 64."""
        if not 1 <= tiles <= MOST_TILES:
            raise BadInputError(f"a monitor shows 1 to {MOST_TILES} tiles, not {tiles}")
        columns = math.isqrt(tiles - 1) + 1
        cells = tuple(Cell(index % columns, index // columns) for index in range(tiles))
        return cls(str(tiles), columns, -(-tiles // columns), cells)

    @classmethod
    def of(cls, name: str) -> "Layout":
        """Return the built-in layout of this name: a number of equal tiles, `1+5`, `1+7`, `1+12` or `2+8`.

        BadInputError where there is none such.
        """
        if name in UNEVEN:
            return UNEVEN[name]
        if re.fullmatch(r"[0-9]{1,2}", name, re.ASCII):
            return cls.even(int(name))
        raise BadInputError(f"there is no layout {name!r}")


def _one_large(size: int, large: int, name: str) -> Layout:
    """Return a square grid whose top left tile takes `large` steps, the others around it one each."""
    others = [Cell(x, y) for y in range(size) for x in range(size) if x >= large or y >= large]
    return Layout(name, size, size, (Cell(0, 0, large, large), *others))


UNEVEN: dict[str, Layout] = {
    "1+5": _one_large(3, 2, "1+5"),
    "1+7": _one_large(4, 3, "1+7"),
    "1+12": _one_large(4, 2, "1+12"),
    "2+8": Layout(
        "2+8",
        4,
        4,
        (
            Cell(0, 0, 2, 2),
            Cell(2, 0, 2, 2),
            *(Cell(x, y) for y in (2, 3) for x in range(4)),
        ),
    ),
}
