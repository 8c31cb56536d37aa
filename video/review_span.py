"""What is to be looked at as one recording: a span of one camera, wherever its segments lie. Loads no player."""

from dataclasses import dataclass
from pathlib import Path

from video.segments import coverage

LONGEST_S = 3600.0  # put together at once; more would fill the disk for a look
_AS_GOOD = 0.9  # the large picture is preferred where it has this part of what the other has


@dataclass(frozen=True, slots=True)
class ReviewSpan:
    """A camera's span (Unix seconds), below `roots` and below each folder on `shelves` (clips and holds).

    `workspace` is a folder of ours for what is put together; it must lie on a disk with room.
    """

    camera_no: int
    begins: float
    ends: float
    roots: tuple[Path, ...]
    workspace: Path
    shelves: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """What was put together: arrival of its first picture and end of its last (Unix seconds).

    `gaps` are the holes in it, in seconds from its beginning. `left_out` names segments that can't be read.
    """

    begins: float
    ends: float
    profile: str
    gaps: tuple[tuple[float, float], ...] = ()
    left_out: tuple[str, ...] = ()


def roots_of(roots: tuple[Path, ...], shelves: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the roots with the folders on the shelves; a shelf that is not there holds none."""
    found = list(roots)
    for shelf in shelves:
        if shelf.is_dir():
            found.extend(sorted(folder for folder in shelf.iterdir() if folder.is_dir()))
    return tuple(found)


def best_profile(roots: tuple[Path, ...], camera_no: int, begins: float, ends: float) -> str | None:
    """Return the profile that has most of a span, the large picture where it has as good as all; None for nothing."""
    seconds: dict[str, float] = {}
    for each in coverage(roots, camera_no, begins, ends):
        seconds[each.profile] = seconds.get(each.profile, 0.0) + each.ends - each.begins
    if not seconds:
        return None
    if seconds.get("main", 0.0) >= _AS_GOOD * max(seconds.values()):
        return "main"
    return max(seconds, key=lambda profile: (seconds[profile], profile))
