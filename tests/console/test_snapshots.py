"""Snapshots and bookmarks: from the key to the file and to the database, on a real ring."""

import hashlib
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from console.bookmarks import Bookmarks
from console.review_marks import ReviewMarks
from console.snapshots import Snapshots
from console.tasks import Tasks
from console.whereabouts import Whereabouts
from db.bookmarks import BookmarkStore
from db.snapshots import SnapshotStore
from domain.clock import SystemClock
from domain.errors import RefusedError, StorageError
from domain.operator import Role
from domain.text import Wording
from simulation.cameras.counter import read
from tests.console.surroundings import Workstation, make_alarm, make_camera, operator
from tests.video.films import FPS, HEIGHT, WIDTH, Ring
from video.replay import ReplayEngine
from video.snapshot import store
from widgets.review_timeline import MarkKind

pytest_plugins = ["tests.console.fixtures"]

MASK = ((0.0, 0.5), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0))


class Seat:
    def __init__(self, workstation: Workstation, folder: Path) -> None:
        core = workstation.core
        self.workstation = workstation
        self.folder = folder / "snapshots"
        self.ring = Ring(folder / "ring")
        self.ring.hold(1, (0, 10 * FPS))
        self.owner = QObject()
        self.tasks = Tasks(self.owner)
        self.engine = ReplayEngine(self.ring.folder, None, SystemClock())
        hybrid = core.stores.database.hybrid_clock
        self.register = SnapshotStore(core.stores.database, core.workplace, hybrid)
        self.bookmark_register = BookmarkStore(core.stores.database, core.workplace, hybrid)
        self.snapshots = Snapshots(self.engine, self.register, self.folder, core.door, self.tasks, self.owner)
        self.bookmarks = Bookmarks(self.bookmark_register, core.door, self.tasks, SystemClock(), self.owner)
        core.door.enter(operator())


@pytest.fixture
def seat(qapp: object, workstation: Workstation, tmp_path: Path) -> Iterator[Seat]:
    seat = Seat(workstation, tmp_path)
    yield seat
    seat.tasks.close()
    seat.engine.close()


def test_a_snapshot_is_the_picture_at_its_own_size_with_what_it_is_below(qtbot: QtBot, seat: Seat) -> None:
    with qtbot.waitSignal(seat.snapshots.taken, timeout=10_000) as taken:
        seat.snapshots.take(make_camera(1), seat.ring.moment(70))
    snapshot = taken.args[0]
    path = seat.folder / snapshot.file
    data = path.read_bytes()
    assert hashlib.sha256(data).hexdigest() == snapshot.sha256
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert (snapshot.width, snapshot.height, snapshot.masked) == (WIDTH, HEIGHT, False)
    assert abs(snapshot.at.timestamp() - seat.ring.began - 70 / FPS) < 0.01
    image = QImage.fromData(data)
    assert image.width() == WIDTH
    assert image.height() > HEIGHT
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(bytes(grey.constBits()), np.uint8).reshape(image.height(), grey.bytesPerLine())
    assert read(pixels[:HEIGHT, :WIDTH]) == 70
    assert len(np.unique(pixels[HEIGHT:])) > 2  # something is written there
    assert image.text("Camera") == "1"
    assert image.text("Name") == make_camera(1).name
    assert datetime.fromisoformat(image.text("Arrived")).tzinfo is not None
    assert seat.register.newest(1) == (snapshot,)
    assert ("take_snapshot", "camera/1") in [deed[1:] for deed in seat.workstation.audited()]


