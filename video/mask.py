"""Privacy masks burnt into pictures: which bytes of a picture lie inside the polygons, found once per size."""

import math
from collections.abc import Iterable, Sequence

from domain.camera import Mask

_COVER = (0x48, 0x42, 0x3A)  # blue, green, red of the theme's line grey: unlike anything that a camera sees
_COVER_LUMA, _COVER_CHROMA = 0x41, 0x80

Span = tuple[int, int, int]  # row, first column, column after the last


def spans(masks: Sequence[Mask], width: int, height: int) -> list[Span]:
    """Return the pixels of a picture that polygons cover, row by row; a pixel that is touched at all is covered.

    Where a corner is no number nobody knows what was to be hidden: then everything is.
    """
    if not all(math.isfinite(value) for mask in masks for corner in mask for value in corner):
        return [(row, 0, width) for row in range(height)]
    found: list[Span] = []
    for mask in masks:
        corners = [(x * width, y * height) for x, y in mask]
        if len(corners) < 3:
            continue
        top = max(0, math.floor(min(y for _, y in corners)))
        bottom = min(height, math.ceil(max(y for _, y in corners)))
        for row in range(top, bottom):
            found += [(row, first, after) for first, after in _row(corners, row, width)]
    return found


def _row(corners: Sequence[tuple[float, float]], row: int, width: int) -> Iterable[tuple[int, int]]:
    """Yield the columns that a polygon covers anywhere between the upper and the lower edge of a row of pixels."""
    covered: list[tuple[float, float]] = []
    for level in (row + 0.001, row + 0.5, row + 0.999):
        crossings = sorted(_crossings(corners, level))
        covered += zip(crossings[::2], crossings[1::2], strict=False)
    for left, right in _joined(covered):
        first, after = max(0, math.floor(left)), min(width, math.ceil(right))
        if first < after:
            yield first, after


def _crossings(corners: Sequence[tuple[float, float]], y: float) -> Iterable[float]:
    before_x, before_y = corners[-1]
    for x, this_y in corners:
        if (before_y <= y) != (this_y <= y):
            yield before_x + (y - before_y) / (this_y - before_y) * (x - before_x)
        before_x, before_y = x, this_y


def _joined(ranges: Iterable[tuple[float, float]]) -> Iterable[tuple[float, float]]:
    current: tuple[float, float] | None = None
    for left, right in sorted(ranges):
        if current is None or left > current[1]:
            if current is not None:
                yield current
            current = (left, right)
        else:
            current = (current[0], max(current[1], right))
    if current is not None:
        yield current


class Cover:
    """Paints masks over pictures of one size and format."""

    def __init__(self, masks: Sequence[Mask], width: int, height: int, pixel_format: str) -> None:
        self._patches: list[tuple[slice, bytes]] = []
        for row, first, after in spans(masks, width, height):
            if pixel_format == "bgrx":
                at = (row * width + first) * 4
                self._patch(at, bytes((*_COVER, 0xFF)) * (after - first))
            else:
                self._patch(row * width + first, bytes((_COVER_LUMA,)) * (after - first))
                left, right = first // 2 * 2, min(width, (after + 1) // 2 * 2)
                self._patch((height + row // 2) * width + left, bytes((_COVER_CHROMA,)) * (right - left))

    def paint(self, picture: memoryview) -> None:
        """Cover what must not be seen."""
        for where, cover in self._patches:
            picture[where] = cover

    def _patch(self, at: int, cover: bytes) -> None:
        self._patches.append((slice(at, at + len(cover)), cover))
