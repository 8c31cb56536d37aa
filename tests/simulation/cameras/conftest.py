"""Running camera processes, and what speaks to them over their own sockets."""

import hashlib
import http.client
import json
import os
import re
import secrets
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import av
import pytest

from tests.simulation.cameras.onvif_talk import PASSWORD, USER, Onvif, Soap, digest_proof

ROOT = Path(__file__).parents[3]
FIXED, PTZ, OTHER_FIXED = 1, 2, 3
CAMERAS = [
    {"no": FIXED, "name": "만안구청 앞", "kind": "fixed", "scene": 7},
    {"no": PTZ, "name": "중앙공원", "kind": "ptz", "scene": 3},
    {"no": OTHER_FIXED, "name": "안양역 광장", "kind": "fixed", "scene": 4},
]
QUICK = {"probesize": "32768", "analyzeduration": "100000", "fpsprobesize": "0"}


def configuration(clips: Path, **more: Any) -> dict[str, Any]:
    secret = {"user": USER, "password": PASSWORD}
    return {"cameras": CAMERAS, "credentials": secret, "rtsp_port": 0, "clips": str(clips), **more}


def begin(path: Path, **more: Any) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "simulation.cameras", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        **more,
    )


class Answered:
    """An RTSP answer."""

    def __init__(self, status: int, headers: dict[str, str], body: str) -> None:
        self.status, self.headers, self.body = status, headers, body


class Conversation:
    """RTSP over a plain socket, with a digest of its own making."""

    def __init__(self, url: str, password: str = PASSWORD, *, qop: bool = False) -> None:
        self.url = url
        self._password, self._qop = password, qop
        self._challenge: re.Match[str] | None = None
        self._no = 0
        port = urlsplit(url).port
        self._socket = socket.create_connection(("127.0.0.1", port), 10)
        self._file = self._socket.makefile("rb")
        self.session = ""

    def ask(self, method: str, url: str = "", authorization: str | None = None, **headers: str) -> Answered:
        url = url or self.url
        self._no += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self._no}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if authorization is None and self._challenge:
            authorization = self._proof(method, url)
        if authorization:
            lines.append(f"Authorization: {authorization}")
        if self.session:
            lines.append(f"Session: {self.session}")
        self._socket.sendall("\r\n".join((*lines, "", "")).encode())
        return self._answer()

    def authorised(self, method: str, url: str = "", **headers: str) -> Answered:
        """Ask, and ask again with a proof where the camera wants one."""
        answer = self.ask(method, url, **headers)
        if answer.status == 401 and self._challenge is None:
            self._challenge = re.search(r'realm="([^"]*)", nonce="([^"]*)"', answer.headers["www-authenticate"])
            answer = self.ask(method, url, **headers)
        return answer

    def play(self, transport: str = "RTP/AVP/TCP;unicast;interleaved=0-1") -> Answered:
        assert self.authorised("DESCRIBE").status == 200
        setup = self.ask("SETUP", f"{self.url}/trackID=0", Transport=transport)
        assert setup.status == 200
        self.session = setup.headers["session"].split(";")[0]
        assert self.ask("PLAY").status == 200
        return setup

    def packet(self) -> tuple[int, bytes]:
        """Return the next channel and packet; EOFError at the end."""
        head = self._file.read(4)
        if len(head) < 4:
            raise EOFError
        assert head[0] == 0x24
        return head[1], self._file.read(struct.unpack(">H", head[2:])[0])

    def pictures(self, count: int) -> list[int]:
        """Return the RTP timestamps of so many whole pictures."""
        stamps: list[int] = []
        while len(stamps) < count:
            channel, packet = self.packet()
            if channel == 0 and packet[1] & 0x80:
                stamps.append(struct.unpack_from(">I", packet, 4)[0])
        return stamps

    def media(self) -> bytes:
        """Return the next RTP packet."""
        while True:
            channel, packet = self.packet()
            if channel == 0:
                return packet

    def units(self) -> Iterator[list[bytes]]:
        """Give the RTP payloads of one whole picture after the other."""
        payloads: list[bytes] = []
        while True:
            packet = self.media()
            payloads.append(packet[12:])
            if packet[1] & 0x80:
                yield payloads
                payloads = []

    def within(self, seconds: float) -> None:
        self._socket.settimeout(seconds)

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def _proof(self, method: str, url: str) -> str:
        realm, nonce = self._challenge.groups()
        user, target = _md5(f"{USER}:{realm}:{self._password}"), _md5(f"{method}:{url}")
        more, middle = "", nonce
        if self._qop:
            cnonce = secrets.token_hex(4)
            more, middle = f', qop=auth, nc=00000001, cnonce="{cnonce}"', f"{nonce}:00000001:{cnonce}:auth"
        response = _md5(f"{user}:{middle}:{target}")
        return f'Digest username="{USER}", realm="{realm}", nonce="{nonce}", uri="{url}", response="{response}"{more}'

    def _answer(self) -> Answered:
        while (first := self._file.read(1)) == b"$":  # pictures may come between
            _, length = struct.unpack(">BH", self._file.read(3))
            self._file.read(length)
        line = first + self._file.readline()
        if not line:
            raise EOFError
        headers: dict[str, str] = {}
        while text := self._file.readline().decode().strip():
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        body = self._file.read(int(headers.get("content-length", 0))).decode()
        return Answered(int(line.split(b" ")[1]), headers, body)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


