"""Sets up headquarters and enrols workstations there; for the administrator."""

import importlib.resources
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from db.sync.address import HqAddress
from db.sync.certificate import issue_client
from domain.clock import Clock, SystemClock
from domain.errors import BadInputError, CredentialsError, ProtocolError, StorageError, UnreachableError

_VERSIONS = ((1, ("hq_tables.sql", "hq_v1.sql")), (2, ("hq_walls.sql",)), (3, ("hq_leases.sql",)))
_SETUP_LOCK = 0x77_61_74_63_68  # "watch"; one set-up at a time
_SYSTEM_CLOCK = SystemClock()

_GROUNDWORK = """
do $$
begin
    create role watchroom_hq nologin nosuperuser nocreatedb nocreaterole nobypassrls;
exception when duplicate_object then
    alter role watchroom_hq nologin nosuperuser nocreatedb nocreaterole nobypassrls;
end $$;
do $$
begin
    execute format('revoke all on database %I from public', current_database());
end $$;
revoke all on schema public from public;
revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea), lo_put(oid, bigint, bytea),
    lowrite(integer, bytea) from public;
"""


def initialise(admin_url: str) -> None:
    """Bring headquarters' database to this program's version; done already, it changes nothing.

    `admin_url` names a superuser of a database that is headquarters' alone (PUBLIC loses every right in it). A newer
    program's database is left as it is. UnreachableError, CredentialsError, or ProtocolError where the
    database is unfit.
    """
    with _admin(admin_url) as connection:
        _require_fit(connection)
        connection.execute("select pg_advisory_xact_lock(%s)", (_SETUP_LOCK,))
        done = _version(connection)
        if done == 0:
            connection.execute(_GROUNDWORK)
        for version, names in _VERSIONS:
            if version > done:
                for name in names:
                    connection.execute(_script(name))
                connection.execute("insert into hq.schema_version (version) values (%s)", (version,))
                _grant_everyone(connection)


def forget_practice(admin_url: str) -> bool:
    """Throw away everything that a practice headquarters holds, unless a workstation is connected to it.

    Return whether it was done; `initialise` must follow. Never for a headquarters that is in earnest.
    """
    with _admin(admin_url) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", (_SETUP_LOCK,))
        row = connection.execute("select count(*) from pg_stat_activity where usename like 'ws\\_%'").fetchone()
        if row is None or row[0] > 0:
            return False
        connection.execute("drop schema if exists hq_v1 cascade")
        connection.execute("drop schema if exists hq cascade")
        return True


def enrol(
    admin_url: str,
    ca: Path,
    ca_key: Path,
    origin: UUID,
    centre: str,
    into: Path,
    *,
    url: str = "",
    clock: Clock = _SYSTEM_CLOCK,
) -> HqAddress:
    """Let a workstation of a centre in: a role, a certificate of that name for it, and its place in the register.

    The files go to `into`. Doing it again gives a new key; a certificate given before stays good until it runs
    out or the role is locked (`alter role ... nologin`). `url` is where workstations find the server, where
    that is not as `admin_url` or the server itself says. BadInputError where the workstation belongs to another centre.
    """
    if not centre:
        raise BadInputError("a workstation needs a centre")
    role = role_of(origin)
    with _admin(admin_url) as connection:
        if _version(connection) == 0:
            raise ProtocolError("headquarters is not set up: run `hq init` first")
        connection.execute("select pg_advisory_xact_lock(%s)", (_SETUP_LOCK,))
        _register(connection, role, origin, centre)
        _grant(connection, role)
        where = url or _reachable_url(connection)
        issued = issue_client(role, ca.read_bytes(), ca_key.read_bytes(), clock.now())
        address = HqAddress(
            url=_workstation_url(where, role),
            ca=into / "hq-ca.crt",
            cert=into / "hq.crt",
            key=into / "hq.key",
        )
        _keep(address, ca.read_bytes(), issued.certificate, issued.key)
    return address


def role_of(origin: UUID) -> str:
    """Return the name of the PostgreSQL role of a workstation; also the common name in its certificate."""
    return f"ws_{origin.hex}"


