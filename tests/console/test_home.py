import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from console.home import Home
from domain.errors import HomeError


def test_a_home_has_one_owner_who_is_named_to_the_second(tmp_path: Path) -> None:
    with Home(tmp_path), pytest.raises(HomeError, match=f"is in use by process {os.getpid()}"):
        Home(tmp_path).take()
    with Home(tmp_path):
        assert Home(tmp_path).owned()
    assert not Home(tmp_path).owned()


def test_a_killed_owner_leaves_the_home_free(tmp_path: Path) -> None:
    code = "import os, pathlib, sys; from console.home import Home; Home(pathlib.Path(sys.argv[1])).take(); os._exit(9)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, env={**os.environ, "PYTHONPATH": "."})
    with Home(tmp_path):
        pass


def test_demo_refuses_a_home_that_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "watchroom.db").touch()
    with pytest.raises(HomeError, match="was not made by demo"):
        Home(tmp_path).prepare(demo=True)
    Home(tmp_path / "new").prepare(demo=True)
    Home(tmp_path / "new").prepare(demo=True)


def test_a_home_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeError, match=r"Not a directory|File exists"):
        Home(tmp_path / "file" / "home").prepare()
    with pytest.raises(HomeError, match="No such file"):
        Home(tmp_path / "none").take()


def test_looking_whether_a_home_is_owned_is_in_nobodys_way_who_starts(tmp_path: Path) -> None:
    with Home(tmp_path):
        pass
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            Home(tmp_path).owned()

    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(2000):
            with Home(tmp_path):
                pass
    finally:
        done.set()
        for looker in lookers:
            looker.join()


@pytest.mark.parametrize(("before", "after"), [(0o755, 0o700), (0o750, 0o700), (0o700, 0o700), (0o1777, 0o1777)])
def test_a_home_that_others_can_look_into_is_closed_to_them(tmp_path: Path, before: int, after: int) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(before)
    Home(home).prepare()
    assert stat.S_IMODE(home.stat().st_mode) == after
