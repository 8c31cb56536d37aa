from collections.abc import Callable
from pathlib import Path

import pytest

from console.command_socket import CommandServer
from console.commands import Commands
from tests.console.surroundings import Mosquitto, Terminal, Workstation, free_port, make_camera

pytest_plugins = ["tests.console.fixtures"]


def found(terminal: Terminal) -> tuple[int, dict[str, dict[str, object]]]:
    said = terminal.run("doctor", "--json")
    return said.code, {row["what"]: row for row in said.json}


def test_a_fresh_home_is_told_what_is_missing_and_what_to_do(terminal: Terminal) -> None:
    said = terminal.run("doctor")
    assert said.code == 1
    lines = said.out.splitlines()
    assert "LOOK  broker: not set - put [mqtt] url into console.toml" in lines
    assert "LOOK  headquarters: not set - put [hq] url into console.toml" in lines
    assert any(line.startswith("LOOK  cameras: 0 in the register") and "cameras import" in line for line in lines)
    assert any(line.startswith("ok    sqlalchemy: ") for line in lines)


def test_what_is_there_is_found(terminal: Terminal, broker: Mosquitto, write_list: Callable[..., Path]) -> None:
    terminal.run("cameras", "import", str(write_list([make_camera(1), make_camera(2, main_url="", sub_url="")])))
    (terminal.home / "console.toml").write_text(f'[mqtt]\nurl = "{broker.url}"\n')
    _, rows = found(terminal)
    assert rows["broker"]["well"]
    assert rows["broker"]["state"] == f"answers at 127.0.0.1:{broker.port}"
    assert rows["cameras"]["state"] == "2 in the register, 1 with a stream"
    assert rows["recording budget"]["state"] == "50 GB, not yet measured (starts with the console)"
    assert str(rows["review player"]["state"]).startswith("libvlc")
    for name in (
        "ring and recordings",
        "python",
        "PySide6",
        "av",
        "zeep",
        "mosquitto",
        "pg_ctl",
        "disk",
        "secret store",
        "PTZ watchdog",
    ):
        assert rows[name]["well"], rows[name]


def test_a_broker_that_does_not_answer_is_found(terminal: Terminal) -> None:
    terminal.home.mkdir()
    port = free_port()
    (terminal.home / "console.toml").write_text(f'[mqtt]\nurl = "mqtt://127.0.0.1:{port}"\n')
    code, rows = found(terminal)
    assert code == 1
    assert not rows["broker"]["well"]
    assert str(rows["broker"]["state"]).startswith(f"no answer at 127.0.0.1:{port}")


@pytest.mark.system
def test_a_running_console_tells_of_its_helpers(terminal: Terminal) -> None:
    workstation = Workstation(terminal.home)
    core = workstation.core
    core.start()
    core.socket = CommandServer(terminal.home / "socket", Commands(core, core.write_audit).answer)
    assert core.watchdog.wait_alive(20)
    _, rows = found(terminal)
    workstation.close()
    assert rows["PTZ watchdog"]["state"] == "running"
    assert any(name.startswith("stream worker") for name in rows)
