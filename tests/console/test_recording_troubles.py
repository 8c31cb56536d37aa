"""How the operators hear that recording suffers."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.event import EventKind, FieldReport
from domain.news import AlarmChanged, LinkChanged, LinkName, Notice
from domain.recording import RecordingTrouble, TroubleKind
from tests.console.by_hand import until
from tests.console.footage_room import Room
from tests.console.surroundings import Workstation, make_camera, make_event

pytest_plugins = ["tests.console.fixtures", "tests.console.footage_fixtures"]


def trouble(kind: TroubleKind, *, cleared: bool = False, where: str = "/ring", writer: str = "") -> RecordingTrouble:
    return RecordingTrouble(kind, where, "no room", datetime.now(UTC), cleared, writer)


def test_a_severe_trouble_is_an_event_once_and_the_link_to_the_disk_goes_down_and_up(room: Room) -> None:
    for _ in range(3):
        room.footage.take_trouble(trouble(TroubleKind.DISK_FULL))
    (report,) = room.reports
    assert report.event.kind == EventKind.RECORDING_TROUBLE
    assert report.event.origin == room.place.origin
    assert report.event.details == {"trouble": "disk_full", "where": "/ring", "detail": "no room"}
    assert room.links() == [False]
    room.footage.take_trouble(trouble(TroubleKind.DISK_FULL, cleared=True))
    assert room.links() == [False, True]
    room.footage.take_trouble(trouble(TroubleKind.DISK_FULL))  # a new one
    assert len(room.reports) == 2
    assert room.links() == [False, True, False]


def test_the_disk_is_up_again_when_the_last_severe_trouble_is_over(room: Room) -> None:
    room.footage.take_trouble(trouble(TroubleKind.DISK_FULL))
    room.footage.take_trouble(trouble(TroubleKind.WRITE_FAILED, where="/recordings"))
    room.footage.take_trouble(trouble(TroubleKind.DISK_FULL, cleared=True))
    assert room.links() == [False, False]
    room.footage.take_trouble(trouble(TroubleKind.WRITE_FAILED, where="/recordings", cleared=True))
    assert room.links() == [False, False, True]


def test_what_two_writers_suffer_from_is_told_once_and_over_when_both_are_well(room: Room) -> None:
    for writer in ("worker 1", "worker 2"):
        room.footage.take_trouble(trouble(TroubleKind.DISK_FULL, writer=writer))
    assert len(room.reports) == 1
    room.footage.take_trouble(trouble(TroubleKind.DISK_FULL, writer="worker 1", cleared=True))
    assert room.links() == [False]
    room.footage.take_trouble(trouble(TroubleKind.DISK_FULL, writer="worker 2", cleared=True))
    assert room.links() == [False, True]


def test_one_camera_that_cannot_be_kept_is_an_alarm_and_the_disk_is_well(room: Room) -> None:
    for number in (7, 8):
        room.footage.take_trouble(trouble(TroubleKind.UNKEPT, where=f"/ring/{number}-main"))
    assert [report.event.details["camera"] for report in room.reports] == ["7", "8"]
    room.footage.take_trouble(trouble(TroubleKind.UNKEPT, where="/ring/7-main", cleared=True))
    assert room.links() == []
    room.footage.take_trouble(trouble(TroubleKind.UNKEPT, where="/ring/7-main"))
    assert len(room.reports) == 3


def test_what_there_is_no_room_to_store_is_shown_at_once_and_stored_later(room: Room) -> None:
    room.full = True
    room.start(make_camera(1))
    room.footage.take_trouble(trouble(TroubleKind.DISK_FULL))
    room.footage.take_trouble(trouble(TroubleKind.DISK_FULL, cleared=True))
    room.footage.take_trouble(trouble(TroubleKind.DISK_FULL))
    assert room.links() == [False, True, False]
    room.full = False
    until("the event", lambda: room.reports, 10)
    turned = datetime.now(UTC) + timedelta(seconds=3)  # it looks every two seconds
    until("the next looks", lambda: datetime.now(UTC) > turned, 10)
    assert len(room.reports) == 1


@pytest.mark.system
def test_a_trouble_waits_for_no_database(workstation: Workstation) -> None:
    core = workstation.core
    filled = 0
    while core.ingest.offer(FieldReport(event=make_event("recording_trouble", "nothing"))):
        filled += 1  # nobody commits yet, as with a database that is locked
    assert filled == 20_000
    core.footage.take_trouble(trouble(TroubleKind.HANGS))
    assert [link.up for link in workstation.heard(LinkChanged) if link.name is LinkName.DISK] == [False]
    core.start()
    until("the alarm", core.stores.alarms.open)
    (alarm,) = core.stores.alarms.open()
    assert alarm.title.code == "alarm_recording_hangs"


@pytest.mark.parametrize("kind", [TroubleKind.TOO_SLOW, TroubleKind.SHORTENED])
def test_what_is_not_severe_is_only_said(room: Room, kind: TroubleKind) -> None:
    room.footage.take_trouble(trouble(kind))
    room.footage.take_trouble(trouble(kind))
    room.footage.take_trouble(trouble(kind, cleared=True))
    assert [news.text.code for news in room.news if isinstance(news, Notice)] == [f"recording_{kind.value}"]
    assert room.links() == []
    assert room.reports == []


def test_the_end_of_a_trouble_that_nobody_heard_of_is_not_told(room: Room) -> None:
    room.footage.take_trouble(trouble(TroubleKind.DISK_FULL, cleared=True))
    assert (room.news, room.reports) == ([], [])


def test_a_severe_trouble_becomes_an_alarm_that_keeps_no_clip(workstation: Workstation) -> None:
    core = workstation.core
    core.ingest.start()
    core.running = True
    for _ in range(2):
        core.footage.take_trouble(trouble(TroubleKind.ONLY_PROTECTED))
    until("the alarm", lambda: workstation.heard(AlarmChanged), 10)
    (alarm,) = core.stores.alarms.open()
    assert (alarm.kind, alarm.title.code) == ("recording_trouble", "alarm_recording_only_protected")
    assert core.footage.recording() == set()


@pytest.mark.system
def test_a_disk_that_cannot_be_written_is_told_and_recovers(room: Room) -> None:
    clips = room.recordings / "clips"
    room.recordings.mkdir()
    clips.write_text("in the way")
    room.start(make_camera(1))
    room.footage.record(1)
    until("the trouble", lambda: room.reports, 10)
    assert room.reports[0].event.details["trouble"] == "write_failed"
    assert room.links() == [False]
    clips.unlink()
    until("the recovery", lambda: room.links() == [False, True], 10)
    assert len(room.reports) == 1
