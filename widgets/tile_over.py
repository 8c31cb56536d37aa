"""Draws what lies over a tile's picture when the wall is painted; nothing for a quiet live one."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from domain.motion import MotionState
from domain.picture import Face
from widgets.tile_brush import TileBrush
from widgets.tile_look import replay_words
from widgets.tile_marks import unmasked_word
from widgets.tile_motion import SPEAKING, draw_motion
from widgets.tile_state import Tile

_DIMMED = QColor(0, 0, 0, 77)  # 30 %
_HATCHING = QColor(152, 162, 170, 110)
_SHADED = QColor(0, 0, 0, 140)
_OUTLINE, _STROKE = "#98A2AA", "#F2F4F5"  # over pictures, light in both themes
_INSET_SHARE = 5  # of the picture's width


def draw_over(brush: TileBrush, painter: QPainter, tile: Tile, motion: MotionState | None) -> None:
    """Draw over the picture what its face, its replay, its zoom and the camera's movement ask for."""
    box, look = tile.place.picture, tile.look
    _veil(brush, painter, tile)
    if tile.replayed:
        _band(brush, painter, tile)
        box = box.adjusted(0, _band_height(brush, box), 0, 0)
    if not tile.unmasked_shown and tile.content is not None and tile.content.unmasked:
        _unmasked(brush, painter, box)
    if tile.zoom.active and tile.has_picture:
        _inset(brush, painter, tile)
    if look.lines:
        brush.plate(painter, box, look.lines)
    elif look.badge and not tile.badge_shown:
        brush.plate(painter, box, (look.badge,))
    if motion is not None and motion.phase in SPEAKING:
        draw_motion(brush, painter, box, motion)


def draw_frame(brush: TileBrush, painter: QPainter, tile: Tile, *, selected: bool, lit: bool) -> None:
    """Draw the border: 2 px accent where selected, 4 px of the alarm's colour while `lit`."""
    inset = 0
    if selected:
        brush.border(painter, tile.place.cell, brush.colours.accent, 2 * brush.unit)
        inset = 2 * brush.unit
    if lit and tile.content is not None and tile.content.alarm is not None:
        box = tile.place.cell.adjusted(inset, inset, -inset, -inset)
        brush.border(painter, box, brush.colours.of(tile.content.alarm), 4 * brush.unit)


def draw_target(brush: TileBrush, painter: QPainter, tile: Tile) -> None:
    """Mark the tile that a carried one would be put into."""
    painter.fillRect(tile.place.picture, _DIMMED)
    brush.border(painter, tile.place.cell, brush.colours.accent, 4 * brush.unit)


def draw_number(brush: TileBrush, painter: QPainter, wall: QRect, number: int, said: str) -> None:
    """Draw a monitor's number over the whole wall, to tell monitors apart."""
    side = min(wall.width(), wall.height()) // 2
    plate = QRect(0, 0, side, side)
    plate.moveCenter(wall.center())
    painter.fillRect(plate, QColor(brush.colours.pane))
    brush.border(painter, plate, brush.colours.accent, 4 * brush.unit)
    painter.setPen(QColor(brush.colours.text))
    font = brush.bold
    painter.setFont(font)
    below = plate.adjusted(0, plate.height() - 2 * brush.line, 0, -brush.pad)
    painter.drawText(below, Qt.AlignmentFlag.AlignCenter, said)
    font = type(font)(font)
    font.setPixelSize(max(1, side * 5 // 8))
    painter.setFont(font)
    painter.drawText(plate.adjusted(0, 0, 0, -brush.line), Qt.AlignmentFlag.AlignCenter, str(number))


def _veil(brush: TileBrush, painter: QPainter, tile: Tile) -> None:
    box = tile.place.picture
    replay = tile.content.replay if tile.content is not None else None
    if replay is not None and replay.missing_at is not None:
        painter.fillRect(box, QColor(brush.colours.pane))
        painter.fillRect(box, QBrush(_HATCHING, Qt.BrushStyle.BDiagPattern))
        return
    match tile.look.face:
        case Face.STALE | Face.FROZEN:
            painter.fillRect(box, _DIMMED)
        case Face.LOST:
            painter.fillRect(box, _SHADED)
            painter.fillRect(box, QBrush(_HATCHING, Qt.BrushStyle.BDiagPattern))
        case Face.WAITING if tile.leftover:
            painter.fillRect(box, _SHADED)


def _band(brush: TileBrush, painter: QPainter, tile: Tile) -> None:
    """Draw what makes a replayed picture unlike a live one: a frame and a band in the accent's colour."""
    box, content = tile.place.picture, tile.content
    if content is None or content.replay is None:
        return
    brush.border(painter, box, brush.colours.accent, 3 * brush.unit)
    band = QRect(box.left(), box.top(), box.width(), _band_height(brush, box))
    texts = replay_words(content.replay)
    said = next((text for text in texts if brush.bold_width(text) + 2 * brush.pad <= band.width()), texts[-1])
    brush.filled(painter, band, said, brush.colours.accent)


def _band_height(brush: TileBrush, box: QRect) -> int:
    return min(brush.line, box.height() // 3)


def _unmasked(brush: TileBrush, painter: QPainter, box: QRect) -> None:
    """Say at the top right that masks are lifted, where the caption had no room for it."""
    text = unmasked_word()
    plate = QRect(0, 0, min(box.width(), brush.bold_width(text) + 2 * brush.pad), min(brush.line, box.height() // 3))
    plate.moveTopRight(box.topRight())
    brush.filled(painter, plate, text, brush.colours.high)


def _inset(brush: TileBrush, painter: QPainter, tile: Tile) -> None:
    """Draw which part of the picture is seen: a small frame of the whole one at the top right."""
    box = tile.place.picture
    width, height = box.width() // _INSET_SHARE, box.height() // _INSET_SHARE
    down = brush.pad + (_band_height(brush, box) if tile.replayed else 0)
    whole = QRect(box.right() - width - brush.pad, box.top() + down, width, height)
    painter.fillRect(whole, _SHADED)
    brush.border(painter, whole, _OUTLINE, brush.unit)
    part = tile.zoom.part
    seen = QRectF(
        whole.x() + part.x() * width, whole.y() + part.y() * height, part.width() * width, part.height() * height
    )
    brush.border(painter, seen.toRect(), _STROKE, brush.unit)
