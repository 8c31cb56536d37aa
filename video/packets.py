"""Speaking with a helper process over a SOCK_SEQPACKET socket that is its standard input: one JSON message a packet.

A packet may bring one open file along. Nothing in the console's end waits.
"""

import os
import socket
import subprocess
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from domain.camera import Mask
from domain.errors import ProtocolError, UnreachableError
from video.messages import encode
from video.spawn import end, spawn

if TYPE_CHECKING:
    from video.messages import Message

MAX_PACKET = 64 * 1024
_BUFFER = 512 * 1024  # bytes of orders that a process may have unread; more means that it hangs
_A = TypeVar("_A")

MaskLists = list[list[list[float]]]


def masks_as_lists(masks: Sequence[Mask]) -> MaskLists:
    """Return masks as a message carries them."""
    return [[[x, y] for x, y in mask] for mask in masks]


def masks_from_lists(masks: MaskLists) -> list[Mask]:
    """Return the masks that a message carried."""
    return [tuple((x, y) for x, y in mask) for mask in masks]


class Channel:
    """The helper's end: hears orders, says answers; safe for several threads that say something."""

    def __init__(self, where: socket.socket) -> None:
        self._socket = where

    def fileno(self) -> int:
        """Return what becomes readable when there is an order, or the console is gone."""
        return self._socket.fileno()

    def hear(self) -> tuple[bytes, list[int]] | None:
        """Wait for an order and return it with the files that came along; None when the console is gone."""
        try:
            packet, files, _flags, _peer = socket.recv_fds(self._socket, MAX_PACKET, 1, socket.MSG_CMSG_CLOEXEC)
        except ConnectionError:
            return None
        return (packet, files) if packet else None

    def say(self, message: "Message", file: int | None = None) -> None:
        """Send an answer; once the console is gone, nothing happens: `hear` says so."""
        try:
            socket.send_fds(self._socket, [encode(message)], [] if file is None else [file])
        except ConnectionError:
            return


class PacketProcess(Generic[_A]):
    """A running helper process: orders in, answers out."""

    def __init__(self, module: str, arguments: Sequence[str], read: Callable[[bytes], _A]) -> None:
        self._read = read
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            self._process = spawn(module, arguments, orders=theirs.fileno(), answers=subprocess.DEVNULL)
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.settimeout(0)
        self._socket = ours

    @property
    def pid(self) -> int:
        """Return its process number."""
        return self._process.pid

    def fileno(self) -> int:
        """Return what becomes readable when it says something or dies."""
        return self._socket.fileno()

    def order(self, order: "Message", file: int | None = None) -> None:
        """Send an order; UnreachableError where it takes none any more."""
        try:
            socket.send_fds(self._socket, [encode(order)], [] if file is None else [file])
        except OSError as error:
            raise UnreachableError("a helper process takes no orders") from error

    def hear(self) -> list[tuple[_A, int | None]] | None:
        """Return what it said, each with the file that came with it, which is the caller's to close.

        None when it is gone; ProtocolError for what it can't have said.
        """
        answers: list[tuple[_A, int | None]] = []
        while True:
            try:
                packet, files, _flags, _peer = socket.recv_fds(self._socket, MAX_PACKET, 1, socket.MSG_CMSG_CLOEXEC)
            except BlockingIOError:
                return answers
            except ConnectionError:
                return None
            if not packet:
                return None
            answers.append((self._understood(packet, files), files[0] if files else None))

    def _understood(self, packet: bytes, files: Sequence[int]) -> _A:
        try:
            return self._read(packet)
        except ProtocolError:
            for file in files:
                os.close(file)
            raise

    def end(self, patience_s: float = 0.0) -> None:
        """Close its input, which ends it; wait so long for that, kill it otherwise."""
        self._socket.close()
        end(self._process, patience_s)
