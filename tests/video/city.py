"""Practice cameras of any kind for a test module, and what they say of themselves."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from domain.camera import Camera, Credentials, SiteKind
from domain.place import Place

ROOT = Path(__file__).resolve().parents[2]
WHO = Credentials("practice", "a secret of the tests")


class City:
    """Running practice cameras, by number."""

    def __init__(self, ready):
        self._control = f"http://127.0.0.1:{ready['control_port']}"
        self._cameras = {camera["no"]: camera for camera in ready["cameras"]}

    def camera(self, no, **more):
        """Return the register entry of a camera."""
        said = self._cameras[no]
        entry = {"sub_url": said["sub_url"], "main_url": said["main_url"], "credentials": "practice", **more}
        place = Place(37.39, 126.95)
        return Camera(
            no=no, name=f"camera {no}", site="site", site_kind=SiteKind.ROAD, district="district", place=place, **entry
        )

    def fault(self, no, name):
        """Begin a fault, and return when (monotonic)."""
        return self._ask("/fault", {"target": f"camera/{no}", "fault": name})["monotonic"]

    def clear(self, no):
        """End all faults of a camera, and return when (monotonic)."""
        return self._ask("/clear", {"target": f"camera/{no}"})["monotonic"]

    def states(self):
        """Return what every camera says of itself, by number."""
        return {camera["no"]: camera for camera in self._ask("/state")["cameras"]}

    def state(self, no):
        return self.states()[no]

    def sent(self, no):
        """Return what each session of a camera was sent, the oldest first."""
        return [session for session in self._ask("/sent") if session["camera"] == no]

    def _ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._control + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)


@contextmanager
def running_city(folder, cameras):
    """Run practice cameras: rows with `no`, and what else is to be known of them."""
    rows = [{"name": f"camera {row['no']}", "kind": "fixed", "scene": row["no"], **row} for row in cameras]
    config = folder / "cameras.json"
    config.write_text(json.dumps({"cameras": rows, "credentials": {"user": WHO.user, "password": WHO.password}}))
    command = [sys.executable, "-m", "simulation.cameras", str(config)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield City(json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.terminate()


def until(condition, look=lambda: None, timeout_s=15.0):
    """Look again and again until something is true; say how long it took, in seconds."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < timeout_s, "it did not come to pass"
        look()
        time.sleep(0.01)
    return time.monotonic() - began


class Patience:
    """How late things may be, told by how long a process or this one had to wait for a core meanwhile (Linux).

    Where they had cores when they wanted them, what is promised holds to the letter: no gap over 300 ms, nothing late.
    Between the two the cameras themselves, in their process, had to wait as well.
    Where others kept the machine busy it can't be measured, and only what no such machine explains is a failure.
    """

    def __init__(self, pid):
        self._pids = (pid, os.getpid())
        self._began, self._waited_s = time.monotonic(), self._wait_s()

    @property
    def gap_s(self):
        """Return how long a healthy tile may stand still."""
        share = self._share()
        if share < 0.08:
            return 0.3 if share < 0.02 else 0.6
        return 1.0 if share < 0.15 else 3.0

    @property
    def late_s(self):
        """Return by how much anything may be later than promised."""
        return 0.0 if self._share() < 0.08 else 0.5

    def _share(self):
        waited_s = max(now - then for now, then in zip(self._wait_s(), self._waited_s, strict=True))
        return waited_s / (time.monotonic() - self._began)

    def _wait_s(self):
        return [int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9 for pid in self._pids]
