"""The replay bar, the timeline, the note and the review window: what they show and what they ask for."""

from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt

from domain.alarm import Priority
from domain.bookmark import Bookmark
from domain.record import Mode
from widgets.review_bar import ReplayView, ReviewBar
from widgets.review_controls import ReviewControl, rate_words
from widgets.review_note import BookmarkNote
from widgets.review_player import Recording, ReviewTrouble, ReviewWindow
from widgets.review_timeline import MarkKind, ReviewMark, ReviewTimeline


@pytest.fixture
def marks(samples):
    noon = samples.noon
    return (
        ReviewMark(MarkKind.BOOKMARK, noon - timedelta(seconds=95), words="<b>두 사람</b>"),
        ReviewMark(MarkKind.ALARM, noon - timedelta(seconds=60), words="SOS", priority=Priority.CRITICAL),
        ReviewMark(MarkKind.GAP, noon - timedelta(seconds=50), noon - timedelta(seconds=30)),
    )


@pytest.fixture
def view(samples, marks):
    return ReplayView(
        at=samples.noon - timedelta(seconds=31),
        behind_s=31,
        begins=samples.noon - timedelta(seconds=120),
        ends=samples.noon,
        tiles=4,
        marks=marks,
    )


def bookmark(samples):
    return Bookmark(
        id=UUID(int=5),
        origin=UUID(int=1),
        centre="ifez",
        district="",
        mode=Mode.TEST,
        at=samples.noon,
        camera_no=417,
        note="",
        by="kim",
    )


@pytest.mark.usefixtures("language")
def test_the_bar_says_when_it_is_and_hides_when_all_is_live(qtbot, view, take_picture, language):
    bar = ReviewBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    bar.show_replay(view)
    take_picture(bar, f"review-bar-{language}", 1400, 44)
    assert not bar.isHidden()
    bar.show_replay(None)
    assert bar.isHidden()


def test_each_button_of_the_bar_asks_for_what_it_says(qtbot, view):
    bar = ReviewBar()
    qtbot.addWidget(bar)
    bar.show_replay(view)
    for control in ReviewControl:
        with qtbot.waitSignal(bar.control_asked) as asked:
            bar.controls.button(control).click()
        assert asked.args == [control]


def test_a_click_on_the_timeline_asks_for_that_moment_and_near_a_mark_for_the_mark(qtbot, samples, marks):
    line = ReviewTimeline()
    qtbot.addWidget(line)
    line.resize(800, 28)
    begins = samples.noon - timedelta(seconds=120)
    line.show_span(begins, samples.noon, begins, marks)
    for moment, wanted in (
        (samples.noon - timedelta(seconds=10), None),
        (marks[0].at + timedelta(seconds=1), marks[0].at),
    ):
        with qtbot.waitSignal(line.moment_asked) as asked:
            qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(round(line.x_of(moment)), 14))
        assert abs(asked.args[0] - (wanted or moment)) <= timedelta(seconds=0 if wanted else 0.2)


def test_a_timeline_of_nothing_asks_for_nothing(qtbot):
    line = ReviewTimeline()
    qtbot.addWidget(line)
    line.show_span(None, None, None)
    with qtbot.assertNotEmitted(line.moment_asked):
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton)


def test_rates_are_written_as_people_say_them():
    assert [rate_words(rate) for rate in (0.25, 0.5, 1.0, 2.0, 4.0)] == ["0.25×", "0.5×", "1×", "2×", "4×"]


def test_a_note_is_offered_without_taking_the_keys_and_given_on_enter(qtbot, samples):
    note = BookmarkNote()
    qtbot.addWidget(note)
    note.show_bookmark(bookmark(samples))
    assert note.isVisible()
    assert not note.hasFocus()
    note.focus_note()
    note._note.setText("  검은 차  ")
    with qtbot.waitSignal(note.note_given) as given:
        note._note.returnPressed.emit()
    assert given.args == [(UUID(int=5), "검은 차")]
    assert note.isHidden()


def test_an_unwritten_note_goes_away_and_nothing_is_given(qtbot, samples):
    note = BookmarkNote()
    qtbot.addWidget(note)
    note._timer.setInterval(20)
    with qtbot.assertNotEmitted(note.note_given):
        note.show_bookmark(bookmark(samples))
        qtbot.waitUntil(note.isHidden)


@pytest.mark.usefixtures("language")
def test_the_window_shows_a_picture_with_its_time_and_marks(qtbot, samples, marks, take_picture, language):
    window = ReviewWindow()
    qtbot.addWidget(window)
    began = samples.noon - timedelta(seconds=120)
    window.show_recording(Recording("1795460798893.mkv", 89, 120, 0.5, paused=False, began=began), marks)
    source = samples.source()
    source.send(1, 0.0, 640, 360)
    window.show_frame(source.newest())
    image = take_picture(window, f"review-window-{language}", 1100, 720)
    assert image.pixelColor(550, 300).name() == "#405060"


@pytest.mark.parametrize("trouble", ReviewTrouble)
def test_the_window_says_why_nothing_is_played(qtbot, trouble, take_picture):
    window = ReviewWindow()
    qtbot.addWidget(window)
    window.show_recording(Recording("clip.mp4", trouble=trouble, detail="no such file"))
    take_picture(window, f"review-{trouble.value}", 800, 500)
    assert window.picture.accessibleDescription()
    assert not window.controls.button(ReviewControl.PAUSE).isEnabled()


def test_the_keys_of_the_window_ask_for_what_they_mean(qtbot):
    window = ReviewWindow()
    qtbot.addWidget(window)
    window.show_recording(Recording("clip.mp4", 30.0, 60.0))
    control, plain = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
    for key, modifier, wanted in (
        (Qt.Key.Key_Space, control, ReviewControl.PAUSE),
        (Qt.Key.Key_Left, control, ReviewControl.STEP_BACK),
        (Qt.Key.Key_Right, control, ReviewControl.STEP_ON),
        (Qt.Key.Key_BracketLeft, plain, ReviewControl.SLOWER),
        (Qt.Key.Key_BracketRight, plain, ReviewControl.FASTER),
        (Qt.Key.Key_B, plain, ReviewControl.BOOKMARK),
        (Qt.Key.Key_S, control, ReviewControl.SNAPSHOT),
    ):
        with qtbot.waitSignal(window.control_asked) as asked:
            qtbot.keyClick(window, key, modifier)
        assert asked.args == [wanted]
    with qtbot.waitSignal(window.place_asked) as asked:
        qtbot.keyClick(window, Qt.Key.Key_Left)
    assert asked.args == [20.0]
    window.show()
    with qtbot.waitSignal(window.closed):
        qtbot.keyClick(window, Qt.Key.Key_Escape)


def test_bookmarks_and_snapshots_are_offered_for_recordings_of_ours_alone(qtbot, samples):
    window = ReviewWindow()
    qtbot.addWidget(window)
    for began in (None, samples.noon):
        window.show_recording(Recording("clip.mp4", 30.0, 60.0, began=began))
        assert window.controls.button(ReviewControl.BOOKMARK).isEnabled() is (began is not None)
        assert window.controls.button(ReviewControl.PAUSE).isEnabled()


def test_a_moment_of_the_window_s_timeline_is_a_place_in_the_file(qtbot, samples):
    window = ReviewWindow()
    qtbot.addWidget(window)
    window.show_recording(Recording("clip.mp4", 30.0, 60.0, began=samples.noon))
    with qtbot.waitSignal(window.place_asked) as asked:
        window.timeline.moment_asked.emit(samples.noon + timedelta(seconds=12))
    assert asked.args == [12.0]
