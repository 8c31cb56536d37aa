"""Practice cameras that stream and turn, for tests of the whole console."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from domain.camera import Camera, Credentials
from tests.console.by_hand import ROOT, get
from tests.console.surroundings import make_camera


class PracticeStreet:
    """Fixed cameras 1 to 3 and a dome, 4, of the practice city: they stream, the dome turns, and faults are at hand."""

    who = Credentials("practice", "a secret of the tests")

    def __init__(self, folder: Path) -> None:
        kinds = {1: "fixed", 2: "fixed", 3: "fixed", 4: "ptz"}
        cameras = [{"no": no, "name": f"거리 {no}", "kind": kind, "scene": min(no, 3)} for no, kind in kinds.items()]
        config = folder / "cameras.json"
        credentials = {"user": self.who.user, "password": self.who.password}
        config.write_text(json.dumps({"cameras": cameras, "credentials": credentials}))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulation.cameras", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        self._said = json.loads(self._process.stdout.readline())
        self._control = f"http://127.0.0.1:{self._said['control_port']}"

    def camera(self, number: int, **changes: object) -> Camera:
        """Return a register entry; the dome's has an ONVIF address."""
        said = next(camera for camera in self._said["cameras"] if camera["no"] == number)
        given: dict[str, object] = {"main_url": said["main_url"], "sub_url": said["sub_url"], "credentials": "practice"}
        return make_camera(number, **{**given, "onvif_url": said.get("onvif_url") or "", **changes})

    def state(self, number: int) -> dict[str, Any]:
        """Return what a camera tells of itself."""
        cameras: list[dict[str, Any]] = get(f"{self._control}/state")["cameras"]
        return next(camera for camera in cameras if camera["no"] == number)

    def fault(self, number: int, name: str) -> None:
        self._post("/fault", {"target": f"camera/{number}", "fault": name})

    def clear(self, number: int) -> None:
        self._post("/clear", {"target": f"camera/{number}"})

    def _post(self, path: str, body: dict[str, str]) -> None:
        request = urllib.request.Request(self._control + path, json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5) as answer:
            answer.read()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(15)
        self._process.stdout.close()
