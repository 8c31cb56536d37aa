import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hand import HELD, USUAL_MAP, Action, Axis, AxisUse, Curve, DeadZone, Deed, Hand, HandMap
from domain.motion import Velocity

PLACES = st.floats(-1, 1)
HAND = Hand()


@given(PLACES, PLACES, PLACES)
def test_a_hand_asks_for_no_more_than_full_speed(pan: float, tilt: float, zoom: float) -> None:
    velocity = HAND.with_axes({0: pan, 1: tilt, 2: zoom}).velocity
    assert velocity == velocity.clamped()


@given(PLACES, PLACES)
def test_more_deflection_never_asks_for_less_speed(one: float, other: float) -> None:
    less, more = sorted((one, other))
    slower, faster = (HAND.with_axes({0: place}).velocity.pan for place in (less, more))
    assert slower <= faster


@given(PLACES)
def test_both_ways_are_alike(place: float) -> None:
    assert HAND.with_axes({0: place}).velocity.pan == -HAND.with_axes({0: -place}).velocity.pan


def test_full_deflection_is_full_speed() -> None:
    assert HAND.with_axes({0: 1.0, 1: 1.0, 2: -1.0}).velocity == Velocity(1.0, -1.0, -1.0)
    assert HAND.with_axes({0: 3.0}).velocity.pan == 1.0


def test_forwards_tilts_up() -> None:
    assert HAND.with_axes({1: -0.8}).velocity.tilt > 0


def test_a_trembling_joystick_does_not_start_and_stop() -> None:
    hand = HAND.with_axes({0: 0.09})
    assert hand.still
    hand = hand.with_axes({0: 0.11})
    assert not hand.still
    assert not hand.with_axes({0: 0.07}).still
    hand = hand.with_axes({0: 0.05})
    assert hand.still
    assert hand.with_axes({0: 0.09}).still


def test_an_axis_leaves_its_zone_softly() -> None:
    assert 0 < HAND.with_axes({0: 0.101}).velocity.pan < 0.03


def test_a_curve_makes_small_movements_finer() -> None:
    straight, bent = Curve(0.0), Curve(1.0)
    assert straight.speed(0.5) == 0.5
    assert bent.speed(0.5) == 0.125
    assert bent.speed(-1.0) == -1.0


def test_what_is_not_told_is_at_rest() -> None:
    hand = HAND.with_axes({0: 1.0, 2: 1.0}).with_axes({2: 1.0, 17: 1.0})
    assert hand.velocity == Velocity(0, 0, 1.0)


def test_letting_go_stops_everything_and_starts_from_rest() -> None:
    hand = HAND.with_axes({0: 1.0, 1: 1.0}).let_go()
    assert hand == Hand()
    assert hand.still


def test_two_axes_for_one_thing_count_by_the_greater() -> None:
    triggers = HandMap({4: AxisUse(Axis.ZOOM, inverted=True), 5: AxisUse(Axis.ZOOM), 3: AxisUse(Axis.FOCUS)})
    hand = Hand(triggers).with_axes({4: 0.9, 5: 0.3, 3: 1.0})
    assert hand.velocity.zoom < -0.5
    assert hand.focus == 1.0
    assert not Hand(triggers).with_axes({3: 1.0}).still


def test_a_dead_zone_has_two_thresholds() -> None:
    zone = DeadZone(0.1, 0.2)
    assert zone.resting(0.15, rested=True)
    assert not zone.resting(0.15, rested=False)
    assert zone.resting(-0.05, rested=False)


def test_buttons_do_what_the_map_says() -> None:
    assert HAND.action(0) == Action(Deed.STOP)
    assert HAND.action(10) == Action(Deed.PRESET, 1)
    assert HAND.action(17) == Action(Deed.PRESET, 8)
    assert HAND.action(99) is None


@pytest.mark.parametrize("action", USUAL_MAP.buttons.values())
def test_what_is_held_ends_with_the_button(action: Action) -> None:
    assert action.held is (action.deed in HELD)
    assert Action(Deed.FOCUS_FAR).held
    assert not Action(Deed.STOP).held
