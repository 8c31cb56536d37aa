"""The small pieces around the wall: gauges, messages, status, sign-in, the line of the last minutes."""

from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from domain.alarm import Priority
from domain.clock import FixedClock
from domain.news import LinkChanged, LinkName, SyncProgress
from domain.operator import Operator, Role
from domain.picture import Face
from domain.reading import Quantity
from domain.record import Mode
from domain.recording import Forecast
from widgets.gauge import Band, Gauge, GaugeReading, value_words
from widgets.message_strip import Message, MessageStrip
from widgets.sensor_panel import SHOWN, SensorPanel
from widgets.sign_in import PasswordChange, SignIn, SignInWish
from widgets.status_bar import ConsoleStatus, StatusBar
from widgets.timeline import Timeline


@pytest.mark.parametrize(
    ("ago_s", "face"), [(None, Face.WAITING), (0, Face.LIVE), (29, Face.LIVE), (31, Face.STALE), (121, Face.LOST)]
)
def test_an_old_number_never_looks_live(clock: FixedClock, ago_s: float | None, face: Face) -> None:
    at = None if ago_s is None else clock.now() - timedelta(seconds=ago_s)
    assert GaugeReading(Quantity.PM10, None if at is None else 1.0, at).face(clock.now()) is face


@pytest.mark.parametrize(
    ("quantity", "value", "said"),
    [
        (Quantity.TEMPERATURE, 0.0, "0.0"),
        (Quantity.TEMPERATURE, -0.04, "0.0"),
        (Quantity.PM10, 199.4, "199"),
        (Quantity.PRESSURE, 1001.2, "1001"),
        (Quantity.PRECIPITATION, None, "–"),
    ],
)
def test_zero_is_zero_and_no_value_is_a_dash(quantity: Quantity, value: float | None, said: str) -> None:
    assert value_words(GaugeReading(quantity, value)) == said


def test_the_panel_shows_seven_quantities_and_their_levels(qtbot: QtBot, clock: FixedClock) -> None:
    panel = SensorPanel(clock)
    qtbot.addWidget(panel)
    now = clock.now()
    panel.show_readings(
        (
            GaugeReading(Quantity.PM10, 199, now, Band.ADVISORY),
            GaugeReading(Quantity.WIND_SPEED, 2.3, now, direction_deg=315),
            GaugeReading(Quantity.TEMPERATURE, 0.6, now - timedelta(seconds=44)),
        )
    )
    said = {quantity: panel._gauges[quantity].accessibleDescription() for quantity in SHOWN}
    assert len(said) == 7
    assert said[Quantity.PM10] == "199 µg/m³ advisory level"
    assert said[Quantity.WIND_SPEED] == "NW 2.3 m/s"
    assert said[Quantity.TEMPERATURE] == "0.6 ℃ stale 44 s"
    assert said[Quantity.PRESSURE] == "– hPa no value yet"
    clock.advance(130)
    qtbot.waitUntil(lambda: "lost, 2 min old" in panel._gauges[Quantity.PM10].accessibleDescription(), timeout=3000)


def test_a_narrow_panel_puts_its_gauges_into_two_rows(qtbot: QtBot, clock: FixedClock) -> None:
    panel = SensorPanel(clock)
    qtbot.addWidget(panel)
    panel.show()
    for width, rows in ((1100, 1), (600, 2), (1100, 1)):
        panel.resize(width, 240)
        qtbot.waitUntil(lambda rows=rows: len({gauge.y() for gauge in panel._gauges.values()}) == rows)


def test_a_tall_gauge_draws_the_way_it_went_unless_the_number_is_lost(qtbot: QtBot, clock: FixedClock) -> None:
    gauge, now = Gauge(), clock.now()
    qtbot.addWidget(gauge)

    def picture(age_s: float, trend: tuple[float, ...], height: int) -> QImage:
        gauge.resize(150, height)
        gauge.show_reading(GaugeReading(Quantity.PM10, 30, now - timedelta(seconds=age_s), trend=trend), now)
        return gauge.grab().toImage()

    for age_s, height, drawn in ((0, 240, True), (0, 70, False), (40, 240, True), (130, 240, False)):
        assert (picture(age_s, (1.0, 5.0, 3.0), height) != picture(age_s, (), height)) is drawn
    assert picture(0, (float("nan"), 5.0), 240) == picture(0, (), 240)


