"""A grid on which a layout is drawn, with the mouse or with the keys."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from domain.layout import Cell
from widgets.theme import colours_of, larger, scaled
from widgets.wall_layout_draft import LayoutDraft

_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}

Step = tuple[int, int]


class LayoutCanvas(QWidget):
    """Draws a draft's tiles with their numbers.

    Dragging joins what it goes over to one tile, a double click takes one apart. Arrows choose a step, with Shift
    several; Enter joins them, Delete takes the tile apart.
    """

    changed = Signal(object)  # LayoutDraft

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = LayoutDraft.even(3, 3)
        self._from: Step = (0, 0)
        self._to: Step = (0, 0)
        self._dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(scaled(self, 320), scaled(self, 180))
        self.setAccessibleName(self.tr("Grid of the layout"))
        self._describe()

    @property
    def draft(self) -> LayoutDraft:
        """What is drawn."""
        return self._draft

    def show_draft(self, draft: LayoutDraft) -> None:
        """Show this draft; what was chosen on another grid is not chosen any more."""
        if (draft.columns, draft.rows) != (self._draft.columns, self._draft.rows):
            self._from = self._to = (0, 0)
        self._draft = draft
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size in which twelve steps can be told apart."""
        return QSize(scaled(self, 480), scaled(self, 270))

    # -- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to choose steps."""
        self._choose(self._step_at(event.position()), extend=False)
        self._dragged = True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose as far as the pointer is."""
        if self._dragged:
            self._choose(self._step_at(event.position()), extend=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Join what was gone over."""
        super().mouseReleaseEvent(event)
        if self._dragged and self._from != self._to:
            self._join()
        self._dragged = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the tile apart."""
        self._choose(self._step_at(event.position()), extend=False)
        self._part()

    # -- the keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with the arrows, join, take apart."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            across, down = _ARROWS[key]
            step = self._within(self._to[0] + across, self._to[1] + down)
            self._choose(step, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._join()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._part()
        else:
            super().keyPressEvent(event)

    # -- deeds

    def _choose(self, step: Step, *, extend: bool) -> None:
        self._to = step
        self._from = self._from if extend else step
        self._describe()
        self.update()

    def _join(self) -> None:
        self._take(self._draft.joined(self._from, self._to))

    def _part(self) -> None:
        self._take(self._draft.parted(*self._to))

    def _take(self, draft: LayoutDraft) -> None:
        self._from = self._to
        if draft != self._draft:
            self._draft = draft
            self.changed.emit(draft)
        self._describe()
        self.update()

    def _describe(self) -> None:
        number = self._draft.cells.index(self._draft.cell_at(*self._to)) + 1
        told = self.tr("{n} tiles; column {column}, row {row}, tile {tile}")
        column, row = self._to
        self.setAccessibleDescription(
            told.format(n=len(self._draft.cells), column=column + 1, row=row + 1, tile=number)
        )

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tiles, and a frame around what is chosen."""
        super().paintEvent(event)
        colours = colours_of(self)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(colours.field))
            painter.setFont(larger(self, 1.2, bold=True))
            for number, cell in enumerate(self._draft.cells, 1):
                box = self._box(cell).adjusted(2, 2, -2, -2)
                painter.fillRect(box, QColor(colours.raised))
                painter.setPen(QColor(colours.text))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))
            painter.setPen(QPen(QColor(colours.accent if self.hasFocus() or self._dragged else colours.dim), 2))
            painter.drawRect(self._box(self._chosen()).adjusted(1, 1, -1, -1))

    def _chosen(self) -> Cell:
        left, top = min(self._from[0], self._to[0]), min(self._from[1], self._to[1])
        wide, high = abs(self._from[0] - self._to[0]) + 1, abs(self._from[1] - self._to[1]) + 1
        return Cell(left, top, wide, high)

    def _box(self, cell: Cell) -> QRectF:
        wide, high = self.width() / self._draft.columns, self.height() / self._draft.rows
        return QRectF(cell.column * wide, cell.row * high, cell.columns * wide, cell.rows * high)

    def _step_at(self, where: QPointF) -> Step:
        column = int(where.x() * self._draft.columns // max(1, self.width()))
        return self._within(column, int(where.y() * self._draft.rows // max(1, self.height())))

    def _within(self, column: int, row: int) -> Step:
        return min(max(column, 0), self._draft.columns - 1), min(max(row, 0), self._draft.rows - 1)
