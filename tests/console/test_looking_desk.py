import pytest

from console.looking_desk import place_for, show_all
from domain.layout import Layout
from domain.wall import CameraTile, MonitorView, SpotTile


class Presenter:
    """A wall of which one tile may be maximised."""

    def __init__(self, *cameras: int | None, tile_count: int | None = None) -> None:
        uses = tuple(None if no is None else CameraTile(no) for no in cameras)
        self.view = MonitorView(Layout.even(len(uses)), uses)
        self.tile_count = len(uses) if tile_count is None else tile_count

    @property
    def shown_cameras(self) -> tuple[object, ...]:
        return tuple(_Camera(use.camera_no) for use in self.view.tiles if isinstance(use, CameraTile))


class _Camera:
    def __init__(self, no: int) -> None:
        self.no = no


class Walls:
    """Notes what is called where, and shows it."""

    def __init__(self, presenter: Presenter) -> None:
        self.active = presenter
        self.called: list[tuple[int, int | None]] = []

    def call(self, number: int, tile: int | None = None) -> None:
        self.called.append((number, tile))
        if tile is not None:
            uses = list(self.active.view.tiles)
            uses[tile - 1] = CameraTile(number)
            self.active.view = MonitorView(self.active.view.layout, tuple(uses))

    def call_to_its_tile(self, number: int) -> None:
        self.called.append((number, 0))


@pytest.mark.parametrize(
    ("shown", "numbers", "called"),
    [
        ((1, 2, 3, 4), (7,), [(7, 0)]),
        ((1, None, 3, None), (7, 8), [(7, 2), (8, 4)]),
        ((1, 2, 3, 4), (7, 8, 9), [(7, 4), (8, 3), (9, 2)]),
        ((1, 7, 3, 4), (7, 8), [(8, 4)]),
        ((7,), (7, 8), [(8, None)]),
    ],
)
def test_pictures_open_beside_each_other(
    shown: tuple[int | None, ...], numbers: tuple[int, ...], called: list[tuple[int, int | None]]
) -> None:
    walls = Walls(Presenter(*shown))
    show_all(walls, numbers)  # type: ignore[arg-type]  # walls without windows
    assert walls.called == called


def test_behind_a_maximised_tile_nothing_is_rearranged() -> None:
    walls = Walls(Presenter(1, 2, 3, 4, tile_count=1))
    show_all(walls, (7, 8))  # type: ignore[arg-type]  # walls without windows
    assert walls.called == [(7, None), (8, None)]


def test_a_spot_tile_may_be_taken() -> None:
    view = MonitorView(Layout.even(4), (CameraTile(7), CameraTile(8), SpotTile(), CameraTile(9)))
    assert place_for(view, (7, 8, 9)) == 3
