"""The field: everything that comes over MQTT, and what the console answers."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

import msgspec

from domain.clock import Clock
from domain.event import Event, EventKind, FieldReport
from domain.news import LinkChanged, LinkName, News
from domain.record import Mode, Workplace
from sensors import topics
from sensors.address import BrokerAddress
from sensors.connection import Connection, Delivery, Plan, Standing
from sensors.intake import Intake
from sensors.messages import Answer, SessionState
from sensors.parsing import KnownSource, Parser, anyone
from sensors.sink import Sink

_log = logging.getLogger(__name__)

EVENTS_EXPIRY_S = 7 * 24 * 3600
READINGS_EXPIRY_S = 60
GATHER_READINGS_S = 0.05

Stage = Literal["stored", "shown"]


class FieldLink:
    """Listens to one centre's field with two clients, and answers its senders.

    Calls for help and other events come over `watchroom-<workstation>-events`, whose session the broker keeps for
    7 days; readings over `watchroom-<workstation>-readings`. A message is acknowledged, and `stored` is answered,
    only after the sink has committed it. `mode` marks the records made here. `known_source(family, source)` may
    refuse senders; a call for help is taken from anyone. `had_session` says that this workstation was connected
    before, so that a broker that does not remember it means a gap. SettingsError where the address is unusable.
    """

    def __init__(
        self,
        address: BrokerAddress,
        centre: str,
        workstation: UUID,
        sink: Sink,
        report: Callable[[News], None],
        clock: Clock,
        *,
        mode: Mode = Mode.ACTUAL,
        known_source: KnownSource = anyone,
        had_session: bool = False,
    ) -> None:
        self._centre = centre
        self._workplace = Workplace(workstation, centre, mode)
        self._report = report
        self._clock = clock
        self._had_session = had_session
        self._lock = threading.Lock()
        self._standings: dict[str, Standing | None] = {"events": None, "readings": None}
        self._told: LinkChanged | None = None
        parser = Parser(self._workplace, known_source)
        self._event_intake = Intake("field events", parser, sink, self._settled, report, clock, gather_s=0.0)
        self._reading_intake = Intake(
            "field readings", parser, sink, self._reading_settled, report, clock, gather_s=GATHER_READINGS_S
        )
        self._events = Connection(
            Plan(f"watchroom-{workstation}-events", topics.event_filters(centre), EVENTS_EXPIRY_S, clean_first=False),
            address,
            clock,
            self._event_intake.put,
            self._events_changed,
        )
        self._readings = Connection(
            Plan(
                f"watchroom-{workstation}-readings", topics.reading_filters(centre), READINGS_EXPIRY_S, clean_first=True
            ),
            address,
            clock,
            self._reading_intake.put,
            self._readings_changed,
        )

    def start(self) -> None:
        """Begin to connect; what becomes of it is reported as LinkChanged(BROKER)."""
        for part in (self._event_intake, self._reading_intake, self._events, self._readings):
            part.start()

    def close(self) -> None:
        """Hand over what is under way, leave the broker, and end all threads."""
        for part in (self._event_intake, self._reading_intake, self._events, self._readings):
            part.close()

    def answer(self, topic: str, message_id: UUID, stage: Stage) -> None:
        """Tell a sender how far its message got; `topic` is the message's own or `FieldReport.answer_topic`."""
        answer = Answer(id=message_id, at=self._clock.now(), by=self._workplace.origin, stage=stage)
        self._events.publish(topic if topic.endswith("/ack") else f"{topic}/ack", msgspec.json.encode(answer))

    def publish_state(self, session: str, state: str, due: datetime | None = None) -> None:
        """Tell app and guardian how a session stands, and until when something is due."""
        message = SessionState(id=uuid4(), at=self._clock.now(), state=state, due=due)
        self._events.publish(topics.state_topic(self._centre, session), msgspec.json.encode(message))

    def _settled(self, delivery: Delivery, reports: tuple[FieldReport, ...]) -> None:
        """Answer first: were we killed in between, the message would come again and be answered then."""
        self._answer_stored(reports)
        self._events.acknowledge(delivery)

    def _reading_settled(self, delivery: Delivery, reports: tuple[FieldReport, ...]) -> None:
        self._answer_stored(reports)
        self._readings.acknowledge(delivery)

    def _answer_stored(self, reports: tuple[FieldReport, ...]) -> None:
        for report in reports:
            if report.answer_topic:
                self.answer(report.answer_topic, report.event.id, "stored")

    def _events_changed(self, standing: Standing) -> None:
        if standing.up:
            if standing.session_kept:
                self._event_intake.forget_before(standing.connection_no)
            elif self._had_session:
                _log.warning("the broker lost our session: events may be missing")
                self._event_intake.put(self._gap())
            self._had_session = True
        self._change("events", standing)

    def _readings_changed(self, standing: Standing) -> None:
        if standing.up and standing.session_kept:
            self._reading_intake.forget_before(standing.connection_no)
        self._change("readings", standing)

    def _change(self, client: str, standing: Standing) -> None:
        """Report the link as up while both clients are, and each change of that or of its reason once."""
        with self._lock:
            self._standings[client] = standing
            standings = list(self._standings.values())
            broken = [one for one in standings if one is not None and not one.up]
            if not broken and None in standings:
                return
            now = LinkChanged(LinkName.BROKER, not broken, self._clock.now(), detail=broken[0].reason if broken else "")
            told = self._told
            if told is not None and (told.up, told.detail) == (now.up, now.detail):
                return
            if told is not None and told.up is now.up:
                now = LinkChanged(now.name, now.up, told.since, now.detail)
            self._told = now
        self._report(now)

    def _gap(self) -> FieldReport:
        now = self._clock.now()
        told = self._told
        down_since = told.since.isoformat() if told is not None and not told.up else None
        return FieldReport(
            event=Event(
                id=uuid4(),
                origin=self._workplace.origin,
                centre=self._centre,
                district="",
                mode=self._workplace.mode,
                kind=EventKind.DATA_GAP,
                source="broker",
                at=now,
                received_at=now,
                details={"since": down_since},
            )
        )