def test_the_strip_puts_the_severe_first_the_answer_beside_it_and_says_how_many_more(
    qtbot: QtBot, clock: FixedClock
) -> None:
    strip = MessageStrip()
    qtbot.addWidget(strip)
    assert strip.isHidden()
    severe = Message(clock.now(), "Camera 0454 <b>gone</b>", severe=True)
    quiet = [Message(clock.now() + timedelta(seconds=n), said) for n, said in ((-1, "Opened."), (1, "Saved."))]
    strip.show_messages((quiet[0], severe))
    assert strip._answer.isHidden(), "what was said before is no answer to what was done since"
    assert strip._more.text() == "1 more"
    strip.show_messages((quiet[0], severe, quiet[1]))
    assert "<b>gone</b>" in strip._text.text()
    assert strip._answer.text().endswith("Saved.")
    assert strip._more.text() == "1 more"
    with qtbot.waitSignal(strip.dismiss_asked) as asked:
        qtbot.mouseClick(strip._dismiss, Qt.MouseButton.LeftButton)
    assert asked.args == [severe]


def status_words(bar: StatusBar) -> str:
    return " | ".join(label.text() for label in bar.findChildren(QLabel) if not label.isHidden())


def test_an_unknown_link_is_unknown_and_a_lost_one_says_since_when(qtbot: QtBot, clock: FixedClock) -> None:
    bar = StatusBar(clock)
    qtbot.addWidget(bar)
    said = status_words(bar)
    assert "broker unknown" in said
    assert "headquarters unknown" in said
    assert "nobody signed in" in said
    now = clock.now()
    bar.show_status(
        ConsoleStatus(
            links=(
                LinkChanged(LinkName.HEADQUARTERS, up=True, since=now),
                LinkChanged(LinkName.BROKER, up=False, since=now),
                LinkChanged(LinkName.PTZ_WATCHDOG, up=False, since=now),
            ),
            sync=SyncProgress(10, 3, now - timedelta(minutes=2), now),
            cameras_live=16,
            cameras_wanted=16,
            disk_free_gb=3.2,
            mode=Mode.EXERCISE,
            operator=Operator("kim", "Kim", Role.OPERATOR, "3"),
        )
    )
    said = status_words(bar)
    for part in (
        "headquarters ok, 3 waiting, oldest 2 min",
        "▲ broker away since",
        "▲ PTZ watchdog down",
        "▲ disk 3 GB free",
        "▲ PRACTICE",
        "Kim (operator, 3)",
    ):
        assert part in said
    assert "▲ cameras" not in said


GB = 10**9


@pytest.mark.parametrize(
    ("forecast", "said"),
    [
        (None, "recorder –"),
        (Forecast(used=0, protected=0, budget=50 * GB, free=9 * GB, per_day=None), "recorder ok"),
        (Forecast(used=0, protected=2 * GB, budget=50 * GB, free=9 * GB, per_day=4.0 * GB), "recorder 12 d"),
        (Forecast(used=0, protected=0, budget=50 * GB, free=9 * GB, per_day=100.0 * GB), "recorder 12 h"),
        (Forecast(used=50 * GB, protected=50 * GB, budget=50 * GB, free=0, per_day=4.0 * GB), "▲ recorder full"),
    ],
)
def test_the_status_says_for_how_long_recordings_stay(
    qtbot: QtBot, clock: FixedClock, forecast: Forecast | None, said: str
) -> None:
    bar = StatusBar(clock)
    qtbot.addWidget(bar)
    bar.show_status(ConsoleStatus(recorder=forecast))
    assert any(part.startswith(said) for part in status_words(bar).split(" | "))


def test_a_disk_that_fails_is_a_warning_whatever_was_foreseen(qtbot: QtBot, clock: FixedClock) -> None:
    bar = StatusBar(clock)
    qtbot.addWidget(bar)
    down = LinkChanged(LinkName.DISK, up=False, since=clock.now(), detail="recording_disk_full")
    forecast = Forecast(used=0, protected=0, budget=50 * GB, free=9 * GB, per_day=4.0 * GB)
    bar.show_status(ConsoleStatus(links=(down,), recorder=forecast))
    assert "▲ recorder in trouble since" in status_words(bar)
    assert "recorder 12 d" not in status_words(bar)


