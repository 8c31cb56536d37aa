import threading
from datetime import UTC, datetime

from pytestqt.qtbot import QtBot

from console.inbox import Inbox
from domain.news import LinkChanged, LinkName, News, PictureChanged, ReadingsTaken, SyncProgress
from domain.picture import PictureState
from domain.reading import Quantity, Reading

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def link(number: int) -> LinkChanged:
    return LinkChanged(LinkName.BROKER, up=True, since=NOON, detail=str(number))


def test_news_keep_their_order_across_threads(qtbot: QtBot) -> None:
    inbox = Inbox()
    seen: list[News] = []
    inbox.arrived.connect(seen.append)
    threading.Timer(0, lambda: [inbox.post(link(number)) for number in range(100)]).start()
    qtbot.waitUntil(lambda: len(seen) == 100, timeout=2000)
    assert seen == [link(number) for number in range(100)]


def test_of_a_sensors_readings_only_the_newest_is_shown(qtbot: QtBot) -> None:
    inbox = Inbox(every_ms=20)
    readings = [Reading(str(n), "wind-1", NOON, Quantity.WIND_SPEED, float(n)) for n in range(1000)]
    with qtbot.waitSignal(inbox.arrived, timeout=2000) as arrived:
        for reading in readings:
            inbox.post(ReadingsTaken((reading,)))
    assert arrived.args == [ReadingsTaken((readings[-1],))]


def test_pictures_and_progress_are_kept_newest_only(qtbot: QtBot) -> None:
    inbox = Inbox(every_ms=20)
    seen: list[News] = []
    inbox.arrived.connect(seen.append)
    for number in range(10):
        inbox.post(PictureChanged(3, "sub", PictureState(since=float(number))))
        inbox.post(SyncProgress(number, 0, None, None))
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=2000)
    assert PictureChanged(3, "sub", PictureState(since=9.0)) in seen
    assert SyncProgress(9, 0, None, None) in seen
