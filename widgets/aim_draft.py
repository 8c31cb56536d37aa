"""Landmarks while somebody clicks on them: each has a name, a place on the map and a point in a picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.geometry import Spot
from domain.landmark import Landmark
from domain.motion import Position
from domain.place import Place


@dataclass(frozen=True, slots=True)
class DraftMark:
    """One landmark, as far as it is known; `position` is what the camera said when it was clicked at x, y."""

    name: str
    height_m: float = 0.0
    place: Place | None = None
    position: Position | None = None
    x: float = 0.5
    y: float = 0.5

    @property
    def landmark(self) -> Landmark | None:
        """Return the landmark once nothing is missing."""
        if self.place is None or self.position is None:
            return None
        return Landmark(self.name, self.position, Spot(self.place, self.height_m), self.x, self.y)


class AimDraft:
    """The landmarks of one camera in order, and which of them is chosen; there is always one."""

    def __init__(self, landmarks: Sequence[Landmark] = ()) -> None:
        self.marks = [
            DraftMark(one.name, one.spot.height_m, one.spot.place, one.position, one.x, one.y) for one in landmarks
        ]
        self.chosen = 0
        if not self.marks:
            self.add("")

    @property
    def mark(self) -> DraftMark:
        """Return the chosen landmark."""
        return self.marks[self.chosen]

    def add(self, name: str) -> None:
        """Begin another landmark and choose it."""
        self.marks.append(DraftMark(name))
        self.chosen = len(self.marks) - 1

    def remove(self) -> None:
        """Forget the chosen landmark and choose its neighbour."""
        del self.marks[self.chosen]
        if not self.marks:
            self.add("")
        self.chosen = min(self.chosen, len(self.marks) - 1)

    def choose(self, index: int) -> None:
        """Choose a landmark by its row; one that there is not changes nothing."""
        if 0 <= index < len(self.marks):
            self.chosen = index

    def change(self, **changes: object) -> None:
        """Change fields of the chosen landmark."""
        self.marks[self.chosen] = replace(self.mark, **changes)  # type: ignore[arg-type]  # the fields' own types

    @property
    def landmarks(self) -> tuple[Landmark, ...]:
        """Return those of which nothing is missing."""
        return tuple(landmark for landmark in (mark.landmark for mark in self.marks) if landmark is not None)

    def rows(self) -> tuple[int, ...]:
        """Return the row of each whole landmark, as `landmarks` counts them."""
        return tuple(row for row, mark in enumerate(self.marks) if mark.landmark is not None)


def typed_place(text: str) -> Place | None:
    """Return the place that somebody typed as latitude and longitude in degrees, None where it is none."""
    parts = text.replace(",", " ").replace(";", " ").split()
    if len(parts) != 2:
        return None
    try:
        lat, lon = map(float, parts)
    except ValueError:
        return None
    return Place.checked(lat, lon)


def place_words(place: Place | None) -> str:
    """Return a place as it is typed; nothing for none."""
    return "" if place is None else f"{place.lat:.6f}, {place.lon:.6f}"
