"""From messages to the room's own words: events, readings, and what can't be taken."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from domain.event import Event, EventKind, FieldReport, PersonalDetails
from domain.fact import Json
from domain.place import Place
from domain.record import Workplace
from sensors import messages
from sensors.cleaning import RefusedMessageError, as_text, cleaned, moment_of, printable, said, utc
from sensors.emergency import read_call
from sensors.incoming import Incoming, Parsed, kept
from sensors.measuring import read_batch, read_one
from sensors.topics import Topic, taken_apart

_SUBJECTS = UUID("0c3d4a52-3f0b-5f53-8d7e-0a1c54f4a6d9")  # namespace of the personal keys of guardian sessions
_NAMELESS = UUID("d2c1a6c4-0b8e-5d0f-8a41-3e0f7c9a52b7")  # namespace of unknown messages without an id
RAW_BYTES = 8 * 1024  # of an event's raw text
SOURCE_LENGTH = 100

KnownSource = Callable[[str, str], bool]


_HEAD = msgspec.json.Decoder(messages.Message)
_DETECTION = msgspec.json.Decoder(messages.Detection)
_START = msgspec.json.Decoder(messages.SessionStart)
_FIX = msgspec.json.Decoder(messages.Fix)
_MARK = msgspec.json.Decoder(messages.Mark)
_UNIT_STATUS = msgspec.json.Decoder(messages.UnitStatus)
_REPLY = msgspec.json.Decoder(messages.PartnerReply)


def anyone(family: str, source: str) -> bool:  # noqa: ARG001 - the shape of the hook
    """Take every source: the registers of stations and bells are not kept yet."""
    return True


def subject_of(centre: str, session: str) -> UUID:
    """Return the personal key of a guardian session: all its messages agree on it, and it names nobody."""
    return uuid5(_SUBJECTS, f"{centre}/{session}")


class Parser:
    """Reads the messages of one centre; stateless, safe from any thread, and never raises."""

    def __init__(self, workplace: Workplace, known_source: KnownSource = anyone) -> None:
        self._workplace = workplace
        self._known_source = known_source
        self._read: Mapping[tuple[str, str], Callable[[Topic, Incoming], Parsed]] = {
            ("sensor", "reading"): read_one,
            ("station", "readings"): read_batch,
            ("camera", "detection"): self._detection,
            ("guardian", "start"): self._start,
            ("guardian", "fix"): self._fix,
            ("guardian", "cancel"): self._mark,
            ("guardian", "arrive"): self._mark,
            ("unit", "fix"): self._fix,
            ("unit", "status"): self._unit_status,
            ("partner", "reply"): self._reply,
        }

    def parse(self, incoming: Incoming) -> Parsed:
        """Return what the message comes to."""
        topic = taken_apart(incoming.topic, self._workplace.centre)
        if topic is None:
            return Parsed(quarantined=(kept(incoming, "not a topic of this centre"),))
        if topic.emergency:
            return self._emergency(topic, incoming)
        if topic.ours:
            return Parsed()
        refusal = self._why_refused(topic, incoming)
        if refusal:
            return Parsed(quarantined=(kept(incoming, refusal),))
        try:
            return self._read.get((topic.family, topic.name), self._unknown)(topic, incoming)
        except (ValueError, RecursionError) as error:
            return Parsed(quarantined=(kept(incoming, str(error)),))

    def _why_refused(self, topic: Topic, incoming: Incoming) -> str:
        if incoming.retained:
            return "retained"
        if len(incoming.body) > topic.limit_bytes:
            return f"too large: {len(incoming.body)} bytes, at most {topic.limit_bytes}"
        if not topic.source or len(topic.source) > SOURCE_LENGTH or not topic.source.isprintable():
            return "the topic does not name its source"
        if not self._known_source(topic.family, topic.source):
            return "unknown source"
        return ""

    def _emergency(self, topic: Topic, incoming: Incoming) -> Parsed:
        call = read_call(topic, incoming.body, incoming.received_at)
        refusal = self._why_refused(topic, incoming)
        problems = "; ".join([*call.problems, refusal] if refusal else call.problems)
        event = self._event(
            topic,
            incoming,
            id_=call.id,
            kind=topic.name,
            at=call.at,
            place=call.place,
            details=call.details,
            raw=as_text(incoming.body, RAW_BYTES) if problems else "",
        )
        return Parsed(reports=(FieldReport(event=event, answer_topic=topic.answer, quarantine=problems),))

    def _detection(self, topic: Topic, incoming: Incoming) -> Parsed:
        seen = _DETECTION.decode(incoming.body)
        if not (topic.source.isascii() and topic.source.isdigit()):
            raise RefusedMessageError("the topic does not name a camera number")
        details = said(
            detection=seen.kind,
            score=seen.score,
            box=list(seen.box) if seen.box else None,
            zone=seen.zone,
            plate=seen.plate,
            has_still=True if seen.still else None,
        )
        return self._taken(topic, incoming, seen, EventKind.DETECTION, details)

    def _start(self, topic: Topic, incoming: Incoming) -> Parsed:
        start = _START.decode(incoming.body)
        if any(Place.checked(lat, lon) is None for lat, lon in start.route):
            raise RefusedMessageError("bad coordinates in the route")
        personal = PersonalDetails(
            traveller=cleaned(start.traveller),
            guardians=tuple(cleaned(guardian) for guardian in start.guardians),
            phone=cleaned(start.phone or ""),
        )
        details = said(route=[list(point) for point in start.route], eta=utc(start.eta).isoformat())
        return self._taken(topic, incoming, start, EventKind.SESSION_START, details, personal=personal)

    def _fix(self, topic: Topic, incoming: Incoming) -> Parsed:
        fix = _FIX.decode(incoming.body)
        place = Place.checked(fix.lat, fix.lon, fix.accuracy_m)
        if place is None:
            raise RefusedMessageError("bad coordinates")
        kind = EventKind.UNIT_FIX if topic.family == "unit" else EventKind.SESSION_FIX
        return self._taken(topic, incoming, fix, kind, said(battery=fix.battery), place=place)

    def _mark(self, topic: Topic, incoming: Incoming) -> Parsed:
        """Take a cancel or an arrive; bad coordinates are left out, for what counts is that it was said."""
        mark = _MARK.decode(incoming.body)
        place = None if mark.lat is None or mark.lon is None else Place.checked(mark.lat, mark.lon)
        return self._taken(topic, incoming, mark, EventKind(topic.name), said(proof=mark.proof), place=place)

    def _unit_status(self, topic: Topic, incoming: Incoming) -> Parsed:
        unit = _UNIT_STATUS.decode(incoming.body)
        return self._taken(
            topic, incoming, unit, EventKind.UNIT_STATUS, said(status=unit.status, incident=unit.incident)
        )

    def _reply(self, topic: Topic, incoming: Incoming) -> Parsed:
        reply = _REPLY.decode(incoming.body)
        details = said(request=str(reply.request), status=reply.status)
        return self._taken(topic, incoming, reply, EventKind.PARTNER_REPLY, details)

    def _unknown(self, topic: Topic, incoming: Incoming) -> Parsed:
        """Keep a message of a kind that a newer program may know."""
        try:
            head = _HEAD.decode(incoming.body)
            id_, at = head.id, moment_of(head, incoming.received_at)
        except (ValueError, RecursionError):
            id_, at = uuid5(_NAMELESS, f"{topic.text} {incoming.body.hex()}"), incoming.received_at
        event = self._event(
            topic,
            incoming,
            id_=id_,
            kind=topic.kind,
            at=at,
            details=said(topic=f"{topic.family}/{topic.source}/{topic.name}"),
            raw=as_text(incoming.body, RAW_BYTES),
        )
        return Parsed(reports=(FieldReport(event=event),))

    def _taken(
        self,
        topic: Topic,
        incoming: Incoming,
        message: messages.Message,
        kind: EventKind,
        details: Mapping[str, Json],
        *,
        place: Place | None = None,
        personal: PersonalDetails | None = None,
    ) -> Parsed:
        at = moment_of(message, incoming.received_at)
        event = self._event(topic, incoming, id_=message.id, kind=kind, at=at, place=place, details=details)
        return Parsed(reports=(FieldReport(event=event, personal=personal, answer_topic=topic.answer),))

    def _event(
        self,
        topic: Topic,
        incoming: Incoming,
        *,
        id_: UUID,
        kind: str,
        at: datetime,
        details: Mapping[str, Json],
        place: Place | None = None,
        raw: str = "",
    ) -> Event:
        return Event(
            id=id_,
            origin=self._workplace.origin,
            centre=self._workplace.centre,
            district="",
            mode=self._workplace.mode,
            kind=str(kind),
            source=printable(topic.source, SOURCE_LENGTH),
            at=at,
            received_at=incoming.received_at,
            place=place,
            subject=subject_of(self._workplace.centre, topic.source) if topic.family == "guardian" else None,
            details=details,
            raw=raw,
        )
