from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QRadioButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from domain.clock import FixedClock
from domain.incident import Disposition, Status
from widgets.incident_card import IncidentCard, IncidentNote
from widgets.incident_dialogs import CloseDialog, DispatchDialog, IncidentDispatch, IncidentMove
from widgets.incident_log import LogModel


@pytest.fixture
def card(qtbot: QtBot, clock: FixedClock) -> IncidentCard:
    widget = IncidentCard(clock)
    qtbot.addWidget(widget)
    widget.resize(430, 480)
    widget.show()
    return widget


def said(card: IncidentCard) -> str:
    return " | ".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())


def log(card: IncidentCard) -> list[str]:
    return [str(card._log.index(row, 0).data()) for row in range(card._log.rowCount())]


def test_the_log_keeps_qts_rules(qtmodeltester: ModelTester, samples) -> None:
    model = LogModel()
    model.show_entries(samples.incident().log)
    qtmodeltester.check(model)


def test_head_and_clocks_say_what_and_since_when(card: IncidentCard, samples) -> None:
    alarm = samples.acknowledged(samples.alarm(1))
    card.show_incident(replace(samples.incident(), dispatched_at=None), (alarm,))
    for part in ("2026-ifez-000417", "■ Critical · SOS", "In progress", "acknowledged 0:07", "sent –:–", "open 2:06"):
        assert part in said(card)


def test_an_acknowledgement_that_headquarters_does_not_know_says_so(card: IncidentCard, samples) -> None:
    card.show_incident(samples.incident(), (samples.acknowledged(samples.alarm(1), here_only=True),))
    assert "acknowledged here only" in said(card)


def test_text_from_outside_is_shown_as_it_is(card: IncidentCard, samples) -> None:
    card.show_incident(replace(samples.incident(), kind="<img src=x>", owner="{0}"))
    assert "<img src=x>" in said(card)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in card.findChildren(QLabel))


def test_the_log_shows_every_step_in_order(card: IncidentCard, samples) -> None:
    card.show_incident(samples.incident())
    assert [line.split("  ", 2)[2] for line in log(card)][1:3] == [
        "In progress",
        "note: 회신 전화 응답 없음, 0417 카메라로 확인 중",
    ]


def test_acknowledging_names_the_alarm_that_waits(qtbot: QtBot, card: IncidentCard, samples) -> None:
    card.show_incident(samples.incident(), (samples.acknowledged(samples.alarm(1)), samples.alarm(2)))
    with qtbot.waitSignal(card.acknowledge_asked) as asked:
        qtbot.mouseClick(card._acknowledge, Qt.MouseButton.LeftButton)
    assert asked.args == [UUID(int=2)]
    card.show_incident(samples.incident(), (samples.acknowledged(samples.alarm(1)),))
    with qtbot.assertNotEmitted(card.acknowledge_asked):
        card.ask_acknowledge()


@pytest.mark.parametrize(
    ("status", "usable"),
    [
        (Status.NEW, {"Take on", "Resolved", "Close [C]"}),
        (Status.IN_PROGRESS, {"Resolved", "Close [C]"}),
        (Status.RESOLVED, {"Reopen", "Close [C]"}),
        (Status.CLOSED, set()),
    ],
)
def test_only_steps_that_the_rules_allow_are_offered(
    card: IncidentCard, samples, status: Status, usable: set[str]
) -> None:
    card.show_incident(replace(samples.incident(), status=status))
    moves = {card._progress, card._resolve, card._close}
    assert {button.text() for button in moves if button.isEnabled()} == usable


