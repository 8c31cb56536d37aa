"""A layout while it is being drawn: a grid whose steps are joined to larger tiles and parted again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.layout import Cell, Layout

MOST_GRID_STEPS = 12  # in each direction: finer ones are no use to anybody who draws


@dataclass(frozen=True, slots=True)
class LayoutDraft:
    """Tiles that fill a grid without a gap, from the top left row by row."""

    columns: int
    rows: int
    cells: tuple[Cell, ...]

    @classmethod
    def even(cls, columns: int, rows: int) -> "LayoutDraft":
        """Return a grid in which every step is a tile."""
        return _filled(columns, rows, ())

    @classmethod
    def of(cls, layout: Layout) -> "LayoutDraft":
        """Return a layout for drawing on, with tiles in its gaps and without what is beyond the finest grid."""
        return _filled(min(layout.columns, MOST_GRID_STEPS), min(layout.rows, MOST_GRID_STEPS), layout.cells)

    def resized(self, columns: int, rows: int) -> "LayoutDraft":
        """Return this draft on another grid; tiles that still have room stay."""
        return _filled(columns, rows, self.cells)

    def cell_at(self, column: int, row: int) -> Cell:
        """Return the tile at a step of the grid, which must be in it."""
        return next(cell for cell in self.cells if _holds(cell, column, row))

    def joined(self, one: tuple[int, int], other: tuple[int, int]) -> "LayoutDraft":
        """Return this draft with one tile from one step to another, and over all of every tile that it touches."""
        area = _around((Cell(*one), Cell(*other)))
        while (grown := _around((area, *self._touched(area)))) != area:
            area = grown
        touched = self._touched(area)
        return replace(self, cells=_ordered((*(cell for cell in self.cells if cell not in touched), area)))

    def parted(self, column: int, row: int) -> "LayoutDraft":
        """Return this draft with the tile at a step taken apart into single steps."""
        cell = self.cell_at(column, row)
        return _filled(self.columns, self.rows, tuple(each for each in self.cells if each != cell))

    def layout(self, name: str) -> Layout:
        """Return the layout of this name; BadInputError where it has more tiles than a monitor can show."""
        return Layout(name, self.columns, self.rows, self.cells)

    def _touched(self, area: Cell) -> list[Cell]:
        return [cell for cell in self.cells if _steps(cell) & _steps(area)]


def _filled(columns: int, rows: int, cells: Iterable[Cell]) -> LayoutDraft:
    kept = [cell for cell in cells if cell.column + cell.columns <= columns and cell.row + cell.rows <= rows]
    taken = {step for cell in kept for step in _steps(cell)}
    single = [Cell(x, y) for y in range(rows) for x in range(columns) if (x, y) not in taken]
    return LayoutDraft(columns, rows, _ordered((*kept, *single)))


def _around(cells: Iterable[Cell]) -> Cell:
    """Return the smallest tile that holds all these."""
    several = tuple(cells)
    left, top = min(cell.column for cell in several), min(cell.row for cell in several)
    right = max(cell.column + cell.columns for cell in several)
    bottom = max(cell.row + cell.rows for cell in several)
    return Cell(left, top, right - left, bottom - top)


def _ordered(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))


def _steps(cell: Cell) -> set[tuple[int, int]]:
    return {(cell.column + x, cell.row + y) for x in range(cell.columns) for y in range(cell.rows)}


def _holds(cell: Cell, column: int, row: int) -> bool:
    return cell.column <= column < cell.column + cell.columns and cell.row <= row < cell.row + cell.rows
