"""The practice city's cameras as a process of their own, for tests of how cameras are met."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from domain.camera import Camera, Credentials, SiteKind
from domain.clock import SystemClock
from domain.place import Place
from domain.sign_in_gate import SignInGate
from ptz.acquaintance import Remembered
from ptz.contacts import Contacts
from ptz.pins import Exchange

SECRET = Credentials("practice", 'quoted "&" <word>')


class City:
    """Cameras by the names of their kinds; each on a port of its own."""

    def __init__(self, folder: Path, kinds: dict[str, dict[str, Any]]) -> None:
        self._numbers = {name: number for number, name in enumerate(kinds, 11)}
        rows = [
            {"no": self._numbers[name], "name": name, "kind": "ptz", "scene": 3, "onvif": {"own_port": True, **kind}}
            for name, kind in kinds.items()
        ]
        config = folder / "cameras.json"
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

    def row(self, name: str) -> dict[str, Any]:
        """Return what the ready line says of a camera."""
        return next(row for row in self.said["cameras"] if row["no"] == self._numbers[name])

    def camera(self, name: str, **more: Any) -> Camera:
        """Return a camera's register entry."""
        row = self.row(name)
        fields: dict[str, Any] = {
            "no": row["no"],
            "name": name,
            "site": "S-1",
            "site_kind": SiteKind.PARK,
            "district": "Manan",
            "place": Place(37.4, 126.9),
            "onvif_url": row["onvif_https_url"] or row["onvif_url"],
            "credentials": "practice",
        }
        return Camera(**fields | more)

    def fault(self, name: str, fault: str, **traits: Any) -> None:
        """Begin a fault."""
        self._ask("POST", "/fault", {"target": f"ptz/{self._numbers[name]}", "fault": fault, "with": traits})

    def clear(self, name: str) -> None:
        """End all faults of a camera."""
        self._ask("POST", "/clear", {"target": f"ptz/{self._numbers[name]}"})

    def fired(self, name: str, fault: str) -> int:
        """Return how often a fault showed on the wire."""
        return int(self.look(name, "state")["fired"].get(fault, 0))

    def become(self, name: str, **identity: str) -> None:
        """Have another device answer at a camera's address."""
        self.tell(name, "device", identity)

    def tell(self, name: str, what: str, wish: Any) -> Any:
        """Pass a wish to a camera."""
        return self._ask("POST", f"/onvif/{self._numbers[name]}/{what}", wish)

    def look(self, name: str, what: str) -> Any:
        """Return a camera's state, journal or sign_ins."""
        return self._ask("GET", f"/onvif/{self._numbers[name]}/{what}")

    def journal(self, name: str, since: int = 0) -> list[Any]:
        """Return the requests that reached a camera, from a number on."""
        found: list[Any] = self.look(name, "journal")
        return found[since:]

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _ask(self, method: str, path: str, wish: Any = None) -> Any:
        content = None if wish is None else json.dumps(wish).encode()
        url = f"http://127.0.0.1:{self.said['control_port']}{path}"
        with urllib.request.urlopen(urllib.request.Request(url, content, method=method), timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None


class SkippingClock(SystemClock):
    """The system's clock, which can be told that time has passed."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s


class Room:
    """Contacts with what they keep and tell; made anew as after a restart."""

    def __init__(self) -> None:
        self.kept = Remembered()
        self.clock = SkippingClock()
        self.exchanges: list[Exchange] = []
        self.password = SECRET
        self.restart()

    def restart(self) -> None:
        self.gate = SignInGate()
        self.contacts = Contacts(lambda _: self.password, self.clock, self.gate, self.kept, self.exchanges.append)

    def meet(self, camera: Camera) -> None:
        self.contacts.device(camera).close()


def operations(city: City, kind: str, since: int = 0) -> list[str]:
    return [one["operation"] for one in city.journal(kind, since)]
