"""One camera's stream on its way to disk: which file, from which keyframe on, and what is missing before it."""

import contextlib
import os
import statistics
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ProtocolError, StorageError
from video.ring_file import TAG_ARRIVED, TAG_CAMERA, TAG_CAMERA_TIME, TAG_GAP, TAG_PROFILE, SegmentFile
from video.ring_header import carries_header, header_of, picture_size
from video.ring_timeline import Timeline
from video.rtp import AccessUnit
from video.segments import HOLE_S, file_spans

RETRY_S = 3.0
_USUAL_INTERVAL_S = 0.1
_DRAW_S = 0.1
_CLOCK_SET_S = 10.0
_REFUSED_S = 10.0  # keyframes of which none could be kept for so long: one that was damaged is not it
_KEYLESS_S = 60.0  # no camera that was tried lets its keyframes come so seldom


@dataclass(frozen=True, slots=True)
class Arrival:
    """One picture as it came; `broken` says that pictures before it were left out here."""

    unit: AccessUnit
    arrived_at: float
    camera_at: float
    broken: bool


class TrackFiles:
    """Writes one track's segments; used on the ring's thread. Its methods raise StorageError for what the disk says.

    After an error it waits some seconds, and then for the next keyframe. `unkept` says why nothing can be kept of a
    stream that comes, and is empty while something is.
    """

    def __init__(
        self,
        folder: Path,
        camera_no: int,
        profile: str,
        codec: str,
        parameter_sets: tuple[bytes, ...],
        clock_rate: int,
        segment_s: float,
    ) -> None:
        self.folder = folder
        self.undecodable = 0
        self.unkept = ""
        self._names = {TAG_CAMERA: str(camera_no), TAG_PROFILE: profile}
        self._codec = codec
        self._header = parameter_sets
        self._clock_rate = clock_rate
        self._segment_s = segment_s
        self._file: SegmentFile | None = None
        self._file_header: tuple[bytes, ...] = ()
        self._size = (0, 0)
        self._timeline = Timeline(0, 0.0, clock_rate)
        self._began_at = 0.0
        self._last_ms = 0
        self._ended_at: float | None = None
        self._intervals: deque[float] = deque(maxlen=9)
        self._retry_at = 0.0
        self._missed_since: float | None = None
        self._fresh = False
        self._prepared = False

    @property
    def growing(self) -> Path | None:
        """Return the file that is being written."""
        return None if self._file is None else self._file.path

    @property
    def growing_bytes(self) -> int:
        """Return about how long that file is."""
        return 0 if self._file is None else self._file.bytes

    def write(self, arrival: Arrival) -> None:
        """Put a picture where it belongs; after one that is none it waits for the next keyframe."""
        place_ms = self._timeline.place(arrival.unit.timestamp, arrival.arrived_at) if self._file else 0
        try:
            if arrival.unit.key and self._turned_page(arrival, place_ms):
                place_ms = 0
            if self._file is not None:
                self._append(self._file, arrival.unit, place_ms)
                self._missed_since, self.unkept = None, ""
            else:
                self._miss(arrival, "its parameters are not told" if arrival.unit.key else "no keyframe comes")
        except ProtocolError as error:
            self.undecodable += 1
            self.abandon()
            self._miss(arrival, str(error))
        except StorageError:
            self._retry_at = arrival.arrived_at + RETRY_S
            self._missed_since = None
            self.abandon()
            raise

    def close(self) -> None:
        """Finish the file that is being written."""
        if self._file is not None:
            file, self._file = self._file, None
            self._ended_at = self._end()
            file.close(self._ended_at)

    def abandon(self) -> None:
        """Leave the file as far as it came; one without a picture goes. The error that led here is the one to tell."""
        file, self._file = self._file, None
        if file is None:
            return
        self._ended_at = self._end()
        with contextlib.suppress(StorageError):
            file.close(self._ended_at)
        with contextlib.suppress(OSError):
            if file.empty:
                file.path.unlink()
            else:
                os.utime(file.path, (self._ended_at, self._ended_at))

    def _miss(self, arrival: Arrival, why: str) -> None:
        """Note a picture that could not be kept although the disk is well."""
        if arrival.arrived_at < self._retry_at:
            return
        if self._missed_since is None:
            self._missed_since = arrival.arrived_at
        patience_s = _REFUSED_S if arrival.unit.key else _KEYLESS_S
        if arrival.arrived_at - self._missed_since >= patience_s:
            self.unkept = why

    def _turned_page(self, arrival: Arrival, place_ms: int) -> bool:
        header = header_of(self._codec, arrival.unit.data, self._header)
        if not self._new_file_due(arrival, header, place_ms):
            return False
        begins_at = self._moment(arrival.arrived_at, place_ms)
        self.close()
        self._header = header
        if arrival.arrived_at >= self._retry_at and header:
            self._open(arrival, begins_at)
        return True

    def _new_file_due(self, arrival: Arrival, header: tuple[bytes, ...], place_ms: int) -> bool:
        """Whether this keyframe begins a file: time, new parameters, a hole before it, or the clock was set."""
        return (
            self._file is None
            or arrival.broken
            or header != self._file_header
            or place_ms >= self._segment_s * 1000
            or place_ms - self._last_ms > 1000 * max(HOLE_S, 3 * self._interval_s())
            or abs(self._began_at + place_ms / 1000 - arrival.arrived_at) > _CLOCK_SET_S
        )

    def _moment(self, arrived_at: float, place_ms: int) -> float:
        """Return when a keyframe came, without what the network added to its way.

        The stream's own clock goes on from file to file and is drawn to the arrivals by 1 % at most.
        """
        if self._file is None:
            return arrived_at
        smooth_at = self._began_at + place_ms / 1000
        late_s = arrived_at - smooth_at
        return smooth_at + min(late_s, _DRAW_S) if 0 <= late_s <= _CLOCK_SET_S else arrived_at

    def _open(self, arrival: Arrival, begins_at: float) -> None:
        self._take_over()
        unit = arrival.unit
        if self._header != self._file_header:
            self._size = picture_size(self._codec, self._header, unit.data)
            self._file_header = self._header
        tags = self._tags(arrival, begins_at)
        self._file = SegmentFile(self._free_path(begins_at), self._codec, self._size, self._header, tags)
        self._began_at = begins_at
        self._last_ms = 0
        self._timeline = Timeline(unit.timestamp, arrival.arrived_at, self._clock_rate)

    def _append(self, file: SegmentFile, unit: AccessUnit, place_ms: int) -> None:
        bare = file.empty and not carries_header(self._codec, unit.data)
        file.write(unit.data, place_ms, key=unit.key, with_header=bare)
        if place_ms > self._last_ms:
            self._intervals.append((place_ms - self._last_ms) / 1000)
            self._last_ms = place_ms

    def _take_over(self) -> None:
        """Make the folder, and learn where a former worker or session stopped."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{self.folder}: {error}") from error
        if self._prepared:
            return
        self._prepared = self._fresh = True
        self._ended_at = max((span.end for span in file_spans(self.folder)), default=None)

    def _tags(self, arrival: Arrival, begins_at: float) -> dict[str, str]:
        tags = {**self._names, TAG_ARRIVED: str(round(begins_at * 1e6))}
        if arrival.camera_at > 0:
            tags[TAG_CAMERA_TIME] = str(round(arrival.camera_at * 1e6))
        if self._ended_at is not None:
            missing_s = begins_at - self._ended_at
            # A former session ended: what is missing since is marked however short it is.
            least_s = 3 * self._interval_s() if self._fresh else HOLE_S
            if arrival.broken or missing_s > least_s:
                tags[TAG_GAP] = str(max(1, round(missing_s * 1000)))
        self._fresh = False
        return tags

    def _free_path(self, begins_at: float) -> Path:
        start_ms = int(begins_at * 1000)
        while (path := self.folder / f"{start_ms}.mkv").exists():
            start_ms += 1
        return path

    def _interval_s(self) -> float:
        return statistics.median(self._intervals) if self._intervals else _USUAL_INTERVAL_S

    def _end(self) -> float:
        """Return when the newest picture stops being shown."""
        return self._began_at + self._last_ms / 1000 + min(self._interval_s(), HOLE_S)