class RunningCameras:
    """A process that plays cameras."""

    def __init__(self, path: Path) -> None:
        self.process = begin(path)
        self.ready: dict[str, Any] = json.loads(self.process.stdout.readline())
        self._conversations: list[Conversation] = []

    def camera(self, no: int) -> dict[str, Any]:
        return next(camera for camera in self.ready["cameras"] if camera["no"] == no)

    def url(self, no: int, profile: str) -> str:
        return self.camera(no)[f"{profile}_url"]

    def open(self, no: int, profile: str, password: str = PASSWORD, **options: str) -> Any:
        """Open a stream with PyAV."""
        url = self.url(no, profile).replace("rtsp://", f"rtsp://{USER}:{quote(password)}@")
        return av.open(url, options={"rtsp_transport": "tcp", **QUICK, **options}, timeout=(20, 5))

    def talk(self, no: int, profile: str = "sub", **more: Any) -> Conversation:
        conversation = Conversation(self.url(no, profile), **more)
        self._conversations.append(conversation)
        return conversation

    def get(self, path: str) -> Any:
        return self._ask("GET", path)[1]

    def post(self, path: str, wish: Any) -> tuple[int, Any]:
        return self._ask("POST", path, json.dumps(wish))

    def begin(self, no: int, fault: str, for_s: float | None = None, **settings: Any) -> None:
        wish = {"target": f"camera/{no}", "fault": fault, "for_s": for_s, "with": settings}
        status, said = self.post("/fault", wish)
        assert status == 200, said

    def clear(self) -> None:
        for camera in self.ready["cameras"]:
            self.post("/clear", {"target": f"camera/{camera['no']}"})

    def faults(self, no: int) -> list[str]:
        return self.state(no)["faults"]

    def state(self, no: int) -> dict[str, Any]:
        return next(camera for camera in self.get("/state")["cameras"] if camera["no"] == no)

    def fired(self, no: int) -> dict[str, int]:
        """Return how often each fault has shown on the wire."""
        return self.get(f"/onvif/{no}/state")["fired"]

    def hang_up(self) -> None:
        for conversation in self._conversations:
            conversation.close()
        self._conversations.clear()

    def close(self) -> None:
        self.hang_up()
        self.process.stdin.close()
        assert self.process.wait(10) == 0
        self.process.stdout.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.ready["control_port"], timeout=10)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


@pytest.fixture
def onvif(cameras: RunningCameras) -> Callable[[int], Onvif]:
    """Speak ONVIF to a camera."""
    return lambda no: Onvif(cameras.camera(no)["onvif_url"])


@pytest.fixture(scope="session")
def clips_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep the clips of all tests here, so that each is made once."""
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def played() -> list[dict[str, Any]]:
    """Say which cameras the module's tests need; a module may have others."""
    return CAMERAS


@pytest.fixture(scope="module")
def configured() -> dict[str, Any]:
    """Say what else is to be in the module's configuration."""
    return {}


@pytest.fixture(scope="module")
def running_cameras(
    played: list[dict[str, Any]],
    configured: dict[str, Any],
    clips_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningCameras]:
    path = tmp_path_factory.mktemp("cameras") / "cameras.json"
    path.write_text(json.dumps(configuration(clips_folder, cameras=played, **configured)), encoding="utf-8")
    running = RunningCameras(path)
    yield running
    running.close()


@pytest.fixture
def cameras(running_cameras: RunningCameras) -> Iterator[RunningCameras]:
    """Give the module's cameras, with nothing wrong with them."""
    running_cameras.clear()
    yield running_cameras
    running_cameras.hang_up()
    running_cameras.clear()


@pytest.fixture
def soap(cameras: RunningCameras, eventually: Callable[..., Any]) -> Soap:
    """Speak to the PTZ camera, which is made to stand at its home first."""
    soap = Soap(cameras.camera(PTZ)["onvif_url"])
    schema = 'xmlns="http://www.onvif.org/ver10/schema"'
    body = f'<PanTilt {schema} x="0" y="0"/><Zoom {schema} x="0"/>'
    assert soap.ask("AbsoluteMove", f"<ProfileToken>main</ProfileToken><Position>{body}</Position>")[0] == 200
    eventually(lambda: not soap.moving())
    return soap


@pytest.fixture
def begin_process(tmp_path: Path, clips_folder: Path) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Start a process whose end is what a test is about."""
    begun: list[subprocess.Popen[bytes]] = []

    def start(said: Any = None, clips: Path = clips_folder, **more: Any) -> "subprocess.Popen[bytes]":
        path = tmp_path / "cameras.json"
        path.write_text(json.dumps(configuration(clips) if said is None else said), encoding="utf-8")
        begun.append(begin(path, **more))
        return begun[-1]

    yield start
    for process in begun:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def digest_get() -> Callable[..., tuple[int, bytes]]:
    """Fetch an address over HTTP, with a digest where it is wanted and a password given."""

    def get(url: str, password: str | None = PASSWORD) -> tuple[int, bytes]:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}"
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status == 401 and password is not None:
                proof = digest_proof(answer.headers["www-authenticate"], ("GET", path), password)
                connection.request("GET", path, headers={"Authorization": proof})
                answer = connection.getresponse()
                content = answer.read()
            return answer.status, content
        finally:
            connection.close()

    return get
