"""Every face and mark of a tile, in both languages and several layouts; WATCHROOM_PICTURES keeps pictures of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from domain.alarm import Priority
from domain.clock import FixedClock
from domain.layout import Layout
from domain.motion import MotionPhase, MotionState
from domain.picture import Face, LossReason, PictureState
from domain.wall import Quality
from widgets.theme import NIGHT
from widgets.tile import ReplayMark, TileContent, TourMark
from widgets.tile_brush import TileBrush
from widgets.tile_caption import caption_width, plan_caption
from widgets.tile_state import Tile
from widgets.wall import WallView
from widgets.wall_grid import TilePlace

TakePicture = Callable[[QWidget, str, int, int], QImage]
MASK = (((0.1, 0.1), (0.4, 0.1), (0.4, 0.4)),)

SAID = {
    "en": {
        492: "stale 4 s",
        565: "+7 waiting",
        639: "frozen 12 s",
        700: "reduced",
        704: "masked",
        705: "UNMASKED",
        706: "3/12 paused",
    },
    "ko": {
        492: "4초 전 영상",
        565: "+7건 대기",
        639: "멈춤 12초",
        700: "간소화",
        704: "마스킹",
        705: "마스킹 해제",
        706: "3/12 일시정지",
    },
}


class Room:
    """A wall and the sources behind its tiles."""

    def __init__(self, samples, clock: FixedClock) -> None:
        self.samples, self.clock = samples, clock
        clock.advance(100)
        self.wall = WallView(clock)

    def content(self, number: int, picture_at: float | None = 100.0, state: dict | None = None, **more) -> TileContent:
        told = PictureState(99.0, picture_at, **(state or {}))
        source = self.samples.source(told)
        if picture_at is not None:
            source.send(1, picture_at, colour=("#3c5a50", "#55504a", "#465468")[number % 3])
        masks = more.pop("masks", ())
        return TileContent(self.samples.camera(number, masks=masks), source, **more)

    def all_faces(self) -> list[TileContent | None]:
        content, noon = self.content, self.samples.noon
        return [
            content(417, alarm=Priority.CRITICAL, alarm_waiting=True, recording=True),
            content(454, recording=True, ptz_holder="김하늘"),
            content(492, 95.9),
            content(528, 20.0, {"reason": LossReason.NO_ANSWER}),
            content(565, alarm=Priority.HIGH, spot=True, waiting=7),
            content(602, None),
            content(639, state={"frozen_since": 88.0}),
            content(676, None, {"reason": LossReason.WRONG_PASSWORD}),
            content(700, state={"reduced": True}, quality=Quality.SUB),
            content(701, replay=ReplayMark(30.0)),
            content(702, replay=ReplayMark(126.0, paused=True), unmasked=True, masks=MASK),
            content(703, None, replay=ReplayMark(3700.0, missing_at=noon - timedelta(hours=1))),
            content(704, masks=MASK, quality=Quality.MAIN),
            content(705, masks=MASK, unmasked=True),
            content(706, tour=TourMark("야간 순찰", 3, 12, paused=True)),
            None,
        ]


@pytest.fixture
def room(qtbot: QtBot, samples, clock: FixedClock) -> Room:
    room = Room(samples, clock)
    qtbot.addWidget(room.wall)
    return room


def captions(room: Room, width: int) -> dict[int, str]:
    """Return what the caption of each camera's tile says in so much room."""
    said = {}
    brush = room.wall._canvas.brush
    assert brush is not None
    for tile in room.wall._canvas.tiles:
        if tile.content is not None:
            plan = plan_caption(brush, tile, width)
            said[tile.content.camera.no] = " ".join((*plan.marks, *plan.texts(), tile.look.badge, *tile.look.lines))
    return said


@pytest.mark.parametrize(("width", "height"), [(1220, 800), (1920, 1080), (3840, 2160)])
def test_every_face_says_what_it_is(
    room: Room, language: str, take_picture: TakePicture, width: int, height: int
) -> None:
    room.wall.show_tiles(room.all_faces())
    room.wall.show_motion(MotionState(454, MotionPhase.MAY_BE_MOVING))
    take_picture(room.wall, f"faces_{width}_{language}", width, height)
    said = captions(room, 2000)
    for number, words in SAID[language].items():
        assert words in said[number], said[number]
    assert "REC" in said[417]


