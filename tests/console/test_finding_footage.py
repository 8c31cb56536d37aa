import os
from pathlib import Path

import pytest

from console.finding_footage import examine_budget, examine_folders, examine_footage, examine_player
from domain.recording import Forecast
from tests.console.by_hand import until
from tests.console.surroundings import Workstation

pytest_plugins = ["tests.console.fixtures"]

GB = 10**9


def forecast(**changes: float | None) -> Forecast:
    values = {"used": 10 * GB, "protected": 2 * GB, "budget": 50 * GB, "free": 90 * GB, "per_day": 4.0 * GB} | changes
    return Forecast(**values)  # type: ignore[arg-type]  # whole numbers and None


def test_folders_of_one_disk_that_can_be_written_are_well_also_before_they_are_made(tmp_path: Path) -> None:
    assert examine_folders(tmp_path / "ring", tmp_path / "recordings").well


def test_a_folder_that_is_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "ring").write_text("")
    found = examine_folders(tmp_path / "ring", tmp_path / "recordings")
    assert not found.well
    assert "ring can't be written" in found.state


def test_folders_on_different_disks_are_found(tmp_path: Path) -> None:
    other = Path("/dev/shm")  # a file system of its own; nothing is written
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev or not os.access(other, os.W_OK):
        pytest.skip("this machine has no second file system")
    found = examine_folders(tmp_path / "ring", other / "recordings")
    assert not found.well
    assert "different file systems" in found.state


def test_the_budget_says_how_long_recordings_stay() -> None:
    found = examine_budget(50, forecast())
    assert found.well
    assert found.state == "50 GB, 10.0 GB used, 2.0 GB of that held, recordings stay 12.0 days"
    assert "days" not in examine_budget(50, forecast(per_day=None)).state


@pytest.mark.parametrize(
    ("changes", "advice"), [({"protected": 50 * GB}, "end a hold"), ({"free": 3 * GB}, "lower [recording] budget_gb")]
)
def test_a_budget_that_can_t_be_kept_says_what_to_do(changes: dict[str, float | None], advice: str) -> None:
    found = examine_budget(50, forecast(**changes))
    assert not found.well
    assert advice in found.advice


def test_a_player_without_plugins_names_the_package(tmp_path: Path) -> None:
    found = examine_player([tmp_path])
    assert not found.well
    assert found.advice == "sudo apt-get install vlc-plugin-base"


@pytest.mark.system
def test_the_replay_worker_is_named_while_it_runs(workstation: Workstation) -> None:
    core = workstation.core
    assert not [found for found in examine_footage(core) if "worker" in found.what]
    core.replay.prepare()
    until("a replay worker", core.replay.processes)
    (named,) = [found for found in examine_footage(core) if found.what == "replay worker"]
    assert named.state == f"process {core.replay.processes()[0][1]}"
