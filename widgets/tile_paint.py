"""Draws the parts of a tile: its caption and empty faces on the wall's image, and what lies over a live picture."""

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen

from domain.alarm import Priority
from domain.motion import MotionPhase, MotionState
from domain.picture import Face
from widgets import words
from widgets.theme import SHAPES, Colours
from widgets.tile import Tile

_STROKE = QColor("#F2F4F5")  # over pictures, light on a dark edge in both themes
_DIMMED = QColor(0, 0, 0, 77)  # 30 %
_HATCHING = QColor(152, 162, 170, 110)
_SHADED = QColor(0, 0, 0, 140)
_MOVING = frozenset({MotionPhase.MOVE_SENT, MotionPhase.MOVING})
_SPEAKING = _MOVING | {MotionPhase.STOP_SENT, MotionPhase.STOPPED, MotionPhase.MAY_BE_MOVING}


@dataclass(frozen=True, slots=True)
class TileBrush:
    """Colours, type and measures of one wall, in device pixels."""

    colours: Colours
    font: QFont
    bold: QFont
    unit: int  # one pixel of scale 1.0

    def caption(self, painter: QPainter, tile: Tile, *, selected: bool) -> None:
        """Draw the strip: tile number, camera number and name, marks, and the badge that says what is not normal.

        A narrow tile says less, never one thing over another: first the marks go, then the badge's word, then the
        tile's number, then the name.
        """
        box, content, colours = tile.place.caption, tile.content, self.colours
        painter.fillRect(box, QColor(colours.raised if selected else colours.pane))
        if content is None:
            return
        pad = 4 * self.unit
        plan = self._plan(tile, box.width() - 2 * pad)
        right = self._badges(painter, tile, box.right() - pad, plan)
        for mark in plan.marks:
            right = self._word(painter, box, right, mark, colours.dim)
        left = box.left() + pad
        shown_no = words.camera_no(content.camera.no)
        parts = [(f"{tile.index + 1}", self.font, colours.dim)] if plan.index else []
        for text, font, ink in (*parts, (shown_no, self.bold, colours.text)):
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(QRect(left, box.top(), max(0, right - left), box.height()), _MIDDLE_LEFT, text)
            left += QFontMetrics(font).horizontalAdvance(text) + 2 * pad
        if right - left >= self._least_name():
            painter.setFont(self.font)
            name = QFontMetrics(self.font).elidedText(content.camera.name, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(QRect(left, box.top(), right - left, box.height()), _MIDDLE_LEFT, name)

    def empty_picture(self, painter: QPainter, tile: Tile, words_for_empty: str) -> None:
        """Draw the picture's area of a tile that has no picture: grey, and for an empty tile what it is."""
        box = tile.place.picture
        painter.fillRect(box, QColor(self.colours.pane))
        if tile.content is None:
            painter.setFont(self.font)
            painter.setPen(QColor(self.colours.dim))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{tile.index + 1}\n{words_for_empty}")

    def over_picture(self, painter: QPainter, tile: Tile, motion: MotionState | None) -> None:
        """Draw over the picture what its face and the camera's movement ask for; nothing for a quiet live one."""
        box = tile.place.picture
        match tile.look.face:
            case Face.STALE | Face.FROZEN:
                painter.fillRect(box, _DIMMED)
            case Face.LOST:
                painter.fillRect(box, _SHADED)
                painter.fillRect(box, QBrush(_HATCHING, Qt.BrushStyle.BDiagPattern))
        if tile.look.lines:
            self._plate(painter, box, tile.look.lines)
        elif tile.look.badge and not self._holds_badge(tile):
            self._plate(painter, box, (tile.look.badge,))
        if motion is not None and motion.phase in _SPEAKING:
            self._motion(painter, box, motion)

    def frame(self, painter: QPainter, tile: Tile, *, selected: bool, lit: bool) -> None:
        """Draw the border: 2 px accent where selected, 4 px of the alarm's colour while `lit`."""
        inset = 0
        if selected:
            _border(painter, tile.place.cell, QColor(self.colours.accent), 2 * self.unit)
            inset = 2 * self.unit
        if lit and tile.content is not None and tile.content.alarm is not None:
            box = tile.place.cell.adjusted(inset, inset, -inset, -inset)
            _border(painter, box, QColor(self.colours.of(tile.content.alarm)), 4 * self.unit)

    def _plan(self, tile: Tile, room: int) -> "_CaptionPlan":
        """Choose the fullest caption that leaves the name some room; the barest where none does."""
        marks = self._marks(tile)
        kept = [marks[first:] for first in range(len(marks) + 1)]
        plans = [_CaptionPlan(marks=tuple(some), word=True, index=True) for some in kept]
        plans += [_CaptionPlan((), word=False, index=True), _CaptionPlan((), word=False, index=False)]
        for plan in plans:
            if self._width(tile, plan) + self._least_name() <= room:
                return plan
        return plans[-1]

    def _width(self, tile: Tile, plan: "_CaptionPlan") -> int:
        """Return how wide a caption is without the camera's name."""
        plain, bold, gap = QFontMetrics(self.font), QFontMetrics(self.bold), 8 * self.unit
        content = tile.content
        if content is None:
            return 0
        width = bold.horizontalAdvance(words.camera_no(content.camera.no)) + gap
        width += (plain.horizontalAdvance(f"{tile.index + 1}") + gap) if plan.index else 0
        width += sum(plain.horizontalAdvance(mark) + gap for mark in plan.marks)
        width += (bold.horizontalAdvance(_alarm_words(content.alarm, plan)) + 2 * gap) if content.alarm else 0
        return width + ((bold.horizontalAdvance(tile.look.badge) + 2 * gap) if tile.look.badge else 0)

    def _holds_badge(self, tile: Tile) -> bool:
        """Return whether the caption has room for the whole badge."""
        room = tile.place.caption.width() - 8 * self.unit
        return self._width(tile, self._plan(tile, room)) <= room

    def _least_name(self) -> int:
        return 3 * QFontMetrics(self.font).height()

    def _badges(self, painter: QPainter, tile: Tile, right: int, plan: "_CaptionPlan") -> int:
        content, colours, box = tile.content, self.colours, tile.place.caption
        if content is not None and content.alarm is not None:
            right = self._filled(painter, box, right, _alarm_words(content.alarm, plan), colours.of(content.alarm))
        if tile.look.badge:
            metrics = QFontMetrics(self.bold)
            number = 0 if content is None else metrics.horizontalAdvance(words.camera_no(content.camera.no))
            room = right - box.left() - number - 24 * self.unit  # the number is never covered
            badge = metrics.elidedText(tile.look.badge, Qt.TextElideMode.ElideRight, room)
            if tile.look.face is Face.LOST:
                return self._word(painter, box, right, badge, colours.critical)
            return self._filled(painter, box, right, badge, colours.high)
        return right

    def _marks(self, tile: Tile) -> list[str]:
        content = tile.content
        if content is None:
            return []
        ptz = f"PTZ {content.ptz_holder}".rstrip() if content.camera.ptz else ""
        return [mark for mark in ("REC" if content.recording else "", ptz) if mark]

    def _word(self, painter: QPainter, box: QRect, right: int, text: str, colour: str) -> int:
        width = QFontMetrics(self.font).horizontalAdvance(text)
        painter.setFont(self.font)
        painter.setPen(QColor(colour))
        painter.drawText(QRect(right - width, box.top(), width, box.height()), _MIDDLE_LEFT, text)
        return right - width - 8 * self.unit

    def _filled(self, painter: QPainter, box: QRect, right: int, text: str, colour: str) -> int:
        width = QFontMetrics(self.bold).horizontalAdvance(text) + 8 * self.unit
        plate = QRect(right - width, box.top() + 2 * self.unit, width, box.height() - 4 * self.unit)
        painter.fillRect(plate, QColor(colour))
        painter.setFont(self.bold)
        painter.setPen(QColor(self.colours.ink))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
        return plate.left() - 8 * self.unit

    def _plate(self, painter: QPainter, box: QRect, said: tuple[str, ...]) -> None:
        metrics = QFontMetrics(self.bold)
        room = box.width() - 16 * self.unit
        lines = said[: max(1, (box.height() - 8 * self.unit) // metrics.lineSpacing())]
        texts = [metrics.elidedText(lines[0], Qt.TextElideMode.ElideRight, room)]
        texts += [line for line in lines[1:] if metrics.horizontalAdvance(line) <= room]
        width = max(metrics.horizontalAdvance(text) for text in texts) + 16 * self.unit
        height = metrics.lineSpacing() * len(texts) + 8 * self.unit
        plate = QRect(box.center().x() - width // 2, box.center().y() - height // 2, width, height)
        painter.fillRect(plate, QColor(self.colours.pane))
        y = plate.top() + 4 * self.unit
        for index, text in enumerate(texts):
            painter.setFont(self.font if index else self.bold)
            painter.setPen(QColor(self.colours.dim if index else self.colours.text))
            painter.drawText(QRect(plate.left(), y, width, metrics.lineSpacing()), Qt.AlignmentFlag.AlignCenter, text)
            y += metrics.lineSpacing()

    def _motion(self, painter: QPainter, box: QRect, motion: MotionState) -> None:
        unsure = motion.phase is MotionPhase.MAY_BE_MOVING
        colour = QColor(self.colours.critical if unsure else self.colours.text)
        if motion.phase in _MOVING:
            self._vector(painter, box, motion)
        metrics, room = QFontMetrics(self.bold), box.width() - 8 * self.unit
        text = metrics.elidedText(words.motion_words(motion.phase), Qt.TextElideMode.ElideRight, room - 8 * self.unit)
        width = min(metrics.horizontalAdvance(text) + 8 * self.unit, room)
        plate = QRect(box.left() + 4 * self.unit, box.top() + 4 * self.unit, width, tile_line(self.bold, self.unit))
        painter.fillRect(plate, colour if unsure else QColor(self.colours.pane))
        painter.setFont(self.bold)
        painter.setPen(QColor(self.colours.ink) if unsure else colour)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)

    def _vector(self, painter: QPainter, box: QRect, motion: MotionState) -> None:
        centre, arm = QPointF(box.center()), box.height() / 16
        velocity = motion.velocity.clamped()
        tip = centre + QPointF(velocity.pan * box.width() / 3, -velocity.tilt * box.height() / 3)
        for width, ink in ((3 * self.unit, QColor(0, 0, 0, 160)), (self.unit, _STROKE)):
            painter.setPen(QPen(ink, width))
            painter.drawLine(QLineF(centre.x() - arm, centre.y(), centre.x() + arm, centre.y()))
            painter.drawLine(QLineF(centre.x(), centre.y() - arm, centre.x(), centre.y() + arm))
            painter.drawLine(QLineF(centre, tip))
            if velocity.zoom:
                radius = arm * (1 + abs(velocity.zoom) * 2)
                painter.drawEllipse(centre, radius, radius)
        painter.setBrush(_STROKE)
        painter.drawEllipse(tip, 3.0 * self.unit, 3.0 * self.unit)
        painter.setBrush(Qt.BrushStyle.NoBrush)


@dataclass(frozen=True, slots=True)
class _CaptionPlan:
    """What a caption says beside the camera's number, its face's badge and, in the room left, its name."""

    marks: tuple[str, ...]
    word: bool  # the alarm's word, not its shape alone
    index: bool  # the tile's number


def _alarm_words(alarm: Priority | None, plan: _CaptionPlan) -> str:
    if alarm is None:
        return ""
    return f"{SHAPES[alarm]} {words.priority_word(alarm)}" if plan.word else SHAPES[alarm]


_MIDDLE_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


def tile_line(font: QFont, unit: int) -> int:
    """Return the height of one line of text with its room above and below."""
    return QFontMetrics(font).height() + 4 * unit


def _border(painter: QPainter, box: QRect, colour: QColor, width: int) -> None:
    painter.fillRect(box.left(), box.top(), box.width(), width, colour)
    painter.fillRect(box.left(), box.bottom() - width + 1, box.width(), width, colour)
    painter.fillRect(box.left(), box.top(), width, box.height(), colour)
    painter.fillRect(box.right() - width + 1, box.top(), width, box.height(), colour)
