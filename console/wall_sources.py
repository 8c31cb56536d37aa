"""The subscriptions of a wall's tiles: no picture is given back before the one that follows it has been drawn.

Without Qt. A tile is known by its seat, a number that stays the same while the tile is maximised or hidden.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from domain.camera import Camera, Mask
from domain.picture import FrameSource, Subscription


class Pictures(Protocol):
    """What gives pictures; `video.engine.VideoEngine` does."""

    def subscribe(self, camera: Camera, wish: Subscription) -> FrameSource:
        """Return a source of this camera's pictures."""
        ...

    def unsubscribe(self, source: FrameSource) -> None:
        """Take a source back."""
        ...

    def adjust(self, source: FrameSource, *, keyframes_only: bool, rank: int) -> None:
        """Change how much a source matters, without connecting anew."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """A camera for a tile. While nobody sees it, whatever stream it has is good enough."""

    camera: Camera
    wish: Subscription
    seen: bool = True

    @property
    def masks(self) -> tuple[Mask, ...]:
        """What is to be covered in the picture."""
        return self.camera.masks if self.wish.masked else ()


@dataclass(frozen=True, slots=True)
class Held:
    """A camera's source; the camera as it was then, because with a new address it is connected to anew."""

    camera: Camera
    wish: Subscription
    source: FrameSource

    def is_of(self, camera: Camera) -> bool:
        """Return whether these are still this camera's pictures, wherever it hangs and whatever it is called now."""
        return _stream_of(self.camera) == _stream_of(camera)

    @property
    def masks(self) -> tuple[Mask, ...]:
        """What is covered in the pictures from here."""
        return self.camera.masks if self.wish.masked else ()

    def covers(self, masks: Sequence[Mask]) -> bool:
        """Return whether at least all this is covered in the pictures from here."""
        return all(mask in self.masks for mask in masks)

    def serves(self, wanted: Wanted) -> bool:
        """Return whether the wanted frames come from here, perhaps more of them or fewer."""
        if not self.is_of(wanted.camera) or not self.covers(wanted.masks):
            return False
        return not wanted.seen or (self.masks == wanted.masks and _same_stream(self.wish, wanted.wish))


def _stream_of(camera: Camera) -> tuple[object, ...]:
    return (
        camera.no,
        camera.main_url,
        camera.sub_url,
        camera.credentials,
        camera.transport,
        camera.basic_allowed,
    )


def _same_stream(one: Subscription, other: Subscription) -> bool:
    return replace(one, keyframes_only=other.keyframes_only, rank=other.rank, masked=other.masked) == other


@dataclass(slots=True)
class _Seat:
    """What a tile has: what it shows, what takes over with its first frame, and what is opened ahead of time.

    `passing` says that what takes over is another camera's.
    """

    current: Held | None = None
    following: Held | None = None
    ahead: Held | None = None
    passing: bool = False

    def has(self, camera: Camera) -> bool:
        """Return whether this camera's pictures are here or on their way."""
        return any(held is not None and held.is_of(camera) for held in (self.current, self.following))

    def awaits(self, wanted: Wanted) -> bool:
        """Return whether another camera is opened ahead, or is to take over with its next frame."""
        if self.passing:
            return self.following is not None and self.following.is_of(wanted.camera)
        return self.ahead is not None and self.ahead.serves(wanted)

    def give_up(self, exposes: Callable[[Held], bool]) -> list[Held]:
        """Give up at once what shows more than it may, and return it; what follows of the same camera steps in."""
        given = [held for held in (self.current, self.following, self.ahead) if held is not None and exposes(held)]
        if self.ahead in given:
            self.ahead = None
        if self.following in given:
            self.following, self.passing = None, False
        if self.current in given:
            self.current = None if self.passing else self.following
            self.following = self.following if self.passing else None
        return given


