"""Draws a tile's caption strip, and its place where it has no picture, on the wall's image."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from domain.picture import Face
from widgets import words
from widgets.tile_brush import MIDDLE_LEFT, TileBrush
from widgets.tile_marks import Plate, marks_of, plates_of, unmasked_word
from widgets.tile_state import Tile


@dataclass(frozen=True, slots=True)
class CaptionPlan:
    """What a caption says beside the camera's number, its face's badge and, in the room left, its name."""

    marks: tuple[str, ...]
    words: bool  # the plates' words, not their short forms
    index: bool  # the tile's number
    plates: tuple[Plate, ...] = ()

    def texts(self) -> tuple[str, ...]:
        """Return what the plates say."""
        return tuple(plate.text if self.words else plate.short for plate in self.plates)


def draw_caption(brush: TileBrush, painter: QPainter, tile: Tile, *, selected: bool) -> None:
    """Draw the strip: tile number, camera number and name, marks, plates, and the badge of what is not normal.

    A narrow tile says less, never one thing over another: first the marks go, then the plates' words, then the tile's
    number, then the name, then plates; the camera's number stays. What had no room is said over the picture.
    """
    box, content, colours = tile.place.caption, tile.content, brush.colours
    painter.fillRect(box, QColor(colours.raised if selected else colours.pane))
    if content is None:
        return
    room = caption_room(brush, tile)
    plan = plan_caption(brush, tile, room)
    tile.badge_shown = caption_width(brush, tile, plan) <= room
    tile.unmasked_shown = any(plate.text == unmasked_word() for plate in plan.plates)
    right = _right_side(brush, painter, tile, plan)
    left = box.left() + _side(brush)
    parts = [(f"{tile.index + 1}", brush.font, colours.dim)] if plan.index else []
    for text, font, ink in (*parts, (words.camera_no(content.camera.no), brush.bold, colours.text)):
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(QRect(left, box.top(), max(0, right - left), box.height()), MIDDLE_LEFT, text)
        left += QFontMetrics(font).horizontalAdvance(text) + 2 * brush.pad
    if right - left >= _least_name(brush):
        painter.setFont(brush.font)
        name = QFontMetrics(brush.font).elidedText(content.camera.name, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRect(left, box.top(), right - left, box.height()), MIDDLE_LEFT, name)


def plan_caption(brush: TileBrush, tile: Tile, room: int) -> CaptionPlan:
    """Choose the fullest caption that leaves the name some room, else one without a name; the barest if none fits."""
    if tile.content is None:
        return CaptionPlan((), words=False, index=False)
    marks, plates = marks_of(tile), plates_of(tile.content, brush.colours)
    plans = [CaptionPlan(marks[first:], words=True, index=True, plates=plates) for first in range(len(marks) + 1)]
    plans += [CaptionPlan((), words=False, index=index, plates=plates) for index in (True, False)]
    for plan in plans:
        if caption_width(brush, tile, plan) + _least_name(brush) <= room:
            return plan
    fewer = [CaptionPlan((), words=False, index=False, plates=plates[:most]) for most in range(len(plates), -1, -1)]
    return next((plan for plan in fewer if caption_width(brush, tile, plan) <= room), fewer[-1])


def caption_room(brush: TileBrush, tile: Tile) -> int:
    """Return how wide a caption can be; an alarm's border covers the rest."""
    return tile.place.caption.width() - 2 * _side(brush)


def caption_width(brush: TileBrush, tile: Tile, plan: CaptionPlan) -> int:
    """Return how wide a caption is without the camera's name."""
    content, gap = tile.content, 2 * brush.pad
    if content is None:
        return 0
    width = brush.bold_width(words.camera_no(content.camera.no)) + gap
    width += (brush.width(f"{tile.index + 1}") + gap) if plan.index else 0
    width += sum(brush.width(mark) + gap for mark in plan.marks)
    width += sum(brush.bold_width(text) + 2 * gap for text in plan.texts())
    return width + ((brush.bold_width(tile.look.badge) + 2 * gap) if tile.look.badge else 0)


def draw_empty(brush: TileBrush, painter: QPainter, tile: Tile, lines: tuple[str, ...]) -> None:
    """Draw the picture's area of a tile that has no picture: grey, and for an empty tile its number and `lines`."""
    box = tile.place.picture
    painter.fillRect(box, QColor(brush.colours.pane))
    if tile.content is None:
        painter.setFont(brush.font)
        painter.setPen(QColor(brush.colours.dim))
        most = max(1, box.height() // QFontMetrics(brush.font).lineSpacing())
        said = (str(tile.index + 1), *lines)[:most]
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "\n".join(said))


def _side(brush: TileBrush) -> int:
    return brush.pad + 2 * brush.unit


def _least_name(brush: TileBrush) -> int:
    return 3 * QFontMetrics(brush.font).height()


def _right_side(brush: TileBrush, painter: QPainter, tile: Tile, plan: CaptionPlan) -> int:
    """Draw what stands at the right, and return where it begins."""
    content, box, colours = tile.content, tile.place.caption, brush.colours
    right = box.right() - _side(brush)
    if content is None:
        return right
    for plate, text in zip(plan.plates, plan.texts(), strict=True):
        right = _filled(brush, painter, box, right, text, plate.fill, plate.ink)
    if tile.look.badge and tile.badge_shown:
        if tile.look.face is Face.LOST:
            right = _word(brush, painter, box, right, tile.look.badge, colours.critical)
        else:
            right = _filled(brush, painter, box, right, tile.look.badge, colours.high, colours.ink)
    for mark in reversed(plan.marks):
        right = _word(brush, painter, box, right, mark, colours.dim)
    return right


def _word(brush: TileBrush, painter: QPainter, box: QRect, right: int, text: str, colour: str) -> int:
    width = brush.width(text)
    painter.setFont(brush.font)
    painter.setPen(QColor(colour))
    painter.drawText(QRect(right - width, box.top(), width, box.height()), MIDDLE_LEFT, text)
    return right - width - 2 * brush.pad


def _filled(brush: TileBrush, painter: QPainter, box: QRect, right: int, text: str, fill: str, ink: str) -> int:
    width = brush.bold_width(text) + 2 * brush.pad
    plate = QRect(right - width, box.top() + 2 * brush.unit, width, box.height() - 4 * brush.unit)
    brush.filled(painter, plate, text, fill, ink)
    return plate.left() - 2 * brush.pad
