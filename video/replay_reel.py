"""Finds and decodes the picture that a camera showed at a moment. One thread; in the replay worker."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from av.video.frame import VideoFrame

from domain.camera import Profile
from video.replay_film import Film, Shelf
from video.replay_whole import WholePictures

GAP_S = 2.0  # as live: a picture that is older than this at the asked moment does not stand for it


@dataclass(frozen=True, slots=True)
class Shot:
    """A decoded picture and when it arrived (Unix seconds); `camera_at` is the camera's clock, 0 where it told none."""

    frame: VideoFrame
    arrived_at: float
    camera_at: float


class Strip:
    """One profile's past. Pictures are decoded onward from where it stands, or from the keyframe before the moment."""

    def __init__(self, roots: Sequence[Path], camera_no: int, profile: Profile) -> None:
        self._shelf = Shelf(roots, camera_no, profile.value)
        self._decoder: WholePictures | None = None
        self._stands: tuple[Film, int] | None = None  # the picture that was decoded last
        self._shot: Shot | None = None
        self.damaged = False  # whether what was recorded at the moment that was asked for last can't be decoded

    def picture_at(self, moment: float, given_up: Callable[[], bool]) -> Shot | None:
        """Return the newest picture at a moment, None where there is none or `given_up` became true."""
        self.damaged = False
        film = self._shelf.film_at(moment)
        index = -1 if film is None else film.index_at(moment)
        if film is None or index < 0 or moment - film.arrivals[index] > GAP_S:
            return None
        if self._stands != (film, index):
            self._decode_to(film, index, given_up)
        shot = self._shot
        self.damaged = shot is None or moment - shot.arrived_at > GAP_S
        return None if self.damaged else shot

    def neighbours(self) -> tuple[float | None, float | None]:
        """Return when the pictures before and after the one where it stands arrived; None where there is none."""
        if self._stands is None:
            return None, None
        film, index = self._stands
        before = film.arrivals[index - 1] if index > 0 else self._shelf.last_before(film)
        if index + 1 < len(film.arrivals):
            return before, film.arrivals[index + 1]
        return before, self._shelf.first_after(film)

    def _decode_to(self, film: Film, index: int, given_up: Callable[[], bool]) -> None:
        first, stands = film.key_for(index), self._stands
        decoder = self._decoder
        if decoder is not None and stands is not None and stands[0] is film and first <= stands[1] < index:
            first = stands[1] + 1
        else:
            self._decoder = decoder = WholePictures(film.codec)
            self._shot = None
        self._stands = None
        frame: VideoFrame | None = None
        for number in range(first, index + 1):
            if given_up():
                return
            frame = decoder.decode(film.units[number], number) or frame
        self._stands = (film, index)
        if frame is not None:
            arrived_at = film.arrivals[index if frame.pts is None else frame.pts]
            self._shot = Shot(frame, arrived_at, film.camera_time(arrived_at))


class Reel:
    """A camera's past: the main stream where it covers the moment, else the sub-stream."""

    def __init__(self, roots: Sequence[Path], camera_no: int) -> None:
        self._strips = [Strip(roots, camera_no, profile) for profile in (Profile.MAIN, Profile.SUB)]
        self._shown = self._strips[0]

    @property
    def damaged(self) -> bool:
        """Whether something was recorded at the moment that was asked for last, and none of it can be decoded."""
        return any(strip.damaged for strip in self._strips)

    def picture_at(self, moment: float, given_up: Callable[[], bool]) -> Shot | None:
        """Return the newest picture at a moment, None where there is none or `given_up` became true."""
        for strip in self._strips:
            shot = strip.picture_at(moment, given_up)
            if shot is not None:
                self._shown = strip
            if shot is not None or given_up():
                return shot
        return None

    def neighbours(self) -> tuple[float | None, float | None]:
        """Return when the pictures before and after the one that was shown last arrived; None where there is none."""
        return self._shown.neighbours()
