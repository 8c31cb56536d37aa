from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.acting import Deed, Door
from console.resources import RESOURCES
from console.tasks import Tasks
from console.wall_plans import PlanStores
from console.walls import WallNeeds, Walls
from console.whereabouts import Whereabouts
from db.database import Database
from db.salvos import SalvoStore
from db.tours import TourStore
from db.wall_orders import WallOrderStore
from db.walls import WallStore
from domain.alarm import Alarm, AlarmState
from domain.camera import Camera
from domain.clock import SystemClock
from domain.errors import RefusedError
from domain.layout import Cell, Layout
from domain.motion import Preset
from domain.operator import Role
from domain.place import Place
from domain.record import Mode, Workplace
from domain.text import Text, Wording
from domain.wall import CameraTile, CameraTour, MonitorView, PresetCall, Salvo, SpotTile, TourTile
from domain.wall_order import WallOrder
from tests.console.pictures import Engine
from tests.console.surroundings import make_alarm, make_camera, operator
from widgets.tile import TileDrop
from widgets.wall import WallView

FOUR = Layout.of("4")


class Turner:
    """Cameras that turn, and what they were asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []

    def presets(self, camera: Camera) -> tuple[Preset, ...]:
        return (Preset("token-1", "gate"), Preset("token-2", f"yard {camera.no}"))

    def goto(self, camera: Camera, token: str) -> None:
        self.asked.append((camera.no, token))


class Room:
    """A workstation's walls on a real database, with twenty cameras, of which 3 turns."""

    def __init__(self, qtbot: QtBot, path: Path) -> None:
        self.qtbot = qtbot
        self.engine, self.turner = Engine(), Turner()
        self.clock = SystemClock()
        self.database = Database.open(path / "watchroom.db", self.clock)
        place = Workplace(uuid4(), "anyang", Mode.TEST)
        self.orders = WallOrderStore(self.database, place, self.database.hybrid_clock)
        self.store = WallStore(self.database)
        self.salvos, self.tours = SalvoStore(self.database), TourStore(self.database)
        self.deeds: list[Deed] = []
        self.door = Door(self.deeds.append, self.clock)
        self.tasks = Tasks()
        self.said: list[Text] = []
        self.failed: list[Exception] = []
        self.tasks.failed.connect(self.failed.append)
        self.woken = 0
        self.whereabouts = Whereabouts(Wording({}, "en"))
        self.memory = path / "monitors.ini"
        self.view = WallView(self.clock)
        qtbot.addWidget(self.view)
        self.view.resize(1280, 760)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.parent = QObject()
        self.walls = Walls(self.view, self.needs(), self.parent)
        self.register = tuple(make_camera(n, onvif_url="http://x" if n == 3 else "") for n in range(1, 21))
        self.whereabouts.learn(self.register)
        self.walls.show_register(self.register)

    def needs(self) -> WallNeeds:
        def wake() -> None:
            self.woken += 1

        return WallNeeds(
            clock=self.clock,
            video=self.engine,
            turner=self.turner,
            door=self.door,
            tasks=self.tasks,
            whereabouts=self.whereabouts,
            plans=PlanStores(self.store, self.salvos, self.tours),
            orders=self.orders,
            memory=self.memory,
            say=self.said.append,
            wake=wake,
            name="desk 3",
            distance_m=5.0,
        )

    def sign_in(self, role: Role = Role.SUPERVISOR, monitors: int = 1) -> None:
        self.door.enter(operator(role))
        self.walls.enter(operator(role))
        self.wait(lambda: self.walls.plans.loaded and self.woken > 0)
        self.walls.open(monitors)

    def order_of(self, monitor: int, view: MonitorView, role: Role | None = Role.SUPERVISOR) -> WallOrder:
        """Return what Kim at another workstation wants here now."""
        return WallOrder(uuid4(), uuid4(), uuid4(), monitor, view, "Kim", role, self.clock.now())

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=5000)

    def codes(self) -> list[str]:
        return [text.code for text in self.said]

    def cameras(self, monitor: int = 1) -> tuple[int, ...]:
        return self.walls.presenters[monitor].cameras

    def close(self) -> None:
        self.walls.close()
        self.tasks.close()
        self.database.close()


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    room = Room(qtbot, tmp_path)
    yield room
    room.close()


def view_of(*cameras: int, layout: Layout = FOUR) -> MonitorView:
    tiles = [CameraTile(number) for number in cameras]
    return MonitorView(layout, (*tiles, *(None,) * (len(layout) - len(tiles))))


