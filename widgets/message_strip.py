"""One line of news for the operator: what went wrong, or what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from widgets import words
from widgets.pane import make_pane, mark, plain_label
from widgets.theme import STEP, scaled


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that says what is so and what to do."""

    at: datetime
    said: str
    severe: bool = False


class MessageStrip(QWidget):
    """Shows the newest severe message, or else the newest; hidden when there is none.

    Beside a severe one stands what was said since: it is the answer to the operator's own keys.
    """

    dismiss_asked = Signal(object)  # the Message on show

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        make_pane(self)
        self._shown: Message | None = None
        self._text = plain_label("", self)
        self._text.setWordWrap(True)
        self._answer = plain_label("", self)
        self._answer.setWordWrap(True)
        self._more = plain_label("", self, dim=True)
        self._dismiss = QPushButton(self.tr("Dismiss"), self)
        step = scaled(self, STEP)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * step, step, 2 * step, step)
        row.setSpacing(2 * step)
        row.addWidget(self._text, 1)
        row.addWidget(self._answer, 1)
        row.addWidget(self._more)
        row.addWidget(self._dismiss)
        self._dismiss.clicked.connect(self._ask)
        self.show_messages(())

    def show_messages(self, messages: Sequence[Message]) -> None:
        """Show what is still to be told."""
        ordered = sorted(messages, key=lambda message: (message.severe, message.at))
        self._shown = ordered[-1] if ordered else None
        self.setVisible(self._shown is not None)
        if self._shown is not None:
            self._text.setText(_sentence(self._shown))
            self._text.setAccessibleName(self._shown.said)
            mark(self._text, warn=self._shown.severe)
        newest = max(messages, key=lambda message: message.at, default=None)
        self._answer.setText("" if newest is None or newest is self._shown else _sentence(newest))
        self._answer.setVisible(bool(self._answer.text()))
        unseen = len(ordered) - (2 if self._answer.text() else 1)
        self._more.setText(self.tr("{n} more").format(n=unseen) if unseen > 0 else "")

    def _ask(self) -> None:
        if self._shown is not None:
            self.dismiss_asked.emit(self._shown)


def _sentence(message: Message) -> str:
    return f"{'▲ ' if message.severe else ''}{words.clock_time(message.at)}  {message.said}"
