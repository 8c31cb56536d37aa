"""A whole desk with a practice camera: what for, places, home, alarms, and the lease that ends."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.core import Core
from console.settings import DeskSettings, PtzSettings, Settings
from console.start import open_core
from domain.alarm import Alarm, Priority
from domain.alarm import Desk as AlarmDesk
from domain.camera import Credentials, SiteKind
from domain.lease import DESK, Rank
from domain.operator import Role
from domain.text import Text
from tests.console.started import Started
from tests.console.surroundings import PTZ_ACCOUNT, PTZ_CAMERA, PracticeCameras, make_camera

pytest_plugins = ["tests.console.fixtures"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(200)]  # a fresh machine paints the clips first

Opened = Callable[..., "Room"]
FIXED = make_camera(5)


class Room:
    """A supervisor with the dome selected."""

    def __init__(self, desk: Started, cameras: PracticeCameras) -> None:
        self.desk, self.cameras = desk, cameras
        self.side = desk.desk.ptz
        self._before = {name: len(cameras.asked(name)) for name in _HEARD}

    def asked(self, operation: str) -> list[dict[str, Any]]:
        """What the camera has heard of this in this test."""
        return self.cameras.asked(operation)[self._before[operation] :]

    def asks(self) -> bool:
        """Whether it is asked what the camera is turned for."""
        return bool(self.desk.window.purpose.asking)

    def hold(self) -> None:
        self.desk.press(Qt.Key.Key_P)
        self.until(lambda: self.desk.window.pad.has_controls)
        self.key(QEvent.Type.KeyPress)

    def let_go(self) -> None:
        self.key(QEvent.Type.KeyRelease)

    def key(self, kind: QEvent.Type) -> None:
        right = QKeyEvent(kind, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.desk.window.pad, right)

    def until(self, condition: Callable[[], object]) -> None:
        self.desk.until(condition)

    def written(self) -> list[tuple[str, str]]:
        return [(line.action, line.purpose) for line in self.desk.core.stores.audit.recent()]

    def alarm(self) -> Alarm:
        core = self.desk.core
        now = core.clock.now()
        return Alarm(
            id=uuid4(),
            origin=core.workplace.origin,
            centre=core.workplace.centre,
            district="",
            mode=core.workplace.mode,
            event_id=uuid4(),
            rule="press",
            kind="press",
            source="7",
            priority=Priority.CRITICAL,
            desk=AlarmDesk.CRIME,
            title=Text("alarm_press", {"source": "7"}),
            raised_at=now,
            place=None,
        )


_HEARD = ("ContinuousMove", "Stop", "GotoPreset", "SetPreset", "GotoHomePosition")


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, cameras: PracticeCameras) -> Iterator[Opened]:
    desks: list[Started] = []

    def open_desk(*, prevents_crime: bool = False, **ptz: Any) -> Room:
        settings = Settings(desk=DeskSettings(language="en"), ptz=PtzSettings(**ptz))
        desk = Started(qtbot, tmp_path / "home", settings)
        desks.append(desk)
        dome = replace(cameras.dome, site_kind=SiteKind.CRIME_PREVENTION) if prevents_crime else cameras.dome

        def with_cameras() -> Core:
            core = open_core(desk.home, desk.settings)
            core.stores.cameras.replace_many([dome, FIXED])
            core.stores.secrets.keep("practice", Credentials(*PTZ_ACCOUNT))
            return core

        desk.open(with_cameras)
        desk.sit_down(Role.SUPERVISOR)
        desk.until(lambda: len(desk.desk.wall.cameras) == 2)
        desk.until(lambda: desk.core.watchdog.alive)  # before, nothing is moved
        desk.desk.call_to_its_tile(dome.no)
        return Room(desk, cameras)

    yield open_desk
    for desk in desks:
        desk.close()
    cameras.wait_quiet()


# -- what for


def test_a_camera_that_prevents_crime_moves_once_it_is_said_what_for(opened: Opened) -> None:
    room = opened(prevents_crime=True)
    room.hold()
    assert room.asks()
    assert room.asked("ContinuousMove") == []
    room.desk.press(Qt.Key.Key_9)
    assert not room.asks()
    room.until(lambda: room.asked("ContinuousMove"))
    room.let_go()
    room.until(lambda: room.asked("Stop"))
    room.until(lambda: ("move_camera", "training") in room.written())
    room.hold()
    assert not room.asks(), "it was said a moment ago"
    room.let_go()


def test_nothing_moves_where_nobody_says_what_for(opened: Opened) -> None:
    room = opened(prevents_crime=True)
    room.hold()
    room.desk.press(Qt.Key.Key_Escape)
    assert not room.asks()
    room.until(lambda: ("refused:move_camera", "no purpose was given") in room.written())
    room.let_go()
    assert room.asked("ContinuousMove") == []


# -- places


def test_places_are_gone_to_and_stored_in_their_window(opened: Opened) -> None:
    room = opened()
    room.desk.press(Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    room.until(lambda: room.side.page.is_open)
    dialog = room.side.page._opened()
    room.until(lambda: dialog.places.model.rowCount() >= 2)
    dialog.places.list.setCurrentIndex(dialog.places.model.index(1, 0))
    dialog.places.go_button.click()
    room.until(lambda: room.asked("GotoPreset"))
    dialog.places.number.setValue(40)
    dialog.places.name.setText("정문 앞")
    dialog.places.store_button.click()
    room.until(lambda: dialog.places.model.row_of(40) is not None)
    assert room.asked("SetPreset")
    (kept,) = [place for place in room.desk.core.stores.camera_places.of(room.cameras.dome.no) if place.no == 40]
    assert kept.name == "정문 앞"
    room.desk.window.pad.setFocus()
    assert "40  정문 앞" in room.desk.window.pad._names.stringList()


def test_the_window_follows_the_selected_camera_and_goes_with_the_person(opened: Opened) -> None:
    room = opened()
    room.desk.press(Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    dialog = room.side.page._opened()
    room.until(lambda: dialog.places.model.rowCount() >= 2)
    room.side.show_camera(FIXED)
    assert dialog.places.model.rowCount() == 0
    assert dialog.optics.isHidden()
    room.desk.sit_down(Role.OPERATOR)
    assert not room.side.page.is_open


# -- by themselves


def test_a_camera_that_nobody_uses_goes_home(opened: Opened) -> None:
    room = opened(home_after_s=1)
    room.hold()
    room.until(lambda: room.asked("ContinuousMove"))
    assert room.asked("GotoHomePosition") == []
    room.let_go()
    room.until(room.side.turns.away)
    room.side.turns._last = {  # as if the 20 s that a person keeps a camera had passed
        number: replace(last, by_person=last.by_person - 30, at=last.at - 30)
        for number, last in room.side.turns._last.items()
    }
    room.until(lambda: room.asked("GotoHomePosition"))
    room.until(lambda: not room.side.turns.away())


def test_an_alarm_turns_a_camera_to_its_place_but_not_against_a_person(opened: Opened) -> None:
    told: list[Text] = []
    room = opened(alarm_presets=[{"alarm": "press", "camera": PTZ_CAMERA, "place": 1}])
    room.side.said.connect(told.append)
    room.hold()
    room.until(lambda: room.asked("ContinuousMove"))
    room.side.take_alarm(room.alarm())
    assert [text.code for text in told] == ["ptz_alarm_held"]
    room.let_go()
    room.until(lambda: room.asked("Stop"))
    room.side.turns._last.clear()  # as if nobody had had it
    room.desk.core.turning.leases.release(PTZ_CAMERA, DESK)
    room.side.take_alarm(room.alarm())
    room.until(lambda: room.asked("GotoPreset"))


def test_a_clock_that_is_off_is_told_once(opened: Opened, cameras: PracticeCameras) -> None:
    told: list[Text] = []
    wrong = {"target": f"camera/{PTZ_CAMERA}", "fault": "clock_wrong"}
    with cameras.suffering(wrong):
        room = opened()
        room.side.said.connect(told.append)
        room.hold()
        room.until(lambda: room.asked("ContinuousMove"))
        room.let_go()
        room.until(lambda: room.asked("Stop"))
    (text,) = [text for text in told if text.code.startswith("camera_clock")]
    assert text.code == "camera_clock_ahead"
    assert abs(float(text.params["s"]) - 3600) < 5


# -- who has it


def test_a_camera_that_is_lost_to_another_position_stops(opened: Opened) -> None:
    room = opened()
    room.hold()
    room.until(lambda: room.asked("ContinuousMove"))
    room.desk.core.turning.leases.release(PTZ_CAMERA, DESK)
    room.until(lambda: room.asked("Stop"))
    room.until(lambda: room.side.hands.steering.moving is None)
    moves = len(room.asked("ContinuousMove"))
    room.key(QEvent.Type.KeyPress)
    assert len(room.asked("ContinuousMove")) == moves
    assert room.desk.core.turning.leases.wish(room.cameras.dome, Rank.AHEAD, DESK).may_move
