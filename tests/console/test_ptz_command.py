import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from db.secrets import SecretStore
from domain.camera import Credentials
from domain.operator import Role
from tests.console.by_hand import Running, until
from tests.console.surroundings import (
    PASSWORD,
    PTZ_ACCOUNT,
    PTZ_CAMERA,
    PracticeCameras,
    Terminal,
    Workstation,
    free_port,
    make_camera,
    operator,
)

pytest_plugins = ["tests.console.fixtures"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(200)]  # a fresh machine paints the clips first

DOME = str(PTZ_CAMERA)


@pytest.fixture
def at_dome(terminal: Terminal, cameras: PracticeCameras) -> Terminal:
    """A terminal on a home whose register has a practice camera that turns, one that can't, and one that is away."""
    away = make_camera(4, onvif_url=f"http://127.0.0.1:{free_port()}/onvif", credentials="practice")
    fill(terminal.home, [cameras.dome, make_camera(3), away])
    return terminal


def fill(home: Path, register: list[object]) -> None:
    workstation = Workstation(home)
    workstation.core.stores.cameras.replace_many(register)  # type: ignore[arg-type]
    workstation.close()
    SecretStore(home).keep("practice", Credentials(*PTZ_ACCOUNT))


def test_a_camera_says_where_it_points_in_words_and_in_json(at_dome: Terminal) -> None:
    assert at_dome.run("ptz", DOME, "status").out.startswith("pan ")
    assert set(at_dome.run("ptz", DOME, "status", "--json").json) == {"pan", "tilt", "zoom"}


def test_a_move_turns_the_camera_for_so_long_and_ends_with_a_confirmed_stop(
    at_dome: Terminal, cameras: PracticeCameras
) -> None:
    before = at_dome.run("ptz", DOME, "status", "--json").json
    moves = len(cameras.asked("ContinuousMove"))
    said = at_dome.run("ptz", DOME, "move", "--pan", "0.5", "--tilt", "-0.2", "--for", "0.8")
    assert (said.code, said.out, said.err) == (0, "stopped True\n", "")
    (move,) = cameras.asked("ContinuousMove")[moves:]
    stop = cameras.asked("Stop")[-1]
    assert 0.7 <= stop["at"] - move["at"] <= 2.0
    after = at_dome.run("ptz", DOME, "status", "--json").json
    assert after["pan"] > before["pan"]
    assert after["tilt"] < before["tilt"]
    again = at_dome.run("ptz", DOME, "status", "--json").json
    assert again == after


def test_a_stop_is_sent_and_confirmed_even_when_nothing_moves(at_dome: Terminal, cameras: PracticeCameras) -> None:
    cameras.wait_quiet()
    before = len(cameras.asked("Stop"))
    assert at_dome.run("ptz", DOME, "stop").out == "stopped True\n"
    assert len(cameras.asked("Stop")) > before


