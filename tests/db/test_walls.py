from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db.database import Database
from db.salvos import SalvoStore
from db.tours import TourStore
from db.walls import WallStore
from db.writer import Urgency
from domain.errors import BadInputError, StorageError
from domain.layout import Cell, Layout
from domain.wall import CameraTile, CameraTour, MonitorView, PresetCall, Quality, Salvo, SavedWall, SpotTile, TourTile

HALL = MonitorView(
    Layout("lobby", 4, 2, (Cell(0, 0, 3, 2), Cell(3, 0), Cell(3, 1))),
    (CameraTile(417, Quality.MAIN), TourTile(UUID(int=5)), SpotTile()),
)
VIEWS = {1: HALL, 3: MonitorView(Layout.of("1+5"), (CameraTile(1), None, CameraTile(2), None, None, None))}


@pytest.fixture
def walls(desk) -> WallStore:
    return WallStore(desk.db)


@pytest.fixture
def salvos(desk) -> SalvoStore:
    return SalvoStore(desk.db)


@pytest.fixture
def tours(desk) -> TourStore:
    return TourStore(desk.db)


def wall(name: str, owner: str = "", views=VIEWS) -> SavedWall:
    return SavedWall(uuid4(), name, owner, views)


def salvo(name: str, key: int | None = None) -> Salvo:
    return Salvo(uuid4(), name, key, VIEWS, (PresetCall(417, "gate"),))


def spoil(desk, statement: str) -> None:
    desk.db.writer.do(Urgency.FIELD, lambda session: session.execute(text(statement)))


# -- saved walls


def test_an_operator_has_their_own_walls_and_the_shared_ones(walls):
    kept = [
        walls.save(wall(name, owner)) for name, owner in (("밤", ""), ("day", "kim"), ("rain", "lee"), ("fair", ""))
    ]
    assert walls.all("kim") == (kept[1], kept[3], kept[0])
    assert walls.all("lee") == (kept[2], kept[3], kept[0])
    assert walls.all("park") == (kept[3], kept[0])


def test_a_wall_outlives_the_program_with_layouts_of_ones_own(walls, desk, clock):
    kept = walls.save(wall("밤", "kim"))
    again = Database.open(desk.path, clock)
    try:
        assert WallStore(again).all("kim") == (kept,)
    finally:
        again.close()


def test_saving_again_replaces_the_wall_and_may_rename_and_share_it(walls):
    kept = walls.save(wall("밤", "kim"))
    changed = replace(kept, name="night", owner="", views={2: HALL})
    assert walls.save(changed) == changed
    assert walls.all("lee") == (changed,)


def test_a_name_is_kept_composed_and_without_blanks_around_it(walls):
    assert walls.save(wall("  \u1107\u1161\u11b7 ")).name == "밤"


def test_an_owner_has_a_name_once_but_others_may_have_it_too(walls):
    mine = walls.save(wall("밤", "kim"))
    walls.save(wall("밤", "lee"))
    shared = walls.save(wall("밤"))
    with pytest.raises(BadInputError, match="already one named '밤'"):
        walls.save(wall(" 밤", "kim"))
    assert walls.named("밤 ", "kim") == mine
    assert walls.named("밤", "park") == shared
    assert walls.named("낮", "kim") is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_name_that_a_menu_can_not_show_is_refused(walls, salvos, tours, name):
    with pytest.raises(BadInputError, match="name"):
        walls.save(wall(name))
    with pytest.raises(BadInputError, match="name"):
        salvos.save(salvo(name))
    with pytest.raises(BadInputError, match="name"):
        tours.save(CameraTour(uuid4(), name, (1,), 10))
    assert (walls.all("kim"), salvos.all(), tours.all()) == ((), (), ())


def test_a_deleted_wall_is_gone_and_its_name_free(walls):
    kept = walls.save(wall("밤"))
    assert walls.delete(kept.id) is True
    assert walls.delete(kept.id) is False
    walls.save(wall("밤"))


def test_a_wall_that_can_not_be_read_back_is_named(walls, desk):
    walls.save(wall("밤"))
    spoil(desk, """UPDATE wall SET views = '{"1": {"layout": 7, "tiles": []}}'""")
    with pytest.raises(StorageError, match="the saved wall '밤' can't be read: a layout"):
        walls.all("kim")


