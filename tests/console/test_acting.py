from datetime import UTC, datetime

import pytest

from console.acting import Deed, Door
from domain.clock import FixedClock
from domain.errors import RefusedError
from domain.operator import Action, Role
from tests.console.surroundings import operator

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def audit() -> list[Deed]:
    return []


@pytest.fixture
def door(audit: list[Deed]) -> Door:
    return Door(audit.append, FixedClock(NOON))


def test_who_has_the_right_passes_and_is_audited(door: Door, audit: list[Deed]) -> None:
    door.operator = operator()
    assert door.act(Action.MOVE_CAMERA, "camera/4", "search") == "haneul"
    assert audit == [Deed(NOON, "haneul", "move_camera", "camera/4", "search")]


def test_who_lacks_the_right_is_refused_told_who_has_it_and_audited(door: Door, audit: list[Deed]) -> None:
    door.operator = operator(Role.POLICE_LIAISON, "liaison")
    with pytest.raises(RefusedError, match=r"liaison may not move_camera \(roles that may: operator, "):
        door.act(Action.MOVE_CAMERA, "camera/4")
    assert audit == [Deed(NOON, "liaison", "refused:move_camera", "camera/4", "")]


def test_who_acts_from_another_workstation_passes_by_the_role_that_it_vouches_for(
    door: Door, audit: list[Deed]
) -> None:
    door.operator = operator(Role.POLICE_LIAISON)
    door.admit("kim", Role.SUPERVISOR, Action.DRIVE_WALL, "wall/x/1", "9")
    assert audit == [Deed(NOON, "kim", "drive_wall", "wall/x/1", "9")]
    for role in (None, Role.OPERATOR):
        with pytest.raises(RefusedError):
            door.admit("kim", role, Action.DRIVE_WALL, "wall/x/1")
    door.operator = None
    with pytest.raises(RefusedError, match="nobody signed in"):
        door.admit("kim", Role.SUPERVISOR, Action.DRIVE_WALL, "wall/x/1")
    assert audit[1:] == [Deed(NOON, "kim", "refused:drive_wall", "wall/x/1", "")] * 3


def test_nobody_may_do_anything(door: Door, audit: list[Deed]) -> None:
    assert door.actor == ""
    for action in Action:
        with pytest.raises(RefusedError, match="nobody signed in"):
            door.act(action, "x")
    assert {deed.actor for deed in audit} == {"nobody"}
    assert len(audit) == len(Action)