def test_only_live_pictures_count_as_live(room: Room) -> None:
    room.wall.show_tiles(room.all_faces())
    room.wall.show()
    room.wall._poll()
    figures = {each.camera_no: each for each in room.wall.statistics()}
    assert figures[417].face is Face.LIVE
    assert figures[639].face is Face.FROZEN
    assert {number for number, each in figures.items() if each.replayed} == {701, 702, 703}
    assert {figures[number].face for number in (701, 702, 703)} == {Face.EMPTY}
    assert figures[701].shown == 0


def test_a_replayed_picture_wears_the_accent_and_never_an_alarms_colour(qtbot: QtBot, room: Room) -> None:
    wall = room.wall
    wall.show_tiles((room.content(701, replay=ReplayMark(30.0)),))
    wall.resize(900, 640)
    with qtbot.waitExposed(wall):
        wall.show()
    wall._poll()
    box = wall._canvas.tiles[0].place.picture
    image = wall.grab().toImage()
    band = {image.pixelColor(x, box.top() + 5).name().upper() for x in range(box.left(), box.right())}
    frame = image.pixelColor(box.left() + 1, box.bottom() - 1).name().upper()
    assert NIGHT.accent in band
    assert frame == NIGHT.accent
    colours = {image.pixelColor(x, y).name().upper() for x in range(0, 900, 3) for y in range(0, 640, 3)}
    assert not colours & {NIGHT.critical, NIGHT.high, NIGHT.medium}


def test_going_into_a_replay_and_back_never_shows_one_kind_as_the_other(room: Room, clock: FixedClock) -> None:
    wall, live = room.wall, room.content(417)
    recorded = room.samples.source(PictureState(100.0))
    wall.show_tiles((live,))
    wall.show()
    wall._poll()
    assert wall.picture(0) is not None
    wall.show_tiles((replace(live, source=recorded, replay=ReplayMark(10.0)),))
    assert wall.picture(0) is None, "the live picture is no replay"
    recorded.send(1, clock.monotonic(), colour="#aa2233")
    wall._poll()
    kept = wall.picture(0)
    assert kept is not None
    assert kept.pixelColor(kept.rect().center()) == QColor("#aa2233")
    clock.advance(60)
    recorded.told = replace(recorded.told, picture_at=clock.monotonic())
    wall._canvas.judge(clock.monotonic(), clock.now())
    assert wall._canvas.tiles[0].look.lines == (), "a paused replay is not lost"
    wall.show_tiles((live,))
    assert wall.picture(0) is None, "the replayed picture is not live"
    assert wall.statistics()[0].face is not Face.LIVE
    live.source.send(2, clock.monotonic())  # type: ignore[union-attr]
    wall._poll()
    assert wall.statistics()[0].face is Face.LIVE


def test_no_recording_shows_no_picture(qtbot: QtBot, room: Room, clock: FixedClock) -> None:
    wall, recorded = room.wall, room.content(701, replay=ReplayMark(30.0))
    wall.show_tiles((recorded,))
    wall.resize(900, 640)
    with qtbot.waitExposed(wall):
        wall.show()
    wall._poll()
    below = wall._canvas.tiles[0].place.picture.center().y() + 60
    assert wall.grab().toImage().pixelColor(300, below).name() == "#465468"
    wall.show_tiles((replace(recorded, replay=ReplayMark(31.0, missing_at=clock.now())),))
    image = wall.grab().toImage()
    assert "#465468" not in {image.pixelColor(x, below).name() for x in range(300, 600)}
    assert "No recording" in wall.accessibleDescription()


@pytest.mark.parametrize(
    ("reason", "said", "advice"),
    [
        (LossReason.NOT_UNDERSTOOD, "Recording can't be shown", "another moment"),
        (LossReason.NO_SIGNAL, "No recording", "another moment"),
        (LossReason.WORKER_GONE, "Picture process gone", "being restarted"),
    ],
)
def test_a_replay_without_a_picture_says_why_and_what_to_do(
    room: Room, reason: LossReason, said: str, advice: str
) -> None:
    room.wall.show_tiles((room.content(701, None, {"reason": reason}, replay=ReplayMark(30.0)),))
    assert room.wall._canvas.tiles[0].look.lines == (said,)
    assert advice in room.wall.accessibleDescription()


