"""What a camera is turned for: asked with one key, in the register, and no hand lost over it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.acting import Deed, Door
from console.lease_words import lease_words
from console.leases import Leases
from console.ptz_hand import STILL, Steering
from console.ptz_permit import Permit
from console.ptz_purpose import NO_PURPOSE, Purposes
from domain.camera import Camera, SiteKind
from domain.clock import FixedClock
from domain.errors import RefusedError
from domain.incident import Incident, Status
from domain.lease import DESK, IDLE_S, NOTICE_S, LeaseState, Party, Rank, Standing
from domain.motion import Velocity
from domain.operator import Role
from domain.purpose import LASTS, Purpose, of_alarm, of_tour
from domain.text import Text, Wording
from tests.console.surroundings import make_camera, make_incident, operator
from widgets.control_note import ControlNote
from widgets.purpose_prompt import PurposePrompt

ALLEY = make_camera(7, site_kind=SiteKind.CRIME_PREVENTION, onvif_url="http://127.0.0.1:9/onvif")
PARK = make_camera(8, onvif_url="http://127.0.0.1:9/onvif")
NEXT_ALLEY = replace(ALLEY, no=9)
TEXTS = Path(__file__).parents[2] / "resources" / "texts.toml"


@dataclass
class Room:
    """A door with its register, incidents, and a clock that is moved by hand."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(datetime(2026, 11, 23, 3, tzinfo=UTC)))
    register: list[Deed] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    shown: UUID | None = None

    def __post_init__(self) -> None:
        self.door = Door(self.register.append, self.clock)
        self.door.operator = operator()
        self.purposes = Purposes(
            self.door, self.register.append, self.clock, lambda: self.incidents, lambda: self.shown
        )

    def lines(self) -> list[tuple[str, str, str, str]]:
        return [(deed.actor, deed.action, deed.subject, deed.purpose) for deed in self.register]


@pytest.fixture
def room() -> Room:
    return Room()


# -- the register


def test_a_park_camera_moves_without_a_purpose(room: Room) -> None:
    assert room.purposes.admit(PARK)
    assert room.lines() == [("haneul", "move_camera", "camera/8", "")]


def test_a_crime_prevention_camera_waits_for_a_purpose_and_the_register_has_it(room: Room) -> None:
    assert not room.purposes.admit(ALLEY)
    assert room.lines() == []
    room.purposes.give(ALLEY, Purpose.REPORT)
    assert room.lines() == [("haneul", "move_camera", "camera/7", "report_112")]


def test_a_purpose_covers_what_follows_until_the_camera_is_home(room: Room) -> None:
    room.purposes.give(ALLEY, Purpose.PATROL)
    assert room.purposes.admit(ALLEY)
    assert room.purposes.reason(ALLEY) is not None
    assert not room.purposes.admit(NEXT_ALLEY)
    room.purposes.go_home(ALLEY)
    assert not room.purposes.admit(ALLEY)
    assert [line[3] for line in room.lines()] == ["patrol_request", "patrol_request", "home"]


def test_a_purpose_is_one_persons_and_ends_after_a_while(room: Room) -> None:
    room.purposes.give(ALLEY, Purpose.SOS)
    room.door.operator = operator(name="garam")
    assert not room.purposes.admit(ALLEY)
    room.door.operator = operator()
    assert room.purposes.admit(ALLEY)
    room.clock.advance((LASTS + timedelta(seconds=1)).total_seconds())
    assert not room.purposes.admit(ALLEY)
    assert room.purposes.reason(ALLEY) is None


def test_an_open_incident_is_taken_over_without_asking_and_only_while_it_is_open(room: Room) -> None:
    case = make_incident(owner="haneul", status=Status.IN_PROGRESS, place=ALLEY.place)
    room.incidents.append(case)
    assert room.purposes.admit(ALLEY)
    assert room.lines()[-1][3] == f"incident/{case.id}"
    room.incidents[:] = [replace(case, status=Status.RESOLVED)]
    assert not room.purposes.admit(ALLEY)


def test_refusing_a_purpose_is_in_the_register_too(room: Room) -> None:
    assert not room.purposes.admit(ALLEY)
    room.purposes.refuse(ALLEY)
    assert room.lines() == [("haneul", "refused:move_camera", "camera/7", NO_PURPOSE)]


def test_who_lacks_the_right_is_refused_before_anything_is_asked(room: Room) -> None:
    room.door.operator = operator(Role.POLICE_LIAISON)
    for asked in (room.purposes.check, room.purposes.admit):
        with pytest.raises(RefusedError):
            asked(ALLEY)
    assert {line[1] for line in room.lines()} == {"refused:move_camera"}
    room.door.operator = operator()
    room.purposes.check(ALLEY)
    assert len(room.lines()) == 2


