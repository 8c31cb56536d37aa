"""What a practice city consists of: read from its folder in `simulation/profiles/`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.camera import Camera
from domain.camera_list import read_camera_list
from domain.errors import BadInputError
from domain.place import Place
from domain.reading import WEATHER_PANEL, Quantity

FOLDER = Path(__file__).with_name("profiles")
CITIES = ("anyang", "ifez")

# What every weather station measures; some have more.
STATION_QUANTITIES = (*WEATHER_PANEL, Quantity.PM2_5, Quantity.UV_INDEX)


@dataclass(frozen=True, slots=True)
class Station:
    """A mast with several sensors."""

    id: str
    name: str
    district: str
    place: Place
    altitude_m: float
    quantities: tuple[Quantity, ...]

    def sensor_id(self, quantity: Quantity) -> str:
        """Return the id of the sensor that measures this here."""
        return f"{self.id}-{quantity}"


@dataclass(frozen=True, slots=True)
class SingleSensor:
    """A sensor that reports by itself."""

    id: str
    name: str
    district: str
    place: Place
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Bell:
    """A help bell on a post."""

    id: str
    name: str
    district: str
    place: Place


@dataclass(frozen=True, slots=True)
class Agency:
    """Who sends units: police, fire brigade, patrols."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class UnitPost:
    """A unit and where it waits."""

    id: str
    agency: str
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class WayHome:
    """A traveller's plan, and for those in stories where they leave it and how."""

    traveller: str
    guardians: tuple[str, ...]
    phone: str
    speed_mps: float
    route: tuple[Place, ...]
    leaves_route_at: int = 0
    strays: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CityProfile:
    """One practice city."""

    city: str
    centre: str
    name: str
    cameras: tuple[Camera, ...]
    ptz: frozenset[int]
    codecs: Mapping[int, str]  # of cameras that do not send H.264, by number
    stations: tuple[Station, ...]
    sensors: tuple[SingleSensor, ...]
    bells: tuple[Bell, ...]
    agencies: tuple[Agency, ...]
    units: tuple[UnitPost, ...]
    walker: WayHome
    traveller: WayHome


def load_profile(city: str) -> CityProfile:
    """Read a city; BadInputError where its files are wrong."""
    folder = FOLDER / city
    with (folder / "city.toml").open("rb") as file:
        table = tomllib.load(file)
    cameras = read_camera_list((folder / "cameras.csv").read_bytes())
    if cameras.problems:
        raise BadInputError(f"the camera list of {city} is wrong: {cameras.problems[0]}", cameras.problems)
    return CityProfile(
        city=city,
        centre=table["centre"],
        name=table["name"],
        cameras=cameras.cameras,
        ptz=frozenset(table["ptz"]),
        codecs={no: codec for codec, numbers in table["codecs"].items() for no in numbers},
        stations=tuple(_station(row) for row in table["stations"]),
        sensors=tuple(SingleSensor(*_named(row), Quantity(row["quantity"])) for row in table["sensors"]),
        bells=tuple(Bell(*_named(row)) for row in table["bells"]),
        agencies=tuple(Agency(row["id"], row["name"], row["kind"]) for row in table["agencies"]),
        units=tuple(UnitPost(row["id"], row["agency"], row["name"], _place(row)) for row in table["units"]),
        walker=_way_home(table["walker"]),
        traveller=_way_home(table["traveller"]),
    )


def _station(row: Mapping[str, Any]) -> Station:
    extra = tuple(Quantity(name) for name in row.get("extra", ()))
    return Station(*_named(row), float(row["altitude_m"]), STATION_QUANTITIES + extra)


def _named(row: Mapping[str, Any]) -> tuple[str, str, str, Place]:
    return row["id"], row["name"], row["district"], _place(row)


def _place(row: Mapping[str, Any]) -> Place:
    return Place(row["lat"], row["lon"])


def _way_home(row: Mapping[str, Any]) -> WayHome:
    return WayHome(
        traveller=row["traveller"],
        guardians=tuple(row["guardians"]),
        phone=row["phone"],
        speed_mps=row["speed_mps"],
        route=_points(row["route"]),
        leaves_route_at=row.get("leaves_route_at", 0),
        strays=_points(row.get("strays", ())),
    )


def _points(pairs: Sequence[Sequence[float]]) -> tuple[Place, ...]:
    return tuple(Place(lat, lon) for lat, lon in pairs)