def test_masks_are_burnt_in_unless_the_right_is_there(qtbot: QtBot, seat: Seat) -> None:
    hidden = make_camera(1, masks=(MASK,))
    with qtbot.waitSignal(seat.snapshots.taken, timeout=10_000) as taken:
        seat.snapshots.take(hidden, seat.ring.moment(70))
    assert taken.args[0].masked
    with qtbot.waitSignal(seat.snapshots.refused) as refused:
        seat.snapshots.take(hidden, seat.ring.moment(70), masked=False)
    assert isinstance(refused.args[0], RefusedError)
    seat.workstation.core.door.enter(operator(role=Role.SUPERVISOR))
    with qtbot.waitSignal(seat.snapshots.taken, timeout=10_000) as bare:
        seat.snapshots.take(hidden, seat.ring.moment(70), masked=False)
    assert not bare.args[0].masked
    colours = [QColor(QImage(str(seat.folder / each.args[0].file)).pixel(400, 300)).name() for each in (taken, bare)]
    assert colours[0] != colours[1]
    assert taken.args[0].file != bare.args[0].file  # the same moment twice: nothing is written over


def test_what_was_not_recorded_fails_in_words(qtbot: QtBot, seat: Seat) -> None:
    with qtbot.waitSignal(seat.snapshots.failed, timeout=10_000) as failed:
        seat.snapshots.take(make_camera(9), seat.ring.moment(70))
    assert isinstance(failed.args[0], StorageError)
    assert seat.register.newest(1) == ()


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    store(b"one", tmp_path / "day" / "a.png")
    with pytest.raises(StorageError, match=r"a\.png"):
        store(b"two", tmp_path / "day" / "a.png")
    assert [each.read_bytes() for each in (tmp_path / "day").iterdir()] == [b"one"]


def test_a_bookmark_is_set_at_once_and_noted_afterwards(qtbot: QtBot, seat: Seat) -> None:
    with qtbot.waitSignal(seat.bookmarks.was_set) as was_set:
        seat.bookmarks.mark(417)
    bookmark = was_set.args[0]
    assert (bookmark.camera_no, bookmark.note) == (417, "")
    assert abs(datetime.now(UTC) - bookmark.at) < timedelta(seconds=5)
    with qtbot.waitSignal(seat.bookmarks.was_noted):
        seat.bookmarks.note(bookmark.id, " 검은 차 ")
    assert seat.bookmark_register.newest(1)[0].note == "검은 차"
    with qtbot.assertNotEmitted(seat.bookmarks.was_noted):
        seat.bookmarks.note(bookmark.id, "  ")


def test_a_bookmark_in_a_replay_marks_the_moment_that_is_seen(qtbot: QtBot, seat: Seat) -> None:
    with qtbot.waitSignal(seat.bookmarks.was_set) as was_set:
        seat.bookmarks.mark(1, seat.ring.moment(30))
    assert was_set.args[0].at.timestamp() == pytest.approx(seat.ring.moment(30), abs=1e-3)


def test_without_the_right_nothing_is_marked(qtbot: QtBot, seat: Seat) -> None:
    seat.workstation.core.door.enter(operator(role=Role.POLICE_LIAISON))
    with qtbot.waitSignal(seat.bookmarks.refused):
        seat.bookmarks.mark(None)
    assert seat.bookmark_register.newest(1) == ()


def test_the_timeline_has_bookmarks_alarms_and_gaps_of_its_camera(seat: Seat) -> None:
    began = datetime.fromtimestamp(seat.ring.began, UTC)
    ends = began + timedelta(seconds=10)
    seat.bookmark_register.add(began + timedelta(seconds=2), 1, "검은 차", "kim")
    seat.bookmark_register.add(began + timedelta(seconds=3), 2, "elsewhere", "kim")
    wording = Wording({}, "ko")
    whereabouts = Whereabouts(wording)
    whereabouts.learn([make_camera(1), make_camera(2)])
    here = make_alarm(source="1", kind="intrusion", raised_at=began + timedelta(seconds=4))
    marks = ReviewMarks(seat.bookmark_register, [seat.ring.folder], whereabouts, wording).of(
        1, began - timedelta(seconds=5), ends, [here]
    )
    assert [(mark.kind, mark.words) for mark in marks if mark.kind is MarkKind.BOOKMARK] == [
        (MarkKind.BOOKMARK, "검은 차")
    ]
    assert [mark.at for mark in marks if mark.kind is MarkKind.GAP] == [began - timedelta(seconds=5)]
    assert [mark.at for mark in marks if mark.kind is MarkKind.ALARM] == [here.raised_at]