@contextmanager
def _admin(url: str) -> Iterator[psycopg.Connection]:
    """Connect as the administrator for one transaction, and turn what goes wrong into our errors."""
    try:
        connection = psycopg.connect(url, connect_timeout=10)
    except psycopg.Error as error:
        raise UnreachableError(f"headquarters does not let its administrator in: {_words(error)}") from error
    try:
        with connection:
            yield connection
    except psycopg.errors.InsufficientPrivilege as error:
        raise CredentialsError(f"setting up headquarters takes a superuser: {_words(error)}") from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise UnreachableError(f"headquarters stopped answering: {_words(error)}") from error
    except psycopg.Error as error:
        raise ProtocolError(f"headquarters could not be set up: {_words(error)}") from error


def _require_fit(connection: psycopg.Connection) -> None:
    if connection.info.server_version < 150000:
        raise ProtocolError("headquarters needs PostgreSQL 15 or later")
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise ProtocolError("headquarters' database has to be in UTF8")


def _version(connection: psycopg.Connection) -> int:
    known = connection.execute("select to_regclass('hq.schema_version') is not null").fetchone()
    if known is None or not known[0]:
        return 0
    row = connection.execute("select coalesce(max(version), 0) from hq.schema_version").fetchone()
    return int(row[0]) if row else 0


def _script(name: str) -> bytes:
    return importlib.resources.files("db.sync").joinpath(name).read_bytes()


def _register(connection: psycopg.Connection, role: str, origin: UUID, centre: str) -> None:
    known = connection.execute("select centre from hq.workstation where origin = %s", (origin,)).fetchone()
    if known is not None and known[0] != centre:
        raise BadInputError(f"this workstation is enrolled for centre {known[0]}; one that moves needs a new identity")
    connection.execute(
        "insert into hq.workstation (role, origin, centre) values (%s, %s, %s) on conflict do nothing",
        (role, origin, centre),
    )


def _grant_everyone(connection: psycopg.Connection) -> None:
    for (role,) in connection.execute("select role::text from hq.workstation").fetchall():
        _grant(connection, role)


def _grant(connection: psycopg.Connection, role: str) -> None:
    """Make the role if it is missing (it is the whole cluster's) and let it execute hq_v1's functions, nothing else."""
    name = sql.Identifier(role)
    if connection.execute("select from pg_roles where rolname = %s", (role,)).rowcount == 0:
        connection.execute(sql.SQL("create role {}").format(name))
    connection.execute(
        sql.SQL("alter role {} login noinherit nosuperuser nocreatedb nocreaterole nobypassrls noreplication").format(
            name
        )
    )
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("grant connect on database {} to {}").format(database, name))
    connection.execute(sql.SQL("grant usage on schema hq_v1 to {}").format(name))
    connection.execute(sql.SQL("grant execute on all functions in schema hq_v1 to {}").format(name))


def _reachable_url(connection: psycopg.Connection) -> str:
    """Return where the server can be reached by TCP: as the administrator does, or where it says that it listens."""
    host = connection.info.host
    if not host or host.startswith(("/", "@")):
        row = connection.execute("select current_setting('listen_addresses')").fetchone()
        host = str(row[0]).partition(",")[0].strip() if row else ""
        host = host if host not in {"", "*", "0.0.0.0", "::"} else "localhost"  # noqa: S104 - recognised, not bound to
    return _url(host, connection.info.port, connection.info.dbname)


def _workstation_url(url: str, role: str) -> str:
    parts = conninfo_to_dict(url)
    return _url(str(parts.get("host", "")), int(parts.get("port") or 5432), str(parts.get("dbname", "")), role)


def _url(host: str, port: int, database: str, role: str = "") -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"postgresql://{role + '@' if role else ''}{shown}:{port}/{quote(database, safe='')}"


def _keep(address: HqAddress, ca: bytes, certificate: bytes, key: bytes) -> None:
    try:
        address.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path, content in ((address.ca, ca), (address.key, key), (address.cert, certificate)):
            _write_private(path, content)
    except OSError as error:
        raise StorageError(f"the certificate can't be kept in {address.key.parent}: {error.strerror}") from error


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _words(error: psycopg.Error) -> str:
    return error.diag.message_primary or str(error).strip().partition("\n")[0]
