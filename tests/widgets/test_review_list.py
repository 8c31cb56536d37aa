"""What was recorded here: the list of clips, the form below it, and the line about saving."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import QFileDialog

from domain.recording import ClipReason, Gap
from widgets.review_list import ReviewList
from widgets.review_list_model import BrokenClip, ClipLine, ClipModel, Column
from widgets.review_player import Recording, ReviewWindow
from widgets.review_saving import SaveFace
from widgets.review_timeline import MarkKind, ReviewMark


@pytest.fixture
def clips(samples):
    noon = samples.noon

    def line(number, ago_s, lasts_s=30, **changes):
        begins = noon - timedelta(seconds=ago_s)
        ends = begins + timedelta(seconds=lasts_s)
        camera = samples.camera(416 + number)
        return replace(
            ClipLine(UUID(int=number), camera.no, begins, ends, ClipReason.EVENT, camera=camera.name), **changes
        )

    hole = Gap(noon - timedelta(seconds=590), noon - timedelta(seconds=578))
    return (
        line(1, 20, alarm="SOS", under_way=True),
        line(2, 130, ends=None, reason=ClipReason.MANUAL, under_way=True),
        line(3, 600, alarm="연기 의심", gaps=(hole,)),
        line(4, 3700, 95, reason=ClipReason.MANUAL, alarm="<b>검은 차</b>"),
        BrokenClip("0b7f3a", "manifest.json: not understood", noon - timedelta(hours=3)),
        line(5, 90_000, alarm="쓰러짐 의심"),
    )


@pytest.mark.usefixtures("language")
def test_the_window_shows_the_list_beside_a_joined_clip_with_its_gap(qtbot, samples, clips, take_picture, language):
    window = ReviewWindow()
    qtbot.addWidget(window)
    began = samples.noon - timedelta(seconds=600)
    window.list.show_clips(clips)
    window.list.form.show_moment(samples.noon)
    gap = ReviewMark(MarkKind.GAP, began + timedelta(seconds=10), began + timedelta(seconds=22))
    name = "0419 비산사거리 6번 · 11-23 13:52:25–13:52:55"
    window.show_recording(Recording(name, 7, 30, began=began, savable=True, left_out=1), (gap,))
    window.saving.show_face(SaveFace.SAVED, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  a.mkv")
    source = samples.source()
    source.send(1, 0.0, 640, 360)
    window.show_frame(source.newest())
    take_picture(window, f"review-list-{language}", 1500, 820)
    assert window.save_button.isEnabled()


@pytest.mark.usefixtures("language")
def test_the_empty_window_says_how_to_begin(qtbot, take_picture, language):
    window = ReviewWindow()
    qtbot.addWidget(window)
    take_picture(window, f"review-empty-{language}", 1300, 720)
    assert not window.save_button.isEnabled()
    assert window.list.rows.isHidden()


def test_rows_are_newest_first_and_say_what_they_are(qtmodeltester, clips):
    model = ClipModel()
    model.show_clips(tuple(reversed(clips)))
    qtmodeltester.check(model)
    assert model.clips == clips
    said = [model.index(row, Column.WHAT).data() for row in range(len(clips))]
    assert said[0] == "event: SOS · under way"
    assert said[1] == "by hand · under way"
    assert said[2] == "event: 연기 의심 · gaps: 1, 0:12"
    assert said[4] == "can't be read: 0b7f3a"
    assert "<" not in model.index(3, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_enter_asks_for_the_chosen_clip_but_never_for_a_broken_one(qtbot, clips):
    rows = ReviewList()
    qtbot.addWidget(rows)
    rows.show()
    rows.show_clips(clips)
    qtbot.keyClick(rows.rows, Qt.Key.Key_Down)
    with qtbot.waitSignal(rows.clip_chosen) as chosen:
        qtbot.keyClick(rows.rows, Qt.Key.Key_Return)
    assert chosen.args == [clips[1]]
    rows.show_clips(clips[1:])
    assert rows.rows.currentIndex().row() == 0
    rows.rows.selectRow(3)
    with qtbot.assertNotEmitted(rows.clip_chosen):
        qtbot.keyClick(rows.rows, Qt.Key.Key_Return)


def test_the_keys_of_the_player_pass_the_list(qtbot, clips):
    window = ReviewWindow()
    qtbot.addWidget(window)
    window.show()
    window.list.show_clips(clips)
    window.show_recording(Recording("clip", 30.0, 60.0))
    with qtbot.waitSignal(window.control_asked):
        qtbot.keyClick(window.list.rows, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(window.place_asked):
        qtbot.keyClick(window.list.rows, Qt.Key.Key_Left)


def test_the_form_asks_for_ten_minutes_around_a_moment(qtbot, samples):
    rows = ReviewList()
    qtbot.addWidget(rows)
    rows.show()
    rows.form.moment.setDateTime(QDateTime.fromSecsSinceEpoch(int(samples.noon.timestamp())))
    with qtbot.assertNotEmitted(rows.form.span_chosen):
        qtbot.keyClick(rows.form.camera, Qt.Key.Key_Return)
    qtbot.keyClicks(rows.form.camera, "0417")
    with qtbot.waitSignal(rows.form.span_chosen) as chosen:
        qtbot.keyClick(rows.form.moment, Qt.Key.Key_Return)
    wish = chosen.args[0]
    assert wish.camera_no == 417
    assert wish.ends - wish.begins == timedelta(minutes=10)
    assert wish.begins + timedelta(minutes=5) == samples.noon


@pytest.mark.parametrize("face", SaveFace)
def test_each_end_of_a_wish_to_save_has_its_words(qtbot, face):
    window = ReviewWindow()
    qtbot.addWidget(window)
    window.saving.show_face(face, "detail")
    assert window.saving.label.text()
    window.saving.show_face(None)
    assert window.saving.isHidden()


def test_the_file_dialog_begins_in_the_recordings(qtbot, tmp_path):
    window = ReviewWindow()
    qtbot.addWidget(window)
    window.show()
    window.begin_in(str(tmp_path))
    window.choose_file()
    dialog = window.findChild(QFileDialog)
    assert dialog.directory().absolutePath() == str(tmp_path)
    dialog.close()
