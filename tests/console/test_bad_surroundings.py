"""What is wrong around the program is one clear line, exit code 1, and nothing lost."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from console.home import Home
from console.platform import x_answers
from tests.console.by_hand import ROOT
from tests.console.surroundings import Said, Terminal, make_camera, run_program

pytest_plugins = ["tests.console.fixtures"]
pytestmark = pytest.mark.system


def run_bound_by_permissions(*arguments: str) -> Said:
    """Run a command without root's right to write where it may not."""
    bounds = [
        "setpriv",
        "--bounding-set",
        "-dac_override,-dac_read_search",
        "--inh-caps",
        "-dac_override,-dac_read_search",
    ]
    done = subprocess.run(
        [*bounds, sys.executable, str(ROOT / "main.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def fails_with_one_line(said: Said, what: str) -> None:
    assert said.code == 1, said
    assert len(said.err.splitlines()) == 1, said.err
    assert what in said.err


@pytest.mark.parametrize("command", [["cameras", "list"], ["headless"], ["doctor"]])
def test_a_home_that_cannot_be_made(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "file").touch()
    fails_with_one_line(run_program("--home", str(tmp_path / "file" / "home"), *command), str(tmp_path / "file"))


def test_a_read_only_home(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    fails_with_one_line(run_bound_by_permissions("--home", str(locked), "headless"), "Permission denied")
    fails_with_one_line(run_bound_by_permissions("--home", str(locked / "home"), "headless"), "Permission denied")


def test_a_home_that_has_become_read_only_loses_nothing(tmp_path: Path, write_list: Callable[..., Path]) -> None:
    home = tmp_path / "home"
    assert run_program("--home", str(home), "cameras", "import", str(write_list([make_camera()]))).code == 0
    home.chmod(0o500)
    (home / "watchroom.db").chmod(0o400)
    said = run_bound_by_permissions("--home", str(home), "headless")
    assert said.code == 1
    assert len(said.err.splitlines()) == 1, said.err
    home.chmod(0o700)
    (home / "watchroom.db").chmod(0o600)
    assert "센트럴파크" in run_program("--home", str(home), "cameras", "list").out


def test_a_home_in_use(terminal: Terminal) -> None:
    home = Home(terminal.home)
    home.prepare()
    with home:
        for command in (["cameras", "list"], ["headless"], ["doctor"]):
            fails_with_one_line(terminal.run(*command), "is in use by process")


def test_a_database_that_is_none(terminal: Terminal) -> None:
    terminal.home.mkdir()
    (terminal.home / "watchroom.db").write_bytes(b"this is no database, but somebody's only copy of a letter\n" * 50)
    for command in (["cameras", "list"], ["headless"]):
        fails_with_one_line(terminal.run(*command), "watchroom.db")
    assert (terminal.home / "watchroom.db").read_bytes().startswith(b"this is no database")


def test_a_database_of_a_newer_program(terminal: Terminal) -> None:
    assert terminal.run("cameras", "list").code == 0
    with sqlite3.connect(terminal.home / "watchroom.db") as connection:
        connection.execute("update alembic_version set version_num = 'from the future'")
    connection.close()
    fails_with_one_line(terminal.run("cameras", "list"), "newer")


def test_wrong_settings(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "console.toml").write_text("[mqtt]\nurl = 'tcp://x'\n")
    fails_with_one_line(run_program("--home", str(home), "headless"), "mqtt.url")
    (home / "console.toml").write_text("[mqtt]\nurl = 'mqtts://x'\nca = '/none.pem'\n")
    fails_with_one_line(run_program("--home", str(home), "headless"), "mqtt.ca")
    (home / "console.toml").write_text("[hq]\nurl = 'http://x'\n")
    fails_with_one_line(run_program("--home", str(home), "headless"), "headquarters' address is wrong")


@pytest.mark.parametrize("command", [[], ["demo", "--for", "1"]])
def test_a_display_that_is_not_there(tmp_path: Path, command: list[str]) -> None:
    for display in (":987", "localhost:987.0"):
        said = run_program("--home", str(tmp_path / "home"), *command, DISPLAY=display, QT_QPA_PLATFORM="")
        fails_with_one_line(said, f"display {display}: does not answer")


def test_a_display_that_is_there_answers(display: str) -> None:
    assert x_answers(display)
    assert x_answers("unix" + display)
    assert x_answers("/private/tmp/launchd/x:0")  # not for us to judge


def test_demo_in_a_home_that_is_not_its_own_touches_nothing(tmp_path: Path, write_list: Callable[..., Path]) -> None:
    home = tmp_path / "home"
    run_program("--home", str(home), "cameras", "import", str(write_list([make_camera()])))
    before = (home / "watchroom.db").read_bytes()
    fails_with_one_line(run_program("--home", str(home), "demo", "--for", "1"), "was not made by demo")
    assert (home / "watchroom.db").read_bytes() == before


def test_a_reader_that_goes_away_is_no_failure_of_the_program(tmp_path: Path, write_list: Callable[..., Path]) -> None:
    home = tmp_path / "home"
    listing = write_list([make_camera(number) for number in range(1, 3000)])
    assert run_program("--home", str(home), "cameras", "import", str(listing)).code == 0
    arguments = ["--home", str(home), "cameras", "list"]
    listed = subprocess.run(
        ["bash", "-c", '"$0" "$@" | head -1', sys.executable, str(ROOT / "main.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert "Traceback" not in listed.stderr
    assert "Exception" not in listed.stderr
