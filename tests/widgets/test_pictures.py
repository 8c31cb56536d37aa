"""A picture of every widget in both languages; set WATCHROOM_PICTURES to a folder to keep and look at them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from domain.alarm import Priority
from domain.clock import FixedClock
from domain.incident import Status
from domain.motion import MotionPhase, MotionState, Velocity
from domain.news import LinkChanged, LinkName, SyncProgress
from domain.operator import Operator, Role
from domain.picture import Face, LossReason, PictureState
from domain.ptz_place import PtzPlace
from domain.reading import Quantity
from domain.record import Mode
from widgets.alarm_queue import AlarmQueue
from widgets.call_up import CallUpDisplay
from widgets.camera_tree import CameraTree
from widgets.gauge import Band, GaugeReading
from widgets.incident_card import IncidentCard
from widgets.incident_dialogs import CloseDialog, DispatchDialog
from widgets.message_strip import Message, MessageStrip
from widgets.ptz_pad import PtzPad
from widgets.sensor_panel import SensorPanel
from widgets.sign_in import SignIn
from widgets.status_bar import ConsoleStatus, StatusBar
from widgets.theme import DAY, NIGHT, ThemeName, apply_theme
from widgets.tile import TileContent
from widgets.timeline import Timeline
from widgets.wall import WallView

TakePicture = Callable[[QWidget, str, int, int], QImage]


def clipped(widget: QWidget) -> list[str]:
    """Return the labels and buttons whose words have no room."""
    found = []
    for child in (*widget.findChildren(QLabel), *widget.findChildren(QPushButton)):
        if not child.isVisible() or not child.text():
            continue
        metrics = QFontMetrics(child.font())
        if isinstance(child, QLabel) and child.wordWrap():
            area = metrics.boundingRect(0, 0, child.width(), 9999, int(Qt.TextFlag.TextWordWrap), child.text())
            needs = (area.width(), area.height())
        else:
            lines = child.text().split("\n")
            needs = (max(metrics.horizontalAdvance(line) for line in lines), metrics.height() * len(lines))
        if needs[0] > child.width() + 1 or needs[1] > child.height() + 1:
            found.append(f"{child.text()!r} needs {needs}, has {(child.width(), child.height())}")
    return found


def a_wall(samples, clock: FixedClock) -> WallView:
    clock.advance(100)
    wall = WallView(clock)

    def content(
        number: int,
        picture_at: float | None,
        reason: LossReason | None = None,
        frozen_since: float | None = None,
        **more: object,
    ) -> TileContent:
        source = samples.source(PictureState(99.0, picture_at, reason, frozen_since))
        if picture_at is not None:
            source.send(1, picture_at, colour="#3c5a50" if number % 2 else "#55504a")
        return TileContent(samples.camera(number), source, **more)

    wall.show_tiles(
        (
            content(417, 100.0, alarm=Priority.CRITICAL, alarm_waiting=True),
            content(454, 100.0),
            content(492, 95.9),
            content(528, 20.0, LossReason.NO_ANSWER),
            content(565, 100.0, alarm=Priority.HIGH),
            content(602, None),
            content(639, 100.0, frozen_since=88.0),
            content(676, None, LossReason.WRONG_PASSWORD),
            None,
        )
    )
    wall.show_motion(MotionState(417, MotionPhase.MOVING, Velocity(0.5, 0.4, 0.3)))
    wall.show_motion(MotionState(565, MotionPhase.MAY_BE_MOVING))
    wall.select_tile(1)
    return wall


def a_queue(samples, clock: FixedClock, render) -> AlarmQueue:
    queue = AlarmQueue(clock, render)
    queue.show_alarms(samples.queue())
    queue.choose(samples.alarm(3).id)
    return queue


def a_card(samples, clock: FixedClock) -> IncidentCard:
    card = IncidentCard(clock, whereabouts=lambda _incident: "송도 센트럴파크 동문")
    card.show_incident(samples.incident(), (samples.alarm(1),))
    return card


def a_tree(samples) -> CameraTree:
    tree = CameraTree()
    cameras = [samples.camera(number, sub_url="" if number > 60 else "rtsp://127.0.0.1/1") for number in range(1, 802)]
    tree.show_cameras(cameras, {7: Face.LIVE, 13: Face.LOST})
    tree._view.expandToDepth(1)
    return tree


def a_panel(clock: FixedClock) -> SensorPanel:
    panel, now = SensorPanel(clock), clock.now()
    wave = tuple(float(step * step % 17) for step in range(30))
    panel.show_readings(
        (
            GaugeReading(Quantity.TEMPERATURE, 0.6, now, trend=wave),
            GaugeReading(Quantity.HUMIDITY, 28, now, trend=wave[::-1]),
            GaugeReading(Quantity.WIND_SPEED, 12.3, now, trend=wave, direction_deg=315),
            GaugeReading(Quantity.SOLAR_RADIATION, 0, now - timedelta(seconds=44)),
            GaugeReading(Quantity.PM10, 199, now, Band.ADVISORY, wave),
            GaugeReading(Quantity.PRESSURE, 1001, now - timedelta(minutes=7)),
        ),
        "송도 3측정소",
    )
    return panel


def a_pad(samples) -> PtzPad:
    pad = PtzPad()
    names = ("정문", "놀이터", "주차장 입구")
    presets = tuple(PtzPlace(camera_no=417, no=number, name=name) for number, name in enumerate(names, 1))
    state = MotionState(417, MotionPhase.MAY_BE_MOVING, detail="no answer to Stop since 14:02:31")
    pad.show_camera(samples.camera(417), presets, state)
    return pad


def a_status_bar(clock: FixedClock) -> StatusBar:
    bar, now = StatusBar(clock), clock.now()
    bar.show_status(
        ConsoleStatus(
            links=(
                LinkChanged(LinkName.BROKER, up=True, since=now),
                LinkChanged(LinkName.HEADQUARTERS, up=False, since=now - timedelta(minutes=9)),
                LinkChanged(LinkName.VIDEO_WORKER, up=True, since=now),
            ),
            sync=SyncProgress(100, 42, now - timedelta(minutes=9), None),
            cameras_live=15,
            cameras_wanted=16,
            disk_free_gb=212.0,
            mode=Mode.EXERCISE,
            operator=Operator("kim", "김하늘", Role.OPERATOR, "3"),
        )
    )
    return bar


def a_strip(clock: FixedClock) -> MessageStrip:
    strip = MessageStrip()
    said = "Camera 0454 does not answer (since 14:02). Trying again every 2 s."
    strip.show_messages((Message(clock.now(), said, severe=True), Message(clock.now(), "Saved.")))
    return strip


def test_the_wall_tells_every_face_apart(
    qtbot: QtBot, samples, clock: FixedClock, language: str, take_picture: TakePicture
) -> None:
    wall = a_wall(samples, clock)
    qtbot.addWidget(wall)
    take_picture(wall, f"wall_{language}", 1220, 800)
    faces = [figures.face for figures in wall.statistics()]
    assert faces[:8] == [
        Face.LIVE,
        Face.LIVE,
        Face.STALE,
        Face.LOST,
        Face.LIVE,
        Face.WAITING,
        Face.FROZEN,
        Face.LOST,
    ]


@pytest.mark.parametrize(
    "name", ["queue", "card", "tree", "panel", "pad", "status", "strip", "call_up", "sign_in", "change"]
)
def test_no_words_are_clipped(
    qtbot: QtBot, samples, clock: FixedClock, render, language: str, name: str, take_picture: TakePicture
) -> None:
    sign_in = SignIn()
    widget, width, height = {
        "queue": lambda: (a_queue(samples, clock, render), 430, 360),
        "card": lambda: (a_card(samples, clock), 430, 480),
        "tree": lambda: (a_tree(samples), 270, 620),
        "panel": lambda: (a_panel(clock), 1480, 110),
        "pad": lambda: (a_pad(samples), 430, 220),
        "status": lambda: (a_status_bar(clock), 1920, 28),
        "strip": lambda: (a_strip(clock), 1200, 36),
        "call_up": lambda: (CallUpDisplay(), 560, 32),
        "sign_in": lambda: (sign_in, 700, 480),
        "change": lambda: (sign_in, 700, 480),
    }[name]()
    if name == "sign_in":
        sign_in.show_sign_in("Name or password is wrong. Try again.")
    elif name == "change":
        sign_in.show_change("kim")
    qtbot.addWidget(widget)
    qtbot.addWidget(sign_in)
    take_picture(widget, f"{name}_{language}", width, height)
    assert clipped(widget) == []


def test_empty_panes_say_what_would_be_there(
    qtbot: QtBot, clock: FixedClock, render, language: str, take_picture: TakePicture
) -> None:
    for name, widget in {
        "queue_empty": AlarmQueue(clock, render),
        "card_empty": IncidentCard(clock),
        "tree_empty": CameraTree(),
        "pad_empty": PtzPad(),
    }.items():
        qtbot.addWidget(widget)
        take_picture(widget, f"{name}_{language}", 430, 240)
        assert clipped(widget) == []
        assert [label for label in widget.findChildren(QLabel) if label.isVisible() and len(label.text()) > 10]


def test_the_dialogs_name_the_incident(
    qtbot: QtBot, samples, clock: FixedClock, language: str, take_picture: TakePicture
) -> None:
    incident = replace(samples.incident(), status=Status.RESOLVED)
    for name, dialog in {"close": CloseDialog(incident, "!"), "dispatch": DispatchDialog(incident)}.items():
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(dialog)
        take_picture(dialog, f"{name}_{language}", 380, 280)
        assert clipped(dialog) == []
        assert any(incident.number in label.text() for label in dialog.findChildren(QLabel))


@pytest.mark.parametrize("theme", [*ThemeName])
def test_the_pieces_make_a_desk(
    qtbot: QtBot,
    qapp: QApplication,
    samples,
    clock: FixedClock,
    render,
    language: str,
    theme: ThemeName,
    take_picture: TakePicture,
) -> None:
    apply_theme(qapp, theme)
    desk, rows = QWidget(), QSplitter(Qt.Orientation.Horizontal)
    left, middle, right = (QSplitter(Qt.Orientation.Vertical) for _ in range(3))
    wall = a_wall(samples, clock)
    timeline = Timeline(clock)
    timeline.show_alarms(samples.queue())
    for column, widgets in (
        (left, (CallUpDisplay(), a_tree(samples))),
        (middle, (wall, a_panel(clock), timeline)),
        (right, (a_queue(samples, clock, render), a_card(samples, clock), a_pad(samples))),
    ):
        for widget in widgets:
            column.addWidget(widget)
        rows.addWidget(column)
    middle.setSizes([820, 110, 30])
    rows.setSizes([260, 1220, 440])
    layout = QVBoxLayout(desk)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(a_strip(clock))
    layout.addWidget(rows, 1)
    layout.addWidget(a_status_bar(clock))
    qtbot.addWidget(desk)
    image = take_picture(desk, f"desk_{theme}_{language}", 1920, 1080)
    field = {ThemeName.NIGHT: NIGHT, ThemeName.DAY: DAY}[theme].field
    assert any(image.pixelColor(x, 900).name().upper() == field.upper() for x in range(0, 1920, 2))
