from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDropEvent, QHelpEvent
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from domain.alarm import Priority
from domain.clock import FixedClock
from domain.motion import MotionPhase, MotionState
from domain.picture import Face, LossReason, PictureState
from widgets.camera_drag import camera_to_drag
from widgets.theme import NIGHT
from widgets.tile import TileContent, TileDrop
from widgets.tile_state import Counter
from widgets.wall import WallView


@pytest.fixture
def wall(qtbot: QtBot, clock: FixedClock) -> WallView:
    view = WallView(clock)
    qtbot.addWidget(view)
    view.resize(900, 640)
    clock.advance(50)
    return view


def shown(qtbot: QtBot, wall: WallView, count: int, tile: int = 0) -> None:
    qtbot.waitUntil(lambda: wall.statistics()[tile].shown >= count, timeout=5000)


def face(wall: WallView, tile: int = 0) -> Face:
    return wall.statistics()[tile].face


def test_every_painted_frame_is_counted_against_what_was_sent(qtbot: QtBot, wall: WallView, samples) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(), source),))
    wall.show()
    for number in (10, 11, 14):
        before = wall.statistics()[0].shown
        source.send(number, 50.0)
        shown(qtbot, wall, before + 1)
    figures = wall.statistics()[0]
    assert (figures.shown, figures.sent, figures.first_shown_at) == (3, 5, 50.0)


def test_a_frame_that_was_never_painted_does_not_count_as_shown(qtbot: QtBot, wall: WallView, samples) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(), source),))
    with qtbot.waitExposed(wall):
        wall.show()
    for number in (1, 2, 3):
        source.send(number, 50.0)
        wall._poll()
    wall.repaint()
    assert (wall.statistics()[0].shown, wall.statistics()[0].sent) == (1, 1)


def test_a_session_that_starts_again_counts_from_its_own_numbers() -> None:
    counter = Counter()
    for number in (100, 101, 103, 1, 2):
        counter.count(number, 0.0)
    assert (counter.shown, counter.sent) == (5, 6)


def test_nothing_is_polled_while_nobody_sees_the_wall(qtbot: QtBot, wall: WallView, samples) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(), source),))
    wall.show()
    wall.hide()
    source.send(1, 50.0)
    qtbot.wait(60)
    assert len(source.frames) == 1
    wall.show()
    shown(qtbot, wall, 1)


def test_a_frame_in_tile_size_reaches_the_screen_pixel_by_pixel(qtbot: QtBot, wall: WallView, samples) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(), source),))
    wall.show()
    size = wall.tile_sizes()[0]
    source.send(1, 50.0, size.width, size.height, colour="#123456")
    shown(qtbot, wall, 1)
    box = wall._canvas.tiles[0].place.picture
    image = wall.grab().toImage()
    assert {image.pixelColor(point).name() for point in (box.topLeft(), box.center(), box.bottomRight())} == {"#123456"}


def test_an_overwritten_frame_is_replaced_by_the_next_and_never_counted(qtbot: QtBot, wall: WallView, samples) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(), source),))
    wall.show()
    source.send(1, 50.0, whole=False)
    source.send(2, 50.0)
    shown(qtbot, wall, 1)
    source.send(3, 50.0, whole=False)
    qtbot.waitUntil(lambda: not source.frames)
    assert (wall.statistics()[0].shown, wall.statistics()[0].sent) == (1, 1)


def test_a_picture_that_stops_is_stale_after_two_seconds_and_lost_after_five(
    qtbot: QtBot, wall: WallView, samples, clock: FixedClock
) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(), source),))
    wall.show()
    assert face(wall) is Face.WAITING
    source.send(1, clock.monotonic())
    shown(qtbot, wall, 1)
    assert face(wall) is Face.LIVE
    live = wall.grab().toImage()
    clock.advance(2.1)
    qtbot.waitUntil(lambda: face(wall) is Face.STALE)
    stale = wall.grab().toImage()
    clock.advance(3.0)
    qtbot.waitUntil(lambda: face(wall) is Face.LOST)
    lost = wall.grab().toImage()
    assert live != stale != lost != live
    source.send(2, clock.monotonic())
    shown(qtbot, wall, 2)
    assert face(wall) is Face.LIVE


def test_the_age_is_that_of_the_picture_on_the_screen_not_of_the_stream(
    qtbot: QtBot, wall: WallView, samples, clock: FixedClock
) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(), source),))
    wall.show()
    source.send(1, clock.monotonic())
    shown(qtbot, wall, 1)
    clock.advance(6)
    source.told = replace(source.told, picture_at=clock.monotonic())  # it decodes, but nothing reaches the tile
    qtbot.waitUntil(lambda: face(wall) is Face.LOST)


def test_a_swapped_source_keeps_the_old_picture_with_its_age_until_its_first_frame(
    qtbot: QtBot, wall: WallView, samples, clock: FixedClock
) -> None:
    old, new = samples.source(), samples.source(PictureState(since=50.0))
    camera = samples.camera()
    wall.show_tiles((TileContent(camera, old), None, None, None))
    wall.show()
    old.send(1, clock.monotonic(), colour="#aa2233")
    shown(qtbot, wall, 1)
    wall.show_tiles((TileContent(camera, new),))
    kept = wall.picture(0)
    assert kept is not None
    assert kept.pixelColor(kept.rect().center()) == QColor("#aa2233")
    clock.advance(3)
    qtbot.waitUntil(lambda: face(wall) is Face.STALE)
    new.send(1, clock.monotonic(), colour="#2233aa")
    shown(qtbot, wall, 2)
    assert face(wall) is Face.LIVE
    assert wall.statistics()[0].sent == 2


