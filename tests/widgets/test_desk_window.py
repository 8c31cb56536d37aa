"""The window as a whole: how it shares its room out, and what changes places in it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from console.desk_window import DeskWindow, side_widths, wall_height
from console.resources import RESOURCES
from domain.clock import FixedClock
from domain.layout import Layout
from domain.text import Wording
from widgets.split import Split
from widgets.theme import ThemeName, apply_theme
from widgets.wall_grid import PixelSize, lay_out

Make = Callable[..., DeskWindow]


@pytest.fixture
def make(qtbot: QtBot, clock: FixedClock) -> Make:
    def make(width: int = 1920, height: int = 1080) -> DeskWindow:
        wording = Wording.load(RESOURCES / "texts.toml", "en")
        window = DeskWindow(clock, wording, lambda _: "", lambda _: "")
        window.wall.show_tiles((None,) * 16)
        window.show_desk()
        window.resize(width, height)
        window.show()
        qtbot.addWidget(window, before_close_func=lambda shown: shown.hide())
        return window

    return make


def area(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def test_sides_take_a_little_of_what_a_larger_screen_brings_and_the_wall_most() -> None:
    assert side_widths(1920, 1.0) == (326, 470)
    left, right = side_widths(3840, 1.0)
    assert 470 < left < 652
    assert 650 < right < 940
    assert sum(side_widths(1920, 2.0)) < 1920 * 0.55


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (3840, 2160)])
def test_the_wall_fills_its_column_and_nothing_between_the_panes_is_left_over(
    make: Make, size: tuple[int, int]
) -> None:
    window = make(*size)
    wall, sensors, timeline = area(window.wall), area(window.sensors), area(window.timeline)
    tiles = window.wall._canvas.tiles
    assert tiles[0].place.cell.left() <= 2
    assert tiles[0].place.cell.top() <= 6
    assert sensors.top() - wall.bottom() <= 5
    assert timeline.top() - sensors.bottom() <= 5
    assert window.status.y() - timeline.bottom() <= 10 + window.strip.sizeHint().height()  # its place is kept
    assert wall.width() == sensors.width() == timeline.width()
    assert sensors.height() >= 100


def test_a_wall_of_four_by_four_needs_this_height() -> None:
    tiles = lay_out(1120, wall_height(1120, 20, 2), Layout.even(16), 20, 2)
    assert {tile.size for tile in tiles} == {PixelSize(276, 154)}
    assert wall_height(1120, 20, 2) - tiles[-1].cell.bottom() <= 8


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_the_window_fits_a_usual_screen_at_every_text_size(
    make: Make, qapp: QApplication, language: str, scale: float
) -> None:
    del language
    apply_theme(qapp, ThemeName.NIGHT, scale)
    least = make().minimumSizeHint()
    assert least.width() <= 1920
    assert least.height() <= 1080


def test_map_and_wall_change_places_and_back_again(make: Make) -> None:
    window, the_map = make(), QLabel("map")
    window.place_map(the_map)
    before = window.wall.width()
    window.wall.setFocus()
    for large in (True, False, True, False):
        window.toggle_map()
        assert window.map_is_large is large
        assert (the_map.width() > window.wall.width()) is large
        assert window.wall.isVisible()
        assert the_map.isVisible()
        assert window.focusWidget() is window.wall, "the keys stay with the wall: M must lead back"
    assert window.wall.width() == before


def test_a_large_map_leaves_no_strip_below_it(make: Make) -> None:
    window, the_map = make(), QLabel("map")
    window.place_map(the_map)
    window.toggle_map()
    assert area(window.sensors).top() - area(the_map).bottom() <= 5
    assert window.sensors.height() <= window.sensors.minimumSizeHint().height() + 8


def test_the_wall_alone_is_the_wall_even_where_the_map_was_large(qtbot: QtBot, make: Make) -> None:
    window, the_map = make(), QLabel("map")
    window.place_map(the_map)
    window.toggle_map()
    window.toggle_wall_mode()
    qtbot.waitUntil(lambda: window.wall.size() == QSize(1920, 1080))
    assert not window.timeline.isVisible()
    assert not the_map.isVisible()
    window.toggle_wall_mode()
    qtbot.waitUntil(lambda: window.wall.width() < 1200)
    assert window.timeline.isVisible()


def test_the_map_of_keys_is_as_large_as_its_words_and_in_the_middle(make: Make, language: str) -> None:
    del language
    window = make()
    window.toggle_key_help()
    shown = window._help.geometry()
    assert shown.size() == window._help.sizeHint()
    assert abs(shown.center().x() - window.rect().center().x()) <= 1
    assert abs(shown.center().y() - window.rect().center().y()) <= 1
    window.resize(1600, 900)
    assert abs(window._help.geometry().center().x() - 800) <= 1
    assert window.hide_key_help()
    assert not window.hide_key_help()


def test_what_the_hand_chose_stays_until_it_is_shared_out_anew(qtbot: QtBot) -> None:
    parts = QWidget(), QWidget()
    split = Split(Qt.Orientation.Horizontal, lambda room: (room.width() // 4, room.width() * 3 // 4), parts, 1)
    qtbot.addWidget(split)
    split.resize(400, 100)
    split.show()
    assert 95 <= parts[0].width() <= 100
    split.moveSplitter(200, 1)
    split.resize(600, 100)
    assert parts[0].width() == 200
    split.share_out()
    assert 145 <= parts[0].width() <= 150


def test_the_opening_page_says_whose_program_it_is_and_what_is_waited_for(make: Make) -> None:
    window = make()
    window.show_opening("The practice city is being made ready.")
    said = [label.text() for label in window._opening.findChildren(QLabel) if label.isVisible()]
    assert sorted(said) == ["City situation room", "The practice city is being made ready.", "Watchroom"]
