"""Draws what is known of a camera's movement over its picture."""

from PySide6.QtCore import QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from domain.motion import MotionPhase, MotionState
from widgets import words
from widgets.tile_brush import TileBrush

_STROKE = QColor("#F2F4F5")  # over pictures, light on a dark edge in both themes
_MOVING = frozenset({MotionPhase.MOVE_SENT, MotionPhase.MOVING})
SPEAKING = _MOVING | {MotionPhase.STOP_SENT, MotionPhase.STOPPED, MotionPhase.MAY_BE_MOVING}


def draw_motion(brush: TileBrush, painter: QPainter, box: QRect, motion: MotionState) -> None:
    """Draw the phase in words, red where the camera may be moving, and the speed as a vector while it moves.

    The vector is broken as long as the movement was only sent, and whole once the camera has confirmed it.
    """
    unsure = motion.phase is MotionPhase.MAY_BE_MOVING
    colours = brush.colours
    if motion.phase in _MOVING:
        _vector(brush, painter, box, motion)
    if unsure:
        brush.border(painter, box, colours.critical, 3 * brush.unit)
    room = box.width() - 2 * brush.pad
    text = brush.elided(words.motion_words(motion.phase), room - 2 * brush.pad)
    width = min(brush.bold_width(text) + 2 * brush.pad, room)
    plate = QRect(box.left() + brush.pad, box.top() + brush.pad, width, brush.line)
    if unsure:
        brush.filled(painter, plate, text, colours.critical)
    else:
        brush.filled(painter, plate, text, colours.pane, colours.text)


def _vector(brush: TileBrush, painter: QPainter, box: QRect, motion: MotionState) -> None:
    centre, arm = QPointF(box.center()), box.height() / 16
    velocity = motion.velocity.clamped()
    tip = centre + QPointF(velocity.pan * box.width() / 3, -velocity.tilt * box.height() / 3)
    line = Qt.PenStyle.SolidLine if motion.phase is MotionPhase.MOVING else Qt.PenStyle.DashLine
    for width, ink in ((3 * brush.unit, QColor(0, 0, 0, 160)), (brush.unit, _STROKE)):
        painter.setPen(QPen(ink, width, line))
        painter.drawLine(QLineF(centre.x() - arm, centre.y(), centre.x() + arm, centre.y()))
        painter.drawLine(QLineF(centre.x(), centre.y() - arm, centre.x(), centre.y() + arm))
        painter.drawLine(QLineF(centre, tip))
        if velocity.zoom:
            radius = arm * (1 + abs(velocity.zoom) * 2)
            painter.drawEllipse(centre, radius, radius)
    painter.setBrush(_STROKE)
    painter.drawEllipse(tip, 3.0 * brush.unit, 3.0 * brush.unit)
    painter.setBrush(Qt.BrushStyle.NoBrush)
