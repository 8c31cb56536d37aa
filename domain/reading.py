"""Readings of the sensors: quantities, units, and what is physically possible."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Quantity(StrEnum):
    """What is measured; the names of the MQTT contract."""

    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    WIND_SPEED = "wind_speed"
    WIND_DIRECTION = "wind_direction"
    SOLAR_RADIATION = "solar_radiation"
    PM10 = "pm10"
    PM2_5 = "pm2_5"
    PRESSURE = "pressure"
    PRECIPITATION = "precipitation"
    WATER_LEVEL = "water_level"
    SMOKE = "smoke"
    VISIBILITY = "visibility"
    UV_INDEX = "uv_index"
    ROAD_TEMPERATURE = "road_temperature"
    ROAD_STATE = "road_state"


@dataclass(frozen=True, slots=True)
class Scale:
    """A quantity's unit (UCUM code) and the range outside which a value can't be true."""

    unit: str
    low: float
    high: float


# Ranges are instrument limits (WMO No. 8 where it gives one), not weather records.
SCALES: dict[Quantity, Scale] = {
    Quantity.TEMPERATURE: Scale("Cel", -60, 60),
    Quantity.HUMIDITY: Scale("%", 0, 100),
    Quantity.WIND_SPEED: Scale("m/s", 0, 90),
    Quantity.WIND_DIRECTION: Scale("deg", 0, 360),
    Quantity.SOLAR_RADIATION: Scale("W/m2", 0, 1600),
    Quantity.PM10: Scale("ug/m3", 0, 10_000),
    Quantity.PM2_5: Scale("ug/m3", 0, 10_000),
    Quantity.PRESSURE: Scale("hPa", 500, 1100),
    Quantity.PRECIPITATION: Scale("mm", 0, 500),
    Quantity.WATER_LEVEL: Scale("m", -20, 100),
    Quantity.SMOKE: Scale("%/m", 0, 100),
    Quantity.VISIBILITY: Scale("m", 0, 100_000),
    Quantity.UV_INDEX: Scale("1", 0, 25),
    Quantity.ROAD_TEMPERATURE: Scale("Cel", -60, 90),
    Quantity.ROAD_STATE: Scale("1", 0, 100),
}

WEATHER_PANEL = (
    Quantity.TEMPERATURE,
    Quantity.HUMIDITY,
    Quantity.WIND_SPEED,
    Quantity.WIND_DIRECTION,
    Quantity.SOLAR_RADIATION,
    Quantity.PM10,
    Quantity.PRESSURE,
    Quantity.PRECIPITATION,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one sensor; `id` is the message's UUID as text, so a repeat is known as one."""

    id: str
    sensor: str
    at: datetime
    quantity: Quantity
    value: float


def why_impossible(quantity: Quantity, value: float) -> str | None:
    """Return why the value can't be true, or None where it can."""
    scale = SCALES[quantity]
    if not scale.low <= value <= scale.high:
        return f"{quantity} {value:g} {scale.unit} is outside {scale.low:g}..{scale.high:g}"
    return None
