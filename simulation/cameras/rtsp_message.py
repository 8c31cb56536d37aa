"""RTSP as text (RFC 2326)."""

import asyncio
import struct
from collections.abc import Mapping
from dataclasses import dataclass

LARGEST_HEAD = 16 * 1024


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

    def written(self, request: Request, content_length: str) -> bytes:
        """Return it as it goes out; an empty `content_length` is not said."""
        lines = [f"RTSP/1.0 {self.status}", f"CSeq: {request.headers.get('cseq', '0')}", "Server: Watchroom practice"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if content_length:
            lines.append(f"Content-Length: {content_length}")
        return "\r\n".join((*lines, "", "")).encode() + self.body.encode()


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Return the next request, None at the end; RTCP that the viewer sends between requests is passed over.

    ValueError where it is no RTSP.
    """
    while True:
        first = await reader.read(1)
        if not first:
            return None
        if first == b"$":
            _, length = struct.unpack(">BH", await reader.readexactly(3))
            await reader.readexactly(length)
        elif first not in b"\r\n":
            break
    head = first + await reader.readuntil(b"\r\n\r\n")
    start, *lines = head.decode("latin-1").split("\r\n")
    method, url, _ = start.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= LARGEST_HEAD:
        raise ValueError("a request body of that length is none of ours")
    await reader.readexactly(length)
    return Request(method, url, headers)
