"""The moving cameras that the bench moves: a process of its own, whose journal is the wire as the cameras saw it."""

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.camera import Camera, Credentials, SiteKind
from domain.place import Place

ROOT = Path(__file__).resolve().parent.parent.parent
SECRET = Credentials("practice", "bench")
MOVES = {"ContinuousMove", "RelativeMove", "AbsoluteMove", "GotoPreset", "GotoHomePosition"}
UNPAINTED = 17  # from so many on, nothing is painted in advance: nobody looks at these pictures
_ANSWER_S = 10.0

Fault = tuple[str, Mapping[str, float]]
"""What is wrong with a camera: its name, and what is to be set of it."""
_END_S = 10.0


@dataclass(frozen=True, slots=True)
class City:
    """Running cameras, by their numbers from 1."""

    control: str
    urls: Mapping[int, str]

    def camera(self, no: int) -> Camera:
        """Return its entry in a register."""
        return register_entry(no, self.urls[no])

    @property
    def cameras(self) -> list[Camera]:
        """Return all of them."""
        return [self.camera(no) for no in self.urls]

    def fault(self, no: int, name: str, **traits: float) -> None:
        """Let something be wrong with a camera from now on."""
        self._ask("/fault", {"target": f"ptz/{no}", "fault": name} | ({"with": traits} if traits else {}))

    def commands(self, no: int, since: float = 0.0) -> list[dict[str, Any]]:
        """Return the requests of its PTZ service that had come whole since a monotonic moment, the oldest first."""
        return [one for one in self._ask(f"/ptz/{no}/log") if one["monotonic"] >= since]

    def first(self, no: int, operations: set[str], since: float, before: float = float("inf")) -> float:
        """Return when the first of these came in this time; NaN where none did."""
        found = (one["monotonic"] for one in self.commands(no, since) if one["operation"] in operations)
        return next((at for at in found if at < before), float("nan"))

    def _ask(self, path: str, body: dict[str, object] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.control + path, data), timeout=_ANSWER_S) as answer:
            return json.load(answer)


def register_entry(no: int, url: str) -> Camera:
    """Return a moving camera as a register has it."""
    return Camera(
        no=no,
        name=f"bench {no}",
        site="bench",
        site_kind=SiteKind.PARK,
        district="bench",
        place=Place(37.4, 126.9),
        onvif_url=url,
        credentials="bench",
    )


@contextmanager
def moving_cameras(count: int) -> Iterator[City]:
    """Run so many of them, or some more."""
    with tempfile.TemporaryDirectory(prefix="watchroom-bench-") as folder:
        config = Path(folder) / "cameras.json"
        rows = [
            {"no": no, "name": f"bench {no}", "kind": "ptz", "scene": 3} for no in range(1, max(count, UNPAINTED) + 1)
        ]
        secret = {"user": SECRET.user, "password": SECRET.password}
        config.write_text(json.dumps({"cameras": rows, "credentials": secret}))
        command = [sys.executable, "-m", "simulation.cameras", str(config)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield _ready(process, count)
            finally:
                process.terminate()
                try:
                    process.wait(_END_S)
                except subprocess.TimeoutExpired:
                    process.kill()


def _ready(process: "subprocess.Popen[str]", count: int) -> City:
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        raise SystemExit("the practice cameras did not start")
    said = json.loads(line)
    urls = {row["no"]: row["onvif_url"] for row in said["cameras"] if row["no"] <= count}
    return City(f"http://127.0.0.1:{said['control_port']}", urls)


def wanted(command: Mapping[str, Any]) -> bool:
    """Whether a request moves the camera: it is a move, and no zero one."""
    if command["operation"] not in MOVES:
        return False
    told = [command["asked"].get(name) or {} for name in ("PanTilt", "Zoom")]
    numbers = [float(one[axis]) for one in told if isinstance(one, dict) for axis in ("x", "y") if axis in one]
    return command["operation"] != "ContinuousMove" or any(numbers)


def most_pending(commands: list[dict[str, Any]], takes_s: float) -> int:
    """Return how many moves and questions at most were unanswered at once by a camera that answers after `takes_s`.

    Stops are left out: they have a connection of their own, so that they need not wait.
    """
    times = [one["monotonic"] for one in commands if one["operation"] != "Stop"]
    return max((sum(at <= other < at + 0.95 * takes_s for other in times) for at in times), default=0)
