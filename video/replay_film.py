"""Segments of a ring or a recording in the replay worker's memory, with their arrivals; the newest may still grow."""

import time
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from domain.errors import StorageError
from video.segment_reader import SegmentReader, StoredUnit
from video.segments import Segment, list_segments

_SPAN_S = 60.0  # no segment is longer
_LOOK_AGAIN_S = 0.2  # how often the disk is asked for more while there is none
_JUMP_S = 1.0
_NAME_S = 0.001  # a segment's name is when it began, cut to milliseconds


class Film:
    """A segment's coded pictures in the order of their arrival; empty where it can't be read (any more)."""

    def __init__(self, segment: Segment) -> None:
        self.path: Path = segment.path
        self.start = segment.start
        self.codec = ""
        self.units: list[StoredUnit] = []
        self.arrivals: list[float] = []
        self._camera_ahead_s: float | None = None
        self._size = -1
        self.grow()

    def grow(self) -> None:
        """Read what was written since."""
        try:
            size = self.path.stat().st_size
            if size == self._size:
                return
            with SegmentReader(self.path) as reader:
                units = list(reader.units())
                self.codec = reader.codec
                self._camera_ahead_s = reader.camera_at - reader.arrived_at if reader.camera_at else None
        except (StorageError, OSError):
            return  # gone, or nothing in it yet: what was read of it before stays good
        self._size = size
        self.units, self.arrivals = units, [unit.arrived_at for unit in units]

    def index_at(self, moment: float) -> int:
        """Return which picture is the newest at a moment, -1 before the first."""
        return bisect_right(self.arrivals, moment) - 1

    def key_for(self, index: int) -> int:
        """Return the keyframe from which this picture has to be decoded."""
        while index > 0 and not self.units[index].key:
            index -= 1
        return index

    def camera_time(self, arrived_at: float) -> float:
        """Return what the camera's clock said of a picture (Unix seconds), 0 where it never told."""
        return 0.0 if self._camera_ahead_s is None else arrived_at + self._camera_ahead_s


class Shelf:
    """Where the films of one camera's profile lie; the one in use and the one before stay in memory."""

    def __init__(self, roots: Sequence[Path], camera_no: int, profile: str) -> None:
        self._roots = roots
        self._camera_no = camera_no
        self._profile = profile
        self._films: list[Film] = []  # at most two, about 5 MB each at 4 Mbit/s
        self._here: Film | None = None
        self._next_start: float | None = None
        self._looked_at = self._looked_for = 0.0

    def film_at(self, moment: float) -> Film | None:
        """Return the film in which a moment lies, or the last that began before it; None where there is none."""
        here, following = self._here, self._next_start
        if here is not None and here.start <= moment and (following is None or moment < following):
            if following is not None or (here.arrivals and moment <= here.arrivals[-1]) or self._just_looked(moment):
                return here
        elif here is None and self._just_looked(moment):
            return None
        return self._look(moment)

    def last_before(self, film: Film) -> float | None:
        """Return when the last picture before a film arrived; None where there is none."""
        before, _ = self._around(film.start - 0.001)
        arrivals = [] if before is None else self._load(before).arrivals
        return arrivals[-1] if arrivals else None

    def first_after(self, film: Film) -> float | None:
        """Return when the first picture after what is known of a film arrives; None where there is none yet."""
        known = len(film.arrivals)
        film.grow()
        if len(film.arrivals) > known:
            return film.arrivals[known]
        _, after = self._around(film.start + _NAME_S)
        return None if after is None else after.start + _NAME_S

    def _just_looked(self, moment: float) -> bool:
        return abs(moment - self._looked_for) < _JUMP_S and time.monotonic() < self._looked_at + _LOOK_AGAIN_S

    def _look(self, moment: float) -> Film | None:
        self._looked_at, self._looked_for = time.monotonic(), moment
        here, after = self._around(moment)
        self._next_start = None if after is None else after.start + _NAME_S
        self._here = None if here is None else self._load(here)
        return self._here

    def _load(self, segment: Segment) -> Film:
        film = next((film for film in self._films if film.path == segment.path), None)
        if film is None:
            film = Film(segment)
            self._films = [*self._films[-1:], film]
        else:
            film.grow()
        return film

    def _around(self, moment: float) -> tuple[Segment | None, Segment | None]:
        """Return the segment in which a moment lies (or the last that began before it), and the one that follows."""
        found = list_segments(self._roots, self._camera_no, moment - _SPAN_S, moment + _SPAN_S, self._profile)
        before = [segment for segment in found if segment.start + _NAME_S <= moment]
        after = [segment for segment in found if segment.start + _NAME_S > moment]
        return (before[-1] if before else None), (after[0] if after else None)