def test_what_moves_by_itself_carries_its_own_purpose(room: Room) -> None:
    alarm = uuid4()
    room.purposes.give(ALLEY, Purpose.SOS)
    room.purposes.admit_rule(ALLEY, of_alarm(alarm))
    room.purposes.admit_rule(PARK, of_tour("night"))
    assert room.lines()[1:] == [
        ("rules", "move_camera", "camera/7", f"alarm/{alarm}"),
        ("rules", "move_camera", "camera/8", "tour/night"),
    ]
    assert not room.purposes.admit(ALLEY)  # the alarm has turned it, for its own reason


# -- the hand


class Seat:
    """A desk: a widget with the keys, the prompt, the note, and a hand that holds or not."""

    def __init__(self, qtbot: QtBot, room: Room) -> None:
        self.room = room
        self.desk = QWidget()
        qtbot.addWidget(self.desk)
        self.pad = QWidget(self.desk)
        self.pad.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.prompt = PurposePrompt(self.desk)
        self.note = ControlNote(self.desk)
        self.seen: list[Qt.Key] = []
        self.pad.keyPressEvent = lambda event: self.seen.append(Qt.Key(event.key()))  # type: ignore[method-assign]  # notes
        with qtbot.waitExposed(self.desk):
            self.desk.show()
        self.desk.activateWindow()
        self.pad.setFocus()
        qtbot.waitUntil(self.pad.hasFocus)
        self.states: list[LeaseState] = []
        self.stops: list[int] = []
        self.leases = Leases(None, lambda camera: self.stops.append(camera.no), self.states.append, room.clock)
        self.leases.start()
        self.owner = QObject()
        self.permit = Permit(
            self.leases, room.purposes, lambda: Rank.OPERATOR, lambda _: "desk 3", room.clock, self.owner
        )
        self.words: list[Text | None] = []
        self.dropped: list[int] = []
        self.begun: list[int] = []
        wording = Wording.load(TEXTS, "en")
        self.permit.purpose_asked.connect(self.prompt.ask)
        self.permit.purpose_settled.connect(self.prompt.close_question)
        self.prompt.purpose_given.connect(self.permit.give)
        self.prompt.left.connect(self.permit.refuse)
        self.permit.dropped.connect(self.dropped.append)
        self.permit.told.connect(self.words.append)
        self.permit.told.connect(lambda text: self.note.show_words("" if text is None else wording.render(text)))

    def press(self, camera: Camera) -> bool:
        return self.permit.gate(camera, lambda: self.begun.append(camera.no))

    def key(self, key: Qt.Key, kind: QEvent.Type = QEvent.Type.KeyPress) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QApplication.sendEvent(focus, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))

    def hear(self) -> None:
        """Have the permit take what was reported so far, as the desk does with its news."""
        told, self.states[:] = list(self.states), []
        for state in told:
            self.permit.take(state)


@pytest.fixture
def seat(qtbot: QtBot, room: Room) -> Iterator[Seat]:
    made = Seat(qtbot, room)
    yield made
    made.leases.close()


def test_the_movement_begins_with_the_purposes_key_and_the_held_key_stays_with_the_pad(seat: Seat) -> None:
    assert not seat.press(ALLEY)
    assert seat.prompt.asking
    assert seat.pad.hasFocus()
    seat.key(Qt.Key.Key_Right, QEvent.Type.KeyRelease)
    assert seat.begun == []
    seat.key(Qt.Key.Key_1)
    assert seat.begun == [7]
    assert seat.room.lines() == [("haneul", "move_camera", "camera/7", "report_112")]
    assert not seat.prompt.isVisible()
    assert seat.leases.may_move(7)
    assert seat.seen == []  # the answer was no preset's digit
    seat.key(Qt.Key.Key_1)
    assert seat.seen == [Qt.Key.Key_1]


def test_escape_leaves_the_camera_where_it_looks(seat: Seat) -> None:
    seat.press(ALLEY)
    seat.key(Qt.Key.Key_Escape)
    assert (seat.begun, seat.dropped) == ([], [7])
    assert seat.room.lines() == [("haneul", "refused:move_camera", "camera/7", NO_PURPOSE)]
    assert not seat.prompt.asking


def test_another_camera_takes_the_question_away(seat: Seat) -> None:
    seat.permit.choose(ALLEY)
    seat.press(ALLEY)
    seat.permit.choose(PARK)
    assert not seat.prompt.asking
    assert seat.dropped == [7]
    assert seat.room.lines()[-1][1] == "refused:move_camera"
    seat.key(Qt.Key.Key_1)
    assert seat.begun == []


def test_a_camera_that_needs_no_purpose_moves_at_once(seat: Seat) -> None:
    seat.permit.choose(PARK)
    assert seat.leases.may_move(8)
    assert seat.press(PARK)
    assert not seat.prompt.asking
    assert seat.words[-1] is None


