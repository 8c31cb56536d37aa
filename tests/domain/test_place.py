import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.place import Place

PLACES = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
SEOUL, BUSAN = Place(37.5665, 126.9780), Place(35.1796, 129.0756)


@pytest.mark.parametrize(
    ("lat", "lon"), [(math.nan, 1), (1, math.inf), (90.01, 0), (-91, 0), (1, 180.5), (1, -181), (0, 0)]
)
def test_numbers_that_are_no_place_on_earth_are_none(lat, lon):
    assert Place.checked(lat, lon) is None


def test_a_place_keeps_its_accuracy():
    assert Place.checked(37.4, 126.9, 12) == Place(37.4, 126.9, 12)


def test_a_known_distance_is_right():
    assert SEOUL.distance_m(BUSAN) == pytest.approx(325_000, rel=0.01)
    assert Place(0, 0).distance_m(Place(0, 180)) == pytest.approx(math.pi * 6_371_008.8)


@given(PLACES, PLACES, PLACES)
def test_distance_is_a_distance(a, b, c):
    assert a.distance_m(b) >= 0
    assert a.distance_m(a) == 0
    assert a.distance_m(b) == pytest.approx(b.distance_m(a), abs=1e-6)
    assert a.distance_m(c) <= a.distance_m(b) + b.distance_m(c) + 0.5
    assert a.distance_m(b) <= math.pi * 6_371_008.8 + 1
