"""Everything that turns cameras from one desk, joined: hands, right and purpose and lease, places, tours, aiming."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot

from console.alarm_presets import AlarmPresets
from console.case_presenter import CasePresenter
from console.core import Core
from console.desk_window import DeskWindow
from console.guard_tour_book import TourBook
from console.guard_tours import GuardTours
from console.home_return import HomePlan, HomeReturn, watched_cameras
from console.keys import PLAIN, SHIFT, Deed, Key
from console.looking import Looking
from console.looking_desk import join_looking
from console.map_presenter import MapPresenter
from console.move_gate import LeasedGate
from console.optics_hand import OpticsHand
from console.place_thumbnail import Thumbnails
from console.places_page import PlacesPage
from console.ptz_desk import PtzDesk
from console.ptz_optics import OpticsBook
from console.ptz_permit import Permit
from console.ptz_places import PlaceBook
from console.ptz_purpose import Purposes
from console.rule_turns import RuleTurns
from console.settings import PtzSettings
from console.tasks import Tasks
from console.walls import Walls
from console.whereabouts import Whereabouts
from domain.alarm import Alarm
from domain.alarm_preset import AlarmPreset
from domain.camera import Camera
from domain.clock import SystemClock
from domain.incident import Incident
from domain.lease import LeaseState, Rank, rank_of
from domain.motion import MotionState
from domain.news import News
from domain.text import Text, Wording
from ptz.guard_tours import CameraTours
from ptz.imaging import Imaging
from ptz.places import Places

CLOCK_OFF_S = 5.0  # a camera's clock that is further off is told


@dataclass(frozen=True, slots=True)
class PtzNeeds:
    """What the desk gives. `post` is the way back to the UI thread."""

    walls: Walls
    cases: CasePresenter
    tasks: Tasks
    post: Callable[[News], None]
    whereabouts: Whereabouts
    wording: Wording


class PtzSide(QObject):
    """One desk's cameras that turn. Rules (alarm, tour, return home) never turn one that a person has."""

    failed = Signal(object)  # WatchroomError
    said = Signal(object)  # Text
    alarmed = Signal(object)  # Text: of a camera that may be moving

    def __init__(self, window: DeskWindow, core: Core, needs: PtzNeeds, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._core = core
        self._needs = needs
        self._told_clocks: set[int] = set()
        world = SystemClock()  # cameras live in the world, whatever clock the room has
        tasks, settings, leases = needs.tasks, core.settings.ptz, core.turning.leases
        self.purposes = Purposes(core.door, core.write_audit, core.clock, self._incidents, lambda: needs.cases.shown)
        self.permit = Permit(leases, self.purposes, self._rank, needs.walls.orders.name_of, world, self)
        store, picture = core.stores.camera_places, Thumbnails(core.replay, world).take
        places = Places(core.ptz.contacts, core.ptz)
        self.places = PlaceBook(places, store, picture, core.door, self.permit.gate, tasks, self)
        self.hands = PtzDesk(window, needs.walls, core, self.places, self.permit.gate, needs.post, self)
        self._gate = LeasedGate(leases, self.purposes, window.purpose.ask, self._rank, self._in_hand, self)
        self.looking = self._join_looking()
        self.turns = RuleTurns(world, self.purposes.admit_rule, self._in_hand, leases)
        self.optics = OpticsBook(Imaging(core.ptz.contacts), core.door, tasks, self)
        camera_tours = CameraTours(core.ptz.contacts)
        tour_store, resume_s = core.stores.guard_tours, settings.tour_resume_s
        self.tours = GuardTours(places, camera_tours, store, tour_store, self.turns, tasks, world, resume_s, self)
        find = needs.walls.camera
        self.home = HomeReturn(places, self.turns, home_plan(settings), find, self._needed, tasks, self)
        presets = alarm_presets(settings)
        self.alarm_presets = AlarmPresets(presets, places, store, self.turns, find, tasks, world, self)
        book = TourBook(tour_store, self.tours, camera_tours, core.door, tasks, self)
        self.page = PlacesPage(self.places, self.optics, self.tours, book, core.door, window)
        self._optics_hand = OpticsHand(self.optics, lambda: self.hands.presenter.camera, self)
        self._connect()
        for part in (self.hands, self.permit, self.places, self.optics, self.tours, book, self.home):
            part.failed.connect(self.failed)
        self.alarm_presets.failed.connect(self.failed)

    # -- what the desk tells

    @Slot(object)
    def show_camera(self, camera: Camera | None) -> None:
        """Take the camera of the selected tile."""
        self.hands.show_camera(camera)
        self.permit.choose(camera)
        self.page.show_camera(camera if camera is not None and camera.ptz else None)

    def show_register(self, cameras: tuple[Camera, ...]) -> None:
        """Take the register."""
        self.looking.show_register(cameras)

    def show_motion(self, state: MotionState) -> None:
        """Take what is known of a camera's movement."""
        self.hands.show_motion(state)
        self.looking.show_motion(state)
        self._tell_of_clock(state.camera_no)

    def show_lease(self, state: LeaseState) -> None:
        """Take how a position here stands to a camera."""
        self.permit.take(state)
        self._gate.take_state(state)

    def take_alarm(self, alarm: Alarm) -> None:
        """Take an alarm that was raised or changed."""
        self.alarm_presets.take(alarm)

    def take_map(self, presenter: MapPresenter) -> None:
        """Join the map."""
        self.looking.take_map(presenter)

    def take_input(self) -> None:
        """Ask the joysticks and keypads."""
        self.hands.hands.take()

    def let_go(self) -> None:
        """Let go of everything: somebody else sits down."""
        self.hands.let_go()
        self.permit.leave()
        self.page.close()

    def close(self) -> None:
        """Let go, end tours, and follow cameras no more."""
        self.home.stop()
        self.looking.close()
        self.page.close()
        self.hands.close()
        self.permit.leave()
        self.tours.close()

    def deeds(self) -> dict[Key, Deed]:
        """Return the keys: P gives them to the camera, Shift+P shows its places, L and its kin aim."""
        key = Qt.Key.Key_P
        return {**self.looking.deeds(), (key, PLAIN): self.hands.take_controls, (key, SHIFT): self._show_places}

    # -- joining

    def _join_looking(self) -> Looking:
        needs = self._needs
        return join_looking(
            self._core,
            needs.tasks,
            self._window,
            needs.walls,
            self.hands,
            self.said.emit,
            self.failed.emit,
            self._gate,
        )

    def _connect(self) -> None:
        hands, permit, prompt, places = self.hands, self.permit, self._window.purpose, self.places
        self._needs.walls.plans.gate = self._gate
        hands.steering.moved.connect(permit.used)
        hands.steering.moved.connect(self._person_moved)
        hands.presenter.controls_changed.connect(self._approach)
        hands.deed_begun.connect(self._optics_hand.begin)
        hands.deed_ended.connect(self._optics_hand.end)
        permit.dropped.connect(self._drop)
        permit.purpose_asked.connect(prompt.ask)
        permit.purpose_settled.connect(prompt.close_question)
        permit.told.connect(self._note)
        prompt.purpose_given.connect(permit.give)
        prompt.purpose_given.connect(self._gate.take_purpose)
        prompt.left.connect(permit.refuse)
        prompt.left.connect(self._gate.take_no_purpose)
        places.moved.connect(self.turns.person_moved)
        places.came_home.connect(self._came_home)
        self.page.camera_moved.connect(self.turns.person_moved)
        for told in (hands.said, places.told, self.home.told, self.alarm_presets.told):
            told.connect(self.said)
        hands.alarmed.connect(self.alarmed)

    def _rank(self) -> Rank:
        operator = self._core.door.operator
        return Rank.OPERATOR if operator is None else rank_of(operator.role)

    def _in_hand(self, camera_no: int) -> bool:
        moving = self.hands.steering.moving
        return moving is not None and moving.no == camera_no

    def _needed(self) -> frozenset[int]:
        """Return the cameras that must stay where they look."""
        needs = self._needs
        return watched_cameras(self._incidents(), needs.cases.alarms.values(), needs.whereabouts) | self.tours.cameras

    def _tell_of_clock(self, camera_no: int) -> None:
        """Say once of a camera that was met how far its clock is off: what it records carries that time."""
        camera = self._needs.walls.camera(camera_no)
        contact = None if camera is None or camera_no in self._told_clocks else self._core.ptz.contacts.contact(camera)
        if contact is None or abs(contact.clock_offset_s) < CLOCK_OFF_S:
            return
        self._told_clocks.add(camera_no)
        code = "camera_clock_ahead" if contact.clock_offset_s > 0 else "camera_clock_behind"
        off = f"{abs(contact.clock_offset_s):.0f}"
        self.said.emit(Text(code, {"camera": str(camera_no), "s": off}))

    def _incidents(self) -> Iterable[Incident]:
        return self._needs.cases.incidents.values()

    @Slot(object)
    def _person_moved(self, camera: Camera) -> None:
        self.turns.person_moved(camera.no)

    @Slot(int)
    def _came_home(self, camera_no: int) -> None:
        self.turns.came_home(camera_no)
        camera = self._needs.walls.camera(camera_no)
        if camera is not None:
            self.purposes.came_home(camera)

    @Slot(object)
    def _approach(self, camera_no: int | None) -> None:
        if camera_no is not None:
            self.permit.approach()

    @Slot(int)
    def _drop(self, camera_no: int) -> None:
        """Take hands off a camera that is not, or no longer, this desk's to move."""
        camera = self.hands.presenter.camera
        if camera is not None and camera.no == camera_no:
            self.hands.let_go()

    @Slot(object)
    def _note(self, told: Text | None) -> None:
        self._window.control_note.show_words("" if told is None else self._needs.wording.render(told))

    def _show_places(self) -> None:
        camera = self._needs.walls.active.selected_camera
        if camera is None or not camera.ptz:
            self.said.emit(Text("camera_does_not_turn"))
        else:
            self.page.open()


def home_plan(settings: PtzSettings) -> HomePlan:
    """Return when cameras go home by themselves."""
    return HomePlan(settings.home_after_s, settings.home_after_by_kind, settings.home_after_by_camera)


def alarm_presets(settings: PtzSettings) -> tuple[AlarmPreset, ...]:
    """Return what alarms turn cameras to."""
    return tuple(AlarmPreset(each.alarm, each.camera, each.place, each.source) for each in settings.alarm_presets)
