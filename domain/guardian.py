"""Safe returns home: whether a traveller is on the way as planned.

Off route needs distance AND accuracy AND duration AND several fixes, so that GPS noise does not fire
(the numbers lie in resources/guardian.toml).
"""

import math
import tomllib
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid5

from domain.errors import SettingsError
from domain.event import Event, EventKind
from domain.place import Place
from domain.record import Workplace

_METRES_PER_DEGREE = 111_195.0  # of latitude, on the mean radius


class GuardianState(StrEnum):
    """How a session stands, as app, guardian and console are told."""

    PLANNED = "planned"
    ACTIVE = "active"
    DELAYED = "delayed"
    OFF_ROUTE = "off_route"
    SIGNAL_LOST = "signal_lost"
    SOS = "sos"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"


WORRYING = frozenset({GuardianState.OFF_ROUTE, GuardianState.DELAYED, GuardianState.SIGNAL_LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianLimits:
    """The thresholds, dated; metres and seconds."""

    dated: date
    off_route_m: float
    off_route_s: float
    off_route_fixes: int
    unknown_accuracy_m: float
    delay_s: float
    delay_share: float
    signal_lost_s: float

    @classmethod
    def load(cls, path: Path) -> "GuardianLimits":
        """Read the thresholds; SettingsError names file and key."""
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SettingsError(f"{path.name}: {error}") from error
        names = {item.name for item in fields(cls)}
        wrong = sorted(names ^ set(document))
        if wrong:
            raise SettingsError(f"{path.name}: {wrong[0]}: is {'missing' if wrong[0] in names else 'not known here'}")
        for name, value in document.items():
            _check_limit(path.name, name, value)
        return cls(**document)


def _check_limit(file: str, name: str, value: object) -> None:
    if name == "dated":
        if not isinstance(value, date):
            raise SettingsError(f"{file}: {name}: must be the day of the last change, as 2026-01-31")
    elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise SettingsError(f"{file}: {name}: must be a number above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianSession:
    """One journey as it now stands; every step makes a new one.

    `route` may be empty: then nothing is off it. `off_since` is when the run of fixes began that are off the route,
    `off_fixes` its length.
    """

    limits: GuardianLimits
    route: tuple[Place, ...]
    started_at: datetime
    eta: datetime
    last_fix_at: datetime | None = None
    last_place: Place | None = None
    off_since: datetime | None = None
    off_fixes: int = 0
    sos_at: datetime | None = None
    arrived_at: datetime | None = None
    cancelled_at: datetime | None = None

    def with_fix(self, place: Place, at: datetime) -> "GuardianSession":
        """Return the session after a fix; one that is older than the last is left out."""
        if self.last_fix_at is not None and at <= self.last_fix_at:
            return self
        session = replace(self, last_fix_at=at, last_place=place)
        accuracy_m = self.limits.unknown_accuracy_m if place.accuracy_m is None else place.accuracy_m
        away_m = _away_m(place, self.route) - accuracy_m
        if away_m > self.limits.off_route_m:
            return replace(session, off_since=self.off_since or at, off_fixes=self.off_fixes + 1)
        if accuracy_m <= self.limits.off_route_m:
            return replace(session, off_since=None, off_fixes=0)
        return session  # too vague to clear the traveller of being away

    def with_sos(self, at: datetime) -> "GuardianSession":
        """Return the session after a call for help."""
        return replace(self, sos_at=self.sos_at or at)

    def with_arrival(self, at: datetime) -> "GuardianSession":
        """Return the session after the traveller arrived; a call for help is not answered by that."""
        return replace(self, arrived_at=self.arrived_at or at)

    def with_cancel(self, at: datetime) -> "GuardianSession":
        """Return the session after a cancel whose proof was checked; it also ends a call for help."""
        return replace(self, cancelled_at=self.cancelled_at or at)

    @property
    def due_at(self) -> datetime:
        """Return when the traveller counts as delayed."""
        grace_s = (self.eta - self.started_at).total_seconds() * self.limits.delay_share
        return self.eta + timedelta(seconds=max(self.limits.delay_s, grace_s))

    @property
    def off_route(self) -> bool:
        """Whether the last fixes show the traveller away from the route, for long enough."""
        if self.off_since is None or self.last_fix_at is None:
            return False
        lasted_s = (self.last_fix_at - self.off_since).total_seconds()
        return self.off_fixes >= self.limits.off_route_fixes and lasted_s >= self.limits.off_route_s

    def state_at(self, now: datetime) -> GuardianState:
        """Return how the session stands; the graver of two wins, and only a cancel ends a call for help."""
        if self.cancelled_at is not None:
            return GuardianState.CANCELLED
        if self.sos_at is not None:
            return GuardianState.SOS
        if self.arrived_at is not None:
            return GuardianState.ARRIVED
        if self.off_route:
            return GuardianState.OFF_ROUTE
        if now > self.due_at:
            return GuardianState.DELAYED
        if now < self.started_at:
            return GuardianState.PLANNED
        if now > self._silent_at:
            return GuardianState.SIGNAL_LOST
        return GuardianState.ACTIVE

    def worry_since(self, state: GuardianState) -> datetime:
        """Return since when the session is off route, delayed or silent; all consoles agree on it."""
        match state:
            case GuardianState.OFF_ROUTE if self.off_since is not None:
                return self.off_since
            case GuardianState.DELAYED:
                return self.due_at
            case _:
                return self._silent_at

    @property
    def _silent_at(self) -> datetime:
        return (self.last_fix_at or self.started_at) + timedelta(seconds=self.limits.signal_lost_s)


def worry_event(
    session: GuardianSession, state: GuardianState, start: Event, workplace: Workplace, now: datetime
) -> Event:
    """Return the OFF_ROUTE event of a session that has become off route, delayed or silent.

    `start` is the session's start event. `details.state` says which of the three. Every console that saw the same
    fixes makes the same id, so the same worry is raised once.
    """
    since = session.worry_since(state)
    return Event(
        id=_worry_id(start.id, state, since),
        origin=workplace.origin,
        centre=workplace.centre,
        district=start.district,
        mode=workplace.mode,
        caused_by=start.id,
        kind=EventKind.OFF_ROUTE,
        source=start.source,
        at=since,
        received_at=now,
        place=session.last_place,
        subject=start.subject,
        details={"state": state.value},
    )


def _worry_id(start: UUID, state: GuardianState, since: datetime) -> UUID:
    return uuid5(start, f"{state.value} {since.isoformat()}")


def _away_m(place: Place, route: tuple[Place, ...]) -> float:
    """Return how far the place is from the nearest point of the route, in metres; 0 where there is no route."""
    if not route:
        return 0.0
    points = [_flat(point, place) for point in route]
    return min([math.hypot(*points[0]), *(_from_origin_m(start, end) for start, end in pairwise(points))])


def _flat(point: Place, centre: Place) -> tuple[float, float]:
    """Return the point in metres east and north of the centre: within a city the ground is flat enough."""
    east_deg = (point.lon - centre.lon + 180) % 360 - 180
    return (
        east_deg * _METRES_PER_DEGREE * math.cos(math.radians(centre.lat)),
        (point.lat - centre.lat) * _METRES_PER_DEGREE,
    )


def _from_origin_m(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the distance of the origin from a straight leg."""
    east, north = end[0] - start[0], end[1] - start[1]
    length2 = east * east + north * north
    along = 0.0 if length2 == 0 else max(0.0, min(1.0, -(start[0] * east + start[1] * north) / length2))
    return math.hypot(start[0] + along * east, start[1] + along * north)