def test_a_tile_never_shows_another_cameras_picture(qtbot: QtBot, wall: WallView, samples, clock: FixedClock) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(1), source),))
    wall.show()
    source.send(1, clock.monotonic())
    shown(qtbot, wall, 1)
    wall.show_tiles((TileContent(samples.camera(2), samples.source()),))
    assert wall.picture(0) is None
    assert wall.statistics()[0].shown == 0


def test_a_camera_without_a_stream_says_so_at_once(qtbot: QtBot, wall: WallView, samples) -> None:
    wall.show_tiles((TileContent(samples.camera(sub_url="")),))
    wall.show()
    assert face(wall) is Face.LOST
    assert "No stream" in wall.accessibleDescription()


@pytest.mark.qt_log_ignore("does not support raise")  # the offscreen platform, of tool tips
def test_hovering_over_a_lost_tile_says_what_to_do(qtbot: QtBot, wall: WallView, samples) -> None:
    source = samples.source(PictureState(since=0.0, reason=LossReason.WRONG_PASSWORD))
    wall.show_tiles((TileContent(samples.camera(name="<b>gate</b>"), source),))
    wall.show()
    point = QPoint(450, 320)
    wall.event(QHelpEvent(QEvent.Type.ToolTip, point, wall.mapToGlobal(point)))
    assert "administrator" in QToolTip.text()
    assert "&lt;b&gt;gate" in QToolTip.text()
    QToolTip.hideText()


def test_sizes_are_told_when_shown_and_when_they_have_settled(qtbot: QtBot, wall: WallView) -> None:
    wall.show_tiles((None,) * 9)
    with qtbot.waitSignal(wall.tile_sizes_changed) as first:
        wall.show()
    with qtbot.waitSignal(wall.tile_sizes_changed) as second:
        wall.resize(1200, 800)
    assert len(first.args[0]) == 9
    assert second.args[0][0].width > first.args[0][0].width
    assert second.args[0] == wall.tile_sizes()


def test_clicks_and_keys_select_and_ask(qtbot: QtBot, wall: WallView, samples) -> None:
    wall.show_tiles((None, TileContent(samples.camera()), None, None))
    wall.show()
    with qtbot.waitSignal(wall.tile_selected) as chosen:
        qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=QPoint(700, 200))
    assert chosen.args == [1]
    with qtbot.waitSignal(wall.maximise_asked) as asked:
        qtbot.mouseDClick(wall, Qt.MouseButton.LeftButton, pos=QPoint(700, 200))
    assert asked.args == [1]
    with qtbot.waitSignal(wall.tile_selected) as moved:
        qtbot.keyClick(wall, Qt.Key.Key_Down)
    assert moved.args == [3]
    with qtbot.assertNotEmitted(wall.maximise_asked):
        qtbot.keyClick(wall, Qt.Key.Key_Return)
    qtbot.keyClick(wall, Qt.Key.Key_Up)
    with qtbot.waitSignal(wall.maximise_asked):
        qtbot.keyClick(wall, Qt.Key.Key_Return)


def test_a_dropped_camera_names_its_tile(qtbot: QtBot, wall: WallView) -> None:
    wall.show_tiles((None,) * 4)
    wall.show()

    def drop(carried: QMimeData) -> None:
        action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        wall.dropEvent(QDropEvent(QPointF(700, 500), action, carried, button, Qt.KeyboardModifier.NoModifier))

    with qtbot.waitSignal(wall.camera_dropped) as dropped:
        drop(camera_to_drag(417))
    assert dropped.args == [TileDrop(3, 417)]
    with qtbot.assertNotEmitted(wall.camera_dropped):
        drop(QMimeData())


def test_an_alarm_blinks_until_it_is_acknowledged(qtbot: QtBot, wall: WallView, samples) -> None:
    def border() -> str:
        corner = wall._canvas.tiles[1].place.cell.topLeft() + QPoint(1, 1)
        return wall.grab().toImage().pixelColor(corner).name().upper()

    content = TileContent(samples.camera(), samples.source(), alarm=Priority.CRITICAL, alarm_waiting=True)
    wall.show_tiles((None, content, None, None))
    wall.show()
    seen: set[str] = set()
    qtbot.waitUntil(lambda: seen.add(border()) or len(seen) == 2, timeout=5000)  # type: ignore[func-returns-value]
    assert NIGHT.critical in seen
    wall.show_tiles((None, replace(content, alarm_waiting=False), None, None))
    assert not wall._blinker.isActive()
    assert border() == NIGHT.critical


def test_a_camera_that_may_be_moving_stays_marked_and_a_stopped_one_does_not(
    qtbot: QtBot, wall: WallView, samples, clock: FixedClock
) -> None:
    wall.show_tiles((TileContent(samples.camera(417), samples.source()),))
    wall.show()
    quiet = wall.grab().toImage()
    wall.show_motion(MotionState(417, MotionPhase.MAY_BE_MOVING))
    clock.advance(3.5)
    qtbot.waitUntil(lambda: face(wall) is Face.WAITING)
    assert wall._motions
    assert wall.grab().toImage() != quiet
    wall.show_motion(MotionState(417, MotionPhase.STOPPED))
    clock.advance(3.5)
    qtbot.waitUntil(lambda: not wall._motions)


def test_a_flood_of_frames_and_signals_leaves_the_interpreter_whole(qtbot: QtBot, wall: WallView, samples) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(), source), None, None, None))
    with qtbot.waitExposed(wall):
        wall.show()
    for number in range(1, 1501):
        source.send(number, 50.0, 16, 8)
        wall._poll()
        wall.repaint()
        wall.select_tile(number % 4)
    assert wall.statistics()[0].shown == 1500
