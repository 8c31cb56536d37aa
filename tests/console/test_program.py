"""Window, core and desk together, in this process: from the sign-in page to a worked case."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from console.core import Core
from console.start import FIRST_ADMINISTRATOR, open_core
from domain.camera import Camera
from domain.errors import StorageError
from domain.event import FieldReport
from tests.console.by_hand import ROOT, until
from tests.console.started import Started
from tests.console.surroundings import PASSWORD, make_camera, make_event, operator
from widgets.sign_in import PasswordChange, SignInWish

pytest_plugins = ["tests.console.fixtures"]
pytestmark = pytest.mark.system

REGISTER = [make_camera(number, onvif_url="http://127.0.0.1:9/x" if number == 3 else "") for number in range(1, 7)]


@pytest.fixture
def started(qtbot: QtBot, tmp_path: Path) -> Iterator[Started]:
    started = Started(qtbot, tmp_path / "home")
    yield started
    started.close()


@pytest.fixture
def desk(started: Started) -> Started:
    """A console with cameras, somebody at its desk."""

    def with_cameras() -> Core:
        core = open_core(started.home, started.settings)
        core.stores.cameras.replace_many(REGISTER)
        return core

    started.open(with_cameras)
    started.sit_down()
    started.until(lambda: len(started.desk.wall.cameras) == len(REGISTER))
    return started


# -- signing in


def test_the_first_start_tells_a_password_that_has_to_be_changed(
    started: Started, capsys: pytest.CaptureFixture[str]
) -> None:
    started.open()
    first = capsys.readouterr().out.strip().rsplit(" ", 1)[-1]
    page = started.window.sign_in
    page.sign_in_asked.emit(SignInWish(FIRST_ADMINISTRATOR, first))
    started.until(lambda: page._stack.currentIndex() == 1)
    assert started.core.door.operator is None

    for old, new in ((first, "short"), ("wrong", "long enough now")):
        page.change_asked.emit(PasswordChange(FIRST_ADMINISTRATOR, old, new))
        started.until(page._change.isEnabled)
        assert started.core.door.operator is None
        assert started.core.stores.operators.verify(FIRST_ADMINISTRATOR, first) is not None

    page.change_asked.emit(PasswordChange(FIRST_ADMINISTRATOR, first, "long enough now"))
    started.until(lambda: started.core.door.operator is not None)
    assert started.core.stores.operators.verify(FIRST_ADMINISTRATOR, first) is None
    started.until(lambda: "sign_in" in [line.action for line in started.core.stores.audit.recent()])


def test_a_wrong_password_is_refused_and_a_right_one_opens_the_desk(started: Started) -> None:
    started.open()
    started.core.stores.operators.add(operator(), PASSWORD)
    page = started.window.sign_in
    page.sign_in_asked.emit(SignInWish("haneul", "wrong"))
    started.until(page._password.isEnabled)
    assert started.core.door.operator is None
    assert not started.window.wall.isVisible()
    page.sign_in_asked.emit(SignInWish("haneul", PASSWORD))
    started.until(lambda: started.core.door.operator is not None)
    assert started.window.wall.isVisible()


def test_keys_mean_nothing_before_somebody_is_signed_in(started: Started) -> None:
    started.open()
    started.core.ingest.take_reports([FieldReport(event=make_event())], lambda: None)
    started.until(lambda: started.desk.cases.alarms)
    started.window.sign_in._enter.setFocus()
    started.press(Qt.Key.Key_Space)
    started.press(Qt.Key.Key_Tab)
    (alarm,) = started.desk.cases.alarms.values()
    assert alarm.waiting
    assert all("acknowledge" not in line.action for line in started.core.stores.audit.recent())


def test_a_home_that_cannot_be_opened_is_told_and_the_program_can_end(started: Started) -> None:
    def fail() -> Core:
        raise StorageError("the disk is gone")

    started.open(fail)
    assert [str(error) for error in started.failed] == ["the disk is gone"]


# -- at the desk


def test_the_register_fills_wall_and_tree(desk: Started) -> None:
    assert desk.desk.wall.cameras == (1, 2, 3, 4, 5, 6)


def test_a_camera_is_called_up_by_number(desk: Started) -> None:
    for key in (Qt.Key.Key_6, Qt.Key.Key_Return):
        desk.press(key)
    assert desk.desk.wall.selected_camera == REGISTER[5]
    desk.until(lambda: "camera/6" in [line.subject for line in desk.core.stores.audit.recent()])


def test_a_number_that_no_camera_has_is_said(desk: Started) -> None:
    desk.desk.call(99)
    assert "99" in desk.said()
    desk.desk.call(1, 77)
    assert "77" in desk.said()


def test_without_the_right_no_camera_is_called_up(desk: Started) -> None:
    desk.core.door.operator = None
    before = desk.desk.wall.cameras
    desk.desk.call(1, 1)
    assert desk.desk.wall.cameras == before
    assert "view_camera" in desk.said()


def test_a_case_is_worked_with_the_keyboard(desk: Started) -> None:
    desk.core.ingest.take_reports([FieldReport(event=make_event())], lambda: None)
    desk.until(desk.window.queue.chosen)
    desk.press(Qt.Key.Key_Space)  # too soon: the selection jumped there by itself
    assert all(alarm.waiting for alarm in desk.desk.cases.alarms.values())
    desk.until(lambda: not desk.desk.cases._unseen())
    desk.press(Qt.Key.Key_Space)
    desk.until(lambda: not any(alarm.waiting for alarm in desk.desk.cases.alarms.values()))
    desk.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    desk.until(lambda: desk.desk.cases.incidents)


def test_an_alarm_puts_its_border_on_the_nearest_camera_of_the_wall(desk: Started) -> None:
    near = make_event(place=REGISTER[3].place)
    desk.core.ingest.take_reports([FieldReport(event=near)], lambda: None)
    desk.until(lambda: desk.desk.cases.alarms)
    desk.until(lambda: any(content and content.alarm for content in desk.window.wall._contents))
    marked = [content.camera.no for content in desk.window.wall._contents if content and content.alarm]
    assert marked == [4]


def test_layouts_and_stepping_by_key(desk: Started) -> None:
    for key in (Qt.Key.Key_1, Qt.Key.Key_Asterisk, Qt.Key.Key_4, Qt.Key.Key_Return):
        desk.press(key)
    desk.until(lambda: len(desk.window.wall.tile_sizes()) == 4)
    desk.press(Qt.Key.Key_Period)
    assert desk.desk.wall.cameras[0] == 2
    desk.press(Qt.Key.Key_Comma)
    assert desk.desk.wall.cameras[0] == 1


def test_the_camera_in_the_selected_tile_is_on_the_pad_and_escape_gives_the_keys_back(desk: Started) -> None:
    desk.desk.call_to_its_tile(3)
    desk.press(Qt.Key.Key_P)
    assert desk.window.pad.hasFocus() or not desk.window.isActiveWindow()
    desk.window.pad.setFocus()
    desk.press(Qt.Key.Key_Escape)
    assert not desk.window.pad.hasFocus()


def test_further_walls_get_cameras_and_layouts_of_their_own(desk: Started) -> None:
    desk.desk.open_walls(2)
    (window,) = desk.desk.wall_windows
    further = desk.desk.walls.presenters[2]
    assert further.cameras == (1, 2, 3, 4, 5, 6)
    further.show_layout("4")
    assert len(further.cameras) == 4
    assert len(desk.desk.wall.cameras) == 6
    window.close()
    assert window.isVisible()  # a wall goes when the desk goes


def test_a_failure_of_the_field_is_said_on_the_screen(desk: Started) -> None:
    desk.core.ingest._watch.follow_ups = lambda _events: 1 // 0
    desk.core.ingest.take_reports([FieldReport(event=make_event("fix"))], lambda: None)
    desk.until(lambda: "ZeroDivisionError" in desk.said())


def test_the_camera_that_left_the_register_leaves_the_desk(desk: Started) -> None:
    fewer: tuple[Camera, ...] = tuple(REGISTER[:2])
    desk.desk.show_register(fewer)
    assert desk.desk.wall.cameras == (1, 2)


# -- ending


@pytest.mark.parametrize("wait_for", ["watchroom.db", "socket"])
def test_told_to_end_while_it_opens_the_console_ends_and_leaves_nothing_running(tmp_path: Path, wait_for: str) -> None:
    home = tmp_path / "home"
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "--home", str(home)],
        env={**os.environ, "QTWEBENGINE_DISABLE_SANDBOX": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until("it has begun", (home / wait_for).exists, 30)
        helpers = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    until("its helpers are gone", lambda: not any(helper.is_running() for helper in helpers), 5)
    assert not (home / "socket").exists()


def test_a_demo_told_to_end_while_its_city_is_made_ready_ends_at_once(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "--home", str(tmp_path / "home"), "demo", "--cameras", "1"],
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        helpers = until("the city is started", lambda: psutil.Process(process.pid).children(recursive=True), 30)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    until("its city is gone", lambda: not any(helper.is_running() for helper in helpers), 10)
