import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.aiming import Aim, Rectangle, nearest_reaching
from domain.geometry import Spot, apart_deg, moved, way
from domain.lens import Detail, Lens
from domain.motion import Position
from domain.place import Place

POLE = Spot(Place(37.3943, 126.9568), 8.0)
AIM = Aim(spot=POLE, pan_zero_deg=90.0, tilt_zero_deg=0.0, pan_deg=170.0, tilt_deg=90.0, lens=Lens(60.0, 20.0))
AIMS = st.builds(
    Aim,
    spot=st.just(POLE),
    pan_zero_deg=st.floats(0, 359),
    tilt_zero_deg=st.floats(-30, 0),
    pan_deg=st.sampled_from((-180.0, -150.0, 120.0, 170.0, 180.0)),
    tilt_deg=st.sampled_from((-90.0, -45.0, 45.0, 90.0)),
)
POSITIONS = st.builds(Position, st.floats(-0.9, 0.9), st.floats(-0.3, 0.3), st.floats(0, 1))


def ground(east: float, north: float) -> Spot:
    return moved(POLE, east, north, -8.0)


def off_deg(aim: Aim, position: Position, spot: Spot) -> float:
    return math.hypot(*apart_deg(aim.direction(position), way(aim.spot, spot)))


@given(AIMS, st.floats(0, 359), st.floats(10, 400))
def test_a_camera_that_can_look_at_a_spot_looks_at_it(aim: Aim, bearing: float, distance: float) -> None:
    spot = ground(distance * math.sin(math.radians(bearing)), distance * math.cos(math.radians(bearing)))
    position = aim.pose_for(spot, Detail.DETECT)
    if position is not None:
        assert off_deg(aim, position, spot) < 0.01
        assert max(abs(position.pan), abs(position.tilt)) <= 1
        assert 0 <= position.zoom <= 1


def test_a_spot_is_shown_with_just_the_detail_that_was_asked() -> None:
    near, far = AIM.pose_for(ground(60, 0)), AIM.pose_for(ground(250, 0))
    assert near
    assert far
    assert near.zoom < far.zoom
    assert AIM.cone(far).reach_m == pytest.approx(math.hypot(250, 8), rel=1e-3)


def test_what_is_behind_the_range_of_pan_cannot_be_seen() -> None:
    assert AIM.pose_for(ground(-100, 0)) is None  # 10 degrees each side of west are out of range
    assert AIM.pose_for(ground(-100, 30)) is not None


def test_what_is_out_of_the_range_of_tilt_cannot_be_seen() -> None:
    flat = replace(AIM, tilt_deg=20.0)
    assert flat.pose_for(ground(10, 0)) is None
    assert flat.pose_for(ground(40, 0)) is not None


def test_what_is_too_far_for_the_detail_cannot_be_seen() -> None:
    assert AIM.pose_for(ground(1500, 0), Detail.MONITOR) is not None
    assert AIM.pose_for(ground(1500, 0), Detail.IDENTIFY) is None


def test_the_camera_itself_cannot_be_seen() -> None:
    assert AIM.pose_for(POLE) is None


def test_where_two_positions_look_there_the_nearer_one_is_taken() -> None:
    round_ = replace(AIM, pan_deg=190.0)
    west = ground(-100, 5)
    assert round_.pose_for(west, near=Position(0.9, 0, 0)).pan > 0  # type: ignore[union-attr]
    assert round_.pose_for(west, near=Position(-0.9, 0, 0)).pan < 0  # type: ignore[union-attr]


def test_the_cone_shows_where_and_how_wide_the_camera_sees() -> None:
    cone = AIM.cone(Position(0.5, 0, 0), Detail.DETECT)
    assert (cone.bearing_deg, cone.across_deg) == pytest.approx((175, 60))
    assert cone.reach_m == pytest.approx(1920 / (2 * math.tan(math.radians(30)) * 25))


@given(AIMS, POSITIONS, st.floats(0, 1), st.floats(0, 1))
def test_a_click_brings_its_point_to_the_middle(aim: Aim, position: Position, x: float, y: float) -> None:
    clicked = aim.direction(position, x, y)
    assume(abs(aim.axis(position)[1]) < 45)
    there = aim.centre(position, x, y)
    assert there.zoom == position.zoom
    if max(abs(there.pan), abs(there.tilt)) < 1:
        assert math.hypot(*apart_deg(aim.direction(there), clicked)) < 0.01


def test_a_click_in_the_middle_moves_nothing() -> None:
    here = Position(0.4, -0.1, 0.2)
    there = AIM.centre(here, 0.5, 0.5)
    assert (there.pan, there.tilt) == pytest.approx((here.pan, here.tilt))


def test_a_click_beyond_the_range_turns_as_far_as_it_goes() -> None:
    there = AIM.centre(Position(1.0, 0, 0), 0.6, 0.5)
    assert there.pan == 1.0
    assert AIM.centre(Position(0.0, 1.0, 0.9), 0.5, 0.4).tilt <= 1.0


def test_a_camera_that_turns_all_round_crosses_its_end() -> None:
    circle = replace(AIM, pan_deg=180.0)
    there = circle.centre(Position(0.99, 0, 0), 0.9, 0.5)
    assert there.pan == pytest.approx(0.99 + math.degrees(math.atan(0.8 * math.tan(math.radians(30)))) / 180 - 2)


def test_a_box_comes_to_fill_the_picture() -> None:
    part = Rectangle(0.7, 0.2, 0.5, 0.4)
    there = AIM.box(Position(0, -0.1, 0.1), part)
    assert AIM.lens.half_width(there.zoom) == pytest.approx(AIM.lens.half_width(0.1) * 0.2)
    middle = AIM.direction(Position(0, -0.1, 0.1), *part.middle)
    assert math.hypot(*apart_deg(AIM.direction(there), middle)) < 0.01


def test_a_box_like_a_point_is_a_click() -> None:
    here = Position(0, -0.1, 0.1)
    assert AIM.box(here, Rectangle(0.6, 0.6, 0.605, 0.602)) == AIM.centre(here, 0.6025, 0.601)


def test_the_nearest_cameras_that_reach_a_spot_are_found_in_order() -> None:
    spot = ground(100, 0)
    cameras = {
        1: AIM,
        2: replace(AIM, spot=moved(POLE, 60, 0, 0)),
        3: replace(AIM, spot=moved(POLE, 90, 0, 0), pan_zero_deg=270.0),  # looks away
        4: replace(AIM, spot=moved(POLE, -5000, 0, 0)),
        5: replace(AIM, spot=moved(POLE, 60, 0, 0)),
    }
    found = nearest_reaching(spot, cameras, 2)
    assert [one.camera_no for one in found] == [2, 5]
    assert [one.camera_no for one in nearest_reaching(spot, cameras, 9)] == [2, 5, 1]
    assert found[0].distance_m == pytest.approx(math.hypot(40, 8))
    assert off_deg(cameras[2], found[0].position, spot) < 0.01
    assert nearest_reaching(spot, cameras, 0) == ()
