"""Clips of the real recorder, listed in the review window, played over their borders, and saved through the door."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from PySide6.QtCore import QDateTime, QObject, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from console.bookmarks import Bookmarks
from console.resources import RESOURCES
from console.review_browsing import ReviewBrowsing
from console.review_presenter import ReviewPresenter
from console.review_saving import ReviewSaving
from console.review_shelf import ReviewShelf
from console.reviewing import Reviewing
from console.snapshots import Snapshots
from console.tasks import Tasks
from console.whereabouts import Whereabouts
from domain.camera import Camera
from domain.clock import SystemClock
from domain.operator import Role
from domain.recording import Clip, ClipReason, Gap
from domain.text import Wording
from simulation.cameras.counter import read
from tests.console.surroundings import Workstation, make_camera, operator
from tests.video.films import FPS, Ring
from video.clips import Manifest, save_manifest
from video.recorder import Recorder
from video.segments_link import link_span
from widgets import words
from widgets.review_list_model import BrokenClip, ClipLine
from widgets.review_player import ReviewWindow
from widgets.review_timeline import MarkKind

pytest_plugins = ["tests.console.fixtures"]


class Room:
    """A review window joined to a home with a ring."""

    def __init__(self, qtbot: QtBot, workstation: Workstation) -> None:
        self.core, self.owner = workstation.core, QObject()
        self.core.door.operator = operator(Role.SUPERVISOR)
        self.workstation = workstation
        self.home = workstation.home
        self.ring = Ring(self.home.ring)
        self.tasks = Tasks()
        self.window = ReviewWindow()
        qtbot.addWidget(self.window)
        self.masked = False
        self.review = ReviewPresenter(self.window, self.camera, self.core.door, self.owner)
        wording = Wording.load(RESOURCES / "texts.toml", "ko")
        self.shelf = ReviewShelf(self.home.recordings / "clips", self.core.stores.alarms, wording)
        ring, recordings = self.home.ring, self.home.recordings
        self.browsing = ReviewBrowsing(
            self.window.list, self.review, self.shelf, self.tasks, ring, recordings, self.owner
        )
        ReviewSaving(self.window, self.review, self.core.door, self.home.path, self.owner)

    def camera(self, number: int) -> Camera | None:
        masks = (((0.0, 0.0), (1.0, 0.0), (1.0, 0.1)),) if self.masked else ()
        return replace(make_camera(number), masks=masks)

    def clip(self, first: int, last: int, **changes: object) -> Clip:
        """Keep a span of the ring as a finished clip, as the recorder does."""
        begins, ends = (datetime.fromtimestamp(self.ring.began + n / FPS, UTC) for n in (first, last))
        clip = replace(
            Clip(id=uuid4(), camera_no=417, reason=ClipReason.EVENT, begins=begins, ends=ends, finished=True),
            **changes,  # type: ignore[arg-type]  # a test's changes
        )
        folder = self.home.recordings / "clips" / str(clip.id)
        link_span((self.home.ring,), 417, begins.timestamp(), ends.timestamp(), folder)
        save_manifest(folder, Manifest(clip))
        return clip

    def number(self) -> int | None:
        image = self.window.picture.image
        if image is None:
            return None
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width()]
        return read(np.ascontiguousarray(pixels[:, :, 1]))


@pytest.fixture
def room(qtbot: QtBot, workstation: Workstation) -> Iterator[Room]:
    room = Room(qtbot, workstation)
    yield room
    room.review.close()
    room.tasks.close()


def listed(qtbot: QtBot, room: Room, count: int) -> tuple[object, ...]:
    def there() -> bool:
        room.browsing.refresh()
        return len(room.window.list.model.clips) == count

    qtbot.waitUntil(there, timeout=30_000)
    return room.window.list.model.clips


def test_clips_are_listed_newest_first_and_a_broken_one_is_named(qtbot: QtBot, room: Room) -> None:
    room.ring.hold(417, (0, 20 * FPS))
    alarm = room.workstation.raise_alarm()
    early = room.clip(0, 75, reason=ClipReason.MANUAL, note="검은 차")
    begins = early.begins + timedelta(seconds=8)
    late = room.clip(120, 270, alarm=alarm.id, gaps=(Gap(begins, begins + timedelta(seconds=2)),))
    growing = room.clip(150, 290, ends=None, finished=False)
    broken = room.home.recordings / "clips" / "4f2c"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    clips = listed(qtbot, room, 4)
    assert isinstance(clips[0], BrokenClip)
    assert clips[0].folder == "4f2c"
    lines = [clip for clip in clips if isinstance(clip, ClipLine)]
    assert [line.id for line in lines] == [growing.id, late.id, early.id]
    assert [line.under_way for line in lines] == [True, False, False]
    assert lines[1].alarm
    assert lines[1].gaps == late.gaps
    assert lines[2].alarm == "검은 차"
    assert lines[0].camera == make_camera(417).name


def test_a_manual_recording_is_listed_while_it_grows(qtbot: QtBot, room: Room) -> None:
    room.ring.hold(417, (0, 5 * FPS))
    finished = threading.Event()
    recorder = Recorder(
        room.home.ring,
        room.home.recordings,
        clock=SystemClock(),
        report=print,
        clip_finished=lambda _: finished.set(),
    )
    recorder.start()
    try:
        clip = recorder.record(417)
        (line,) = listed(qtbot, room, 1)
        assert isinstance(line, ClipLine)
        assert (line.id, line.under_way) == (clip.id, True)
    finally:
        recorder.close()


def test_enter_plays_a_clip_over_its_segments_although_the_ring_has_gone(qtbot: QtBot, room: Room) -> None:
    room.ring.hold(417, (0, 12 * FPS), (16 * FPS, 5 * FPS))
    room.clip(90, 310)
    for path in room.home.ring.rglob("*.mkv"):
        path.unlink()
    listed(qtbot, room, 1)
    room.window.show()
    qtbot.keyClick(room.window.list.rows, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.number() == 90, timeout=30_000)
    room.window.place_asked.emit((150 - 90 - 0.5) / FPS)  # before the border at ten seconds
    qtbot.waitUntil(lambda: room.number() == 149, timeout=30_000)
    for number in (150, 151):
        qtbot.keyClick(room.window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: room.number() == number, timeout=30_000)  # noqa: B023 - asked within the turn
    gaps = [mark for mark in room.window.timeline._marks if mark.kind is MarkKind.GAP]
    assert len(gaps) == 1
    assert gaps[0].at.timestamp() == pytest.approx(room.ring.began + 12, abs=0.15)


def test_a_camera_and_a_time_open_what_the_ring_has(qtbot: QtBot, room: Room) -> None:
    room.ring.hold(417, (0, 6 * FPS))
    form = room.window.list.form
    form.camera.setText("0417")
    form.moment.setDateTime(QDateTime.fromSecsSinceEpoch(int(room.ring.began)))
    with qtbot.waitSignal(room.review.opened, timeout=30_000) as opened:
        qtbot.keyClick(form.camera, Qt.Key.Key_Return)
    assert opened.args[0][0] == 417
    assert opened.args[0][1].timestamp() == pytest.approx(room.ring.began, abs=0.01)
    assert ("haneul", "replay", "camera/417") in room.workstation.audited()


def test_of_more_than_an_hour_the_window_says_where_it_goes_on_and_the_form_has_the_rest(
    qtbot: QtBot, room: Room, tmp_path: Path
) -> None:
    room.ring.hold(417, (0, 4 * FPS), ended_ago_s=7200)
    clip = room.clip(0, 4 * FPS)
    ends = clip.begins + timedelta(minutes=95)
    with qtbot.waitSignal(room.review.opened, timeout=30_000):
        room.window.list.clip_chosen.emit(ClipLine(clip.id, 417, clip.begins, ends, clip.reason))
    said = room.window._name.text()
    hour = clip.begins + timedelta(hours=1)
    assert f"–{words.clock_time(hour)}" in said
    assert f"goes on to {words.clock_time(ends)}" in said
    form = room.window.list.form
    assert (form.camera.text(), form.minutes.value()) == ("0417", 35)
    with qtbot.waitSignal(form.span_chosen) as chosen:
        form.ask()
    assert abs(chosen.args[0].begins - hour) < timedelta(seconds=1)
    assert abs(chosen.args[0].ends - ends) < timedelta(seconds=1)


def test_what_is_not_longer_than_an_hour_says_nothing_of_more(qtbot: QtBot, room: Room) -> None:
    opened_clip(qtbot, room)
    assert "goes on to" not in room.window._name.text()
    assert room.window.list.form.camera.text() == ""


def opened_clip(qtbot: QtBot, room: Room) -> None:
    room.ring.hold(417, (0, 4 * FPS))
    clip = room.clip(0, 4 * FPS)
    room.window.list.clip_chosen.emit(ClipLine(clip.id, 417, clip.begins, clip.ends, clip.reason))
    qtbot.waitUntil(room.window.save_button.isEnabled, timeout=30_000)


def chosen(qtbot: QtBot, room: Room, path: Path) -> None:
    """Press the button, and choose this file in the dialog."""
    room.window.save_button.click()
    dialog = next(each for each in room.window.findChildren(QFileDialog) if each.isVisible())
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_a_clip_is_saved_with_its_hash_and_that_is_audited(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    opened_clip(qtbot, room)
    target = tmp_path / "out.mkv"
    chosen(qtbot, room, target)
    qtbot.waitUntil(lambda: "SHA-256" in room.window.saving.label.text(), timeout=30_000)
    assert hashlib.sha256(target.read_bytes()).hexdigest() in room.window.saving.label.text()
    assert ("haneul", "export_clip", "camera/417") in room.workstation.audited()


def test_an_operator_may_not_save(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    room.core.door.operator = operator(Role.OPERATOR)
    opened_clip(qtbot, room)
    chosen(qtbot, room, tmp_path / "out.mkv")
    assert "supervisors" in room.window.saving.label.text()
    assert not (tmp_path / "out.mkv").exists()
    assert ("haneul", "refused:export_clip", "camera/417") in room.workstation.audited()


def test_a_camera_with_masks_is_not_saved(qtbot: QtBot, room: Room) -> None:
    room.masked = True
    opened_clip(qtbot, room)
    room.window.save_button.click()
    assert "masks" in room.window.saving.label.text()
    assert not [each for each in room.window.findChildren(QFileDialog) if each.isVisible()]


def test_nothing_is_saved_among_the_console_s_own_recordings(qtbot: QtBot, room: Room) -> None:
    opened_clip(qtbot, room)
    target = room.home.recordings / "out.mkv"
    chosen(qtbot, room, target)
    assert room.window.saving.label.text()
    assert not target.exists()


def test_ctrl_o_lists_the_clips_for_who_may_look_at_the_past_alone(qtbot: QtBot, room: Room) -> None:
    room.ring.hold(417, (0, FPS))
    room.clip(0, FPS)
    core, tasks = room.core, room.tasks
    wording = Wording.load(RESOURCES / "texts.toml", "en")
    reviewing = Reviewing(
        core,
        tasks,
        Whereabouts(wording),
        wording,
        room.camera,
        tuple,
        Bookmarks(core.stores.bookmarks, core.door, tasks, core.clock, room.owner),
        Snapshots(core.replay, core.stores.snapshots, core.home.snapshots, core.door, tasks, room.owner),
        room.owner,
    )
    core.door.operator = operator(Role.POLICE_LIAISON)
    with qtbot.waitSignal(tasks.failed):
        reviewing.show()
    core.door.operator = operator(Role.OPERATOR)
    reviewing.show()
    window = reviewing._window
    assert window is not None
    qtbot.waitUntil(lambda: len(window.list.model.clips) == 1, timeout=30_000)
    reviewing.close()
    assert reviewing.processes() == []
