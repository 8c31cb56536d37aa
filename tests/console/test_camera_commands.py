import io
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from console.command_socket import CommandServer
from console.commands import Commands
from db.secrets import SecretStore
from domain.camera import Credentials, Transport
from domain.operator import Role
from tests.console.by_hand import ROOT
from tests.console.surroundings import PASSWORD, Said, Terminal, Workstation, make_camera, operator

pytest_plugins = ["tests.console.fixtures"]

WriteList = Callable[..., Path]


@pytest.fixture(params=["nobody runs", "a console runs"])
def anyhow(request: pytest.FixtureRequest, terminal: Terminal) -> Iterator[Terminal]:
    """A terminal on a home that nobody owns, and on one that a running console owns."""
    if request.param == "nobody runs":
        yield terminal
        return
    workstation = Workstation(terminal.home)
    core = workstation.core
    core.socket = CommandServer(terminal.home / "socket", Commands(core, core.write_audit).answer)
    yield terminal
    workstation.close()


def give_password(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def keep(terminal: Terminal, *more: str) -> Said:
    return terminal.run("cameras", "credentials", "practice", "--user", "kim", *more)


def add_operators(home: Path) -> None:
    workstation = Workstation(home)
    for role in (Role.ADMINISTRATOR, Role.OPERATOR):
        workstation.core.stores.operators.add(operator(role, role.value), PASSWORD)
    workstation.close()


def audit_of(home: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(home / "watchroom.db") as connection:
        return connection.execute("select actor, action, subject from audit order by seq").fetchall()


# -- list and import


def test_a_good_list_is_imported_and_listed(anyhow: Terminal, write_list: WriteList) -> None:
    path = write_list([make_camera(1), make_camera(417, main_url="", sub_url="", onvif_url="http://127.0.0.1/x")])
    said = anyhow.run("cameras", "import", str(path))
    assert (said.code, said.out, said.err) == (0, "2 cameras added: 1, 417\n0 changed\n", "")
    listed = anyhow.run("cameras", "list").out.splitlines()
    assert listed == ["    1  live      송도  센트럴파크 1번", "  417  -    PTZ  송도  센트럴파크 417번"]
    rows = anyhow.run("cameras", "list", "--json").json
    assert [row["no"] for row in rows] == [1, 417]
    assert rows[0]["lat"] == make_camera(1).place.lat


def test_a_second_import_says_what_changed_and_takes_nothing_away(terminal: Terminal, write_list: WriteList) -> None:
    terminal.run("cameras", "import", str(write_list([make_camera(1), make_camera(2)])))
    said = terminal.run("cameras", "import", str(write_list([make_camera(2, name="new"), make_camera(3)])), "--json")
    assert said.json == {"added": [3], "changed": [2], "skipped": [], "total": 2}
    assert [row["name"] for row in terminal.run("cameras", "list", "--json").json] == [
        "센트럴파크 1번",
        "new",
        "센트럴파크 3번",
    ]


def test_a_list_from_before_the_newer_columns_leaves_what_was_said_of_them_and_no_list_takes_masks_away(
    anyhow: Terminal, write_list: WriteList
) -> None:
    new = write_list([make_camera(1, transport=Transport.UDP, basic_allowed=True), make_camera(2)])
    old = new.with_name("old.csv")
    old.write_text("".join(line.rsplit(",", 3)[0] + "\n" for line in new.read_text().splitlines()))
    anyhow.run("cameras", "import", str(new))
    with closing(sqlite3.connect(anyhow.home / "watchroom.db")) as connection, connection:
        connection.execute("UPDATE camera SET masks = '[[[0, 0], [1, 0], [0, 1]]]' WHERE no = 1")
    for path in (old, new):
        said = anyhow.run("cameras", "import", str(path), "--json")
        assert said.json == {"added": [], "changed": [], "skipped": [], "total": 2}
        first, second = anyhow.run("cameras", "list", "--json").json
        assert (first["transport"], first["basic_allowed"], first["masks"]) == ("udp", True, 1)
        assert (second["transport"], second["basic_allowed"], second["masks"]) == ("tcp", False, 0)


def test_wrong_rows_are_named_with_their_field_and_nothing_is_imported(anyhow: Terminal, write_list: WriteList) -> None:
    path = write_list([make_camera(1), make_camera(2), make_camera(3)])
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], lines[2].replace("37.392", "95.0"), lines[3].replace("park", "moon")]))
    said = anyhow.run("cameras", "import", str(path))
    assert said.code == 1
    assert said.out == ""
    first, *problems = said.err.splitlines()
    assert first == f"{path}: 2 wrong rows; nothing was imported"
    assert [problem.split(":")[0] for problem in problems] == ["row 3, lat", "row 4, site_kind"]
    assert anyhow.run("cameras", "list", "--json").json == []