def test_nothing_hangs_on_the_walls_before_somebody_signs_in(room: Room) -> None:
    assert room.cameras() == ()
    assert room.engine.made == []
    room.sign_in()
    assert room.cameras() == tuple(range(1, 17))


def test_what_an_operator_last_had_comes_back_and_another_operator_has_something_else(room: Room) -> None:
    mine = view_of(7, 8, layout=Layout.of("1+5"))
    room.store.remember_view("haneul", 1, mine)
    room.store.remember_view("somebody", 1, view_of(1))
    room.sign_in()
    assert room.walls.views() == {1: mine}


def test_what_an_operator_arranges_is_kept_for_the_next_time(room: Room) -> None:
    room.sign_in(monitors=2)
    room.walls.show_layout(2, "1+5")
    room.walls.call(5, 3, monitor=2)
    wanted = room.walls.views()[2]
    assert wanted.tiles[2] == CameraTile(5)
    room.wait(lambda: room.store.last_views("haneul").get(2) == wanted)
    assert 1 not in room.store.last_views("haneul"), "what nobody arranged is not remembered"


def test_views_of_monitors_that_come_later_are_brought_back_then(room: Room) -> None:
    room.store.remember_view("haneul", 2, view_of(9))
    room.sign_in()
    assert set(room.walls.presenters) == {1}
    room.walls.open(2)
    assert room.cameras(2) == (9,)


def test_views_that_cannot_be_read_are_said_and_leave_a_wall_that_works(room: Room) -> None:
    with room.database.writer._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE last_view")
    room.sign_in()
    assert room.failed
    assert len(room.cameras()) == 16


# -- calling up


def test_a_camera_is_called_by_right_audited_and_tried_again(room: Room) -> None:
    room.sign_in()
    room.walls.call(20, 2)
    assert room.cameras()[1] == 20
    assert room.engine.retried == [20]
    assert ("view_camera", "camera/20") in [(deed.action, deed.subject) for deed in room.deeds]


def test_what_is_not_there_is_said(room: Room) -> None:
    room.sign_in()
    room.walls.call(99)
    room.walls.call(1, 17)
    room.walls.show_layout(5, "4")
    room.walls.show_layout(1, "3+99")
    assert room.codes() == ["no_such_camera", "no_such_tile", "no_such_monitor", "no_such_layout"]


def test_keys_go_to_the_wall_that_was_last_touched_until_escape(room: Room) -> None:
    room.sign_in(monitors=2)
    selected: list[Camera | None] = []
    room.walls.selection_changed.connect(selected.append)
    window = room.walls.windows[0]
    QTest.mouseClick(window.wall, Qt.MouseButton.LeftButton, pos=window.wall.rect().center())
    assert room.walls.active is room.walls.presenters[2]
    room.walls.call_to_its_tile(3)
    assert selected[-1] is not None
    assert selected[-1].no == 3
    assert room.walls.step_back()
    assert room.walls.active is room.walls.desk
    assert not room.walls.step_back()


def test_a_camera_that_is_dropped_on_a_monitor_stands_there(room: Room) -> None:
    room.sign_in(monitors=2)
    room.walls.windows[0].wall.camera_dropped.emit(TileDrop(tile=3, camera_no=18))
    assert room.cameras(2)[3] == 18
    assert 18 not in room.cameras(1)
    assert room.engine.retried == [18]


# -- salvos


def test_a_salvo_shows_its_views_on_all_monitors_and_turns_its_cameras(room: Room) -> None:
    presets = (PresetCall(3, "gate"), PresetCall(3, "token-2"), PresetCall(1, "gate"))
    views = {1: view_of(11), 2: view_of(12, 13), 7: view_of(14)}
    room.salvos.save(Salvo(uuid4(), "flood", 2, views, presets))
    room.sign_in(monitors=2)
    room.walls.plans.call_key(2)
    assert (room.cameras(1), room.cameras(2)) == ((11,), (12, 13))
    room.wait(lambda: sorted(room.turner.asked) == [(3, "token-1"), (3, "token-2")])
    assert room.said[-1] == Text("wall_shown_partly", {"name": "flood", "monitors": "7"})


def test_one_step_brings_back_what_hung_on_every_monitor_before(room: Room) -> None:
    room.salvos.save(Salvo(uuid4(), "flood", 2, {1: view_of(11), 2: view_of(12)}))
    room.sign_in(monitors=2)
    room.walls.call(20, 1)
    before = room.walls.views()
    room.walls.plans.call_key(2)
    room.walls.undo()
    assert room.walls.views() == before
    room.walls.undo()
    assert room.codes()[-1] == "nothing_to_undo"
    assert room.walls.views() == before


