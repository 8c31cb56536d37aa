"""The roles of the wall bench as processes: they answer, they say why not, and they leave nothing behind."""

from pathlib import Path

import pytest

from bench.children import RoleError, run_role, run_role_to_end
from bench.practice import Practice, practice_cameras

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def practice():
    with practice_cameras(2) as cameras:
        yield cameras


def order(practice, **more):
    return practice.ordered() | {"window_s": 1.0, "workers": 1} | more


def sessions_of(role):
    """Return the processes that run this role or were started by one that did."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"bench.wall_roles.{role}".encode() in (folder / "cmdline").read_bytes():
                found.append(folder.name)
        except OSError:
            continue
    return found


def test_a_wall_is_measured(practice):
    figures = run_role("shown", order(practice))
    assert figures["ready"] == 1
    assert figures["shown"] > 0.5
    assert 0 < figures["first_picture_s"] < 5
    assert 0 < figures["worker_cores"] < figures["cores"]


def test_a_wall_that_ends_leaves_nothing_behind(practice):
    ended = run_role_to_end("ending", order(practice))
    assert 0 < ended.gone_after_s < 10
    assert sessions_of("ending") == []


def test_a_role_that_can_not_answer_says_why():
    with pytest.raises(RoleError, match="KeyError"):
        run_role("shown", {"control": "", "cameras": []})


def test_a_fault_that_the_city_does_not_know_is_refused(practice):
    with pytest.raises(OSError, match="400"):
        practice.fault(1, "a fault that nobody made")


def test_what_goes_to_a_role_comes_back(practice):
    assert Practice.of(practice.ordered()) == practice
