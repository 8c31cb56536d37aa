"""A place for what comes and goes over the bottom of a pane, without pushing anything about."""

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QVBoxLayout, QWidget


class Over(QWidget):
    """Lies over the bottom edge of `below`, or of its window while that is hidden, as high as what it holds.

    What it holds is shown and hidden by itself; while nothing is, it is not there.
    """

    def __init__(self, below: QWidget, window: QWidget, *held: QWidget) -> None:
        super().__init__(window)
        self._below = below
        self._window = window
        self._held = held
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for each in held:
            column.addWidget(each)
            each.installEventFilter(self)
        below.installEventFilter(self)
        window.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what lies below, and what is shown or hidden here."""
        if event.type() in _MATTERS:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        if all(each.isHidden() for each in self._held):
            self.hide()
            return
        below = self._below if self._below.isVisible() else self._window
        height = sum(each.sizeHint().height() for each in self._held if not each.isHidden())
        corner = below.mapTo(self._window, QPoint(0, below.height() - height)) if below is not self._window else None
        left, top = (corner.x(), corner.y()) if corner is not None else (0, below.height() - height)
        self.setGeometry(left, top, below.width(), height)
        self.show()
        self.raise_()


_MATTERS = frozenset(
    {
        QEvent.Type.Resize,
        QEvent.Type.Move,
        QEvent.Type.ShowToParent,
        QEvent.Type.HideToParent,
        QEvent.Type.Show,
        QEvent.Type.Hide,
    }
)
