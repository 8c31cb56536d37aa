"""The mouse on the picture of a camera that is being steered: a vector from the middle, a point, a box."""

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from domain.aiming import Rectangle
from domain.hand import Curve
from domain.motion import Velocity
from widgets.tile_brush import TileBrush
from widgets.tile_zoom import WHOLE, Zoom

GRIP = 0.12  # of the picture's height around its middle: a press there begins a vector, elsewhere a box
_REST = 0.04  # of half the picture: so near to the middle nothing turns
_REACH = 0.9  # of half the picture: from there on the camera turns as fast as it can
_STEPS = 50  # speeds between 0 and the fastest: a mouse tells a thousand places a second
_CURVE = Curve(0.5)
_STROKE, _EDGE = QColor("#F2F4F5"), QColor(0, 0, 0, 160)  # over pictures, light on a dark edge in both themes


@dataclass(frozen=True, slots=True)
class TileVector:
    """The mouse asks this camera to turn at this velocity; still when it lets go."""

    camera_no: int
    velocity: Velocity


@dataclass(frozen=True, slots=True)
class TilePoint:
    """This point of a camera's whole picture (shares from the top left) is to come to its middle."""

    camera_no: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class TileBox:
    """This part of a camera's whole picture is to fill it."""

    camera_no: int
    part: Rectangle


class _Kind(Enum):
    CLICK = auto()
    VECTOR = auto()
    BOX = auto()


@dataclass(frozen=True, slots=True)
class AimGesture:
    """One press of the mouse on a picture, from down to up. Places are shares of the tile's picture.

    `ratio` is its width for each 1 of height. With `boxes` a press draws a box wherever it begins.
    """

    camera_no: int
    tile: int
    began: QPointF
    ratio: float = 16 / 9
    boxes: bool = False
    zoom: Zoom = WHOLE
    at: QPointF = field(default_factory=QPointF)
    kind: _Kind = _Kind.CLICK

    def moved(self, at: QPointF, *, far: bool) -> "AimGesture":
        """Return the gesture with the mouse here; `far` says that it is more than a click."""
        kind = self.kind
        if kind is _Kind.CLICK and far:
            kind = _Kind.VECTOR if self._grips() and not self.boxes else _Kind.BOX
        return replace(self, at=at, kind=kind)

    @property
    def velocity(self) -> Velocity:
        """What a vector asks for; still for anything else."""
        if self.kind is not _Kind.VECTOR:
            return Velocity()
        across, down = _speed(self.at.x() - 0.5), _speed(self.at.y() - 0.5)
        return Velocity(across, -down if down else 0.0)

    def ended(self) -> TilePoint | TileBox | None:
        """Return what the gesture asks for once the mouse is up: nothing after a vector."""
        if self.kind is _Kind.CLICK:
            point = self._whole(self.began)
            return TilePoint(self.camera_no, point.x(), point.y())
        if self.kind is _Kind.BOX:
            one, other = self._whole(self.began), self._whole(self.at)
            return TileBox(self.camera_no, Rectangle(one.x(), one.y(), other.x(), other.y()))
        return None

    def draw(self, brush: TileBrush, painter: QPainter, picture: QRect) -> None:
        """Draw the vector or the box as it is asked for, over the picture."""
        if self.kind is _Kind.BOX:
            box = QRectF(on_picture(picture, self.began), on_picture(picture, self.at)).normalized()
            for ink, width in _inks(brush):
                painter.setPen(QPen(ink, width))
                painter.drawRect(box)
        elif self.kind is _Kind.VECTOR:
            line = QLineF(on_picture(picture, QPointF(0.5, 0.5)), on_picture(picture, self.at))
            for ink, width in _inks(brush):
                painter.setPen(QPen(ink, width, Qt.PenStyle.DotLine))
                painter.drawLine(line)
                painter.drawEllipse(line.p2(), 3.0 * brush.unit, 3.0 * brush.unit)

    def _grips(self) -> bool:
        across, down = (self.began.x() - 0.5) * self.ratio, self.began.y() - 0.5
        return across * across + down * down <= GRIP * GRIP

    def _whole(self, at: QPointF) -> QPointF:
        """Return a point of the tile as one of the whole picture, of which an enlarged tile shows a part."""
        part = self.zoom.part
        return QPointF(part.x() + at.x() * part.width(), part.y() + at.y() * part.height())


def draw_crosshair(brush: TileBrush, painter: QPainter, picture: QRect) -> None:
    """Mark the middle of the picture that hands steer, where a vector begins."""
    centre, arm = QPointF(picture.center()), picture.height() * GRIP
    for ink, width in _inks(brush):
        painter.setPen(QPen(ink, width))
        for way in (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)):
            painter.drawLine(QLineF(centre + way * arm / 3, centre + way * arm))


def _speed(off: float) -> float:
    """Return the speed for so much of the picture off its middle, to either side."""
    share = (abs(off) * 2 - _REST) / (_REACH - _REST)
    if share <= 0:
        return 0.0
    speed = round(_CURVE.speed(min(1.0, share)) * _STEPS) / _STEPS
    return speed if off > 0 else -speed


def on_picture(picture: QRect, share: QPointF) -> QPointF:
    """Return where a point, given as shares of a picture, lies in device pixels."""
    return QPointF(picture.x() + share.x() * picture.width(), picture.y() + share.y() * picture.height())


def _inks(brush: TileBrush) -> tuple[tuple[QColor, int], tuple[QColor, int]]:
    return (_EDGE, 3 * brush.unit), (_STROKE, brush.unit)
