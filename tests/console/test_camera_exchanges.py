"""Another device at a camera's address: an alarm, however full the intake is, and a person who takes it on."""

from uuid import uuid4

from console.camera_exchanges import CameraExchanges
from console.commands import Commands
from console.resources import RESOURCES
from domain.clock import SystemClock
from domain.event import EventKind, FieldReport
from domain.news import RegisterChanged
from domain.record import Mode, Workplace
from domain.rules import RuleBook
from ptz.pins import Exchange, Mark
from tests.console.surroundings import Terminal, Workstation, make_camera

pytest_plugins = ["tests.console.fixtures"]

EXCHANGE = Exchange(417, Mark.SERIAL, "A-1", "B-2")
NEWS = RegisterChanged(())


class Intake:
    """Takes so many events and has no room for more."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.reports: list[FieldReport] = []

    def offer(self, report: FieldReport) -> bool:
        if len(self.reports) >= self.room:
            return False
        self.reports.append(report)
        return True


def exchanges(intake: Intake) -> CameraExchanges:
    return CameraExchanges(Workplace(uuid4(), "anyang", Mode.ACTUAL), SystemClock(), intake.offer)


def test_an_exchange_is_an_event_of_which_the_rules_make_an_alarm() -> None:
    intake = Intake(10)
    exchanges(intake).take(EXCHANGE)
    (report,) = intake.reports
    assert report.event.kind == EventKind.CAMERA_EXCHANGED
    assert report.event.details == {"mark": "serial", "expected": "A-1", "found": "B-2"}
    (alarm,) = RuleBook.load(RESOURCES / "alarm_rules.toml").alarms_for(report.event)
    assert (alarm.title.code, alarm.title.params) == ("alarm_camera_exchanged", {"camera": "417"})


def test_what_the_intake_has_no_room_for_is_offered_again() -> None:
    intake = Intake(0)
    told = exchanges(intake)
    told.take(EXCHANGE)
    told.hear(NEWS)
    assert intake.reports == []
    intake.room = 10
    told.hear(NEWS)
    told.hear(NEWS)
    assert [report.event.source for report in intake.reports] == ["417"]


def test_a_person_accepts_the_device_and_that_is_written_down(terminal: Terminal) -> None:
    workstation = Workstation(terminal.home)
    workstation.core.stores.cameras.replace_many([make_camera(3, onvif_url="http://127.0.0.1:9/onvif")])
    workstation.close()
    said = terminal.run("cameras", "accept", "3")
    assert said.code == 0
    assert "camera 3" in said.out
    again = Workstation(terminal.home)
    assert ("import_cameras", "camera/3/exchange") in [line[1:] for line in again.audited()]
    again.close()
    assert "no camera has the number 99" in terminal.run("cameras", "accept", "99").err


def test_what_is_known_of_the_old_device_is_forgotten(workstation: Workstation) -> None:
    core, camera = workstation.core, make_camera(3, onvif_url="http://127.0.0.1:9/onvif")
    core.stores.cameras.replace_many([camera])
    contacts = core.ptz.contacts
    contacts._of(camera).exchange = Exchange(3, Mark.SERIAL, "A-1", "B-2")
    assert Commands(core, core.write_audit).answer({"do": "cameras.accept", "camera": 3}) == {"accepted": 3}
    assert contacts.exchange(camera) is None
