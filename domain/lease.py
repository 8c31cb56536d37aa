"""Who may move a camera: one holder at a time, by rank, among the positions here and the workstations elsewhere.

Moments are seconds of this workstation's own monotonic clock: no two workstations have to agree on the time.
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from uuid import UUID

from domain.operator import Role

TTL_S = 5.0
MARGIN_S = 0.5  # a holder stops so long before headquarters gives the camera to the next
RENEW_AT = 0.3  # of the ttl: a third, less what lets a notice of 3 s fit into what is left
NOTICE_S = 3.0
IDLE_S = 20.0
DESK = "desk"  # the position of whoever sits at the console


class Rank(IntEnum):
    """Who goes before whom; the higher takes over from the lower, equals wait."""

    AHEAD = 0  # the camera was only chosen: asked for so that a key press finds it granted
    TOUR = 1
    ALARM = 2
    OPERATOR = 3
    DISPATCHER = 4
    SUPERVISOR = 5

    @property
    def person(self) -> bool:
        """Whether a person's hand is meant; only people get a notice before they lose a camera."""
        return self >= Rank.OPERATOR

    @property
    def ttl_s(self) -> float:
        """Return for how long to ask: what gives way at once is asked for shortly, so that a person waits shortly."""
        if self.person:
            return TTL_S
        return 1.5 if self is Rank.AHEAD else 3.0


_RANKS = {
    Role.OPERATOR: Rank.OPERATOR,
    Role.POLICE_LIAISON: Rank.OPERATOR,
    Role.DISPATCHER: Rank.DISPATCHER,
    Role.SUPERVISOR: Rank.SUPERVISOR,
    Role.ADMINISTRATOR: Rank.SUPERVISOR,
}


def rank_of(role: Role) -> Rank:
    """Return the rank with which a person asks for a camera; whether they may move one is the door's matter."""
    return _RANKS[role]


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who has a camera or takes it over: a position here, or another workstation; what is known of them."""

    origin: UUID | None = None  # of another workstation
    position: str = ""  # here
    rank: Rank | None = None


class Standing(StrEnum):
    """How a position stands to a camera."""

    NONE = "none"  # it wishes for nothing
    ASKED = "asked"  # headquarters has not answered yet
    WAITING = "waiting"  # somebody else has it
    HELD = "held"
    ENDING = "ending"  # held still; somebody takes over at `ends_at`
    LAPSED = "lapsed"  # headquarters did not renew it in time; a new wish goes on by local control
    ENDED = "ended"  # 20 s without a command


@dataclass(frozen=True, slots=True)
class LeaseState:
    """What a position is told about a camera. `local` is to be shown as a warning: headquarters is away.

    `who` has it, or takes it over; None where that is not known. A state with a higher `serial` was told later.
    """

    camera_no: int
    position: str
    standing: Standing
    who: Party | None = None
    ends_at: float | None = None
    local: bool = False
    serial: int = field(default=0, compare=False)

    @property
    def may_move(self) -> bool:
        """Whether this position may move the camera now."""
        return self.standing in {Standing.HELD, Standing.ENDING}

    def left_s(self, now: float) -> float:
        """Return the seconds until somebody takes over, for counting them down; 0 where nobody does."""
        return 0.0 if self.ends_at is None else max(0.0, self.ends_at - now)


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask of headquarters; a ttl of 0 gives the camera back."""

    camera_no: int
    rank: Rank
    ttl_s: float


@dataclass(frozen=True, slots=True)
class Granted:
    """The camera is this workstation's, for `ttl_s` from `asked_at`, when the request left."""

    camera_no: int
    asked_at: float
    ttl_s: float


@dataclass(frozen=True, slots=True)
class Refused:
    """It is not. `ours`: it was, and is not renewed because `party` goes before; else `party` has it."""

    camera_no: int
    ours: bool
    party: Party | None
    ttl_s: float


@dataclass(frozen=True, slots=True)
class GivenBack:
    """It was given back."""

    camera_no: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Headquarters went away over this question."""

    camera_no: int


LeaseAnswer = Granted | Refused | GivenBack | Unanswered
