import pytest

from domain.camera import SiteKind
from domain.place import Place
from domain.reading import Quantity
from simulation.profile import CITIES, STATION_QUANTITIES, load_profile
from simulation.walker import Path

BOUNDS = {"anyang": (37.36, 37.44, 126.88, 126.97), "ifez": (37.355, 37.56, 126.36, 126.67)}
DISTRICTS = {"anyang": {"만안구", "동안구"}, "ifez": {"송도", "영종", "청라"}}


@pytest.mark.parametrize("city", CITIES)
def test_a_city_has_801_cameras_numbered_from_1_within_its_bounds(city: str) -> None:
    profile = load_profile(city)
    south, north, west, east = BOUNDS[city]
    assert [camera.no for camera in profile.cameras] == list(range(1, 802))
    assert len({camera.name for camera in profile.cameras}) == 801
    assert {camera.district for camera in profile.cameras} == DISTRICTS[city]
    assert not any(camera.streams or camera.credentials for camera in profile.cameras)
    for thing in (*profile.cameras, *profile.stations, *profile.bells, *profile.units, *profile.sensors):
        assert south <= thing.place.lat <= north
        assert west <= thing.place.lon <= east


def test_anyang_has_66_intersections_and_735_crime_prevention_sites() -> None:
    kinds = [camera.site_kind for camera in load_profile("anyang").cameras]
    assert kinds.count(SiteKind.INTERSECTION) == 66
    assert kinds.count(SiteKind.CRIME_PREVENTION) == 735


def test_every_district_of_ifez_has_a_weather_station() -> None:
    assert {station.district for station in load_profile("ifez").stations} == DISTRICTS["ifez"]


@pytest.mark.parametrize("city", CITIES)
def test_every_station_measures_what_the_centres_publish(city: str) -> None:
    for station in load_profile(city).stations:
        assert set(STATION_QUANTITIES) <= set(station.quantities)
        assert {Quantity.PRECIPITATION, Quantity.PM10, Quantity.WIND_DIRECTION} <= set(station.quantities)
        assert "/" not in station.sensor_id(Quantity.PM10)


@pytest.mark.parametrize("city", CITIES)
def test_the_first_cameras_stand_around_the_place_of_the_story_and_two_of_them_move(city: str) -> None:
    profile = load_profile(city)
    scene = profile.traveller.strays[-1]
    near = [camera.no for camera in profile.cameras if camera.place.distance_m(scene) < 500]
    assert set(range(1, 9)) <= set(near)
    assert len(profile.ptz) == 2
    assert max(profile.ptz) <= 8


@pytest.mark.parametrize("city", CITIES)
def test_a_few_of_the_first_sixteen_cameras_send_something_else_than_h264(city: str) -> None:
    profile = load_profile(city)
    assert sorted(profile.codecs.values()) == ["h265", "h265", "mjpeg"]
    assert not set(profile.codecs) & profile.ptz
    assert max(profile.codecs) <= 16


@pytest.mark.parametrize("city", CITIES)
def test_the_traveller_strays_far_enough_for_long_enough_to_be_off_route_and_the_walker_does_not(city: str) -> None:
    way = load_profile(city).traveller
    route, stray = Path(way.route), Path((way.route[way.leaves_route_at], *way.strays))
    on_route = [route.at(metre) for metre in range(0, int(route.length_m), 5)]

    def away_m(place: Place) -> float:
        return min(place.distance_m(point) for point in on_route)

    off_m = [metre for metre in range(int(stray.length_m)) if away_m(stray.at(metre)) > 60 + 12]
    assert len(off_m) / way.speed_mps >= 45
    assert away_m(way.strays[-1]) > 120


@pytest.mark.parametrize("city", CITIES)
def test_every_unit_belongs_to_an_agency_of_the_city(city: str) -> None:
    profile = load_profile(city)
    assert {unit.agency for unit in profile.units} == {agency.id for agency in profile.agencies}
    assert {agency.kind for agency in profile.agencies} == {"police", "fire", "patrol"}
