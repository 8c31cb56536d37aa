"""What hands do on a wall: enlarge, move, swap, clear and ask."""

from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from domain.camera import Camera
from domain.clock import FixedClock
from domain.wall import CameraTour, Quality, SpotTile, TourTile
from widgets.tile import ReplayMark, TileAction, TileContent, TileDrop, TileSwap, TileWheel, TileWish, TileZoom
from widgets.tile_menu import TileMenu
from widgets.tile_use import TileUses, TileUseWish
from widgets.wall import WallView

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
FIXED, MOVING = 418, 417  # sample cameras without and with a motor


@pytest.fixture
def wall(qtbot: QtBot, samples, clock: FixedClock) -> WallView:
    clock.advance(50)
    view = WallView(clock)
    qtbot.addWidget(view)
    view.resize(900, 640)
    view.show()
    view._poller.stop()
    contents = [TileContent(samples.camera(number), samples.source()) for number in (FIXED, MOVING)]
    view.show_tiles((*contents, None, None))
    for content in contents:
        content.source.send(1, 50.0)  # type: ignore[union-attr]
    view._poll()
    return view


def middle(wall: WallView, tile: int) -> QPoint:
    return wall._canvas.tiles[tile].place.picture.center()


def turn(wall: WallView, where: QPoint, steps: float, keys: Qt.KeyboardModifier = PLAIN) -> None:
    at, phase = QPointF(where), Qt.ScrollPhase.NoScrollPhase
    way = QPoint(0, round(120 * steps))
    button = Qt.MouseButton.NoButton
    QApplication.sendEvent(
        wall, QWheelEvent(at, QPointF(wall.mapToGlobal(where)), QPoint(), way, button, keys, phase, False)
    )


def drag(wall: WallView, begin: QPoint, end: QPoint) -> None:
    QTest.mousePress(wall, LEFT, PLAIN, begin)
    QTest.mouseMove(wall, (begin + end) / 2)
    QTest.mouseMove(wall, end)
    QTest.mouseRelease(wall, LEFT, PLAIN, end)


def test_the_wheel_enlarges_what_lies_under_the_pointer(qtbot: QtBot, wall: WallView) -> None:
    box = wall._canvas.tiles[0].place.picture
    with qtbot.waitSignal(wall.zoom_changed) as told:
        for _ in range(4):
            turn(wall, box.topLeft() + QPoint(box.width() // 4, box.height() // 4), 1)
    zoom = wall._canvas.tiles[0].zoom
    assert told.args == [TileZoom(0, pytest.approx(1.25**4))]
    assert wall.zoom_of(0) == pytest.approx(1.25**4)
    under = zoom.part.x() + zoom.part.width() / 4, zoom.part.y() + zoom.part.height() / 4
    assert under == pytest.approx((0.25, 0.25), abs=0.01), "what lay under the pointer is still there"
    turn(wall, middle(wall, 0), 100)
    assert wall.zoom_of(0) == 8.0
    with qtbot.waitSignal(wall.zoom_changed) as reset:
        assert wall.reset_zoom(0)
    assert reset.args == [TileZoom(0, 1.0)]
    assert not wall.reset_zoom(0)


class Halves:
    """A picture that is red at the left and blue at the right."""

    width, height, sent_no, arrived_at = 1280, 720, 2, 50.0

    @property
    def pixels(self) -> memoryview:
        image = QImage(self.width, self.height, QImage.Format.Format_RGB32)
        image.fill(QColor("#ff0000"))
        with QPainter(image) as painter:
            painter.fillRect(640, 0, 640, 720, QColor("#0000ff"))
        return memoryview(bytes(image.constBits()))

    def intact(self) -> bool:
        return True


def test_an_enlarged_tile_shows_the_part_of_a_bigger_frame(wall: WallView, samples) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(FIXED), source),))
    source.frames.append(Halves())
    wall._poll()
    box = wall._canvas.tiles[0].place.picture
    for _ in range(4):
        turn(wall, QPoint(box.right(), middle(wall, 0).y()), 1)
    picture = wall.picture(0)
    assert picture is not None
    assert picture.pixelColor(5, picture.height() // 2).blue() > 200, "only the right half is seen"
    drag(wall, middle(wall, 0), middle(wall, 0) + QPoint(box.width(), 0))
    drag(wall, middle(wall, 0), middle(wall, 0) + QPoint(box.width(), 0))
    picture = wall.picture(0)
    assert picture is not None
    assert picture.pixelColor(5, picture.height() // 2).red() > 200, "dragged to the left end"
    assert wall._canvas.tiles[0].zoom.part.x() == pytest.approx(0.0)


def test_over_a_camera_that_moves_the_wheel_is_told_and_ctrl_enlarges(qtbot: QtBot, wall: WallView) -> None:
    with qtbot.waitSignal(wall.wheel_turned) as told:
        turn(wall, middle(wall, 1), -2)
    wheel = told.args[0]
    assert isinstance(wheel, TileWheel)
    assert (wheel.tile, wheel.steps) == (1, -2.0)
    assert (wheel.x, wheel.y) == pytest.approx((0.5, 0.5), abs=0.02)
    assert wall.zoom_of(1) == 1.0
    turn(wall, middle(wall, 1), 1, Qt.KeyboardModifier.ControlModifier)
    assert wall.zoom_of(1) == 1.25


def test_a_replay_of_a_camera_that_moves_is_enlarged(qtbot: QtBot, wall: WallView, samples, clock: FixedClock) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(MOVING), source, replay=ReplayMark(10.0)),))
    source.send(1, clock.monotonic())
    wall._poll()
    with qtbot.assertNotEmitted(wall.wheel_turned):
        turn(wall, middle(wall, 0), 1)
    assert wall.zoom_of(0) == 1.25


