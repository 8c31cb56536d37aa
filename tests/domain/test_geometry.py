import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.geometry import (
    Spot,
    apart_deg,
    bearing_deg,
    elevation_deg,
    length,
    moved,
    seen_direction,
    signed_deg,
    way,
)
from domain.place import Place

HALL = Spot(Place(37.3943, 126.9568), 10.0)
METRES = st.floats(-3000, 3000)
ANGLES = st.floats(-80, 80)


@pytest.mark.parametrize(
    ("east", "north", "bearing"), [(0, 50, 0), (50, 50, 45), (50, 0, 90), (0, -50, 180), (-50, 0, 270)]
)
def test_bearings_count_clockwise_from_north(east: float, north: float, bearing: float) -> None:
    assert bearing_deg(way(HALL, moved(HALL, east, north, 0))) == pytest.approx(bearing, abs=0.01)


@given(METRES, METRES, st.floats(-50, 50))
def test_a_way_leads_where_it_was_taken_from(east: float, north: float, up: float) -> None:
    back = way(HALL, moved(HALL, east, north, up))
    assert back == pytest.approx((east, north, up), abs=1e-5)


@given(METRES, METRES)
def test_flat_ground_agrees_with_the_round_earth(east: float, north: float) -> None:
    there = moved(HALL, east, north, 0)
    assert length(way(HALL, there)) == pytest.approx(HALL.place.distance_m(there.place), rel=1e-3, abs=0.01)


def test_a_way_across_the_date_line_is_short() -> None:
    assert length(way(Spot(Place(0, 179.9995)), Spot(Place(0, -179.9995)))) == pytest.approx(111.2, abs=0.1)


@pytest.mark.parametrize(("angle", "signed"), [(0, 0), (190, -170), (-190, 170), (180, -180), (540, -180), (359, -1)])
def test_angles_are_told_by_the_shorter_way(angle: float, signed: float) -> None:
    assert signed_deg(angle) == signed


def test_elevation_is_negative_downwards() -> None:
    assert elevation_deg((10.0, 0.0, -10.0)) == pytest.approx(-45)
    assert elevation_deg((0.0, 0.0, 3.0)) == pytest.approx(90)


@given(st.floats(0, 359), ANGLES, st.floats(-1, 1), st.floats(-1, 1))
def test_what_is_seen_beside_the_axis_lies_beside_it(bearing: float, elevation: float, right: float, up: float) -> None:
    seen = seen_direction(bearing, elevation, right, up)
    assert length(seen) == pytest.approx(1)
    sideways, above = apart_deg(seen_direction(bearing, elevation, 0, 0), seen)
    assert sideways == pytest.approx(math.degrees(math.atan(right)), abs=1e-6)
    assert above == pytest.approx(math.degrees(math.atan2(up, math.hypot(1, right))), abs=1e-6)


def test_what_lies_behind_is_further_away_than_what_lies_beside() -> None:
    north = seen_direction(0, 0, 0, 0)
    assert abs(apart_deg(north, (0.5, -1.0, 0.0))[0]) > abs(apart_deg(north, (1.0, 0.1, 0.0))[0]) > 80
