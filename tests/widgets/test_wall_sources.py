"""From one stream of a camera to another without a moment in which nothing is seen."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from domain.clock import FixedClock
from domain.errors import BadInputError
from domain.layout import Layout
from domain.picture import Face, PictureState
from widgets.tile import ReplayMark, TileContent
from widgets.wall import WallView

OLD, NEW = "#aa2233", "#2233aa"


@pytest.fixture
def wall(qtbot: QtBot, clock: FixedClock) -> WallView:
    clock.advance(50)
    view = WallView(clock)
    qtbot.addWidget(view)
    view.resize(900, 640)
    view.show()
    view._poller.stop()
    return view


def colour(wall: WallView, tile: int = 0) -> str | None:
    picture = wall.picture(tile)
    return None if picture is None else picture.pixelColor(picture.rect().center()).name()


def test_the_next_source_is_drawn_from_its_first_whole_frame_on(qtbot: QtBot, wall: WallView, samples) -> None:
    old, new = samples.source(), samples.source(PictureState(50.0))
    content = TileContent(samples.camera(), old)
    wall.show_tiles((content,))
    old.send(1, 50.0, colour=OLD)
    wall._poll()
    wall.show_tiles((replace(content, next_source=new),))
    new.send(7, 50.0, 1280, 720, colour=NEW, whole=False)
    with qtbot.assertNotEmitted(wall.source_taken):
        wall._poll()
    old.send(2, 50.0, colour=OLD)
    wall._poll()
    assert colour(wall) == OLD, "the old one goes on living"
    new.send(8, 50.0, 1280, 720, colour=NEW)
    with qtbot.waitSignal(wall.source_taken) as taken:
        wall._poll()
    assert taken.args == [0]
    assert colour(wall) == NEW
    old.send(3, 50.0, colour=OLD)
    wall._poll()
    assert colour(wall) == NEW, "it is not gone back from"
    wall.show_tiles((replace(content, source=new, next_source=None),))
    assert colour(wall) == NEW
    new.send(9, 50.0, colour=OLD)
    wall._poll()
    assert colour(wall) == OLD
    assert wall.statistics()[0].face is Face.LIVE


def test_the_listener_may_show_tiles_at_once(wall: WallView, samples) -> None:
    old, new = samples.source(), samples.source(PictureState(50.0))
    content = TileContent(samples.camera(), old, next_source=new)
    wall.show_tiles((content, None, None, None))
    wall.source_taken.connect(lambda _index: wall.show_tiles((None, replace(content, source=new, next_source=None))))
    new.send(1, 50.0, colour=NEW)
    wall._poll()
    assert colour(wall, 1) == NEW


def test_a_next_source_that_never_comes_leaves_the_age_with_the_old_picture(
    wall: WallView, samples, clock: FixedClock
) -> None:
    old, new = samples.source(), samples.source(PictureState(50.0))
    wall.show_tiles((TileContent(samples.camera(), old),))
    old.send(1, clock.monotonic(), colour=OLD)
    wall._poll()
    wall.show_tiles((TileContent(samples.camera(), old, next_source=new),))
    clock.advance(3)
    new.told = replace(new.told, picture_at=clock.monotonic())
    wall._judge(clock.monotonic())
    assert wall.statistics()[0].face is Face.STALE


def test_frames_counted_over_a_change_of_source_are_each_sources_own(wall: WallView, samples) -> None:
    old, new = samples.source(), samples.source(PictureState(50.0))
    wall.show_tiles((TileContent(samples.camera(), old, next_source=new),))
    for number in (10, 11):
        old.send(number, 50.0)
        wall._poll()
        wall.repaint()
    for number in (500, 501, 502):
        new.send(number, 50.0)
        wall._poll()
        wall.repaint()
    assert (wall.statistics()[0].shown, wall.statistics()[0].sent) == (5, 5)


def test_back_from_a_maximised_tile_the_others_show_their_last_picture(
    wall: WallView, samples, clock: FixedClock
) -> None:
    contents = [TileContent(samples.camera(number), samples.source()) for number in range(1, 5)]
    wall.show_tiles(contents)
    for content in contents:
        content.source.send(1, clock.monotonic(), colour=OLD)  # type: ignore[union-attr]
    wall._poll()
    wall.show_tiles(contents[:1])
    clock.advance(3)
    wall.show_tiles(contents)
    assert [colour(wall, tile) for tile in range(4)] == [OLD] * 4
    assert {each.face for each in wall.statistics()} == {Face.STALE}, "with its honest age"
    wall.show_tiles(contents[:1])
    clock.advance(200)
    wall.show_tiles(contents)
    assert colour(wall, 3) is None, "an old picture helps nobody"


def test_what_is_remembered_takes_no_more_room_than_the_wall_itself(wall: WallView, samples, clock: FixedClock) -> None:
    for number in range(1, 20):
        source = samples.source()
        wall.show_tiles((TileContent(samples.camera(number), source),))
        source.send(1, clock.monotonic())
        wall._poll()
    kept = [each.picture for each, _ in wall._canvas._left._kept.values() if each.picture is not None]
    assert sum(each.width() * each.height() for each in kept) <= wall.width() * wall.height()


def test_the_next_source_may_be_another_cameras(wall: WallView, samples) -> None:
    one, two = samples.source(), samples.source(PictureState(50.0))
    content = TileContent(samples.camera(1), one, next_source=two)
    wall.show_tiles((content, None, None, None))
    one.send(1, 50.0, colour=OLD)
    wall._poll()
    shown: list[str | None] = []

    def take(_index: int) -> None:
        wall.show_tiles((TileContent(samples.camera(2), two), None, None, None))
        shown.append(colour(wall))

    wall.source_taken.connect(take)
    two.send(900, 50.0, colour=NEW)
    wall._poll()
    wall.repaint()
    assert shown == [NEW], "never black between two cameras"
    figures = wall.statistics()[0]
    assert (figures.camera_no, figures.shown, figures.sent) == (2, 1, 1)
    wall.show_tiles((None, TileContent(samples.camera(2), two), None, None))
    assert colour(wall, 1) == NEW


@pytest.mark.parametrize("tiles", [1, 4])
def test_a_picture_that_was_drawn_ahead_never_stays_under_another_cameras_name(
    wall: WallView, samples, tiles: int
) -> None:
    one, two = samples.source(), samples.source(PictureState(50.0))
    content = TileContent(samples.camera(1), one, next_source=two, passing=True)
    wall.show_tiles((content,))
    one.send(1, 50.0, colour=OLD)
    wall._poll()
    two.send(900, 50.0, colour=NEW)
    wall._poll()
    assert colour(wall) == NEW, "nothing was drawn ahead"
    held_back = (replace(content, next_source=None, passing=False), *[None] * (tiles - 1))
    wall.show_tiles(held_back)
    assert colour(wall) is None
    assert wall.statistics()[0].face is Face.WAITING
    wall.show_tiles((None,))
    wall.show_tiles(held_back)
    assert colour(wall) is None
    one.send(2, 50.0, colour=OLD)
    wall._poll()
    assert colour(wall) == OLD


def test_a_camera_that_leaves_with_anothers_picture_is_not_remembered_with_it(wall: WallView, samples) -> None:
    one, two = samples.source(), samples.source(PictureState(50.0))
    content = TileContent(samples.camera(1), one, next_source=two, passing=True)
    wall.show_tiles((content,))
    two.send(900, 50.0, colour=NEW)
    wall._poll()
    wall.show_tiles((None,))
    wall.show_tiles((replace(content, next_source=None, passing=False),))
    assert colour(wall) is None


@pytest.mark.parametrize("tiles", [1, 4])
@pytest.mark.parametrize("address", ["main_url", "sub_url"])
def test_a_camera_with_another_address_is_seen_anew(wall: WallView, samples, tiles: int, address: str) -> None:
    source = samples.source()
    content = TileContent(samples.camera(1), source)
    wall.show_tiles((content,))
    source.send(1, 50.0, colour=OLD)
    wall._poll()
    moved = TileContent(samples.camera(1, **{address: "rtsp://127.0.0.1/elsewhere"}))
    wall.show_tiles((moved, *[None] * (tiles - 1)))
    assert colour(wall) is None
    assert wall.statistics()[0].face is Face.WAITING
    empty = wall._canvas.image.pixelColor(wall._canvas.tiles[0].place.picture.center()).name()
    assert empty != OLD, "what the old device sent is still there, under the words"


def test_a_camera_that_comes_back_with_another_address_brings_no_old_picture(wall: WallView, samples) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(1), source),))
    source.send(1, 50.0, colour=OLD)
    wall._poll()
    wall.show_tiles((None,))
    wall.show_tiles((TileContent(samples.camera(1, sub_url="rtsp://127.0.0.1/elsewhere")),))
    assert colour(wall) is None


def test_a_replay_stays_when_its_camera_gets_another_address(wall: WallView, samples) -> None:
    replay = samples.source()
    content = TileContent(samples.camera(1), replay, replay=ReplayMark(10.0))
    wall.show_tiles((content,))
    replay.send(1, 50.0, colour=OLD)
    wall._poll()
    wall.show_tiles((replace(content, camera=samples.camera(1, sub_url="rtsp://127.0.0.1/elsewhere")),))
    assert colour(wall) == OLD


def test_marks_alone_lay_nothing_out_again(wall: WallView, samples) -> None:
    contents = [TileContent(samples.camera(number), samples.source()) for number in range(1, 5)]
    wall.show_tiles(contents)
    image, tiles = wall._canvas.image.cacheKey(), list(wall._canvas.tiles)
    wall.show_tiles([replace(contents[0], replay=ReplayMark(10.0)), *contents[1:]])
    wall.show_tiles([replace(contents[0], recording=True), *contents[1:]])
    assert wall._canvas.tiles == tiles
    assert wall._canvas.image.size() == wall.size()
    assert image != 0


def test_the_same_camera_twice_keeps_each_picture_with_its_source(wall: WallView, samples) -> None:
    one, two = samples.source(), samples.source()
    camera = samples.camera()
    wall.show_tiles((TileContent(camera, one), TileContent(camera, two), None, None))
    one.send(1, 50.0, colour=OLD)
    two.send(1, 50.0, colour=NEW)
    wall._poll()
    wall.show_tiles((TileContent(camera, two), TileContent(camera, one)))
    assert [colour(wall, 0), colour(wall, 1)] == [NEW, OLD]


def test_a_layout_must_have_as_many_tiles_as_there_are(wall: WallView) -> None:
    with pytest.raises(BadInputError, match="1\\+5"):
        wall.show_tiles((None,) * 4, Layout.of("1+5"))
    wall.show_tiles((None,) * 6, Layout.of("1+5"))
    assert len(wall.tile_sizes()) == 6


def test_a_wall_tells_whether_it_is_seen(qtbot: QtBot, wall: WallView, samples) -> None:
    assert wall.is_seen
    with qtbot.waitSignal(wall.seen_changed) as gone:
        wall.showMinimized()
    assert gone.args == [False]
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(), source),))
    assert not wall._poller.isActive(), "what changes meanwhile wakes nothing"
    with qtbot.waitSignal(wall.seen_changed) as back:
        wall.showNormal()
    assert back.args == [True]
    assert wall._poller.isActive()
    with qtbot.waitSignal(wall.seen_changed):
        wall.hide()
    assert not wall.is_seen


def test_a_bigger_frame_than_the_tile_is_drawn_into_it(wall: WallView, samples) -> None:
    source = samples.source()
    wall.show_tiles((TileContent(samples.camera(), source),))
    source.send(1, 50.0, 1920, 1080, colour=NEW)
    wall._poll()
    box = wall._canvas.tiles[0].place.picture
    assert wall._canvas.image.pixelColor(box.bottomRight()) == QColor(NEW)
    assert wall._canvas.image.pixelColor(box.topLeft()) == QColor(NEW)