def test_keys_enlarge_move_and_reset(qtbot: QtBot, wall: WallView) -> None:
    with qtbot.waitSignal(wall.zoom_changed):
        qtbot.keyClick(wall, Qt.Key.Key_Plus)
        qtbot.keyClick(wall, Qt.Key.Key_Plus)
    x = wall._canvas.tiles[0].zoom.x
    qtbot.keyClick(wall, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert wall._canvas.tiles[0].zoom.x > x
    assert wall.selected == 0
    qtbot.keyClick(wall, Qt.Key.Key_Minus)
    assert wall.zoom_of(0) == 1.25
    qtbot.keyClick(wall, Qt.Key.Key_Escape)
    assert wall.zoom_of(0) == 1.0
    qtbot.keyClick(wall, Qt.Key.Key_Plus)
    qtbot.keyClick(wall, Qt.Key.Key_0)
    assert wall.zoom_of(0) == 1.0


def test_the_zoom_goes_with_its_camera_and_ends_with_it(wall: WallView) -> None:
    contents = wall._contents
    turn(wall, middle(wall, 0), 2)
    wall.show_tiles((None, None, contents[0], None))
    assert wall.zoom_of(2) == pytest.approx(1.25**2)
    wall.show_tiles((None,) * 4)
    wall.show_tiles(contents)
    assert wall.zoom_of(0) == 1.0


def test_a_tile_is_dragged_onto_another_one(qtbot: QtBot, wall: WallView) -> None:
    with qtbot.waitSignal(wall.tiles_swapped) as swapped:
        drag(wall, middle(wall, 0), middle(wall, 3))
    assert swapped.args == [TileSwap(0, 3)]
    assert wall._canvas.target is None
    with qtbot.assertNotEmitted(wall.tiles_swapped):
        drag(wall, middle(wall, 2), middle(wall, 0))  # an empty tile
        drag(wall, middle(wall, 0), middle(wall, 0) + QPoint(40, 0))
        qtbot.mouseClick(wall, LEFT, pos=middle(wall, 1))


def test_escape_lets_go_of_what_is_carried(qtbot: QtBot, wall: WallView) -> None:
    QTest.mousePress(wall, LEFT, PLAIN, middle(wall, 0))
    QTest.mouseMove(wall, middle(wall, 3))
    assert wall._canvas.target == 3
    qtbot.keyClick(wall, Qt.Key.Key_Escape)
    assert wall._canvas.target is None
    with qtbot.assertNotEmitted(wall.tiles_swapped):
        QTest.mouseRelease(wall, LEFT, PLAIN, middle(wall, 3))


def test_a_tile_is_cleared_by_delete_and_by_dragging_it_out(qtbot: QtBot, wall: WallView) -> None:
    with qtbot.waitSignal(wall.tile_cleared) as dragged:
        drag(wall, middle(wall, 0), QPoint(-200, 100))
    assert dragged.args == [0]
    wall.select_tile(1)
    with qtbot.waitSignal(wall.tile_cleared) as deleted:
        qtbot.keyClick(wall, Qt.Key.Key_Delete)
    assert deleted.args == [1]
    wall.select_tile(2)
    with qtbot.assertNotEmitted(wall.tile_cleared):
        qtbot.keyClick(wall, Qt.Key.Key_Delete)


def test_a_camera_is_dragged_to_another_wall(qtbot: QtBot, wall: WallView, clock: FixedClock) -> None:
    wall.setGeometry(0, 0, 600, 300)
    other = WallView(clock)
    qtbot.addWidget(other)
    other.setGeometry(0, 400, 600, 300)
    other.show_tiles((None,) * 4)
    with qtbot.waitExposed(other):
        other.show()
    end = wall.mapFromGlobal(other.mapToGlobal(middle(other, 2)))
    with qtbot.waitSignal(other.camera_dropped) as dropped, qtbot.assertNotEmitted(wall.tile_cleared):
        drag(wall, middle(wall, 0), end)
    assert dropped.args == [TileDrop(2, FIXED)]


def chosen(menu: QMenu, words: str) -> None:
    next(action for action in menu.actions() if action.text() == words).trigger()


def menu_of(qtbot: QtBot, content: TileContent) -> TileMenu:
    menu = TileMenu(3, content)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(menu)
    return menu


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("Replay 10 s", TileAction.REPLAY),
        ("Bookmark", TileAction.BOOKMARK),
        ("Snapshot", TileAction.SNAPSHOT),
        ("Record", TileAction.RECORD),
        ("Lift masks…", TileAction.LIFT_MASKS),
    ],
)
def test_the_menu_asks(qtbot: QtBot, samples, words: str, action: TileAction) -> None:
    menu = menu_of(qtbot, TileContent(samples.camera(masks=(((0, 0), (1, 0), (1, 1)),))))
    with qtbot.waitSignal(menu.tile_asked) as asked:
        chosen(menu, words)
    assert asked.args == [TileWish(3, action)]


