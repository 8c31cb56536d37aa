"""The connection to headquarters: schema hq_v1's functions as methods."""

import json
import os
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict

from db.sync.address import HqAddress
from db.sync.faults import as_ours, why_not_connected
from domain.change import Change, Greeting, PulledChange
from domain.errors import CredentialsError, ProtocolError, UnreachableError
from domain.fact import Json

PROTOCOL = 1
PUSH_ROWS = 5_000
PULL_ROWS = 2_000

_CONNECT_WITHIN_S = 5
_ANSWER_WITHIN_S = 20.0  # a push of 5,000 rows takes 0.1 s; a frozen server never answers
_PUSH_BYTES = 4 * 1024 * 1024  # detections may carry 256 KiB each


@dataclass(frozen=True, slots=True)
class Page:
    """Rows pulled, in headquarters' order, and the cursor after them; no rows: there is no more for now."""

    changes: tuple[PulledChange, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may move a camera, after asking. `ttl_s` counts from the request; `fence` grows with each new holder."""

    granted: bool
    holder: UUID | None
    fence: int
    ttl_s: float


class Headquarters:
    """One connection, made at the first call and again at the first call after it broke; for one thread at a time.

    Every call may raise UnreachableError, CredentialsError or ProtocolError; it ends within
    `answer_within_s` and the 5 s for connecting, whatever the server does.
    """

    def __init__(self, address: HqAddress, answer_within_s: float = _ANSWER_WITHIN_S) -> None:
        self._address = address
        self._answer_within_s = answer_within_s
        self._role = _role(address.url)
        self._connection: psycopg.Connection | None = None
        self._guard = threading.Lock()
        self._hinted = False

    @property
    def connected(self) -> bool:
        """Whether the last call left a working connection."""
        return self._connection is not None

    def fileno(self) -> int | None:
        """Return the socket on which a hint shows, or None while not connected."""
        return self._connection.fileno() if self._connection else None

    def hinted(self) -> bool:
        """Return whether others pushed since this was last asked; never waits, and notices a connection that ended."""
        connection = self._connection or self._connect()
        with self._translated(connection):
            connection.pgconn.consume_input()
            while (hint := connection.pgconn.notifies()) is not None:
                self._note_hint(hint.be_pid)
        hinted, self._hinted = self._hinted, False
        return hinted

    def hello(self, epoch: UUID, last_seq: int) -> Greeting:
        """Say who we are and how far our change log goes."""
        row = self._call("select hq_epoch, acked_seq, now from hq_v1.hello(%s, %s, %s)", (PROTOCOL, epoch, last_seq))
        return Greeting(hq_epoch=row[0], acked_seq=row[1], now=row[2].astimezone(UTC))

    def push(self, epoch: UUID, changes: Sequence[Change]) -> int:
        """Give headquarters changes, numbered without gaps; return up to which of them it now has them.

        Of very large changes only the first are sent, so the answer may be below the last. Those it had are passed
        over. SequenceGapError where earlier ones are missing there, OtherHistoryError where it has others under these
        numbers, ClockAheadError, or RefusedError for a kind that we may not push; then nothing was stored.
        """
        if not changes:
            raise ValueError("nothing to push")
        rows = list(_fitting(changes))
        first = changes[0].seq
        row = self._call("select hq_v1.push(%s, %s, %s::text::jsonb)", (epoch, first, f"[{','.join(rows)}]"))
        return min(int(row[0]), first + len(rows) - 1)

    def pull(self, cursor: str, max_rows: int = PULL_ROWS) -> Page:
        """Return what other workstations of our centre gave headquarters after the cursor."""
        row = self._call("select rows, cursor from hq_v1.pull(%s, %s)", (cursor, max_rows))
        return Page(tuple(_pulled(said) for said in row[0]), row[1])

    def numbers(self, year: int, count: int) -> int:
        """Return the first of `count` incident numbers (1 to 1,000) that nobody else gets."""
        return int(self._call("select hq_v1.numbers(%s, %s)", (year, count))[0])

    def checkpoint(self, audit_seq: int, digest: bytes, signature: bytes) -> None:
        """Leave a signed mark of the audit chain."""
        self._call("select hq_v1.checkpoint(%s, %s, %s)", (audit_seq, digest, signature))

    def lease(self, camera_no: int, rank: int, ttl_s: float) -> Lease:
        """Ask for the sole right to move a camera (at most 5 s; 0 gives it back); a higher rank outranks a lower."""
        row = self._call(
            "select granted, holder, fence, ttl_ms from hq_v1.lease(%s, %s, make_interval(secs => %s))",
            (camera_no, rank, ttl_s),
        )
        return Lease(granted=row[0], holder=row[1], fence=row[2], ttl_s=row[3] / 1000)

    def lease_parties(self, camera_no: int) -> tuple[tuple[UUID, int] | None, tuple[UUID, int] | None]:
        """Return who has a camera and who of a higher rank waits to take it over, each with the rank, or None."""
        holder, holder_rank, rival, rival_rank = self._call("select * from hq_v1.lease_parties(%s)", (camera_no,))
        return (None if holder is None else (holder, holder_rank), None if rival is None else (rival, rival_rank))

    def horizon_age_s(self) -> float:
        """Return for how long rows of our centre have been held back from pullers; above 5 s something is stuck."""
        return float(self._call("select hq_v1.horizon_age()", ())[0])

    def close(self) -> None:
        """End the connection."""
        with self._guard:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def abort(self) -> None:
        """Cut the connection from another thread, so that a call that waits there ends with UnreachableError."""
        with self._guard:
            if self._connection is not None:
                _cut(self._connection)

    def _call(self, query: str, values: Sequence[object]) -> tuple[Any, ...]:
        connection = self._connection or self._connect()
        with self._within_time(connection):
            row = connection.execute(query.encode(), values).fetchone()
        if row is None:
            raise ProtocolError("headquarters answered with nothing")
        return row

    @contextmanager
    def _within_time(self, connection: psycopg.Connection) -> Iterator[None]:
        """Cut the connection if what is done with it does not end in time."""
        timer = threading.Timer(self._answer_within_s, _cut, (connection,))
        timer.name = "headquarters deadline"
        timer.start()
        try:
            with self._translated(connection):
                yield
        finally:
            timer.cancel()
            timer.join()

    @contextmanager
    def _translated(self, connection: psycopg.Connection) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            if connection.broken or connection.closed:
                self.close()
            raise as_ours(error, self._address) from error

    def _connect(self) -> psycopg.Connection:
        address = self._address
        for path in (address.ca, address.cert, address.key):
            if not os.access(path, os.R_OK):
                raise CredentialsError(f"headquarters' certificate file {path} is missing or can't be read")
        try:
            connection = psycopg.connect(
                address.url,
                autocommit=True,
                sslmode="verify-full",
                ssl_min_protocol_version="TLSv1.3",
                sslrootcert=str(address.ca),
                sslcert=str(address.cert),
                sslkey=str(address.key),
                gssencmode="disable",
                application_name="watchroom",
                connect_timeout=_CONNECT_WITHIN_S,
                keepalives=1,
                keepalives_idle=5,
                keepalives_interval=2,
                keepalives_count=3,
                tcp_user_timeout=10_000,
                options="-c statement_timeout=15000 -c timezone=UTC",
            )
        except psycopg.Error as error:
            raise why_not_connected(error, address, self._role) from error
        connection.add_notify_handler(lambda hint: self._note_hint(hint.pid))
        with self._guard:
            self._connection = connection
        with self._within_time(connection):
            connection.execute("listen hq_feed")
        return connection

    def _note_hint(self, sender: int) -> None:
        """Note that somebody pushed, unless it was this connection itself."""
        connection = self._connection
        self._hinted |= connection is not None and sender != connection.info.backend_pid


def _cut(connection: psycopg.Connection) -> None:
    """Shut the socket down, so that whoever waits on it sees its end."""
    try:
        with socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as copy:
            copy.shutdown(socket.SHUT_RDWR)
    except (OSError, psycopg.OperationalError):
        return  # it has ended already


def _fitting(changes: Sequence[Change]) -> Iterator[str]:
    """Give changes as JSON texts while they fit into one push; the first always does."""
    size = 0
    for change in islice(changes, PUSH_ROWS):
        text = _row(change)
        size += len(text)
        if size > _PUSH_BYTES and size > len(text):
            return
        yield text


def _row(change: Change) -> str:
    row = {
        "k": change.kind,
        "p": str(change.pk),
        "h": change.hlc,
        "v": dict(change.payload),
        "s": change.schema_version,
    }
    try:
        text = json.dumps(row, allow_nan=False, separators=(",", ":"))
    except ValueError:  # not a number, or infinite
        return json.dumps(_acceptable(row), separators=(",", ":"))
    if "\\u0000" in text or "\\ud" in text:
        return json.dumps(_acceptable(row), separators=(",", ":"))
    return text


def _acceptable(value: object) -> Json:
    """Return the value without what PostgreSQL's jsonb refuses; one such row would hold up all after it."""
    match value:
        case str():
            return value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case float():
            return value if value - value == 0 else None
        case Mapping():
            return {str(_acceptable(key)): _acceptable(item) for key, item in value.items()}
        case list() | tuple():
            return [_acceptable(item) for item in value]
        case bool() | int() | None:
            return value
        case _:
            return str(value)


def _pulled(said: Mapping[str, Any]) -> PulledChange:
    try:
        return PulledChange(
            origin=UUID(said["o"]),
            kind=said["k"],
            pk=UUID(said["p"]),
            hlc=said["h"],
            payload=said["v"],
            schema_version=said["s"],
        )
    except (KeyError, ValueError, TypeError) as error:
        raise ProtocolError(f"headquarters sent a row that is none: {error}") from error


def _role(url: str) -> str:
    try:
        return str(conninfo_to_dict(url).get("user", ""))
    except psycopg.ProgrammingError as error:
        raise UnreachableError(f"headquarters' address is wrong: {error}") from error
