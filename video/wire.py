"""What the engine and a stream worker say to each other: JSON lines, so that no password is ever an argument.

The engine's lines come over the worker's standard input, which is a socket: each Subscribe brings the file of its
shared memory along. The worker's lines go to its standard output.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from video import messages

MAX_LINE = 64 * 1024

Key = tuple[int, str]
"""A session: the camera's number, and which of its streams."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Put pictures of a camera's profile into the memory that comes with this line.

    Without a size there is no memory and are no pictures: the session is only kept open, for the ring.
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
    transport: str = "tcp"
    masks: Sequence[Sequence[Sequence[float]]] = ()
    keyframes_only: bool = False
    unseen: bool = False
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
class Adjust:
    """Give a source keyframes only (and of those only some, where nobody sees it), or all pictures again."""

    source: int
    keyframes_only: bool
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Reduce:
    """Decode only keyframes of a session, whoever looks, or everything again."""

    camera: int
    profile: str
    on: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """Keep what arrives in this folder, so long and at most so much; said before anything else."""

    folder: str
    seconds: float
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer to Ask: sign in to this camera now, once."""

    camera: int


@dataclass(frozen=True, slots=True)
class Hold:
    """The answer to Ask where the password was refused elsewhere: do not try this camera until Retry."""

    camera: int


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
class PictureSaid:
    """What is to be known of a session's picture: since when (CLOCK_MONOTONIC) it stands still, and the reduction."""

    camera: int
    profile: str
    frozen_since: float | None
    reduced: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """May I sign in to this camera with its password? Nothing is tried before Permit."""

    camera: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The camera took the password (True), refused it (False), or came to no answer (None)."""

    camera: int
    taken: bool | None


@dataclass(frozen=True, slots=True)
class RingSaid:
    """The ring suffers (`kind` is a TroubleKind's), or no longer does."""

    kind: str
    where: str
    detail: str
    cleared: bool


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
    octets: int = 0
    cpu_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Alive:
    """The worker's loop turns; sent every second, with its CPU time so far and how late it was at worst since."""

    cpu_s: float = 0.0
    late_s: float = 0.0


Order = Ring | Subscribe | Unsubscribe | Adjust | Reduce | Retry | Permit | Hold
Answer = Ready | SessionSaid | PictureSaid | Ask | SignedIn | RingSaid | Counts | Alive
ORDERS = (Ring, Subscribe, Unsubscribe, Adjust, Reduce, Retry, Permit, Hold)
_KINDS: Mapping[str, type[Order | Answer]] = {
    kind.__name__: kind for kind in (*ORDERS, Ready, SessionSaid, PictureSaid, Ask, SignedIn, RingSaid, Counts, Alive)
}


def encode(message: Order | Answer) -> bytes:
    """Return the message as one line."""
    return messages.encode(message) + b"\n"


def decode(line: bytes) -> Order | Answer:
    """Read one line; ProtocolError where it is none of ours."""
    return messages.decode(line, _KINDS)
