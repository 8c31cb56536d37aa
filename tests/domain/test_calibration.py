import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.abilities import Span, TurnSpace
from domain.aiming import Aim
from domain.calibration import Calibration, calibrated
from domain.errors import BadInputError
from domain.geometry import Spot, apart_deg, bearing_deg, moved, way
from domain.landmark import Landmark, Prior, known_degrees
from domain.lens import Lens
from domain.motion import Position
from domain.place import Place

REGISTER = Spot(Place(37.3943, 126.9568), 8.0)
NOISE_DEG = 0.3
CIRCLE = tuple((angle, 30.0 + 45.0 * index) for index, angle in enumerate((10, 75, 130, 200, 265, 320)))
"""Bearings and distances of six landmarks around the camera; the last one lies 255 m away."""


def camera(**changes: object) -> Aim:
    usual = Aim(
        spot=moved(REGISTER, 3.0, -2.0, 0.5),
        pan_zero_deg=215.0,
        tilt_zero_deg=-10.0,
        pan_deg=180.0,
        tilt_deg=90.0,
        lens=Lens(58.0, 18.0),
    )
    return replace(usual, **changes)


def around(*places: tuple[float, float]) -> list[Spot]:
    return [
        moved(REGISTER, far * math.sin(math.radians(angle)), far * math.cos(math.radians(angle)), -8.0)
        for angle, far in places
    ]


def clicked(aim: Aim, spots: list[Spot], noise_deg: float = 0.0, seed: int = 1) -> list[Landmark]:
    """Turn the camera to each spot and click on it in the middle, as exactly as people do."""
    chance = random.Random(seed)
    landmarks = []
    for number, spot in enumerate(spots, 1):
        turn = aim._turn(way(aim.spot, spot), 0.0)
        assert turn is not None
        pan = turn[0] + chance.gauss(0, noise_deg) / aim.pan_deg
        tilt = turn[1] + chance.gauss(0, noise_deg) / aim.tilt_deg
        landmarks.append(Landmark(f"mark {number}", Position(pan, tilt, 0.1), spot))
    return landmarks


def clicked_beside(aim: Aim, spots: list[Spot], zooms: tuple[float, ...]) -> list[Landmark]:
    """Leave the camera turned beside each spot, and click on it where it is in the picture."""
    landmarks = []
    for index, landmark in enumerate(clicked(aim, spots)):
        x, y = (0.2, 0.6) if index % 2 else (0.75, 0.3)
        zoom = zooms[index % len(zooms)]
        position = replace(landmark.position, zoom=zoom)
        for _ in range(20):  # turn until it is seen at x, y
            right, up = apart_deg(aim.direction(position, x, y), way(aim.spot, landmark.spot))
            position = Position(position.pan + right / aim.pan_deg, position.tilt + up / aim.tilt_deg, zoom)
        landmarks.append(replace(landmark, position=position, x=x, y=y))
    return landmarks


def ground_error_deg(found: Aim, true: Aim, spots: list[Spot]) -> float:
    """Return how far off the found aim looks, at worst, where it is asked to look at the spots."""
    worst = 0.0
    for spot in spots:
        turn = found._nearest(way(found.spot, spot), Position(0.0, 0.0, 0.0))
        worst = max(worst, math.hypot(*apart_deg(true.direction(Position(*turn, 0.0)), way(true.spot, spot))))
    return worst


CAMERAS = st.builds(
    camera,
    spot=st.builds(moved, st.just(REGISTER), st.floats(-5, 5), st.floats(-5, 5), st.floats(-1, 1)),
    pan_zero_deg=st.floats(0, 359),
    tilt_zero_deg=st.floats(-20, 0),
    pan_deg=st.sampled_from((-190.0, -180.0, 180.0, 190.0)),
    tilt_deg=st.sampled_from((-90.0, -60.0, 60.0, 90.0)),
)


@settings(deadline=None, max_examples=20, derandomize=True)  # one noise in hundreds is worse than these bounds
@given(CAMERAS, st.integers(0, 10_000), st.booleans())
def test_a_camera_is_found_from_clicks_as_people_make_them(true: Aim, seed: int, tells_degrees: bool) -> None:
    prior = Prior(spot=REGISTER)
    if tells_degrees:
        prior = replace(prior, pan_deg=abs(true.pan_deg), tilt_deg=abs(true.tilt_deg))
    found = calibrated(clicked(true, around(*CIRCLE), NOISE_DEG, seed), prior)
    assert found.aim.pan_deg * true.pan_deg > 0
    assert found.aim.tilt_deg * true.tilt_deg > 0
    assert found.rms_deg <= found.worst_deg < 10 * NOISE_DEG
    others = around((40, 60), (100, 80), (160, 120), (230, 150), (350, 200))
    assert ground_error_deg(found.aim, true, others) < 2.5


@settings(deadline=None, max_examples=6, derandomize=True)
@given(CAMERAS, st.integers(0, 10_000), st.integers(0, 5), st.sampled_from((-40.0, 30.0, 60.0)))
def test_a_landmark_that_is_wrong_is_refused_and_named(true: Aim, seed: int, wrong: int, off_deg: float) -> None:
    landmarks = clicked(true, around(*CIRCLE), NOISE_DEG, seed)
    east, north, _ = way(REGISTER, landmarks[wrong].spot)
    angle = math.radians(bearing_deg((east, north, 0.0)) + off_deg)
    far = math.hypot(east, north)
    elsewhere = moved(REGISTER, far * math.sin(angle), far * math.cos(angle), -8.0)
    landmarks[wrong] = replace(landmarks[wrong], spot=elsewhere)
    prior = Prior(spot=REGISTER, sigma_m=5.0, pan_deg=abs(true.pan_deg), tilt_deg=abs(true.tilt_deg))
    with pytest.raises(BadInputError, match=r"does not fit the others: \d+\.\d degrees off") as refusal:
        calibrated(landmarks, prior)
    assert [(one.row, one.field) for one in refusal.value.problems] == [(wrong + 1, f"mark {wrong + 1}")]


