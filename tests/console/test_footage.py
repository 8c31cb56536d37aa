"""What is kept of pictures: of alarms, by the register, by hand; and how the operators hear that it is not."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from console.footage import Footage
from domain.alarm import Acknowledgement, Alarm, AlarmState
from domain.camera import Camera, RecordingPlan
from domain.clock import Clock, FixedClock, SystemClock
from domain.event import EventKind, FieldReport
from domain.news import AlarmChanged, LinkChanged, LinkName, News, Notice, RegisterChanged
from domain.picture import Subscription
from domain.place import Place
from domain.record import Mode, Workplace
from domain.recording import Clip, ClipReason, RecordingTrouble, TroubleKind
from tests.console.by_hand import until
from tests.console.street import PracticeStreet
from tests.console.surroundings import Workstation, make_alarm, make_camera
from video.archive import Archive
from video.clips import Manifest, load_manifest
from video.engine import VideoEngine
from video.plan import RingPlan
from video.recorder import Recorder
from video.segments import coverage, gaps, list_segments

pytest_plugins = ["tests.console.fixtures"]

HERE = Place(37.39, 126.64)
SETTLES_S = 20.0  # the ring lags, the recorder turns once a second, and a growing file counts as finished 5 s later


class Room:
    """Footage over a real engine, recorder and archive in one folder, and all that it has to tell."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.ring, self.recordings = folder / "ring", folder / "recordings"
        self.place = Workplace(uuid4(), "anyang", Mode.TEST)
        self.news: list[News] = []
        self.reports: list[FieldReport] = []
        self._closed = False
        world = SystemClock()
        self.video = VideoEngine(lambda _: PracticeStreet.who, lambda _: None, world, ring=RingPlan(self.ring))
        recorder = Recorder(self.ring, self.recordings, clock=world, report=self._suffer, clip_finished=self._finish)
        archive = Archive(self.ring, self.recordings, budget=1 << 40, reserve=0, clock=world, report=self._suffer)
        self.footage = Footage(
            self.video, recorder, archive, self.place, clock or world, self.news.append, self._take_reports
        )

    def start(self, *cameras: Camera) -> None:
        self.video.start()
        self.footage.start(cameras)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self.footage.close()
            self.video.close()

    def hear(self, alarm: Alarm) -> Alarm:
        self.footage.hear(AlarmChanged(alarm))
        return alarm

    def alarm(self, **changes: object) -> Alarm:
        """Return an alarm that was raised here."""
        return make_alarm(origin=self.place.origin, **changes)

    @property
    def clips(self) -> dict[int, Clip]:
        """The clips under way by camera; of each camera there is one at most."""
        clips = self.footage.recorder.clips()
        assert len({clip.camera_no for clip in clips}) == len(clips)
        return {clip.camera_no: clip for clip in clips}

    def manifest(self, clip: Clip) -> Manifest | None:
        """Return what lies on disk of a clip once it is finished."""
        folder = self.recordings / "clips" / str(clip.id)
        manifest = load_manifest(folder) if (folder / "manifest.json").exists() else None
        return manifest if manifest is not None and manifest.clip.finished else None

    def links(self) -> list[bool]:
        """Return how the link to the disk went up and down."""
        links = [news for news in self.news if isinstance(news, LinkChanged)]
        assert {link.name for link in links} <= {LinkName.DISK}
        return [link.up for link in links]

    def _suffer(self, trouble: RecordingTrouble) -> None:
        self.footage.take_trouble(trouble)

    def _finish(self, clip: Clip) -> None:
        self.footage.clip_finished(clip)

    def _take_reports(self, reports: Sequence[FieldReport], committed: Callable[[], None]) -> None:
        self.reports.extend(reports)
        committed()


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    made: list[Room] = []

    def make(clock: Clock | None = None) -> Room:
        made.append(Room(tmp_path, clock))
        return made[-1]

    yield make
    for room in made:
        room.close()


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    return rooms()


def seen_by(camera: int) -> dict[str, object]:
    return {"kind": EventKind.DETECTION, "source": str(camera)}


def acknowledged(alarm: Alarm) -> Alarm:
    return replace(alarm, state=AlarmState.ACKNOWLEDGED, acknowledgement=Acknowledgement("haneul", datetime.now(UTC)))


def trouble(kind: TroubleKind, *, cleared: bool = False, where: str = "/ring") -> RecordingTrouble:
    return RecordingTrouble(kind, where, "no room", datetime.now(UTC), cleared)


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


# -- when it is not


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
