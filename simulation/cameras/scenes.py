"""Street scenes as a city's fixed cameras see them: drawn in perspective, day, dusk, night or overcast, in a loop.

Lengths are metres on the ground: x to the right, z away from the camera, y up. A scene returns to its first
picture after LOOP_S seconds, so that a clip of it can be repeated without a jump.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from simulation.cameras.counter import LOOP_S, Plane

Image = NDArray[np.uint8]
Colour = tuple[float, float, float]  # blue, green, red

_SHIFT = 3  # OpenCV draws with 3 fractional bits, so slow things do not jump from pixel to pixel
_PAINTS: tuple[Colour, ...] = (
    (200, 200, 205),
    (40, 40, 44),
    (120, 122, 128),
    (150, 60, 30),
    (40, 40, 160),
    (90, 110, 70),
)
_CLOTHES: tuple[Colour, ...] = (
    (60, 50, 45),
    (150, 140, 130),
    (60, 60, 150),
    (130, 90, 40),
    (50, 120, 130),
    (200, 195, 190),
)
_WALLS: tuple[Colour, ...] = ((150, 165, 178), (120, 135, 160), (170, 172, 170), (110, 120, 128), (140, 160, 190))


@dataclass(frozen=True, slots=True)
class Mood:
    """Light and weather."""

    sky_top: Colour
    sky_low: Colour
    light: float
    lit_windows: float
    lamps: bool
    noise: float


MOODS = (
    Mood((215, 165, 110), (235, 220, 200), 1.0, 0.05, lamps=False, noise=1.6),
    Mood((190, 185, 180), (205, 203, 200), 0.82, 0.15, lamps=False, noise=2.0),
    Mood((110, 70, 60), (110, 140, 215), 0.55, 0.45, lamps=True, noise=2.6),
    Mood((38, 26, 20), (60, 46, 40), 0.30, 0.6, lamps=True, noise=3.4),
)


@dataclass(frozen=True, slots=True)
class View:
    """How the ground falls into the picture: a level camera on a pole, the horizon moved up."""

    width: int
    height: int
    pole_m: float
    vanish_x: float
    horizon: float

    def point(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Return the pixel of a point of the scene."""
        focal = 0.95 * self.width
        return self.vanish_x * self.width + focal * x / z, self.horizon * self.height + focal * (self.pole_m - y) / z

    def fill(self, image: Image, corners: list[tuple[float, float, float]], colour: Colour) -> None:
        """Fill a polygon given by points of the scene."""
        points = np.array([self.point(*corner) for corner in corners]) * (1 << _SHIFT)
        cv2.fillPoly(image, [np.rint(points).astype(np.int32)], colour, cv2.LINE_AA, _SHIFT)


