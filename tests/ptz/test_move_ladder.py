"""How a wish becomes messages: rungs, ranges, axes; without any camera."""

from types import SimpleNamespace

import pytest

from domain.abilities import Abilities, Span, TurnSpace, ZoomSpace
from domain.motion import Position, Velocity
from ptz import ladder
from ptz.ladder import Manner, Message

TURN, LENS = TurnSpace("t"), ZoomSpace("z")
WHOLE = Abilities(continuous_turn=TURN, continuous_zoom=LENS)
ODD = Abilities(
    continuous_turn=TurnSpace("t", Span(-10.0, 10.0), Span(0.0, 5.0)),
    absolute_turn=TurnSpace("a", Span(0.0, 360.0), Span(0.0, 180.0)),
    absolute_zoom=ZoomSpace("az", Span(1.0, 30.0)),
)
STEPPING = Abilities(
    relative_turn=TurnSpace("r", Span(-360.0, 360.0), Span(-1.0, 1.0)),
    relative_zoom=ZoomSpace("rz"),
    absolute_turn=TurnSpace("a", Span(0.0, 360.0), Span(0.0, 180.0)),
)
PLACED = Abilities(absolute_turn=TurnSpace("a"), absolute_zoom=ZoomSpace("az", Span(0.0, 1.0)))


def held(wish: Velocity, abilities: Abilities, manner: Manner | None = None, beat: int = 0) -> tuple[Message, ...]:
    return ladder.held(wish, abilities, manner or Manner(), Position(0.5, 0.0, 0.5), beat)


def test_a_whole_camera_is_moved_by_one_message_that_speaks_of_all_axes() -> None:
    (message,) = held(Velocity(pan=0.5), WHOLE)
    assert message.operation == "ContinuousMove"
    turn = {"x": 0.5, "y": 0.0, "space": "t"}
    assert message.values["Velocity"] == {"PanTilt": turn, "Zoom": {"x": 0.0, "space": "z"}}
    assert message.values["Timeout"].total_seconds() == 2


def test_speeds_are_scaled_into_the_cameras_own_range_and_never_out_of_it() -> None:
    (message,) = held(Velocity(pan=-0.5, tilt=-1.0), ODD)
    assert message.values["Velocity"]["PanTilt"] == {"x": -5.0, "y": 0.0, "space": "t"}
    assert "Zoom" not in message.values["Velocity"]


def test_each_axis_goes_by_its_own_rung() -> None:
    turn, zoom = held(Velocity(pan=0.5, zoom=1.0), ODD)
    assert turn.operation == "ContinuousMove"
    assert zoom.operation == "AbsoluteMove"
    assert set(zoom.values["Position"]) == {"Zoom"}
    assert 15.5 < zoom.values["Position"]["Zoom"]["x"] <= 30.0


def test_a_camera_that_only_steps_takes_steps_by_speed_in_the_units_of_its_places() -> None:
    (half,) = held(Velocity(pan=0.5), STEPPING)
    (whole,) = held(Velocity(pan=1.0), STEPPING)
    assert half.operation == "RelativeMove"
    step = whole.values["Translation"]["PanTilt"]["x"]
    assert step == pytest.approx(180 * 2 / ladder.CROSSING_S * ladder.STEP_EVERY_S)
    assert half.values["Translation"]["PanTilt"]["x"] == pytest.approx(step / 2)
    assert "Zoom" not in half.values["Translation"]


def test_a_camera_of_places_is_sent_ahead_of_where_it_is_and_not_past_the_end() -> None:
    (ahead,) = held(Velocity(pan=0.4), PLACED)
    assert 0.5 < ahead.values["Position"]["PanTilt"]["x"] < 0.6
    (last,) = ladder.held(Velocity(pan=1.0), PLACED, Manner(), Position(0.999, 0, 0))
    assert last.values["Position"]["PanTilt"]["x"] == 1.0


def test_an_axis_that_goes_nowhere_is_told_its_only_place() -> None:
    abilities = Abilities(absolute_turn=TurnSpace("a", tilt=Span(0.0, 0.0)))
    message = ladder.placed(Position(0.5, 0.7, 0.0), abilities, Manner())
    assert message.values["Position"] == {"PanTilt": {"x": 0.5, "y": 0.0, "space": "a"}}


def test_a_camera_that_takes_one_axis_at_a_time_pans_and_tilts_in_turns_and_zooms_beside() -> None:
    wish, apart = Velocity(0.5, 0.25, 1.0), Manner(apart=True)
    told = [[one.values["Velocity"] for one in held(wish, WHOLE, apart, beat)] for beat in (0, 1, 2)]
    pan, tilt = {"x": 0.5, "y": 0.0, "space": "t"}, {"x": 0.0, "y": 0.25, "space": "t"}
    zoom = {"Zoom": {"x": 1.0, "space": "z"}}
    assert told == [[{"PanTilt": pan}, zoom], [{"PanTilt": tilt}, zoom], [{"PanTilt": pan}, zoom]]
    assert ladder.renewed_after_s(wish, WHOLE, apart) == ladder.STEP_EVERY_S


def test_a_camera_that_refused_spaces_or_timeouts_hears_of_none() -> None:
    (message,) = held(Velocity(pan=1), WHOLE, Manner(bare=True, untimed=True))
    assert message.values == {"Velocity": {"PanTilt": {"x": 1.0, "y": 0.0}, "Zoom": {"x": 0.0}}}


@pytest.mark.parametrize(
    ("allowed", "asked"), [((0.0, 60.0), 2.0), ((0.1, 1.0), 1.0), ((5.0, 60.0), 5.0), ((0.0, 0.0), 2.0)]
)
def test_the_timeout_is_within_the_cameras_range_and_renewed_at_half_of_it(
    allowed: tuple[float, float], asked: float
) -> None:
    abilities = Abilities(continuous_turn=TURN, timeouts_s=allowed)
    assert ladder.timeout_s(abilities) == asked
    assert ladder.renewed_after_s(Velocity(pan=1), abilities, Manner()) == asked / 2


def test_a_view_is_shifted_in_its_own_space_only() -> None:
    assert ladder.shifted(0.5, 0.5, WHOLE, Manner()) is None
    message = ladder.shifted(0.5, -0.5, Abilities(view_turn=TurnSpace("fov")), Manner())
    assert message is not None
    assert message.values == {"Translation": {"PanTilt": {"x": 0.5, "y": -0.5, "space": "fov"}}}


def test_places_are_read_as_shares_of_the_cameras_ranges() -> None:
    told = SimpleNamespace(PanTilt=SimpleNamespace(x=270.0, y=90.0), Zoom=SimpleNamespace(x=30.0))
    assert ladder.read(told, ODD) == Position(0.5, 0.0, 1.0)
    assert ladder.read(SimpleNamespace(PanTilt=None, Zoom=None), ODD) is None
    assert ladder.read(None, ODD) is None


def test_a_zero_move_speaks_of_what_runs_continuously() -> None:
    assert ladder.zero_said(WHOLE, Manner()) == (True, True)
    assert ladder.zero_said(WHOLE, Manner(zero_ignored=True)) == (False, False)
    assert ladder.zero_said(PLACED, Manner()) == (False, False)
