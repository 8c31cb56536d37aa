"""How a second command speaks to the process that owns the home: JSON lines over a 0600 socket."""

import json
import logging
import os
import select
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from domain.errors import BadInputError, HomeError, Problem, WatchroomError
from domain.fact import Json

_log = logging.getLogger(__name__)
_MOST_BYTES = 16 * 1024 * 1024
_TIMEOUT_S = 90.0  # the longest request is a move of 60 s and the wait for its Stop
_LOOK_MS = 100

Request = Mapping[str, Json]
Answer = Callable[[Request, threading.Event], Json]


class CommandServer:
    """Listens at a home's socket and lets `answer` do what is asked, one thread a caller; HomeError where it can't.

    `answer` is given an event besides, which is set when its caller goes away before it has been answered.
    """

    def __init__(self, path: Path, answer: Answer) -> None:
        try:
            path.unlink(missing_ok=True)
            with _fitting(path) as address:
                self._server = _listening(address, _handler(answer))
        except OSError as error:
            raise HomeError(f"{path}: can't listen there ({error.strerror})") from None
        self._path = path
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, name="command-socket"
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening and take the socket away."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._path.unlink(missing_ok=True)


def ask(path: Path, request: Request) -> Json:
    """Have the owner of a home do something and return what it says.

    HomeError where nobody listens, or the owner ends before it has answered; its own error is raised again as it was.
    BadInputError where the request is larger than an owner takes.
    """
    line = json.dumps(dict(request)).encode() + b"\n"
    if len(line) > _MOST_BYTES:
        raise BadInputError(f"too large for the running console: {len(line) >> 20} MB, at most {_MOST_BYTES >> 20}")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_TIMEOUT_S)
        try:
            with _fitting(path) as address:
                connection.connect(address)
        except OSError as error:
            raise HomeError(f"{path}: nobody answers there ({error.strerror})") from None
        try:
            connection.sendall(line)
            with connection.makefile("rb") as incoming:
                said = json.loads(incoming.readline() or b'{"error": "the owner went away"}')
        except TimeoutError:
            raise HomeError(f"{path}: the owner has not answered within {_TIMEOUT_S:.0f} s") from None
        except OSError as error:
            raise HomeError(f"{path}: the owner went away ({error.strerror})") from None
    if "error" in said:
        raise BadInputError(
            str(said["error"]), tuple(Problem(row, field, message) for row, field, message in said.get("problems", []))
        )
    answer: Json = said["answer"]
    return answer


@contextmanager
def _fitting(path: Path) -> Iterator[str]:
    """Give a path to the same socket that fits into a socket's address, which holds 107 bytes."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def _listening(address: str, handler: type[socketserver.StreamRequestHandler]) -> _Server:
    """Make a server that nobody but the owner can reach from its first moment on."""
    server = _Server(address, handler, bind_and_activate=False)
    try:
        server.server_bind()
        Path(address).chmod(0o600)
        server.server_activate()
    except OSError:
        server.server_close()
        raise
    return server


def _handler(answer: Answer) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            line = self.rfile.readline(_MOST_BYTES)
            if line:
                with _watched(self.connection) as gone:
                    said = json.dumps(_said(answer, line, gone)).encode()
                with suppress(OSError):  # its caller has gone
                    self.wfile.write(said + b"\n")

    return Handler


def _said(answer: Answer, line: bytes, gone: threading.Event) -> dict[str, Json]:
    try:
        return {"answer": answer(_request(line), gone)}
    except BadInputError as error:
        return {"error": str(error), "problems": [[item.row, item.field, item.message] for item in error.problems]}
    except (WatchroomError, ValueError, KeyError) as error:
        return {"error": str(error)}
    except Exception as error:  # noqa: BLE001 - the thread's outermost; the caller is told as well
        _log.error("a request broke", exc_info=error)
        return {"error": f"{type(error).__name__}: {error}"}


@contextmanager
def _watched(connection: socket.socket) -> Iterator[threading.Event]:
    """Give an event that is set when the other end goes away meanwhile."""
    gone, answered = threading.Event(), threading.Event()
    watching = threading.Thread(target=_watch, args=(connection, gone, answered), name="command-caller")
    watching.start()
    try:
        yield gone
    finally:
        answered.set()
        watching.join()


def _watch(connection: socket.socket, gone: threading.Event, answered: threading.Event) -> None:
    waiting = select.poll()
    waiting.register(connection, 0)  # nothing but its end, which is always told
    while not answered.is_set():
        if waiting.poll(_LOOK_MS):
            gone.set()
            return


def _request(line: bytes) -> Request:
    request = json.loads(line)
    if not isinstance(request, dict):
        raise BadInputError("a request is a JSON object")
    return request
