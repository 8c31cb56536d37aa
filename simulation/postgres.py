"""A private PostgreSQL server: its files, its start and its end."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path

from domain.errors import UnreachableError
from simulation.authority import Authority, write_private
from simulation.processes import Spawner, stop

DATABASE = "hq"
ADMIN = "postgres"
OLDEST_VERSION = 15

_ACCOUNT = "postgres"  # who runs the server when we are root, which PostgreSQL refuses
_START_WITHIN_S = 30.0
_TOOL_WITHIN_S = 60.0

_SETTINGS = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 64MB
ssl = on
ssl_cert_file = 'server.crt'
ssl_key_file = 'server.key'
ssl_ca_file = 'ca.crt'
ssl_min_protocol_version = 'TLSv1.3'
timezone = 'UTC'
lc_messages = 'C'
"""

# The socket's folder is 0700: who reaches it is the practice headquarters' owner.
_ACCESS = f"""\
local   all          {ADMIN}                 trust
hostssl {DATABASE}   all      127.0.0.1/32   cert
"""


def find_binaries() -> Path:
    """Return the folder of the newest installed PostgreSQL server, 15 or later; UnreachableError without one."""
    found = {}
    for folder in Path("/usr/lib/postgresql").glob("*/bin"):
        version = folder.parent.name
        if version.isdigit() and int(version) >= OLDEST_VERSION and (folder / "postgres").exists():
            found[int(version)] = folder
    if found:
        return found[max(found)]
    on_path = shutil.which("postgres")
    if on_path is None:
        raise UnreachableError("PostgreSQL 15 or later is not installed: apt-get install postgresql")
    return Path(on_path).parent


class PostgresServer:
    """One server with its data in `place/data` and its sockets in `place/socket`.

    `place` has to be reachable by the account `postgres` when we are root.
    """

    def __init__(self, place: Path, authority: Authority, spawner: Spawner) -> None:
        self._place = place
        self._data = place / "data"
        self._sockets = place / "socket"
        self._authority = authority
        self._spawner = spawner
        self._binaries = find_binaries()
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Return where workstations connect, by TLS with a certificate."""
        return f"postgresql://127.0.0.1:{self.port}/{DATABASE}"

    @property
    def admin_url(self) -> str:
        """Return where the administrator connects, by the private socket."""
        return f"postgresql:///{DATABASE}?host={self._sockets}&user={ADMIN}&port={self.port}"

    @property
    def running(self) -> bool:
        """Whether the server is there."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Make the data where there are none, start, and return when it answers; UnreachableError if it does not."""
        self._wait_for_predecessor()
        self._make_folder(self._sockets)
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        self.port = self._choose_port()
        self._configure()
        log = self._place / "postgres.log"
        log.write_bytes(b"")
        command = _as_account([str(self._binaries / "postgres"), "-D", str(self._data)], death_signal="INT")
        self._process = self._spawner.start(command, log=log, death_signal=signal.SIGINT)
        self._wait_until_ready(log)
        self._ensure_database()

    def stop(self) -> None:
        """End it, sessions and all, without losing what was committed."""
        if self._process is not None:
            stop(self._process, signal.SIGINT)  # "fast shutdown"
            self._process = None

    def _initialise(self) -> None:
        draft = self._place / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._make_folder(draft)
        self._run("initdb", "-D", str(draft), "-U", ADMIN, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        draft.rename(self._data)

    def _configure(self) -> None:
        certificate, key = self._authority.issue_server()
        self._write("server.key", key)
        self._write("server.crt", certificate)
        self._write("ca.crt", self._authority.certificate.read_bytes())
        self._write("pg_hba.conf", _ACCESS.encode())
        settings = _SETTINGS.format(port=self.port, sockets=self._sockets)
        self._write("postgresql.conf", settings.encode())

    def _write(self, name: str, content: bytes) -> None:
        path = self._data / name
        write_private(path, content)
        _give(path)

    def _choose_port(self) -> int:
        stored = self._place / "port"
        try:
            port = int(stored.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            port = 0
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:  # somebody took it meanwhile
                probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        write_private(stored, str(port).encode())
        return port

    def _wait_until_ready(self, log: Path) -> None:
        pause = threading.Event()
        for _ in range(int(_START_WITHIN_S / 0.05)):
            if not self.running:
                break
            if self._try("pg_isready", "-q") == 0:
                return
            pause.wait(0.05)
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        self.stop()
        raise UnreachableError(f"PostgreSQL did not start: {' / '.join(lines[-3:]) or 'it said nothing'} ({log})")

    def _ensure_database(self) -> None:
        query = f"select 1 from pg_database where datname = '{DATABASE}'"  # noqa: S608 - a constant of ours
        if self._run("psql", *self._address(), "-AXtc", query, "postgres").strip() != "1":
            self._run("createdb", *self._address(), DATABASE)

    def _wait_for_predecessor(self) -> None:
        """Wait for a server whose supervisor was killed; clear the mark of one that is no more."""
        mark = self._data / "postmaster.pid"
        pause = threading.Event()
        pid = 0
        for _ in range(100):
            try:
                pid = int(mark.read_text(encoding="ascii").split()[0])
            except (FileNotFoundError, ValueError, IndexError):
                return
            if not self._is_ours(pid):  # the number may long belong to another program
                mark.unlink(missing_ok=True)
                return
            pause.wait(0.1)
        raise UnreachableError(f"another PostgreSQL (process {pid}) still uses {self._data}")

    def _is_ours(self, pid: int) -> bool:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
        return os.fsencode(self._data) in command.split(b"\0")

    def _make_folder(self, path: Path) -> None:
        path.mkdir(mode=0o700, exist_ok=True)
        _give(path)

    def _address(self) -> list[str]:
        return ["-h", str(self._sockets), "-p", str(self.port), "-U", ADMIN]

    def _try(self, tool: str, *arguments: str) -> int:
        command = [str(self._binaries / tool), *self._address(), *arguments]
        return subprocess.run(command, capture_output=True, timeout=_TOOL_WITHIN_S, check=False).returncode

    def _run(self, tool: str, *arguments: str) -> str:
        command = _as_account([str(self._binaries / tool), *arguments])
        done = subprocess.run(command, capture_output=True, timeout=_TOOL_WITHIN_S, check=False, cwd="/")
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip()
            raise UnreachableError(f"{tool} failed: {said}")
        return done.stdout.decode(errors="replace")


def _as_account(command: list[str], death_signal: str | None = None) -> list[str]:
    """Return the command run by `postgres` where we are root; changing the account would clear the death signal."""
    if os.geteuid() != 0:
        return command
    signals = [f"--pdeathsig={death_signal}"] if death_signal else []
    account = ["setpriv", f"--reuid={_ACCOUNT}", f"--regid={_ACCOUNT}", "--clear-groups"]
    return [*account, *signals, "--", *command]


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        account = pwd.getpwnam(_ACCOUNT)
        os.chown(path, account.pw_uid, account.pw_gid)
