import pytest
from PySide6.QtCore import QRect

from domain.layout import Layout
from widgets.wall_grid import Direction, lay_out, neighbour
from widgets.wall_text import caption_text_px, wall_text_px

NAMES = ["1", "2", "3", "4", "5", "9", "16", "25", "36", "49", "64", "1+5", "1+7", "1+12", "2+8"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160), (1220, 800), (700, 900)])
def test_pictures_are_16_to_9_even_inside_and_apart(name: str, width: int, height: int) -> None:
    layout = Layout.of(name)
    places = lay_out(width, height, layout, 22, 2)
    assert len(places) == len(layout)
    for index, place in enumerate(places):
        size = place.size
        assert size.width % 4 == size.height % 2 == 0
        assert abs(size.width / size.height - 16 / 9) < 0.08
        assert QRect(0, 0, width, height).contains(place.cell)
        assert place.cell.contains(place.caption)
        assert place.cell.contains(place.picture)
        assert not place.caption.intersects(place.picture)
        assert not any(place.cell.intersects(other.cell) for other in places[index + 1 :])


@pytest.mark.parametrize("name", NAMES)
def test_no_larger_picture_would_fit(name: str) -> None:
    width, height, caption, border = 1920, 1080, 22, 2
    layout = Layout.of(name)
    cells = zip(layout.cells, lay_out(width, height, layout, caption, border), strict=True)
    least = next(place for cell, place in cells if cell.columns == cell.rows == 1)
    wider, higher = least.size.width + 4, (least.size.width + 4) * 9 // 16 // 2 * 2
    too_wide = layout.columns * (wider + 2 * border) > width
    too_high = layout.rows * (higher + caption + 2 * border) > height
    assert too_wide or too_high


def test_a_large_tile_is_larger_than_what_lies_around_it() -> None:
    sizes = [place.size for place in lay_out(1920, 1080, Layout.of("1+5"), 22, 2)]
    assert all(sizes[0].width > 2 * other.width for other in sizes[1:])
    assert len(set(sizes[1:])) == 1


@pytest.mark.parametrize(
    ("name", "index", "where", "found"),
    [
        ("9", 4, Direction.LEFT, 3),
        ("9", 4, Direction.DOWN, 7),
        ("9", 2, Direction.RIGHT, None),
        ("9", 1, Direction.UP, None),
        ("1+5", 0, Direction.RIGHT, 1),
        ("1+5", 0, Direction.DOWN, 3),
        ("1+5", 2, Direction.LEFT, 0),
        ("1+5", 4, Direction.UP, 0),
        ("1+5", 5, Direction.UP, 2),
        ("2+8", 1, Direction.DOWN, 4),
        ("2+8", 2, Direction.UP, 0),
        ("5", 4, Direction.UP, 1),
        ("5", 2, Direction.DOWN, 4),
    ],
)
def test_arrows_lead_to_the_nearest_tile_in_their_direction(
    name: str, index: int, where: Direction, found: int | None
) -> None:
    assert neighbour(Layout.of(name).cells, index, where) == found


@pytest.mark.parametrize("name", NAMES)
def test_every_tile_can_be_reached_with_arrows(name: str) -> None:
    cells = Layout.of(name).cells
    reached, left = {0}, [0]
    while left:
        here = left.pop()
        for where in Direction:
            there = neighbour(cells, here, where)
            if there is not None and there not in reached:
                reached.add(there)
                left.append(there)
    assert reached == set(range(len(cells)))


def test_characters_for_five_metres_are_23_mm_high() -> None:
    assert wall_text_px(5.0, 1.0) == pytest.approx(23.27, abs=0.01)
    assert wall_text_px(2.0, 3.17) == pytest.approx(29.5, abs=0.1)
    assert wall_text_px(0.0, 3.0) == 0.0


def test_a_caption_is_never_smaller_than_on_the_desk_nor_larger_than_its_tile_bears() -> None:
    assert caption_text_px(9.0, 0.0, 270) == 9.0
    assert caption_text_px(9.0, 37.0, 270) == 37.0
    assert 9.0 < caption_text_px(9.0, 37.0, 135) < 37.0
