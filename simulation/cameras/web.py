"""A small HTTP/1.1 server on the loop of the cameras, for their control and for ONVIF."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus

from simulation.cameras.config import HOST

_LARGEST_HEAD = 16 * 1024
_LARGEST_BODY = 256 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    body: bytes
    content_type: str
    status: int = 200


class HangUpError(Exception):
    """The server is to reset the connection instead of answering."""


class WebServer:
    """Listens on one port and answers one request of a connection after the other."""

    def __init__(self, answer: Callable[[Asked], Awaitable[Reply]]) -> None:
        self._answer = answer
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        if self._server is None:
            raise RuntimeError("the server has not been started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self, port: int) -> None:
        """Begin to listen; port 0 is any free one."""
        self._server = await asyncio.start_server(self._serve, HOST, port, limit=_LARGEST_HEAD)

    def close(self) -> None:
        """Close every connection and the port."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while await self._serve_one(reader, writer):
                pass
        except HangUpError:
            writer.transport.abort()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            pass  # the client went away, or spoke no HTTP
        finally:
            self._open.discard(writer)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request and return whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        start, *lines = head.split("\r\n")
        method, path, version = start.split(" ", 2)
        headers = {
            name.strip().lower(): value.strip().lower() for name, _, value in (line.partition(":") for line in lines)
        }
        length = int(headers.get("content-length", "0"))
        if not 0 <= length <= _LARGEST_BODY:
            raise ValueError("the body is larger than anything that is asked here")
        if headers.get("expect") == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        reply = await self._answer(Asked(method, path, await reader.readexactly(length)))
        stays = version.strip() == "HTTP/1.1" and headers.get("connection") != "close"
        said = (
            f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}",
            f"Date: {formatdate(usegmt=True)}",
            f"Content-Type: {reply.content_type}",
            f"Content-Length: {len(reply.body)}",
            f"Connection: {'keep-alive' if stays else 'close'}",
            "",
            "",
        )
        writer.write("\r\n".join(said).encode() + reply.body)
        await writer.drain()
        return stays
