"""The cameras' RTSP server (RFC 2326): digest, RTP over the connection itself or over UDP."""

import asyncio
import contextlib
import re
import secrets
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from domain.errors import UnreachableError
from simulation.cameras.config import HOST, CameraSpec, Config
from simulation.cameras.digest import DigestGuard
from simulation.cameras.rtp import PAYLOAD_TYPE, Viewer
from simulation.cameras.streams import Beat, Stream
from simulation.faults import CameraFault

_LARGEST_HEAD = 16 * 1024
_MOST_UNSENT = 2 * 1024 * 1024  # bytes waiting for a slow viewer before pictures are dropped
_OPEN_TO_ALL = {"OPTIONS", "TEARDOWN"}
_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN"
_PATH = re.compile(r"rtsp://[^/]+/camera/(\d+)/(main|sub)(?:/|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """One RTSP request."""

    method: str
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """One RTSP answer, without CSeq and Content-Length."""

    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


class Tcp:
    """RTP between the lines of the RTSP connection."""

    def __init__(self, writer: asyncio.StreamWriter, channel: int) -> None:
        self._writer = writer
        self._channel = channel

    def packets(self, packets: list[bytes]) -> bool:
        """Send one picture's packets in one go, unless too much is waiting."""
        transport = self._writer.transport
        if transport.is_closing() or transport.get_write_buffer_size() > _MOST_UNSENT:
            return False
        parts: list[bytes] = []
        for packet in packets:
            parts += (struct.pack(">BBH", 0x24, self._channel, len(packet)), packet)
        self._writer.write(b"".join(parts))
        return True

    def report(self, packet: bytes) -> None:
        """Send an RTCP packet on the odd channel."""
        if not self._writer.transport.is_closing():
            self._writer.write(struct.pack(">BBH", 0x24, self._channel + 1, len(packet)) + packet)


class Udp:
    """RTP as datagrams from a pair of ports of its own."""

    def __init__(self, host: str, port: int) -> None:
        self._to, self._report_to = (host, port), (host, port + 1)
        self._media, self._reports = _port_pair()

    @property
    def server_port(self) -> int:
        """Return the even one of its ports."""
        return int(self._media.getsockname()[1])

    def packets(self, packets: list[bytes]) -> bool:
        """Send them; what the network does not take is lost, as on any network."""
        with contextlib.suppress(OSError):
            for packet in packets:
                self._media.sendto(packet, self._to)
        return True

    def report(self, packet: bytes) -> None:
        """Send an RTCP packet."""
        with contextlib.suppress(OSError):
            self._reports.sendto(packet, self._report_to)

    def close(self) -> None:
        """Give the ports back."""
        self._media.close()
        self._reports.close()


def _port_pair() -> tuple[socket.socket, socket.socket]:
    """Return two bound sockets on an even port and the next."""
    while True:
        media, reports = socket.socket(type=socket.SOCK_DGRAM), socket.socket(type=socket.SOCK_DGRAM)
        media.bind((HOST, 0))
        port = media.getsockname()[1]
        try:
            if port % 2 == 0:
                reports.bind((HOST, port + 1))
                media.setblocking(False)  # noqa: FBT003 - the socket's own signature
                reports.setblocking(False)  # noqa: FBT003 - the socket's own signature
                return media, reports
        except OSError:
            pass
        media.close()
        reports.close()


class RtspServer:
    """Serves every stream of every camera on one port."""

    def __init__(
        self, config: Config, streams: Mapping[tuple[int, str], Stream], fault_of: Callable[[int], CameraFault]
    ) -> None:
        self.config = config
        self.streams = streams
        self.fault_of = fault_of
        self.beats = {fps: Beat(fps, fault_of) for fps in {stream.profile.fps for stream in streams.values()}}
        self._names = {camera.no: camera for camera in config.cameras}
        self._open: dict[Connection, None] = {}
        self._ended: deque[dict[str, Any]] = deque(maxlen=500)
        self._server: asyncio.Server | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        if self._server is None:
            raise RuntimeError("the server has not been started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._serve, HOST, self.config.rtsp_port, limit=_LARGEST_HEAD)
        self._tasks = [asyncio.create_task(beat.run(), name="beat") for beat in self.beats.values()]

    async def close(self) -> None:
        """Close every connection and the port."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        for connection in list(self._open):
            connection.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def run(self) -> None:
        """Never return; raise what broke the beat, if anything does."""
        await asyncio.gather(*self._tasks, asyncio.Event().wait())

    def camera(self, no: int) -> CameraSpec | None:
        """Return a camera by its number."""
        return self._names.get(no)

    def url(self, no: int, profile: str) -> str:
        """Return a stream's address, without name and password."""
        return f"rtsp://{HOST}:{self.port}/camera/{no}/{profile}"

    def drop(self, no: int) -> None:
        """Reset every connection to a camera."""
        for connection in list(self._open):
            if connection.camera_no == no:
                connection.abort()

    def sessions(self) -> list[dict[str, Any]]:
        """Return what each session was sent, those that ended included (the newest 500)."""
        return [*self._ended, *(account for connection in self._open if (account := connection.account()))]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self, reader, writer)
        self._open[connection] = None
        try:
            await connection.run()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            pass  # the viewer went away, or spoke no RTSP
        finally:
            self._open.pop(connection, None)
            if account := connection.account():
                self._ended.append(account | {"ended_at": time.time()})
            connection.close()


class Connection:
    """One viewer's connection, with at most one session."""

    def __init__(self, server: RtspServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.camera_no: int | None = None
        self._server = server
        self._reader = reader
        self._writer = writer
        self._guard = DigestGuard(server.config.user, server.config.password)
        self._session = secrets.token_hex(6)
        self._profile = ""
        self._wire: Tcp | Udp | None = None
        self._viewer: Viewer | None = None
        self._playing_since: float | None = None

    async def run(self) -> None:
        """Answer until the viewer leaves."""
        while (request := await self._request()) is not None:
            fault = self._aim(request.url)
            if fault.closes:
                self.abort()
                return
            if fault.silent:
                continue
            answer = await self._answer(request, fault)
            self._send(request, answer)
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
        if isinstance(self._wire, Udp):
            self._wire.close()
        self._writer.close()

    async def _request(self) -> Request | None:
        """Return the next request; RTCP that the viewer sends between requests is passed over."""
        while True:
            first = await self._reader.read(1)
            if not first:
                return None
            if first == b"$":
                _, length = struct.unpack(">BH", await self._reader.readexactly(3))
                await self._reader.readexactly(length)
            elif first not in b"\r\n":
                break
        head = first + await self._reader.readuntil(b"\r\n\r\n")
        start, *lines = head.decode("latin-1").split("\r\n")
        method, url, _ = start.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        if not 0 <= length <= _LARGEST_HEAD:
            raise ValueError("a request body of that length is none of ours")
        await self._reader.readexactly(length)
        return Request(method, url, headers)

    def _aim(self, url: str) -> CameraFault:
        """Take note of the camera that is spoken of, and return what is wrong with it."""
        if match := _PATH.match(url):
            self.camera_no, self._profile = int(match[1]), match[2].lower()
        return self._server.fault_of(self.camera_no if self.camera_no is not None else -1)

    def _send(self, request: Request, answer: Answer) -> None:
        body = answer.body.encode()
        lines = [f"RTSP/1.0 {answer.status}", f"CSeq: {request.headers.get('cseq', '0')}", "Server: Watchroom practice"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self._writer.write("\r\n".join((*lines, "", "")).encode() + body)

    async def _answer(self, request: Request, fault: CameraFault) -> Answer:
        authorised = self._guard.accepts(request.method, request.headers.get("authorization"))
        if request.method not in _OPEN_TO_ALL and (not authorised or fault.refuses_password):
            return Answer("401 Unauthorized", (("WWW-Authenticate", self._guard.challenge()),))
        if request.method == "OPTIONS":
            return Answer(headers=(("Public", _METHODS),))
        stream = self._server.streams.get((self.camera_no or -1, self._profile))
        if stream is None:
            return Answer("404 Not Found")
        if request.method == "DESCRIBE":
            return await self._describe(request, stream)
        if request.method == "SETUP":
            return await self._setup(request, stream)
        return self._steer(request)

    async def _describe(self, request: Request, stream: Stream) -> Answer:
        try:
            parameters = await stream.parameters()
        except UnreachableError:
            return Answer("503 Service Unavailable")
        camera = self._server.camera(self.camera_no or -1)
        lines = (
            "v=0",
            f"o=- {self.camera_no} 1 IN IP4 {HOST}",
            f"s={camera.name if camera else ''}",
            "c=IN IP4 0.0.0.0",
            "t=0 0",
            "a=control:*",
            "a=range:npt=now-",
            f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
            f"a=rtpmap:{PAYLOAD_TYPE} H264/90000",
            f"a=fmtp:{PAYLOAD_TYPE} {parameters.fmtp()}",
            f"a=framerate:{stream.profile.fps}",
            "a=control:trackID=0",
            "",
        )
        headers = (("Content-Base", request.url.rstrip("/") + "/"), ("Content-Type", "application/sdp"))
        return Answer(headers=headers, body="\r\n".join(lines))

    async def _setup(self, request: Request, stream: Stream) -> Answer:
        if self._viewer is not None:
            return Answer("455 Method Not Valid in This State")
        try:
            await stream.parameters()
        except UnreachableError:
            return Answer("503 Service Unavailable")
        asked = request.headers.get("transport", "")
        viewer_ports = re.search(r"client_port=(\d+)", asked)
        if "TCP" in asked:
            channels = re.search(r"interleaved=(\d+)", asked)
            channel = int(channels[1]) if channels else 0
            self._wire = Tcp(self._writer, channel)
            given = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
        elif viewer_ports:
            host, port = self._writer.get_extra_info("peername")[0], int(viewer_ports[1])
            self._wire = udp = Udp(host, port)
            ours = udp.server_port
            given = f"RTP/AVP;unicast;client_port={port}-{port + 1};server_port={ours}-{ours + 1}"
        else:
            return Answer("461 Unsupported Transport")
        self._viewer = Viewer(self._wire, stream.profile.fps, stream.picture)
        transport = f"{given};ssrc={self._viewer.ssrc:08X}"
        return Answer(headers=(("Transport", transport), ("Session", f"{self._session};timeout=60")))

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
        stream = self._server.streams[self.camera_no or -1, self._profile]
        if self._viewer is not None:
            self._playing_since = self._playing_since or time.time()
            self._server.beats[stream.profile.fps].join(self._viewer, self.camera_no or -1, stream)

    def _stop(self) -> None:
        if self._viewer is not None:
            self._viewer.pause()
            for beat in self._server.beats.values():
                beat.leave(self._viewer)
