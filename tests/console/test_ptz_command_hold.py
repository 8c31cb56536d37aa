"""A command that turns a camera lets go of it: on Ctrl+C, when somebody stops it, when somebody else takes it."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from console.commands import Commands
from console.heart import Heart
from db.secrets import SecretStore
from domain.errors import UnreachableError
from domain.lease import Rank
from domain.motion import MotionPhase, Position, Velocity
from domain.operator import Role
from tests.console.by_hand import Running, until
from tests.console.surroundings import PASSWORD, Terminal, Workstation, free_port, operator
from tests.ptz.moving_city import SECRET, City, Told, steering

pytest_plugins = ["tests.console.fixtures"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

TURNING = [["move", "--pan", "0.2", "--for", "60"], ["goto", "far"]]
MOVE = {"do": "ptz", "camera": 1, "verb": "move", "pan": 0.1, "for_s": 30.0, "as": "operator"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """One camera with two views, so far apart that the way from one to the other takes seconds; it is near one."""
    with closing(City(tmp_path_factory.mktemp("hold"), [{}])) as city:
        told = Told()
        with steering(told) as control:
            for pan, name in ((1.0, "far"), (-1.0, "near")):
                control.turn(city.camera(1), Position(pan, 0.0, 0.0))
                told.wait_for(1, MotionPhase.STOPPED)
                control.set_preset(city.camera(1), name)
        yield city


@pytest.fixture
def at(terminal: Terminal, city: City) -> Terminal:
    workstation = Workstation(terminal.home)
    workstation.core.stores.cameras.replace_many([city.camera(1)])
    workstation.close()
    SecretStore(terminal.home).keep("practice", SECRET)
    return terminal


def turns(city: City, since: int) -> None:
    until("it turns", lambda: len(city.moves(1)) > since and city.head(1)["moving"], 20)


@pytest.mark.parametrize("verb", TURNING, ids=["move", "goto"])
@pytest.mark.parametrize("console", [False, True], ids=["alone", "console"])
def test_ctrl_c_stops_the_camera_and_waits_to_see_it_stand(
    at: Terminal,
    city: City,
    headless: Callable[..., Running],
    run: Callable[..., Running],
    verb: list[str],
    console: bool,
) -> None:
    if console:
        headless(at.home)
    moves, stops = len(city.moves(1)), len(city.stops(1))
    turning = run("--home", str(at.home), "ptz", "1", *verb)
    turns(city, moves)
    turning.process.send_signal(signal.SIGINT)
    until("a Stop on the wire", lambda: len(city.stops(1)) > stops, 1)
    assert turning.process.wait(20) == 1
    assert not city.head(1)["moving"]
    assert turning.errors.read_text() == "interrupted; camera 1 was stopped\n"
    turning.end()


def test_a_movement_that_another_command_stops_ends_and_says_so(
    at: Terminal, city: City, headless: Callable[..., Running], run: Callable[..., Running]
) -> None:
    headless(at.home)
    moves = len(city.moves(1))
    first = run("--home", str(at.home), "ptz", "1", "move", "--pan", "0.1", "--for", "60")
    turns(city, moves)
    assert at.run("ptz", "1", "stop").out == "stopped True\n"
    assert not city.head(1)["moving"]
    assert first.process.wait(20) == 1
    assert first.errors.read_text() == "camera 1 was stopped by somebody else\n"
    first.end()


@pytest.fixture
def joined(at: Terminal) -> Iterator[Workstation]:
    """The same home with its watchdog and leases at work, and somebody who may move cameras."""
    workstation = Workstation(at.home)
    workstation.core.stores.operators.add(operator(Role.OPERATOR, "operator"), PASSWORD)
    workstation.core.watchdog.start()
    workstation.core.turning.leases.start()
    with Heart(workstation.core.watchdog):
        yield workstation
    workstation.close()


def test_a_camera_that_a_supervisor_has_at_the_desk_is_not_moved(joined: Workstation, city: City) -> None:
    core, moves = joined.core, len(city.moves(1))
    assert core.turning.leases.wish(city.camera(1), Rank.SUPERVISOR).may_move
    with pytest.raises(UnreachableError, match="in use at the desk here, so nothing is moved"):
        Commands(core, core.write_audit).answer(MOVE)
    assert len(city.moves(1)) == moves


def test_a_supervisor_at_the_desk_takes_the_camera_from_a_command(joined: Workstation, city: City) -> None:
    core, moves = joined.core, len(city.moves(1))
    said: list[str] = []

    def command() -> None:
        with pytest.raises(UnreachableError) as caught:
            Commands(core, core.write_audit).answer(MOVE)
        said.append(str(caught.value))

    moving = threading.Thread(target=command)
    moving.start()
    turns(city, moves)
    leases = core.turning.leases
    assert not leases.wish(city.camera(1), Rank.SUPERVISOR).may_move
    until("the desk has it", lambda: leases.may_move(1, "desk"), 10)
    moving.join()
    assert said == ["camera 1 was taken over at the desk here"]
    until("it stands", lambda: not city.head(1)["moving"], 1)
    stops = len(city.stops(1))
    core.ptz.move(city.camera(1), Velocity(pan=0.1))
    until("it turns for the desk", lambda: city.head(1)["moving"], 5)
    assert len(city.stops(1)) == stops  # the command lets the desk's movement be


def test_without_headquarters_a_command_moves_by_itself_and_warns(at: Terminal, city: City, tmp_path: Path) -> None:
    """Headquarters is set and does not answer: local control, and whoever asked is told so."""
    hq = {
        "url": f"postgresql://nobody@127.0.0.1:{free_port()}/hq",
        **dict.fromkeys(("ca", "cert", "key"), str(tmp_path)),
    }
    away = tmp_path / "console.toml"
    away.write_text("[hq]\n" + "".join(f'{name} = "{value}"\n' for name, value in hq.items()))
    way = "-0.2" if city.head(1)["pan"] > 0 else "0.2"
    said = at.run("--config", str(away), "ptz", "1", "move", "--pan", way, "--for", "0.3")
    assert (said.code, said.err) == (0, "")
    assert said.out == "stopped True, warning headquarters is away: nobody else was asked\n"
    assert at.run("--config", str(away), "ptz", "1", "status").code == 0
