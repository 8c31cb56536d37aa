from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from db.alarms import AlarmStore
from db.database import Database
from db.events import EventStore
from db.feed import ChangeFeed
from db.incidents import IncidentStore
from domain.alarm import Alarm, Desk, Priority
from domain.change import PulledChange
from domain.clock import FixedClock
from domain.event import Event, EventKind, FieldReport, PersonalDetails
from domain.place import Place
from domain.record import Mode, Workplace
from domain.text import Text

NOW = datetime(2026, 3, 1, 5, 2, 25, 123456, tzinfo=UTC)


class Desks:
    """A workstation: its database and the stores on it."""

    def __init__(self, path: Path, clock: FixedClock, origin: UUID) -> None:
        self.path = path
        self.clock = clock
        self.db = Database.open(path, clock)
        self.workplace = Workplace(origin, "anyang", Mode.TEST)
        hybrid = self.db.hybrid_clock
        self.events = EventStore(self.db, self.workplace, hybrid, self.alarms_for)
        self.alarms = AlarmStore(self.db, self.workplace, hybrid)
        self.incidents = IncidentStore(self.db, self.workplace, hybrid)
        self.feed = ChangeFeed(self.db, hybrid)

    def report(
        self,
        kind: str = EventKind.SOS,
        event_id: UUID | None = None,
        subject: UUID | None = None,
        personal: PersonalDetails | None = None,
        raw: str = "",
        quarantine: str = "",
    ) -> FieldReport:
        event = Event(
            id=event_id or uuid4(),
            origin=self.workplace.origin,
            centre="anyang",
            district="manan",
            mode=Mode.TEST,
            kind=kind,
            source="session-7",
            at=self.clock.now(),
            received_at=self.clock.now(),
            place=Place(37.4, 126.9, 12.0),
            subject=subject,
            details={"battery": 0.4, "words": ["급해요"]},
            raw=raw,
        )
        topic = "watchroom/v1/anyang/guardian/session-7/sos/ack"
        return FieldReport(event=event, personal=personal, answer_topic=topic, quarantine=quarantine)

    def raise_sos(self) -> Alarm:
        """Take one SOS and return its alarm."""
        (alarm,) = self.events.take([self.report()]).alarms
        return alarm

    def pulled(self) -> list[PulledChange]:
        """Give the lines of the change log as headquarters hands them on."""
        return [
            PulledChange(self.workplace.origin, line.kind, line.pk, line.hlc, line.payload, line.schema_version)
            for line in self.feed.changes_after(0, 10_000)
        ]

    @staticmethod
    def alarms_for(event: Event) -> list[Alarm]:
        """Raise one critical alarm for an SOS, none for the rest."""
        if event.kind != EventKind.SOS:
            return []
        return [
            Alarm(
                id=uuid4(),
                origin=event.origin,
                centre=event.centre,
                district=event.district,
                mode=event.mode,
                event_id=event.id,
                rule="sos",
                kind=event.kind,
                title=Text("alarm.sos", {"session": event.source}),
                priority=Priority.CRITICAL,
                desk=Desk.CRIME,
                raised_at=event.received_at,
                source=event.source,
                place=event.place,
            )
        ]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def desks(tmp_path: Path, clock: FixedClock) -> Iterator[Callable[[str], Desks]]:
    """Make workstations by name, each with a database of its own."""
    made: dict[str, Desks] = {}

    def make(name: str) -> Desks:
        if name not in made:
            made[name] = Desks(tmp_path / name / "watchroom.db", clock, UUID(int=1 + len(made)))
        return made[name]

    yield make
    for desk in made.values():
        desk.db.close()


@pytest.fixture
def desk(desks: Callable[[str], Desks]) -> Desks:
    return desks("here")
