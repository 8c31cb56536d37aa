"""Footage over a real engine, recorder and archive."""

from collections.abc import Sequence
from pathlib import Path

from console.footage import Footage
from domain.alarm import Alarm
from domain.camera import Camera
from domain.clock import Clock, SystemClock
from domain.event import FieldReport
from domain.news import AlarmChanged, LinkChanged, LinkName, News
from domain.record import Workplace
from domain.recording import Clip, RecordingTrouble
from tests.console.street import PracticeStreet
from tests.console.surroundings import make_alarm
from video.archive import Archive
from video.clips import Manifest, load_manifest
from video.engine import VideoEngine
from video.plan import RingPlan
from video.recorder import Recorder


class Room:
    """Footage over a real engine, recorder and archive in one folder, and all that it has to tell."""

    def __init__(self, folder: Path, place: Workplace, clock: Clock | None = None) -> None:
        self.ring, self.recordings = folder / "ring", folder / "recordings"
        self.place = place
        self.news: list[News] = []
        self.reports: list[FieldReport] = []
        self._closed = False
        world = SystemClock()
        self.video = VideoEngine(lambda _: PracticeStreet.who, lambda _: None, world, ring=RingPlan(self.ring))
        recorder = Recorder(self.ring, self.recordings, clock=world, report=self._suffer, clip_finished=self._finish)
        archive = Archive(self.ring, self.recordings, budget=1 << 40, reserve=0, clock=world, report=self._suffer)
        self.footage = Footage(self.video, recorder, archive, self.place, clock or world, self.news.append, self._offer)
        self.full = False

    def start(self, *cameras: Camera, alarms: Sequence[Alarm] = ()) -> None:
        self.video.start()
        self.footage.start(cameras, alarms)

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

    def _offer(self, report: FieldReport) -> bool:
        if not self.full:
            self.reports.append(report)
        return not self.full
