from uuid import UUID

import pytest

from domain.errors import BadInputError
from domain.layout import Layout
from domain.wall import (
    CameraTile,
    CameraTour,
    MonitorView,
    PresetCall,
    Quality,
    Salvo,
    SavedWall,
    SpotTile,
    TileUse,
    TourTile,
)

ONE, TWO, THREE = CameraTile(1), CameraTile(2, Quality.MAIN), TourTile(UUID(int=3))
SPOT = SpotTile()


def view(name: str, *tiles: TileUse | None) -> MonitorView:
    layout = Layout.of(name)
    return MonitorView(layout, (*tiles, *(None,) * (len(layout) - len(tiles))))


def test_an_empty_view_has_a_place_for_each_tile_of_its_layout() -> None:
    assert MonitorView.empty(Layout.of("1+5")).tiles == (None,) * 6


@pytest.mark.parametrize("tiles", [(), (ONE,), (ONE,) * 5])
def test_a_view_has_as_many_tiles_as_its_layout(tiles: tuple[TileUse, ...]) -> None:
    with pytest.raises(BadInputError, match="'4' has 4 tiles"):
        MonitorView(Layout.of("4"), tiles)


def test_a_tile_is_given_something_else_and_the_others_stay() -> None:
    before = view("4", ONE, TWO)
    assert before.with_tile(3, SPOT).tiles == (ONE, TWO, None, SPOT)
    assert before.with_tile(0, None).tiles == (None, TWO, None, None)
    assert before.tiles == (ONE, TWO, None, None)


def test_two_tiles_are_swapped_also_with_an_empty_one_and_with_itself() -> None:
    before = view("4", ONE, TWO)
    assert before.swapped(0, 1).tiles == (TWO, ONE, None, None)
    assert before.swapped(1, 3).tiles == (ONE, None, None, TWO)
    assert before.swapped(1, 1) == before


@pytest.mark.parametrize("index", [-1, 4])
def test_a_tile_that_is_not_there_is_named_as_operators_count(index: int) -> None:
    before = view("4", ONE)
    for change in (
        lambda: before.with_tile(index, ONE),
        lambda: before.swapped(0, index),
        lambda: before.swapped(index, 0),
    ):
        with pytest.raises(BadInputError, match=f"no tile {index + 1}$"):
            change()


def test_a_larger_layout_adds_empty_tiles_and_leaves_the_others_where_they_are() -> None:
    assert view("4", ONE, None, TWO).in_layout(Layout.of("9")).tiles == (ONE, None, TWO, *(None,) * 6)


def test_a_smaller_layout_drops_empty_tiles_first_and_keeps_the_order() -> None:
    small = view("9", None, ONE, None, TWO, None, THREE, None, SPOT).in_layout(Layout.of("4"))
    assert small.tiles == (ONE, TWO, THREE, SPOT)
    assert small.layout.name == "4"


def test_a_smaller_layout_takes_the_last_empty_tiles_and_no_more_of_them_than_it_must() -> None:
    assert view("5", None, ONE, None, TWO, None).in_layout(Layout.of("4")).tiles == (None, ONE, None, TWO)


def test_where_a_smaller_layout_has_no_place_the_last_ones_go() -> None:
    assert view("4", ONE, TWO, THREE, SPOT).in_layout(Layout.of("2")).tiles == (ONE, TWO)


def test_the_same_number_of_tiles_changes_the_layout_alone() -> None:
    assert view("6", ONE, None, TWO).in_layout(Layout.of("1+5")).tiles == view("6", ONE, None, TWO).tiles


def test_a_salvo_sits_on_a_function_key_or_on_none() -> None:
    wall = {1: view("4", ONE)}
    for key in (None, 1, 12):
        assert Salvo(UUID(int=1), "밤", key, wall, (PresetCall(4, "gate"),)).key == key
    for key in (0, 13, -1):
        with pytest.raises(BadInputError, match=f"no key F{key}"):
            Salvo(UUID(int=1), "밤", key, wall)


@pytest.mark.parametrize("dwell_s", [3.0, 10, 240.0])
def test_a_tour_stays_between_3_and_240_seconds_with_each_camera(dwell_s: float) -> None:
    assert CameraTour(UUID(int=1), "parks", (4, 7, 4), dwell_s).dwell_s == dwell_s


@pytest.mark.parametrize("dwell_s", [2.9, 240.1, -1, float("nan"), float("inf")])
def test_a_tour_that_is_faster_or_slower_is_refused(dwell_s: float) -> None:
    with pytest.raises(BadInputError, match="stays 3 to 240 s"):
        CameraTour(UUID(int=1), "parks", (4,), dwell_s)


def test_a_tour_without_cameras_is_refused() -> None:
    with pytest.raises(BadInputError, match="has no cameras"):
        CameraTour(UUID(int=1), "parks", (), 10)


def test_a_saved_wall_without_views_shows_nothing() -> None:
    assert SavedWall(UUID(int=1), "밤", "").views == {}
