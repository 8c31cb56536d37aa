import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from console.cli import main
from tests.console.by_hand import Running, until
from tests.console.surroundings import Field, Mosquitto, Terminal, free_port

pytest_plugins = ["tests.console.fixtures"]
pytestmark = pytest.mark.system

Headless = Callable[..., Running]


def lines(field: Field, broker: Mosquitto) -> str:
    return f'[centre]\nid = "{field.centre}"\n[mqtt]\nurl = "{broker.url}"\n'


def rows(home: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{home / 'watchroom.db'}?mode=ro", uri=True, timeout=5) as connection:
        return connection.execute(query, values).fetchall()


def alarms_of(home: Path, *events: UUID) -> list[tuple[object, ...]]:
    found = rows(home, "select event_id, json_extract(body, '$.priority') from alarm")
    return [row for row in found if UUID(str(row[0])) in events]


def listens(running: Running) -> bool:
    """Whether the broker knows the console's subscriptions: what is said from now on is not missed."""
    return "broker up" in running.errors.read_text()


def test_an_sos_becomes_a_critical_alarm_that_is_answered_as_stored_and_never_as_shown(
    headless: Headless, field: Field, broker: Mosquitto, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    running = headless(home, lines(field, broker))
    until("the broker is reached", lambda: listens(running), 20)
    sos = field.say("guardian/s1/sos", {"lat": 37.39, "lon": 126.95})
    until("the answer", lambda: field.answered(sos), 10)
    ((_, priority),) = alarms_of(home, sos)
    assert priority == "critical"
    field.say("guardian/s1/sos", {"id": str(sos), "lat": 37.39, "lon": 126.95})  # the sender repeats
    until("the second answer", lambda: len(field.answered(sos)) == 2, 10)
    assert set(field.answered(sos)) == {"stored"}
    assert len(alarms_of(home, sos)) == 1


def test_asked_to_end_it_ends_within_five_seconds_and_leaves_nothing_running(
    headless: Headless, field: Field, broker: Mosquitto, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    running = headless(home, lines(field, broker))
    until("the broker is reached", lambda: listens(running), 20)
    helpers = psutil.Process(running.process.pid).children(recursive=True)
    assert helpers  # stream worker and watchdog
    began = time.monotonic()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(10) == 0
    assert time.monotonic() - began <= 5
    assert not (home / "socket").exists()
    until("its helpers are gone", lambda: not any(helper.is_running() for helper in helpers), 5)
    assert "Traceback" not in running.errors.read_text()


def test_killed_while_calls_for_help_come_in_it_loses_none_that_it_had_answered(
    headless: Headless, field: Field, broker: Mosquitto, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    settings = lines(field, broker)
    first = headless(home, settings)
    until("the broker is reached", lambda: listens(first), 20)
    calls: list[UUID] = []
    stop = threading.Event()

    def call_for_help() -> None:
        while not stop.wait(0.002):
            calls.append(field.say(f"guardian/s{len(calls)}/sos"))

    calling = threading.Thread(target=call_for_help)
    calling.start()
    until("some answers", lambda: sum(bool(field.answered(call)) for call in list(calls)) >= 20, 15)
    first.kill()
    first.process.wait(10)
    answered = [call for call in list(calls) if field.answered(call)]
    assert len(alarms_of(home, *answered)) == len(answered)
    stop.set()
    calling.join()

    second = headless(home, settings)
    until("every call was answered", lambda: all(field.answered(call) for call in calls), 30)
    assert len(alarms_of(home, *calls)) == len(calls)
    assert second.end() == 0


def test_without_a_broker_it_works_on_and_connects_when_there_is_one(
    headless: Headless, field: Field, broker: Mosquitto, tmp_path: Path, terminal: Terminal
) -> None:
    running = headless(terminal.home, f'[mqtt]\nurl = "mqtt://127.0.0.1:{free_port()}"\n')
    until("it is said", lambda: "broker away" in running.errors.read_text(), 20)
    assert terminal.run("cameras", "list").code == 0
    assert running.end() == 0


def test_without_a_headquarters_it_takes_calls_for_help_all_the_same(
    headless: Headless, field: Field, broker: Mosquitto, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    for name in ("ca", "cert", "key"):
        (tmp_path / name).touch()
    hq = f'[hq]\nurl = "postgresql://127.0.0.1:{free_port()}/x"\n' + "".join(
        f'{name} = "{tmp_path / name}"\n' for name in ("ca", "cert", "key")
    )
    running = headless(home, lines(field, broker) + hq)
    until("the broker is reached", lambda: listens(running), 20)
    sos = field.say("bell/b1/press")
    until("the answer", lambda: field.answered(sos) == ["stored"], 10)
    until("it is said", lambda: "headquarters away" in running.errors.read_text(), 20)
    assert running.end() == 0


def test_a_home_that_is_in_use_is_left_alone_by_a_second_console(headless: Headless, terminal: Terminal) -> None:
    running = headless(terminal.home)
    said = terminal.run("headless")
    assert (said.code, said.err) == (1, f"{terminal.home}: is in use by process {running.process.pid}\n")
    assert (terminal.home / "socket").exists()
    assert terminal.run("cameras", "list").code == 0


def test_told_to_end_while_it_still_opens_it_ends(headless: Headless, tmp_path: Path) -> None:
    home = tmp_path / "home"
    running = headless(home, wait=False)
    until("it has taken its home", (home / "lock").exists, 20)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(15) == 0
    assert "Traceback" not in running.errors.read_text()


def test_it_runs_in_this_process_until_a_signal(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def end_when_running() -> None:
        until("the console runs", (terminal.home / "socket").exists, 30)
        os.kill(os.getpid(), signal.SIGTERM)

    ending = threading.Thread(target=end_when_running)
    ending.start()
    try:
        assert main(["--home", str(terminal.home), "headless"]) == 0
    finally:
        ending.join()
        for number, handler in before.items():
            signal.signal(number, handler)
    assert not (terminal.home / "socket").exists()
