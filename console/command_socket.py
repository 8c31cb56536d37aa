"""How a second command speaks to the process that owns the home: JSON lines over a 0600 socket."""

import json
import logging
import os
import socket
import socketserver
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from domain.errors import BadInputError, HomeError, Problem, WatchroomError
from domain.fact import Json

_log = logging.getLogger(__name__)
_MOST_BYTES = 16 * 1024 * 1024
_TIMEOUT_S = 60.0

Request = Mapping[str, Json]
Answer = Callable[[Request], Json]


class CommandServer:
    """Listens at a home's socket and lets `answer` do what is asked, one thread a caller."""

    def __init__(self, path: Path, answer: Answer) -> None:
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = _Server(str(path), _handler(answer))
        finally:
            os.umask(before)
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

    HomeError where nobody listens; the owner's own error is raised again as it was.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(_TIMEOUT_S)
        try:
            line.connect(str(path))
        except OSError as error:
            raise HomeError(f"{path}: nobody answers there ({error.strerror})") from None
        line.sendall(json.dumps(dict(request)).encode() + b"\n")
        with line.makefile("rb") as incoming:
            said = json.loads(incoming.readline(_MOST_BYTES) or b'{"error": "the owner went away"}')
    if "error" in said:
        raise BadInputError(
            str(said["error"]), tuple(Problem(row, field, message) for row, field, message in said.get("problems", []))
        )
    answer: Json = said["answer"]
    return answer


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def _handler(answer: Answer) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            line = self.rfile.readline(_MOST_BYTES)
            if line:
                self.wfile.write(json.dumps(_said(answer, line)).encode() + b"\n")

    return Handler


def _said(answer: Answer, line: bytes) -> dict[str, Json]:
    try:
        return {"answer": answer(json.loads(line))}
    except BadInputError as error:
        return {"error": str(error), "problems": [[item.row, item.field, item.message] for item in error.problems]}
    except (WatchroomError, ValueError, KeyError) as error:
        return {"error": str(error)}
