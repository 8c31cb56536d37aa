import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.abilities import GENERIC_ZOOM, Abilities, Ladder, Span, TurnSpace, ZoomSpace
from domain.motion import Position, Velocity

spans = st.tuples(st.floats(-400, 400), st.floats(0.01, 800)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@given(spans, st.floats(-1, 1), st.sampled_from([-1.0, 0.0]))
def test_a_place_in_the_cameras_numbers_and_back_is_the_same_place(span: Span, share: float, floor: float) -> None:
    wanted = max(floor, share)
    assert span.share(span.place(share, floor), floor) == pytest.approx(wanted, abs=1e-6)


@given(spans, st.floats(-3, 3))
def test_no_speed_and_no_place_lies_outside_of_what_was_advertised(span: Span, share: float) -> None:
    assert min(0.0, span.low) <= span.speed(share) <= max(0.0, span.high)
    assert span.low - 1e-9 <= span.place(share, -1.0) <= span.high + 1e-9


def test_a_speed_uses_the_whole_of_each_side() -> None:
    uneven = Span(-50.0, 100.0)
    assert (uneven.speed(0.5), uneven.speed(-0.5), uneven.speed(0.0)) == (50.0, -25.0, 0.0)
    assert Span(0.0, 100.0).speed(-1.0) == 0.0


def test_an_axis_from_nought_to_nought_is_none() -> None:
    assert not Span(0.0, 0.0).usable
    assert Span(0.0, 0.0).share(3.0, -1.0) == 0.0


def test_a_way_is_a_share_of_half_the_places() -> None:
    assert Span(0.0, 360.0).way(0.5) == 90.0


@pytest.mark.parametrize(
    ("abilities", "turns", "zooms"),
    [
        (Abilities(), None, None),
        (Abilities(absolute_turn=TurnSpace(), absolute_zoom=ZoomSpace()), Ladder.ABSOLUTE, Ladder.ABSOLUTE),
        (Abilities(relative_turn=TurnSpace(), absolute_turn=TurnSpace()), Ladder.RELATIVE, None),
        (Abilities(continuous_turn=TurnSpace(), relative_zoom=ZoomSpace()), Ladder.CONTINUOUS, Ladder.RELATIVE),
    ],
)
def test_the_first_rung_that_a_camera_has_is_taken(
    abilities: Abilities, turns: Ladder | None, zooms: Ladder | None
) -> None:
    assert (abilities.turns, abilities.zooms) == (turns, zooms)


def test_only_the_axes_that_it_has_are_asked_for() -> None:
    wish = Velocity(0.5, -0.5, 1.0)
    pans = Abilities(continuous_turn=TurnSpace(tilt=Span(0.0, 0.0)))
    assert pans.fitting(wish) == Velocity(0.5, 0.0, 0.0)
    assert Abilities(continuous_zoom=ZoomSpace()).fitting(wish) == Velocity(0.0, 0.0, 1.0)


def test_a_position_is_told_in_shares_whatever_the_camera_counts_in() -> None:
    degrees = TurnSpace(pan=Span(0.0, 360.0), tilt=Span(0.0, 180.0))
    abilities = Abilities(absolute_turn=degrees, absolute_zoom=ZoomSpace(zoom=Span(0.0, 10.0)))
    assert abilities.position(270.0, 90.0, 5.0) == Position(0.5, 0.0, 0.5)
    assert Abilities().position(0.25, -0.5, 0.5) == Position(0.25, -0.5, 0.5)
    assert GENERIC_ZOOM.place(0.25, 0.0) == 0.25