# -- last views


def test_each_operators_last_views_are_kept_by_monitor(walls, desk, clock):
    walls.remember_view("kim", 1, MonitorView.empty(Layout.of("9")))
    walls.remember_view("kim", 1, HALL)
    walls.remember_view("kim", 2, VIEWS[3])
    walls.remember_view("lee", 1, VIEWS[3])
    again = Database.open(desk.path, clock)
    try:
        store = WallStore(again)
        assert store.last_views("kim") == {1: HALL, 2: VIEWS[3]}
        assert store.last_views("lee") == {1: VIEWS[3]}
        assert store.last_views("park") == {}
    finally:
        again.close()


def test_a_last_view_that_can_not_be_read_is_an_error_until_it_is_remembered_anew(walls, desk):
    walls.remember_view("kim", 2, HALL)
    spoil(desk, "UPDATE last_view SET view = '{}'")
    with pytest.raises(StorageError, match="monitor 2 last showed"):
        walls.last_views("kim")
    spoil(desk, "UPDATE last_view SET view = '[]'")
    with pytest.raises(StorageError, match="monitor 2 last showed"):
        walls.last_views("kim")
    walls.remember_view("kim", 2, HALL)
    assert walls.last_views("kim") == {2: HALL}


# -- salvos


def test_salvos_come_in_the_order_of_their_keys_and_then_by_name(salvos):
    kept = [salvos.save(salvo(name, key)) for name, key in (("z", 12), ("y", None), ("x", 2), ("a", None))]
    assert salvos.all() == (kept[2], kept[0], kept[3], kept[1])
    assert salvos.on_key(12) == kept[0]
    assert salvos.on_key(1) is None


def test_a_key_is_taken_from_the_salvo_that_had_it(salvos):
    first, second = salvos.save(salvo("fire", 1)), salvos.save(salvo("flood", 2))
    moved = salvos.save(replace(second, key=1))
    assert salvos.on_key(1) == moved
    assert salvos.on_key(2) is None
    assert salvos.all() == (moved, replace(first, key=None))


def test_salvos_without_a_key_do_not_take_it_from_each_other(salvos):
    for name in ("a", "b"):
        salvos.save(salvo(name))
    assert [one.name for one in salvos.all()] == ["a", "b"]


def test_a_salvos_name_is_its_own(salvos):
    kept = salvos.save(salvo("fire", 1))
    with pytest.raises(BadInputError, match="already one named 'fire'"):
        salvos.save(salvo("fire", 1))
    assert salvos.all() == (kept,), "the key was not taken either"
    assert (salvos.delete(kept.id), salvos.delete(kept.id)) == (True, False)
    assert salvos.all() == ()


@pytest.mark.parametrize("damage", ["key = 44", "presets = '[7]'", "views = '[]'"])
def test_a_salvo_that_can_not_be_read_back_is_named(salvos, desk, damage):
    salvos.save(salvo("fire", 1))
    spoil(desk, f"UPDATE salvo SET {damage}")
    with pytest.raises(StorageError, match="the salvo 'fire' can't be read"):
        salvos.all()


# -- tours


def test_tours_are_kept_changed_and_deleted(tours):
    parks = tours.save(CameraTour(uuid4(), "parks", (417, 2, 417), 7.5))
    gates = tours.save(CameraTour(uuid4(), " gates", (1,), 240))
    assert tours.all() == (gates, parks)
    assert tours.find(parks.id) == parks
    slower = tours.save(replace(parks, dwell_s=30.0))
    assert tours.find(parks.id) == slower
    with pytest.raises(BadInputError, match="already one named 'gates'"):
        tours.save(replace(parks, name="gates"))
    assert (tours.delete(gates.id), tours.delete(gates.id)) == (True, False)
    assert tours.find(gates.id) is None


@pytest.mark.parametrize("damage", ["dwell_s = 1", "cameras = '[]'", "cameras = '[\"x\"]'"])
def test_a_tour_that_can_not_be_read_back_is_named(tours, desk, damage):
    tours.save(CameraTour(uuid4(), "parks", (1,), 10))
    spoil(desk, f"UPDATE camera_tour SET {damage}")
    with pytest.raises(StorageError, match="the tour 'parks' can't be read"):
        tours.all()
