"""The prompt for a purpose: one key, no focus taken, both languages."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from domain.purpose import Purpose
from widgets.control_note import ControlNote
from widgets.purpose_prompt import PurposePrompt


class Desk(QWidget):
    """Something with the keys, a text field, and the prompt."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__()
        self.hand = QWidget(self)
        self.hand.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hand.setGeometry(0, 0, 20, 20)
        self.field = QLineEdit(self)
        self.field.setGeometry(30, 0, 50, 20)
        self.prompt = PurposePrompt(self)
        self.prompt.setGeometry(0, 30, 600, 160)
        self.given: list[Purpose] = []
        self.lefts: list[bool] = []
        self.prompt.purpose_given.connect(self.given.append)
        self.prompt.left.connect(lambda: self.lefts.append(True))
        qtbot.addWidget(self)
        self.resize(640, 200)
        with qtbot.waitExposed(self):
            self.show()
        self.activateWindow()
        self.hand.setFocus()
        qtbot.waitUntil(self.hand.hasFocus)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


@pytest.mark.parametrize(("n", "purpose"), list(enumerate(Purpose)))
def test_each_digit_is_a_purpose(desk: Desk, qtbot: QtBot, samples, n: int, purpose: Purpose) -> None:
    desk.prompt.ask(samples.camera())
    qtbot.keyClick(desk.hand, Qt.Key(Qt.Key.Key_1 + n))
    assert desk.given == [purpose]
    assert desk.lefts == []
    assert desk.prompt.isHidden()


def test_the_keypads_digits_answer_too(desk: Desk, qtbot: QtBot, samples) -> None:
    desk.prompt.ask(samples.camera())
    qtbot.keyClick(desk.hand, Qt.Key.Key_2, Qt.KeyboardModifier.KeypadModifier)
    assert desk.given == [Purpose.SOS]


def test_it_leaves_the_focus_and_every_other_key_where_they_are(desk: Desk, qtbot: QtBot, samples) -> None:
    desk.prompt.ask(samples.camera())
    qtbot.keyClick(desk.hand, Qt.Key.Key_Left)
    qtbot.keyClick(desk.hand, Qt.Key.Key_1, Qt.KeyboardModifier.ShiftModifier)
    assert desk.hand.hasFocus()
    assert desk.prompt.asking
    assert desk.given == []


def test_escape_leaves_without_an_answer(desk: Desk, qtbot: QtBot, samples) -> None:
    desk.prompt.ask(samples.camera())
    qtbot.keyClick(desk.hand, Qt.Key.Key_Escape)
    assert (desk.given, desk.lefts) == ([], [True])
    qtbot.keyClick(desk.hand, Qt.Key.Key_1)
    assert desk.given == []


def test_letters_and_digits_of_a_text_field_stay_there(desk: Desk, qtbot: QtBot, samples) -> None:
    desk.prompt.ask(samples.camera())
    desk.field.setFocus()
    qtbot.waitUntil(desk.field.hasFocus)
    qtbot.keyClick(desk.field, Qt.Key.Key_1)
    assert desk.field.text() == "1"
    assert desk.given == []
    desk.hand.setFocus()
    qtbot.waitUntil(desk.hand.hasFocus)
    qtbot.keyClick(desk.hand, Qt.Key.Key_1)
    assert desk.given == [Purpose.REPORT]


def test_a_click_answers_without_taking_the_keys(desk: Desk, qtbot: QtBot, samples) -> None:
    desk.prompt.ask(samples.camera())
    button = desk.prompt.findChildren(QPushButton)[4]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.given == [Purpose.PATROL]
    assert desk.hand.hasFocus()


def test_hidden_from_outside_it_has_no_answer_and_closed_by_its_asker_says_nothing(desk: Desk, samples) -> None:
    desk.prompt.ask(samples.camera())
    desk.prompt.hide()
    assert desk.lefts == [True]
    desk.prompt.ask(samples.camera())
    desk.prompt.close_question()
    assert desk.lefts == [True]


def test_it_goes_by_itself_when_nobody_answers(desk: Desk, qtbot: QtBot, samples) -> None:
    desk.prompt._timer.setInterval(20)
    with qtbot.waitSignal(desk.prompt.left):
        desk.prompt.ask(samples.camera())
    assert desk.prompt.isHidden()


def test_it_can_be_read_in_both_languages(qtbot: QtBot, samples, language: str, take_picture) -> None:
    prompt = PurposePrompt()
    qtbot.addWidget(prompt)
    prompt.ask(samples.camera(4))
    assert "0004" in prompt.accessibleName()
    said = [button.text() for button in prompt.findChildren(QPushButton)]
    assert [text[0] for text in said] == list("123456789")
    assert ("112 신고" in said[0]) == (language == "ko")
    take_picture(prompt, f"purpose_prompt_{language}", 720, prompt.sizeHint().height())
    prompt.close_question()


def test_a_note_about_the_controls_is_there_while_there_is_one(qtbot: QtBot, take_picture) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    note = ControlNote(window)
    window.show()
    assert note.isHidden()
    note.show_words("Desk 3 takes over camera 12 in 3 s.")
    assert note.isVisible()
    note.show_words("")
    assert note.isHidden()
