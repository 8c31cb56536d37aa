"""The practice city's own Mosquitto."""

import os
import pwd
import shutil
import socket
import subprocess
import threading
from pathlib import Path

from domain.errors import UnreachableError
from simulation.processes import Spawner, stop

HOST = "127.0.0.1"
START_WITHIN_S = 10.0
_ATTEMPTS = 5

# max_queued_messages: the default of 1000 drops acknowledged messages. user: Mosquitto changes its account when
# started by root, which would clear the death signal and shut it out of the folder.
_SETTINGS = """\
listener {port} {host}
allow_anonymous true
user {user}
persistence true
persistence_location {folder}/
autosave_interval 5
max_queued_messages 0
max_inflight_messages 1000
set_tcp_nodelay true
log_dest stderr
log_type error
log_type warning
log_type notice
connection_messages false
"""


class Broker:
    """One broker on a free port of 127.0.0.1, kept over restarts; sessions survive an orderly stop."""

    def __init__(self, spawner: Spawner, folder: Path) -> None:
        self._spawner = spawner
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self.port = 0

    @property
    def url(self) -> str:
        """Return its address."""
        return f"mqtt://{HOST}:{self.port}"

    @property
    def up(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Return its process id, 0 while it is down."""
        return self._process.pid if self._process is not None and self._process.poll() is None else 0

    def start(self) -> None:
        """Start it where it is not running; UnreachableError where it can't be."""
        with self._lock:
            if self.up:
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            for _ in range(_ATTEMPTS):
                port = self.port or _free_port()
                if self._started(port):
                    self.port = port
                    return
            raise UnreachableError(f"Mosquitto did not start; {self._folder / 'mosquitto.log'} says why")

    def stop(self) -> None:
        """Stop it, as a power cut at the exchange would, but in order."""
        with self._lock:
            if self._process is not None:
                stop(self._process)
                self._process = None

    def _started(self, port: int) -> bool:
        settings = self._folder / "mosquitto.conf"
        user = pwd.getpwuid(os.geteuid()).pw_name
        settings.write_text(_SETTINGS.format(port=port, host=HOST, user=user, folder=self._folder), encoding="utf-8")
        command = [find_mosquitto(), "-c", str(settings)]
        process = self._spawner.start(command, log=self._folder / "mosquitto.log")
        pause = threading.Event()
        for _ in range(int(START_WITHIN_S / 0.05)):
            if process.poll() is not None:
                break
            if _answers(port):
                self._process = process
                return True
            pause.wait(0.05)
        stop(process)
        return False


def find_mosquitto() -> str:
    """Return the path of Mosquitto; UnreachableError where it is not installed."""
    found = shutil.which("mosquitto", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise UnreachableError("Mosquitto is not installed: apt-get install mosquitto")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0
