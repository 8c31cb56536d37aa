"""Headquarters of the practice city: one private PostgreSQL that all demos of this user share.

Whoever needs it joins: the first starts a supervisor process, which starts the server and counts the users by their
connections to its socket. When the last one has gone, however it went, the supervisor stops the server and ends.

`python -m simulation.headquarters [FOLDER]` joins, prints one JSON line, and leaves on SIGTERM or at the end of
its input.
"""

import argparse
import fcntl
import hashlib
import json
import os
import selectors
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from domain.clock import SystemClock
from domain.errors import HomeError, UnreachableError, WatchroomError
from simulation.authority import Authority
from simulation.postgres import PostgresServer
from simulation.processes import Leash, Spawner, python_command, python_environment

READY_WITHIN_S = 90.0
IDLE_S = 2.0  # how long the server stays after its last user

_SOCKET_PATH_LIMIT = 90  # sun_path holds 108 bytes, and PostgreSQL appends a name to it


@dataclass(frozen=True, slots=True)
class HeadquartersAddress:
    """Where it is: `url` for workstations (TLS, certificate), the authority's files, `admin_url` for its owner."""

    url: str
    ca: str
    ca_key: str
    admin_url: str


def default_folder() -> Path:
    """Return where this user's practice headquarters keeps its files."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "watchroom-practice" / "headquarters"


def resolve_place(folder: Path) -> Path:
    """Return where the files really go: the folder itself, or one in /var/tmp that stands for it.

    Root hands the server to the account `postgres`, which can't enter a folder of root's own, and a Unix socket
    needs a short path. The substitute is /var/tmp/watchroom-practice-UID/headquarters-HASH.
    """
    folder = folder.absolute()
    short = len(os.fsencode(folder / "socket")) <= _SOCKET_PATH_LIMIT
    if short and (os.geteuid() != 0 or _open_to_others(folder)):
        return folder
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(f"/var/tmp/watchroom-practice-{os.geteuid()}") / f"headquarters-{mark}"  # noqa: S108 - _prepare checks who owns it


class Membership:
    """A place among the users of headquarters; closing it, or dying, gives it up."""

    def __init__(self, address: HeadquartersAddress, connection: socket.socket) -> None:
        self.address = address
        self._connection = connection

    def close(self) -> None:
        """Leave; the last to leave turns off the light."""
        self._connection.close()


def join(folder: Path) -> Membership:
    """Join the headquarters of this folder, starting it where nobody has; UnreachableError where it won't start."""
    place = resolve_place(folder)
    _prepare(place)
    with _locked(place / "start.lock"):
        connection = _connect(place)
        if connection is None:
            supervisor = _start_supervisor(place)
            connection = _connect_to_new(place, supervisor)
    return _welcomed(connection)


def _welcomed(connection: socket.socket) -> Membership:
    connection.settimeout(10.0)
    with connection.makefile("rb") as reader:
        line = reader.readline()
    if not line:
        connection.close()
        raise UnreachableError("headquarters was closing just now; try again")
    connection.settimeout(None)
    return Membership(HeadquartersAddress(**json.loads(line)), connection)


def _connect(place: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(place / "users.sock"))
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    return connection