def test_asked_to_skip_bad_rows_the_good_ones_are_taken_and_the_others_named(
    anyhow: Terminal, write_list: WriteList
) -> None:
    path = write_list([make_camera(1), make_camera(2)])
    path.write_text(path.read_text().replace("37.392", "95.0"))
    said = anyhow.run("cameras", "import", "--skip-bad", str(path))
    assert said.code == 0
    assert said.out.splitlines()[0] == "1 camera added: 1"
    assert "left out: row 3, lat" in said.out
    assert [row["no"] for row in anyhow.run("cameras", "list", "--json").json] == [1]


def test_a_list_without_one_good_row_is_refused_even_when_bad_ones_are_skipped(
    terminal: Terminal, write_list: WriteList
) -> None:
    path = write_list([make_camera(1)])
    path.write_text(path.read_text().replace("37.391", "95.0"))
    assert terminal.run("cameras", "import", "--skip-bad", str(path)).code == 1


def test_a_dry_run_says_what_would_change_and_changes_nothing(anyhow: Terminal, write_list: WriteList) -> None:
    path = write_list([make_camera(number) for number in range(1, 31)])
    said = anyhow.run("cameras", "import", "--dry-run", str(path))
    assert said.code == 0
    assert said.out.startswith("30 cameras would be added: 1, 2, 3")
    assert said.out.splitlines()[0].endswith("and 10 more")
    assert anyhow.run("cameras", "list", "--json").json == []
    assert audit_of(anyhow.home) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_list_may_be_written_as_korean_spreadsheets_do(
    anyhow: Terminal, write_list: WriteList, encoding: str
) -> None:
    path = write_list([make_camera(1)], encoding=encoding)
    assert anyhow.run("cameras", "import", str(path)).code == 0
    assert anyhow.run("cameras", "list", "--json").json[0]["district"] == "송도"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "row 1, file: is empty"), (b"\xff\xfe\x00\xd8", "row 1, file: "), (b"no,name\n", "row 1, ")],
)
def test_a_file_that_is_no_camera_list_is_refused_in_plain_words(
    terminal: Terminal, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    refused = terminal.run("cameras", "import", str(path))
    assert refused.code == 1
    assert refused.err.splitlines()[1].startswith(said)


def test_a_missing_file_and_a_folder_are_one_clear_line(terminal: Terminal, tmp_path: Path) -> None:
    missing = terminal.run("cameras", "import", str(tmp_path / "none.csv"))
    assert (missing.code, missing.err) == (1, f"{tmp_path / 'none.csv'}: No such file or directory\n")
    folder = terminal.run("cameras", "import", str(tmp_path))
    assert (folder.code, folder.err) == (1, f"{tmp_path}: Is a directory\n")


def test_five_thousand_cameras_pass_through_the_socket_of_a_running_console(
    anyhow: Terminal, write_list: WriteList
) -> None:
    path = write_list([make_camera(number, name="청라국제도시 방범용 " * 9) for number in range(1, 5001)])
    said = anyhow.run("cameras", "import", str(path), "--json")
    assert said.json["total"] == 5000
    assert len(anyhow.run("cameras", "list", "--json").json) == 5000


def test_a_list_that_no_city_has_is_refused_in_plain_words(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"no,name\n" + b"x" * 20_000_000)
    workstation = Workstation(terminal.home)
    core = workstation.core
    core.socket = CommandServer(terminal.home / "socket", Commands(core, core.write_audit).answer)
    said = terminal.run("cameras", "import", str(path))
    workstation.close()
    assert said.code == 1
    assert len(said.err.splitlines()) == 1
    assert "too large" in said.err


# -- credentials


def test_a_password_from_a_pipe_is_kept_and_never_shown_nor_put_into_the_database(tmp_path: Path) -> None:
    home = tmp_path / "home"
    arguments = ["--home", str(home), "--verbose", "cameras", "credentials", "practice", "--user", "kim"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        input="correct horse battery\n",
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("kept under practice (")
    assert "horse" not in done.stdout + done.stderr
    assert SecretStore(home).credentials("practice") == Credentials("kim", "correct horse battery")
    for file in home.rglob("*"):
        assert not file.is_file() or b"horse" not in file.read_bytes(), file


def test_a_running_console_keeps_the_password_too(anyhow: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    give_password(monkeypatch, "s3cret word\n")
    said = keep(anyhow)
    assert said.code == 0
    assert "s3cret" not in said.out + said.err
    assert SecretStore(anyhow.home).credentials("practice") == Credentials("kim", "s3cret word")
    assert audit_of(anyhow.home) == [("setup", "import_cameras", "credentials/practice")]


def test_without_a_password_nothing_is_kept(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    give_password(monkeypatch, "")
    said = keep(terminal)
    assert (said.code, said.err) == (1, "no password was given; nothing was kept\n")


# -- who acts


def test_a_fresh_home_asks_nobody_for_a_name(anyhow: Terminal, write_list: WriteList) -> None:
    assert anyhow.run("cameras", "import", str(write_list([make_camera()]))).code == 0
    assert audit_of(anyhow.home) == [("setup", "import_cameras", str(write_list([make_camera()])))]


def test_once_there_are_operators_a_name_with_the_right_is_needed(terminal: Terminal, write_list: WriteList) -> None:
    add_operators(terminal.home)
    path = str(write_list([make_camera()]))

    nameless = terminal.run("cameras", "import", path)
    assert (nameless.code, nameless.err) == (1, "import_cameras needs a name: --as NAME\n")
    unknown = terminal.run("--as", "nobody", "cameras", "import", path)
    assert (unknown.code, unknown.err) == (1, "no operator is named nobody\n")
    rightless = terminal.run("--as", "operator", "cameras", "import", path)
    assert rightless.code == 1
    assert rightless.err == "operator may not import_cameras (roles that may: administrator)\n"
    assert terminal.run("cameras", "list", "--json").json == []

    assert terminal.run("cameras", "import", path, "--as", "administrator").code == 0
    assert audit_of(terminal.home) == [
        ("operator", "refused:import_cameras", path),
        ("administrator", "import_cameras", path),
    ]


def test_a_password_needs_the_same_right(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    add_operators(terminal.home)
    give_password(monkeypatch, "s3cret word\n")
    assert keep(terminal, "--as", "operator").code == 1
    assert SecretStore(terminal.home).credentials("practice") is None


def test_looking_and_dry_runs_need_no_name(terminal: Terminal, write_list: WriteList) -> None:
    add_operators(terminal.home)
    assert terminal.run("cameras", "list").code == 0
    assert terminal.run("cameras", "import", "--dry-run", str(write_list([make_camera()]))).code == 0


def test_a_running_console_refuses_the_same(terminal: Terminal, write_list: WriteList) -> None:
    workstation = Workstation(terminal.home)
    core = workstation.core
    core.stores.operators.add(operator(Role.OPERATOR, "operator"), PASSWORD)
    core.socket = CommandServer(terminal.home / "socket", Commands(core, core.write_audit).answer)
    said = terminal.run("--as", "operator", "cameras", "import", str(write_list([make_camera()])))
    workstation.close()
    assert (said.code, said.err) == (1, "operator may not import_cameras (roles that may: administrator)\n")
