"""Watches over journeys home: turns fixes, and their absence, into worries that alarms are made of."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from domain.clock import Clock
from domain.event import Event, EventKind, FieldReport
from domain.fact import Json
from domain.guardian import WORRYING, GuardianLimits, GuardianSession, GuardianState, worry_event
from domain.place import Place
from domain.record import Workplace

_log = logging.getLogger(__name__)
_OVER = frozenset({GuardianState.ARRIVED, GuardianState.CANCELLED})
_LONGEST = timedelta(days=1)  # a planned arrival later than this is a mistake, and near the calendar's end a crash
_LEFT_AFTER = timedelta(days=1)  # a journey that is overdue by so much is watched no longer: its alarms stand

WATCHED = frozenset(
    {EventKind.SESSION_START, EventKind.SESSION_FIX, EventKind.SESSION_ARRIVE, EventKind.SOS, EventKind.OFF_ROUTE}
)
"""The kinds of events that journeys are made of."""


@dataclass(slots=True)
class _Journey:
    start: Event
    session: GuardianSession
    told: GuardianState = GuardianState.ACTIVE
    raised: set[UUID] = field(default_factory=set)  # worries that are known already
    broken: bool = False

    def over(self, now: datetime) -> bool:
        return self.session.state_at(now) in _OVER or now > self.session.due_at + _LEFT_AFTER


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What is to be reported, and what newly broke the watch over one journey or event while the others went on."""

    reports: tuple[FieldReport, ...] = ()
    failures: tuple[Exception, ...] = ()


class GuardianWatch:
    """Keeps the open sessions; used from one thread, the one that takes the field's messages in."""

    def __init__(self, workplace: Workplace, clock: Clock, limits: GuardianLimits) -> None:
        self._workplace = workplace
        self._clock = clock
        self._limits = limits
        self._journeys: dict[str, _Journey] = {}

    @property
    def memory_start(self) -> datetime:
        """Return since when events may belong to a journey that is still watched."""
        longest_grace = max(timedelta(seconds=self._limits.delay_s), _LONGEST * self._limits.delay_share)
        return self._clock.now() - (_LONGEST + longest_grace + _LEFT_AFTER)

    def restore(self, events: Iterable[Event]) -> Sequence[Exception]:
        """Take up the journeys that stored events tell of, given oldest first; return what broke on one of them.

        Worries among the events are not raised again; what became one meanwhile is, by the next `follow_ups`.
        """
        ours = (event for event in events if event.centre == self._workplace.centre)
        return [error for event in ours if (error := _failure(partial(self._take, event))) is not None]

    def follow_ups(self, events: Iterable[Event]) -> FollowUps:
        """Take events in, and return what is to be reported because of them or of the time that has passed."""
        failures = [error for event in events if (error := _failure(partial(self._take, event))) is not None]
        now = self._clock.now()
        reports: list[FieldReport] = []
        for source, journey in list(self._journeys.items()):
            error = _failure(partial(self._look_at, source, journey, now, reports))
            if error is not None and not journey.broken:
                failures.append(error)
            journey.broken = error is not None
        return FollowUps(tuple(reports), tuple(failures))

    def _look_at(self, source: str, journey: _Journey, now: datetime, reports: list[FieldReport]) -> None:
        if journey.over(now):
            del self._journeys[source]
            return
        state = journey.session.state_at(now)
        if state is journey.told:
            return
        if state in WORRYING:
            worry = worry_event(journey.session, state, journey.start, self._workplace, now)
            if worry.id not in journey.raised:
                reports.append(FieldReport(event=worry))
                journey.raised.add(worry.id)
        journey.told = state

    def _take(self, event: Event) -> None:
        journey = self._journeys.get(event.source)
        if event.kind == EventKind.SESSION_START:
            if journey is None or journey.over(event.at):
                self._journeys[event.source] = _Journey(event, self._opened(event))
            return
        if journey is None:
            return
        session = journey.session
        match event.kind:
            case EventKind.SESSION_FIX if event.place is not None:
                session = session.with_fix(event.place, event.at)
            case EventKind.SOS:
                session = session.with_sos(event.at)
            case EventKind.SESSION_ARRIVE:
                session = session.with_arrival(event.at)
            case EventKind.OFF_ROUTE:
                journey.raised.add(event.id)
            case _:
                pass  # a cancel counts only once its proof has been checked
        journey.session = session

    def _opened(self, event: Event) -> GuardianSession:
        eta = _moment(event.details.get("eta")) or event.at
        return GuardianSession(
            limits=self._limits,
            route=_route(event.details),
            started_at=event.at,
            eta=min(max(eta, event.at), event.at + _LONGEST),
        )


def _failure(work: Callable[[], None]) -> Exception | None:
    """Do work for one journey and return what broke it, so that the others are still watched."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - part of the intake's outermost loop, which tells it on the screen
        _log.debug("the watch over a journey broke", exc_info=error)
        return error
    return None


def _moment(value: Json) -> datetime | None:
    """Return the moment that was said, None where it is none or has no offset."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _route(details: Mapping[str, Json]) -> tuple[Place, ...]:
    given = details.get("route")
    points = map(_point, given if isinstance(given, list) else [])
    return tuple(point for point in points if point is not None)


def _point(value: Json) -> Place | None:
    match value:
        case [int() | float() as lat, int() | float() as lon]:
            return Place.checked(lat, lon)
        case _:
            return None
