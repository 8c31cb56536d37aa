"""Signing in, and choosing a new password where one is due."""

from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from widgets.opening import PRODUCT, product_line
from widgets.pane import mark, plain_label
from widgets.theme import STEP, larger, scaled

SHORTEST_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class SignInWish:
    """A name and a password to be checked; never printed."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """A wish for a new password in place of the old one; never printed."""

    name: str
    old: str = field(repr=False)
    new: str = field(repr=False)


class SignIn(QWidget):
    """Asks who sits down here. Checking takes up to half a second, during which it says so."""

    sign_in_asked = Signal(object)  # SignInWish
    change_asked = Signal(object)  # PasswordChange

    def __init__(self, title: str = PRODUCT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._centres: list[QLabel] = []
        self._name = self._field(self.tr("Name"))
        self._password = self._field(self.tr("Password"), secret=True)
        self._old = self._field(self.tr("Present password"), secret=True)
        self._new = self._field(self.tr("New password"), secret=True)
        self._again = self._field(self.tr("New password again"), secret=True)
        self._enter = QPushButton(self.tr("Sign in [Enter]"), self)
        self._change = QPushButton(self.tr("Change password [Enter]"), self)
        self._changing = ""
        self._told = [self._note(), self._note()]
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._page(title, "", (self._name, self._password), self._enter, 0))
        rule = self.tr("Choose a new password of at least {n} characters.").format(n=SHORTEST_PASSWORD)
        self._stack.addWidget(self._page(title, rule, (self._old, self._new, self._again), self._change, 1))
        for line in (self._name, self._password):
            line.returnPressed.connect(self._ask_sign_in)
        self._old.returnPressed.connect(self._new.setFocus)
        self._new.returnPressed.connect(self._again.setFocus)
        self._again.returnPressed.connect(self._ask_change)
        self._enter.clicked.connect(self._ask_sign_in)
        self._change.clicked.connect(self._ask_change)
        self.show_sign_in()

    def show_centre(self, name: str) -> None:
        """Name the operations centre under the product's name; nothing of it for an empty one."""
        for label in self._centres:
            label.setText(name)
            label.setVisible(bool(name))

    def show_sign_in(self, problem: str = "", *, busy: bool = False) -> None:
        """Ask for name and password; `problem` says why the last try failed, `busy` that one is being checked."""
        self._stack.setCurrentIndex(0)
        self._say(0, problem, self.tr("Checking…") if busy else "")
        for widget in (self._name, self._password, self._enter):
            widget.setEnabled(not busy)
        if not busy:
            self._password.clear()
            (self._password if self._name.text() else self._name).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_change(self, name: str, problem: str = "", *, busy: bool = False) -> None:
        """Ask this person for a new password."""
        if name != self._changing:
            for line in (self._old, self._new, self._again):
                line.clear()
        self._changing = name
        self._stack.setCurrentIndex(1)
        self._say(1, problem, self.tr("Saving…") if busy else "")
        for widget in (self._old, self._new, self._again, self._change):
            widget.setEnabled(not busy)
        if not busy:
            self._old.setFocus(Qt.FocusReason.OtherFocusReason)

    def _field(self, name: str, *, secret: bool = False) -> QLineEdit:
        line = QLineEdit(self)
        line.setPlaceholderText(name)
        line.setAccessibleName(name)
        line.setMaxLength(200)
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        return line

    def _note(self) -> QLabel:
        label = plain_label("", self)
        label.setWordWrap(True)
        return label

    def _page(self, title: str, rule: str, lines: tuple[QLineEdit, ...], button: QPushButton, which: int) -> QWidget:
        page, step = QWidget(self), scaled(self, STEP)
        box = QFrame(page)
        box.setProperty("pane", "true")
        box.setFixedWidth(scaled(self, 360))
        column = QVBoxLayout(box)
        column.setContentsMargins(6 * step, 6 * step, 6 * step, 6 * step)
        column.setSpacing(2 * step)
        heading = plain_label(title, box)
        heading.setFont(larger(self, 1.6, bold=True))
        column.addWidget(heading)
        column.addWidget(plain_label(product_line(), box, dim=True))
        centre = plain_label("", box)
        centre.setWordWrap(True)
        centre.hide()
        self._centres.append(centre)
        column.addWidget(centre)
        column.addSpacing(2 * step)
        if rule:
            told = plain_label(rule, box, dim=True)
            told.setWordWrap(True)
            column.addWidget(told)
        for widget in (*lines, self._told[which], button):
            column.addWidget(widget)
        outer = QVBoxLayout(page)
        outer.addStretch(1)
        outer.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)
        return page

    def _say(self, which: int, problem: str, busy: str) -> None:
        label = self._told[which]
        label.setText(busy or (f"▲ {problem}" if problem else ""))
        mark(label, warn=bool(problem) and not busy, dim=bool(busy))

    def _ask_sign_in(self) -> None:
        name = self._name.text().strip()
        if not name:
            self._say(0, self.tr("Type your name."), "")
            self._name.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self._password.text():
            self._say(0, "" if self.focusWidget() is self._name else self.tr("Type your password."), "")
            self._password.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.sign_in_asked.emit(SignInWish(name, self._password.text()))

    def _ask_change(self) -> None:
        if len(self._new.text()) < SHORTEST_PASSWORD:
            said = self.tr("The new password needs at least {n} characters.").format(n=SHORTEST_PASSWORD)
            self._say(1, said, "")
        elif self._new.text() == self._old.text():
            self._say(1, self.tr("The new password is the present one. Choose another."), "")
        elif self._new.text() != self._again.text():
            self._say(1, self.tr("The two new passwords differ. Type it again."), "")
        else:
            self.change_asked.emit(PasswordChange(self._changing, self._old.text(), self._new.text()))
