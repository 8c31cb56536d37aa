"""What cameras notice becomes detections, once, at their places and in our time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from console.camera_events import CameraEvents, Chosen
from domain.camera import Camera
from domain.camera_event import CameraEvent, CameraEventKind
from domain.clock import FixedClock, SystemClock
from domain.errors import BadInputError
from domain.event import EventKind, FieldReport
from domain.motion import MotionPhase, MotionState
from domain.news import AlarmChanged, EventTaken, MotionChanged, RegisterChanged
from domain.record import Mode, Workplace
from domain.sign_in_gate import SignInGate
from ptz.contacts import Contacts
from ptz.listening import Listening
from tests.console.surroundings import Workstation, make_camera
from tests.ptz.event_city import SECRET, EventCity, until

pytest_plugins = ["tests.console.fixtures"]

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HERE = Workplace(UUID(int=7), "anyang", Mode.TEST)
ONVIF = "http://127.0.0.1:9/onvif/device_service"
DOME, OTHER = make_camera(2, onvif_url=ONVIF), make_camera(3, onvif_url=ONVIF)
SEEN = CameraEvent(
    camera_no=2, kind=CameraEventKind.MOTION, source="source_1", active=True, at=NOON, told_at="2026-05-01T12:00:01Z"
)


class Room:
    """Camera events without cameras: the listening is never started, and its wishes are looked at."""

    def __init__(self, chosen: str = "all", workplace: Workplace = HERE) -> None:
        self.clock = FixedClock(NOON)
        self.reports: list[FieldReport] = []
        self.full = False
        self.wished: list[tuple[int, ...]] = []
        room = self

        class Noted(Listening):
            def listen(self, cameras: Iterable[Camera]) -> None:
                cameras = tuple(cameras)
                room.wished.append(tuple(camera.no for camera in cameras))
                super().listen(cameras)

        gate = SignInGate()
        contacts = Contacts(lambda _: SECRET, self.clock, gate)

        def make(report: Callable[[CameraEvent], None]) -> Listening:
            return Noted(contacts, report, self.clock, gate, talkers=1)

        self.events = CameraEvents(make, Chosen(chosen), workplace, self.clock, self._offer)
        self.events.hear(RegisterChanged((make_camera(1), DOME, OTHER)))

    def take(self, event: CameraEvent = SEEN, *, after_s: float = 0.0, **changes: Any) -> None:
        self.clock.advance(after_s)
        self.events.take(replace(event, at=self.clock.now(), **changes))

    def turns(self, phase: MotionPhase, number: int = 2) -> None:
        self.events.hear(MotionChanged(MotionState(number, phase)))

    def _offer(self, report: FieldReport) -> bool:
        if not self.full:
            self.reports.append(report)
        return not self.full


@pytest.fixture
def rooms() -> Iterator[Callable[..., Room]]:
    made: list[Room] = []

    def make(*settings: Any, **more: Any) -> Room:
        made.append(Room(*settings, **more))
        return made[-1]

    yield make
    for room in made:
        room.events.close()


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    return rooms()


def test_what_a_camera_notices_is_a_detection_at_its_place(room: Room) -> None:
    room.events.take(SEEN)
    (report,) = room.reports
    event = report.event
    assert (event.kind, event.source, event.at, event.place) == (EventKind.DETECTION, "2", NOON, DOME.place)
    assert (event.origin, event.centre, event.district, event.mode) == (HERE.origin, "anyang", "송도", Mode.TEST)
    assert event.details == {"detection": "motion", "score": 1.0, "zone": "source_1", "by": "camera"}
    assert (report.personal, report.answer_topic, report.quarantine) == (None, "", "")


def test_it_is_taken_once_however_often_it_is_told_and_its_end_is_none(room: Room) -> None:
    room.take()
    room.take(after_s=1)
    room.take(after_s=600, initial=True)  # after a lost connection
    room.take(after_s=1, active=False)
    assert len(room.reports) == 1
    room.take(after_s=60)
    assert len(room.reports) == 2


def test_two_workstations_that_hear_the_same_agree_on_its_id(rooms: Callable[..., Room]) -> None:
    here, there = rooms(), rooms(workplace=replace(HERE, origin=UUID(int=8)))
    here.events.take(SEEN)
    there.events.take(replace(SEEN, at=NOON + timedelta(milliseconds=3)))  # its clock is not quite ours
    assert here.reports[0].event.id == there.reports[0].event.id
    here.events.take(replace(SEEN, kind=CameraEventKind.TAMPER))
    assert here.reports[1].event.id != here.reports[0].event.id


def test_a_camera_that_turns_does_not_report_its_own_turning(room: Room) -> None:
    room.turns(MotionPhase.MOVE_SENT)
    for kind in (CameraEventKind.MOTION, CameraEventKind.CELL_MOTION, CameraEventKind.TAMPER):
        room.take(kind=kind)
    room.take(camera_no=3)
    room.take(kind=CameraEventKind.DIGITAL_INPUT, source="panic button")
    assert [(one.event.source, one.event.details["detection"]) for one in room.reports] == [
        ("3", "motion"),
        ("2", "digital_input"),
    ]
    room.turns(MotionPhase.STOPPED)
    room.take(after_s=1)
    assert len(room.reports) == 2
    room.turns(MotionPhase.READY)  # told again: the time to settle is not begun anew
    room.take(after_s=2.5)
    assert len(room.reports) == 3


@pytest.mark.parametrize(
    ("told", "numbers"),
    [("all", (2, 3)), ("", ()), ("1-2", (2,)), (" 3 , 900-1000 ", (3,)), ("1", ()), ("2,3", (2, 3))],
)
def test_the_chosen_cameras_are_listened_to_and_no_others(
    rooms: Callable[..., Room], told: str, numbers: tuple[int, ...]
) -> None:
    room = rooms(told)
    assert room.wished == [numbers]
    room.take()
    assert len(room.reports) == (2 in numbers)


@pytest.mark.parametrize("told", ["some", "1-", "-3", "0", "3-1", "1;2", "all,1", "1.5"])
def test_a_choice_that_is_none_is_refused_and_said(told: str) -> None:
    with pytest.raises(BadInputError, match="is no camera number, no range of them"):
        Chosen(told)


def test_a_camera_that_left_the_register_is_heard_no_more(room: Room) -> None:
    room.events.hear(RegisterChanged((OTHER,)))
    assert room.wished[-1] == (3,)
    room.take()
    assert room.reports == []
    room.events.hear(RegisterChanged((DOME, OTHER)))
    room.take()
    assert len(room.reports) == 1


def test_other_news_changes_nothing(room: Room) -> None:
    before = len(room.wished)
    room.turns(MotionPhase.STOPPED)
    room.take()
    assert (len(room.wished), len(room.reports)) == (before, 1)


def test_what_there_is_no_room_for_waits_its_turn(room: Room) -> None:
    room.full = True
    room.take()
    room.take(source="source_2")
    assert room.reports == []
    room.full = False
    room.take(active=False)  # whatever is heard next
    assert [one.event.details["zone"] for one in room.reports] == ["source_1", "source_2"]


@pytest.mark.system
@pytest.mark.timeout(240)
def test_what_happens_before_a_camera_is_stored_once_and_reaches_the_rules(
    tmp_path: Path, workstation: Workstation
) -> None:
    city = EventCity(tmp_path, [{"events": True}])
    core, gate, clock = workstation.core, SignInGate(), SystemClock()
    contacts = Contacts(lambda _: SECRET, clock, gate)
    events = CameraEvents(
        lambda report: Listening(contacts, report, clock, gate, talkers=2),
        Chosen("all"),
        core.workplace,
        clock,
        core.ingest.offer,
    )
    core.ingest.start()
    core.running = True
    try:
        events.start((city.entry(1),))
        until("a pull point", lambda: city.points(1))
        city.happens(1, "motion", state=True)
        (taken,) = until("the detection", lambda: workstation.heard(EventTaken))
        city.happens(1, "motion", state=True)  # once more
        city.happens(1, "digital_input", state=True)
        until("the input", lambda: len(workstation.heard(EventTaken)) == 2)
        assert [one.event.details["detection"] for one in workstation.heard(EventTaken)] == ["motion", "digital_input"]
        assert (taken.event.source, taken.event.district) == ("1", "만안")
        assert abs(datetime.now(UTC) - taken.event.at) < timedelta(seconds=20)
        (raised,) = until("the alarm", lambda: workstation.heard(AlarmChanged))  # no rule asks for motion
        assert (raised.alarm.kind, raised.alarm.source) == ("digital_input", "1")
    finally:
        events.close()
        points = city.points(1)
        city.close()
    assert points == []