def _connect_to_new(place: Path, supervisor: "subprocess.Popen[bytes]") -> socket.socket:
    pause = threading.Event()
    for _ in range(int(READY_WITHIN_S / 0.05)):
        connection = _connect(place)
        if connection is not None:
            # It is to outlive us as long as others need it, and whoever adopts it takes its exit status.
            supervisor.returncode = 0
            return connection
        if supervisor.poll() is not None:
            break
        pause.wait(0.05)
    else:
        supervisor.kill()
        supervisor.wait()
    said = (place / "supervisor.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise UnreachableError(f"headquarters did not start: {said[-1] if said else 'it said nothing'}")


def _start_supervisor(place: Path) -> "subprocess.Popen[bytes]":
    with (place / "supervisor.log").open("wb") as log:
        return subprocess.Popen(
            python_command("simulation.headquarters", "--supervise", str(place)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=python_environment(),
            cwd="/",
            start_new_session=True,
        )


class Supervisor:
    """Keeps the server while somebody uses it."""

    def __init__(self, place: Path, idle_s: float = IDLE_S) -> None:
        self._place = place
        self._idle_s = idle_s
        self._door = place / "users.sock"
        self._clock = SystemClock()
        self._asked_to_end = False

    def run(self) -> None:
        """Start the server, serve users, and return when the last has left; UnreachableError if it won't start."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        with _locked(self._place / "running.lock"):
            authority = Authority(self._place / "ca.crt", self._place / "ca.key", self._clock)
            authority.ensure()
            spawner = Spawner()
            server = PostgresServer(self._place, authority, spawner)
            try:
                server.start()
                self._serve(server, authority)
            finally:
                self._door.unlink(missing_ok=True)
                server.stop()
                spawner.close()

    def _end(self, *_: object) -> None:
        self._asked_to_end = True

    def _serve(self, server: PostgresServer, authority: Authority) -> None:
        address = HeadquartersAddress(server.url, str(authority.certificate), str(authority.key), server.admin_url)
        welcome = json.dumps(asdict(address)).encode() + b"\n"
        self._door.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener, selectors.DefaultSelector() as selector:
            listener.bind(str(self._door))
            listener.listen(64)
            listener.setblocking(False)  # noqa: FBT003 - the socket API's own argument
            selector.register(listener, selectors.EVENT_READ)
            users: set[socket.socket] = set()
            try:
                self._count_users(selector, listener, users, welcome, server)
            finally:
                for user in users:
                    user.close()

    def _count_users(
        self,
        selector: selectors.BaseSelector,
        listener: socket.socket,
        users: set[socket.socket],
        welcome: bytes,
        server: PostgresServer,
    ) -> None:
        empty_since = self._clock.monotonic()
        while not self._asked_to_end and server.running:
            for key, _ in selector.select(timeout=0.25):
                if key.fileobj is listener:
                    user, _ = listener.accept()
                    user.sendall(welcome)
                    users.add(user)
                    selector.register(user, selectors.EVENT_READ)
                elif isinstance(key.fileobj, socket.socket) and _left(key.fileobj):
                    selector.unregister(key.fileobj)
                    users.discard(key.fileobj)
                    key.fileobj.close()
            if users:
                empty_since = self._clock.monotonic()
            elif self._clock.monotonic() - empty_since >= self._idle_s and self._close_door():
                return

    def _close_door(self) -> bool:
        """Take the door away unless somebody is joining this very moment."""
        with (self._place / "start.lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._door.unlink(missing_ok=True)
            return True


def _left(user: socket.socket) -> bool:
    try:
        return not user.recv(4096)
    except ConnectionResetError:
        return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _open_to_others(folder: Path) -> bool:
    """Whether another account can walk to the folder, as far as it exists already."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (folder, *folder.parents) if parent.exists())


def _prepare(place: Path) -> None:
    for folder in (place.parent, place):
        created = not folder.exists()
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        if created:
            folder.chmod(0o711)
    found = place.lstat()
    ours = (place, place.parent) if place.parent.name.startswith("watchroom-practice-") else (place,)
    if any(path.lstat().st_uid != os.geteuid() or path.is_symlink() for path in ours) or not stat.S_ISDIR(
        found.st_mode
    ):
        raise HomeError(f"{place} belongs to somebody else; give another folder for the practice headquarters")


def _hold(folder: Path) -> None:
    leash = Leash()
    leash.hold()
    membership = join(folder)
    sys.stdout.write(json.dumps(asdict(membership.address)) + "\n")
    sys.stdout.flush()
    leash.wait()
    membership.close()


def main() -> int:
    """Join, or supervise; 1 where headquarters can't be had."""
    parser = argparse.ArgumentParser(prog="python -m simulation.headquarters", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=default_folder())
    parser.add_argument("--supervise", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    try:
        if options.supervise is not None:
            Supervisor(options.supervise).run()
        else:
            _hold(options.folder)
    except WatchroomError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