def test_a_camera_that_was_only_chosen_is_given_back_with_the_next(seat: Seat) -> None:
    seat.permit.choose(PARK)
    seat.permit.choose(ALLEY)
    assert not seat.leases.may_move(8)
    assert seat.leases.may_move(7)
    seat.press(PARK)
    seat.permit.choose(PARK)
    seat.permit.choose(None)
    assert seat.leases.may_move(8)  # it was moved: 20 s, as anywhere


def test_a_hand_that_waits_for_a_colleague_goes_on_when_it_is_its_turn(seat: Seat, qtbot: QtBot) -> None:
    seat.leases.wish(PARK, Rank.SUPERVISOR, "desk 2")
    seat.permit.choose(PARK)
    assert not seat.press(PARK)
    assert seat.words[-1] is not None
    assert seat.words[-1].code == "lease_waiting_supervisor"
    seat.leases.release(8, "desk 2")
    qtbot.waitUntil(lambda: any(state.position == DESK and state.may_move for state in seat.states))
    seat.hear()
    assert seat.begun == [8]
    assert seat.words[-1] is None


def test_a_take_over_is_counted_down_in_words_and_ends_with_hands_off(seat: Seat, qtbot: QtBot) -> None:
    seat.permit.choose(PARK)
    assert seat.press(PARK)
    seat.leases.wish(PARK, Rank.SUPERVISOR, "desk 2")
    qtbot.waitUntil(lambda: any(state.standing is Standing.ENDING for state in seat.states))
    seat.hear()
    assert "takes over" in seat.note.findChildren(QWidget)[0].accessibleName()
    assert seat.words[-1] == Text("lease_ending_supervisor", {"camera": "8", "who": "desk 2", "s": "3"})
    seat.room.clock.advance(1.5)
    qtbot.waitUntil(lambda: seat.words[-1] is not None and seat.words[-1].params["s"] == "2")
    seat.room.clock.advance(NOTICE_S)
    seat.leases.state(8)
    qtbot.waitUntil(lambda: any(state.standing is Standing.WAITING for state in seat.states))
    seat.hear()
    assert seat.dropped == [8]
    assert seat.stops == [8]


def test_a_state_that_is_older_than_what_a_wish_returned_says_nothing(seat: Seat) -> None:
    seat.permit.choose(PARK)
    seat.press(PARK)
    seat.permit.take(LeaseState(8, DESK, Standing.WAITING, serial=0))
    assert seat.dropped == []


def test_signing_out_gives_everything_back(seat: Seat) -> None:
    seat.permit.choose(PARK)
    seat.press(PARK)
    seat.press(ALLEY)
    seat.permit.leave()
    assert not seat.leases.may_move(8)
    assert not seat.leases.may_move(7)
    assert not seat.prompt.asking


def test_a_hand_that_waited_in_vain_is_taken_off(seat: Seat, qtbot: QtBot) -> None:
    seat.leases.wish(PARK, Rank.SUPERVISOR, "desk 2")
    seat.permit.choose(PARK)
    assert not seat.press(PARK)
    seat.room.clock.advance(IDLE_S - 1)
    seat.leases.used(8, "desk 2")
    seat.room.clock.advance(1)
    seat.leases.state(8)
    qtbot.waitUntil(lambda: any(state.standing is Standing.ENDED for state in seat.states))
    seat.hear()
    assert (seat.begun, seat.dropped) == ([], [8])
    assert seat.words[-1] is None


def test_who_lost_the_right_while_being_asked_moves_nothing(seat: Seat) -> None:
    failures: list[Exception] = []
    seat.permit.failed.connect(failures.append)
    seat.press(ALLEY)
    seat.room.door.operator = None
    seat.key(Qt.Key.Key_1)
    assert isinstance(failures[0], RefusedError)
    assert (seat.begun, seat.dropped) == ([], [7])


def test_an_answer_that_nobody_waits_for_is_nothing(seat: Seat) -> None:
    seat.permit.give(Purpose.SOS)
    seat.permit.refuse()
    seat.permit.approach()
    assert seat.room.lines() == []
    assert (seat.begun, seat.dropped) == ([], [])


def test_a_purpose_given_while_a_colleague_has_the_camera_waits_for_the_lease_too(seat: Seat, qtbot: QtBot) -> None:
    seat.leases.wish(ALLEY, Rank.SUPERVISOR, "desk 2")
    seat.permit.choose(ALLEY)
    seat.press(ALLEY)
    seat.key(Qt.Key.Key_1)
    assert seat.begun == []
    seat.leases.release(7, "desk 2")
    qtbot.waitUntil(lambda: any(state.position == DESK and state.may_move for state in seat.states))
    seat.hear()
    assert seat.begun == [7]


