"""`hq` on a real PostgreSQL, and two consoles that see each other's work through it."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from console.command_socket import CommandServer
from console.commands import Commands
from console.settings import HqSettings, Settings
from domain.alarm import Acknowledgement
from domain.errors import IllegalStepError
from domain.incident import Disposition, Status
from domain.news import AlarmChanged, IncidentChanged, LinkChanged, LinkName
from domain.operator import Role
from tests.console.by_hand import until
from tests.console.surroundings import PracticeHq, Terminal, Workstation, free_port, make_event, operator

pytest_plugins = ["tests.console.fixtures"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


@pytest.fixture
def enrolled(terminal: Terminal, hq: PracticeHq) -> Terminal:
    """A terminal on a home that headquarters has let in, with the settings that `hq init` printed."""
    said = terminal.run("hq", "init", *hq.arguments)
    assert said.code == 0, said.err
    first, *lines = said.out.splitlines()
    assert first == "put this into console.toml:"
    (terminal.home / "console.toml").write_text("\n".join(lines) + "\n")
    return terminal


def test_a_home_is_let_in_and_exchanges_what_it_holds(enrolled: Terminal) -> None:
    assert enrolled.run("hq", "status", "--json").json["behind"] == 0
    workstation = Workstation(enrolled.home)
    workstation.raise_alarm()
    workstation.close()
    waiting = enrolled.run("hq", "status", "--json").json
    assert waiting["behind"] == 2  # the event and the alarm
    assert waiting["oldest"] is not None
    synced = enrolled.run("hq", "sync", "--once")
    assert (synced.code, synced.err) == (0, "")
    assert "behind: 0" in synced.out.splitlines()
    known = enrolled.run("hq", "status", "--json").json
    assert (known["acked_seq"], known["behind"], known["oldest"]) == (waiting["acked_seq"] + 2, 0, None)


def test_letting_in_twice_is_no_harm(enrolled: Terminal, hq: PracticeHq) -> None:
    assert enrolled.run("hq", "init", *hq.arguments, "--json").json["url"].startswith("postgresql://")
    assert enrolled.run("hq", "sync", "--once").code == 0


def test_files_that_are_not_there_are_named(terminal: Terminal, hq: PracticeHq, tmp_path: Path) -> None:
    none = str(tmp_path / "none.crt")
    said = terminal.run("hq", "init", "--admin-url", hq.admin_url, "--ca", none, "--ca-key", str(hq.ca_key))
    assert (said.code, said.err) == (1, f"{none}: no such file\n")


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:{port}/x", "nonsense"])
def test_a_headquarters_that_is_not_there_is_one_clear_line(terminal: Terminal, hq: PracticeHq, url: str) -> None:
    wrong = ["--admin-url", url.format(port=free_port()), "--ca", str(hq.ca), "--ca-key", str(hq.ca_key)]
    said = terminal.run("hq", "init", *wrong)
    assert said.code == 1
    assert said.out == ""
    assert len(said.err.splitlines()) == 1, said.err


def test_a_headquarters_that_has_gone_fails_the_exchange_and_loses_nothing(enrolled: Terminal) -> None:
    settings = (enrolled.home / "console.toml").read_text()
    port = settings.split("127.0.0.1:")[1].split("/")[0]
    (enrolled.home / "console.toml").write_text(settings.replace(port, str(free_port())))
    workstation = Workstation(enrolled.home)
    workstation.raise_alarm()
    workstation.close()
    said = enrolled.run("hq", "sync", "--once")
    assert said.code == 1
    assert len(said.err.splitlines()) == 1, said.err
    assert enrolled.run("hq", "status", "--json").json["behind"] == 2


# -- two consoles


@pytest.fixture
def two(
    workstations: Callable[..., Workstation], terminal: Terminal, hq: PracticeHq, tmp_path: Path
) -> list[Workstation]:
    """Two running consoles of one centre joined to one headquarters."""
    consoles = []
    for name in ("one", "two"):
        said = terminal.run("hq", "init", *hq.arguments, "--json", home=tmp_path / name)
        settings = Settings(hq=HqSettings(**said.json))
        consoles.append(workstations(settings, tmp_path / name))
    for console in consoles:
        console.core.door.operator = operator(Role.OPERATOR, f"operator at {console.home.path.name}")
        console.core.start()
    for console in consoles:
        until("headquarters answers", lambda console=console: is_up(console), 20)
    return consoles


def is_up(console: Workstation) -> bool:
    return any(link.name is LinkName.HEADQUARTERS and link.up for link in console.heard(LinkChanged))


def test_each_console_sees_the_others_alarm_and_incident_within_seconds(two: list[Workstation]) -> None:
    one, other = two
    began = time.monotonic()
    alarm = one.raise_alarm(make_event(centre="centre"))
    until("the alarm at the other", lambda: other.core.stores.alarms.find(alarm.id), 10)
    assert time.monotonic() - began < 5
    until("its news", lambda: alarm.id in {news.alarm.id for news in other.heard(AlarmChanged)}, 10)

    incident = other.core.casework.open_incident(alarm.id)
    until("the incident at the first", lambda: one.core.stores.incidents.find(incident.id), 10)
    seen = until(
        "the acknowledgement",
        lambda: (found := one.core.stores.alarms.find(alarm.id)) and found.acknowledgement and found,
        10,
    )
    assert seen.acknowledgement.by == "operator at two"
    until(
        "the news of the incident", lambda: incident.id in {news.incident.id for news in one.heard(IncidentChanged)}, 10
    )

    one.core.casework.move(incident.id, Status.CLOSED, Disposition.FALSE_ALARM)
    until("the end at the other", lambda: not other.core.stores.incidents.open(), 10)


def test_what_both_did_while_cut_off_is_kept_and_the_first_stands_at_both(two: list[Workstation]) -> None:
    one, other = two
    alarm = one.raise_alarm(make_event(centre="centre"))
    until("the alarm at the other", lambda: other.core.stores.alarms.find(alarm.id), 10)
    first = one.core.casework.acknowledge(alarm.id)
    with contextlib.suppress(IllegalStepError):  # the news of the first may have been faster
        other.core.casework.acknowledge(alarm.id)
    assert first.acknowledgement is not None
    settled = replace(first.acknowledgement, here_only=False)

    def known() -> list[Acknowledgement | None]:
        found = [console.core.stores.alarms.find(alarm.id) for console in two]
        return [alarm.acknowledgement if alarm else None for alarm in found]

    until("the same at both", lambda: known() == [settled, settled], 10)


def test_a_running_console_drains_when_a_command_asks(two: list[Workstation], terminal: Terminal) -> None:
    one, _ = two
    for _ in range(5):
        one.raise_alarm(make_event(centre="centre"))
    one.core.socket = CommandServer(one.home.socket, Commands(one.core, one.core.write_audit).answer)
    said = terminal.run("hq", "sync", "--once", "--json", home=one.home.path)
    assert said.json["behind"] == 0


def test_a_password_on_the_command_line_is_refused_with_what_to_do(terminal: Terminal, tmp_path: Path) -> None:
    files = ["--ca", str(tmp_path / "none"), "--ca-key", str(tmp_path / "none")]
    said = terminal.run("hq", "init", "--admin-url", "postgresql://admin:geheim@127.0.0.1:9/hq", *files)
    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert "PGPASSFILE" in said.err
    assert "geheim" not in said.err


def test_how_far_headquarters_knows_us_is_told_without_a_password(terminal: Terminal) -> None:
    terminal.home.mkdir()
    (terminal.home / "console.toml").write_text('[hq]\nurl = "postgresql://ws:geheim@127.0.0.1:9/hq"\n')
    said = terminal.run("hq", "status")
    assert said.code == 0, said.err
    assert "url: postgresql://ws:***@127.0.0.1:9/hq" in said.out.splitlines()
