from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from domain.alarm import Priority
from domain.clock import FixedClock
from domain.record import Mode
from domain.text import Text
from widgets.alarm_model import AlarmModel, Column
from widgets.alarm_queue import AlarmQueue, source_of
from widgets.alarm_row import AlarmRow, RowParts
from widgets.theme import NIGHT


@pytest.fixture
def queue(qtbot: QtBot, clock: FixedClock, render) -> AlarmQueue:
    widget = AlarmQueue(clock, render)
    qtbot.addWidget(widget)
    widget.resize(440, 360)
    widget.show()
    return widget


def column(queue: AlarmQueue, which: Column) -> list[str]:
    return [str(queue._model.index(row, which).data()) for row in range(queue._model.rowCount())]


def header(queue: AlarmQueue) -> str:
    return " ".join(label.text() for label in queue._header.findChildren(QLabel))


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester, samples, clock: FixedClock, render) -> None:
    model = AlarmModel(clock, render, source_of)
    model.show_alarms(samples.queue())
    qtmodeltester.check(model)


def test_the_most_urgent_stands_first_then_the_newest(queue: AlarmQueue, samples) -> None:
    queue.show_alarms(samples.queue()[::-1])
    assert [alarm.id.int for alarm in queue._model.alarms] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert column(queue, Column.PRIORITY)[:3] == ["■ Critical", "■ Critical", "▲ High"]
    assert column(queue, Column.AGE)[:2] == ["2:06", "6:52"]


def test_a_row_says_who_acknowledged_and_whether_only_here(queue: AlarmQueue, samples) -> None:
    alarm = samples.alarm()
    for shown, owner in (
        (alarm, "–"),
        (samples.acknowledged(alarm, "kim"), "kim"),
        (samples.acknowledged(alarm, "kim", here_only=True), "here only: kim"),
    ):
        queue.show_alarms((shown,))
        assert column(queue, Column.OWNER) == [owner]


def test_practice_and_unknown_places_are_marked(queue: AlarmQueue, samples) -> None:
    queue.show_alarms((samples.alarm(mode=Mode.EXERCISE, place=None),))
    assert column(queue, Column.KIND) == ["SOS (exercise)"]
    assert "place unknown" in str(queue._model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole))


def parts(queue: AlarmQueue, row: int, width: int = 440) -> RowParts:
    delegate, index = queue._rows.itemDelegate(), queue._model.index(row, 0)
    assert isinstance(delegate, AlarmRow)
    return delegate.parts(QRect(0, 0, width, 44), index, queue._model.alarms[row])


def test_what_and_where_are_said_in_full(queue: AlarmQueue, samples) -> None:
    where = "Near 호계동 신촌 계단길 (120 m)"
    title = Text("Suspected stopped or wrong-way vehicle")
    queue.show_alarms((samples.alarm(title=title, source=where),))
    said = parts(queue, 0).said
    assert said[Column.KIND] == "Suspected stopped or wrong-way vehicle"
    assert said[Column.PLACE].endswith(where)
    assert said[Column.OWNER] == ""
    queue.show_alarms((samples.alarm(title=title, mode=Mode.EXERCISE),))
    assert parts(queue, 0, 300).said[Column.KIND].endswith("(exercise)")


def test_in_a_narrow_row_nothing_lies_over_anything_else(queue: AlarmQueue, samples) -> None:
    known = samples.acknowledged(samples.alarm(source="a very long place " * 4), "somebody with a long name")
    queue.show_alarms((known,))
    for width in (260, 320, 440, 700):
        row = parts(queue, 0, width)
        lying = [row.badge, row.title, row.age, row.place, row.owner]
        assert not [(a, b) for i, a in enumerate(lying) for b in lying[i + 1 :] if a.intersects(b)]
        assert all(part.right() < width for part in lying)


def test_who_acknowledged_is_said_in_the_row(queue: AlarmQueue, samples) -> None:
    alarm = samples.alarm()
    for known, said in (
        (samples.acknowledged(alarm, "kim"), "ack. kim"),
        (samples.acknowledged(alarm, "kim", here_only=True), "here only: kim"),
    ):
        queue.show_alarms((known,))
        assert parts(queue, 0).said[Column.OWNER] == said


def test_a_badge_is_filled_while_the_alarm_waits_and_outlined_after(queue: AlarmQueue, samples) -> None:
    def filled() -> bool:
        box = queue._rows.visualRect(queue._model.index(0, 0))
        image = queue._rows.viewport().grab().toImage()
        return image.pixelColor(box.left() + 6, box.top() + 6).name().upper() == NIGHT.critical

    queue.show_alarms((samples.alarm(),))
    assert filled()
    queue.show_alarms((samples.acknowledged(samples.alarm()),))
    assert not filled()


