"""The ring: what cameras send, as segment files of the last minutes. One writer in each stream worker."""

import errno
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from domain.clock import Clock
from domain.errors import StorageError
from domain.recording import RecordingTrouble, TroubleKind
from video.hanging import Hanging
from video.ring_expiry import Expiry
from video.ring_track import Arrival, TrackFiles
from video.rtp import AccessUnit
from video.troubles import Troubles
from video.unbroken import broken_by

_LOG = logging.getLogger(__name__)
_TURN_S = 0.1  # fewer wake-ups than pictures; a killed worker loses this besides what is in a cluster
_EXPIRY_S = 2.0
_CALM_S = 10.0  # so long without a loss before "too slow" is over
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class RingCounts:
    """What a writer has done since it began."""

    segments: int
    units: int
    dropped: int
    bytes_queued: int


class RingTrack:
    """Where one session's pictures go in; used from the thread that reads the camera."""

    def __init__(self, writer: "RingWriter", files: TrackFiles) -> None:
        self._writer = writer
        self._files = files
        self._broken = False

    def write(self, unit: AccessUnit, arrived_at: float, camera_at: float) -> None:
        """Hand over a picture: when it came and when the camera made it (0 where unknown), in Unix seconds.

        Never waits and never fails; what the queue has no room for is left out up to the next keyframe.
        """
        if self._broken and not unit.key:
            self._writer.leave_out()
        elif self._writer.put(self._files, Arrival(unit, arrived_at, camera_at, self._broken)):
            self._broken = False
        else:
            self._broken = True

    def end(self) -> None:
        """Finish the file, for the session has ended."""
        self._writer.end(self._files)


