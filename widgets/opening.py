"""The first page: whose program this is, and what is being waited for before there is anything to show."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from widgets.pane import plain_label
from widgets.theme import STEP, larger, scaled

PRODUCT = "Watchroom"


def product_line() -> str:
    """Return what the product is, in a few words."""
    return QCoreApplication.translate("Opening", "City situation room")


class Opening(QWidget):
    """A quiet box with the product's name and one sentence; nothing moves while nothing is known of progress."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = scaled(self, STEP)
        box = QFrame(self)
        box.setProperty("pane", "true")
        box.setFixedWidth(scaled(self, 460))
        self._told = plain_label("", box)
        self._told.setWordWrap(True)
        heading = plain_label(PRODUCT, box)
        heading.setFont(larger(self, 1.6, bold=True))
        column = QVBoxLayout(box)
        column.setContentsMargins(6 * step, 6 * step, 6 * step, 6 * step)
        column.setSpacing(2 * step)
        for widget in (heading, plain_label(product_line(), box, dim=True), self._told):
            column.addWidget(widget)
        page = QVBoxLayout(self)
        page.addStretch(1)
        page.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        page.addStretch(2)

    def show_words(self, said: str) -> None:
        """Say what is being waited for."""
        self._told.setText(said)