def test_the_heading_counts_what_waits_and_the_load(queue: AlarmQueue, samples) -> None:
    queue.show_alarms(samples.queue())
    assert "1■  2▲  1●  1◆" in header(queue)
    assert "load 5/10 min busy" in header(queue)
    queue.show_alarms([samples.alarm(number, Priority.LOW, 30) for number in range(11)])
    assert "FLOOD" in header(queue)
    queue.show_alarms(())
    assert "none waiting" in header(queue)


def test_the_selection_stays_on_its_alarm_when_others_come(qtbot: QtBot, queue: AlarmQueue, samples) -> None:
    queue.show_alarms((samples.alarm(3, Priority.HIGH),))
    with qtbot.waitSignal(queue.alarm_chosen) as chosen:
        queue.choose(UUID(int=3))
    assert chosen.args == [UUID(int=3)]
    with qtbot.assertNotEmitted(queue.alarm_chosen):
        queue.show_alarms((samples.alarm(1), samples.alarm(3, Priority.HIGH), samples.alarm(9, ago_s=1)))
    assert queue.chosen().id == UUID(int=3)
    assert queue._rows.currentIndex().row() == 2


def test_an_alarm_that_left_is_no_longer_acted_on(qtbot: QtBot, queue: AlarmQueue, samples) -> None:
    queue.show_alarms((samples.alarm(1), samples.alarm(2)))
    queue.choose(UUID(int=2))
    with qtbot.assertNotEmitted(queue.acknowledge_asked), qtbot.assertNotEmitted(queue.alarm_chosen):
        queue.show_alarms((samples.alarm(1),))
        qtbot.keyClick(queue._rows, Qt.Key.Key_Space)
    assert queue.chosen() is None
    assert not queue._acknowledge.isEnabled()


def test_space_acknowledges_and_shift_space_opens(qtbot: QtBot, queue: AlarmQueue, samples) -> None:
    queue.show_alarms((samples.alarm(1),))
    queue.choose(UUID(int=1))
    with qtbot.waitSignal(queue.acknowledge_asked) as acknowledged:
        qtbot.keyClick(queue._rows, Qt.Key.Key_Space)
    with qtbot.waitSignal(queue.open_asked) as opened:
        qtbot.keyClick(queue._rows, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert acknowledged.args == opened.args == [UUID(int=1)]
    queue.show_alarms((samples.acknowledged(samples.alarm(1)),))
    with qtbot.assertNotEmitted(queue.acknowledge_asked):
        qtbot.keyClick(queue._rows, Qt.Key.Key_Space)


def test_buttons_and_double_click_do_the_same(qtbot: QtBot, queue: AlarmQueue, samples) -> None:
    queue.show_alarms((samples.alarm(1),))
    queue.choose(UUID(int=1))
    with qtbot.waitSignals([queue.acknowledge_asked, queue.open_asked]):
        qtbot.mouseClick(queue._acknowledge, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(queue._open, Qt.MouseButton.LeftButton)
    where = queue._rows.visualRect(queue._model.index(0, 0)).center()
    with qtbot.waitSignal(queue.open_asked):
        qtbot.mouseClick(queue._rows.viewport(), Qt.MouseButton.LeftButton, pos=where)
        qtbot.mouseDClick(queue._rows.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_next_goes_round_the_waiting_ones(queue: AlarmQueue, samples) -> None:
    queue.choose_next()
    assert queue.chosen() is None
    queue.show_alarms(samples.queue())
    seen = []
    for _ in range(6):
        queue.choose_next()
        seen.append(queue.chosen().id.int)
    assert seen == [1, 3, 4, 6, 8, 1]


def test_ages_run_on_by_themselves(qtbot: QtBot, queue: AlarmQueue, samples, clock: FixedClock) -> None:
    queue.show_alarms((samples.alarm(1),))
    clock.advance(timedelta(minutes=1).total_seconds())
    with qtbot.waitSignal(queue._model.dataChanged, timeout=3000):
        pass
    assert column(queue, Column.AGE) == ["3:06"]


def test_a_cut_off_queue_says_from_what(queue: AlarmQueue) -> None:
    queue.show_alarms((), "Cut off from the field broker since 14:02. Alarms from cameras still come.")
    assert queue._notice.isVisible()
    queue.show_alarms(())
    assert not queue._notice.isVisible()
