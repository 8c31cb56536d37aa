"""Layouts of one's own: drawn on a grid, named, and put on a monitor."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from domain.errors import BadInputError
from domain.layout import MOST_TILES, Layout
from widgets.pane import mark, plain_label
from widgets.theme import STEP, scaled
from widgets.wall_layout_canvas import LayoutCanvas
from widgets.wall_layout_draft import MOST_GRID_STEPS, LayoutDraft
from widgets.wall_lines import LineList
from widgets.wall_plan_page import LONGEST_NAME


@dataclass(frozen=True, slots=True)
class LayoutWanted:
    """A monitor is to be divided like this."""

    monitor: int
    layout: Layout


class LayoutPage(QWidget):
    """The layouts that are known here beside the built-in ones, and a grid to draw one."""

    layout_wanted = Signal(object)  # LayoutWanted

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = LineList(self)
        self.canvas = LayoutCanvas(self)
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST_NAME)
        self.columns, self.rows = self._count(self.tr("Columns")), self._count(self.tr("Rows"))
        self.monitor = QComboBox(self)
        self.show_button = QPushButton(self.tr("Show on the monitor"), self)
        self.show_button.setAutoDefault(False)
        self.said = plain_label("", self)
        mark(self.said, warn=True)
        self._lay_out()
        self.show_draft(self.canvas.draft)
        self.list.choice_changed.connect(self._fill)
        self.columns.valueChanged.connect(self._resize_grid)
        self.rows.valueChanged.connect(self._resize_grid)
        self.name.returnPressed.connect(self._show)
        self.show_button.clicked.connect(self._show)

    def show_layouts(self, layouts: Sequence[Layout]) -> None:
        """Show the layouts of one's own that are known."""
        told = self.tr("{name} · {n} tiles")
        self.list.show_lines([(told.format(name=layout.name, n=len(layout)), layout) for layout in layouts])

    def show_monitors(self, monitors: Sequence[int], active: int) -> None:
        """Offer these monitors; `active` is the one that keys go to."""
        self.monitor.clear()
        for number in monitors:
            self.monitor.addItem(self.tr("monitor {n}").format(n=number), number)
        self.monitor.setCurrentIndex(self.monitor.findData(active))

    def show_draft(self, draft: LayoutDraft) -> None:
        """Put a layout on the grid, to be changed."""
        self.canvas.show_draft(draft)
        for box, value in ((self.columns, draft.columns), (self.rows, draft.rows)):
            box.blockSignals(True)  # noqa: FBT003 - Qt's own signature
            box.setValue(value)
            box.blockSignals(False)  # noqa: FBT003 - Qt's own signature

    def _count(self, name: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(1, MOST_GRID_STEPS)
        box.setAccessibleName(name)
        return box

    def _lay_out(self) -> None:
        step = scaled(self, STEP)
        self.list.setMaximumWidth(scaled(self, 200))
        grid, goal, form = QHBoxLayout(), QHBoxLayout(), QFormLayout()
        for widget in (self.columns, plain_label("×", self), self.rows):
            grid.addWidget(widget)
        grid.addStretch(1)
        goal.addWidget(self.monitor)
        goal.addWidget(self.show_button)
        goal.addStretch(1)
        form.addRow(self.tr("Grid"), grid)
        form.addRow(self.tr("Name"), self.name)
        form.addRow("", goal)
        drawn, row, column = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        drawn.addWidget(self.canvas, 1)
        drawn.addWidget(self._how_to())
        drawn.addLayout(form)
        drawn.addWidget(self.said)
        row.addWidget(self.list)
        row.addLayout(drawn, 1)
        row.setSpacing(3 * step)
        column.addLayout(row)

    def _how_to(self) -> QWidget:
        told = self.tr(
            "Drag over tiles to join them, double click to part them; or arrows with Shift, then Enter or Delete.\n"
            "A layout is kept with the walls and salvos that are stored with it. "
            "One with a name like 3+4 can be typed: 1 * 3+4 Enter."
        )
        label = plain_label(told, self, dim=True)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignLeft)
        return label

    def _fill(self, layout: object) -> None:
        if isinstance(layout, Layout):
            self.name.setText(layout.name)
            self.show_draft(LayoutDraft.of(layout))

    def _resize_grid(self) -> None:
        self.canvas.show_draft(self.canvas.draft.resized(self.columns.value(), self.rows.value()))

    def _show(self) -> None:
        try:
            layout = self.canvas.draft.layout(self._named())
        except BadInputError as error:
            self.said.setText(str(error))
            return
        self.said.setText("")
        if self.monitor.currentData() is not None:
            self.layout_wanted.emit(LayoutWanted(self.monitor.currentData(), layout))

    def _named(self) -> str:
        """Return the name; BadInputError where there is none, it is a built-in layout's, or the tiles are too many."""
        name = self.name.text().strip()
        if not name:
            raise BadInputError(self.tr("A name is needed."))
        if len(self.canvas.draft.cells) > MOST_TILES:
            told = self.tr("These are {n} tiles; a monitor shows {most} at most. Join some.")
            raise BadInputError(told.format(n=len(self.canvas.draft.cells), most=MOST_TILES))
        try:
            Layout.of(name)
        except BadInputError:
            return name
        raise BadInputError(self.tr("{name} is a layout that everybody has. Choose another name.").format(name=name))
