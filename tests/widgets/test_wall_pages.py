"""The pages of the dialog that are about other workstations, the screens here, and the presets of salvos."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from domain.motion import Preset
from domain.wall import PresetCall
from domain.wall_order import MonitorSize, Workstation
from widgets.wall_monitor_page import MonitorLine, MonitorPage, ScreenLine, ScreenWanted
from widgets.wall_salvo_presets import SalvoPresets
from widgets.wall_station_page import StationPage, ViewToSend, station_words

NOON = datetime(2026, 10, 5, 3, 0, tzinfo=UTC)
NORTH = Workstation(UUID(int=1), "north", (MonitorSize(1, 1920, 1080), MonitorSize(3, 3840, 2160)), NOON)
SOUTH = Workstation(UUID(int=2), "south", (), NOON - timedelta(days=3))
LEFT = ScreenLine("Dell/U24/1", "DP-1", 1920, 1080)
RIGHT = ScreenLine("", "HDMI-2", 3840, 2160)
DESK = ScreenLine("", "eDP-1", 1920, 1080)


# -- workstations


@pytest.fixture
def stations(qtbot: QtBot) -> StationPage:
    page = StationPage()
    qtbot.addWidget(page)
    page.show_monitors([1, 2], 2)
    return page


def test_who_is_there_and_since_when_is_said_the_newest_first(stations: StationPage) -> None:
    stations.show_workstations([SOUTH, NORTH], NOON)
    shown = [stations.list.model().index(row, 0).data() for row in range(2)]
    assert [words.split(" ")[0] for words in shown] == ["north", "south"]
    assert "monitors 1, 3" in shown[0]
    assert NOON.astimezone().strftime("%H:%M:%S") in shown[0]
    assert "2026-10-02" in station_words(SOUTH, NOON)


def test_a_view_goes_from_one_of_our_monitors_to_one_of_theirs(stations: StationPage, qtbot: QtBot) -> None:
    stations.show_workstations([NORTH, SOUTH], NOON)
    assert not stations.send_button.isEnabled()
    stations.list.setCurrentIndex(stations.list.model().index(0, 0))
    stations.theirs.setCurrentIndex(1)
    with qtbot.waitSignal(stations.view_to_send) as sent:
        QTest.mouseClick(stations.send_button, Qt.MouseButton.LeftButton)
    assert sent.args == [ViewToSend(NORTH.origin, theirs=3, mine=2)]
    stations.list.setCurrentIndex(stations.list.model().index(1, 0))
    assert not stations.send_button.isEnabled(), "it has no monitor"


def test_where_nobody_is_known_that_is_said_and_can_be_asked_again(stations: StationPage, qtbot: QtBot) -> None:
    asked = stations.said.text()
    stations.show_workstations([], NOON)
    assert stations.said.text() not in ("", asked)
    with qtbot.waitSignal(stations.look_again_asked):
        stations.again_button.click()


# -- monitors


@pytest.fixture
def monitors(qtbot: QtBot) -> MonitorPage:
    page = MonitorPage()
    qtbot.addWidget(page)
    lines = [MonitorLine(1, DESK, fixed=True), MonitorLine(2, LEFT), MonitorLine(3, None, away="HDMI-2")]
    page.show_monitors([*lines, MonitorLine(4, None)], [LEFT])
    return page


def test_every_monitor_says_where_it_is(monitors: MonitorPage) -> None:
    assert sorted(monitors.choices) == [2, 3, 4], "the desk stays where it is"
    assert monitors.choices[2].currentText() == "DP-1 · 1920 × 1080 · Dell/U24/1"
    assert "HDMI-2" in monitors.choices[3].currentText()
    assert monitors.choices[4].currentData() is None


def test_a_monitor_is_wanted_on_another_screen(monitors: MonitorPage, qtbot: QtBot) -> None:
    monitors.show_monitors([MonitorLine(2, LEFT)], [LEFT, RIGHT])
    box = monitors.choices[2]
    with qtbot.assertNotEmitted(monitors.screen_wanted):
        QTest.keyClick(box, Qt.Key.Key_Down)  # choosing alone moves nothing: one comes past other screens
    with qtbot.waitSignal(monitors.screen_wanted) as wanted:
        QTest.mouseClick(monitors.move_button, Qt.MouseButton.LeftButton)
    assert wanted.args == [ScreenWanted(2, RIGHT)]
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert not monitors.move_button.isEnabled()


def test_numbers_are_shown_and_taken_off_and_another_monitor_is_opened(monitors: MonitorPage, qtbot: QtBot) -> None:
    for shown in (True, False):
        with qtbot.waitSignal(monitors.identify_asked) as asked:
            monitors.identify_button.click()
        assert asked.args == [shown]
    with qtbot.waitSignal(monitors.another_asked):
        monitors.another_button.click()


# -- presets


@pytest.fixture
def presets(qtbot: QtBot) -> SalvoPresets:
    widget = SalvoPresets()
    qtbot.addWidget(widget)
    return widget


def test_a_stored_preset_of_a_camera_is_added(presets: SalvoPresets, qtbot: QtBot, samples) -> None:
    with qtbot.waitSignal(presets.presets_asked) as asked:
        presets.show_cameras([samples.camera(417), samples.camera(421)])
    assert asked.args[0].no == 417  # type: ignore[index]
    presets.show_stored(417, [Preset("t1", "gate"), Preset("t2", "yard")])
    presets.preset.setCurrentIndex(1)
    presets.add_button.click()
    assert presets.calls == (PresetCall(417, "yard"),)
    with qtbot.waitSignal(presets.presets_asked):
        presets.camera.setCurrentIndex(1)
    presets.show_stored(417, [Preset("t1", "gate")])
    assert presets.preset.count() == 0, "that is another camera's answer, come late"
    QTest.keyClicks(presets.preset, "north side")
    QTest.keyClick(presets.preset, Qt.Key.Key_Return)
    assert presets.calls == (PresetCall(417, "yard"), PresetCall(421, "north side"))


def test_an_answer_leaves_what_was_typed_meanwhile(presets: SalvoPresets, samples) -> None:
    presets.show_cameras([samples.camera(417)])
    QTest.keyClicks(presets.preset, "door")
    presets.show_stored(417, [Preset("t1", "gate")])
    assert presets.preset.currentText() == "door"


def test_a_camera_is_called_once_and_a_call_is_removed(presets: SalvoPresets, samples) -> None:
    presets.show_cameras([samples.camera(417)])
    presets.show_calls([PresetCall(417, "gate"), PresetCall(421, "yard")])
    presets.preset.setEditText("door")
    presets.add_button.click()
    assert presets.calls == (PresetCall(421, "yard"), PresetCall(417, "door"))
    assert not presets.remove_button.isEnabled()
    presets.list.setCurrentIndex(presets.list.model().index(0, 0))
    presets.remove_button.click()
    assert presets.calls == (PresetCall(417, "door"),)


def test_where_no_camera_turns_nothing_can_be_added(presets: SalvoPresets) -> None:
    assert not presets.camera.isEnabled()
    assert not presets.add_button.isEnabled()
