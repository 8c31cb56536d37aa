"""What is kept of pictures: what the register wants recorded, what alarms are about, and what people ask for."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from console.recording_troubles import RecordingTroubles
from console.register import Register
from domain.alarm import Alarm
from domain.camera import Camera, Profile, RecordingPlan
from domain.clock import Clock
from domain.event import FieldReport
from domain.news import AlarmChanged, News, Notice, RegisterChanged
from domain.record import Workplace
from domain.recording import BEFORE_EVENT_S, Clip, ClipReason, RecordingTrouble
from domain.text import Text
from video.archive import Archive
from video.engine import VideoEngine
from video.recorder import Recorder
from video.unbroken import broken_by

_TURN_S = 2.0
_AROUND = 4  # cameras that are kept for an alarm that no camera raised, as the SOS view opens four
_LONGEST_EVENT_S = 600.0  # an alarm that nobody acknowledges is no event that lasts


@dataclass(slots=True)
class _Followed:
    """An alarm whose clips grow while it waits."""

    since: float
    clips: tuple[UUID, ...]


class Footage:
    """Joins ring, recorder and disk budget to the register and the alarms.

    `offer` has an event stored that the operators must know of (as the field's events are), or says False where that
    would have to wait. Everything may be called from any thread.
    """

    def __init__(
        self,
        video: VideoEngine,
        recorder: Recorder,
        archive: Archive,
        workplace: Workplace,
        clock: Clock,
        report: Callable[[News], None],
        offer: Callable[[FieldReport], bool],
    ) -> None:
        self.archive = archive
        self.recorder = recorder
        self.video = video
        self._workplace = workplace
        self._clock = clock
        self._report = report
        self._troubles = RecordingTroubles(workplace, clock, report, offer)
        self._register = Register()
        self._lock = threading.Lock()
        self._followed: dict[UUID, _Followed] = {}
        self._manual: dict[int, UUID] = {}
        self._open: frozenset[tuple[int, str]] = frozenset()
        self._closing = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="footage", daemon=True)

    def start(self, cameras: Sequence[Camera], alarms: Sequence[Alarm] = ()) -> None:
        """Begin, with this register, and go on with the clips of those of these alarms that still wait."""
        self.recorder.start()
        with self._lock:  # gone on with since the program last ended; a person may still end them
            self._manual = {each.camera_no: each.id for each in self.recorder.clips() if _is_by_hand(each)}
        self.archive.start()
        self._learn(cameras)
        for alarm in alarms:
            self._take_up(alarm)
        self._thread.start()

    def close(self) -> None:
        """End; clips under way are gone on with at the next start."""
        self._closing.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()
        self.recorder.close()
        self.archive.close()

    def hear(self, news: News) -> None:
        """Take what happens: a new register, an alarm."""
        match news:
            case RegisterChanged(cameras):
                self._learn(cameras)
            case AlarmChanged(alarm):
                self._follow(alarm)
            case _:
                pass

    def record(self, camera_no: int) -> None:
        """Record a camera until `stop`; nothing happens where that is under way."""
        with self._lock:
            if camera_no not in self._manual:
                self._manual[camera_no] = self.recorder.record(camera_no).id
        self._wake.set()

    def stop(self, camera_no: int) -> None:
        """End the recording that a person asked for."""
        with self._lock:
            clip = self._manual.pop(camera_no, None)
        if clip is not None:
            self.recorder.stop(clip)
        self._wake.set()

    def by_hand(self) -> set[int]:
        """Return the cameras that a person has recorded now."""
        with self._lock:
            return set(self._manual)

    def recording(self) -> set[int]:
        """Return the cameras of which more than the ring is being kept now."""
        return self.recorder.recording()

    def take_trouble(self, trouble: RecordingTrouble) -> None:
        """Tell the operators that recording suffers, once for each trouble, and when it no longer does. Never waits."""
        self._troubles.take(trouble)

    def clip_finished(self, clip: Clip) -> None:
        """Note that a recording has come to its end."""
        with self._lock:
            self._manual = {number: each for number, each in self._manual.items() if each != clip.id}

    def _learn(self, cameras: Sequence[Camera]) -> None:
        self._register.learn(cameras)
        plan = RecordingPlan.CONTINUOUS
        self.recorder.continue_for(
            (camera.no, camera.profile(Profile.MAIN).value)
            for camera in cameras
            if camera.recording is plan and camera.streams
        )
        self._wake.set()

    def _follow(self, alarm: Alarm) -> None:
        with self._lock:
            if alarm.id in self._followed:
                if not alarm.waiting:
                    del self._followed[alarm.id]
                return
            if not alarm.waiting or alarm.origin != self._workplace.origin:
                return  # where another workstation raised it, that one keeps the pictures
            self._begin(alarm, self._clock.monotonic())
        self._wake.set()

    def _take_up(self, alarm: Alarm) -> None:
        """Follow an alarm that was raised before the program began, as long as it would have been."""
        age_s = max(0.0, (self._clock.now() - alarm.raised_at).total_seconds())
        if alarm.waiting and alarm.origin == self._workplace.origin and age_s < _LONGEST_EVENT_S:
            with self._lock:
                if alarm.id not in self._followed:
                    self._begin(alarm, self._clock.monotonic() - age_s)

    def _begin(self, alarm: Alarm, since: float) -> None:
        clips = tuple(self._keep(camera, alarm) for camera in self._cameras_of(alarm))
        self._followed[alarm.id] = _Followed(since, clips)

    def _keep(self, camera: Camera, alarm: Alarm) -> UUID:
        """Keep what a camera showed around now, or lengthen the clip of an event there that still lasts."""
        for clip in self.recorder.clips():
            if clip.camera_no == camera.no and clip.alarm is not None and self.recorder.extend(clip.id):
                return clip.id
        before_s = BEFORE_EVENT_S + min(60.0, max(0.0, (self._clock.now() - alarm.raised_at).total_seconds()))
        return self.recorder.keep(camera.no, before_s, alarm=alarm.id).id

    def _cameras_of(self, alarm: Alarm) -> tuple[Camera, ...]:
        camera = self._register.camera_of(alarm)
        if camera is not None:
            found: tuple[Camera, ...] = (camera,)
        else:
            found = self._register.near(alarm.place) if alarm.place is not None else ()
        kept = [each for each in found if each.streams and each.recording is not RecordingPlan.NOTHING]
        return tuple(kept[:_AROUND])

    def _run(self) -> None:
        while not self._closing.is_set():
            for work in (self.recorder.watch, self.archive.watch, self._troubles.offer_again, self._tend):
                broken = broken_by(work)
                if broken:
                    broken_by(partial(self._report, Notice(Text("work_failed", {"why": broken}), severe=True)))
            self._wake.wait(_TURN_S)
            self._wake.clear()

    def _tend(self) -> None:
        self._lengthen()
        self._keep_sessions()

    def _lengthen(self) -> None:
        """Go on with the clips of alarms that still wait for somebody."""
        now = self._clock.monotonic()
        with self._lock:
            for alarm, followed in list(self._followed.items()):
                if now - followed.since > _LONGEST_EVENT_S:
                    del self._followed[alarm]
            clips = {clip for followed in self._followed.values() for clip in followed.clips}
        for clip in clips:
            self.recorder.extend(clip)

    def _keep_sessions(self) -> None:
        wanted = frozenset(self.recorder.wanted())
        sessions = [
            (camera, Profile(profile))
            for number, profile in sorted(wanted)
            if (camera := self._register.find(number)) is not None
        ]
        self.video.keep_open(sessions)


def _is_by_hand(clip: Clip) -> bool:
    return clip.reason is ClipReason.MANUAL and clip.ends is None
