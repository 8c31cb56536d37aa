"""The whole program under a real display, with keys pressed by xdotool, against the practice city."""

import json
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.console.by_hand import Hands, Running, get, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

Run = Callable[..., Running]


def rows(home: Path, query: str) -> list[Any]:
    """Look into the console's database while it works."""
    path = home / "watchroom.db"
    if not path.exists():
        return []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error) or "locked" in str(error):
                return []  # it is being made
            raise


def done(home: Path, action: str, subject: str) -> list[Any]:
    """Return the audit's lines about a deed."""
    return rows(home, f"select 1 from audit where action='{action}' and subject='{subject}'")


def requests_of(control: str, camera: int, *operations: str) -> list[dict[str, Any]]:
    return [entry for entry in get(f"{control}/ptz/{camera}/log") if entry["operation"] in operations]


def test_an_operator_handles_an_sos_with_the_keyboard_alone(hands: Hands, run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    demo = run(
        *("--home", str(home), "demo", "--cameras", "4", "--scenario", "sos", "--lang", "en"),
        environment=hands.environment,
    )
    until("the practice city's address", (home / "practice.json").exists, 90)
    control = json.loads((home / "practice.json").read_text())["control"]
    until("the window", lambda: hands.has_window("Watchroom"))
    until("four pictures under way", lambda: len(get(f"{control}/sent")) >= 4)

    hands.press("4", "Return")
    until(
        "camera 4 called up",
        lambda: rows(home, "select 1 from audit where subject='camera/4' and action='view_camera'"),
    )

    hands.press("p")
    hands.do("keydown", "Right")
    until("a move on the wire", lambda: requests_of(control, 4, "ContinuousMove"), 20)
    hands.do("keyup", "Right")
    until("a Stop on the wire", lambda: requests_of(control, 4, "Stop"), 5)
    hands.press("Escape")

    critical = "select id from alarm where json_extract(body, '$.priority')='critical'"
    until("the SOS as an alarm", lambda: rows(home, critical))
    acknowledged = f"select 1 from alarm_event where step='acknowledged' and subject in ({critical})"
    # The desk takes a key about an alarm that came just now only after a second of looking.
    hands.press_until("the acknowledgement", "space", lambda: rows(home, acknowledged))
    hands.press_until("the incident", "shift+space", lambda: rows(home, "select 1 from incident"))
    hands.press("d")
    until("the dispatch dialog", lambda: hands.has_window("Ask them to go"))
    hands.press("Tab", "space", "Return")
    until("the dispatch", lambda: rows(home, "select 1 from incident_event where step='dispatched'"))
    hands.press("c")
    until("the closing dialog", lambda: hands.has_window("Close incident"))
    hands.press("Tab", "space", "Return")
    until("the closed case", lambda: rows(home, "select 1 from incident where status='closed'"))
    assert demo.end() == 0, demo.errors.read_text()
    assert not (home / "socket").exists()


def test_a_console_killed_while_a_camera_moves_leaves_a_stop_on_the_wire(
    hands: Hands, run: Run, tmp_path: Path
) -> None:
    city = run("simulate", "--cameras", "2")
    said = json.loads(city.line())
    home = tmp_path / "desk"
    account = said["credentials"]["practice"]
    settings = tmp_path / "console.toml"
    settings.write_text(f'[centre]\nid = "{said["centre"]}"\n[mqtt]\nurl = "{said["mqtt"]}"\n[desk]\nlanguage = "en"\n')
    common = ["--home", str(home), "--config", str(settings)]
    assert run(*common, "cameras", "import", said["cameras"]).process.wait(60) == 0
    keeping = run(*common, "cameras", "credentials", "practice", "--user", account["user"])
    keeping.process.communicate(f"{account['password']}\n", timeout=60)
    assert keeping.process.returncode == 0

    desk = run(*common, environment=hands.environment)
    password = re.search(r"one-time password: (\S+)", desk.line())
    assert password is not None
    until("the window", lambda: hands.has_window("Watchroom"))
    name = until("the sign-in page", hands.line_with_keys)
    hands.write("admin", "Tab")
    secret = until("the password's line", lambda: (line := hands.line_with_keys()) != name and line)
    hands.write(password[1], "Return")
    until("the page of the new password", lambda: hands.line_with_keys() not in (None, name, secret))
    hands.write(password[1], "Tab", "a better password", "Tab", "a better password", "Return")
    until("the sign-in", lambda: done(home, "sign_in", "admin"), 15)

    hands.press("1", "Return")
    until("camera 1 called up", lambda: done(home, "view_camera", "camera/1"))
    hands.press("p")
    hands.do("keydown", "Right")
    hands.press("9")  # what for; the arrow stays down
    until("a move on the wire", lambda: requests_of(said["control"], 1, "ContinuousMove"), 20)
    killed_at = time.time()
    desk.kill()
    hands.do("keyup", "Right")

    def stops() -> list[float]:
        return [stop["at"] for stop in requests_of(said["control"], 1, "Stop") if stop["at"] >= killed_at]

    assert until("a Stop on the wire", stops, 5)[0] - killed_at <= 0.5
