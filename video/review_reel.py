"""Finds a recorded file's very picture for a moment, which libVLC does not (it lands a picture or six away)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.video.frame import VideoFrame

from domain.errors import BadInputError

_MOST_SIDE = 8192
_BACK_S = (0.0, 3.0, 12.0, 60.0)  # how much earlier to look where a seek leads past the moment, as in transport streams
_USUAL_FPS = 25.0
_SAME_S = 1e-4


@dataclass(frozen=True, slots=True)
class Found:
    """A picture and its place, in seconds from the beginning."""

    frame: VideoFrame
    at_s: float


class FileReel:
    """An open file; BadInputError where there is no picture in it that can be decoded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next: Found | None = None
        self._open()
        try:
            self._begins_s = self._first_time()
        except BadInputError:
            self._container.close()
            raise
        self.width, self.height = self._stream.width, self._stream.height
        rate = self._stream.guessed_rate or self._stream.average_rate
        self.fps = float(rate) if rate else _USUAL_FPS
        self.length_s = (self._container.duration or 0) / 1e6

    def close(self) -> None:
        """Let the file go."""
        self._container.close()

    def at(self, moment_s: float) -> Found | None:
        """Return the picture that is seen at a moment: the last that begins by then, or the first of all."""
        for back_s in _BACK_S:
            newest = self._newest_by(moment_s, self._from(moment_s - back_s))
            if newest is not None and newest.at_s <= moment_s + _SAME_S:
                return newest
        self._reopen()
        return self._newest_by(moment_s, self._onward())

    def after(self, at_s: float) -> Found | None:
        """Return the picture after the one at this place, None behind the last."""
        if self.at(at_s) is None:
            return None
        return self._next

    def before(self, at_s: float) -> Found | None:
        """Return the picture before the one at this place, None before the first."""
        found = self.at(at_s - 10 * _SAME_S)
        return found if found is not None and found.at_s < at_s - _SAME_S else None

    def _newest_by(self, moment_s: float, pictures: Iterator[Found]) -> Found | None:
        """Return the last picture up to a moment, and remember the one that follows."""
        newest = self._next = None
        for found in pictures:
            if newest is not None and found.at_s > moment_s + _SAME_S:
                self._next = found
                break
            newest = found
            if found.at_s > moment_s + _SAME_S:
                break
        return newest

    def _from(self, at_s: float) -> Iterator[Found]:
        """Yield pictures from the keyframe before a place on; a transport stream may begin later than that."""
        base = float(self._stream.time_base or 1)
        try:
            self._container.seek(int((at_s + self._begins_s) / base), stream=self._stream, backward=True)
        except av.error.FFmpegError:
            return
        yield from self._onward()

    def _onward(self) -> Iterator[Found]:
        try:
            for frame in self._container.decode(self._stream):
                if frame.time is not None:
                    yield Found(frame, frame.time - self._begins_s)
        except av.error.FFmpegError:
            return  # cut off, or broken from here on

    def _open(self) -> None:
        try:
            self._container: InputContainer = av.open(str(self._path))
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise BadInputError(f"{self._path}: {error}") from error
        videos = self._container.streams.video
        if not videos or not (0 < videos[0].width <= _MOST_SIDE and 0 < videos[0].height <= _MOST_SIDE):
            self._container.close()
            raise BadInputError(f"{self._path}: holds no picture")
        self._stream = videos[0]
        self._stream.thread_count = 1

    def _reopen(self) -> None:
        """Begin at the very beginning, to which not every file can be sought."""
        self._container.close()
        self._open()

    def _first_time(self) -> float:
        try:
            first = next(self._container.decode(self._stream), None)
        except av.error.FFmpegError as error:
            raise BadInputError(f"nothing in it can be decoded: {error}") from error
        if first is None or first.time is None:
            raise BadInputError("nothing in it can be decoded")
        return float(first.time)
