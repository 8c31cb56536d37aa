"""The map of keys: that it names what the desk has, and fits a usual screen."""

import re
from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from widgets.key_help import KeyHelp

_DESK = Path(__file__).parents[2] / "console" / "desk.py"
_NAMES = {"Comma": ",", "Period": ".", "Question": "?", "Escape": "Esc", "BracketLeft": "[", "BracketRight": "]"}
_ARROWS = {"Left": "←", "Right": "→"}
_HELD = {"PLAIN": "", "SHIFT": "Shift+", "CONTROL": "Ctrl+"}


def named() -> set[str]:
    """Return the keys that the desk's own map has, as the screen writes them."""
    found = re.findall(r"\(key\.Key_(\w+), (PLAIN|SHIFT|CONTROL)\)", _DESK.read_text(encoding="utf-8"))
    assert len(found) > 20
    keys = {_HELD[held] + (_NAMES | _ARROWS).get(name, name) for name, held in found}
    return {key.replace("Shift+?", "?") for key in keys}


def test_every_key_of_the_desk_is_named(qtbot: QtBot) -> None:
    help_ = KeyHelp()
    qtbot.addWidget(help_)
    said = {part for label in help_.findChildren(QLabel) for part in label.text().split()}
    assert named() - said == set()
    assert {"F1", "Shift+F1", "Delete", "12", "*", "1+5"} <= said


def test_it_fits_a_usual_screen_in_both_languages(qtbot: QtBot, language: str, take_picture) -> None:
    help_ = KeyHelp()
    qtbot.addWidget(help_)
    size = help_.sizeHint()
    assert size.width() <= 1800
    assert size.height() <= 1000
    take_picture(help_, f"key_help_{language}", size.width(), size.height())
