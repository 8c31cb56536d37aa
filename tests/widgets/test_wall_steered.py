"""The mouse on the picture of a camera that is being steered."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from domain.aiming import Rectangle
from domain.clock import FixedClock
from domain.motion import MotionPhase, MotionState, Velocity
from widgets.tile import ReplayMark, TileContent
from widgets.tile_aim import AimGesture, TileBox, TilePoint, TileVector
from widgets.tile_zoom import Zoom
from widgets.wall import WallView

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
DOME, OTHER = 417, 421


class Heard:
    """What the mouse asked for, in order."""

    def __init__(self, wall: WallView) -> None:
        self.wishes: list[object] = []
        for signal in (wall.vector_drawn, wall.point_chosen, wall.box_drawn, wall.tiles_swapped):
            signal.connect(self.wishes.append)
        wall.maximise_asked.connect(lambda tile: self.wishes.append(("maximise", tile)))

    @property
    def velocities(self) -> list[Velocity]:
        return [wish.velocity for wish in self.wishes if isinstance(wish, TileVector)]


@pytest.fixture
def wall(qtbot: QtBot, samples, clock: FixedClock) -> WallView:
    clock.advance(50)
    view = WallView(clock)
    qtbot.addWidget(view)
    view.resize(900, 640)
    view.show()
    view._poller.stop()
    contents = [TileContent(samples.camera(number), samples.source()) for number in (DOME, OTHER, 418)]
    view.show_tiles((*contents, None))
    for content in contents:
        content.source.send(1, 50.0)  # type: ignore[union-attr]
    view._poll()
    view.steer(DOME)
    return view


@pytest.fixture
def heard(wall: WallView) -> Heard:
    return Heard(wall)


def at(wall: WallView, x: float, y: float, tile: int = 0) -> QPoint:
    box = wall._canvas.tiles[tile].place.picture
    return QPoint(round(box.x() + x * box.width()), round(box.y() + y * box.height()))


def test_a_vector_from_the_middle_turns_until_the_mouse_is_up(wall: WallView, heard: Heard) -> None:
    QTest.mousePress(wall, LEFT, PLAIN, at(wall, 0.5, 0.5))
    assert heard.wishes == []
    QTest.mouseMove(wall, at(wall, 0.75, 0.25))
    QTest.mouseMove(wall, at(wall, 0.99, 0.01))
    assert heard.velocities[-1] == Velocity(1.0, 1.0)
    assert 0 < heard.velocities[0].pan < 1
    QTest.mouseMove(wall, at(wall, 0.5, 0.5))
    assert heard.velocities[-1] == Velocity()
    QTest.mouseMove(wall, at(wall, 0.1, 0.5))
    assert heard.velocities[-1].pan < 0
    QTest.mouseRelease(wall, LEFT, PLAIN, at(wall, 0.1, 0.5))
    assert heard.velocities[-1] == Velocity()
    assert len(heard.wishes) == len(heard.velocities), "and nothing else was asked for"


def test_outside_the_picture_a_vector_is_as_fast_as_can_be(wall: WallView, heard: Heard) -> None:
    QTest.mousePress(wall, LEFT, PLAIN, at(wall, 0.5, 0.5))
    QTest.mouseMove(wall, at(wall, 1.6, 0.5))
    assert heard.velocities == [Velocity(pan=1.0)]
    QTest.mouseRelease(wall, LEFT, PLAIN, at(wall, 1.6, 0.5))


def test_a_click_chooses_a_point(wall: WallView, heard: Heard) -> None:
    QTest.mouseClick(wall, LEFT, PLAIN, at(wall, 0.25, 0.75))
    (point,) = heard.wishes
    assert isinstance(point, TilePoint)
    assert point.camera_no == DOME
    assert (point.x, point.y) == pytest.approx((0.25, 0.75), abs=0.01)


@pytest.mark.parametrize(("keys", "began"), [(PLAIN, (0.1, 0.1)), (SHIFT, (0.5, 0.5))])
def test_a_box_is_drawn_off_the_middle_or_with_shift(
    wall: WallView, heard: Heard, keys: Qt.KeyboardModifier, began: tuple[float, float]
) -> None:
    QTest.mousePress(wall, LEFT, keys, at(wall, *began))
    QTest.mouseMove(wall, at(wall, 0.8, 0.9))
    QTest.mouseRelease(wall, LEFT, keys, at(wall, 0.8, 0.9))
    (box,) = heard.wishes
    assert isinstance(box, TileBox)
    part = box.part
    assert (part.x1, part.y1, part.x2, part.y2) == pytest.approx((*began, 0.8, 0.9), abs=0.02)


def test_in_an_enlarged_tile_the_whole_picture_counts() -> None:
    gesture = AimGesture(DOME, 0, QPointF(0.5, 0.5), zoom=Zoom(2.0, 0.25, 0.25))
    assert gesture.ended() == TilePoint(DOME, 0.25, 0.25)
    drawn = AimGesture(DOME, 0, QPointF(0.0, 0.0), zoom=Zoom(2.0, 0.25, 0.25)).moved(QPointF(1.0, 1.0), far=True)
    assert drawn.ended() == TileBox(DOME, Rectangle(0.0, 0.0, 0.5, 0.5))


def test_other_tiles_are_chosen_and_dragged_as_ever(wall: WallView, heard: Heard) -> None:
    QTest.mouseClick(wall, LEFT, PLAIN, at(wall, 0.5, 0.5, tile=1))
    assert wall.selected == 1
    assert heard.wishes == []
    QTest.mousePress(wall, LEFT, PLAIN, at(wall, 0.5, 0.5, tile=1))
    QTest.mouseMove(wall, at(wall, 0.5, 0.5, tile=2))
    QTest.mouseRelease(wall, LEFT, PLAIN, at(wall, 0.5, 0.5, tile=2))
    assert len(heard.wishes) == 1
    assert not isinstance(heard.wishes[0], TileVector)


def test_a_click_that_chooses_another_tile_steers_nothing(wall: WallView, heard: Heard) -> None:
    wall.tile_selected.connect(lambda _tile: wall.steer(OTHER))  # as the desk does
    QTest.mouseClick(wall, LEFT, PLAIN, at(wall, 0.3, 0.3, tile=1))
    assert heard.wishes == []
    QTest.mouseClick(wall, LEFT, PLAIN, at(wall, 0.3, 0.3, tile=1))
    assert len(heard.wishes) == 1


def _other_camera(wall: WallView) -> None:
    wall.steer(OTHER)


def _no_camera(wall: WallView) -> None:
    wall.steer(None)


def _hide(wall: WallView) -> None:
    wall.hide()


def _drop(wall: WallView) -> None:
    wall.drop_gesture()


def _other_content(wall: WallView) -> None:
    wall.show_tiles((None, *wall._contents[1:]))
    QTest.mouseMove(wall, QPoint(200, 200))


@pytest.mark.parametrize("take_away", [_other_camera, _no_camera, _hide, _drop, _other_content])
def test_whatever_takes_the_mouse_away_ends_the_vector(wall: WallView, heard: Heard, take_away) -> None:
    QTest.mousePress(wall, LEFT, PLAIN, at(wall, 0.5, 0.5))
    QTest.mouseMove(wall, at(wall, 0.9, 0.5))
    assert not heard.velocities[-1].still
    take_away(wall)
    assert heard.wishes[-1] == TileVector(DOME, Velocity())
    asked = len(heard.wishes)
    QTest.mouseMove(wall, at(wall, 0.2, 0.2))
    QTest.mouseRelease(wall, LEFT, PLAIN, at(wall, 0.2, 0.2))
    assert len(heard.wishes) == asked


def test_clicks_leave_the_keys_with_whoever_has_them(wall: WallView) -> None:
    assert not wall.focusPolicy() & Qt.FocusPolicy.ClickFocus
    wall.steer(None)
    assert wall.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_a_replay_and_a_wall_that_is_not_steered_take_no_vector(wall: WallView, heard: Heard, samples) -> None:
    content = wall._contents[0]
    assert content is not None
    wall.show_tiles((replace(content, source=samples.source(), replay=ReplayMark(10.0)), *wall._contents[1:]))
    QTest.mousePress(wall, LEFT, PLAIN, at(wall, 0.5, 0.5))
    QTest.mouseMove(wall, at(wall, 0.6, 0.5))
    QTest.mouseRelease(wall, LEFT, PLAIN, at(wall, 0.6, 0.5))
    QTest.mouseDClick(wall, LEFT, PLAIN, at(wall, 0.5, 0.5))
    assert heard.wishes == [("maximise", 0)]


def test_a_double_click_on_what_is_steered_does_not_maximise(wall: WallView, heard: Heard) -> None:
    QTest.mouseDClick(wall, LEFT, PLAIN, at(wall, 0.3, 0.3))
    assert ("maximise", 0) not in heard.wishes


def test_crosshair_vector_and_box_are_drawn(wall: WallView, take_picture) -> None:
    plain = take_picture(wall, "steered", 900, 640)
    middle = at(wall, 0.5, 0.5)
    wall.steer(None)
    bare = take_picture(wall, "not-steered", 900, 640)
    assert plain != bare
    wall.steer(DOME)
    QTest.mousePress(wall, LEFT, PLAIN, middle)
    QTest.mouseMove(wall, at(wall, 0.9, 0.2))
    vector = take_picture(wall, "vector", 900, 640)
    assert vector != plain
    QTest.mouseRelease(wall, LEFT, PLAIN, at(wall, 0.9, 0.2))
    assert take_picture(wall, "steered-again", 900, 640) == plain
    QTest.mousePress(wall, LEFT, PLAIN, at(wall, 0.1, 0.1))
    QTest.mouseMove(wall, at(wall, 0.4, 0.4))
    assert take_picture(wall, "box", 900, 640) not in (plain, vector)
    wall.drop_gesture()


def test_sent_confirmed_and_unsure_look_different(wall: WallView, take_picture) -> None:
    wall.steer(None)
    seen = []
    for phase in (MotionPhase.MOVE_SENT, MotionPhase.MOVING, MotionPhase.MAY_BE_MOVING):
        wall.show_motion(MotionState(DOME, phase, Velocity(1.0, 0.5)))
        seen.append(take_picture(wall, f"motion-{phase}", 900, 640))
    assert seen[0] != seen[1]
    box = wall._canvas.tiles[0].place.picture
    corner = box.bottomRight() - QPoint(1, 1)
    assert QColor(seen[2].pixel(corner)) == QColor("#FF5D5D")
    assert QColor(seen[1].pixel(corner)) != QColor("#FF5D5D")
