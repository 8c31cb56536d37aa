"""`main.py ptz` on ipycam, which we did not write, as programs of their own; its web page says what it does."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.secrets import SecretStore
from tests.console.by_hand import Running, until
from tests.console.surroundings import Said, Workstation, run_program
from tests.ptz.foreign import ForeignDevice
from tests.ptz.moving_city import SECRET

pytest_plugins = ["tests.console.fixtures"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignDevice]:
    with closing(ForeignDevice(tmp_path_factory.mktemp("foreign"), SECRET)) as device:
        yield device


@pytest.fixture
def home(tmp_path: Path, foreign: ForeignDevice) -> Path:
    workstation = Workstation(tmp_path / "home")
    workstation.core.stores.cameras.replace_many([foreign.camera(1)])
    workstation.close()
    SecretStore(tmp_path / "home").keep("foreign", SECRET)
    return tmp_path / "home"


def ptz(home: Path, *arguments: str) -> Said:
    return run_program("--home", str(home), "ptz", "1", *arguments)


def test_every_verb_works_and_says_nothing_else(home: Path, foreign: ForeignDevice) -> None:
    assert ptz(home, "stop") == Said(0, "stopped True\n", "")
    before = foreign.head()["pan"]
    way = -0.3 if before > 0 else 0.3
    assert ptz(home, "move", "--pan", str(way), "--for", "1") == Said(0, "stopped True\n", "")
    here = foreign.head()
    assert not here["moving"]
    assert 0.2 < (here["pan"] - before) / way * 0.3 < 0.8
    told = ptz(home, "status", "--json")
    assert told.json == pytest.approx({"pan": here["pan"], "tilt": here["tilt"], "zoom": here["zoom"]})
    assert told.err == ""  # its status holds what is no date, of which the library would log a stack
    stored = ptz(home, "set", "동문")
    assert (stored.code, stored.err) == (0, "")
    assert ptz(home, "goto", "Home") == Said(0, "done goto, name Home\n", "")
    assert foreign.head()["pan"] == 0.0
    assert ptz(home, "goto", "동문").code == 0
    assert foreign.head() == here
    assert "home  Home\n" in ptz(home, "presets").out


def test_what_it_has_not_is_one_line(home: Path) -> None:
    assert ptz(home, "remove", "Home") == Said(1, "", "RemovePreset: Action not supported:\n")
    assert ptz(home, "goto", "nowhere") == Said(1, "", "camera 1 has no preset 'nowhere'\n")


def test_a_killed_command_leaves_it_standing(home: Path, foreign: ForeignDevice, run: Callable[..., Running]) -> None:
    way = "-0.05" if foreign.head()["pan"] > 0 else "0.05"
    moving = run("--home", str(home), "ptz", "1", "move", "--pan", way, "--for", "30")
    until("it turns", lambda: foreign.head()["moving"], 20)
    moving.kill()
    until("it stands", lambda: not foreign.head()["moving"], 2)
