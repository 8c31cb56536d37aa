"""Keeps recordings and clips by giving the ring's segments a second name. No picture passes through here."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from domain.camera import Profile
from domain.clock import Clock
from domain.errors import StorageError
from domain.recording import AFTER_EVENT_S, BEFORE_EVENT_S, Clip, ClipReason, RecordingTrouble, TroubleKind
from video.clips import Allowance, load_manifest
from video.hanging import Hanging
from video.recorder_clip import ClipUnderWay
from video.segments import file_spans, hour_folder
from video.segments_link import link_file
from video.troubles import Troubles
from video.unbroken import broken_by

_LOG = logging.getLogger(__name__)
_TURN_S = 1.0
_DIGESTED = 64_000_000  # bytes a turn: what is to be linked must not wait longer for it than the ring lasts
_WRITER = "recorder"
Track = tuple[int, str]


class Recorder:
    """Continuous and manual recordings, and the clips of events; its deeds happen on a thread of its own.

    `ring` and `recordings` lie on one disk. `clock` is the workstation's own, as the ring's. `clip_finished` is called
    on the recorder's thread, `report` there and on the one that calls `watch`.
    """

    def __init__(
        self,
        ring: Path,
        recordings: Path,
        *,
        clock: Clock,
        report: Callable[[RecordingTrouble], None],
        clip_finished: Callable[[Clip], None],
    ) -> None:
        self._ring = ring
        self._recordings = recordings
        self._clock = clock
        self._clip_finished = clip_finished
        self._lock = threading.Lock()
        self._clips: dict[UUID, Clip] = {}
        self._continuous: frozenset[Track] = frozenset()
        self._under_way: dict[UUID, ClipUnderWay] = {}
        self._linked: dict[Track, set[Path]] = {}
        self._troubles = Troubles(_WRITER, report, clock)
        self._hanging = Hanging(recordings, _WRITER, report, clock)
        self._wake = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        """Go on with what was under way when the program last ended, and begin."""
        self._resume()
        self._thread.start()

    def close(self) -> None:
        """End; clips under way are gone on with at the next start."""
        self._closing = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def watch(self) -> None:
        """Tell of a disk that does not answer; to be called now and then, from another thread."""
        self._hanging.look()

    def continue_for(self, cameras: Iterable[Track]) -> None:
        """Record these streams (camera, profile) continuously, and no others."""
        self._continuous = frozenset(cameras)
        self._wake.set()

    def keep(
        self,
        camera_no: int,
        before_s: float = BEFORE_EVENT_S,
        after_s: float = AFTER_EVENT_S,
        *,
        alarm: UUID | None = None,
        note: str = "",
    ) -> Clip:
        """Keep what a camera showed around now, for an event."""
        now = self._clock.now()
        ends = now + timedelta(seconds=after_s)
        return self._begin(camera_no, ClipReason.EVENT, now - timedelta(seconds=before_s), ends, alarm, note)

    def record(self, camera_no: int, *, note: str = "") -> Clip:
        """Record a camera from now on until somebody stops it."""
        return self._begin(camera_no, ClipReason.MANUAL, self._clock.now(), None, None, note)

    def extend(self, clip_id: UUID, after_s: float = AFTER_EVENT_S) -> bool:
        """Keep on for so long from now, as the event lasts; False where the clip's time has passed."""
        now = self._clock.now()
        with self._lock:
            clip = self._clips.get(clip_id)
            if clip is None or clip.ends is None or clip.over(now):
                return False
            self._clips[clip_id] = replace(clip, ends=max(clip.ends, now + timedelta(seconds=after_s)))
        return True

    def stop(self, clip_id: UUID) -> bool:
        """End a clip or a manual recording now; False where it has ended."""
        now = self._clock.now()
        with self._lock:
            clip = self._clips.get(clip_id)
            if clip is None or clip.over(now):
                return False
            self._clips[clip_id] = replace(clip, ends=now)
        self._wake.set()
        return True

    def clips(self) -> tuple[Clip, ...]:
        """Return the clips and manual recordings that are not finished."""
        with self._lock:
            return tuple(self._clips.values())

    def recording(self) -> set[int]:
        """Return the cameras of which more than the ring is being kept now."""
        now = self._clock.now()
        return {clip.camera_no for clip in self.clips() if not clip.over(now)} | {no for no, _ in self._continuous}

    def wanted(self) -> set[Track]:
        """Return the streams (camera, profile) whose sessions must stay open for this."""
        now = self._clock.now()
        return {(clip.camera_no, Profile.MAIN.value) for clip in self.clips() if not clip.over(now)} | self._continuous

    def _begin(
        self, camera_no: int, reason: ClipReason, begins: datetime, ends: datetime | None, alarm: UUID | None, note: str
    ) -> Clip:
        clip = Clip(id=uuid4(), camera_no=camera_no, reason=reason, begins=begins, ends=ends, alarm=alarm, note=note)
        with self._lock:
            self._clips[clip.id] = clip
        self._wake.set()
        return clip

    def _resume(self) -> None:
        for each in self._kept_clips():
            try:
                manifest = load_manifest(each)
            except StorageError as error:
                _LOG.warning("a clip can't be gone on with: %s", error)
                continue
            if not manifest.clip.finished:
                self._clips[manifest.clip.id] = manifest.clip
                self._under_way[manifest.clip.id] = ClipUnderWay(each)

    def _kept_clips(self) -> list[Path]:
        folder = self._recordings / "clips"
        try:
            return sorted(folder.iterdir()) if folder.is_dir() else []
        except OSError as error:
            _LOG.warning("clips can't be gone on with: %s", error)
            return []

    def _run(self) -> None:
        while not self._closing:
            broken = broken_by(self._try_turn)
            self._hanging.rests()
            if broken:
                broken_by(partial(self._suffer, broken))
            self._wake.wait(_TURN_S)
            self._wake.clear()

    def _try_turn(self) -> None:
        try:
            self._turn()
        except StorageError as error:
            self._suffer(str(error))
        else:
            self._troubles.recover(TroubleKind.WRITE_FAILED, self._recordings)

    def _turn(self) -> None:
        """Do all that is due; one track or clip that fails does not keep the others from being kept."""
        failed: StorageError | None = None
        allowance = Allowance(_DIGESTED)
        due = [partial(self._continue, track) for track in self._continuous]
        due += [partial(self._advance, clip.id, allowance) for clip in self.clips()]
        for piece in due:
            self._hanging.begins()
            try:
                piece()
            except StorageError as error:
                failed = error
        if failed is not None:
            raise failed

    def _continue(self, track: Track) -> None:
        name = f"{track[0]}-{track[1]}"
        linked = self._linked.get(track, set())
        seen = set()
        for span in file_spans(self._ring / name):
            seen.add(span.path)
            if span.path not in linked:
                link_file(span.path, self._recordings / "continuous" / name / hour_folder(span.start) / span.path.name)
                linked.add(span.path)
        self._linked[track] = linked & seen

    def _advance(self, clip_id: UUID, allowance: Allowance) -> None:
        with self._lock:
            clip = self._clips[clip_id]  # as it is now: what came before it may have taken long
        under_way = self._under_way.get(clip_id)
        if under_way is None:
            under_way = self._under_way[clip_id] = ClipUnderWay(self._recordings / "clips" / str(clip_id))
        roots = (self._ring, self._recordings / "continuous")
        advanced = under_way.advance(clip, roots, self._clock.now(), allowance)
        if not advanced.finished:
            return
        with self._lock:
            if self._clips[clip_id] != clip:
                return  # it was lengthened meanwhile; its manifest says so with the next turn
            del self._clips[clip_id]
        del self._under_way[clip_id]
        self._clip_finished(advanced)

    def _suffer(self, detail: str) -> None:
        self._troubles.suffer(TroubleKind.WRITE_FAILED, self._recordings, detail)
