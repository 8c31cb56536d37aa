"""Masks while somebody draws them. Knows no widget; corners are shares of the picture's width and height."""

from dataclasses import dataclass

from domain.camera import Mask

Corner = tuple[float, float]
FEWEST = 3  # corners of a polygon


@dataclass(frozen=True, slots=True)
class Grip:
    """One corner of one finished mask."""

    mask: int
    corner: int


class MaskDraft:
    """Finished masks, the polygon that is being drawn, which mask is chosen, and which corner is held."""

    def __init__(self, masks: tuple[Mask, ...] = ()) -> None:
        self.masks: list[list[Corner]] = [list(mask) for mask in masks]
        self.open: list[Corner] = []
        self.chosen: int | None = None
        self.held: Grip | None = None

    def finished(self) -> tuple[Mask, ...]:
        """Return the masks without the polygon that is not closed yet."""
        return tuple(tuple(mask) for mask in self.masks)

    def press(self, at: Corner, reach: Corner) -> None:
        """Hold a corner within `reach`, else choose the mask under the point, else set the next corner there.

        On its first corner an open polygon is closed; on its last one nothing happens.
        """
        if self.open:
            if _near(self.open[0], at, reach) and self.close():
                return
            if not _near(self.open[-1], at, reach):
                self.open.append(_bounded(at))
            return
        self.held = self._corner_at(at, reach)
        self.chosen = self.held.mask if self.held is not None else self._mask_at(at)
        if self.chosen is None:
            self.open.append(_bounded(at))

    def drag(self, at: Corner) -> None:
        """Move the held corner."""
        if self.held is not None:
            self.masks[self.held.mask][self.held.corner] = _bounded(at)

    def drop(self) -> None:
        """Let go of the held corner."""
        self.held = None

    def close(self) -> bool:
        """Make a mask of the open polygon; return whether it had corners enough."""
        if len(self.open) < FEWEST:
            return False
        self.masks.append(self.open)
        self.open, self.chosen = [], len(self.masks) - 1
        return True

    def take_back(self) -> bool:
        """Take the last corner of the open polygon back; return whether there was one."""
        if not self.open:
            return False
        self.open.pop()
        return True

    def cancel(self) -> bool:
        """Give the open polygon up; return whether there was one."""
        was, self.open = bool(self.open), []
        return was

    def remove(self) -> bool:
        """Remove the chosen mask; return whether there was one."""
        if self.chosen is None:
            return False
        del self.masks[self.chosen]
        self.chosen, self.held = None, None
        return True

    def _corner_at(self, at: Corner, reach: Corner) -> Grip | None:
        for number, mask in reversed(list(enumerate(self.masks))):
            for index, corner in enumerate(mask):
                if _near(corner, at, reach):
                    return Grip(number, index)
        return None

    def _mask_at(self, at: Corner) -> int | None:
        return next((number for number in reversed(range(len(self.masks))) if _inside(self.masks[number], at)), None)


def _bounded(at: Corner) -> Corner:
    return min(1.0, max(0.0, at[0])), min(1.0, max(0.0, at[1]))


def _near(corner: Corner, at: Corner, reach: Corner) -> bool:
    return abs(corner[0] - at[0]) <= reach[0] and abs(corner[1] - at[1]) <= reach[1]


def _inside(mask: list[Corner], at: Corner) -> bool:
    """Return whether a point lies in a polygon, by how often a line from it to the right crosses the border."""
    found = False
    for (x1, y1), (x2, y2) in zip(mask, [*mask[1:], mask[0]], strict=True):
        if (y1 > at[1]) != (y2 > at[1]) and at[0] < x1 + (at[1] - y1) / (y2 - y1) * (x2 - x1):
            found = not found
    return found
