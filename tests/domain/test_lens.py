import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lens import Detail, Lens

LENS = Lens(60.0, 20.0)


def test_each_step_of_zoom_magnifies_by_the_same_factor() -> None:
    assert LENS.across_deg(0) == pytest.approx(60)
    assert LENS.half_width(0) / LENS.half_width(1) == pytest.approx(20)
    assert LENS.half_width(0) / LENS.half_width(0.5) == pytest.approx(20**0.5)


@given(st.floats(0, 1))
def test_the_zoom_for_a_width_gives_that_width(zoom: float) -> None:
    assert LENS.zoom(LENS.half_width(zoom)) == pytest.approx(zoom, abs=1e-9)


def test_a_lens_zooms_no_further_than_it_can() -> None:
    assert LENS.zoom(10.0) == 0.0
    assert LENS.zoom(1e-6) == 1.0
    assert LENS.zoom(0.0) == 1.0


def test_a_lens_without_zoom_stays_wide() -> None:
    assert Lens(90.0, 1.0).zoom(0.1) == 0.0


def test_points_are_told_from_the_middle_of_the_picture() -> None:
    half = LENS.half_width(0.3)
    assert LENS.beside(0.5, 0.5, 0.3) == (0.0, 0.0)
    assert LENS.beside(1.0, 0.0, 0.3) == pytest.approx((half, half * 9 / 16))
    assert LENS.beside(0.0, 1.0, 0.3) == pytest.approx((-half, -half * 9 / 16))


def test_reach_is_the_standards_pixels_a_metre() -> None:
    reach = Lens(90.0, 1.0).reach_m(0, Detail.IDENTIFY, 2000)
    assert reach == pytest.approx(4.0)  # 2000 pixels over 8 m of width, which 90 degrees have at 4 m
    assert Lens(90.0, 1.0).reach_m(0, Detail.MONITOR, 2000) == pytest.approx(80.0)


@given(st.floats(1, 2000), st.sampled_from(Detail))
def test_the_least_zoom_that_reaches_is_taken(distance: float, detail: Detail) -> None:
    zoom = LENS.zoom_reaching(distance, detail, 1920)
    if zoom is None:
        assert LENS.reach_m(1.0, detail, 1920) < distance
        return
    assert LENS.reach_m(zoom, detail, 1920) >= distance * 0.999999
    assert zoom == 0.0 or LENS.reach_m(zoom * 0.99, detail, 1920) < distance
