import contextlib
import socket
import threading


class Relay:
    """A line to the server that can swallow answers and be cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._muted = threading.Event()
        self._mute_in = 0
        self.swallowed = 0
        self._pairs: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._listen, name="relay")]
        self._threads[0].start()

    def mute(self) -> None:
        """From now on answers get lost."""
        self._muted.set()

    def mute_after(self, size: int) -> None:
        """Let answers get lost once so many bytes more have been sent to the server: a push, not a pull."""
        self._mute_in = size

    def cut(self) -> None:
        """Break every line; new ones are whole again."""
        self._mute_in = 0
        self._muted.clear()
        pairs, self._pairs = self._pairs, []
        for end in pairs:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._threads[0].join()
        self.cut()
        for thread in self._threads:
            thread.join()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                client.close()
                continue
            self._pairs += [client, server]
            for source, target, answers in ((client, server, False), (server, client, True)):
                thread = threading.Thread(target=self._carry, args=(source, target, answers), name="relay")
                self._threads.append(thread)
                thread.start()

    def _carry(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if answers and self._muted.is_set():
                    self.swallowed += len(data)
                    continue
                if not answers and self._mute_in > 0:
                    self._mute_in -= len(data)
                    if self._mute_in <= 0:
                        self._muted.set()
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        source.close()
