"""A small HTTP/1.1 server on the loop of the cameras, for their control and for ONVIF."""

import asyncio
import contextlib
import itertools
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus

from simulation.cameras.config import HOST

_LARGEST_HEAD = 16 * 1024
_LARGEST_BODY = 256 * 1024
_PIECE = b" " * (1 << 20)
_ENVELOPE_END = b"</s:Envelope>"
_connections = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `monotonic` and `at` (Unix time) tell when all of it had come, on which connection."""

    method: str
    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  # by name in lower case
    connection: int = 0
    monotonic: float = 0.0
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Manner:
    """How an answer goes out; as it stands here, as it should."""

    chunked: bool = False
    closes: bool = False  # afterwards, though the answer says that the connection stays
    cut: bool = False  # in the middle
    huge_mb: int = 0  # so much is put into the envelope
    bytes_per_s: float = 0.0
    dated: bool = True
    clock_offset_s: float = 0.0  # of the Date header
    idle_s: float | None = None  # how long the connection may rest afterwards


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    body: bytes
    content_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    manner: Manner = field(default_factory=Manner)


class HangUpError(Exception):
    """The server is to close the connection instead of answering; with a reset, or as one does."""

    def __init__(self, *, reset: bool = True) -> None:
        super().__init__("the connection is closed")
        self.reset = reset


class WebServer:
    """Listens on one port and answers one request of a connection after the other."""

    def __init__(
        self, answer: Callable[[Asked], Awaitable[Reply]], ended: Callable[[int], None] = lambda _: None
    ) -> None:
        """Take what answers, and what is told the number of each connection that has ended."""
        self._answer = answer
        self._ended = ended
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        if self._server is None:
            raise RuntimeError("the server has not been started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        """Begin to listen; port 0 is any free one."""
        self._server = await asyncio.start_server(self._serve, HOST, port, limit=_LARGEST_HEAD, ssl=tls)

    def close(self) -> None:
        """Close every connection and the port."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number, idle_s = next(_connections), None
        self._open.add(writer)
        try:
            while (manner := await self._serve_one(reader, writer, number, idle_s)) is not None:
                idle_s = manner.idle_s
        except HangUpError as error:
            if error.reset:
                writer.transport.abort()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, ValueError):
            pass  # the client went away, rested for too long, or spoke no HTTP
        finally:
            self._open.discard(writer)
            self._ended(number)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _serve_one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, idle_s: float | None
    ) -> Manner | None:
        """Answer one request; return in which manner, or None where the connection is to end."""
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), idle_s)).decode("latin-1")
        start, *lines = head.split("\r\n")
        method, path, version = start.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        if not 0 <= length <= _LARGEST_BODY:
            raise ValueError("the body is larger than anything that is asked here")
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(length)
        reply = await self._answer(Asked(method, path, body, headers, number, time.monotonic(), time.time()))
        stays = version.strip() == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
        await _deliver(writer, reply, stays=stays)
        return reply.manner if stays and not reply.manner.closes and not reply.manner.cut else None


async def _deliver(writer: asyncio.StreamWriter, reply: Reply, *, stays: bool) -> None:
    """Write an answer in its manner."""
    manner, body = reply.manner, reply.body
    length = len(body) + manner.huge_mb * len(_PIECE)
    said = [
        f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}",
        *([f"Date: {formatdate(time.time() + manner.clock_offset_s, usegmt=True)}"] if manner.dated else []),
        f"Content-Type: {reply.content_type}",
        "Transfer-Encoding: chunked" if manner.chunked else f"Content-Length: {length}",
        *(f"{name}: {value}" for name, value in reply.headers),
        f"Connection: {'keep-alive' if stays else 'close'}",
        "",
        "",
    ]
    head = "\r\n".join(said).encode()
    if manner.cut:
        writer.write(head + body[: len(body) // 2])
    elif manner.chunked:
        writer.write(head + _chunks(body))
    elif manner.huge_mb:
        await _write_huge(writer, head + body, manner.huge_mb)
    elif manner.bytes_per_s:
        writer.write(head)
        await _trickle(writer, body, manner.bytes_per_s)
    else:
        writer.write(head + body)
    await writer.drain()


def _chunks(body: bytes) -> bytes:
    """Return a body in three chunks and the end (RFC 9112, 7.1)."""
    size = len(body) // 3 + 1
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


async def _write_huge(writer: asyncio.StreamWriter, whole: bytes, megabytes: int) -> None:
    """Write an answer with so much blank space before the end of its envelope."""
    end = whole.rfind(_ENVELOPE_END) if _ENVELOPE_END in whole else len(whole)
    writer.write(whole[:end])
    for _ in range(megabytes):
        writer.write(_PIECE)
        await writer.drain()
    writer.write(whole[end:])


async def _trickle(writer: asyncio.StreamWriter, body: bytes, bytes_per_s: float) -> None:
    for at in range(len(body)):
        writer.write(body[at : at + 1])
        await writer.drain()
        await asyncio.sleep(1 / bytes_per_s)
