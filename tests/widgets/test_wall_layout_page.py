"""Layouts of one's own: drawn with the mouse and with the keys, named, and wanted on a monitor."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from domain.errors import BadInputError
from domain.layout import Cell, Layout
from widgets.wall_layout_draft import LayoutDraft
from widgets.wall_layout_page import LayoutPage, LayoutWanted

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(qtbot: QtBot) -> LayoutPage:
    page = LayoutPage()
    qtbot.addWidget(page)
    page.resize(760, 560)
    page.show_monitors([1, 2], 2)
    with qtbot.waitExposed(page):
        page.show()
    return page


def middle(page: LayoutPage, column: int, row: int) -> QPoint:
    draft, canvas = page.canvas.draft, page.canvas
    wide, high = canvas.width() / draft.columns, canvas.height() / draft.rows
    return QPoint(round((column + 0.5) * wide), round((row + 0.5) * high))


def drag(page: LayoutPage, begin: tuple[int, int], end: tuple[int, int]) -> None:
    QTest.mousePress(page.canvas, LEFT, pos=middle(page, *begin))
    QTest.mouseMove(page.canvas, middle(page, *end))
    QTest.mouseRelease(page.canvas, LEFT, pos=middle(page, *end))


# -- the draft


def test_joined_steps_are_one_tile_and_the_others_stay() -> None:
    draft = LayoutDraft.even(3, 3).joined((0, 0), (1, 1))
    assert draft.layout("x").cells == Layout.of("1+5").cells


def test_what_a_joined_area_touches_joins_it_whole() -> None:
    draft = LayoutDraft.even(4, 4).joined((1, 1), (2, 2)).joined((0, 0), (1, 1))
    assert draft.cell_at(2, 2) == Cell(0, 0, 3, 3)
    assert sum(cell.columns * cell.rows for cell in draft.cells) == 16


def test_it_does_not_matter_from_which_corner_tiles_are_joined() -> None:
    grid = LayoutDraft.even(3, 2)
    assert grid.joined((2, 1), (1, 0)) == grid.joined((1, 0), (2, 1)) == grid.joined((1, 1), (2, 0))


def test_a_tile_that_is_parted_is_single_steps_again() -> None:
    grid = LayoutDraft.even(3, 3)
    assert grid.joined((0, 0), (1, 2)).parted(1, 1) == grid


def test_tiles_count_row_by_row() -> None:
    draft = LayoutDraft.even(3, 2).joined((2, 0), (2, 1))
    assert [(cell.column, cell.row) for cell in draft.cells] == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)]


def test_another_grid_keeps_the_tiles_that_still_have_room() -> None:
    draft = LayoutDraft.even(4, 4).joined((0, 0), (1, 1)).joined((2, 2), (3, 3)).resized(3, 3)
    assert draft == LayoutDraft.even(3, 3).joined((0, 0), (1, 1))


def test_a_layout_with_gaps_or_beyond_the_finest_grid_can_be_drawn_on() -> None:
    gaps = LayoutDraft.of(Layout("x", 2, 2, (Cell(0, 0), Cell(1, 1))))
    assert gaps == LayoutDraft.even(2, 2)
    fine = LayoutDraft.of(Layout("y", 20, 20, (Cell(0, 0, 20, 20),)))
    assert (fine.columns, fine.rows) == (12, 12)


def test_more_tiles_than_a_monitor_shows_are_no_layout() -> None:
    with pytest.raises(BadInputError):
        LayoutDraft.even(12, 12).layout("fine")


# -- the grid


def test_dragging_joins_and_a_double_click_parts(page: LayoutPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.canvas.changed):
        drag(page, (0, 0), (1, 1))
    assert page.canvas.draft.cell_at(1, 1) == Cell(0, 0, 2, 2)
    with qtbot.waitSignal(page.canvas.changed):
        QTest.mouseDClick(page.canvas, LEFT, pos=middle(page, 1, 1))
    assert page.canvas.draft == LayoutDraft.even(3, 3)


def test_a_click_alone_changes_nothing_and_a_drag_may_end_outside(page: LayoutPage, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(page.canvas.changed):
        QTest.mouseClick(page.canvas, LEFT, pos=middle(page, 1, 1))
    QTest.mousePress(page.canvas, LEFT, pos=middle(page, 1, 1))
    QTest.mouseMove(page.canvas, QPoint(page.canvas.width() + 50, -20))
    QTest.mouseRelease(page.canvas, LEFT, pos=QPoint(page.canvas.width() + 50, -20))
    assert page.canvas.draft.cell_at(2, 0) == Cell(1, 0, 2, 2)


def test_the_keys_join_and_part_as_the_mouse_does(page: LayoutPage) -> None:
    for key, held in ((Qt.Key.Key_Right, False), (Qt.Key.Key_Right, True), (Qt.Key.Key_Down, True)):
        QTest.keyClick(page.canvas, key, SHIFT if held else Qt.KeyboardModifier.NoModifier)
    QTest.keyClick(page.canvas, Qt.Key.Key_Return)
    assert page.canvas.draft.cell_at(2, 1) == Cell(1, 0, 2, 2)
    assert "tile 2" in page.canvas.accessibleDescription()
    QTest.keyClick(page.canvas, Qt.Key.Key_Delete)
    assert page.canvas.draft == LayoutDraft.even(3, 3)
    for _ in range(20):
        QTest.keyClick(page.canvas, Qt.Key.Key_Left)
    assert "column 1" in page.canvas.accessibleDescription()


# -- the page


def test_a_layout_is_wanted_by_its_name_on_the_monitor_that_was_chosen(page: LayoutPage, qtbot: QtBot) -> None:
    page.columns.setValue(4)
    page.rows.setValue(2)
    drag(page, (0, 0), (1, 1))
    page.monitor.setCurrentIndex(0)
    page.name.setText(" 1+4 ")
    with qtbot.waitSignal(page.layout_wanted) as wanted:
        QTest.keyClick(page.name, Qt.Key.Key_Return)
    cells = (Cell(0, 0, 2, 2), Cell(2, 0), Cell(3, 0), Cell(2, 1), Cell(3, 1))
    assert wanted.args == [LayoutWanted(1, Layout("1+4", 4, 2, cells))]
    assert page.said.text() == ""


def test_the_monitor_that_keys_go_to_is_offered_first(page: LayoutPage) -> None:
    assert page.monitor.currentData() == 2


@pytest.mark.parametrize(("name", "said"), [("", "name"), ("1+5", "1+5"), ("16", "16")])
def test_a_layout_needs_a_name_of_its_own(page: LayoutPage, name: str, said: str) -> None:
    wanted: list[object] = []
    page.layout_wanted.connect(wanted.append)
    page.name.setText(name)
    page.show_button.click()
    assert said in page.said.text()
    assert wanted == []


def test_too_many_tiles_are_said(page: LayoutPage) -> None:
    page.columns.setValue(12)
    page.rows.setValue(12)
    page.name.setText("fine")
    page.show_button.click()
    assert "144" in page.said.text()


def test_a_known_layout_is_put_on_the_grid(page: LayoutPage, qtbot: QtBot) -> None:
    own = LayoutDraft.even(5, 4).joined((0, 0), (2, 2)).layout("gates")
    page.show_layouts([own])
    page.list.setCurrentIndex(page.list.model().index(0, 0))
    assert (page.name.text(), page.columns.value(), page.rows.value()) == ("gates", 5, 4)
    with qtbot.waitSignal(page.layout_wanted) as wanted:
        page.show_button.click()
    assert wanted.args == [LayoutWanted(2, own)]
