"""Watches over journeys home: turns fixes, and their absence, into worries that alarms are made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.clock import Clock
from domain.event import Event, EventKind, FieldReport
from domain.fact import Json
from domain.guardian import GuardianLimits, GuardianSession, GuardianState, worry_event
from domain.place import Place
from domain.record import Workplace

_WORRIES = frozenset({GuardianState.OFF_ROUTE, GuardianState.DELAYED, GuardianState.SIGNAL_LOST})
_OVER = frozenset({GuardianState.ARRIVED, GuardianState.CANCELLED})
_LONGEST = timedelta(days=1)  # a planned arrival later than this is a mistake, and near the calendar's end a crash


@dataclass(slots=True)
class _Journey:
    start: Event
    session: GuardianSession
    told: GuardianState = GuardianState.ACTIVE


class GuardianWatch:
    """Keeps the open sessions; used from one thread, the one that takes the field's messages in."""

    def __init__(self, workplace: Workplace, clock: Clock, limits: GuardianLimits) -> None:
        self._workplace = workplace
        self._clock = clock
        self._limits = limits
        self._journeys: dict[str, _Journey] = {}

    def follow_ups(self, events: Iterable[Event]) -> Sequence[FieldReport]:
        """Take events in, and return what is to be reported because of them or of the time that has passed."""
        for event in events:
            self._take(event)
        now = self._clock.now()
        reports = []
        for source, journey in list(self._journeys.items()):
            state = journey.session.state_at(now)
            if state in _OVER:
                del self._journeys[source]
            elif state is not journey.told:
                journey.told = state
                if state in _WORRIES:
                    worry = worry_event(journey.session, state, journey.start, self._workplace, now)
                    reports.append(FieldReport(event=worry))
        return reports

    def _take(self, event: Event) -> None:
        if event.kind == EventKind.SESSION_START:
            self._journeys.setdefault(event.source, _Journey(event, self._opened(event)))
            return
        journey = self._journeys.get(event.source)
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
