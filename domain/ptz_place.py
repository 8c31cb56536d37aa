"""Numbered views of a moving camera: our own names and numbers, joined with what the camera itself lists."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.errors import BadInputError
from domain.motion import Position, Preset

MOST_PLACES = 255
"""Places are numbered from 1 to this, as surveillance keyboards do."""

LARGEST_THUMBNAIL = 20_000
"""Bytes of a place's picture at most."""


class Listed(StrEnum):
    """What the camera says of a place that is kept here."""

    UNASKED = "unasked"
    THERE = "there"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class PtzPlace:
    """A view of a camera that can be recalled.

    `no` is None where all numbers are taken. `name` is ours, empty where nobody named it here; then the camera's own
    name, `told_name`, is shown. `token` is the camera's, empty where the camera keeps no views and `position` alone
    says where it is. `thumbnail` is a JPEG of at most 20 kB, empty where none was taken.
    """

    camera_no: int
    no: int | None
    name: str = ""
    token: str = ""
    position: Position | None = None
    thumbnail: bytes = b""
    told_name: str = ""
    listed: Listed = Listed.UNASKED

    def __post_init__(self) -> None:
        if self.no is not None and not 1 <= self.no <= MOST_PLACES:
            raise BadInputError(f"camera {self.camera_no}: places are numbered 1 to {MOST_PLACES}, not {self.no}")
        if len(self.thumbnail) > LARGEST_THUMBNAIL:
            raise BadInputError(f"camera {self.camera_no}: a place's picture has {len(self.thumbnail)} bytes")

    @property
    def shown_name(self) -> str:
        """Return the name that operators read."""
        return self.name or self.told_name or (name_for_camera(self.no) if self.no is not None else self.token)

    @property
    def usable(self) -> bool:
        """Whether the camera can be sent there, as far as is known."""
        return self.position is not None or (bool(self.token) and self.listed is not Listed.GONE)


def name_for_camera(no: int) -> str:
    """Return what a camera is told to call a place whose own name it does not take."""
    return f"preset {no}"


def checked_number(no: int) -> int:
    """Return the number of a place; BadInputError where there is none of that number."""
    if not 1 <= no <= MOST_PLACES:
        raise BadInputError(f"there is no place {no}: they are numbered 1 to {MOST_PLACES}")
    return no


def joined(camera_no: int, kept: Iterable[PtzPlace], told: Iterable[Preset]) -> tuple[PtzPlace, ...]:
    """Return all places of a camera: those kept here, and those that the camera lists besides.

    A kept place never changes its number. A new one gets the number that its token says ("12"), where that is free,
    else the lowest free one; beyond 255 it has none. Of views with the same token the first with a name counts. Places
    with numbers come first, in their order.
    """
    views = _by_token(told)
    places = [_seen(place, views) for place in kept]
    known = {place.token for place in places if place.token}
    free = _Numbers(place.no for place in places if place.no is not None)
    fresh = [view for token, view in views.items() if token not in known]
    wanted = {view.token: free.take(int(view.token)) for view in fresh if _is_number(view.token)}
    for view in fresh:
        number = wanted.get(view.token) or free.lowest()
        places.append(
            PtzPlace(camera_no=camera_no, no=number, token=view.token, told_name=view.name, listed=Listed.THERE)
        )
    return tuple(sorted(places, key=lambda place: (place.no is None, place.no or 0)))


def place_of_number(places: Iterable[PtzPlace], no: int) -> PtzPlace | None:
    """Return the place of this number, None where there is none."""
    return next((place for place in places if place.no == no), None)


def _by_token(told: Iterable[Preset]) -> dict[str, Preset]:
    views: dict[str, Preset] = {}
    for view in told:
        if view.token and not (view.token in views and (views[view.token].name or not view.name)):
            views[view.token] = view
    return views


def _seen(place: PtzPlace, views: dict[str, Preset]) -> PtzPlace:
    if not place.token:
        return place
    view = views.get(place.token)
    if view is None:
        return replace(place, listed=Listed.GONE)
    return replace(place, told_name=view.name, listed=Listed.THERE)


def _is_number(token: str) -> bool:
    return token.isascii() and token.isdecimal() and len(token) <= len(str(MOST_PLACES))


class _Numbers:
    """The numbers that are not taken yet."""

    def __init__(self, taken: Iterable[int]) -> None:
        self._free = dict.fromkeys(range(1, MOST_PLACES + 1))
        for number in taken:
            self._free.pop(number, None)

    def take(self, number: int) -> int | None:
        """Take this number and return it, None where somebody has it."""
        if number not in self._free:
            return None
        del self._free[number]
        return number

    def lowest(self) -> int | None:
        """Take the lowest free number, None where all are taken."""
        number = next(iter(self._free), None)
        return None if number is None else self.take(number)
