"""Moving the practice city's camera, which was written from the ONVIF documents and not from our code."""

import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.camera import Camera, Credentials
from domain.clock import SystemClock
from domain.errors import CredentialsError
from domain.motion import MotionPhase, Velocity
from ptz.control import PtzControl
from ptz.watchdog import Watchdog

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]  # a fresh machine paints the clips first
SECRET = Credentials("practice", 'quoted "&" <word>')


class City:
    """The cameras' process."""

    def __init__(self, folder: Path) -> None:
        config = folder / "cameras.json"
        config.write_text(
            json.dumps(
                {
                    "cameras": [{"no": 2, "name": "dome", "kind": "ptz", "scene": 3}],
                    "credentials": {"user": SECRET.user, "password": SECRET.password},
                }
            ),
            encoding="utf-8",
        )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulation.cameras", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert self._process.stdout is not None
        self.said = json.loads(self._process.stdout.readline())

    def post(self, path: str, **said: Any) -> None:
        request = urllib.request.Request(self._url(path), json.dumps(said).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5) as answer:
            answer.read()

    def log(self) -> list[Any]:
        with urllib.request.urlopen(self._url("/ptz/2/log"), timeout=5) as answer:
            return [one for one in json.load(answer) if one["operation"] in {"ContinuousMove", "Stop"}]

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.said['control_port']}{path}"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = City(tmp_path_factory.mktemp("city"))
    yield city
    city.close()


@pytest.fixture
def dome(city: City, entry: Callable[..., Camera]) -> Iterator[Camera]:
    yield entry(city.said["cameras"][0]["onvif_url"], 2)
    city.post("/clear", target="ptz/2")


@pytest.fixture
def control(told: Any, clock: SystemClock) -> Iterator[PtzControl]:
    watchdog, end = Watchdog(clock), threading.Event()
    watchdog.start()
    assert watchdog.wait_alive(10)

    def beat() -> None:
        watchdog.beat()
        while not end.wait(0.1):
            watchdog.beat()

    beats = threading.Thread(target=beat)
    watchdog.beat()
    beats.start()
    control = PtzControl(lambda _: SECRET, told, clock, watchdog)
    yield control
    control.close()
    watchdog.close()
    end.set()
    beats.join()


def test_it_is_moved_stopped_and_seen_standing_still(control: PtzControl, dome: Camera, told: Any, city: City) -> None:
    control.home(dome)
    before = control.status(dome)
    control.move(dome, Velocity(pan=0.5, zoom=0.5))
    told.wait_for(MotionPhase.MOVING)
    threading.Event().wait(0.3)  # long enough to see in its position
    control.stop(dome)
    stopped = told.wait_for(MotionPhase.STOPPED)
    assert before is not None
    assert stopped.position is not None
    assert stopped.position.pan > before.pan
    stop, zero = city.log()[-2:]
    assert stop["operation"] == "Stop"
    assert float(zero["asked"]["PanTilt"]["x"]) == float(zero["asked"]["Zoom"]["x"]) == 0
    assert control.counts() == (1, 1)


def test_its_presets_are_stored_recalled_and_removed(control: PtzControl, dome: Camera) -> None:
    before = control.presets(dome)
    stored = control.set_preset(dome, "다리 밑 <1>")
    assert control.presets(dome) == (*before, stored)
    control.goto(dome, stored.token)
    control.remove_preset(dome, stored.token)
    assert control.presets(dome) == before


def test_it_may_be_moving_while_it_is_deaf_to_stop(control: PtzControl, dome: Camera, told: Any, city: City) -> None:
    control.status(dome)
    for fault in ("ignores_stop", "ignores_timeout", "zero_move_ignored"):
        city.post("/fault", target="ptz/2", fault=fault)
    control.move(dome, Velocity(pan=-0.1))
    told.wait_for(MotionPhase.MOVING)
    control.stop(dome)
    told.wait_for(MotionPhase.MAY_BE_MOVING)
    city.post("/clear", target="ptz/2")
    told.wait_for(MotionPhase.STOPPED)


def test_its_refusal_of_the_password_is_told(control: PtzControl, dome: Camera, city: City) -> None:
    city.post("/fault", target="ptz/2", fault="wrong_password")
    for _ in range(2):
        with pytest.raises(CredentialsError):
            control.presets(dome)
    city.post("/clear", target="ptz/2")
    control.retry(dome)
    assert control.presets(dome)
