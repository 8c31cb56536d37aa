"""One viewer's connection to the cameras, with at most one session."""

import asyncio
import itertools
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from domain.errors import UnreachableError
from simulation.cameras import lies
from simulation.cameras.config import HOST, Config
from simulation.cameras.feed import Feed
from simulation.cameras.guards import BasicGuard, DigestGuard, Guard, Verdict
from simulation.cameras.picture import Description
from simulation.cameras.rtp import Viewer
from simulation.cameras.rtsp_message import Answer, Request, read_request
from simulation.cameras.sign_ins import SignIns
from simulation.cameras.streams import Beat
from simulation.cameras.wires import Tcp, Udp
from simulation.faults import CameraFault

_OPEN_TO_ALL = {"OPTIONS", "TEARDOWN"}
_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN"
_PATH = re.compile(r"rtsp://[^/]+/camera/(\d+)/(main|sub)(?:/|$)", re.IGNORECASE)
_PAGE = b"<html><body><h1>400 Bad Request</h1></body></html>"
_NO_RTSP = (
    b"HTTP/1.1 400 Bad Request\r\nServer: lighttpd/1.4.69\r\nContent-Type: text/html\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(_PAGE), _PAGE)
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all connections share: the cameras, what is wrong with them, and what is counted."""

    config: Config
    feeds: Mapping[tuple[int, str], Feed]
    fault_of: Callable[[int], CameraFault]
    sign_ins: SignIns
    beats: Mapping[int, Beat]
    connections: Counter[int] = field(default_factory=Counter)  # by camera, since the beginning
    opened: Counter[int] = field(default_factory=Counter)  # sessions that played
    lies: Iterator[int] = field(default_factory=itertools.count)


class Connection:
    """Answers one viewer."""

    def __init__(
        self, around: Surroundings, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, own: int | None
    ) -> None:
        """Speak for one camera, to whose `own` port the viewer came, or for whichever the viewer names."""
        self.camera_no = own
        self._around = around
        self._reader = reader
        self._writer = writer
        self._own = own
        user, password = around.config.user, around.config.password
        self._digest, self._basic = DigestGuard(user, password), BasicGuard(user, password)
        self._session = secrets.token_hex(6)
        self._profile = ""
        self._wire: Tcp | Udp | None = None
        self._viewer: Viewer | None = None
        self._playing_since: float | None = None
        if own is not None:
            around.connections[own] += 1

    async def run(self) -> None:
        """Answer until the viewer leaves."""
        while (request := await self._request()) is not None:
            fault = self._aim(request.url)
            if fault.closes:
                self.abort()
                return
            if fault.silent:
                continue
            if fault.speaks_http:
                self._writer.write(_NO_RTSP)
                return
            answer = await self._answer(request, fault)
            self._send(request, answer, lying=fault.lies_in_answers)
            if request.method == "PLAY" and answer.status == "200 OK":
                self._play()
            await self._writer.drain()
            if request.method == "TEARDOWN":
                return

    def account(self) -> dict[str, Any] | None:
        """Return what this session was sent, or None where it never played."""
        if self._viewer is None or self._playing_since is None:
            return None
        said: dict[str, Any] = {
            "session": self._session,
            "camera": self.camera_no,
            "profile": self._profile,
            "codec": self._feed().form.codec,
            "transport": "udp" if isinstance(self._wire, Udp) else "tcp",
            "ssrc": self._viewer.ssrc,
            "since": self._playing_since,
            "ended_at": None,
        }
        return said | asdict(self._viewer.sent)

    def abort(self) -> None:
        """Reset the connection."""
        self._writer.transport.abort()

    def close(self) -> None:
        """Send no more and give everything back."""
        self._stop()
        if self._wire is not None:
            self._wire.close()
        self._writer.close()

    async def _request(self) -> Request | None:
        """Return the next request; a web server on a camera's own port answers whatever comes."""
        try:
            return await read_request(self._reader)
        except (ValueError, asyncio.LimitOverrunError):
            if self._fault().speaks_http:
                self._writer.write(_NO_RTSP)
            raise

    def _fault(self) -> CameraFault:
        return self._around.fault_of(self.camera_no if self.camera_no is not None else -1)

    def _feed(self) -> Feed:
        return self._around.feeds[self.camera_no or -1, self._profile]

    def _aim(self, url: str) -> CameraFault:
        """Take note of the camera that is spoken of, and return what is wrong with it."""
        if match := _PATH.match(url):
            no, self._profile = int(match[1]), match[2].lower()
            if self._own is None and self.camera_no != no:
                self._around.connections[no] += 1
                self.camera_no = no
            elif self.camera_no != no:
                self._profile = ""  # another camera's stream is not to be had here
        return self._fault()

    def _send(self, request: Request, answer: Answer, *, lying: bool) -> None:
        length = len(answer.body.encode())
        said = lies.content_length(next(self._around.lies), length) if lying else str(length or "")
        self._writer.write(answer.written(request, said))

    async def _answer(self, request: Request, fault: CameraFault) -> Answer:
        if request.method not in _OPEN_TO_ALL:
            guard: Guard = self._basic if fault.basic_only else self._digest
            verdict = self._judged(guard, request, fault)
            if verdict is not Verdict.RIGHT:
                challenge = guard.challenge(stale=verdict is Verdict.STALE)
                return Answer("401 Unauthorized", (("WWW-Authenticate", challenge),))
        if request.method == "OPTIONS":
            return Answer(headers=(("Public", _METHODS),))
        if (self.camera_no or -1, self._profile) not in self._around.feeds:
            return Answer("404 Not Found")
        if request.method not in {"DESCRIBE", "SETUP"}:
            return self._steer(request)
        try:
            description = await self._feed().description()
        except UnreachableError:
            return Answer("503 Service Unavailable")
        if request.method == "DESCRIBE":
            return self._describe(request, description)
        return self._setup(request, description, fault)

    def _judged(self, guard: Guard, request: Request, fault: CameraFault) -> Verdict:
        """Return what comes of the request's proof, and take note where it is refused."""
        authorization, no = request.headers.get("authorization"), self.camera_no
        if authorization is None:
            return Verdict.WRONG
        verdict = guard.judged(request.method, authorization)
        if no is None or verdict is Verdict.STALE:
            return verdict
        if fault.refuses_password or (fault.locks_out and self._around.sign_ins.locked(no)):
            verdict = Verdict.WRONG
        if verdict is Verdict.WRONG:
            self._around.sign_ins.refused(no)
        return verdict

    def _describe(self, request: Request, description: Description) -> Answer:
        camera = next((camera for camera in self._around.config.cameras if camera.no == self.camera_no), None)
        lines = (
            "v=0",
            f"o=- {self.camera_no} 1 IN IP4 {HOST}",
            f"s={camera.name if camera else ''}",
            "c=IN IP4 0.0.0.0",
            "t=0 0",
            "a=control:*",
            "a=range:npt=now-",
            *description.lines(),
            f"a=framerate:{self._feed().form.profile.fps}",
            "a=control:trackID=0",
            "",
        )
        headers = (("Content-Base", request.url.rstrip("/") + "/"), ("Content-Type", "application/sdp"))
        return Answer(headers=headers, body="\r\n".join(lines))

    def _setup(self, request: Request, description: Description, fault: CameraFault) -> Answer:
        if self._viewer is not None:
            return Answer("455 Method Not Valid in This State")
        given = self._carriage(request.headers.get("transport", ""), fault)
        if self._wire is None:
            return Answer("461 Unsupported Transport")
        feed = self._feed()
        self._viewer = Viewer(self._wire, feed.form.profile.fps, feed.picture, description.payload_type)
        transport = f"{given};ssrc={self._viewer.ssrc:08X}"
        return Answer(headers=(("Transport", transport), ("Session", f"{self._session};timeout=60")))

    def _carriage(self, asked: str, fault: CameraFault) -> str:
        """Take the way the viewer asks for, where this camera has it, and return how that is said."""
        viewer_ports = re.search(r"client_port=(\d+)", asked)
        if "TCP" in asked and not fault.refuses_tcp:
            channels = re.search(r"interleaved=(\d+)", asked)
            channel = int(channels[1]) if channels else 0
            self._wire = Tcp(self._writer, channel)
            return f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
        if "TCP" not in asked and viewer_ports and not fault.refuses_udp:
            host, port = self._writer.get_extra_info("peername")[0], int(viewer_ports[1])
            self._wire = udp = Udp(host, port)
            ours = udp.server_port
            return f"RTP/AVP;unicast;client_port={port}-{port + 1};server_port={ours}-{ours + 1}"
        return ""

    def _steer(self, request: Request) -> Answer:
        """Answer what is asked of a session that has been set up."""
        if request.method not in _METHODS:
            return Answer("501 Not Implemented")
        if self._viewer is None:
            return Answer("454 Session Not Found")
        if request.headers.get("session", self._session).partition(";")[0] != self._session:
            return Answer("454 Session Not Found")
        if request.method in {"PAUSE", "TEARDOWN"}:
            self._stop()
        return Answer(headers=(("Session", self._session),))

    def _play(self) -> None:
        feed = self._feed()
        if self._viewer is None:
            return
        if self._playing_since is None:
            self._playing_since = time.time()
            self._around.opened[self.camera_no or -1] += 1
        self._around.beats[feed.form.profile.fps].join(self._viewer, self.camera_no or -1, feed)

    def _stop(self) -> None:
        if self._viewer is not None:
            self._viewer.pause()
            for beat in self._around.beats.values():
                beat.leave(self._viewer)