def test_a_key_without_a_salvo_says_how_to_store_one(room: Room) -> None:
    room.sign_in()
    room.walls.plans.call_key(5)
    assert room.said == [Text("salvo_none", {"key": "5"})]


def test_a_salvo_is_stored_and_called_with_its_key_and_stored_again_in_its_place(room: Room) -> None:
    room.sign_in()
    room.walls.show_layout(1, "1+5")
    room.walls.plans.store_salvo("night", 1)
    room.wait(lambda: room.walls.plans.plans.salvos)
    room.walls.show_layout(1, "4")
    room.walls.plans.store_salvo(" night", 3)
    room.wait(lambda: room.walls.plans.plans.salvos[0].key == 3)
    (kept,) = room.salvos.all()
    assert (kept.name, kept.views[1].layout.name) == ("night", "4")


def test_a_preset_that_a_camera_does_not_have_is_said(room: Room) -> None:
    room.sign_in()
    room.walls.plans.call_salvo(Salvo(uuid4(), "yard", None, {}, (PresetCall(3, "roof"),)))
    room.wait(lambda: room.failed)
    assert "roof" in str(room.failed[0])


# -- plans


def test_an_operator_saves_walls_of_their_own_and_may_not_change_those_of_all(room: Room) -> None:
    room.sign_in(Role.OPERATOR)
    room.walls.plans.store_wall("mine", shared=False)
    room.wait(lambda: room.walls.plans.plans.walls)
    assert room.walls.plans.plans.walls[0].owner == "haneul"
    room.walls.plans.store_wall("ours", shared=True)
    room.walls.plans.store_salvo("ours", 1)
    assert [type(error) for error in room.failed] == [RefusedError, RefusedError]
    room.walls.plans.delete(room.walls.plans.plans.walls[0])
    room.wait(lambda: not room.walls.plans.plans.walls)


def test_a_saved_wall_is_shown_on_all_its_monitors(room: Room) -> None:
    room.sign_in(monitors=2)
    room.walls.call(18, 1, monitor=2)
    room.walls.plans.store_wall("market day", shared=True)
    room.wait(lambda: room.walls.plans.plans.walls)
    saved = room.walls.views()
    room.walls.show_layout(1, "1")
    room.walls.show_layout(2, "1")
    room.walls.plans.show_wall(room.walls.plans.plans.walls[0])
    assert room.walls.views() == saved


def test_the_command_line_names_a_saved_wall_or_a_layout(room: Room) -> None:
    room.walls.open_wall(2, "2+8")
    room.sign_in(monitors=2)
    assert room.walls.views()[2].layout.name == "2+8"
    room.walls.open_wall(1, "no such thing")
    assert room.codes()[-1] == "no_such_layout"


# -- tours and spot tiles over all monitors


def test_camera_tours_stand_still_while_an_alarm_waits(room: Room) -> None:
    tour = CameraTour(UUID(int=5), "night", (4, 5), 3.0)
    room.tours.save(tour)
    room.sign_in()
    room.walls.desk.put(0, TourTile(tour.id))
    assert room.cameras()[0] == 4
    room.walls.show_alarms([alarm_at(9)])
    room.wait(lambda: room.view._contents[0].tour.paused)
    room.walls.show_alarms([])
    room.wait(lambda: not room.view._contents[0].tour.paused)


def alarm_at(camera_no: int, minute: int = 0, state: AlarmState = AlarmState.UNACKNOWLEDGED) -> Alarm:
    raised = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minute)
    return make_alarm(kind="smoke", source=str(camera_no), place=None, raised_at=raised, state=state)


def test_alarms_take_the_spot_tiles_of_all_monitors_and_the_rest_is_counted(room: Room) -> None:
    room.sign_in(monitors=2)
    room.walls.desk.show_view(view_of(1, 2).with_tile(3, SpotTile()))
    room.walls.presenters[2].show_view(view_of(5).with_tile(1, SpotTile()))
    alarms = [alarm_at(number, number) for number in range(11, 20)]
    room.walls.show_alarms(alarms)
    assert (room.cameras(1), room.cameras(2)) == ((1, 2, 19), (5, 18))
    assert [content and content.waiting for content in room.view._contents] == [0, 0, None, 7]
    content = room.view._contents[3]
    assert content is not None
    assert content.alarm_waiting
    room.walls.show_alarms([alarm_at(number, number, AlarmState.ACKNOWLEDGED) for number in range(11, 20)])
    assert (room.cameras(1), room.cameras(2)) == ((1, 2, 19), (5, 18))
    room.walls.show_alarms([])
    assert room.cameras(2) == (5,)


