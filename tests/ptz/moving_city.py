"""The practice city's moving cameras as a process, and a console in small that moves them."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from domain.camera import Camera, Credentials, SiteKind
from domain.clock import SystemClock
from domain.motion import MotionPhase, MotionState, Velocity
from domain.place import Place
from ptz.control import PtzControl
from ptz.motions import Motions
from ptz.watchdog import Watchdog

SECRET = Credentials("practice", 'quoted "&" <word>')
MOVES = {"ContinuousMove", "RelativeMove", "AbsoluteMove", "GotoPreset", "GotoHomePosition"}


class City:
    """Cameras by number, each of its kind."""

    def __init__(self, folder: Path, kinds: list[Any]) -> None:
        # From seventeen on nothing is painted in advance: nobody looks at these pictures.
        kinds = kinds + [{}] * (17 - len(kinds))
        config = folder / "cameras.json"
        rows = [
            {"no": no, "name": f"dome {no}", "kind": "ptz", "scene": 3, "onvif": kind}
            for no, kind in enumerate(kinds, 1)
        ]
        secret = {"user": SECRET.user, "password": SECRET.password}
        config.write_text(json.dumps({"cameras": rows, "credentials": secret}), encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulation.cameras", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert self._process.stdout is not None
        self.said = json.loads(self._process.stdout.readline())

    def camera(self, no: int) -> Camera:
        said = next(one for one in self.said["cameras"] if one["no"] == no)
        url = said["onvif_https_url"] or said["onvif_url"]
        return Camera(
            no=no,
            name="Practice dome",
            site="S-1",
            site_kind=SiteKind.PARK,
            district="Manan",
            place=Place(37.4, 126.9),
            onvif_url=url,
            credentials="practice",
        )

    def fault(self, no: int, name: str, **traits: Any) -> None:
        self._post("/fault", target=f"ptz/{no}", fault=name, **({"with": traits} if traits else {}))

    def clear(self, no: int) -> None:
        self._post("/clear", target=f"ptz/{no}")

    def journal(self, no: int, since: float = 0.0) -> list[Any]:
        """Return the requests of the PTZ service that came since a moment."""
        return [one for one in self.look(f"/ptz/{no}/log") if one["monotonic"] >= since]

    def moves(self, no: int, since: float = 0.0) -> list[Any]:
        return [one for one in self.journal(no, since) if one["operation"] in MOVES]

    def stops(self, no: int, since: float = 0.0) -> list[Any]:
        return [one for one in self.journal(no, since) if one["operation"] == "Stop"]

    def state(self, no: int) -> Any:
        return self.look(f"/onvif/{no}/state")

    def head(self, no: int) -> Any:
        return self.state(no)["heads"][0]

    def look(self, path: str) -> Any:
        with urllib.request.urlopen(self._url(path), timeout=5) as answer:
            return json.load(answer)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _post(self, path: str, **said: Any) -> None:
        request = urllib.request.Request(self._url(path), json.dumps(said).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5) as answer:
            answer.read()

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.said['control_port']}{path}"


class Beats:
    """Stands in for the UI thread's timer."""

    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        watchdog.beat()
        self._thread.start()

    def cease(self) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(0.1):
            self._watchdog.beat()


class Told:
    """Collects what the control reports."""

    def __init__(self) -> None:
        self.states: list[MotionState] = []
        self._told = threading.Condition()

    def __call__(self, state: MotionState) -> None:
        with self._told:
            self.states.append(state)
            self._told.notify_all()

    def phases(self, no: int) -> list[MotionPhase]:
        with self._told:
            return [state.phase for state in self.states if state.camera_no == no]

    def last(self, no: int) -> MotionState | None:
        with self._told:
            return next((state for state in reversed(self.states) if state.camera_no == no), None)

    def wait_for(self, no: int, *phases: MotionPhase, for_s: float = 15.0) -> MotionState:
        """Wait until one of these is this camera's last reported phase."""
        ends = time.monotonic() + for_s
        with self._told:
            while True:
                last = next((state for state in reversed(self.states) if state.camera_no == no), None)
                if last is not None and last.phase in phases:
                    return last
                left = ends - time.monotonic()
                assert left > 0, f"none of {phases} within {for_s} s, but {self.states}"
                self._told.wait(left)


def until(met: Callable[[], Any], for_s: float = 10.0, what: str = "") -> None:
    """Wait until a condition is met, looking every 50 ms."""
    pause, ends = threading.Event(), time.monotonic() + for_s
    while not met():
        assert time.monotonic() < ends, f"not within {for_s} s: {what}"
        pause.wait(0.05)


@contextmanager
def steering(told: Told, **more: Any) -> Iterator[PtzControl]:
    """Give a control with a watchdog and beats; `more` is what it is made with besides."""
    clock = SystemClock()
    watchdog = Watchdog(clock)
    watchdog.start()
    assert watchdog.wait_alive(10)
    beats = Beats(watchdog)
    control = PtzControl(lambda _: SECRET, told, clock, watchdog, **more)
    try:
        yield control
    finally:
        control.close()
        watchdog.close()
        beats.cease()


def begin(motions: Motions, wish: Velocity) -> None:
    """Say all of a movement, for who has nothing else to heed."""
    for message in motions.plan(wish):
        motions.say(message, wish)


def numbers(move: Any) -> list[float]:
    """Return the numbers of a move, as the camera was told them."""
    axes = [move["asked"].get(name) or {} for name in ("PanTilt", "Zoom")]
    return [float(one[axis]) for one in axes if isinstance(one, dict) for axis in ("x", "y") if axis in one]


def still_wanted(moves: list[Any]) -> list[Any]:
    """Return the moves that are no zero ones."""
    return [one for one in moves if one["operation"] != "ContinuousMove" or any(numbers(one))]
