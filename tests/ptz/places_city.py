"""Practice cameras of many kinds for the tests of places, tours and lenses, and all that moves them."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from domain.camera import Camera, Credentials, SiteKind
from domain.clock import SystemClock
from domain.motion import MotionState
from domain.place import Place
from domain.sign_in_gate import SignInGate
from ptz.contacts import Contacts
from ptz.control import PtzControl
from ptz.watchdog import Watchdog

ROOT = Path(__file__).parents[2]
WHO = Credentials("practice", "a secret of the tests")

PLAIN, REFUSED_NAMES, SPOILED_NAMES, LONG, ODD, FULL, FIXED_HOME, NO_HOME, TINY, SPEEDY = range(1, 11)
RELATIVE_LENS, ABSOLUTE_LENS, CONTINUOUS_LENS, SECOND_HEAD, NO_STATUS = range(11, 16)
KINDS: dict[int, dict[str, Any]] = {
    PLAIN: {},
    REFUSED_NAMES: {"presets": {"names": "ascii_refused"}},
    SPOILED_NAMES: {"presets": {"names": "ascii_replaced"}},
    LONG: {"presets": {"stored": 300, "most": 400}},
    ODD: {"presets": {"odd": True}},
    FULL: {"tours": 8, "auxiliary": True, "imaging": True},
    FIXED_HOME: {"home": "fixed"},
    NO_HOME: {"home": "none"},
    TINY: {"presets": {"most": 3}},
    SPEEDY: {"ranges": {"speed": [0, 10]}, "tours": 8},
    RELATIVE_LENS: {"imaging": ["focus_relative"], "auxiliary": ["tt:Wiper|On"]},
    ABSOLUTE_LENS: {"imaging": ["focus_absolute"]},
    CONTINUOUS_LENS: {"imaging": ["focus_continuous", "iris"]},
    SECOND_HEAD: {"heads": 2, "imaging": True},
    NO_STATUS: {"status": "none"},
}


class PlacesCity:
    """The cameras' process, one for a test module. More than 16 are never drawn ahead, so it begins quickly."""

    def __init__(self, folder: Path) -> None:
        rows = [
            {"no": no, "name": f"dome {no}", "kind": "ptz", "scene": 3, "onvif": kind} for no, kind in KINDS.items()
        ]
        rows += [{"no": no, "name": f"dome {no}", "kind": "ptz", "scene": 3} for no in range(80, 84)]
        config = folder / "cameras.json"
        secret = {"user": WHO.user, "password": WHO.password}
        config.write_text(json.dumps({"cameras": rows, "credentials": secret}), encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulation.cameras", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        said = json.loads(self._process.stdout.readline())
        self._control = f"http://127.0.0.1:{said['control_port']}"
        self._urls = {camera["no"]: camera["onvif_url"] for camera in said["cameras"]}

    def camera(self, no: int, **changes: Any) -> Camera:
        """Return the register entry of a camera."""
        said = {"site_kind": SiteKind.PARK, "onvif_url": self._urls[no], "credentials": "practice", **changes}
        return Camera(no=no, name=f"dome {no}", site="s", district="d", place=Place(37.4, 126.9), **said)

    def fault(self, no: int, name: str, **traits: Any) -> None:
        """Begin a fault."""
        self._post("/fault", {"target": f"ptz/{no}", "fault": name, **({"with": traits} if traits else {})})

    def clear(self, no: int) -> None:
        """End all faults of a camera."""
        self._post("/clear", {"target": f"ptz/{no}"})

    def journal(self, no: int, *operations: str) -> list[dict[str, Any]]:
        """Return what the camera was asked, oldest first; of these operations only, where any are named."""
        told = self._get(f"/onvif/{no}/journal")
        return [one for one in told if not operations or one["operation"] in operations]

    def state(self, no: int) -> dict[str, Any]:
        """Return what the camera says of its heads, tours and switches."""
        return self._get(f"/onvif/{no}/state")

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(self._control + path, timeout=5) as answer:
            return json.load(answer)

    def _post(self, path: str, said: dict[str, Any]) -> None:
        request = urllib.request.Request(self._control + path, json.dumps(said).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5) as answer:
            answer.read()


def until(met: Callable[[], bool], for_s: float = 15.0) -> None:
    """Wait until something is true."""
    ends = time.monotonic() + for_s
    while not met():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.02)


class Steering:
    """A control with its watchdog and heart, and contacts to the same cameras."""

    def __init__(self) -> None:
        clock, gate = SystemClock(), SignInGate()
        self.states: list[MotionState] = []
        self.watchdog = Watchdog(clock)
        self.watchdog.start()
        self._end = threading.Event()
        self._beats = threading.Thread(target=self._beat)
        self._beats.start()
        assert self.watchdog.wait_alive(10)
        self.control = PtzControl(lambda _: WHO, self.states.append, clock, self.watchdog, gate)
        self.contacts = Contacts(lambda _: WHO, clock, gate)

    def close(self) -> None:
        """Stop all and end."""
        self.control.close()
        self.watchdog.close()
        self._end.set()
        self._beats.join()

    def _beat(self) -> None:
        self.watchdog.beat()
        while not self._end.wait(0.1):
            self.watchdog.beat()
