from datetime import UTC, datetime, timedelta

from console.spots import SpotAlarm, SpotPlace, Spots

BEGAN = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
ONE, TWO, THREE = SpotPlace(1, 4), SpotPlace(2, 0), SpotPlace(2, 1)


def alarm(camera_no: int, minute: int, *, waiting: bool = True) -> SpotAlarm:
    return SpotAlarm(camera_no, BEGAN + timedelta(minutes=minute), waiting)


def test_an_alarm_takes_a_free_spot_tile() -> None:
    spots = Spots()
    assert spots.share_out([ONE, TWO], [alarm(5, 1)], None) == {ONE: 5, TWO: None}
    assert spots.waiting == 0


def test_the_newest_alarms_come_first_and_the_rest_is_counted() -> None:
    spots = Spots()
    shown = spots.share_out([ONE, TWO], [alarm(number, number) for number in range(1, 10)], None)
    assert shown == {ONE: 9, TWO: 8}
    assert spots.waiting == 7


def test_a_newer_alarm_never_pushes_out_one_that_nobody_acknowledged() -> None:
    spots = Spots()
    spots.share_out([ONE], [alarm(5, 1)], None)
    assert spots.share_out([ONE], [alarm(5, 1), alarm(6, 2)], None) == {ONE: 5}
    assert spots.waiting == 1


def test_an_acknowledged_alarm_makes_room_for_a_waiting_one_only() -> None:
    spots = Spots()
    spots.share_out([ONE, TWO], [alarm(5, 1), alarm(6, 2)], None)
    acknowledged = [alarm(5, 1, waiting=False), alarm(6, 2, waiting=False)]
    assert spots.share_out([ONE, TWO], acknowledged, 9) == {ONE: 6, TWO: 5}
    assert spots.share_out([ONE, TWO], [*acknowledged, alarm(7, 3)], 9) == {ONE: 6, TWO: 7}
    assert spots.waiting == 0


def test_an_alarm_keeps_its_tile_when_a_spot_before_it_becomes_free() -> None:
    spots = Spots()
    spots.share_out([ONE, TWO], [alarm(5, 1), alarm(6, 2)], None)
    assert spots.share_out([ONE, TWO], [alarm(5, 1)], None) == {ONE: None, TWO: 5}


def test_a_free_spot_tile_follows_the_selection_and_an_alarm_takes_it_over() -> None:
    spots = Spots()
    assert spots.share_out([ONE, TWO], [], 3) == {ONE: 3, TWO: None}
    assert spots.share_out([ONE, TWO], [], 4) == {ONE: 4, TWO: None}
    assert spots.share_out([ONE, TWO], [alarm(8, 1)], 4) == {ONE: 8, TWO: 4}


def test_the_selection_is_not_shown_twice() -> None:
    spots = Spots()
    assert spots.share_out([ONE, TWO], [alarm(8, 1)], 8) == {ONE: 8, TWO: None}


def test_a_camera_with_several_alarms_takes_one_tile_and_waits_as_long_as_one_of_them_does() -> None:
    spots = Spots()
    several = [alarm(5, 1), alarm(5, 3, waiting=False), alarm(5, 2)]
    assert spots.share_out([ONE, TWO], several, None) == {ONE: 5, TWO: None}
    assert spots.share_out([ONE], [*several, alarm(6, 9)], None) == {ONE: 5}
    assert spots.waiting == 1


def test_an_alarm_whose_tile_went_with_another_layout_takes_the_next_one() -> None:
    spots = Spots()
    spots.share_out([ONE], [alarm(5, 1)], None)
    assert spots.share_out([], [alarm(5, 1)], None) == {}
    assert spots.waiting == 1
    assert spots.share_out([THREE], [alarm(5, 1)], None) == {THREE: 5}
    assert spots.waiting == 0


def test_an_acknowledged_alarm_takes_no_tile_that_it_did_not_have() -> None:
    spots = Spots()
    assert spots.share_out([ONE], [alarm(5, 1, waiting=False)], None) == {ONE: None}