@dataclass(slots=True)
class TileSources:
    """The sources of one wall; used on the UI thread."""

    pictures: Pictures
    _seats: dict[int, _Seat] = field(default_factory=dict)
    _leaving: list[Held] = field(default_factory=list)

    def current(self, seat: int) -> Held | None:
        """Return what a tile shows."""
        return self._seats[seat].current if seat in self._seats else None

    def following(self, seat: int) -> Held | None:
        """Return what takes over in a tile as soon as it has a frame."""
        return self._seats[seat].following if seat in self._seats else None

    def ahead(self, seat: int) -> Held | None:
        """Return what was opened ahead of time for a tile."""
        return self._seats[seat].ahead if seat in self._seats else None

    def reseat(self, cameras: Mapping[int, Camera]) -> None:
        """Let every camera take its source along to where it is now; what has no place left is given up."""
        orphans = []
        for seat, place in list(self._seats.items()):
            if seat not in cameras or not place.has(cameras[seat]):
                orphans.append(self._seats.pop(seat))
        for seat, camera in cameras.items():
            found = next((orphan for orphan in orphans if orphan.has(camera)), None)
            if seat not in self._seats and found is not None:
                orphans.remove(found)
                self._seats[seat] = found
        for orphan in orphans:
            self._leave(orphan.current, orphan.following, orphan.ahead)

    def cover(self, masks: Callable[[int], Sequence[Mask]]) -> None:
        """Give up at once every source whose pictures lack masks that its camera must have now."""
        for place in self._seats.values():
            self._leave(*place.give_up(lambda held: not held.covers(masks(held.camera.no))))

    def want(self, wanted: Mapping[int, Wanted]) -> None:
        """Make every seat's subscription fit; seats that are not named are given up.

        A tile that nobody sees keeps what it has and opens nothing. What is no longer needed lives until `release`.
        """
        self.reseat({seat: one.camera for seat, one in wanted.items()})
        for seat, one in wanted.items():
            if seat in self._seats or one.seen:
                self._fit(self._seats.setdefault(seat, _Seat()), one)

    def open_ahead(self, seat: int, wanted: Wanted | None) -> None:
        """Open a camera's stream before the tile shows it; None gives it up, also where it was to take over."""
        place = self._seats.get(seat)
        if place is None or (wanted is not None and place.awaits(wanted)):
            return
        if place.passing:
            self._stop_following(place)
        self._leave(place.ahead)
        place.ahead = self._open(wanted) if wanted is not None else None

    def let_follow(self, seat: int) -> bool:
        """Let what was opened ahead take over as soon as it has a frame; return whether there is something."""
        place = self._seats.get(seat)
        if place is None or place.ahead is None:
            return False
        self._leave(place.following)
        place.following, place.ahead, place.passing = place.ahead, None, True
        return True

    def taken(self, seat: int) -> Held | None:
        """Note that the following source has been drawn, and return it; the one before may go."""
        place = self._seats.get(seat)
        if place is None or place.following is None:
            return None
        self._leave(place.current)
        place.current, place.following, place.passing = place.following, None, False
        return place.current

    def release(self) -> None:
        """Give back what is no longer shown; called once the wall does not ask it any more."""
        leaving, self._leaving = self._leaving, []
        for held in leaving:
            self.pictures.unsubscribe(held.source)

    # -- one seat

    def _fit(self, place: _Seat, wanted: Wanted) -> None:
        if place.passing and place.current is not None and place.current.is_of(wanted.camera):
            place.current = self._adjusted(place.current, wanted)
        elif place.current is None:
            place.current = self._open(wanted)
        elif place.current.serves(wanted):
            self._stop_following(place)
            place.current = self._adjusted(place.current, wanted)
        elif place.following is not None and place.following.serves(wanted):
            place.following, place.passing = self._adjusted(place.following, wanted), False
        else:
            self._replace(place, wanted)

    def _replace(self, place: _Seat, wanted: Wanted) -> None:
        """Open another stream of the same camera; the old one goes on until its first frame, if it has any picture."""
        self._stop_following(place)
        opened = self._open(wanted)
        if place.current is not None and place.current.source.state().picture_at is None:
            self._leave(place.current)
            place.current = opened
        else:
            place.following = opened

    def _stop_following(self, place: _Seat) -> None:
        self._leave(place.following)
        place.following, place.passing = None, False

    def _open(self, wanted: Wanted) -> Held:
        return Held(wanted.camera, wanted.wish, self.pictures.subscribe(wanted.camera, wanted.wish))

    def _adjusted(self, held: Held, wanted: Wanted) -> Held:
        keyframes_only, rank = wanted.wish.keyframes_only, wanted.wish.rank
        if (held.wish.keyframes_only, held.wish.rank) == (keyframes_only, rank):
            return held
        self.pictures.adjust(held.source, keyframes_only=keyframes_only, rank=rank)
        return replace(held, wish=replace(held.wish, keyframes_only=keyframes_only, rank=rank))

    def _leave(self, *held: Held | None) -> None:
        self._leaving.extend(one for one in held if one is not None)
