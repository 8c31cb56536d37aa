import json
from pathlib import Path

import pytest

from console.cli import DONE, FAILED, WRONG_USE
from tests.console.surroundings import Terminal, run_program

pytest_plugins = ["tests.console.fixtures"]

NOT_YET = ["publish", "anpr", "smoke", "evidence", "verify", "backup", "restore"]


def test_what_is_done_gives_zero(terminal: Terminal) -> None:
    said = terminal.run("cameras", "list")
    assert (said.code, said.out, said.err) == (DONE, "no cameras yet\n", "")


def test_what_failed_gives_one_and_one_clear_line(terminal: Terminal) -> None:
    said = terminal.run("hq", "sync", "--once")
    assert (said.code, said.out) == (FAILED, "")
    assert said.err == "no headquarters is set ([hq] url in console.toml)\n"


@pytest.mark.parametrize(
    "wrong",
    [
        ["fly"],
        ["cameras"],
        ["cameras", "paint"],
        ["cameras", "import"],
        ["cameras", "credentials", "practice"],
        ["ptz", "one", "status"],
        ["ptz", "1"],
        ["ptz", "1", "move", "--pan", "left"],
        ["hq", "sync"],
        ["hq", "init"],
        ["demo", "--cameras", "0"],
        ["demo", "--cameras", "many"],
        ["demo", "--city", "atlantis"],
        ["--nonsense"],
    ],
)
def test_wrong_use_gives_two_and_says_what_is_wrong(terminal: Terminal, wrong: list[str]) -> None:
    said = terminal.run(*wrong)
    assert said.code == WRONG_USE
    assert "usage: watchroom" in said.err
    assert said.out == ""
    assert not terminal.home.exists()


@pytest.mark.parametrize("command", NOT_YET)
def test_what_is_not_there_yet_says_so_and_gives_one_whatever_follows(terminal: Terminal, command: str) -> None:
    said = terminal.run("--as", "kim", command, "--some", "thing", "FILE")
    assert (said.code, said.err) == (FAILED, f"watchroom {command}: not yet\n")


def test_a_layout_may_be_called_like_a_command(terminal: Terminal) -> None:
    said = terminal.run("--wall", "1", "--layout", "backup", "cameras", "list")
    assert (said.code, said.out) == (DONE, "no cameras yet\n")


def test_options_stand_before_or_after_the_command(terminal: Terminal, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for arguments in (["--json", "cameras", "list"], ["cameras", "--json", "list"], ["cameras", "list", "--json"]):
        assert terminal.run(*arguments).json == []
    assert terminal.run("cameras", "list", "--home", str(other)).code == DONE
    assert (other / "watchroom.db").exists()


def test_an_option_before_the_command_is_not_forgotten_after_it(terminal: Terminal, tmp_path: Path) -> None:
    settings = tmp_path / "console.toml"
    settings.write_text("[centre]\nid = 'Wrong Id'\n")
    said = terminal.run("--config", str(settings), "--json", "cameras", "list", "--verbose")
    assert said.code == FAILED
    assert "centre.id" in said.json["error"]


def test_a_failure_in_json_is_an_object_on_standard_output_and_a_line_on_the_other(
    terminal: Terminal, tmp_path: Path
) -> None:
    listing = tmp_path / "list.csv"
    listing.write_text("no,name\n1,x\n")
    said = terminal.run("--json", "cameras", "import", str(listing))
    assert said.code == FAILED
    answer = json.loads(said.out)
    assert answer["problems"]
    assert said.err.splitlines() == [answer["error"], *answer["problems"]]


def test_wrong_settings_are_named_and_nothing_is_made(terminal: Terminal, tmp_path: Path) -> None:
    settings = tmp_path / "console.toml"
    settings.write_text("[mqtt]\nurl = 'http://x'\nprot = 1\n")
    said = terminal.run("--config", str(settings), "cameras", "list")
    assert said.code == FAILED
    assert said.err == f"{settings}: mqtt.prot: unknown key\n"
    assert not terminal.home.exists()
    missing = terminal.run("--config", str(tmp_path / "none.toml"), "cameras", "list")
    assert (missing.code, missing.err) == (FAILED, f"{tmp_path / 'none.toml'}: No such file or directory\n")


def test_a_wrong_variable_is_named(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHROOM_VIDEO__WORKERS", "many")
    said = terminal.run("cameras", "list")
    assert said.code == FAILED
    assert said.err.startswith("WATCHROOM_VIDEO__WORKERS: video.workers: ")


def test_the_settings_in_the_home_hold_where_none_are_named(terminal: Terminal) -> None:
    terminal.home.mkdir()
    (terminal.home / "console.toml").write_text("[hq]\nurl = 'postgresql://hq.example/x'\n")
    assert terminal.run("--json", "hq", "status").json["url"] == "postgresql://hq.example/x"


@pytest.mark.system
def test_the_program_answers_as_a_process_of_its_own(tmp_path: Path) -> None:
    done = run_program("--home", str(tmp_path / "home"), "cameras", "list")
    assert (done.code, done.out, done.err) == (DONE, "no cameras yet\n", "")
    assert run_program("fly").code == WRONG_USE
    shown = run_program("--help")
    assert shown.code == DONE
    assert "headless" in shown.out
