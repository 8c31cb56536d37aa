import pytest

from simulation.cameras.mount import PAN, TILT, ZOOM, AxisLimits, Mount, Pose


@pytest.fixture
def mount() -> Mount:
    return Mount(Pose(), 0.0)


def test_a_head_takes_time_to_reach_its_speed(mount: Mount) -> None:
    mount.run(0.0, (1.0, 0.0), None, None)
    assert mount.pose(0.1).pan < 0.1 * PAN.speed / 2
    first, then = mount.pose(1.0).pan, mount.pose(2.0).pan
    assert then - first == pytest.approx(PAN.speed, rel=0.02)


def test_half_speed_is_half_as_far(mount: Mount) -> None:
    mount.run(0.0, (0.5, -0.5), None, None)
    first, then = mount.pose(0.5), mount.pose(1.0)
    assert then.pan - first.pan == pytest.approx(PAN.speed / 4, rel=0.05)
    assert then.tilt - first.tilt == pytest.approx(-TILT.speed / 4, rel=0.05)


def test_a_stopped_head_brakes_and_stands(mount: Mount) -> None:
    mount.run(0.0, (1.0, 1.0), 1.0, None)
    at_stop = mount.pose(0.3)
    mount.stop(0.3)
    assert mount.moving(0.31) == (True, True)
    later = mount.pose(0.7)
    assert mount.moving(0.7) == (False, False)
    assert later.pan > at_stop.pan
    assert mount.pose(60.0) == later


def test_stop_can_be_for_the_zoom_alone(mount: Mount) -> None:
    mount.run(0.0, (1.0, 0.0), 0.5, None)
    mount.stop(0.5, turn=False)
    assert mount.moving(1.0) == (True, False)


def test_an_axis_that_is_not_named_goes_on_as_it_was(mount: Mount) -> None:
    mount.run(0.0, (0.2, 0.0), None, None)
    mount.run(0.5, None, 0.2, None)
    assert mount.moving(1.0) == (True, True)


@pytest.mark.parametrize("way", [-1.0, 1.0])
def test_nothing_goes_beyond_its_limits(mount: Mount, way: float) -> None:
    mount.run(0.0, (way, way), way, None)
    pose = mount.pose(30.0)
    expected = [limits.high if way > 0 else limits.low for limits in (PAN, TILT, ZOOM)]
    assert [pose.pan, pose.tilt, pose.zoom] == expected
    assert mount.moving(30.0) == (False, False)


def test_a_move_ends_after_its_time_however_late_somebody_looks(mount: Mount) -> None:
    watched = Mount(Pose(), 0.0)
    for head in (mount, watched):
        head.run(0.0, (1.0, 0.0), None, 1.0)
    for step in range(1, 200):
        watched.pose(step / 100)
    assert mount.moving(2.0) == (False, False)
    assert mount.pose(50.0).pan == pytest.approx(watched.pose(50.0).pan, abs=0.5)
    assert 50 < mount.pose(50.0).pan < 70


@pytest.mark.parametrize("goal", [Pose(90.0, -20.0, 0.5), Pose(-150.0, 15.0, 1.0), Pose(0.01, 0.0, 0.0)])
def test_a_head_arrives_where_it_was_sent(mount: Mount, goal: Pose) -> None:
    mount.go(0.0, goal)
    pose = mount.pose(10.0)
    assert (pose.pan, pose.tilt, pose.zoom) == pytest.approx((goal.pan, goal.tilt, goal.zoom))
    assert mount.moving(10.0) == (False, False)


def test_a_goal_outside_the_limits_is_the_limit(mount: Mount) -> None:
    mount.go(0.0, Pose(999.0, -999.0, 9.0))
    assert mount.pose(30.0) == Pose(PAN.high, TILT.low, ZOOM.high)


def test_a_new_move_takes_the_place_of_a_goal(mount: Mount) -> None:
    mount.go(0.0, Pose(100.0))
    mount.run(0.5, (-1.0, 0.0), 0.0, None)
    assert mount.pose(3.0).pan < 0


def test_the_generic_space_spans_the_limits() -> None:
    limits = AxisLimits(-30.0, 15.0, 1.0, 1.0)
    assert [limits.normal(at, -1) for at in (-30, -7.5, 15)] == [-1, 0, 1]
    assert limits.real(limits.normal(3.0, -1), -1) == pytest.approx(3.0)
    assert ZOOM.normal(0.25, 0) == 0.25
