"""The map of keys, shown over the desk."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from widgets.pane import plain_label
from widgets.theme import STEP, larger, scaled

_Group = tuple[str, tuple[tuple[str, str], ...]]


class KeyHelp(QFrame):
    """Shows which key does what, one a line, in groups; it is as large as its words need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self.setFrameShape(QFrame.Shape.Box)
        self.setAutoFillBackground(True)
        self.setAccessibleName(self.tr("Keys"))
        step = scaled(self, STEP)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(6 * step, 5 * step, 6 * step, 5 * step)
        whole.setSpacing(4 * step)
        whole.addLayout(self._heading())
        columns = QHBoxLayout()
        columns.setSpacing(10 * step)
        for groups in (
            (self._cameras(), self._views()),
            (self._past(), self._turning()),
            (self._walls(), self._cases()),
        ):
            column = QVBoxLayout()
            column.setSpacing(4 * step)
            for group in groups:
                column.addLayout(self._group(group))
            column.addStretch(1)
            columns.addLayout(column, 1)
        whole.addLayout(columns)
        whole.addWidget(
            plain_label(self.tr("In text fields letters are letters; Esc leads out of them."), self, dim=True)
        )

    def _heading(self) -> QHBoxLayout:
        name = plain_label(self.tr("Keys"), self)
        name.setFont(larger(self, 1.6, bold=True))
        row = QHBoxLayout()
        row.addWidget(name)
        row.addStretch(1)
        row.addWidget(plain_label(self.tr("? or Esc closes"), self, dim=True))
        return row

    def _group(self, group: _Group) -> QGridLayout:
        heading, lines = group
        grid, step = QGridLayout(), scaled(self, STEP)
        grid.setHorizontalSpacing(4 * step)
        grid.setVerticalSpacing(step)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, scaled(self, 108))
        grid.addWidget(plain_label(heading, self, dim=True), 0, 0, 1, 2)
        for row, (keys, meaning) in enumerate(lines, 1):
            name = plain_label(keys, self)
            name.setFont(larger(self, 1.0, bold=True))
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(plain_label(meaning, self), row, 1)
        return grid

    def _cameras(self) -> _Group:
        return self.tr("Cameras"), (
            ("12 Enter", self.tr("camera 12 into the selected tile")),
            ("12 / 3 Enter", self.tr("camera 12 into tile 3")),
            (",  .", self.tr("previous camera, next camera")),
            ("← ↑ → ↓", self.tr("select another tile")),
            ("Enter", self.tr("selected tile large, and back")),
            ("Delete", self.tr("clear the selected tile")),
            (self.tr("Menu, right click"), self.tr("all that a tile can do")),
            ("+  −", self.tr("enlarge the picture; Esc: whole again")),
            (self.tr("Wheel"), self.tr("enlarge at the pointer (PTZ: with Ctrl)")),
            ("Shift+← ↑ → ↓", self.tr("move the enlarged part")),
            ("Ctrl+K", self.tr("find a camera")),
        )

    def _turning(self) -> _Group:
        return self.tr("Turning a camera (PTZ)"), (
            ("P", self.tr("take the controls")),
            ("Shift+P", self.tr("places, lens, guard tours")),
            ("← ↑ → ↓", self.tr("turn while held")),
            ("+  −", self.tr("zoom while held")),
            ("1–9", self.tr("go to a preset (Shift: store it)")),
            ("S", self.tr("stop it, whoever set it off")),
            ("Home", self.tr("go to the home view")),
            ("Esc", self.tr("leave the controls")),
            ("L", self.tr("look here: the nearest camera turns to the place")),
            ("Shift+L", self.tr("surround the place, and let go")),
            ("Ctrl+L", self.tr("calibrate the selected camera")),
        )

    def _past(self) -> _Group:
        return self.tr("What was"), (
            ("R", self.tr("replay 10 s (again: 30 s, 120 s)")),
            ("Shift+R", self.tr("replay four tiles in step")),
            ("[  ]", self.tr("slower, faster")),
            ("Ctrl+Space", self.tr("hold it, go on")),
            ("Ctrl+←  Ctrl+→", self.tr("one picture back, one on")),
            ("B", self.tr("bookmark")),
            ("Shift+B", self.tr("a word to the bookmark")),
            ("Ctrl+S", self.tr("keep this picture")),
            ("Ctrl+R", self.tr("record the camera, and end that")),
            ("Ctrl+O", self.tr("review what was recorded")),
        )

    def _walls(self) -> _Group:
        return self.tr("Monitors"), (
            ("2 * 9 Enter", self.tr("nine tiles on monitor 2")),
            ("2 * 1+5 Enter", self.tr("one large tile and five (1+7, 1+12, 2+8)")),
            ("F1 … F12", self.tr("call a salvo")),
            ("Shift+F1 … F12", self.tr("store what hangs there as a salvo")),
            ("Ctrl+Z", self.tr("what hung there before")),
            ("Ctrl+W", self.tr("walls, salvos, tours, layouts, monitors")),
            ("Ctrl+M", self.tr("masks of the selected camera")),
        )

    def _cases(self) -> _Group:
        return self.tr("Alarms and incidents"), (
            ("Tab", self.tr("next alarm")),
            ("Space", self.tr("acknowledge")),
            ("Shift+Space", self.tr("acknowledge and open the incident")),
            ("D", self.tr("dispatch")),
            ("N", self.tr("write a note")),
            ("C", self.tr("close the case (asks once)")),
        )

    def _views(self) -> _Group:
        return self.tr("Views"), (
            ("M", self.tr("map large, and back")),
            ("Ctrl+F11", self.tr("wall alone, and back")),
            ("Esc", self.tr("one step back")),
            ("?", self.tr("these keys")),
        )
