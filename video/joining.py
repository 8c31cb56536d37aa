"""Puts a span's segments together as one file, without coding them anew. Only worker processes import this file.

Pictures keep their places in time, so a hole is as long in the file as it was. It begins with the keyframe before the
span. What can't be read, or is coded otherwise than the first segment, is left out by name.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import BadInputError, ProtocolError, StorageError
from video.review_span import LONGEST_S, Joined, ReviewSpan, best_profile, roots_of
from video.ring_file import TAG_ARRIVED, TAG_CAMERA, TAG_PROFILE, SegmentFile
from video.segment_reader import SegmentError, SegmentReader, StoredUnit
from video.segments import HOLE_S, Segment, list_segments

_NAMED_S = 0.001  # a segment's name is cut off to the millisecond
_SPARE = 1 << 28  # bytes that a look leaves to those who record


class NothingRecordedError(BadInputError):
    """Nothing of the span lies here."""


def join(span: ReviewSpan, target: Path) -> Joined:
    """Write a span to a new file, an hour of it at most.

    NothingRecordedError where nothing of it can be read, StorageError where the disk refuses or is too full.
    """
    roots, ends = roots_of(span.roots, span.shelves), min(span.ends, span.begins + LONGEST_S)
    profile = best_profile(roots, span.camera_no, span.begins, ends)
    segments = list_segments(roots, span.camera_no, span.begins, ends, profile) if profile else []
    segments = [segment for segment in segments if segment.start < ends - _NAMED_S]
    _check_room(target.parent, segments)
    joining = _Joining(target, span.begins, ends)
    try:
        for segment in segments:
            joining.add(segment)
    finally:
        joining.close()
    if joining.began is None or profile is None:
        raise NothingRecordedError(", ".join(joining.left_out))
    gaps, left_out = tuple(joining.gaps), tuple(joining.left_out)
    return Joined(joining.began, joining.ended, profile, gaps, left_out)


@dataclass(slots=True)
class _Joining:
    """A file that grows segment by segment."""

    target: Path
    begins: float
    ends: float
    began: float | None = None
    ended: float = 0.0
    gaps: list[tuple[float, float]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    _file: SegmentFile | None = None
    _codec: str = ""
    _newest_ms: int = -1

    def add(self, segment: Segment) -> None:
        """Write what a segment has of the span; StorageError where the disk refuses."""
        try:
            with SegmentReader(segment.path) as reader:
                whole = self._codec in {"", reader.codec} and self._take(reader, segment)
        except (SegmentError, ProtocolError):
            whole = False
        if not whole:
            self.left_out.append(segment.path.name)

    def close(self) -> None:
        """Finish the file; StorageError where the disk refuses."""
        if self._file is not None:
            file, self._file = self._file, None
            file.close(self.ended)

    def _take(self, reader: SegmentReader, segment: Segment) -> bool:
        """Write a segment's pictures from its first keyframe on; return whether there were any."""
        started = False
        for unit in self._units(reader):
            place_ms = 0 if self.began is None else round((unit.arrived_at - self.began) * 1000)
            if not started:
                if not unit.key or place_ms <= self._newest_ms:  # the latter where a clock was set back
                    continue
                self._begin(reader, unit, place_ms)
            started = self._write(unit, place_ms) or started
        if started:
            self.ended = max(self.ended, min(segment.end, self.ends))
        return started

    def _begin(self, reader: SegmentReader, first: StoredUnit, place_ms: int) -> None:
        """Open the file with the first segment, and note the hole before any other."""
        if self.began is not None:
            if first.arrived_at - self.ended > HOLE_S:
                self.gaps.append((self.ended - self.began, place_ms / 1000))
            return
        arrived_us = str(round(first.arrived_at * 1e6))
        tags = {TAG_CAMERA: str(reader.camera_no), TAG_PROFILE: reader.profile, TAG_ARRIVED: arrived_us}
        self._file = SegmentFile(self.target, reader.codec, (reader.width, reader.height), (), tags)
        self._codec, self.began, self.ended = reader.codec, first.arrived_at, first.arrived_at

    def _write(self, unit: StoredUnit, place_ms: int) -> bool:
        if self._file is None:
            return False
        try:
            self._file.write(unit.data, place_ms, key=unit.key)
        except ProtocolError:
            return False  # a picture that is none: the next one may be
        self._newest_ms = max(self._newest_ms, place_ms)
        return True

    def _units(self, reader: SegmentReader) -> Iterator[StoredUnit]:
        """Yield what belongs to the span, from the keyframe before its beginning on."""
        waiting: list[StoredUnit] = []
        for unit in reader.units():
            if unit.arrived_at >= self.ends:
                break
            if unit.key and unit.arrived_at <= self.begins:
                waiting.clear()
            waiting.append(unit)
            if unit.arrived_at > self.begins:
                yield from waiting
                waiting.clear()
        yield from waiting


def _check_room(folder: Path, segments: list[Segment]) -> None:
    """Raise StorageError where the disk would be as good as full afterwards."""
    try:
        needed = sum(segment.path.stat().st_size for segment in segments if segment.path.exists())
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise StorageError(f"{folder}: {error}") from error
    if free - needed < _SPARE:
        raise StorageError(f"{folder}: {needed >> 20} MiB are needed, {free >> 20} MiB are free")
