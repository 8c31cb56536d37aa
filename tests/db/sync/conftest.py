"""A real PostgreSQL with TLS, a headquarters in it, and feeds to exchange with."""

import contextlib
import datetime as dt
import ipaddress
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import psutil
import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from db.sync.address import HqAddress
from db.sync.client import Headquarters
from db.sync.setup import enrol, initialise
from domain.change import Change, PulledChange
from tests.db.sync.relay import Relay

_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
unix_socket_permissions = 0700
ssl = on
ssl_cert_file = '{folder}/server.crt'
ssl_key_file = '{folder}/server.key'
ssl_ca_file = '{folder}/ca.crt'
ssl_min_protocol_version = 'TLSv1.3'
fsync = off
autovacuum = off
max_connections = 60
shared_buffers = 64MB
lc_messages = 'C'
"""
_STANDING = 4  # checkpointer, background writer, WAL writer, logical replication launcher
_ACCESS = "local all postgres trust\nhostssl all all 127.0.0.1/32 cert\n"


def wait_until(condition: Callable[[], bool], within_s: float = 20.0) -> None:
    """Wait for a condition; AssertionError if it does not come true."""
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, "the condition did not come true"
        threading.Event().wait(0.02)


def _lasting_port() -> int:
    """Return a port below those that the kernel gives out: a server that is killed must get its own back."""
    while True:
        port = random.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.certificate, self.key = folder / "ca.crt", folder / "ca.key"
        self._signer = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"authority {uuid4()}")])
        self.certificate.write_bytes(self._sign(self._name, self._signer.public_key(), ca=True))
        self.key.write_bytes(pem(self._signer))

    def server(self) -> tuple[bytes, bytes]:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        return self._sign(name, key.public_key(), ca=False), pem(key)

    def _sign(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, *, ca: bool) -> bytes:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if not ca:
            names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class Server:
    """A PostgreSQL server in a folder of its own; as root it runs under the account postgres."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="watchroom-hq-", dir="/var/tmp"))
        self._data = self.folder / "data"
        self._binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.authority = Authority(self.folder)
        certificate, key = self.authority.server()
        (self.folder / "server.crt").write_bytes(certificate)
        (self.folder / "server.key").write_bytes(key)
        (self.folder / "server.key").chmod(0o600)
        self.port = _lasting_port()
        self._give()
        self._tool(
            "initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
        )
        (self._data / "postgresql.conf").write_text(_SETTINGS.format(port=self.port, folder=self.folder))
        (self._data / "pg_hba.conf").write_text(_ACCESS)
        self._give()
        self._process: subprocess.Popen[bytes] | None = None

    def admin_url(self, database: str = "postgres") -> str:
        return f"postgresql:///{database}?host={self.folder}&port={self.port}&user=postgres"

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.admin_url(database), autocommit=True)

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_account("--pdeathsig", "QUIT"), str(self._binaries / "postgres"), "-D", str(self._data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
            )
        wait_until(self._answers, 30)  # nobody waits for quiet here: consoles come back by themselves

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT gently, SIGQUIT as if the power had failed."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def settle(self) -> None:
        """Wait until the processes of ended sessions are gone."""
        if self._process is not None:
            wait_until(lambda: len(self._children()) <= _STANDING)

    def _children(self) -> list[psutil.Process]:
        assert self._process is not None
        return psutil.Process(self._process.pid).children()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.folder / "log").read_text()
        try:
            self.admin().close()
        except psycopg.OperationalError:
            return False
        return True

    def _tool(self, name: str, *arguments: str) -> None:
        command = [*_account(), str(self._binaries / name), *arguments]
        done = subprocess.run(command, capture_output=True, cwd="/", timeout=50, check=False)
        assert done.returncode == 0, done.stderr.decode()

    def _give(self) -> None:
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, account.pw_uid, account.pw_gid)


def _account(*options: str) -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *options, "--"]


