"""The city's control: HTTP on 127.0.0.1, JSON in and out.

`GET /state`, `GET /sent`, `GET /ptz/NO/log`; `POST /fault {"target","fault","for_s"?}`, `POST /clear {"target"}`,
`POST /story {"name"}`.
"""

import json
import math
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from domain.errors import BadInputError, WatchroomError
from domain.fact import Json

HOST = "127.0.0.1"

_LARGEST_BODY = 64 * 1024

Answer = Callable[[dict[str, Json]], Json]


class Control:
    """Listens on a free port; each wish is `(method, path)` and what answers it."""

    def __init__(self, wishes: dict[tuple[str, str], Answer]) -> None:
        self._server = _Server((HOST, 0), _Handler)
        self._server.wishes = wishes
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="control", daemon=True
        )

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Answer no more."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    wishes: dict[tuple[str, str], Answer]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}") if 0 <= length <= _LARGEST_BODY else None
        except ValueError:
            body = None
        if isinstance(body, dict):
            self._answer(body)
        else:
            self._say(400, {"error": "the body is not a JSON object of at most 64 KiB"})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent: what matters is in the journal."""

    def _answer(self, body: dict[str, Json]) -> None:
        answer = self.server.wishes.get((self.command, self.path))
        if answer is None:
            known = ", ".join(f"{method} {path}" for method, path in self.server.wishes)
            self._say(404, {"error": f"no such wish; known are {known}"})
            return
        try:
            said = answer(body)
        except BadInputError as error:
            self._say(400, {"error": str(error)})
        except WatchroomError as error:
            self._say(503, {"error": str(error)})
        else:
            self._say(200, said)

    def _say(self, status: int, said: Json) -> None:
        content = json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def text_of(body: dict[str, Json], name: str) -> str:
    """Return a text of the body; BadInputError where it is missing."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadInputError(f"{name!r} is missing or no text")
    return value


def seconds_of(body: dict[str, Json], name: str) -> float | None:
    """Return a number of seconds of the body, None where it names none; BadInputError where it is no number above 0."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value <= 0:
        raise BadInputError(f"{name!r} is not a number of seconds above 0")
    return float(value)