def test_the_menu_says_what_would_change(qtbot: QtBot, samples) -> None:
    camera: Camera = samples.camera(masks=(((0, 0), (1, 0), (1, 1)),))
    content = TileContent(camera, recording=True, by_hand=True, unmasked=True, quality=Quality.MAIN)
    menu = menu_of(qtbot, content)
    for words, action in (("Stop recording", TileAction.STOP_RECORDING), ("Put masks back", TileAction.RESTORE_MASKS)):
        with qtbot.waitSignal(menu.tile_asked) as asked:
            chosen(menu, words)
        assert asked.args == [TileWish(3, action)]
    choices = next(action.menu() for action in menu.actions() if action.text() == "Picture")
    assert isinstance(choices, QMenu)
    assert [entry.isChecked() for entry in choices.actions()] == [each is Quality.MAIN for each in Quality]
    with qtbot.waitSignal(menu.tile_asked) as asked:
        choices.actions()[-1].trigger()
    assert asked.args == [TileWish(3, TileAction.QUALITY, Quality.KEYFRAMES)]
    for words, signal in (("Maximise", menu.maximise_asked), ("Clear tile", menu.tile_cleared)):
        with qtbot.waitSignal(signal) as asked:
            chosen(menu, words)
        assert asked.args == [3]
    others = menu_of(qtbot, replace(content, by_hand=False))  # recorded, but nobody here can end that
    assert any(action.text() == "Record" for action in others.actions())
    plain = menu_of(qtbot, replace(content, camera=samples.camera(sub_url="")))
    assert not any(action.text().startswith(("Lift", "Put")) for action in plain.actions())
    assert not next(action for action in plain.actions() if action.text() == "Replay 10 s").isEnabled()


