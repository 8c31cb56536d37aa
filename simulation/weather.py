"""Weather that could be: slow, with a day and a season, the same for the same seed and moment."""

import math
import random
from datetime import datetime
from uuid import uuid4

from domain.clock import Clock
from domain.fact import Json
from domain.place import Place
from domain.reading import SCALES, Quantity
from simulation.field import FieldNetwork
from simulation.journal import KOREA, stamp
from simulation.profile import SingleSensor, Station

SOLAR_CONSTANT_W_M2 = 1361.0

_BUCKET_MM = 0.1  # a tipping-bucket gauge tells rain in steps

_DIGITS = {
    Quantity.TEMPERATURE: 1,
    Quantity.ROAD_TEMPERATURE: 1,
    Quantity.WIND_SPEED: 1,
    Quantity.PRESSURE: 1,
    Quantity.PRECIPITATION: 1,
    Quantity.UV_INDEX: 1,
    Quantity.WATER_LEVEL: 2,
    Quantity.SMOKE: 2,
}
_PERIODS_S = (433.0, 1_741.0, 7_919.0, 31_033.0)  # primes, so that the pattern does not come round
_WEIGHTS = (0.04, 0.12, 0.34, 0.5)
_FRONTS = 12.0  # how much more slowly the pressure goes than the rest


class Climate:
    """The weather at one place; `values` may be asked for any moment in rising order."""

    def __init__(self, place: Place, altitude_m: float, seed: str) -> None:
        self._place = place
        self._altitude_m = altitude_m
        chance = random.Random(seed)
        self._phases = {name: [chance.uniform(0, 2 * math.pi) for _ in _PERIODS_S] for name in sorted(Quantity)}
        self._in_bucket_mm = 0.0
        self._rain_until: float | None = None

    def values(self, at: datetime) -> dict[Quantity, float]:
        """Return every quantity at this moment, in the contract's units, as finely as instruments tell it."""
        local = at.astimezone(KOREA)
        hour = local.hour + local.minute / 60 + local.second / 3600
        cloud = 0.5 + 0.5 * self._wander(Quantity.SOLAR_RADIATION, at)
        solar = SOLAR_CONSTANT_W_M2 * 0.75 * self._sun_height(local) * (1 - 0.75 * cloud)
        warmth = 4.0 * math.cos(2 * math.pi * (hour - 15) / 24) * (1 - 0.5 * cloud)
        season = 12.0 - 14.0 * math.cos(2 * math.pi * (local.timetuple().tm_yday - 20) / 365.25)
        temperature = season + warmth + 3.0 * self._wander(Quantity.TEMPERATURE, at) - 0.0065 * self._altitude_m
        rain_mm_h = max(0.0, 60.0 * self._wander(Quantity.PRECIPITATION, at) - 42.0)
        pm10 = max(5.0, 48.0 + 40.0 * self._wander(Quantity.PM10, at) - 0.5 * rain_mm_h)
        humidity = 62.0 - 2.4 * warmth + 14.0 * self._wander(Quantity.HUMIDITY, at) + 0.5 * rain_mm_h
        wind = 2.2 + 0.12 * solar / 100 + 1.8 * self._wander(Quantity.WIND_SPEED, at)
        tide = 0.8 * math.cos(2 * math.pi * (hour - 10) / 12)
        pressure = (
            1016.0 - season / 4 + 6.0 * self._wander(Quantity.PRESSURE, at, _FRONTS) + tide - self._altitude_m / 8.3
        )
        values = {
            Quantity.TEMPERATURE: temperature,
            Quantity.HUMIDITY: min(99.0, max(15.0, humidity)),
            Quantity.WIND_SPEED: max(0.0, wind),
            Quantity.WIND_DIRECTION: (285.0 + 75.0 * self._wander(Quantity.WIND_DIRECTION, at)) % 360,
            Quantity.SOLAR_RADIATION: solar,
            Quantity.PM10: pm10,
            Quantity.PM2_5: pm10 * (0.5 + 0.1 * self._wander(Quantity.PM2_5, at)),
            Quantity.PRESSURE: pressure,
            Quantity.PRECIPITATION: self._fallen(at, rain_mm_h),
            Quantity.WATER_LEVEL: 0.6 + 0.05 * self._wander(Quantity.WATER_LEVEL, at) + 0.02 * rain_mm_h,
            Quantity.SMOKE: 0.05 + 0.03 * self._wander(Quantity.SMOKE, at),
            Quantity.VISIBILITY: 20_000.0 * math.exp(-pm10 / 160) / (1 + rain_mm_h / 8),
            Quantity.UV_INDEX: max(0.0, solar / 95),
            Quantity.ROAD_TEMPERATURE: temperature + solar / 60 - 1.0,
        }
        return {quantity: round(value, _DIGITS.get(quantity, 0)) for quantity, value in values.items()}

    def _wander(self, name: Quantity, at: datetime, slower: float = 1.0) -> float:
        """Return something between -1 and 1 that changes within minutes to hours, or so many times slower."""
        seconds = at.timestamp() / slower
        waves = zip(_WEIGHTS, _PERIODS_S, self._phases[name], strict=True)
        return sum(weight * math.sin(2 * math.pi * seconds / period + phase) for weight, period, phase in waves)

    def _sun_height(self, local: datetime) -> float:
        """Return the sine of the sun's height, 0 at night (declination after Cooper, 1969)."""
        declination = math.radians(23.45 * math.sin(2 * math.pi * (284 + local.timetuple().tm_yday) / 365))
        solar_hour = local.hour + local.minute / 60 + (self._place.lon - 135.0) / 15  # Korea keeps the time of 135° E
        angle = math.radians(15.0 * (solar_hour - 12))
        lat = math.radians(self._place.lat)
        height = math.sin(lat) * math.sin(declination) + math.cos(lat) * math.cos(declination) * math.cos(angle)
        return max(0.0, height)

    def _fallen(self, at: datetime, rain_mm_h: float) -> float:
        seconds = at.timestamp()
        passed = 0.0 if self._rain_until is None else max(0.0, seconds - self._rain_until)
        self._rain_until = seconds
        self._in_bucket_mm += rain_mm_h * passed / 3600
        tips = math.floor(self._in_bucket_mm / _BUCKET_MM + 1e-9)
        self._in_bucket_mm -= tips * _BUCKET_MM
        return tips * _BUCKET_MM