def test_moving_on_names_incident_and_status(qtbot: QtBot, card: IncidentCard, samples) -> None:
    card.show_incident(replace(samples.incident(), status=Status.NEW))
    with qtbot.waitSignal(card.move_asked) as taken:
        qtbot.mouseClick(card._progress, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(card.move_asked) as resolved:
        qtbot.mouseClick(card._resolve, Qt.MouseButton.LeftButton)
    assert taken.args == [IncidentMove(UUID(int=77), Status.IN_PROGRESS)]
    assert resolved.args == [IncidentMove(UUID(int=77), Status.RESOLVED)]


@pytest.mark.qt_log_ignore("does not support raise")
def test_closing_asks_once_and_needs_an_answer(qtbot: QtBot, card: IncidentCard, samples) -> None:
    card.show_incident(samples.incident(), (samples.alarm(1),))
    with qtbot.assertNotEmitted(card.move_asked):
        card.ask_close()
        card.ask_close()
    (dialog,) = card.findChildren(CloseDialog)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "2026-ifez-000417" in words
    assert "not acknowledged" in words
    agree = next(button for button in dialog.findChildren(QPushButton) if "Close" in button.text())
    assert not agree.isEnabled()
    choice = next(button for button in dialog.findChildren(QRadioButton) if button.text() == "3  False alarm")
    choice.click()
    with qtbot.waitSignal(card.move_asked) as asked:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert asked.args == [IncidentMove(UUID(int=77), Status.CLOSED, Disposition.FALSE_ALARM)]


@pytest.mark.qt_log_ignore("does not support raise")
def test_an_arrow_chooses_where_nothing_was_chosen(qtbot: QtBot, card: IncidentCard, samples) -> None:
    card.show_incident(samples.incident())
    card.ask_close()
    (dialog,) = card.findChildren(CloseDialog)
    first = dialog.findChildren(QRadioButton)[0]
    for _ in range(3):
        qtbot.keyClick(first, Qt.Key.Key_Down)
    with qtbot.waitSignal(card.move_asked) as asked:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert asked.args == [IncidentMove(UUID(int=77), Status.CLOSED, Disposition.FALSE_ALARM)]


@pytest.mark.qt_log_ignore("does not support raise")
def test_escape_closes_nothing(qtbot: QtBot, card: IncidentCard, samples) -> None:
    card.show_incident(samples.incident())
    card.ask_close()
    with qtbot.assertNotEmitted(card.move_asked):
        qtbot.keyClick(card.findChildren(CloseDialog)[0], Qt.Key.Key_Escape)
    assert card._dialog is None


@pytest.mark.qt_log_ignore("does not support raise")
def test_dispatch_asks_whom_and_what_to_say(qtbot: QtBot, card: IncidentCard, samples) -> None:
    card.show_incident(samples.incident())
    qtbot.mouseClick(card._dispatch, Qt.MouseButton.LeftButton)
    (dialog,) = card.findChildren(DispatchDialog)
    dialog.findChildren(QRadioButton)[1].click()
    dialog.findChildren(QLineEdit)[0].setText(" east gate ")
    with qtbot.waitSignal(card.dispatch_asked) as asked:
        dialog.accept()
    assert asked.args == [IncidentDispatch(UUID(int=77), "fire", "east gate")]


def test_a_note_names_its_incident_and_blank_ones_are_nothing(qtbot: QtBot, card: IncidentCard, samples) -> None:
    card.show_incident(samples.incident())
    with qtbot.assertNotEmitted(card.note_asked):
        qtbot.keyClicks(card._note, "   ")
        qtbot.keyClick(card._note, Qt.Key.Key_Return)
    qtbot.keyClicks(card._note, "called back")
    with qtbot.waitSignal(card.note_asked) as asked:
        qtbot.keyClick(card._note, Qt.Key.Key_Return)
    assert asked.args == [IncidentNote(UUID(int=77), "called back")]
    assert card._note.text() == ""


def test_a_note_in_writing_stays_with_its_incident(qtbot: QtBot, card: IncidentCard, samples) -> None:
    one, other = samples.incident(), samples.incident(id=UUID(int=78), number="L-3-1")
    card.show_incident(one)
    qtbot.keyClicks(card._note, "half a sen")
    card.show_incident(replace(one, owner="lee"))
    assert card._note.text() == "half a sen"
    card.show_incident(other)
    assert card._note.text() == ""
    card.show_incident(None)
    card.show_incident(one)
    assert card._note.text() == "half a sen"