@pytest.mark.qt_log_ignore("does not support")  # the offscreen platform, of menus
@pytest.mark.parametrize("keyed", [False, True])
def test_the_menu_opens_at_the_tile_and_speaks_through_the_wall(qtbot: QtBot, wall: WallView, keyed: bool) -> None:
    reason = QContextMenuEvent.Reason.Keyboard if keyed else QContextMenuEvent.Reason.Mouse
    wall.select_tile(1)
    where = middle(wall, 3 if keyed else 1)
    QApplication.sendEvent(wall, QContextMenuEvent(reason, where, wall.mapToGlobal(where)))
    menu = wall.findChild(TileMenu)
    assert menu is not None
    with qtbot.waitSignal(wall.tile_asked) as asked:
        chosen(menu, "Bookmark")
    assert asked.args == [TileWish(1, TileAction.BOOKMARK)]
    with qtbot.waitSignal(menu.destroyed):
        menu.close()


TOUR, OTHER = CameraTour(UUID(int=5), "gates & yards", (1, 2), 10.0), CameraTour(UUID(int=6), "night", (3,), 10.0)


@pytest.mark.qt_log_ignore("does not support")  # the offscreen platform, of menus
def test_an_empty_tile_s_menu_offers_what_it_can_be_made(qtbot: QtBot, wall: WallView) -> None:
    where = middle(wall, 3)
    QApplication.sendEvent(wall, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, wall.mapToGlobal(where)))
    menu = wall.findChild(TileMenu)
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["Spot tile", "Camera tour"]
    with qtbot.waitSignal(wall.use_asked) as asked:
        chosen(menu, "Spot tile")
    assert asked.args == [TileUseWish(3, SpotTile())]
    with qtbot.waitSignal(menu.destroyed):
        menu.close()


def tours_of(menu: TileMenu) -> QMenu:
    tours = next(action.menu() for action in menu.actions() if action.text() == "Camera tour")
    assert isinstance(tours, QMenu)
    return tours


def test_a_tour_is_chosen_by_name_and_the_one_that_runs_is_ended(qtbot: QtBot, samples) -> None:
    menu = TileMenu(1, TileContent(samples.camera()), None, TileUses((None, TourTile(TOUR.id)), (TOUR, OTHER)))
    qtbot.addWidget(menu)
    entries = tours_of(menu).actions()
    assert [(entry.text(), entry.isChecked()) for entry in entries] == [("gates && yards", True), ("night", False)]
    with qtbot.waitSignal(menu.use_asked) as asked:
        entries[1].trigger()
    assert asked.args == [TileUseWish(1, TourTile(OTHER.id))]
    with qtbot.waitSignal(menu.use_asked) as asked:
        entries[0].trigger()
    assert asked.args == [TileUseWish(1, None)]


def test_a_spot_tile_is_made_an_ordinary_one_and_can_be_cleared_while_nothing_is_in_it(qtbot: QtBot) -> None:
    menu = TileMenu(0, None, None, TileUses((SpotTile(),)))
    qtbot.addWidget(menu)
    assert not tours_of(menu).isEnabled()
    with qtbot.waitSignal(menu.use_asked) as asked:
        chosen(menu, "Spot tile")
    assert asked.args == [TileUseWish(0, None)]
    with qtbot.waitSignal(menu.tile_cleared):
        chosen(menu, "Clear tile")


def test_an_empty_spot_tile_says_what_it_waits_for(qtbot: QtBot, wall: WallView) -> None:
    wall.show_tiles((None, None))
    before = wall._canvas.image.copy()
    wall.show_uses(TileUses((None, SpotTile())))
    box = [tile.place.picture for tile in wall._canvas.tiles]
    assert wall._canvas.image.copy(box[0]) == before.copy(box[0])
    assert wall._canvas.image.copy(box[1]) != before.copy(box[1])
    wall.select_tile(1)
    with qtbot.waitSignal(wall.tile_cleared):
        QTest.keyClick(wall, Qt.Key.Key_Delete)
