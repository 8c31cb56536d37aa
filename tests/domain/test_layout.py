import pytest

from domain.errors import BadInputError
from domain.layout import MOST_TILES, UNEVEN, Cell, Layout


def drawn(layout: Layout) -> list[str]:
    """Draw a layout: a letter for each tile, a point where there is none."""
    grid = [["."] * layout.columns for _ in range(layout.rows)]
    for index, cell in enumerate(layout.cells):
        for x in range(cell.column, cell.column + cell.columns):
            for y in range(cell.row, cell.row + cell.rows):
                assert grid[y][x] == "."
                grid[y][x] = chr(ord("a") + index)
    return ["".join(row) for row in grid]


@pytest.mark.parametrize(
    ("tiles", "columns", "rows"),
    [(1, 1, 1), (2, 2, 1), (3, 2, 2), (4, 2, 2), (5, 3, 2), (9, 3, 3), (10, 4, 3), (25, 5, 5), (36, 6, 6), (64, 8, 8)],
)
def test_equal_tiles_lie_in_rows_as_square_as_can_be(tiles: int, columns: int, rows: int) -> None:
    layout = Layout.even(tiles)
    assert (layout.name, layout.columns, layout.rows, len(layout)) == (str(tiles), columns, rows, tiles)


@pytest.mark.parametrize("tiles", range(1, MOST_TILES + 1))
def test_every_number_of_tiles_up_to_64_is_a_layout_with_all_rows_used(tiles: int) -> None:
    layout = Layout.of(str(tiles))
    assert len(layout) == tiles
    assert {cell.row for cell in layout.cells} == set(range(layout.rows))
    assert set(layout.cells) == {Cell(index % layout.columns, index // layout.columns) for index in range(tiles)}


def test_tiles_are_counted_from_the_top_left() -> None:
    assert drawn(Layout.even(5)) == ["abc", "de."]


@pytest.mark.parametrize(
    ("name", "picture"),
    [
        ("1+5", ["aab", "aac", "def"]),
        ("1+7", ["aaab", "aaac", "aaad", "efgh"]),
        ("1+12", ["aabc", "aade", "fghi", "jklm"]),
        ("2+8", ["aabb", "aabb", "cdef", "ghij"]),
    ],
)
def test_uneven_layouts_fill_their_monitor_around_the_large_tiles(name: str, picture: list[str]) -> None:
    layout = Layout.of(name)
    assert layout is UNEVEN[name]
    assert (layout.name, drawn(layout)) == (name, picture)


def test_a_layout_of_ones_own_may_have_gaps() -> None:
    layout = Layout("hall", 4, 2, (Cell(0, 0, 2, 2), Cell(3, 1)))
    assert drawn(layout) == ["aa..", "aa.b"]


@pytest.mark.parametrize("tiles", [0, -1, 65])
def test_fewer_than_one_or_more_than_64_tiles_are_refused(tiles: int) -> None:
    with pytest.raises(BadInputError, match="1 to 64"):
        Layout.even(tiles)


@pytest.mark.parametrize("name", ["", "0", "65", "1+6", "night", "09x", "100", "٤", "-4", " 4"])
def test_a_name_that_no_layout_has_is_refused(name: str) -> None:
    with pytest.raises(BadInputError):
        Layout.of(name)


@pytest.mark.parametrize(
    "cell",
    [Cell(-1, 0), Cell(0, -1), Cell(2, 0), Cell(0, 2), Cell(1, 0, 2, 1), Cell(0, 1, 1, 2), Cell(0, 0, 0, 1)],
)
def test_a_tile_outside_the_grid_or_without_size_is_refused(cell: Cell) -> None:
    with pytest.raises(BadInputError, match="outside the grid"):
        Layout("x", 2, 2, (cell,))


def test_tiles_that_lie_over_each_other_are_refused() -> None:
    with pytest.raises(BadInputError, match="over each other"):
        Layout("x", 2, 2, (Cell(0, 0, 2, 1), Cell(1, 0)))


def test_no_tiles_and_more_than_64_are_refused() -> None:
    many = tuple(Cell(x, y) for y in range(5) for x in range(13))
    for cells in ((), many):
        with pytest.raises(BadInputError, match="1 to 64"):
            Layout("x", 13, 5, cells)


def test_a_grid_that_nobody_could_see_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(BadInputError, match="columns and rows"):
        Layout("vast", 10**6, 10**6, (Cell(0, 0, 10**6, 10**6),))