def test_exact_clicks_leave_nothing_over() -> None:
    true = camera()
    found = calibrated(
        clicked(true, around(*CIRCLE)), Prior(spot=REGISTER, sigma_m=30, sigma_up_m=4, pan_deg=180, tilt_deg=90)
    )
    assert found.worst_deg < 0.05
    assert (found.aim.pan_zero_deg, found.aim.tilt_zero_deg) == pytest.approx((215, -10), abs=0.1)
    assert way(found.aim.spot, true.spot) == pytest.approx((0, 0, 0), abs=0.5)
    assert (found.lens_fitted, found.aim.lens) == (False, Prior(spot=REGISTER).lens)
    assert found.worst in clicked(true, around(*CIRCLE))
    assert found.spare == 7


def test_three_landmarks_are_enough_where_the_camera_counts_in_degrees() -> None:
    true = camera(tilt_deg=-45.0)
    spots = around((10, 25), (130, 120), (250, 40))
    found = calibrated(clicked(true, spots), Prior(spot=REGISTER, pan_deg=180.0, tilt_deg=45.0))
    assert found.aim.tilt_deg == pytest.approx(-45, rel=0.05)
    assert found.spare == 1
    assert ground_error_deg(found.aim, true, spots) < 0.5


def test_clicks_beside_the_middle_at_several_zooms_tell_the_lens() -> None:
    true = camera()
    landmarks = clicked_beside(true, around(*CIRCLE), (0.0, 0.3, 0.5))
    found: Calibration = calibrated(landmarks, Prior(spot=REGISTER, pan_deg=180.0, tilt_deg=90.0))
    assert found.lens_fitted
    assert found.aim.lens.widest_deg == pytest.approx(58, abs=1.5)
    assert found.aim.lens.magnification == pytest.approx(18, rel=0.1)
    assert found.worst_deg < 0.2


def test_fewer_than_three_landmarks_are_refused() -> None:
    with pytest.raises(BadInputError, match="at least 3 landmarks are needed, not 2"):
        calibrated(clicked(camera(), around(*CIRCLE))[:2], Prior(spot=REGISTER))


@pytest.mark.parametrize("places", [((10, 20), (11, 60), (12, 200)), ((10, 20), (190, 60), (10, 200))])
def test_landmarks_on_one_line_with_the_camera_are_refused(places: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(BadInputError, match="lie on one line with the camera"):
        calibrated(clicked(camera(spot=REGISTER), around(*places)), Prior(spot=REGISTER))


def test_landmarks_that_are_all_far_away_are_refused() -> None:
    with pytest.raises(BadInputError, match="all seen at the same height"):
        calibrated(clicked(camera(), around((10, 900), (100, 1200), (200, 1500))), Prior(spot=REGISTER))


def test_a_landmark_on_the_camera_is_refused() -> None:
    landmarks = clicked(camera(), around(*CIRCLE))
    landmarks[2] = replace(landmarks[2], spot=moved(REGISTER, 0.1, 0, -0.5))
    with pytest.raises(BadInputError, match=r"landmark 3 \(mark 3\) lies on the camera itself"):
        calibrated(landmarks, Prior(spot=REGISTER))


@pytest.mark.parametrize("change", [{"x": 1.2}, {"y": -0.1}, {"position": Position(math.nan, 0, 0)}])
def test_a_click_with_impossible_numbers_is_refused(change: dict[str, object]) -> None:
    landmarks = clicked(camera(), around(*CIRCLE))
    landmarks[4] = replace(landmarks[4], **change)
    with pytest.raises(BadInputError, match=r"landmark 5 \(mark 5\) has a number that can't be"):
        calibrated(landmarks, Prior(spot=REGISTER))


def test_clicks_that_fit_both_ways_of_counting_are_refused() -> None:
    """Two directions opposite to each other and one tilt for all of them: left could be right, up could be down."""
    landmarks = clicked(camera(spot=REGISTER, tilt_zero_deg=-5.0), around((0, 60), (12, 80), (180, 70)))
    near_by = [replace(one, position=replace(one.position, tilt=0.0)) for one in landmarks]
    with pytest.raises(BadInputError, match="don't tell which way the camera counts"):
        calibrated(near_by, Prior(spot=REGISTER))


def test_the_greatest_residual_is_blamed_among_three() -> None:
    landmarks = clicked(camera(), around((10, 100), (130, 120), (250, 40)))
    landmarks[1] = replace(landmarks[1], position=replace(landmarks[1].position, tilt=0.9))
    with pytest.raises(BadInputError, match=r"landmark \d \(mark \d\) does not fit"):
        calibrated(landmarks, Prior(spot=REGISTER, pan_deg=180.0, tilt_deg=90.0))


@pytest.mark.parametrize(
    ("space", "degrees"),
    [
        (None, (None, None)),
        (TurnSpace(), (None, None)),
        (TurnSpace("", Span(0, 10), Span(0, 10)), (None, None)),
        (TurnSpace("", Span(0, 360), Span(0, 180)), (180.0, 90.0)),
        (TurnSpace("", Span(-180, 180), Span(-1, 1)), (180.0, None)),
        (TurnSpace("http://…/SphericalPositionSpaceDegrees", Span(-170, 170), Span(-20, 90)), (170.0, 55.0)),
    ],
)
def test_ranges_in_degrees_are_taken_as_such(
    space: TurnSpace | None, degrees: tuple[float | None, float | None]
) -> None:
    assert known_degrees(space) == degrees
