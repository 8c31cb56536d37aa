"""What is kept of pictures: of alarms, by the register, by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.alarm import Acknowledgement, Alarm, AlarmState
from domain.camera import RecordingPlan
from domain.clock import FixedClock
from domain.event import EventKind
from domain.news import RegisterChanged
from domain.picture import Subscription
from domain.place import Place
from domain.recording import ClipReason
from tests.console.by_hand import until
from tests.console.footage_room import Room
from tests.console.street import PracticeStreet
from tests.console.surroundings import Workstation, make_alarm, make_camera
from video.segments import coverage, gaps, list_segments

pytest_plugins = ["tests.console.fixtures", "tests.console.footage_fixtures"]

HERE = Place(37.39, 126.64)
SETTLES_S = 20.0  # the ring lags, the recorder turns once a second, and a growing file counts as finished 5 s later


def seen_by(camera: int) -> dict[str, object]:
    return {"kind": EventKind.DETECTION, "source": str(camera)}


def acknowledged(alarm: Alarm) -> Alarm:
    return replace(alarm, state=AlarmState.ACKNOWLEDGED, acknowledgement=Acknowledgement("haneul", datetime.now(UTC)))


# -- alarms


@pytest.mark.system
@pytest.mark.timeout(180)
def test_an_alarm_keeps_ten_seconds_before_and_twenty_after(room: Room, street: PracticeStreet) -> None:
    camera = street.camera(1)
    room.start(camera)
    tile = room.video.open(camera, _small(1))  # a tile keeps the small stream in the ring; the large one is closed

    def ring_s() -> float:
        now = datetime.now(UTC).timestamp()
        return sum(each.ends - each.begins for each in coverage([room.ring], 1, now - 60, now))

    until("ten seconds in the ring", lambda: ring_s() > 11.5)
    alarm = room.hear(room.alarm(**seen_by(1)))
    now = datetime.now(UTC)
    clip = room.clips[1]
    assert (clip.reason, clip.alarm) == (ClipReason.EVENT, alarm.id)
    assert abs((clip.begins - now).total_seconds() + 10) < 1
    assert clip.ends is not None
    assert abs((clip.ends - now).total_seconds() - 20) < 1
    assert room.footage.recording() == {1}
    until("the large stream", lambda: list_segments([room.ring], 1, 0, 1e11, "main"))
    room.hear(acknowledged(alarm))
    ends = room.clips[1].ends
    manifest = until("the finished clip", lambda: room.manifest(clip), 20 + SETTLES_S)
    room.video.unsubscribe(tile)
    assert manifest.clip.ends == ends
    assert manifest.clip.gaps == ()
    assert all(file.sha256 for file in manifest.files)
    assert {file.name.partition("/")[0] for file in manifest.files} == {"1-sub", "1-main"}
    folder = room.recordings / "clips" / str(clip.id)
    assert ends is not None
    assert gaps([folder], 1, clip.begins.timestamp(), ends.timestamp(), "sub") == []
    until("the large stream closed again", lambda: "main" not in _open_profiles(room), 10)
    assert room.footage.recording() == set()


def _small(number: int) -> Subscription:
    return Subscription(number, "sub", 160, 90)


def _open_profiles(room: Room) -> set[str]:
    return {profile for _, profile in room.footage.recorder.wanted()}


def test_a_clip_grows_while_its_alarm_waits_and_no_longer(room: Room) -> None:
    room.start(make_camera(1, main_url="rtsp://127.0.0.1:9/1"))
    alarm = room.hear(room.alarm(**seen_by(1)))
    first = room.clips[1].ends
    assert first is not None
    until("a longer clip", lambda: (room.clips[1].ends or first) - first > timedelta(seconds=1), 10)
    room.hear(acknowledged(alarm))
    last = room.clips[1].ends
    turned = datetime.now(UTC) + timedelta(seconds=3)  # it looks every two seconds
    until("the next looks", lambda: datetime.now(UTC) > turned, 10)
    assert room.clips[1].ends == last


def test_an_alarm_that_nobody_acknowledges_does_not_fill_the_disk(rooms: Callable[..., Room]) -> None:
    clock = FixedClock(datetime.now(UTC))
    room = rooms(clock)
    room.start(make_camera(1))
    alarm = room.hear(room.alarm(**seen_by(1)))
    clock.advance(601)
    until("the alarm is let go", lambda: alarm.id not in room.footage._followed, 10)
    last = room.clips[1].ends
    turned = datetime.now(UTC) + timedelta(seconds=3)
    until("the next looks", lambda: datetime.now(UTC) > turned, 10)
    assert room.clips[1].ends == last


def test_an_alarm_that_is_noticed_late_is_kept_from_its_beginning(room: Room) -> None:
    room.footage.hear(RegisterChanged((make_camera(1),)))
    now = datetime.now(UTC)
    room.hear(room.alarm(**seen_by(1), raised_at=now - timedelta(seconds=30)))
    assert abs((now - room.clips[1].begins).total_seconds() - 40) < 1


def test_where_no_camera_saw_it_the_four_nearest_are_kept(room: Room) -> None:
    places = {number: Place(37.39 + number / 1500, 126.64) for number in (6, 3, 1, 5, 2, 4)}
    cameras = [make_camera(number, place=place) for number, place in places.items()]
    dead = make_camera(7, place=HERE, main_url="", sub_url="")
    private = make_camera(8, place=HERE, recording=RecordingPlan.NOTHING)
    room.footage.hear(RegisterChanged((*cameras, dead, private)))
    room.hear(room.alarm(kind=EventKind.SOS, source="session-1", place=HERE))
    assert sorted(room.clips) == [1, 2, 3, 4]
    room.hear(room.alarm(kind=EventKind.SOS, source="session-2", place=None))
    assert sorted(room.clips) == [1, 2, 3, 4]


def test_a_camera_that_may_not_be_recorded_is_not(room: Room) -> None:
    room.footage.hear(RegisterChanged((make_camera(1, recording=RecordingPlan.NOTHING),)))
    room.hear(room.alarm(**seen_by(1)))
    assert room.clips == {}


def test_a_second_alarm_at_a_camera_lengthens_the_clip_that_is_there(room: Room) -> None:
    room.footage.hear(RegisterChanged((make_camera(1),)))
    first = room.hear(room.alarm(**seen_by(1)))
    clip = room.clips[1]
    second = room.hear(room.alarm(**seen_by(1)))
    assert room.clips[1].id == clip.id
    assert room.clips[1].alarm == first.id != second.id
    assert (room.clips[1].ends or clip.begins) > (clip.ends or clip.begins)


def test_a_recording_by_hand_does_not_stand_for_an_alarms_clip(room: Room) -> None:
    room.footage.hear(RegisterChanged((make_camera(1),)))
    room.footage.record(1)
    room.hear(room.alarm(**seen_by(1)))
    clips = room.footage.recorder.clips()
    assert {clip.reason for clip in clips} == {ClipReason.MANUAL, ClipReason.EVENT}


def test_another_workstations_alarm_keeps_nothing_here(room: Room) -> None:
    room.footage.hear(RegisterChanged((make_camera(1),)))
    room.hear(make_alarm(**seen_by(1)))
    assert room.clips == {}


def test_an_alarm_that_is_acknowledged_already_keeps_nothing(room: Room) -> None:
    room.footage.hear(RegisterChanged((make_camera(1),)))
    room.hear(acknowledged(room.alarm(**seen_by(1))))
    assert room.clips == {}


def test_the_clip_of_an_alarm_that_waits_is_lengthened_after_a_restart_too(rooms: Callable[..., Room]) -> None:
    before = rooms()
    before.start(make_camera(1))
    alarm = before.hear(before.alarm(**seen_by(1)))
    clip = before.clips[1]
    until("a manifest", (before.recordings / "clips" / str(clip.id) / "manifest.json").exists, 10)
    before.close()
    after = rooms()
    after.start(make_camera(1), alarms=(alarm,))
    first = after.clips[1]
    assert first.id == clip.id
    until("a longer clip", lambda: (after.clips[1].ends or clip.begins) > (first.ends or clip.begins), 10)
    after.hear(acknowledged(alarm))
    assert alarm.id not in after.footage._followed


def test_an_alarm_whose_clip_has_ended_meanwhile_gets_another(room: Room) -> None:
    alarm = room.alarm(**seen_by(1), raised_at=datetime.now(UTC) - timedelta(seconds=90))
    room.start(make_camera(1), alarms=(alarm,))
    assert room.clips[1].alarm == alarm.id


def test_after_a_restart_only_what_still_waits_and_has_not_waited_too_long_is_kept(room: Room) -> None:
    now = datetime.now(UTC)
    alarms = (
        acknowledged(room.alarm(**seen_by(1))),
        room.alarm(**seen_by(2), raised_at=now - timedelta(seconds=601)),
        make_alarm(**seen_by(3)),
        room.alarm(**seen_by(4), raised_at=now - timedelta(seconds=590)),
    )
    room.start(*(make_camera(number) for number in range(1, 5)), alarms=alarms)
    assert set(room.clips) == {4}


def test_a_started_workstation_goes_on_with_the_alarms_that_wait(tmp_path: Path) -> None:
    before = Workstation(tmp_path)
    before.core.stores.cameras.replace_many([make_camera(1)])
    alarm = before.raise_alarm()
    before.close()
    after = Workstation(tmp_path)
    try:
        after.core.start()
        (clip,) = after.core.footage.recorder.clips()
        assert (clip.camera_no, clip.alarm) == (1, alarm.id)
    finally:
        after.close()


# -- by the register, and by hand


@pytest.mark.system
@pytest.mark.timeout(120)
def test_the_register_says_what_is_recorded_all_the_time(room: Room, street: PracticeStreet) -> None:
    camera = street.camera(2, recording=RecordingPlan.CONTINUOUS)
    room.start(camera, street.camera(3))
    folder = room.recordings / "continuous"
    until("a recording", lambda: list_segments([folder], 2, 0, 1e11, "main"))
    assert room.footage.recording() == {2}
    assert street.state(2)["sessions"] == 1
    assert street.state(3)["sessions"] == 0
    assert room.clips == {}
    room.footage.hear(RegisterChanged((replace(camera, recording=RecordingPlan.EVENTS), street.camera(3))))
    until("its session closed", lambda: street.state(2)["sessions"] == 0)
    assert room.footage.recording() == set()


@pytest.mark.system
@pytest.mark.timeout(120)
def test_of_a_camera_that_has_only_a_small_stream_that_one_is_recorded(room: Room, street: PracticeStreet) -> None:
    camera = replace(street.camera(2, recording=RecordingPlan.CONTINUOUS), main_url="")
    room.start(camera)
    until("a recording", lambda: list_segments([room.recordings / "continuous"], 2, 0, 1e11, "sub"))
    assert street.state(2)["sessions"] == 1


@pytest.mark.system
@pytest.mark.timeout(120)
def test_a_recording_by_hand_lasts_until_it_is_stopped(room: Room, street: PracticeStreet) -> None:
    room.start(street.camera(2))
    room.footage.record(2)
    clip = room.clips[2]
    room.footage.record(2)  # is under way
    assert room.clips == {2: clip}
    assert (clip.reason, clip.ends) == (ClipReason.MANUAL, None)
    assert room.footage.by_hand() == room.footage.recording() == {2}
    until("pictures", lambda: list_segments([room.recordings / "clips" / str(clip.id)], 2, 0, 1e11))
    room.footage.stop(2)
    assert room.footage.by_hand() == room.footage.recording() == set()
    manifest = until("the finished recording", lambda: room.manifest(clip), SETTLES_S)
    assert manifest.files
    room.footage.stop(2)  # has ended
    assert room.clips == {}


def test_a_recording_by_hand_outlives_the_program_and_can_still_be_stopped(rooms: Callable[..., Room]) -> None:
    before = rooms()
    before.start(make_camera(1))
    before.footage.record(1)
    clip = before.clips[1]
    manifest = before.recordings / "clips" / str(clip.id) / "manifest.json"
    until("a manifest", manifest.exists, 10)
    before.close()
    after = rooms()
    after.start(make_camera(1))
    assert after.clips[1].id == clip.id
    assert after.footage.by_hand() == {1}
    after.footage.record(1)
    assert len(after.clips) == 1
    after.footage.stop(1)
    assert after.footage.by_hand() == set()
    assert after.clips.get(1, clip).over(datetime.now(UTC)) or 1 not in after.clips