def test_where_there_is_little_room_the_status_keeps_what_is_wrong(qtbot: QtBot, clock: FixedClock) -> None:
    bar = StatusBar(clock)
    qtbot.addWidget(bar)
    down = LinkChanged(LinkName.BROKER, up=False, since=clock.now())
    bar.show_status(ConsoleStatus(links=(down,), disk_free_gb=200, mode=Mode.EXERCISE))
    bar.resize(1600, 28)
    bar.show()
    assert "disk 200 GB free" in status_words(bar)
    bar.resize(520, 28)
    said = status_words(bar)
    assert "disk" not in said
    for part in ("▲ broker away", "▲ PRACTICE", "nobody signed in"):
        assert part in said
    bar.resize(1600, 28)
    assert "disk 200 GB free" in status_words(bar)


def test_the_sign_in_page_names_product_and_centre(qtbot: QtBot) -> None:
    widget = SignIn()
    qtbot.addWidget(widget)
    widget.show()
    widget.show_centre("안양시 <b>U-통합상황실</b>")
    said = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    assert said[:3] == ["Watchroom", "City situation room", "안양시 <b>U-통합상황실</b>"]
    widget.show_centre("")
    assert len([label for label in widget._centres if label.isVisible()]) == 0


def test_signing_in_sends_name_and_password_and_shows_neither(qtbot: QtBot) -> None:
    widget = SignIn()
    qtbot.addWidget(widget)
    widget.show()
    with qtbot.assertNotEmitted(widget.sign_in_asked):
        qtbot.mouseClick(widget._enter, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(widget._name, " kim ")
    qtbot.keyClicks(widget._password, "secret word")
    with qtbot.waitSignal(widget.sign_in_asked) as asked:
        qtbot.keyClick(widget._password, Qt.Key.Key_Return)
    assert asked.args == [SignInWish("kim", "secret word")]
    assert "secret" not in repr(asked.args[0])


def test_while_it_is_checked_nothing_more_can_be_sent(qtbot: QtBot) -> None:
    widget = SignIn()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.keyClicks(widget._name, "kim")
    qtbot.keyClicks(widget._password, "secret word")
    widget.show_sign_in(busy=True)
    assert not widget._enter.isEnabled()
    widget.show_sign_in("Name or password is wrong.")
    assert (widget._name.text(), widget._password.text()) == ("kim", "")
    assert widget._enter.isEnabled()
    assert "wrong" in widget._told[0].text()


@pytest.mark.parametrize(
    ("new", "again", "problem"),
    [
        ("short", "short", "at least 10"),
        ("the old password", "the old password", "present one"),
        ("a" * 12, "b" * 12, "differ"),
    ],
)
def test_a_poor_new_password_is_sent_back_with_the_reason(qtbot: QtBot, new: str, again: str, problem: str) -> None:
    widget = SignIn()
    qtbot.addWidget(widget)
    widget.show_change("kim")
    widget._old.setText("the old password")
    widget._new.setText(new)
    widget._again.setText(again)
    with qtbot.assertNotEmitted(widget.change_asked):
        qtbot.mouseClick(widget._change, Qt.MouseButton.LeftButton)
    assert problem in widget._told[1].text()


def test_a_good_new_password_is_sent_with_the_old_one(qtbot: QtBot) -> None:
    widget = SignIn()
    qtbot.addWidget(widget)
    widget.show_change("kim")
    for line, text in ((widget._old, "the old password"), (widget._new, "x" * 12), (widget._again, "x" * 12)):
        line.setText(text)
    with qtbot.waitSignal(widget.change_asked) as asked:
        qtbot.keyClick(widget._again, Qt.Key.Key_Return)
    assert asked.args == [PasswordChange("kim", "the old password", "x" * 12)]
    assert "xxxx" not in repr(asked.args[0])


def test_the_line_of_the_last_minutes_leads_to_its_alarms(qtbot: QtBot, clock: FixedClock, samples) -> None:
    line = Timeline(clock)
    qtbot.addWidget(line)
    line.resize(800, 28)
    line.show()
    line.show_alarms((samples.alarm(1, ago_s=450), samples.alarm(2, Priority.LOW, 3600)))
    assert line.accessibleDescription() == "1 alarms"
    with qtbot.waitSignal(line.alarm_chosen) as chosen:
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(round(line._x(samples.alarm(1, ago_s=450))), 14))
    assert chosen.args == [UUID(int=1)]
    with qtbot.assertNotEmitted(line.alarm_chosen):
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(80, 14))