class Centre:
    """A headquarters in a database of its own, and workstations enrolled there."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.database = f"hq_{uuid4().hex[:12]}"
        self.folder = folder
        self._open: list[Headquarters] = []
        self._roles: list[str] = []
        with server.admin() as admin:
            admin.execute(f"create database {self.database}")
        initialise(self.admin_url)

    @property
    def admin_url(self) -> str:
        return self.server.admin_url(self.database)

    def enrol(self, centre: str = "anyang", origin: UUID | None = None) -> HqAddress:
        origin = origin or uuid4()
        authority = self.server.authority
        self._roles.append(f"ws_{origin.hex}")
        return enrol(self.admin_url, authority.certificate, authority.key, origin, centre, self.folder / origin.hex)

    def workstation(self, centre: str = "anyang", origin: UUID | None = None) -> Headquarters:
        return self.connect(self.enrol(centre, origin))

    def connect(self, address: HqAddress) -> Headquarters:
        headquarters = Headquarters(address)
        self._open.append(headquarters)
        return headquarters

    def through(self, port: int, address: HqAddress) -> HqAddress:
        """Return the same address by way of a relay."""
        return replace(address, url=address.url.replace(f":{self.server.port}/", f":{port}/"))

    def raw(self, address: HqAddress) -> psycopg.Connection:
        """Sign in as the workstation, to try what its own program never does."""
        return psycopg.connect(
            address.url,
            autocommit=True,
            sslmode="verify-full",
            sslrootcert=str(address.ca),
            sslcert=str(address.cert),
            sslkey=str(address.key),
        )

    def ask(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with self.server.admin(self.database) as admin:
            cursor = admin.execute(query.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def facts(self) -> list[UUID]:
        return [pk for (pk,) in self.ask("select pk from hq.fact order by seq")]

    def leave(self) -> None:
        for headquarters in self._open:
            headquarters.close()

    def remove(self) -> None:
        self.leave()
        with self.server.admin() as admin:
            admin.execute(f"drop database {self.database} with (force)")
            for role in set(self._roles):
                admin.execute(f"drop role if exists {role}")
        self.server.settle()


_hlc = iter(range(1 << 62))


def make_changes(first: int, count: int, kind: str = "event", **payload: object) -> list[Change]:
    """Return changes numbered from `first`, with a new key each and growing clocks."""
    started = int(time.time() * 1000) << 16
    said = {"centre": "anyang", "step": "reported", **payload}
    return [
        Change(seq, kind, uuid4(), started + next(_hlc), {**said, "n": seq}, 1)  # type: ignore[dict-item]
        for seq in range(first, first + count)
    ]


@dataclass
class Nothing:
    """What a pull made of the memory feed: nothing to show."""

    events: tuple[()] = ()
    alarms: tuple[()] = ()
    incidents: tuple[()] = ()
    wall_messages: tuple[()] = ()


@dataclass
class MemoryFeed:
    """A feed in memory that counts what it is given twice."""

    epoch: UUID = field(default_factory=uuid4)
    rows: list[Change] = field(default_factory=list)
    acked: int = 0
    at: str = ""
    pulled: dict[UUID, PulledChange] = field(default_factory=dict)
    repeated: int = 0
    own: set[UUID] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def save(self, count: int = 1, **payload: object) -> list[UUID]:
        """Commit changes here; return their keys."""
        with self.lock:
            rows = make_changes(len(self.rows) + 1, count, **payload)  # type: ignore[arg-type]
            self.rows += rows
            self.own |= {row.pk for row in rows}
            return [row.pk for row in rows]

    def backup(self) -> "MemoryFeed":
        with self.lock:
            return MemoryFeed(self.epoch, list(self.rows), self.acked, self.at, dict(self.pulled), 0, set(self.own))

    def known(self) -> set[UUID]:
        return self.own | set(self.pulled)

    def last_seq(self) -> int:
        return len(self.rows)

    def changes_after(self, seq: int, limit: int) -> list[Change]:
        with self.lock:
            return self.rows[seq : seq + limit]

    def acknowledged(self) -> int:
        return self.acked

    def acknowledge(self, seq: int) -> None:
        self.acked = seq

    def oldest_unacknowledged(self) -> dt.datetime | None:
        return dt.datetime.now(dt.UTC) if self.acked < len(self.rows) else None

    def cursor(self) -> str:
        return self.at

    def take_pulled(self, changes: Sequence[PulledChange], cursor: str) -> Nothing:
        with self.lock:
            self.repeated += sum(change.pk in self.pulled for change in changes)
            self.pulled |= {change.pk: change for change in changes}
            self.at = cursor
        return Nothing()

    def new_epoch(self) -> None:
        with self.lock:
            self.epoch = uuid4()
            self.rows = [replace(row, seq=seq) for seq, row in enumerate(self.rows[self.acked :], 1)]
            self.acked = 0
            self.at = ""


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    made = Server()
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server() as made:
        yield made


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that the test may stop."""
    with running_server() as made:
        yield made


@pytest.fixture
def hq(server: Server, tmp_path: Path) -> Iterator[Centre]:
    made = Centre(server, tmp_path / "workstations")
    yield made
    made.remove()


@pytest.fixture
def mortal_hq(own_server: Server, tmp_path: Path) -> Iterator[Centre]:
    """Headquarters on a server that the test may stop."""
    made = Centre(own_server, tmp_path / "workstations")
    yield made
    made.leave()


@pytest.fixture
def relay(server: Server) -> Iterator[Relay]:
    made = Relay(server.port)
    yield made
    made.close()


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Makers of what tests exchange: `changes(first, count, kind)`, `Feed()`, and `wait_until(condition)`."""
    return SimpleNamespace(changes=make_changes, Feed=MemoryFeed, wait_until=wait_until)
