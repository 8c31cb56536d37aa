"""A picture that was seen without its privacy masks is gone at once when they are put back, or when one is added."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from domain.clock import FixedClock
from domain.picture import Face
from widgets.tile import ReplayMark, TileContent
from widgets.tile_zoom import WHOLE
from widgets.wall import WallView

SECRET, COVERED = "#aa2233", "#2233aa"
DOOR = ((0.1, 0.1), (0.4, 0.1), (0.4, 0.4))
WINDOW = ((0.6, 0.6), (0.9, 0.6), (0.9, 0.9))


@pytest.fixture
def wall(qtbot: QtBot, clock: FixedClock) -> WallView:
    clock.advance(50)
    view = WallView(clock)
    qtbot.addWidget(view)
    view.resize(900, 640)
    view.show()
    view._poller.stop()
    return view


def holds(wall: WallView, colour: str) -> bool:
    """Return whether any of this colour, however dimmed, is on the screen: red is in nothing else that is drawn."""
    image, wanted = wall.grab().toImage(), QColor(colour)
    for x in range(0, image.width(), 3):
        for y in range(0, image.height(), 3):
            if abs(image.pixelColor(x, y).hsvHue() - wanted.hsvHue()) < 8 and image.pixelColor(x, y).saturation() > 90:
                return True
    return False


def uncovered(wall: WallView, samples) -> TileContent:
    """Have a camera with its masks lifted on the wall."""
    content = TileContent(samples.camera(masks=(DOOR,)), samples.source(), unmasked=True)
    wall.show_tiles((content, None, None, None))
    content.source.send(1, 50.0, colour=SECRET)
    wall._poll()
    assert holds(wall, SECRET)
    return content


def test_putting_masks_back_takes_the_picture_off_until_a_masked_one_is_there(wall: WallView, samples) -> None:
    content, masked = uncovered(wall, samples), samples.source()
    wall.show_tiles((replace(content, source=masked, unmasked=False), None, None, None))
    assert not holds(wall, SECRET)
    assert wall.picture(0) is None
    wall._judge(51.0)
    assert wall._canvas.tiles[0].look.face is Face.WAITING
    assert not holds(wall, SECRET)
    masked.send(1, 51.0, colour=COVERED)
    wall._poll()
    assert holds(wall, COVERED)


def test_a_mask_that_is_added_takes_the_picture_off(wall: WallView, samples) -> None:
    before, after = samples.source(), samples.source()
    camera = samples.camera(masks=(DOOR,))
    wall.show_tiles((TileContent(camera, before),))
    before.send(1, 50.0, colour=SECRET)
    wall._poll()
    wall.show_tiles((TileContent(replace(camera, masks=(DOOR, WINDOW)), after),))
    assert not holds(wall, SECRET)


def test_a_mask_that_is_taken_away_leaves_the_picture(wall: WallView, samples) -> None:
    source = samples.source()
    camera = samples.camera(masks=(DOOR, WINDOW))
    wall.show_tiles((TileContent(camera, source),))
    source.send(1, 50.0, colour=COVERED)
    wall._poll()
    wall.show_tiles((TileContent(replace(camera, masks=(DOOR,)), source),))
    assert holds(wall, COVERED)


def test_a_part_that_was_enlarged_goes_too(wall: WallView, samples) -> None:
    content = uncovered(wall, samples)
    wall._zoom(wall._canvas.tiles[0], WHOLE.turned(4, QPointF(0.5, 0.5)))
    assert holds(wall, SECRET)
    wall.show_tiles((replace(content, source=samples.source(), unmasked=False), None, None, None))
    assert wall._canvas.tiles[0].full is None
    assert not holds(wall, SECRET)


@pytest.mark.parametrize("later", [{"unmasked": False}, {"camera": None}])
def test_a_camera_that_comes_back_later_brings_no_uncovered_picture(wall: WallView, samples, later: dict) -> None:
    content = uncovered(wall, samples)
    if "camera" in later:  # it was seen with one mask, and comes back with two
        content = replace(content, unmasked=False)
        wall.show_tiles((content, None, None, None))
        content.source.send(2, 50.0, colour=SECRET)
        wall._poll()
        later = {"camera": replace(content.camera, masks=(DOOR, WINDOW))}
    wall.show_tiles((None, None, None, None))
    assert not holds(wall, SECRET)
    wall.show_tiles((replace(content, source=samples.source(), **later), None, None, None))
    assert not holds(wall, SECRET)
    assert wall.picture(0) is None


def test_a_replay_that_is_to_be_covered_goes_at_once_although_it_stands_still(wall: WallView, samples) -> None:
    content = TileContent(samples.camera(masks=(DOOR,)), samples.source(), replay=ReplayMark(9.0, paused=True))
    wall.show_tiles((replace(content, unmasked=True),))
    content.source.send(1, 50.0, colour=SECRET)
    wall._poll()
    assert holds(wall, SECRET)
    wall.show_tiles((replace(content, source=None),))
    assert not holds(wall, SECRET)


def test_a_tour_that_goes_on_to_a_camera_with_other_masks_keeps_its_picture(wall: WallView, samples) -> None:
    one, other = samples.source(), samples.source()
    content = TileContent(samples.camera(1), one, next_source=other)
    wall.show_tiles((content,))
    other.send(1, 50.0, colour=COVERED)
    wall._poll()
    wall.show_tiles((TileContent(samples.camera(2, masks=(DOOR,)), other),))
    assert holds(wall, COVERED)
