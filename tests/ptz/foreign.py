"""ipycam, a virtual camera that we did not write, shut into a network namespace: it binds every interface it finds.

The port by which tests reach it is listened on outside, and its socket handed in: the device itself stays inside.
"""

import fcntl
import importlib.util
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from domain.camera import Camera, Credentials, SiteKind
from domain.place import Place

ROOT = Path(__file__).parents[2]
TOLD_PORT = 8080  # where it says that it is: inside
STREAM_PORT = 8554
_READY_S = 30.0
_SET_FLAGS, _GET_FLAGS, _UP = 0x8914, 0x8913, 1


class ForeignDevice:
    """One ipycam; `url` is how it is reached from outside. `secret` is what it wants to hear, None for nothing."""

    def __init__(self, folder: Path, secret: Credentials | None = None) -> None:
        assert importlib.util.find_spec("ipycam"), "ipycam is not installed; ./check installs it"
        self._secret = secret
        (folder / "camera.json").write_text(
            json.dumps({"username": secret.user, "password": secret.password} if secret else {})
        )
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port: int = door.getsockname()[1]
            self._process = subprocess.Popen(
                [*_alone(), sys.executable, "-m", "tests.ptz.foreign", str(door.fileno()), str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))},
                pass_fds=[door.fileno()],
            )
        ready = self._answer()
        assert ready == {"ready": True}, f"ipycam did not start in a network namespace of its own: {ready}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/onvif/device_service"

    @property
    def namespace(self) -> str:
        """Return the name of its network namespace."""
        return namespace(self._process.pid)

    def camera(self, no: int = 1, **changes: Any) -> Camera:
        """Return its entry in the register."""
        said = {"onvif_url": self.url, "credentials": "foreign" if self._secret else "", **changes}
        place = Place(37.4, 126.9)
        return Camera(no=no, name="foreign", site="S-1", site_kind=SiteKind.PARK, district="Manan", place=place, **said)

    def head(self) -> dict[str, Any]:
        """Return where it points and whether it turns, as its own web page knows it."""
        found: dict[str, Any] = json.loads(self.get(f"http://127.0.0.1:{self.port}/api/ptz"))
        return found

    def get(self, url: str) -> bytes:
        """Return what it serves at an address of its web page."""
        opener = urllib.request.build_opener()
        if self._secret is not None:
            passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
            passwords.add_password(None, url, self._secret.user, self._secret.password, is_authenticated=True)
            opener.add_handler(urllib.request.HTTPBasicAuthHandler(passwords))
        with opener.open(url, timeout=5) as answer:
            content: bytes = answer.read()
        return content

    def inside(self, *arguments: str) -> dict[str, Any]:
        """Run a program of Python's beside it, in its namespace; return its `code`, `out` and `err`."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        return json.loads(line) if line else {"ended with": self._process.wait()}


def namespace(process: int | str = "self") -> str:
    """Return the name of a process's network namespace."""
    return str(Path(f"/proc/{process}/ns/net").readlink())


def _alone() -> list[str]:
    """Return what starts a program in a network namespace; who is not root is root in a user namespace for it."""
    return ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]


# -- what runs inside


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        name = struct.pack("16sh", b"lo", 0)
        (flags,) = struct.unpack_from("h", fcntl.ioctl(any_socket, _GET_FLAGS, name), 16)
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh", b"lo", flags | _UP))


def _relay(door: socket.socket) -> None:
    """Join whoever comes to the door with the device."""
    while True:
        caller, _ = door.accept()
        device = socket.create_connection(("127.0.0.1", TOLD_PORT))
        for source, sink in ((caller, device), (device, caller)):
            threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while content := source.recv(65536):
            sink.sendall(content)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, sink):
            with suppress(OSError):  # the other pump was first
                end.shutdown(socket.SHUT_RDWR)


def _listens() -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", TOLD_PORT)) == 0


def _say(said: dict[str, Any]) -> None:
    print(json.dumps(said), flush=True)  # noqa: T201 - how the two ends speak


def _inside(door: socket.socket, folder: Path) -> None:
    _raise_loopback()
    camera = ["ipycam", "--config", "camera.json", "--source", "video", "--width", "320", "--height", "240"]
    with (folder / "log.txt").open("w") as log:
        device = subprocess.Popen(
            [sys.executable, "-m", *camera, "--fps", "5"],
            cwd=folder,  # it keeps its presets where it is started
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        ends = time.monotonic() + _READY_S
        while not _listens():
            if device.poll() is not None or time.monotonic() > ends:
                _say({"log": (folder / "log.txt").read_text()[-1000:]})
                return
            time.sleep(0.05)
        threading.Thread(target=_relay, args=(door,), daemon=True).start()
        _say({"ready": True})
        for line in sys.stdin:
            done = subprocess.run([sys.executable, *json.loads(line)], capture_output=True, text=True, check=False)
            _say({"code": done.returncode, "out": done.stdout, "err": done.stderr})
    finally:
        device.kill()
        device.wait()


if __name__ == "__main__":
    _inside(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]))
