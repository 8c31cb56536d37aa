"""What a PTZ camera can turn to: a square with houses all round, drawn once on a cylinder, and a view of a part."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from simulation.cameras.counter import Plane
from simulation.cameras.lettering import Font
from simulation.cameras.mount import Pose

WIDTH, HEIGHT = 8192, 1856
PX_PER_DEG = WIDTH / 360
TOP_DEG = 33.5  # elevation of the upper edge
WIDEST_DEG = 60.0  # horizontal field of view at zoom 0; the limits of the mount keep it inside the panorama
MAGNIFICATION = 8.0  # at zoom 1

_POLE_M = 8.0
_WALLS = ((150, 165, 178), (120, 135, 160), (170, 172, 170), (110, 120, 128), (140, 160, 190), (175, 185, 200))
_SIGNS = (
    "약국",
    "은행",
    "분식",
    "서점",
    "편의점",
    "세탁소",
    "안경",
    "꽃집",
    "병원",
    "학원",
    "카페",
    "빵집",
    "우체국",
    "미용실",
)
_SIGN_COLOURS = ((60, 120, 40), (150, 60, 30), (30, 40, 170), (30, 120, 200), (110, 60, 110))

Colour = tuple[int, int, int]
Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Passer:
    """Something that goes round the square: metres away, degrees per second, metres long and high, luma and chroma."""

    distance: float
    start: float
    turning: float
    size: tuple[float, float]
    colour: tuple[int, int, int]


class Panorama:
    """One camera's surroundings; the same seed gives the same."""

    def __init__(self, seed: int, font: Font) -> None:
        rng = np.random.default_rng(seed)
        image = _drawn(rng, font)
        self._levels = [
            _planes(image),
            _planes(cv2.resize(image, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)),
        ]
        self._passers = _traffic(rng)
        noise = np.random.default_rng(seed).normal(0, 1.6, (4, 720, 1280))
        self._noise = np.rint(noise).astype(np.int16)

    def view(self, pose: Pose, size: tuple[int, int], seconds: float, no: int) -> tuple[Plane, Plane, Plane]:
        """Return what is seen from a pose at a time as planes (Y, U, V) of a picture of this size."""
        width, height = size
        across = field_of_view(pose.zoom)
        px_per_deg = width / across
        level = 1 if px_per_deg < PX_PER_DEG * 0.75 else 0
        scale = PX_PER_DEG / (1 << level) / px_per_deg  # panorama pixels for one of the picture
        left = (pose.pan + 180 - across / 2) * px_per_deg * scale
        top = (TOP_DEG - pose.tilt) * px_per_deg * scale - height / 2 * scale
        luma, blue, red = (
            _warped(plane, scale, (left / part, top / part), (width // part, height // part))
            for plane, part in zip(self._levels[level], (1, 2, 2), strict=True)
        )
        for passer in sorted(self._passers, key=lambda one: -one.distance):
            self._draw(passer, (luma, blue, red), pose, px_per_deg, seconds)
        noise = self._noise[no % len(self._noise)][:height, :width]
        return np.asarray(cv2.add(luma, noise, dtype=cv2.CV_8U), np.uint8), blue, red

    @staticmethod
    def _draw(
        passer: Passer, planes: tuple[Plane, Plane, Plane], pose: Pose, px_per_deg: float, seconds: float
    ) -> None:
        """Draw something that passes: a body and, on what is longer than high, a cabin and wheels."""
        height, width = planes[0].shape
        azimuth = (passer.start + passer.turning * seconds + 180) % 360 - 180
        x = ((azimuth - pose.pan + 180) % 360 - 180) * px_per_deg + width / 2
        foot = height / 2 + (pose.tilt - math.degrees(math.atan2(-_POLE_M, passer.distance))) * px_per_deg
        metre = math.degrees(1 / passer.distance) * px_per_deg
        long, high = passer.size[0] * metre, passer.size[1] * metre
        if not -long < x < width + long:
            return
        parts = [((x - long / 2, foot - high, x + long / 2, foot - 0.1 * metre), passer.colour)]
        if passer.size[0] > passer.size[1]:
            parts.append(((x - long * 0.3, foot - high * 1.7, x + long * 0.3, foot - high), (60, 130, 126)))
            parts += [
                ((x + at * long - 0.3 * metre, foot - 0.35 * metre, x + at * long + 0.3 * metre, foot), (24, 128, 128))
                for at in (-0.3, 0.3)
            ]
        else:
            parts.append(((x - long * 0.3, foot - high * 1.18, x + long * 0.3, foot - high), (150, 116, 146)))
        for box, colour in parts:
            for plane, part, level in zip(planes, (1, 2, 2), colour, strict=True):
                first = (round(box[0] / part * 8), round(box[1] / part * 8))
                last = (round(box[2] / part * 8), round(box[3] / part * 8))
                cv2.rectangle(plane, first, last, (level,), cv2.FILLED, cv2.LINE_8, 3)


def field_of_view(zoom: float) -> float:
    """Return the horizontal field of view in degrees; each step of zoom magnifies by the same factor."""
    return float(WIDEST_DEG / MAGNIFICATION**zoom)


def _warped(plane: Plane, scale: float, corner: tuple[float, float], size: tuple[int, int]) -> Plane:
    matrix = np.array([[scale, 0, corner[0]], [0, scale, corner[1]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(plane, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _planes(image: NDArray[np.generic]) -> tuple[Plane, Plane, Plane]:
    height, width = image.shape[:2]
    packed = np.asarray(cv2.cvtColor(np.asarray(image, np.uint8), cv2.COLOR_BGR2YUV_I420), np.uint8)
    chroma = packed[height:].reshape(2, height // 2, width // 2)
    return packed[:height].copy(), chroma[0].copy(), chroma[1].copy()


def _at(azimuth: float, elevation: float) -> tuple[int, int]:
    """Return the pixel of a direction in degrees."""
    return round((azimuth + 180) * PX_PER_DEG), round((TOP_DEG - elevation) * PX_PER_DEG)


def _elevation(distance: float, high: float) -> float:
    """Return at how many degrees above the horizon something `high` metres above the ground is seen."""
    return math.degrees(math.atan2(high - _POLE_M, distance))


def _drawn(rng: np.random.Generator, font: Font) -> Image:
    image = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    horizon = _at(0, 0)[1]
    mix = np.clip(np.arange(HEIGHT) / horizon, 0, 1)[:, None]
    sky = (1 - mix) * np.array((210, 160, 105)) + mix * np.array((235, 222, 205))
    image[:] = sky[:, None, :].astype(np.uint8)
    _ground(image)
    _hills(image, rng)
    azimuth = -180.0
    while azimuth < 180:
        wide = float(rng.uniform(7, 17))
        _house(image, rng, font, azimuth, min(azimuth + wide, 180.0))
        azimuth += wide + float(rng.choice((0.0, 0.2, 3.5)))
    for azimuth in np.arange(-178, 180, 9.0):
        _tree(image, rng, float(azimuth + rng.normal(0, 1)), float(rng.uniform(34, 42)))
    _markings(image, rng)
    grain = rng.normal(0, 4, (HEIGHT // 2, WIDTH // 2)).astype(np.int16)
    rough = cv2.resize(grain, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    for channel in range(3):
        image[:, :, channel] = cv2.add(image[:, :, channel], rough, dtype=cv2.CV_8U)
    return image


def _ground(image: Image) -> None:
    """Rings round the camera: road between pavements, the square below."""
    for distance, colour in ((400, (120, 140, 130)), (46, (150, 155, 158)), (30, (82, 80, 80)), (14, (165, 168, 172))):
        image[_at(0, _elevation(distance, 0))[1] :] = colour


def _hills(image: Image, rng: np.random.Generator) -> None:
    azimuths = np.linspace(-180, 180, 361)
    phases = rng.uniform(0, 2 * math.pi, 3)
    heights = sum(
        3 / (wave + 1) * (1 + np.sin(np.radians(azimuths) * (3 + 4 * wave) + phases[wave])) for wave in range(3)
    )
    ridge = [_at(float(azimuth), float(height)) for azimuth, height in zip(azimuths, np.asarray(heights), strict=True)]
    cv2.fillPoly(image, [np.array([*ridge, _at(180, -1.3), _at(-180, -1.3)], np.int32)], (140, 160, 120))


def _house(image: Image, rng: np.random.Generator, font: Font, left: float, right: float) -> None:
    distance, high = 48.0, float(rng.uniform(9, 34))
    wall = _WALLS[int(rng.integers(len(_WALLS)))]
    shade = float(rng.uniform(0.85, 1.05))
    colour = (int(wall[0] * shade), int(wall[1] * shade), int(wall[2] * shade))
    cv2.rectangle(image, _at(left, _elevation(distance, high)), _at(right, _elevation(distance, 0)), colour, cv2.FILLED)
    floor = 6.6
    while floor + 2.0 < high:
        for azimuth in np.arange(left + 0.6, right - 1.6, 1.9):
            pane = (120, 190, 225) if rng.random() < 0.12 else (105, 92, 80)
            upper, lower = _elevation(distance, floor + 1.6), _elevation(distance, floor)
            cv2.rectangle(image, _at(azimuth, upper), _at(azimuth + 1.2, lower), pane, cv2.FILLED)
        floor += 3.0
    _shop(image, rng, font, (left, right), distance)


def _shop(image: Image, rng: np.random.Generator, font: Font, span: tuple[float, float], distance: float) -> None:
    """Draw a shop window on the ground floor and its sign."""
    left, right = span
    glass = (_at(left + 0.5, _elevation(distance, 4.2)), _at(right - 0.5, _elevation(distance, 0.4)))
    cv2.rectangle(image, *glass, (95, 85, 78), cv2.FILLED)
    colour = _SIGN_COLOURS[int(rng.integers(len(_SIGN_COLOURS)))]
    upper, lower = _at(left + 0.3, _elevation(distance, 6.0)), _at(right - 0.3, _elevation(distance, 4.6))
    cv2.rectangle(image, upper, lower, colour, cv2.FILLED)
    letters = font.mask(_SIGNS[int(rng.integers(len(_SIGNS)))], lower[1] - upper[1])
    top, start = upper[1], max(upper[0], (upper[0] + lower[0] - letters.shape[1]) // 2)
    area = image[top : top + letters.shape[0], start : min(start + letters.shape[1], WIDTH)]
    area[:] = np.maximum(area, letters[: area.shape[0], : area.shape[1], None])


def _tree(image: Image, rng: np.random.Generator, azimuth: float, distance: float) -> None:
    metre = math.degrees(1 / distance)
    trunk = (_at(azimuth - 0.12 * metre, _elevation(distance, 3)), _at(azimuth + 0.12 * metre, _elevation(distance, 0)))
    cv2.rectangle(image, *trunk, (50, 62, 75), cv2.FILLED)
    for _ in range(16):
        centre = _at(azimuth + rng.normal(0, 0.6) * metre, _elevation(distance, 3.2 + rng.normal(0, 0.5)))
        leaf = np.array((50, 115, 75)) * rng.uniform(0.7, 1.15)
        radius = max(2, int(rng.uniform(0.4, 0.8) * metre * PX_PER_DEG))
        cv2.circle(image, centre, radius, leaf.tolist(), cv2.FILLED, cv2.LINE_AA)


def _markings(image: Image, rng: np.random.Generator) -> None:
    """Draw the dashed line in the middle of the road, crossings, and paving on the square."""
    for azimuth in np.arange(-180, 180, 4.0):
        upper, lower = _elevation(20.4, 0), _elevation(20.0, 0)
        cv2.rectangle(image, _at(azimuth, upper), _at(azimuth + 2, lower), (210, 210, 210), cv2.FILLED)
    for crossing in rng.uniform(-170, 160, 5):
        for stripe in range(5):
            azimuth = float(crossing) + stripe * 2
            corners = _at(azimuth, _elevation(29, 0)), _at(azimuth + 1, _elevation(15, 0))
            cv2.rectangle(image, *corners, (222, 222, 222), cv2.FILLED)
    for distance in (13.0, 11.5, 10.2, 9.2, 8.4):
        cv2.line(image, _at(-180, _elevation(distance, 0)), _at(180, _elevation(distance, 0)), (140, 145, 150), 2)
    for azimuth in np.arange(-180, 180, 5.0):
        cv2.line(image, _at(azimuth, _elevation(14, 0)), (_at(azimuth, 0)[0], HEIGHT), (145, 150, 154), 2)


def _traffic(rng: np.random.Generator) -> list[Passer]:
    """Cars on the two lanes, either way, and people on the pavements."""
    passers = []
    for lane, way in ((17.5, -1), (24.5, 1)):
        for place in range(5):
            luma, blue, red = int(rng.integers(50, 220)), int(rng.integers(118, 142)), int(rng.integers(118, 142))
            turning = way * math.degrees(8.0 / lane)  # 8 m/s
            passers.append(
                Passer(lane, place * 72 + float(rng.uniform(0, 40)), turning, (4.4, 0.85), (luma, blue, red))
            )
    for _ in range(14):
        distance = float(rng.uniform(31, 44))
        turning = float(rng.choice((-1, 1))) * math.degrees(1.3 / distance)
        clothes = (int(rng.integers(40, 170)), int(rng.integers(112, 146)), int(rng.integers(112, 150)))
        passers.append(Passer(distance, float(rng.uniform(0, 360)), turning, (0.5, 1.45), clothes))
    return passers