class StationVoice:
    """A weather station that reports all it measures in one batch."""

    def __init__(self, source: str, station: Station, network: FieldNetwork, clock: Clock, seed: int) -> None:
        self._source = source
        self._station = station
        self._network = network
        self._clock = clock
        self._climate = Climate(station.place, station.altitude_m, f"{seed}/{station.id}")

    def report(self) -> None:
        """Send the values of this moment."""
        at = self._clock.now()
        values = self._climate.values(at)
        station = self._station
        batch: list[Json] = [
            {"sensor": station.sensor_id(quantity), **reading(at, quantity, values[quantity])}
            for quantity in station.quantities
        ]
        self._network.send_reading(self._source, f"station/{station.id}/readings", batch)


class SensorVoice:
    """A sensor that reports by itself."""

    def __init__(self, source: str, sensor: SingleSensor, network: FieldNetwork, clock: Clock, seed: int) -> None:
        self._source = source
        self._sensor = sensor
        self._network = network
        self._clock = clock
        self._climate = Climate(sensor.place, 0.0, f"{seed}/{sensor.id}")

    def report(self) -> None:
        """Send the value of this moment."""
        at, quantity = self._clock.now(), self._sensor.quantity
        body = reading(at, quantity, self._climate.values(at)[quantity])
        self._network.send_reading(self._source, f"sensor/{self._sensor.id}/reading", body)


def reading(at: datetime, quantity: Quantity, value: float) -> dict[str, Json]:
    """Return one reading as the contract writes it."""
    return {
        "id": str(uuid4()),
        "at": stamp(at),
        "quantity": quantity.value,
        "value": value,
        "unit": SCALES[quantity].unit,
    }
