from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from domain.errors import BadInputError
from domain.layout import Layout
from domain.wall import CameraTour, MonitorView, Salvo, SavedWall
from widgets.wall_plan_words import camera_words, plan_words, typed_cameras
from widgets.wall_plans import WallPlansDialog
from widgets.wall_salvo_page import SalvoToStore
from widgets.wall_saved_page import WallToStore

VIEW = MonitorView.empty(Layout.of("4"))
OURS = SavedWall(UUID(int=1), "market day", "", {2: VIEW, 1: VIEW})
MINE = SavedWall(UUID(int=2), "mine", "haneul", {1: VIEW})
NIGHT = Salvo(UUID(int=3), "night", 1, {1: VIEW})
LOOSE = Salvo(UUID(int=4), "flood", None, {1: VIEW})
TOUR = CameraTour(UUID(int=5), "yards", (12, 15, 20), 20.0)


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[WallPlansDialog]:
    dialog = WallPlansDialog()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show_plans([OURS, MINE], [NIGHT, LOOSE], [TOUR])
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def choose(dialog: WallPlansDialog, page_no: int, row: int) -> None:
    page = (dialog.walls, dialog.salvos, dialog.tours)[page_no]
    dialog.tabs.setCurrentWidget(page)
    page.list.setCurrentIndex(page.list.model().index(row, 0))


@pytest.mark.parametrize(
    ("text", "numbers"), [("12", (12,)), (" 12,15  20-22 ", (12, 15, 20, 21, 22)), ("5 5", (5, 5)), ("7-7", (7,))]
)
def test_cameras_are_typed_one_by_one_and_as_ranges(text: str, numbers: tuple[int, ...]) -> None:
    assert typed_cameras(text) == numbers


@pytest.mark.parametrize("text", ["", "  , ", "x", "3-", "9-5", "1-9999", "-4", "٣", "1-150 1-100"])
def test_what_is_no_list_of_cameras_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        typed_cameras(text)


def test_a_tour_s_cameras_are_shown_as_they_would_be_typed() -> None:
    assert typed_cameras(camera_words(TOUR.cameras)) == TOUR.cameras


def test_each_plan_says_its_name_and_where_it_goes() -> None:
    assert "market day" in plan_words(OURS)
    assert "1, 2" in plan_words(OURS)
    assert plan_words(NIGHT).startswith("F1 · night")
    assert plan_words(LOOSE).startswith("– · flood")
    assert "20" in plan_words(TOUR)


@pytest.mark.parametrize(
    ("page", "row", "plan"),
    [(0, 1, MINE), (1, 0, NIGHT), (2, 0, TOUR)],
)
def test_what_is_chosen_is_shown_by_its_button(
    dialog: WallPlansDialog, qtbot: QtBot, page: int, row: int, plan: object
) -> None:
    shown = (dialog.walls, dialog.salvos, dialog.tours)[page]
    choose(dialog, page, row)
    with qtbot.waitSignal(shown.shown) as told:
        QTest.mouseClick(shown.show_button, Qt.MouseButton.LeftButton)
    assert told.args == [plan]


def test_what_is_chosen_is_deleted_by_its_button(dialog: WallPlansDialog, qtbot: QtBot) -> None:
    choose(dialog, 1, 1)
    with qtbot.waitSignal(dialog.plan_deleted) as told:
        QTest.mouseClick(dialog.salvos.delete_button, Qt.MouseButton.LeftButton)
    assert told.args == [LOOSE]


def test_a_wall_is_stored_under_a_name_for_oneself_or_for_all(dialog: WallPlansDialog, qtbot: QtBot) -> None:
    QTest.keyClicks(dialog.walls.name, "festival")
    dialog.walls.shared.setChecked(True)
    with qtbot.waitSignal(dialog.walls.wall_to_store) as told:
        QTest.keyClick(dialog.walls.name, Qt.Key.Key_Return)
    assert told.args == [WallToStore("festival", shared=True)]
    assert dialog.isVisible()