@dataclass
class Moves:
    """Notes what cameras are asked for."""

    asked: list[tuple[str, int]] = field(default_factory=list)

    def move(self, camera: Camera, velocity: Velocity) -> None:
        self.asked.append(("move", camera.no))

    def stop(self, camera: Camera) -> None:
        self.asked.append(("stop", camera.no))


@pytest.fixture
def moves() -> Moves:
    return Moves()


@pytest.fixture
def steering(seat: Seat, moves: Moves) -> Steering:
    """Return the hands of a seat, joined as at a desk."""
    steering = Steering(moves, seat.permit.gate, seat.owner)
    steering.moved.connect(seat.permit.used)
    seat.permit.dropped.connect(lambda _: steering.let_go())
    return steering


def test_a_hand_that_holds_on_while_the_purpose_is_asked_turns_the_camera_then(
    seat: Seat, steering: Steering, moves: Moves
) -> None:
    seat.permit.choose(ALLEY)
    steering.take(ALLEY)
    assert steering.move("pad", Velocity(pan=0.5))
    assert moves.asked == []
    seat.key(Qt.Key.Key_5)
    assert moves.asked == [("move", 7)]
    steering.move("pad", STILL)
    assert moves.asked == [("move", 7), ("stop", 7)]
    assert seat.room.lines() == [("haneul", "move_camera", "camera/7", "patrol_request")]


def test_a_hand_that_let_go_before_the_answer_moves_nothing_and_the_next_press_does(
    seat: Seat, steering: Steering, moves: Moves
) -> None:
    steering.take(ALLEY)
    steering.move("pad", Velocity(pan=0.5))
    steering.move("pad", STILL)
    seat.key(Qt.Key.Key_5)
    assert moves.asked == []
    steering.move("pad", Velocity(pan=0.5))
    assert moves.asked == [("move", 7)]
    assert not seat.prompt.asking


def test_a_hand_that_gives_no_purpose_has_to_come_to_rest_first(seat: Seat, steering: Steering, moves: Moves) -> None:
    steering.take(ALLEY)
    steering.move("pad", Velocity(pan=0.5))
    seat.key(Qt.Key.Key_Escape)
    assert not steering.move("pad", Velocity(pan=0.6))
    assert not seat.prompt.asking
    steering.move("pad", STILL)
    steering.move("pad", Velocity(pan=0.5))
    assert seat.prompt.asking
    assert moves.asked == []


def test_a_lost_lease_takes_the_hands_off(seat: Seat, steering: Steering, moves: Moves, qtbot: QtBot) -> None:
    seat.permit.choose(PARK)
    steering.take(PARK)
    steering.move("pad", Velocity(pan=0.5))
    seat.leases.wish(PARK, Rank.SUPERVISOR, "desk 2")
    seat.room.clock.advance(NOTICE_S)
    seat.leases.state(8)
    qtbot.waitUntil(lambda: any(state.standing is Standing.WAITING and state.position == DESK for state in seat.states))
    seat.hear()
    assert moves.asked == [("move", 8), ("stop", 8)]
    assert not steering.move("pad", Velocity(pan=0.6))


def test_who_lacks_the_right_moves_nothing(seat: Seat, steering: Steering, moves: Moves) -> None:
    seat.room.door.operator = operator(Role.POLICE_LIAISON)
    failures: list[Exception] = []
    steering.failed.connect(failures.append)
    steering.take(PARK)
    assert not steering.move("pad", Velocity(pan=0.5))
    assert len(failures) == 1
    assert moves.asked == []


# -- words


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("rank", [*Rank, None])
@pytest.mark.parametrize("standing", [Standing.ENDING, Standing.WAITING, Standing.LAPSED])
def test_whoever_has_it_can_be_said(language: str, rank: Rank | None, standing: Standing) -> None:
    state = LeaseState(8, DESK, standing, Party(uuid4(), rank=rank), 13.0)
    text = lease_words(state, lambda _: "관제석 3", 10.5)
    assert text is not None
    said = Wording.load(TEXTS, language).render(text)
    assert "lease_" not in said
    assert "–" not in said
    if standing is Standing.ENDING:
        assert "3" in said


def test_local_control_is_a_warning_and_what_is_usual_needs_no_words() -> None:
    held = LeaseState(8, DESK, Standing.HELD)
    assert lease_words(held, lambda _: "", 0.0) is None
    text = lease_words(replace(held, local=True), lambda _: "", 0.0)
    assert text == Text("lease_local", {"camera": "8"})


def test_a_workstation_without_a_name_is_known_by_its_id() -> None:
    origin = uuid4()
    text = lease_words(LeaseState(8, DESK, Standing.WAITING, Party(origin)), lambda _: "", 0.0)
    assert text is not None
    assert text.params["who"] == str(origin)[:8]
    nobody = lease_words(LeaseState(8, DESK, Standing.WAITING), lambda _: "", 0.0)
    assert nobody is not None
