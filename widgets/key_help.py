"""The map of keys, shown over the desk."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from widgets.pane import plain_label
from widgets.theme import STEP, larger, scaled


class KeyHelp(QFrame):
    """Shows which key does what; a key takes it away again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self.setFrameShape(QFrame.Shape.Box)
        self.setAutoFillBackground(True)
        self.setAccessibleName(self.tr("Keys"))
        step = scaled(self, STEP)
        heading = plain_label(self.tr("Keys"), self)
        heading.setFont(larger(self, 1.6, bold=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(6 * step)
        grid.setVerticalSpacing(2 * step)
        half = (len(self._lines()) + 1) // 2
        for index, (keys, meaning) in enumerate(self._lines()):
            row, column = index % half, 2 * (index // half)
            name = plain_label(keys, self)
            name.setFont(larger(self, 1.15, bold=True))
            grid.addWidget(name, row, column)
            grid.addWidget(plain_label(meaning, self), row, column + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(6 * step, 6 * step, 6 * step, 6 * step)
        column_box.setSpacing(4 * step)
        column_box.addWidget(heading)
        column_box.addLayout(grid)
        column_box.addStretch(1)
        column_box.addWidget(
            plain_label(self.tr("In text fields letters are letters; Esc leads out of them."), self, dim=True),
            0,
            Qt.AlignmentFlag.AlignLeft,
        )

    def _lines(self) -> tuple[tuple[str, str], ...]:
        return (
            ("12 Enter", self.tr("camera 12 into the selected tile")),
            ("12 / 3 Enter", self.tr("camera 12 into tile 3")),
            ("1 * 9 Enter", self.tr("nine tiles (1, 4, 9, 16) on monitor 1")),
            (", .", self.tr("previous, next camera")),
            ("Enter", self.tr("selected tile large, and back")),
            ("Ctrl+F11", self.tr("wall alone")),
            ("Ctrl+K", self.tr("find a camera")),
            ("M", self.tr("map large, and back")),
            ("Tab", self.tr("next alarm")),
            ("Space", self.tr("acknowledge")),
            ("Shift+Space", self.tr("acknowledge and open the incident")),
            ("D", self.tr("dispatch")),
            ("N", self.tr("write a note")),
            ("C", self.tr("close the case (asks once)")),
            ("P", self.tr("turn the camera: arrows, + and −, digits presets")),
            ("Esc", self.tr("one step back")),
            ("?", self.tr("these keys")),
        )
