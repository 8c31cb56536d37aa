"""Real counterparts for the video tests: practice cameras, and a camera that answers what a test tells it."""

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from domain.camera import Camera, Credentials, SiteKind
from domain.clock import SystemClock
from domain.picture import Subscription
from domain.place import Place
from video.engine import VideoEngine

ROOT = Path(__file__).resolve().parents[2]
WHO = Credentials("practice", "a secret of the tests")


@pytest.fixture
def eventually():
    """Wait until something is true, and say what was not."""

    def wait(condition, timeout_s=15.0):
        pause, end = threading.Event(), time.monotonic() + timeout_s
        while not (result := condition()):
            assert time.monotonic() < end, "it did not come to pass"
            pause.wait(0.005)
        return result

    return wait


@pytest.fixture
def camera_at():
    """Make a register entry."""

    def make(no=1, sub_url="", main_url="", credentials="practice", **more):
        return Camera(
            no=no,
            name=f"camera {no}",
            site="site",
            site_kind=SiteKind.ROAD,
            district="district",
            place=Place(37.39, 126.95),
            main_url=main_url,
            sub_url=sub_url,
            credentials=credentials,
            **more,
        )

    return make


@pytest.fixture
def wish():
    """Make a subscription."""

    def make(no=1, profile="sub", width=160, height=90, **more):
        return Subscription(no, profile, width, height, **more)

    return make


class Desk:
    """An engine with what it reported."""

    def __init__(self, **more):
        self.news = []
        self.credentials = WHO
        self.ask = lambda _: self.credentials
        self.engine = VideoEngine(self._asked, self.news.append, SystemClock(), **more)

    @property
    def pid(self):
        return self.engine.processes()[0][1]

    def _asked(self, name):
        return self.ask(name)


@pytest.fixture
def desk():
    """Run an engine."""
    desk = Desk()
    desk.engine.start()
    yield desk
    desk.engine.close()
    assert desk.engine.processes() == []


class ScriptedCamera:
    """Listens on a free port and answers each request with what `answer(request)` returns; None is silence."""

    def __init__(self):
        self.answer = lambda request: None
        self.requests = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"rtsp://127.0.0.1:{self._listener.getsockname()[1]}/live"
        self._open = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def with_password(self):
        """Return the requests that carried a password."""
        return [request for request in list(self.requests) if "Authorization:" in request]

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        text = b""
        with connection:
            try:
                while data := connection.recv(4096):
                    text += data
                    while b"\r\n\r\n" in text:
                        request, _, text = text.partition(b"\r\n\r\n")
                        self.requests.append(request.decode())
                        said = self.answer(request.decode())
                        if said is not None:
                            connection.sendall(said)
            except OSError:
                return

    def close(self):
        if self._listener.fileno() < 0:
            return
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for thread in self._threads:
            thread.join()


@pytest.fixture
def scripted():
    """Run a camera that answers as told."""
    camera = ScriptedCamera()
    yield camera
    camera.close()


class Practice:
    """Three practice cameras, with their faults."""

    def __init__(self, ready):
        self._control = f"http://127.0.0.1:{ready['control_port']}"
        self.cameras = {camera["no"]: camera for camera in ready["cameras"]}

    def fault(self, no, name):
        self._post("/fault", {"target": f"camera/{no}", "fault": name})

    def sessions(self, no):
        """Return how many sessions a camera has now."""
        return self._state(no)["sessions"]

    def opened(self, no):
        """Return how many sessions a camera has had so far."""
        return self._state(no)["sessions_opened"]

    def _state(self, no):
        with urllib.request.urlopen(self._control + "/state", timeout=5) as answer:
            cameras = json.loads(answer.read())["cameras"]
        return next(camera for camera in cameras if camera["no"] == no)

    def clear(self, no):
        self._post("/clear", {"target": f"camera/{no}"})

    def _post(self, path, body):
        request = urllib.request.Request(
            self._control + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.status == 200


@pytest.fixture(scope="session")
def practice(tmp_path_factory):
    """Run practice cameras for all tests of this folder."""
    config = tmp_path_factory.mktemp("cameras") / "cameras.json"
    cameras = [{"no": no, "name": f"카메라 {no}", "kind": "fixed", "scene": no} for no in (1, 2, 3)]
    config.write_text(json.dumps({"cameras": cameras, "credentials": {"user": WHO.user, "password": WHO.password}}))
    command = [sys.executable, "-m", "simulation.cameras", str(config)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Practice(json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.terminate()


@pytest.fixture
def practice_camera(practice, camera_at):
    """Make the register entry of a practice camera, whose faults are gone afterwards."""
    used = []

    def make(no):
        used.append(no)
        practice.clear(no)
        return camera_at(no, practice.cameras[no]["sub_url"], practice.cameras[no]["main_url"])

    yield make
    for no in used:
        practice.clear(no)
