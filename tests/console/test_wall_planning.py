"""The dialog of walls, salvos, tours, layouts, workstations and monitors, joined to the walls of a workstation."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.wall_planning import WallPlanning
from domain.layout import Cell, Layout
from domain.operator import Role
from domain.wall import CameraTour, PresetCall
from domain.wall_order import MonitorSize, Workstation
from tests.console.test_walls import Room
from widgets.wall_layout_page import LayoutWanted
from widgets.wall_plans import WallPlansDialog
from widgets.wall_salvo_page import SalvoToStore
from widgets.wall_saved_page import WallToStore
from widgets.wall_station_page import ViewToSend

GATES = Layout("3+4", 2, 1, (Cell(0, 0), Cell(1, 0)))


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    room = Room(qtbot, tmp_path)
    yield room
    room.close()


@pytest.fixture
def planning(room: Room) -> WallPlanning:
    window = QWidget()
    room.qtbot.addWidget(window)
    window.show()
    planning = WallPlanning(room.walls, window)
    room.parent.window = window  # type: ignore[attr-defined]  # it lives as long as the room
    room.sign_in(monitors=2)
    return planning


def opened(planning: WallPlanning) -> WallPlansDialog:
    planning.open()
    assert planning._dialog is not None
    return planning._dialog


def test_what_is_wanted_in_the_dialog_is_done(room: Room, planning: WallPlanning) -> None:
    planning.open_for_salvo(4)
    dialog = opened(planning)
    dialog.salvos.salvo_to_store.emit(SalvoToStore("storm", 4))
    dialog.walls.wall_to_store.emit(WallToStore("mine", shared=False))
    tour = CameraTour(uuid4(), "yards", (6, 7), 20.0)
    dialog.tours.tour_to_store.emit(tour)
    room.wait(lambda: room.walls.plans.plans.tours == (tour,))
    assert [page.list.model().rowCount() for page in (dialog.walls, dialog.salvos, dialog.tours)] == [1, 1, 1]
    room.view.select_tile(2)
    room.walls.desk.toggle_maximised(2)
    dialog.tours.shown.emit(tour)
    assert room.cameras()[2] == 6
    dialog.plan_deleted.emit(tour)
    room.wait(lambda: not room.walls.plans.plans.tours)
    assert room.cameras()[2] == 4, "a tour that is gone leaves its tile empty"
    dialog.close()
    assert opened(planning) is not dialog


def test_the_presets_of_a_salvo_are_those_of_the_cameras_on_the_monitors(room: Room, planning: WallPlanning) -> None:
    page = opened(planning).salvos
    assert [page.presets.camera.itemData(row).no for row in range(page.presets.camera.count())] == [3]
    room.wait(lambda: page.presets.preset.count() == 2)
    assert page.presets.preset.itemText(1) == "yard 3"
    page.presets.preset.setCurrentIndex(1)
    page.presets.add_button.click()
    page.name.setText("flood")
    page.store_button.click()
    room.wait(lambda: room.walls.plans.plans.salvos)
    (salvo,) = room.walls.plans.plans.salvos
    assert salvo.presets == (PresetCall(3, "yard 3"),)
    room.walls.plans.call_salvo(salvo)
    room.wait(lambda: room.turner.asked == [(3, "token-2")])
    page.list.setCurrentIndex(page.list.model().index(0, 0))
    page.presets.list.setCurrentIndex(page.presets.list.model().index(0, 0))
    page.presets.remove_button.click()
    page.store_button.click()
    room.wait(lambda: room.walls.plans.plans.salvos[0].presets == ())


def test_a_layout_that_is_drawn_hangs_at_once_and_is_called_by_its_name(room: Room, planning: WallPlanning) -> None:
    dialog = opened(planning)
    dialog.layouts.layout_wanted.emit(LayoutWanted(2, GATES))
    assert room.walls.views()[2].layout == GATES
    assert dialog.layouts.list.model().rowCount() == 1
    room.walls.show_layout(1, "3+4")
    assert room.walls.views()[1].layout == GATES
    assert room.codes() == []


def test_a_layout_of_last_time_and_one_of_a_stored_wall_are_known_again(room: Room, planning: WallPlanning) -> None:
    room.walls.draw_layout(1, GATES)
    room.walls.plans.store_wall("gates", shared=True)
    room.wait(lambda: room.walls.plans.plans.walls)
    room.walls.memory.write()
    room.wait(lambda: room.store.last_views("haneul").get(1) is not None)
    again = Room(room.qtbot, room.memory.parent)
    again.sign_in()
    assert again.walls.layouts.all == (GATES,)
    assert again.walls.views()[1].layout == GATES
    again.close()
    del planning


def test_a_view_is_sent_to_another_workstation_that_is_known(
    room: Room, planning: WallPlanning, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = Workstation(uuid4(), "north", (MonitorSize(4, 1920, 1080),), datetime(2026, 10, 5, tzinfo=UTC))
    known = room.orders.workstations()
    monkeypatch.setattr(room.walls.orders._book, "workstations", lambda: (*known, far))  # as headquarters told
    dialog = opened(planning)
    dialog.tabs.setCurrentWidget(dialog.stations)
    room.wait(lambda: dialog.stations.list.model().rowCount() == 1)
    sent: list[tuple[object, ...]] = []
    order = room.orders.order
    monkeypatch.setattr(room.walls.orders._book, "order", lambda *wish: sent.append(wish) or order(*wish))
    dialog.stations.view_to_send.emit(ViewToSend(far.origin, theirs=4, mine=2))
    room.wait(lambda: "wall_order_sent" in room.codes())
    assert sent == [(far.origin, 4, room.walls.views()[2], room.door.operator)]


def test_who_may_not_drive_other_walls_is_told_so(room: Room, planning: WallPlanning) -> None:
    room.sign_in(Role.OPERATOR)
    opened(planning).stations.view_to_send.emit(ViewToSend(uuid4(), theirs=1, mine=1))
    assert len(room.failed) == 1


def test_numbers_are_large_on_all_monitors_until_the_dialog_closes(room: Room, planning: WallPlanning) -> None:
    dialog = opened(planning)
    dialog.monitors.identify_button.click()
    walls = [presenter.wall for presenter in room.walls.presenters.values()]
    assert [wall._identified for wall in walls] == [True, True]
    dialog.reject()
    assert [wall._identified for wall in walls] == [False, False]


def test_another_monitor_is_opened_and_offered(room: Room, planning: WallPlanning) -> None:
    dialog = opened(planning)
    dialog.monitors.another_button.click()
    assert sorted(room.walls.presenters) == [1, 2, 3]
    assert sorted(dialog.monitors.choices) == [2, 3]
    assert [dialog.stations.mine.itemData(row) for row in range(3)] == [1, 2, 3]
    assert dialog.layouts.monitor.count() == 3