def test_a_free_spot_tile_follows_the_selected_camera_and_not_itself(room: Room) -> None:
    room.sign_in()
    room.walls.desk.show_view(view_of(1, 2).with_tile(3, SpotTile()))
    room.view.select_tile(1)
    assert room.cameras() == (1, 2, 2)
    room.view.select_tile(3)
    assert room.cameras() == (1, 2, 2)


def test_an_alarm_is_marked_on_the_nearest_camera_of_each_wall(room: Room) -> None:
    room.sign_in(monitors=2)
    room.walls.desk.show_view(view_of(1, 2))
    alarm = make_alarm(place=Place(37.39 + 2 / 1000, 126.64))
    room.walls.show_alarms([alarm])
    assert [content and content.alarm for content in room.view._contents[:2]] == [None, alarm.priority]
    room.walls.call(20, 2)
    assert [content and content.alarm for content in room.view._contents[:2]] == [alarm.priority, None]


# -- other workstations


def test_another_desk_s_order_is_shown_said_and_can_be_undone(room: Room) -> None:
    room.sign_in()
    before = room.walls.views()[1]
    room.walls.take_message(room.order_of(1, view_of(6, layout=Layout.of("1+5"))))
    assert room.cameras() == (6,)
    assert room.said == [Text("wall_ordered", {"by": "Kim", "layout": "1+5", "monitor": "1"})]
    assert room.deeds[-1].actor == "Kim"
    room.walls.undo()
    assert room.walls.views()[1] == before


def test_an_order_for_a_monitor_that_is_not_here_is_said(room: Room) -> None:
    room.sign_in()
    room.walls.take_message(room.order_of(4, view_of(6)))
    assert room.codes() == ["wall_order_no_monitor"]


def test_a_monitor_whose_screen_is_away_is_told_as_not_being_here(room: Room) -> None:
    room.sign_in(monitors=2)
    room.wait(lambda: room.orders.workstations()[0].monitors[1:])
    (window,) = room.walls.windows
    window.hide()
    room.walls.take_message(room.order_of(2, view_of(6)))
    assert room.codes() == ["wall_order_no_monitor"]
    room.walls.monitors.settled.emit()
    room.wait(lambda: len(room.orders.workstations()[0].monitors) == 1)


@pytest.mark.parametrize("role", [None, Role.OPERATOR])
def test_an_order_of_somebody_without_the_right_is_refused_here_too(room: Room, role: Role | None) -> None:
    room.sign_in()
    before = room.walls.views()
    room.walls.take_message(room.order_of(1, view_of(6), role))
    assert room.codes() == ["wall_order_refused"]
    assert room.walls.views() == before
    assert (room.deeds[-1].actor, room.deeds[-1].action) == ("Kim", "refused:drive_wall")


def test_a_drawn_layout_from_another_desk_is_known_by_its_name_here(room: Room) -> None:
    room.sign_in()
    gates = Layout("3+4", 2, 1, (Cell(0, 0), Cell(1, 0)))
    room.walls.take_message(room.order_of(1, view_of(6, layout=gates)))
    assert room.walls.layouts.all == (gates,)


def test_a_view_is_sent_by_right_only_and_this_workstation_tells_what_it_has(room: Room) -> None:
    room.sign_in(Role.OPERATOR)
    target = uuid4()
    room.walls.orders.send_view(target, 2, view_of(6))
    assert isinstance(room.failed[0], RefusedError)
    room.door.enter(operator(Role.SUPERVISOR))
    room.walls.orders.send_view(target, 2, view_of(6))
    room.wait(lambda: room.codes() == ["wall_order_sent"])
    assert room.woken == 2
    found: list[object] = []
    here = room.orders.workstations()
    assert [(one.name, one.monitors[0].n) for one in here] == [("desk 3", 1)]
    room.walls.ask_others(lambda others, now: found.append((others, now.tzinfo is not None)))
    room.wait(lambda: found)
    assert found == [((), True)], "this one is none of the others"


def test_everything_that_the_walls_say_has_words(room: Room) -> None:
    wording = Wording.load(RESOURCES / "texts.toml", "ko")
    values = {"name": "가", "monitors": "2", "key": "1", "by": "김", "monitor": "2", "layout": "1+5", "station": "벽"}
    for code in (
        "wall_shown",
        "wall_shown_partly",
        "salvo_none",
        "nothing_to_undo",
        "wall_ordered",
        "wall_order_no_monitor",
        "wall_order_refused",
        "wall_order_sent",
        "wall_order_done",
        "wall_order_no_monitor_there",
        "wall_order_refused_there",
        "wall_order_unanswered",
        "wall_order_lapsed",
    ):
        said = wording.render(Text(code, values))
        assert code not in said
        assert "–" not in said
