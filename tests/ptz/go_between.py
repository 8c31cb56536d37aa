"""Stands between a client and a practice camera, and changes what is said where a test wants that."""

import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Change = Callable[[bytes, bytes], tuple[int, bytes] | None]
"""Takes what was asked and what the camera answers; gives another answer, or None for the camera's own."""


class GoBetween:
    """Answers on a port of its own with what the camera at `url` answers; `asked` is all that was asked."""

    def __init__(self, url: str, change: Change) -> None:
        host, _, path = url.split("//")[1].partition("/")
        self.asked: list[bytes] = []
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: Any) -> None:
                pass

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                between.asked.append(body)
                status, answer = between._ask(host, self.path, body)
                status, answer = change(body, answer) or (status, answer)
                self.send_response_only(status)
                self.send_header("Content-Type", "application/soap+xml")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *args: Any) -> None:
                pass  # somebody hung up, which is his right

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/{path}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def about(self, operation: str) -> list[bytes]:
        """Return what was asked with this operation."""
        return [one for one in list(self.asked) if f":{operation} ".encode() in one or f":{operation}>".encode() in one]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _ask(self, host: str, path: str, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(host, timeout=30)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/soap+xml"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()
