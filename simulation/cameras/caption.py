"""What a camera writes into its pictures: its number and name, and the counter."""

import numpy as np

from simulation.cameras.config import Profile
from simulation.cameras.counter import BLACK, GREY, LOOP_S, WHITE, Plane, burn
from simulation.cameras.lettering import Font


class Caption:
    """Writes one camera's name at the lower left, white with a dark rim, and the counter at the upper left."""

    def __init__(self, text: str, profile: Profile, font: Font) -> None:
        letters = font.mask(text, profile.height // 16).astype(np.float32) / 255
        rim = max(1, profile.height // 360)
        letters = np.pad(letters, rim)[:, : profile.width - 2 * rim]
        letters = np.pad(letters, ((letters.shape[0] % 2, 0), (0, letters.shape[1] % 2)))
        dark = np.max([np.roll(letters, (dy, dx), (0, 1)) for dy in (-rim, 0, rim) for dx in (-rim, 0, rim)], axis=0)
        self._keep = 1 - dark
        self._add = letters * WHITE + (dark - letters) * BLACK
        self._keep_colour = self._keep[::2, ::2]
        self._top = (profile.height - letters.shape[0] - profile.height // 36) // 2 * 2
        self._left = profile.width // 64 * 2
        self._loop = LOOP_S * profile.fps

    def write(self, planes: tuple[Plane, Plane, Plane], frame_no: int) -> None:
        """Write name and counter into the planes of a picture."""
        self.write_name(planes)
        luma, *chroma = planes
        burn(luma, (chroma[0], chroma[1]), frame_no % self._loop)

    def write_name(self, planes: tuple[Plane, Plane, Plane]) -> None:
        """Write the name alone."""
        luma, *chroma = planes
        high, wide = self._keep.shape
        wide = min(wide, luma.shape[1] - self._left)
        area = luma[self._top : self._top + high, self._left : self._left + wide]
        area[:] = area * self._keep[:, :wide] + self._add[:, :wide]
        for plane in chroma:
            top, left = self._top // 2, self._left // 2
            part = plane[top : top + high // 2, left : left + wide // 2]
            part[:] = GREY + (part - np.float32(GREY)) * self._keep_colour[:, : wide // 2]