@dataclass(frozen=True, slots=True)
class Car:
    """A vehicle that drives the whole visible road once a loop, or stands at the kerb where `speed` is 0."""

    x: float
    start: float
    speed: int
    paint: Colour
    tall: bool


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who walks to and fro along the pavement (`along`) or over the road."""

    x: float
    z: float
    reach: float
    phase: float
    clothes: Colour
    along: bool


NEAR_M, FAR_M = 5.0, 125.0


class Scene:
    """One camera's street; the same seed gives the same street at every size."""

    def __init__(self, seed: int, width: int, height: int) -> None:
        rng = np.random.default_rng(seed)
        self.mood = MOODS[seed % len(MOODS)]
        self._view = View(width, height, rng.uniform(5.5, 8.0), rng.uniform(0.35, 0.65), rng.uniform(0.22, 0.34))
        self._road = rng.uniform(5.0, 8.0)
        self._crossing = float(rng.uniform(11, 18))
        self._back = self._background(rng)
        self._cars = self._traffic(rng)
        self._walkers = self._people(rng)
        shade = np.random.default_rng(seed).normal(0.0, self.mood.noise, (4, height, width))
        self._noise = np.rint(shade).astype(np.int16)

    def planes(self, seconds: float, frame_no: int) -> tuple[Plane, Plane, Plane]:
        """Return the picture at this time of the loop as planes of limited-range 4:2:0 (Y, U, V)."""
        image = self._back.copy()
        actors = [(self._car_z(car, seconds), car) for car in self._cars]
        people = [(self._walker_at(walker, seconds), walker) for walker in self._walkers]
        drawn = [(z, 0, index) for index, (z, _) in enumerate(actors)]
        drawn += [(at[1], 1, index) for index, (at, _) in enumerate(people)]
        for _, kind, index in sorted(drawn, reverse=True):
            if kind == 0:
                self._draw_car(image, actors[index][1], actors[index][0])
            else:
                self._draw_walker(image, people[index][1], people[index][0], seconds)
        return self._exposed(image, frame_no)

    def empty(self) -> Image:
        """Return the street with nobody in it."""
        return self._back.copy()

    def _exposed(self, image: Image, frame_no: int) -> tuple[Plane, Plane, Plane]:
        height, width = image.shape[:2]
        packed = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8)
        noise = self._noise[frame_no % len(self._noise)]
        luma = np.asarray(cv2.add(packed[:height], noise, dtype=cv2.CV_8U), np.uint8)
        chroma = packed[height:].reshape(2, height // 2, width // 2)
        return luma, chroma[0].copy(), chroma[1].copy()

    def _lit(self, colour: Colour, factor: float = 1.0) -> Colour:
        light = self.mood.light * factor
        return (min(255.0, colour[0] * light), min(255.0, colour[1] * light), min(255.0, colour[2] * light))

    def _background(self, rng: np.random.Generator) -> Image:
        view = self._view
        rows = np.linspace(0.0, 1.0, view.height)[:, None] / view.horizon
        mix = np.clip(rows, 0, 1)
        sky = (1 - mix) * np.array(self.mood.sky_top) + mix * np.array(self.mood.sky_low)
        image = np.ascontiguousarray(np.repeat(sky[:, None, :], view.width, axis=1).astype(np.uint8))
        self._skyline(image, rng)
        image[int(view.horizon * view.height) :] = self._lit((105, 118, 112))
        self._ground(image)
        for side in (-1, 1):
            self._row_of_houses(image, rng, side)
        self._furniture(image, rng)
        texture = rng.normal(0, 5 * self.mood.light, (view.height // 2 + 1, view.width // 2 + 1)).astype(np.float32)
        grain = cv2.resize(texture, (view.width, view.height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(np.clip(image + grain[:, :, None], 0, 255), np.uint8)

    def _skyline(self, image: Image, rng: np.random.Generator) -> None:
        horizon = int(self._view.horizon * self._view.height)
        left = 0
        while left < self._view.width:
            wide = int(rng.uniform(0.03, 0.08) * self._view.width)
            high = int(rng.uniform(0.1, 0.75) * horizon)
            colour = self._lit((165, 160, 155), float(rng.uniform(0.85, 1.1)))
            cv2.rectangle(image, (left, horizon - high), (left + wide - 2, horizon), colour, cv2.FILLED)
            left += wide

    def _ground(self, image: Image) -> None:
        road, view = self._road, self._view
        view.fill(image, _flat(-road - 4, road + 4, 2.5, 400), self._lit((150, 155, 158)))
        view.fill(image, _flat(-road, road, 2.5, 400), self._lit((82, 80, 80)))
        for x in (-road + 0.2, road - 0.35):
            view.fill(image, _flat(x, x + 0.15, 2.5, 300), self._lit((190, 190, 190)))
        for x in (-0.2, 0.1):
            view.fill(image, _flat(x, x + 0.12, 2.5, 300), self._lit((60, 170, 205)))
        for z in range(4, 120, 8):
            for x in (-road / 2, road / 2):
                view.fill(image, _flat(x, x + 0.15, z, z + 4), self._lit((200, 200, 200)))
        stripe = -road + 0.5
        while stripe < road - 0.5:
            view.fill(
                image, _flat(stripe, stripe + 0.5, self._crossing, self._crossing + 4), self._lit((215, 215, 215))
            )
            stripe += 1.0

    def _row_of_houses(self, image: Image, rng: np.random.Generator, side: int) -> None:
        houses = []
        z = 9.0
        while z < 110:
            deep = float(rng.uniform(9, 22))
            houses.append((z, z + deep, float(rng.uniform(7, 26)), _WALLS[int(rng.integers(len(_WALLS)))]))
            z += deep + float(rng.choice((0.6, 1.0, 6.0)))
        for near, far, high, wall in reversed(houses):
            self._house(image, rng, side * (self._road + 4), (near, far), high, wall)

    def _house(
        self, image: Image, rng: np.random.Generator, x: float, depth: tuple[float, float], high: float, wall: Colour
    ) -> None:
        near, far = depth
        back = x + math.copysign(14, x)
        self._view.fill(
            image, [(x, 0, near), (back, 0, near), (back, high, near), (x, high, near)], self._lit(wall, 0.75)
        )
        self._view.fill(image, [(x, 0, near), (x, 0, far), (x, high, far), (x, high, near)], self._lit(wall))
        shop = _PAINTS[int(rng.integers(2, len(_PAINTS)))]
        self._view.fill(image, [(x, 2.6, near), (x, 2.6, far), (x, 3.4, far), (x, 3.4, near)], self._lit(shop, 1.2))
        floor = 4.2
        while floor + 1.6 < high:
            window = near + 0.8
            while window + 1.4 < far:
                lit = rng.random() < self.mood.lit_windows
                colour = (130.0, 205.0, 240.0) if lit else self._lit((95, 85, 75))
                corners = [
                    (x, floor, window),
                    (x, floor, window + 1.4),
                    (x, floor + 1.5, window + 1.4),
                    (x, floor + 1.5, window),
                ]
                self._view.fill(image, corners, colour)
                window += 2.6
            floor += 3.0

    def _furniture(self, image: Image, rng: np.random.Generator) -> None:
        """Trees and street lamps along the kerbs, the farthest first."""
        for z in range(95, 8, -12):
            for side in (-1, 1):
                x = side * (self._road + 0.7)
                if rng.random() < 0.6:
                    self._tree(image, rng, x, z + 4)
                self._lamp(image, x, z, -side)

    def _tree(self, image: Image, rng: np.random.Generator, x: float, z: float) -> None:
        self._view.fill(
            image, [(x - 0.12, 0, z), (x + 0.12, 0, z), (x + 0.1, 3, z), (x - 0.1, 3, z)], self._lit((50, 62, 75))
        )
        for _ in range(14):
            centre = self._view.point(x + rng.normal(0, 0.7), 3.9 + rng.normal(0, 0.6), z)
            radius = max(1, int(0.95 * self._view.width * rng.uniform(0.4, 0.8) / z))
            leaf = self._lit((50, 115, 75), float(rng.uniform(0.7, 1.15)))
            cv2.circle(image, (int(centre[0]), int(centre[1])), radius, leaf, cv2.FILLED, cv2.LINE_AA)

    def _lamp(self, image: Image, x: float, z: float, inward: int) -> None:
        pole = self._lit((120, 120, 120))
        self._view.fill(image, [(x - 0.07, 0, z), (x + 0.07, 0, z), (x + 0.05, 7, z), (x - 0.05, 7, z)], pole)
        tip = x + inward * 1.6
        self._view.fill(image, [(x, 6.9, z), (tip, 7.1, z), (tip, 7.25, z), (x, 7.05, z)], pole)
        if not self.mood.lamps:
            return
        spot = self._view.point(tip, 0, z)
        focal = 0.95 * self._view.width
        glow = np.zeros_like(image)
        axes = (max(1, int(focal * 4 / z)), max(1, int(focal * 1.1 / z)))
        cv2.ellipse(glow, (int(spot[0]), int(spot[1])), axes, 0, 0, 360, (28, 48, 58), cv2.FILLED)
        head = self._view.point(tip, 7.0, z)
        cv2.circle(glow, (int(head[0]), int(head[1])), max(2, int(focal * 0.22 / z)), (150, 205, 225), cv2.FILLED)
        blur = max(3, int(focal * 0.9 / z) | 1)
        cv2.add(image, cv2.blur(glow, (blur, blur)), dst=image)

    def _traffic(self, rng: np.random.Generator) -> list[Car]:
        lanes = ((-self._road * 0.72, 1), (-self._road * 0.26, 1), (self._road * 0.26, -1), (self._road * 0.72, -1))
        cars = []
        for x, way in lanes:
            for _ in range(int(rng.integers(0, 3))):
                paint = _PAINTS[int(rng.integers(len(_PAINTS)))]
                cars.append(Car(x, float(rng.uniform(0, FAR_M - NEAR_M)), way, paint, bool(rng.random() < 0.2)))
        for _ in range(int(rng.integers(2, 5))):
            side = float(rng.choice((-1, 1)))
            paint = _PAINTS[int(rng.integers(len(_PAINTS)))]
            cars.append(Car(side * (self._road + 1.1), float(rng.uniform(18, 60)), 0, paint, tall=False))
        return cars

    def _people(self, rng: np.random.Generator) -> list[Walker]:
        walkers = []
        for _ in range(int(rng.integers(3, 7))):
            side = float(rng.choice((-1, 1)))
            clothes = _CLOTHES[int(rng.integers(len(_CLOTHES)))]
            x = side * (self._road + float(rng.uniform(1.6, 3.4)))
            walkers.append(Walker(x, float(rng.uniform(9, 30)), 4.0, float(rng.uniform(0, 1)), clothes, along=True))
        clothes = _CLOTHES[int(rng.integers(len(_CLOTHES)))]
        walkers.append(
            Walker(0.0, self._crossing + 2, self._road * 0.9, float(rng.uniform(0, 1)), clothes, along=False)
        )
        return walkers

    @staticmethod
    def _car_z(car: Car, seconds: float) -> float:
        """Return how far away the car's near end is; 54 km/h takes it over the whole road in one loop."""
        if car.speed == 0:
            return car.start
        return NEAR_M + (car.start + car.speed * seconds / LOOP_S * (FAR_M - NEAR_M)) % (FAR_M - NEAR_M)

    @staticmethod
    def _walker_at(walker: Walker, seconds: float) -> tuple[float, float]:
        swing = math.sin(2 * math.pi * (seconds / LOOP_S + walker.phase)) * walker.reach / 2
        return (walker.x, walker.z + swing) if walker.along else (walker.x + swing, walker.z)

    def _draw_car(self, image: Image, car: Car, z: float) -> None:
        view, paint = self._view, self._lit(car.paint)
        left, right, far = car.x - 0.9, car.x + 0.9, z + (7.0 if car.tall else 4.3)
        top = 2.6 if car.tall else 0.9
        view.fill(image, _flat(left - 0.1, right + 0.1, z - 0.1, far), self._lit((45, 44, 44)))
        inner = left if car.x > 0 else right
        view.fill(
            image, [(inner, 0.2, z), (inner, 0.2, far), (inner, top, far), (inner, top, z)], self._lit(car.paint, 0.7)
        )
        view.fill(
            image, [(left, top, z), (right, top, z), (right, top, far), (left, top, far)], self._lit(car.paint, 1.1)
        )
        if not car.tall:
            roof, front, back = 1.45, z + 1.3, far - 0.5
            glass = self._lit((70, 60, 55))
            view.fill(
                image,
                [(inner, top, front - 0.5), (inner, top, back), (inner, roof, back - 0.4), (inner, roof, front)],
                glass,
            )
            cabin = [
                (left, top, front - 0.7),
                (right, top, front - 0.7),
                (right - 0.15, roof, front),
                (left + 0.15, roof, front),
            ]
            view.fill(image, cabin, glass)
            view.fill(
                image,
                [
                    (left + 0.15, roof, front),
                    (right - 0.15, roof, front),
                    (right - 0.15, roof, back),
                    (left + 0.15, roof, back),
                ],
                paint,
            )
        view.fill(image, [(left, 0.2, z), (right, 0.2, z), (right, top, z), (left, top, z)], self._lit(car.paint, 0.9))
        if car.speed:
            lamp: Colour = (225.0, 240.0, 250.0) if car.speed < 0 else (60.0, 60.0, 230.0)
            for x in (left + 0.25, right - 0.25):
                view.fill(
                    image, [(x - 0.17, 0.5, z), (x + 0.17, 0.5, z), (x + 0.17, 0.72, z), (x - 0.17, 0.72, z)], lamp
                )

    def _draw_walker(self, image: Image, walker: Walker, at: tuple[float, float], seconds: float) -> None:
        (x, z), view = at, self._view
        stride = 0.28 * math.sin(2 * math.pi * seconds * 2)
        view.fill(image, _flat(x - 0.3, x + 0.3, z - 0.1, z + 0.5), self._lit((60, 60, 60)))
        for swing in (stride, -stride):
            leg = [(x - 0.1, 0.85, z), (x + 0.1, 0.85, z), (x + swing + 0.08, 0, z), (x + swing - 0.08, 0, z)]
            view.fill(image, leg, self._lit((50, 42, 40)))
        coat = [(x - 0.22, 1.45, z), (x + 0.22, 1.45, z), (x + 0.18, 0.75, z), (x - 0.18, 0.75, z)]
        view.fill(image, coat, self._lit(walker.clothes))
        head = view.point(x, 1.6, z)
        radius = 0.95 * view.width * 0.12 / z
        centre = (round(head[0] * 8), round(head[1] * 8))
        cv2.circle(
            image, centre, max(8, round(radius * 8)), self._lit((120, 150, 190)), cv2.FILLED, cv2.LINE_AA, _SHIFT
        )


def _flat(left: float, right: float, near: float, far: float) -> list[tuple[float, float, float]]:
    """Return the corners of a rectangle on the ground."""
    return [(left, 0, near), (right, 0, near), (right, 0, far), (left, 0, far)]
