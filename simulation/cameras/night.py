"""A street late at night as a fixed camera sees it: dark, nothing moves, only the sensor's own noise changes."""

import cv2
import numpy as np

from simulation.cameras.counter import BLACK, Plane
from simulation.cameras.scenes import MOODS, Scene

_NOISE = 1.5  # levels, one standard deviation: a good sensor at night
_SHARE = 0.55  # of the light that the scenes' own night has


class NightScene:
    """One camera's empty street; the same seed gives the same street at every size."""

    def __init__(self, seed: int, width: int, height: int) -> None:
        dark = len(MOODS) - 1
        image = (Scene(seed * len(MOODS) + dark, width, height).empty() * _SHARE).astype(np.uint8)
        whole = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8)
        self._luma = whole[:height].astype(np.float32)
        self._chroma = whole[height:].reshape(2, height // 2, width // 2)
        self._seed = seed

    def planes(self, frame_no: int) -> tuple[Plane, Plane, Plane]:
        """Return picture `frame_no` as planes of limited-range 4:2:0 (Y, U, V)."""
        rng = np.random.default_rng((self._seed, frame_no))
        noise = rng.standard_normal(self._luma.shape, np.float32) * np.float32(_NOISE)
        luma = np.clip(np.rint(self._luma + noise), BLACK, 255).astype(np.uint8)
        return luma, self._chroma[0].copy(), self._chroma[1].copy()
