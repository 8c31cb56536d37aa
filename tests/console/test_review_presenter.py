"""The review window on the real player: a recording of ours, a file of another system, and an address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.acting import Deed, Door
from console.review_presenter import ReviewPresenter
from domain.clock import SystemClock
from domain.errors import BadInputError, RefusedError
from domain.operator import Role
from tests.console.surroundings import make_camera, operator
from tests.video.films import FPS, Ring
from tests.video.test_review import make_recording
from widgets.review_controls import ReviewControl
from widgets.review_player import ReviewWindow

pytest_plugins = ["tests.console.fixtures"]


class Seat:
    def __init__(self, qtbot: QtBot) -> None:
        self.owner = QObject()
        self.window = ReviewWindow()
        qtbot.addWidget(self.window)
        self.deeds: list[Deed] = []
        self.door = Door(self.deeds.append, SystemClock())
        self.door.operator = operator()
        self.presenter = ReviewPresenter(self.window, make_camera, self.door, self.owner)


@pytest.fixture
def seat(qtbot: QtBot) -> Iterator[Seat]:
    seat = Seat(qtbot)
    yield seat
    seat.presenter.close()


def test_a_file_of_another_system_is_shown_and_plays(qtbot: QtBot, seat: Seat, tmp_path: Path) -> None:
    seat.presenter.open(str(make_recording(tmp_path / "clip.mp4", "mp4")))
    qtbot.waitUntil(lambda: seat.window.picture.image is not None, timeout=10_000)
    assert not seat.window.controls.button(ReviewControl.BOOKMARK).isEnabled()
    before = seat.window.picture.image
    seat.window.control_asked.emit(ReviewControl.PAUSE)
    qtbot.waitUntil(lambda: seat.window.picture.image is not before, timeout=10_000)
    (_, pid) = seat.presenter.processes()[0]
    assert pid > 0
    seat.window.close()
    assert seat.presenter.processes() == []


def test_a_recording_of_ours_knows_its_camera_and_time(qtbot: QtBot, seat: Seat, tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring")
    ring.hold(417, (0, 4 * FPS))
    with qtbot.waitSignal(seat.presenter.opened, timeout=10_000) as opened:
        seat.presenter.open(str(next(ring.folder.rglob("*.mkv"))))
    camera_no, begins, ends = opened.args[0]
    assert camera_no == 417
    assert begins.timestamp() == pytest.approx(ring.began, abs=0.01)
    assert (ends - begins).total_seconds() == pytest.approx(4.0, abs=0.3)
    with qtbot.waitSignal(seat.presenter.bookmark_asked) as asked:
        seat.window.control_asked.emit(ReviewControl.BOOKMARK)
    assert asked.args[0] == (417, begins.timestamp())


def test_who_may_not_look_at_the_past_is_refused_a_recording_of_ours(qtbot: QtBot, seat: Seat, tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring")
    ring.hold(417, (0, FPS))
    seat.door.operator = operator(Role.POLICE_LIAISON)
    with qtbot.waitSignal(seat.presenter.refused) as refused:
        seat.presenter.open(str(next(ring.folder.rglob("*.mkv"))))
    assert isinstance(refused.args[0], RefusedError)
    assert seat.presenter.processes() == []
    assert seat.deeds[-1].action == "refused:replay"


def test_an_address_is_refused(qtbot: QtBot, seat: Seat) -> None:
    with qtbot.waitSignal(seat.presenter.refused) as refused:
        seat.presenter.open("rtsp://127.0.0.1/live")
    assert isinstance(refused.args[0], BadInputError)
