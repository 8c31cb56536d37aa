"""`main.py ptz` on every kind of camera that the practice city has: each verb, judged by what the camera did."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from db.secrets import SecretStore
from domain.camera import Camera, SiteKind
from tests.console.surroundings import Said, Terminal, Workstation
from tests.ptz.moving_city import SECRET, City

pytest_plugins = ["tests.console.fixtures"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "two heads": {"heads": 2},
    "relative only": {"moves": ["relative"]},
    "absolute only": {"moves": ["absolute"]},
    "digest only": {"sign_in": "digest"},
    "wrong clock": {},
    "wrong password": {},
    "zoom only": {"axes": ["zoom"], "presets": {"stored": 1}},
    "no status": {"status": "none"},
    "slow": {},
    "closing": {},
    "foreign names": {"presets": {"names": "ascii_refused"}},
    "ignores stop": {"timeout": [0.1, 1.0]},
    "prevents crime": {},
}
NO = {name: number for number, name in enumerate(KINDS, 1)}
FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "wrong clock": ("clock_wrong", {}),
    "wrong password": ("wrong_password", {}),
    "slow": ("slow", {"answer_late_s": 0.2}),
    "closing": ("closes_after_answer", {}),
    "ignores stop": ("ignores_stop", {}),
}
SECOND_HEAD = 50
WHOLE = ["plain", "two heads", "relative only", "absolute only", "digest only", "wrong clock", "slow", "closing"]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with closing(City(tmp_path_factory.mktemp("kinds"), list(KINDS.values()))) as city:
        for name, (fault, traits) in FAULTS.items():
            city.fault(NO[name], fault, **traits)
        yield city


@pytest.fixture
def at(terminal: Terminal, city: City) -> Terminal:
    """A terminal on a home whose register has a camera of each kind."""
    workstation = Workstation(terminal.home)
    cameras = [city.camera(no) for no in NO.values()]
    cameras[-1] = replace(cameras[-1], site_kind=SiteKind.CRIME_PREVENTION)
    workstation.core.stores.cameras.replace_many([*cameras, second_head(city)])
    workstation.close()
    SecretStore(terminal.home).keep("practice", SECRET)
    return terminal


def second_head(city: City) -> Camera:
    return replace(city.camera(NO["two heads"]), no=SECOND_HEAD, head=1)


def one_line(said: Said, holds: str) -> bool:
    """Whether a command failed with one line on standard error and nothing else, and that holds these words."""
    return (said.code, said.out, said.err.count("\n")) == (1, "", 1) and holds in said.err


@pytest.mark.parametrize("name", WHOLE)
def test_every_verb_does_what_it_says(name: str, at: Terminal, city: City) -> None:
    no = NO[name]
    before = city.head(no)
    way = "-0.5" if before["pan"] > 0 else "0.5"
    moved = at.run("ptz", str(no), "move", "--pan", way, "--for", "0.7")
    assert (moved.code, moved.out, moved.err) == (0, "stopped True\n", "")
    here = city.head(no)
    assert not here["moving"]
    assert (here["pan"] - before["pan"]) * float(way) > 2
    told = at.run("ptz", str(no), "status", "--json").json
    assert told["pan"] * 150 == pytest.approx(here["pan"], abs=1.0)
    assert at.run("ptz", str(no), "set", "gate").code == 0
    assert "  gate\n" in at.run("ptz", str(no), "presets").out
    away = at.run("ptz", str(no), "move", "--pan", "-0.5" if here["pan"] > 0 else "0.5", "--for", "0.5")
    assert away.code == 0
    assert abs(city.head(no)["pan"] - here["pan"]) > 1
    gone = at.run("ptz", str(no), "goto", "gate")
    assert (gone.code, gone.err) == (0, "")
    assert city.head(no)["pan"] == pytest.approx(here["pan"], abs=1.0)
    assert at.run("ptz", str(no), "remove", "gate").code == 0
    assert "gate" not in at.run("ptz", str(no), "presets").out
    assert at.run("ptz", str(no), "stop").out == "stopped True\n"


def test_the_head_that_the_register_means_is_moved(at: Terminal, city: City) -> None:
    before = city.state(NO["two heads"])["heads"]
    assert at.run("ptz", str(SECOND_HEAD), "move", "--tilt", "0.5", "--for", "0.4").out == "stopped True\n"
    first, second = city.state(NO["two heads"])["heads"]
    assert first == before[0]
    assert second["tilt"] > before[1]["tilt"] + 0.5


def test_a_wrong_password_is_one_line_whatever_is_asked(at: Terminal, city: City) -> None:
    no = str(NO["wrong password"])
    for verb in (["status"], ["presets"], ["set", "gate"], ["goto", "1"], ["move", "--pan", "1"], ["stop"]):
        assert one_line(at.run("ptz", no, *verb), "refuses this name and password")
    assert city.moves(int(no)) == []


def test_an_axis_that_it_has_not_is_one_line_and_one_that_it_has_moves(at: Terminal, city: City) -> None:
    no = str(NO["zoom only"])
    assert one_line(at.run("ptz", no, "move", "--pan", "1"), "can't be moved this way")
    assert city.moves(int(no)) == []
    before = city.head(int(no))["zoom"]
    way = "1" if before < 0.5 else "-1"
    assert at.run("ptz", no, "move", "--zoom", way, "--for", "0.4").code == 0
    assert abs(city.head(int(no))["zoom"] - before) > 0.02


def test_a_camera_without_a_status_is_never_called_stopped(at: Terminal, city: City) -> None:
    no = NO["no status"]
    assert one_line(at.run("ptz", str(no), "status"), "")
    assert one_line(at.run("ptz", str(no), "move", "--pan", "0.2", "--for", "0.3"), "has not confirmed the stop")
    assert city.stops(no)
    assert not city.head(no)["moving"]


def test_a_camera_that_is_deaf_to_stop_is_seen_to_stand_or_said_to_turn(at: Terminal, city: City) -> None:
    no = NO["ignores stop"]
    said = at.run("ptz", str(no), "move", "--pan", "0.2", "--for", "0.3")
    assert (said.code, said.out) == (0, "stopped True\n")  # by the move of zero
    assert not city.head(no)["moving"]
    city.fault(no, "zero_move_ignored")
    city.fault(no, "ignores_timeout")
    assert one_line(at.run("ptz", str(no), "move", "--pan", "0.1", "--for", "0.3"), "may be moving")
    city.clear(no)
    assert at.run("ptz", str(no), "stop").out == "stopped True\n"
    assert not city.head(no)["moving"]


def test_a_name_that_the_camera_refuses_is_one_line(at: Terminal) -> None:
    no = str(NO["foreign names"])
    assert one_line(at.run("ptz", no, "set", "동문"), "SetPreset")
    assert at.run("ptz", no, "set", "gate").out.startswith("done set, name gate, token ")
    assert one_line(at.run("ptz", no, "set", " "), "needs a name")


def test_what_a_camera_is_turned_for_is_written_down(at: Terminal, city: City) -> None:
    no = str(NO["prevents crime"])
    for verb in (["move", "--pan", "0.2", "--for", "0.2"], ["goto", "1"]):
        assert one_line(at.run("ptz", no, *verb, "--purpose", "fun"), "--purpose must be one of report_112, ")
    assert city.moves(int(no)) == []
    assert at.run("ptz", no, "status").code == 0
    assert at.run("ptz", no, "move", "--pan", "0.2", "--for", "0.2", "--purpose", "sos").code == 0
    assert at.run("ptz", no, "stop").code == 0
    workstation = Workstation(at.home)
    audited = [(line.action, line.purpose) for line in workstation.core.stores.audit.recent()]
    workstation.close()
    assert ("move_camera", "sos") in audited
    assert ("move_camera", "command line") in audited  # the stop says none


@pytest.mark.parametrize(
    "wrong",
    [
        ["ptz"],
        ["ptz", "1"],
        ["ptz", "one", "status"],
        ["ptz", "1", "fly"],
        ["ptz", "1", "goto"],
        ["ptz", "1", "move", "--pan", "fast"],
        ["ptz", "1", "move", "--speed", "1"],
        ["ptz", "1", "stop", "now"],
    ],
)
def test_wrong_use_is_told_as_such(at: Terminal, wrong: list[str]) -> None:
    said = at.run(*wrong)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("usage: ")


def test_a_failure_is_json_too_where_json_is_asked_for(at: Terminal) -> None:
    said = at.run("ptz", "1", "goto", "nowhere", "--json")
    assert said.code == 1
    assert said.json == {"error": "camera 1 has no preset 'nowhere'", "problems": []}
    assert said.err == "camera 1 has no preset 'nowhere'\n"