def test_nothing_is_stored_without_a_name(dialog: WallPlansDialog) -> None:
    told: list[object] = []
    for signal in (dialog.walls.wall_to_store, dialog.salvos.salvo_to_store, dialog.tours.tour_to_store):
        signal.connect(told.append)
    for page in (dialog.walls, dialog.salvos, dialog.tours):
        page.name.setText("  ")
        page.store_button.click()
        assert page.said.text()
    assert told == []


def test_a_key_asks_for_the_name_of_its_salvo(dialog: WallPlansDialog, qtbot: QtBot) -> None:
    dialog.ask_for_salvo(1)
    assert dialog.salvos.name.text() == "night"
    dialog.ask_for_salvo(4)
    assert dialog.salvos.name.text() == ""
    QTest.keyClicks(dialog.salvos.name, "storm")
    with qtbot.waitSignal(dialog.salvos.salvo_to_store) as told:
        QTest.keyClick(dialog.salvos.name, Qt.Key.Key_Return)
    assert told.args == [SalvoToStore("storm", 4)]


def test_a_tour_is_changed_under_its_name_and_made_under_another(dialog: WallPlansDialog, qtbot: QtBot) -> None:
    choose(dialog, 2, 0)
    assert dialog.tours.cameras.text() == "12, 15, 20"
    dialog.tours.cameras.setText("12-14")
    dialog.tours.dwell.setValue(30)
    with qtbot.waitSignal(dialog.tours.tour_to_store) as told:
        dialog.tours.store_button.click()
    assert told.args == [CameraTour(TOUR.id, "yards", (12, 13, 14), 30.0)]
    dialog.tours.name.setText("gates")
    with qtbot.waitSignal(dialog.tours.tour_to_store) as told:
        dialog.tours.store_button.click()
    assert told.args is not None
    assert told.args[0].id != TOUR.id


def test_a_tour_of_something_else_than_cameras_says_what_is_wrong(dialog: WallPlansDialog) -> None:
    told: list[object] = []
    dialog.tours.tour_to_store.connect(told.append)
    dialog.tours.name.setText("gates")
    dialog.tours.cameras.setText("12, gate")
    dialog.tours.store_button.click()
    assert "gate" in dialog.tours.said.text()
    assert told == []


def test_a_camera_stays_between_three_and_240_seconds(dialog: WallPlansDialog) -> None:
    dialog.tours.dwell.setValue(1)
    assert dialog.tours.dwell.value() == 3
    dialog.tours.dwell.setValue(1000)
    assert dialog.tours.dwell.value() == 240


def test_where_nothing_is_chosen_nothing_can_be_done(dialog: WallPlansDialog) -> None:
    dialog.show_plans([], [], [])
    for page in (dialog.walls, dialog.salvos, dialog.tours):
        assert not page.show_button.isEnabled()
        assert not page.delete_button.isEnabled()


def test_a_chosen_plan_lies_in_the_form_and_news_of_plans_leave_what_was_typed(dialog: WallPlansDialog) -> None:
    choose(dialog, 0, 0)
    assert (dialog.walls.name.text(), dialog.walls.shared.isChecked()) == ("market day", True)
    dialog.walls.name.setText("market night")
    dialog.show_plans([OURS], [], [])
    assert dialog.walls.chosen == OURS
    assert dialog.walls.name.text() == "market night"
    dialog.show_plans([MINE], [], [])
    assert dialog.walls.chosen is None


def test_the_page_that_is_seen_is_told(dialog: WallPlansDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.page_shown) as told:
        dialog.tabs.setCurrentWidget(dialog.stations)
    assert told.args == [dialog.stations]


def test_the_dialog_fits_its_words_in_both_languages(qtbot: QtBot, language: str, take_picture, samples) -> None:
    del language
    dialog = WallPlansDialog()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show_plans([OURS, MINE], [NIGHT, LOOSE], [TOUR])
    assert dialog.minimumSizeHint().width() <= 1000
    assert dialog.minimumSizeHint().height() <= 800
