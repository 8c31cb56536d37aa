"""What is asked once more before an incident is closed, and whom to send."""

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from domain.incident import Disposition, Incident, Status
from widgets import words
from widgets.incident_log import agency_word
from widgets.pane import mark, plain_label
from widgets.theme import STEP, larger, scaled

AGENCIES = ("police", "fire", "city")


@dataclass(frozen=True, slots=True)
class IncidentMove:
    """A wish to move an incident on; closing says what it turned out to be."""

    incident: UUID
    status: Status
    disposition: Disposition | None = None


@dataclass(frozen=True, slots=True)
class IncidentDispatch:
    """A wish to ask an agency (`police`, `fire`, `city`) to go, with words for them."""

    incident: UUID
    agency: str
    text: str = ""


_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}


class _Choice(QDialog):
    """A question that names the incident, answers of which none is chosen beforehand, and one verb."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.answers = QButtonGroup(self)
        self.agree = QPushButton(self)
        self.agree.setEnabled(False)
        self.agree.setDefault(True)
        cancel = QPushButton(self.tr("Cancel [Esc]"), self)
        cancel.setAutoDefault(False)
        step = scaled(self, STEP)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4 * step, 4 * step, 4 * step, 4 * step)
        self._column.setSpacing(2 * step)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        self._buttons.addWidget(cancel)
        self._buttons.addWidget(self.agree)
        cancel.clicked.connect(self.reject)
        self.agree.clicked.connect(self.accept)
        self.answers.buttonClicked.connect(self._allow)
        self.setMinimumWidth(scaled(self, 360))

    def ask(self, question: str, verb: str, warning: str = "") -> None:
        """Put the question, the verb of the button that agrees, and what speaks against it."""
        self.setWindowTitle(verb)
        self.agree.setText(verb)
        asked = plain_label(question, self)
        asked.setFont(larger(self, 1.15, bold=True))
        asked.setWordWrap(True)
        self._column.addWidget(asked)
        if warning:
            told = plain_label(warning, self)
            told.setWordWrap(True)
            mark(told, warn=True)
            self._column.addWidget(told)

    def add_answer(self, said: str, number: int) -> None:
        """Offer an answer; its place in the list is its key."""
        button = QRadioButton(f"{number + 1}  {said}", self)
        button.setShortcut(str(number + 1))
        button.installEventFilter(self)
        self.answers.addButton(button, number)
        self._column.addWidget(button)

    def finish(self, *more: QWidget) -> None:
        """Put what else is asked below the answers, then the buttons."""
        keys = self.tr("1-{last} or the arrows choose, Enter agrees, Esc leaves.").format(
            last=len(self.answers.buttons())
        )
        self._column.addWidget(plain_label(keys, self, dim=True))
        for widget in more:
            self._column.addWidget(widget)
        self._column.addLayout(self._buttons)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows choose: Qt's only move the focus while no answer is chosen."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _STEPS:
            buttons = self.answers.buttons()
            checked = self.answers.checkedId()
            step = _STEPS[Qt.Key(event.key())]
            chosen = buttons[(checked + step) % len(buttons) if checked >= 0 else (0 if step > 0 else -1)]
            chosen.setFocus(Qt.FocusReason.TabFocusReason)
            chosen.click()
            return True
        return super().eventFilter(watched, event)

    def _allow(self, _button: QAbstractButton) -> None:
        self.agree.setEnabled(True)


class CloseDialog(_Choice):
    """Asks once what the incident turned out to be; names it and what is still open."""

    agreed = Signal(object)  # IncidentMove

    def __init__(self, incident: Incident, open_steps: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        question = self.tr("Close incident {number}? What was it?").format(number=incident.number)
        self.ask(question, self.tr("Close incident [Enter]"), open_steps)
        self._incident = incident.id
        for number, disposition in enumerate(Disposition):
            self.add_answer(words.disposition_word(disposition), number)
        self.finish()
        self.accepted.connect(self._agree)

    def _agree(self) -> None:
        self.agreed.emit(IncidentMove(self._incident, Status.CLOSED, list(Disposition)[self.answers.checkedId()]))


class DispatchDialog(_Choice):
    """Asks whom to send and what to tell them."""

    agreed = Signal(object)  # IncidentDispatch

    def __init__(self, incident: Incident, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        question = self.tr("Whom to send to {number}?").format(number=incident.number)
        self.ask(question, self.tr("Ask them to go [Enter]"))
        self._incident = incident.id
        for number, agency in enumerate(AGENCIES):
            self.add_answer(agency_word(agency), number)
        self._text = QLineEdit(self)
        self._text.setMaxLength(500)
        self._text.setPlaceholderText(self.tr("What to tell them"))
        self._text.setAccessibleName(self.tr("What to tell them"))
        self.finish(self._text)
        self.accepted.connect(self._agree)

    def _agree(self) -> None:
        agency = AGENCIES[self.answers.checkedId()]
        self.agreed.emit(IncidentDispatch(self._incident, agency, self._text.text().strip()))
