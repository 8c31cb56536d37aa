import pytest

from domain.errors import BadInputError
from simulation.faults import CAMERA_FAULTS, WELL, CameraFaults


@pytest.fixture
def begun() -> list[int]:
    return []


@pytest.fixture
def faults(begun: list[int]) -> CameraFaults:
    return CameraFaults({1: False, 2: True}, lambda no, _: begun.append(no))


def test_a_camera_is_well_until_a_fault_begins_and_after_it_was_cleared(faults: CameraFaults, begun: list[int]) -> None:
    assert faults.at(1) is WELL
    faults.begin("camera/1", "dead", None)
    assert begun == [1]
    assert faults.at(1).closes
    assert faults.at(2) is WELL
    faults.clear("camera/1")
    assert faults.at(1) is WELL


def test_several_faults_add_up(faults: CameraFaults) -> None:
    for name in ("slow", "ignores_stop"):
        faults.begin("ptz/2", name, None)
    wrong = faults.at(2)
    assert wrong.deaf_to_stop
    assert wrong.answer_late_s == 1.0
    assert not wrong.closes
    assert set(faults.names(2)) == {"slow", "ignores_stop"}


def test_a_fault_ends_by_itself_after_its_time(faults: CameraFaults, eventually) -> None:
    faults.begin("camera/1", "stalled", 0.05)
    assert faults.at(1).stalls
    eventually(lambda: faults.names(1) == ())
    assert faults.at(1) is WELL


@pytest.mark.parametrize("target", ["camera/9", "camera/", "camera/x", "broker", "", "station/1", "camera/²"])
def test_an_unknown_target_is_refused(faults: CameraFaults, target: str) -> None:
    with pytest.raises(BadInputError, match="camera/1"):
        faults.begin(target, "dead", None)
    with pytest.raises(BadInputError):
        faults.clear(target)


def test_an_unknown_fault_is_refused(faults: CameraFaults) -> None:
    with pytest.raises(BadInputError, match="dead"):
        faults.begin("camera/1", "on_fire", None)


@pytest.mark.parametrize("name", [name for name, fault in CAMERA_FAULTS.items() if fault.ptz_only])
def test_what_only_a_ptz_camera_has_does_not_happen_to_a_fixed_one(faults: CameraFaults, name: str) -> None:
    with pytest.raises(BadInputError, match="fixed"):
        faults.begin("camera/1", name, None)


@pytest.mark.parametrize("fault", CAMERA_FAULTS.values(), ids=CAMERA_FAULTS)
def test_every_fault_changes_something(fault) -> None:
    assert fault != WELL
    assert fault.what
