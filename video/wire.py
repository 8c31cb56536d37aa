"""What the engine and a stream worker say to each other: JSON lines, so that no password is ever an argument.

The engine's lines come over the worker's standard input, which is a socket: each Subscribe brings the file of its
shared memory along. The worker's lines go to its standard output.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from domain.errors import ProtocolError

MAX_LINE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Put pictures of a camera's profile into the memory that comes with this line.

    `held` says that this password was refused before: nothing is tried until Retry.
    """

    source: int
    camera: int
    profile: str
    url: str
    width: int
    height: int
    max_fps: float
    pixel_format: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    basic_allowed: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Nobody looks at this source any more."""

    source: int


@dataclass(frozen=True, slots=True)
class Retry:
    """A person wants a camera tried again now, with these credentials."""

    camera: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker takes subscriptions."""


@dataclass(frozen=True, slots=True)
class SessionSaid:
    """A session is waiting since then (CLOCK_MONOTONIC), perhaps with a reason, or it is live."""

    camera: int
    profile: str
    since: float
    reason: str | None
    live: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened to one camera's profile in this worker; numbers only grow. Sent every second."""

    camera: int
    profile: str
    sessions: int = 0
    sent: int = 0
    decoded: int = 0
    delivered: int = 0
    dropped: int = 0
    lost_packets: int = 0
    undecodable: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Alive:
    """The worker's loop turns; sent every second."""


Order = Subscribe | Unsubscribe | Retry
Answer = Ready | SessionSaid | Counts | Alive
_KINDS: Mapping[str, type[Order | Answer]] = {
    kind.__name__: kind for kind in (Subscribe, Unsubscribe, Retry, Ready, SessionSaid, Counts, Alive)
}


def encode(message: Order | Answer) -> bytes:
    """Return the message as one line."""
    return json.dumps({"is": type(message).__name__, **asdict(message)}, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Order | Answer:
    """Read one line; ProtocolError where it is none of ours. Its text is not repeated, it may hold a password."""
    try:
        fields = json.loads(line)
        return _KINDS[fields.pop("is")](**fields)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProtocolError("a line between the console and a stream worker can't be understood") from None