def test_a_preset_is_set_listed_gone_to_and_removed(at_dome: Terminal) -> None:
    assert at_dome.run("ptz", DOME, "set", "동문 gate").code == 0
    listed = at_dome.run("ptz", DOME, "presets", "--json").json
    token = next(preset["token"] for preset in listed if preset["name"] == "동문 gate")
    assert f"{token}  동문 gate" in at_dome.run("ptz", DOME, "presets").out.splitlines()
    assert at_dome.run("ptz", DOME, "goto", "동문 gate").out == "done goto, name 동문 gate\n"
    assert at_dome.run("ptz", DOME, "goto", token).code == 0
    assert at_dome.run("ptz", DOME, "remove", "동문 gate").code == 0
    gone = at_dome.run("ptz", DOME, "goto", "동문 gate")
    assert (gone.code, gone.err) == (1, f"camera {DOME} has no preset '동문 gate'\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["99", "status"], "no camera has the number 99"),
        (["3", "move", "--pan", "1"], "camera 3 can't be moved: its register entry has no ONVIF address"),
        ([DOME, "move"], "a move needs --pan, --tilt or --zoom within -1..1, not all 0"),
        ([DOME, "move", "--pan", "1.5"], "a move needs --pan, --tilt or --zoom within -1..1, not all 0"),
        ([DOME, "move", "--pan", "nan"], "--pan: not a number"),
        ([DOME, "move", "--pan", "1", "--for", "inf"], "--for: not a number"),
        ([DOME, "move", "--pan", "1", "--for", "0"], "--for must be above 0 and at most 60 seconds"),
        ([DOME, "move", "--pan", "1", "--for", "-3"], "--for must be above 0 and at most 60 seconds"),
        ([DOME, "move", "--pan", "1", "--for", "61"], "--for must be above 0 and at most 60 seconds"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line_and_nothing_moves(
    at_dome: Terminal, cameras: PracticeCameras, arguments: list[str], said: str
) -> None:
    cameras.wait_quiet()
    before = len(cameras.asked("ContinuousMove"))
    refused = at_dome.run("ptz", *arguments)
    assert (refused.code, refused.out, refused.err) == (1, "", f"{said}\n")
    assert len(cameras.asked("ContinuousMove")) == before


@pytest.mark.parametrize("verb", [["status"], ["presets"], ["goto", "1"], ["move", "--pan", "1", "--for", "0.2"]])
def test_a_camera_that_does_not_answer_is_one_clear_line(at_dome: Terminal, verb: list[str]) -> None:
    began = time.monotonic()
    refused = at_dome.run("ptz", "4", *verb)
    assert time.monotonic() - began < 10
    assert refused.code == 1
    assert len(refused.err.splitlines()) == 1
    assert "does not answer" in refused.err


def test_a_wrong_password_is_said_and_the_camera_not_pestered(at_dome: Terminal, cameras: PracticeCameras) -> None:
    SecretStore(at_dome.home).keep("practice", Credentials("practice", "wrong"))
    cameras.wait_quiet()
    before = len(cameras.asked("ContinuousMove"))
    for verb in (["status"], ["move", "--pan", "1", "--for", "0.2"]):
        refused = at_dome.run("ptz", DOME, *verb)
        assert refused.code == 1
        assert len(refused.err.splitlines()) == 1
    assert len(cameras.asked("ContinuousMove")) == before


def test_moving_and_storing_need_their_rights_looking_does_not(at_dome: Terminal, cameras: PracticeCameras) -> None:
    workstation = Workstation(at_dome.home)
    for role in (Role.POLICE_LIAISON, Role.OPERATOR):
        workstation.core.stores.operators.add(operator(role, role.value), PASSWORD)
    workstation.close()
    cameras.wait_quiet()
    before = len(cameras.asked("ContinuousMove", "Stop", "SetPreset"))
    assert at_dome.run("ptz", DOME, "status").code == 0
    nameless = at_dome.run("ptz", DOME, "move", "--pan", "1")
    assert (nameless.code, nameless.err) == (1, "move_camera needs a name: --as NAME\n")
    looker = at_dome.run("--as", "police_liaison", "ptz", DOME, "move", "--pan", "1")
    assert looker.err.startswith("police_liaison may not move_camera")
    storing = at_dome.run("--as", "operator", "ptz", DOME, "set", "gate")
    assert storing.err.startswith("operator may not set_preset")
    assert len(cameras.asked("ContinuousMove", "Stop", "SetPreset")) == before
    assert at_dome.run("--as", "operator", "ptz", DOME, "move", "--pan", "-1", "--for", "0.2").code == 0


def test_a_running_console_moves_the_camera_for_the_command(
    at_dome: Terminal, cameras: PracticeCameras, headless: Callable[..., Running]
) -> None:
    headless(at_dome.home)
    cameras.wait_quiet()
    moves, stops = len(cameras.asked("ContinuousMove")), len(cameras.asked("Stop"))
    said = at_dome.run("ptz", DOME, "move", "--pan", "-0.5", "--for", "0.3")
    assert (said.code, said.out, said.err) == (0, "stopped True\n", "")
    assert len(cameras.asked("ContinuousMove")) == moves + 1
    assert len(cameras.asked("Stop")) > stops


def test_a_console_killed_while_a_command_moves_a_camera_leaves_a_stop_on_the_wire(
    at_dome: Terminal, cameras: PracticeCameras, run: Callable[..., Running]
) -> None:
    moves, stops = len(cameras.asked("ContinuousMove")), len(cameras.asked("Stop"))
    moving = run("--home", str(at_dome.home), "ptz", DOME, "move", "--pan", "0.3", "--for", "30")
    until("a move on the wire", lambda: len(cameras.asked("ContinuousMove")) > moves, 20)
    moving.kill()
    until("a Stop on the wire", lambda: len(cameras.asked("Stop")) > stops, 2)


@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGKILL])
def test_a_command_that_is_interrupted_while_a_console_moves_the_camera_for_it_stops_the_camera(
    at_dome: Terminal,
    cameras: PracticeCameras,
    headless: Callable[..., Running],
    run: Callable[..., Running],
    ends: signal.Signals,
) -> None:
    headless(at_dome.home)
    cameras.wait_quiet()
    moves, stops = len(cameras.asked("ContinuousMove")), len(cameras.asked("Stop"))
    moving = run("--home", str(at_dome.home), "ptz", DOME, "move", "--pan", "0.3", "--for", "60")
    until("a move on the wire", lambda: len(cameras.asked("ContinuousMove")) > moves, 20)
    assert len(cameras.asked("Stop")) == stops
    moving.process.send_signal(ends)
    until("a Stop on the wire", lambda: len(cameras.asked("Stop")) > stops, 3)
