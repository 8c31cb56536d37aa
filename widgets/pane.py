"""The heading and the empty face that all panes share."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from widgets.theme import STEP, larger, scaled


def plain_label(words: str = "", parent: QWidget | None = None, *, dim: bool = False) -> QLabel:
    """Return a label that shows its text as it is, whoever wrote it."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(words)
    if dim:
        label.setProperty("dim", "true")
    return label


def mark(widget: QWidget, **faces: bool) -> None:
    """Give a widget the faces (`warn`, `severe`, `dim`) of the style sheet, or take them away."""
    for name, on in faces.items():
        widget.setProperty(name, "true" if on else "false")
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def make_pane(widget: QWidget) -> None:
    """Give a widget the pane's surface, apart from the field around it."""
    widget.setProperty("pane", "true")
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


class PaneHeader(QWidget):
    """One line: the pane's name in bold, and what is worth knowing at a glance to the right of it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = plain_label(title, self)
        self.title.setFont(larger(self, 1.0, bold=True))
        self._right = plain_label("", self)
        self._right.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(self, 2 * STEP))
        row.addWidget(self.title)
        row.addWidget(self._right, 1)

    def show_right(self, words: str, *, warn: bool = False, severe: bool = False) -> None:
        """Show these words at the right end."""
        self._right.setText(words)
        mark(self._right, warn=warn and not severe, severe=severe, dim=not warn and not severe)
