"""Practice cameras that notice things: their process, its control, and register entries for them."""

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
from domain.place import Place

ROOT = Path(__file__).parents[2]
SECRET = Credentials("practice", 'quoted "&" <word>')
WITHIN_S = 15.0


def until(what: str, condition: Callable[[], Any], within_s: float = WITHIN_S) -> Any:
    """Wait for a condition and return what it gives; fail naming what never came."""
    ends, pause = time.monotonic() + within_s, threading.Event()
    while not (found := condition()):
        assert time.monotonic() < ends, f"never came: {what}"
        pause.wait(0.02)
    return found


class EventCity:
    """A process of practice cameras; `kinds` are their `onvif` objects, the cameras are numbered from 1."""

    def __init__(self, folder: Path, kinds: list[dict[str, Any]], **more: Any) -> None:
        config = folder / "cameras.json"
        cameras = [
            {"no": number, "name": f"dome {number}", "kind": "ptz", "scene": 3, "onvif": kind}
            for number, kind in enumerate(kinds, start=1)
        ]
        secret = {"user": SECRET.user, "password": SECRET.password}
        config.write_text(json.dumps({"cameras": cameras, "credentials": secret, **more}), encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulation.cameras", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        self.said = json.loads(self._process.stdout.readline())
        self.numbers = [camera["no"] for camera in self.said["cameras"]]

    def entry(self, number: int, *, secure: bool = False, **changes: Any) -> Camera:
        """Return a camera's register entry."""
        told = next(camera for camera in self.said["cameras"] if camera["no"] == number)
        return Camera(
            **{
                "no": number,
                "name": f"dome {number}",
                "site": "S-1",
                "site_kind": SiteKind.PARK,
                "district": "만안",
                "place": Place(37.4, 126.9),
                "onvif_url": told["onvif_https_url" if secure else "onvif_url"],
                "credentials": "practice",
                **changes,
            }
        )

    def post(self, path: str, **said: Any) -> Any:
        """Ask the control for something."""
        request = urllib.request.Request(self._url(path), json.dumps(said).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def get(self, path: str) -> Any:
        """Ask the control how something is."""
        with urllib.request.urlopen(self._url(path), timeout=5) as answer:
            return json.load(answer)

    def happens(self, number: int, topic: str = "motion", *, state: bool = True, **more: Any) -> int:
        """Have something happen before a camera; return how many pull points it reached."""
        return int(self.post(f"/onvif/{number}/event", topic=topic, state=state, **more)["subscriptions"])

    def begin(self, number: int, fault: str, **settings: Any) -> None:
        """Break a camera."""
        self.post("/fault", target=f"ptz/{number}", fault=fault, **({"with": settings} if settings else {}))

    def clear(self) -> None:
        """Mend all cameras."""
        for number in self.numbers:
            self.post("/clear", target=f"ptz/{number}")

    def state(self, number: int) -> Any:
        return self.get(f"/onvif/{number}/state")

    def points(self, number: int) -> list[Any]:
        """Return the camera's pull points."""
        return list(self.state(number)["subscriptions"])

    def fired(self, number: int, fault: str) -> int:
        return int(self.state(number)["fired"].get(fault, 0))

    def asked(self, number: int, *operations: str) -> list[Any]:
        """Return the requests of these operations, the oldest first."""
        return [one for one in self.get(f"/onvif/{number}/journal") if one["operation"] in operations]

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(15)
        self._process.stdout.close()

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.said['control_port']}{path}"