def test_a_wrong_password_says_what_the_operator_can_do(room: Room) -> None:
    room.wall.show_tiles((room.content(676, None, {"reason": LossReason.WRONG_PASSWORD}),))
    assert "administrator" in room.wall.accessibleDescription()
    assert "call the camera up again" in room.wall.accessibleDescription()


def test_what_was_said_of_a_loss_outlives_new_sources_and_layouts(room: Room, clock: FixedClock) -> None:
    wall = room.wall
    lost = room.content(528, None, {"reason": LossReason.NO_ANSWER})
    wall.show_tiles((lost,))
    wall.show()
    clock.advance(30)
    wall._canvas.judge(clock.monotonic(), clock.now())
    before = wall._canvas.tiles[0].look
    fresh = replace(lost, source=room.samples.source(PictureState(clock.monotonic())))
    wall.show_tiles((None, fresh, None, None), Layout.of("4"))
    after = wall._canvas.tiles[1].look
    assert before.face is after.face is Face.LOST
    assert before.lines == after.lines
    fresh.source.send(1, clock.monotonic())  # type: ignore[union-attr]
    wall._poll()
    assert wall.statistics()[0].face is Face.LIVE


@pytest.mark.parametrize("name", ["1", "4", "9", "16", "64", "1+5", "1+7", "1+12", "2+8"])
def test_every_layout_can_be_read(room: Room, language: str, take_picture: TakePicture, name: str) -> None:
    layout = Layout.of(name)
    faces = room.all_faces()
    contents = [faces[index] if index < len(faces) else room.content(index + 1000) for index in range(len(layout))]
    room.wall.show_monitor_number(2)
    room.wall.show_tiles(contents, layout)
    take_picture(room.wall, f"layout_{name}_1920_{language}", 1920, 1080)
    if name in ("16", "64", "1+5"):
        take_picture(room.wall, f"layout_{name}_3840_{language}", 3840, 2160)
        room.wall.set_reading_distance(5.0, 1920 / 1210)  # a 55 inch screen
        take_picture(room.wall, f"layout_{name}_far_{language}", 1920, 1080)
    assert len(room.wall.tile_sizes()) == len(layout)


def test_the_monitors_number_can_be_shown_large(room: Room, take_picture: TakePicture) -> None:
    room.wall.show_tiles([room.content(index + 1) for index in range(9)])
    plain = take_picture(room.wall, "identified", 1920, 1080)
    room.wall.show_monitor_number(3)
    room.wall.identify(True)
    assert take_picture(room.wall, "identified", 1920, 1080) != plain
    room.wall.identify(False)
    assert take_picture(room.wall, "not_identified", 1920, 1080) == plain


@pytest.mark.parametrize("width", [40, 60, 76, 120, 200, 400, 900])
def test_a_caption_never_writes_one_thing_over_another(samples, width: int) -> None:
    brush = TileBrush(NIGHT, QFont("NanumGothic"), QFont("NanumGothic"), 1)
    camera = samples.camera(417, name="아주 긴 이름의 카메라 한 대", masks=MASK)
    content = TileContent(
        camera,
        alarm=Priority.CRITICAL,
        recording=True,
        ptz_holder="kim",
        quality=Quality.KEYFRAMES,
        tour=TourMark("night", 1, 9),
        waiting=7,
        unmasked=True,
    )
    tile = Tile(0, TilePlace(QRect(0, 0, width, 60), QRect(0, 0, width, 20), QRect(0, 20, width, 40)), 0.0)
    tile.take(content, 0.0)
    plan = plan_caption(brush, tile, width - 8)
    assert caption_width(brush, tile, plan) <= width - 8 or len(plan.plates) <= 1, "the barest where none fits"
    if width >= 900:
        assert plan.marks == ("PTZ kim", "keyframes only", "night 1/9", "REC")
        assert plan.texts() == ("■ Critical", "UNMASKED", "+7 waiting")
    if width <= 120:
        assert plan.marks == ()
        assert not plan.words
