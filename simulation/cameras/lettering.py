"""Text drawn into pictures from a TrueType font, Hangul included.

The headless OpenCV has no FreeType and FFmpeg comes without drawtext, so the outlines are read here
(Apple TrueType Reference: cmap formats 4 and 12, glyf, hmtx) and filled by OpenCV.
"""

import struct
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

NANUM = Path("/usr/share/fonts/truetype/nanum/NanumGothicBold.ttf")  # Debian package fonts-nanum
_OVERSAMPLING = 4
_CURVE_STEPS = np.linspace(0.0, 1.0, 6)[1:, None]

Points = NDArray[np.float64]
_Glyph = list[Points]


class Font:
    """One TrueType font with `glyf` outlines."""

    def __init__(self, path: Path = NANUM) -> None:
        self._data = path.read_bytes()
        count = self._u16(4)
        self._tables = {
            self._data[at : at + 4].decode("latin-1"): self._u32(at + 8) for at in range(12, 12 + 16 * count, 16)
        }
        self._units = self._u16(self._tables["head"] + 18)
        self._long_loca = self._u16(self._tables["head"] + 50) == 1
        self._metrics = self._u16(self._tables["hhea"] + 34)
        self._glyph_ids = self._characters()

    def mask(self, text: str, height_px: int) -> NDArray[np.uint8]:
        """Return the text's coverage (0-255) in an image `height_px` high and as wide as the text."""
        scale = height_px * _OVERSAMPLING / (self._units * 1.2)
        baseline = height_px * _OVERSAMPLING * 0.78
        pen = 0.0
        outlines: list[Points] = []
        for character in text:
            glyph = self._glyph_ids.get(ord(character), 0)
            outlines.extend(
                np.column_stack((pen + contour[:, 0] * scale, baseline - contour[:, 1] * scale))
                for contour in self._outline(glyph)
            )
            pen += self._advance(glyph) * scale
        width_px = int(pen / _OVERSAMPLING) + 2
        big = np.zeros((height_px * _OVERSAMPLING, width_px * _OVERSAMPLING), np.uint8)
        if outlines:
            cv2.fillPoly(big, [np.rint(points).astype(np.int32) for points in outlines], (255,))
        return np.asarray(cv2.resize(big, (width_px, height_px), interpolation=cv2.INTER_AREA), np.uint8)

    def _u16(self, at: int) -> int:
        return int.from_bytes(self._data[at : at + 2], "big")

    def _u32(self, at: int) -> int:
        return int.from_bytes(self._data[at : at + 4], "big")

    def _shorts(self, at: int, count: int) -> tuple[int, ...]:
        return struct.unpack_from(f">{count}h", self._data, at)

    def _characters(self) -> dict[int, int]:
        """Return the glyph of each character of the richest Unicode table."""
        start = self._tables["cmap"]
        best: dict[int, int] = {}
        for at in range(start + 4, start + 4 + 8 * self._u16(start + 2), 8):
            table = start + self._u32(at + 4)
            kind = self._u16(table)
            glyphs = self._format_12(table) if kind == 12 else self._format_4(table) if kind == 4 else {}
            best = max(best, glyphs, key=len)
        return best

    def _format_12(self, table: int) -> dict[int, int]:
        glyphs: dict[int, int] = {}
        for at in range(table + 16, table + 16 + 12 * self._u32(table + 12), 12):
            first, last, glyph = self._u32(at), self._u32(at + 4), self._u32(at + 8)
            glyphs.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
        return glyphs

    def _format_4(self, table: int) -> dict[int, int]:
        segments = self._u16(table + 6) // 2
        ends, starts = table + 14, table + 16 + 2 * segments
        deltas, ranges = starts + 2 * segments, starts + 4 * segments
        glyphs: dict[int, int] = {}
        for segment in range(segments):
            at = 2 * segment
            offset = self._u16(ranges + at)
            for code in range(self._u16(starts + at), self._u16(ends + at) + 1):
                glyph = code
                if offset:
                    glyph = self._u16(ranges + at + offset + 2 * (code - self._u16(starts + at)))
                    if glyph == 0:
                        continue
                glyphs[code] = (glyph + self._u16(deltas + at)) & 0xFFFF
        glyphs.pop(0xFFFF, None)
        return glyphs

    def _advance(self, glyph: int) -> int:
        return self._u16(self._tables["hmtx"] + 4 * min(glyph, self._metrics - 1))

    def _outline(self, glyph: int) -> _Glyph:
        loca = self._tables["loca"]
        if self._long_loca:
            start, end = self._u32(loca + 4 * glyph), self._u32(loca + 4 * glyph + 4)
        else:
            start, end = 2 * self._u16(loca + 2 * glyph), 2 * self._u16(loca + 2 * glyph + 2)
        if start == end:
            return []
        at = self._tables["glyf"] + start
        (contours,) = self._shorts(at, 1)
        return self._simple(at + 10, contours) if contours >= 0 else self._compound(at + 10)

    def _simple(self, at: int, contours: int) -> _Glyph:
        ends = struct.unpack_from(f">{contours}H", self._data, at)
        count = ends[-1] + 1
        at += 2 * contours + 2 + self._u16(at + 2 * contours)
        flags: list[int] = []
        while len(flags) < count:
            flag = self._data[at]
            repeats = self._data[at + 1] if flag & 8 else 0
            at += 2 if flag & 8 else 1
            flags += [flag] * (repeats + 1)
        xs, at = self._coordinates(at, flags, short=2, same=16)
        ys, _ = self._coordinates(at, flags, short=4, same=32)
        points = np.column_stack((xs, ys)).astype(float)
        on_curve = [bool(flag & 1) for flag in flags]
        starts = (0, *(end + 1 for end in ends[:-1]))
        return [
            _flattened(points[first : last + 1], on_curve[first : last + 1])
            for first, last in zip(starts, ends, strict=True)
            if last > first
        ]

    def _coordinates(self, at: int, flags: list[int], *, short: int, same: int) -> tuple[list[int], int]:
        values: list[int] = []
        value = 0
        for flag in flags:
            if flag & short:
                value += self._data[at] if flag & same else -self._data[at]
                at += 1
            elif not flag & same:
                value += self._shorts(at, 1)[0]
                at += 2
            values.append(value)
        return values, at

    def _compound(self, at: int) -> _Glyph:
        """Return the parts of a glyph that is made of others, moved to their places (scaled parts unscaled)."""
        outlines: _Glyph = []
        more = True
        while more:
            flags, part = self._u16(at), self._u16(at + 2)
            wide = flags & 1
            dx, dy = self._shorts(at + 4, 2) if wide else struct.unpack_from(">2b", self._data, at + 4)
            at += 8 if wide else 6
            at += 2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0
            outlines += [contour + np.array((dx, dy)) for contour in self._outline(part)]
            more = bool(flags & 0x20)
        return outlines


def _flattened(points: Points, on_curve: list[bool]) -> Points:
    """Return a closed contour of quadratic curves as a polygon; between two control points lies a middle one."""
    path: list[tuple[Points, bool]] = []
    for index, (point, on) in enumerate(zip(points, on_curve, strict=True)):
        if not on and not on_curve[index - 1]:
            path.append(((points[index - 1] + point) / 2, True))
        path.append((point, on))
    first = next(index for index, (_, on) in enumerate(path) if on)
    path = [*path[first:], *path[:first], path[first]]
    pieces = [path[0][0][None, :]]
    for index, (point, on) in enumerate(path[1:], start=1):
        if on and path[index - 1][1]:
            pieces.append(point[None, :])
        elif not on:
            start, end = path[index - 1][0], path[index + 1][0]
            t = _CURVE_STEPS
            pieces.append((1 - t) ** 2 * start + 2 * (1 - t) * t * point + t**2 * end)
    return np.concatenate(pieces)
