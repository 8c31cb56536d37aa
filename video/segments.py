"""What of a camera's pictures lies on disk, told from names and file times alone, so that any process may ask.

A segment's name is when its first picture came (Unix milliseconds); its modification time is when its last one ended.
A root holds `<camera>-<profile>/` with segments, directly or in folders by the hour.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HOLE_S = 1.0  # more than that between two pictures is a hole, and begins a new segment
LONGEST_S = 300.0  # a file of ours that claims to be longer was touched by somebody else
SUFFIX = ".mkv"
_LAST_MOMENT = 253_402_300_799.0  # the end of the year 9999
_QUIET_S = 3.0  # a file that is written is flushed about twice a second


@dataclass(frozen=True, slots=True)
class FileSpan:
    """One file of a track's folder, with the span that it covers in Unix seconds, and its size."""

    path: Path
    start: float
    end: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment file and what it covers, in Unix seconds of arrival."""

    path: Path
    camera_no: int
    profile: str
    start: float
    end: float

    def growing(self, now: float) -> bool:
        """Whether it may still be written to."""
        return now - self.end < _QUIET_S


@dataclass(frozen=True, slots=True)
class Covered:
    """A span without holes, in Unix seconds of arrival."""

    begins: float
    ends: float
    profile: str


def hour_folder(start: float) -> str:
    """Return the name of the folder, by the hour in UTC, that a continuous recording's segment lies in."""
    return datetime.fromtimestamp(min(max(start, 0.0), _LAST_MOMENT), UTC).strftime("%Y-%m-%dT%H")


def start_of(name: str) -> float | None:
    """Return when the segment of this file name starts, or None where it is no segment's name."""
    stem, dot, suffix = name.partition(".")
    if dot + suffix != SUFFIX or not (stem.isascii() and stem.isdigit() and len(stem) < 15):
        return None
    return int(stem) / 1000


def segment_names(folder: Path) -> list[str]:
    """Return the names of a folder's segments in the order of their start."""
    return sorted((name for name in _names(folder) if start_of(name) is not None), key=lambda name: start_of(name) or 0)


def file_span(path: Path) -> FileSpan | None:
    """Return a segment file's span; None where it is none, holds nothing yet, or has gone."""
    start = start_of(path.name)
    if start is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    end = min(max(found.st_mtime, start), start + LONGEST_S)
    return FileSpan(path, start, end, found.st_size) if found.st_size else None


def file_spans(folder: Path) -> list[FileSpan]:
    """Return a folder's segments in the order of their start; what vanishes meanwhile or is none is left out."""
    spans = (file_span(folder / name) for name in segment_names(folder))
    return [span for span in spans if span is not None]


def list_segments(
    roots: Iterable[Path], camera_no: int, begins: float, ends: float, profile: str | None = None
) -> list[Segment]:
    """Return the segments that overlap a span, by start; one that several roots hold is listed once, the first's."""
    found: dict[tuple[str, float], Segment] = {}
    for root in roots:
        for folder, of_profile in track_folders(root, camera_no):
            if profile not in {None, of_profile}:
                continue
            for span in _spans_around(folder, begins, ends):
                if span.start < ends and span.end > begins:
                    segment = Segment(span.path, camera_no, of_profile, span.start, span.end)
                    found.setdefault((of_profile, span.start), segment)
    return sorted(found.values(), key=lambda segment: (segment.start, segment.profile))


def coverage(roots: Iterable[Path], camera_no: int, begins: float, ends: float) -> list[Covered]:
    """Return what is covered of a span, profile by profile."""
    covered: list[Covered] = []
    for segment in sorted(list_segments(roots, camera_no, begins, ends), key=lambda each: (each.profile, each.start)):
        start, end = max(segment.start, begins), min(segment.end, ends)
        last = covered[-1] if covered else None
        if last is not None and last.profile == segment.profile and start - last.ends <= HOLE_S:
            covered[-1] = Covered(last.begins, max(last.ends, end), last.profile)
        else:
            covered.append(Covered(start, end, segment.profile))
    return covered


def gaps(
    roots: Iterable[Path], camera_no: int, begins: float, ends: float, profile: str | None = None
) -> list[tuple[float, float]]:
    """Return the parts of a span of which there is no picture, in the given profile or in any."""
    spans = [each for each in coverage(roots, camera_no, begins, ends) if profile in {None, each.profile}]
    missing = []
    reached = begins
    for each in sorted(spans, key=lambda span: span.begins):
        if each.begins - reached > HOLE_S:
            missing.append((reached, each.begins))
        reached = max(reached, each.ends)
    if ends - reached > HOLE_S:
        missing.append((reached, ends))
    return missing


def segment_at(roots: Iterable[Path], camera_no: int, moment: float, profile: str) -> Segment | None:
    """Return the segment that shows a moment, or None."""
    found = [
        each
        for each in list_segments(roots, camera_no, moment - HOLE_S, moment + HOLE_S, profile)
        if each.start <= moment <= each.end
    ]
    return found[-1] if found else None


def track_folders(root: Path, camera_no: int | None = None) -> list[tuple[Path, str]]:
    """Return the folders of a camera's streams (or of all) below a root, with their profiles."""
    found = []
    for name in _names(root):
        track = track_of(name)
        if track is not None and camera_no in {None, track[0]}:
            found.append((root / name, track[1]))
    return found


def track_of(name: str) -> tuple[int, str] | None:
    """Return camera and profile whose segments a folder of this name holds; None where it is no such folder's."""
    number, _, profile = name.partition("-")
    return (int(number), profile) if profile and number.isascii() and number.isdigit() else None


def _spans_around(folder: Path, begins: float, ends: float) -> Iterator[FileSpan]:
    """Yield the spans of a track's folder, of its hours only those that may matter."""
    yield from file_spans(folder)
    first, last = hour_folder(begins - LONGEST_S), hour_folder(ends)
    for name in _names(folder):
        if "T" in name and first <= name <= last:
            yield from file_spans(folder / name)


def _names(folder: Path) -> list[str]:
    """Return what a folder holds; nothing where it is none or vanished."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are enough, a Path each costs ten times as much
    except OSError:
        return []