class RingWriter:
    """Writes the segments of many tracks on one thread, and deletes what is too old or too much.

    `folder` gets a folder for each track; `max_bytes` bounds all of this writer's together. `clock` is the
    workstation's own. `report` is called on the writer's thread, and on the one that hands pictures over.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seconds: float = 120.0,
        segment_s: float = 10.0,
        max_bytes: int,
        max_queued: int = 32 * 1024 * 1024,
        report: Callable[[RecordingTrouble], None],
        clock: Clock,
    ) -> None:
        self._folder = folder
        self._segment_s = segment_s
        self._max_queued = max_queued
        self._clock = clock
        self._expiry = Expiry(seconds, max_bytes)
        self._queue: deque[tuple[TrackFiles, Arrival | None]] = deque()
        self._bytes_in = 0  # grows on the caller's thread only, the other one on ours
        self._bytes_out = 0
        self._left_out = 0
        self._units = 0
        self._tracks: set[TrackFiles] = set()
        self._troubles = Troubles("", report, clock)
        self._hanging = Hanging(folder, "", report, clock)
        self._told_left_out = 0
        self._left_out_at = float("-inf")
        self._expire_at = 0.0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ring", daemon=True)
        self._thread.start()

    def track(
        self, camera_no: int, profile: str, codec: str, parameter_sets: tuple[bytes, ...], clock_rate: int
    ) -> RingTrack:
        """Open the ring for one session; `codec` is h264, hevc or mjpeg, `parameter_sets` what its SDP tells."""
        folder = self._folder / f"{camera_no}-{profile}"
        files = TrackFiles(folder, camera_no, profile, codec, parameter_sets, clock_rate, self._segment_s)
        return RingTrack(self, files)

    def counts(self) -> RingCounts:
        """Return what was done so far."""
        return RingCounts(self._expiry.segments, self._units, self._left_out, self._bytes_in - self._bytes_out)

    def close(self, timeout_s: float = 2.0) -> None:
        """Write what waits, finish all files and end the thread."""
        self._closing.set()
        self._thread.join(timeout_s)

    def put(self, files: TrackFiles, arrival: Arrival) -> bool:
        """Queue a picture; False where there is no room."""
        self._hanging.look()
        size = len(arrival.unit.data)
        if self._bytes_in - self._bytes_out + size > self._max_queued:
            self._left_out += 1
            return False
        self._bytes_in += size
        self._queue.append((files, arrival))
        return True

    def leave_out(self) -> None:
        """Count a picture that is not written."""
        self._hanging.look()
        self._left_out += 1

    def end(self, files: TrackFiles) -> None:
        """Queue a track's end."""
        self._queue.append((files, None))

    def _run(self) -> None:
        while not self._closing.wait(_TURN_S):
            self._survive(self._turn)
        self._survive(self._turn)
        for files in tuple(self._tracks):
            self._survive(partial(self._end, files))

    def _survive(self, work: Callable[[], None]) -> None:
        """Do it; what nobody expected is told until it goes well again, and the thread goes on."""
        broken = broken_by(work)
        self._hanging.rests()
        broken_by(partial(self._judge, broken))

    def _judge(self, broken: str) -> None:
        if broken:
            self._troubles.suffer(TroubleKind.WRITE_FAILED, self._folder, broken, who=self)
        else:
            self._troubles.recover(TroubleKind.WRITE_FAILED, self._folder, who=self)
        self._hanging.look()

    def _turn(self) -> None:
        for _ in range(len(self._queue)):
            files, arrival = self._queue.popleft()
            self._hanging.begins()
            if arrival is None:
                self._end(files)
            else:
                self._bytes_out += len(arrival.unit.data)
                self._write(files, arrival)
        now = self._clock.monotonic()
        self._tell_left_out(now)
        if now >= self._expire_at:
            self._expire_at = now + _EXPIRY_S
            self._hanging.begins()
            self._expire()

    def _write(self, files: TrackFiles, arrival: Arrival) -> None:
        if files not in self._tracks:
            self._tracks.add(files)
            self._expiry.watch((files.folder,))
        try:
            files.write(arrival)
        except StorageError as error:
            self._suffer(files, error)
            return
        except Exception as error:  # noqa: BLE001 - the outermost loop of the thread, once for each track
            self._break(files, error)
            return
        if files.unkept:
            self._troubles.suffer(TroubleKind.UNKEPT, files.folder, files.unkept)
        self._units += 1
        if files.growing is not None:
            self._troubles.relieve(files)
            self._troubles.recover(TroubleKind.UNKEPT, files.folder)

    def _end(self, files: TrackFiles) -> None:
        self._tracks.discard(files)
        try:
            files.close()
        except StorageError as error:
            self._suffer(files, error)
        self._troubles.relieve(files)

    def _expire(self) -> None:
        growing = {files.growing: files.growing_bytes for files in self._tracks if files.growing is not None}
        busy = {files.folder for files in self._tracks}
        self._expiry.expire(self._clock.now().timestamp(), growing, busy)

    def _suffer(self, files: TrackFiles, error: StorageError) -> None:
        full = getattr(error.__cause__, "errno", None) in _FULL
        if full:
            self._expiry.drop_oldest()  # a shorter ring rather than none
        kind = TroubleKind.DISK_FULL if full else TroubleKind.WRITE_FAILED
        self._troubles.suffer(kind, self._folder, str(error), who=files)

    def _break(self, files: TrackFiles, error: Exception) -> None:
        """Begin a track anew with the next keyframe, for nobody expected this; the other tracks go on."""
        if not self._troubles.knows(TroubleKind.UNKEPT, files.folder):
            _LOG.error("a stream broke the ring's writer", exc_info=error)
        self._troubles.suffer(TroubleKind.UNKEPT, files.folder, repr(error))
        files.abandon()

    def _tell_left_out(self, now: float) -> None:
        if self._left_out > self._told_left_out:
            self._left_out_at = now
            self._told_left_out = self._left_out
            detail = f"{self._left_out} pictures left out so far"
            self._troubles.suffer(TroubleKind.TOO_SLOW, self._folder, detail)
        elif now - self._left_out_at > _CALM_S:
            self._troubles.recover(TroubleKind.TOO_SLOW, self._folder)
