from collections.abc import Mapping, Sequence

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from console.map_presenter import MapPresenter
from console.resources import RESOURCES
from domain.aiming import Cone
from domain.alarm import Priority
from domain.camera import Camera
from domain.event import EventKind
from domain.picture import Face
from domain.place import Place
from domain.text import Wording
from tests.console.surroundings import make_alarm, make_camera, make_event, make_incident
from widgets.incident_map import MapIncident, MapTrack


class View(QObject):
    """A map without a web engine: it notes what it is to show."""

    camera_chosen = Signal(int)
    incident_chosen = Signal(object)
    look_here_asked = Signal(object)
    surround_asked = Signal(object)
    release_asked = Signal()
    place_picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.pointer: Place | None = None
        self.cones: list[dict[int, Cone]] = []
        self.picking: list[bool] = []
        self.surrounding: list[bool] = []
        self.cameras: list[tuple[tuple[Camera, ...], dict[int, Face]]] = []
        self.incidents: list[list[MapIncident]] = []
        self.tracks: list[tuple[MapTrack, ...]] = []
        self.selected: list[int | None] = []
        self.looked_at: list[Place] = []
        self.looked_at_all: list[list[Place]] = []

    def show_cameras(self, cameras: Sequence[Camera], faces: dict[int, Face]) -> None:
        self.cameras.append((tuple(cameras), dict(faces)))

    def show_incidents(self, incidents: Sequence[MapIncident]) -> None:
        self.incidents.append(list(incidents))

    def show_tracks(self, tracks: Sequence[MapTrack]) -> None:
        self.tracks.append(tuple(tracks))

    def show_selected(self, camera_no: int | None) -> None:
        self.selected.append(camera_no)

    def look_at(self, place: Place, zoom: float | None = None) -> None:
        assert zoom is not None
        self.looked_at.append(place)

    def look_at_all(self, places: Sequence[Place]) -> None:
        self.looked_at_all.append(list(places))

    def show_cones(self, cones: Mapping[int, Cone]) -> None:
        self.cones.append(dict(cones))

    def show_surrounding(self, surrounding: bool) -> None:
        self.surrounding.append(surrounding)

    def pick_place(self, wanted: bool) -> None:
        self.picking.append(wanted)

    def ask_look_here(self) -> None:
        self.look_here_asked.emit(self.pointer)

    def ask_surround(self) -> None:
        self.surround_asked.emit(self.pointer)


@pytest.fixture
def view(qtbot: QtBot) -> View:
    del qtbot
    return View()


@pytest.fixture
def presenter(view: View) -> MapPresenter:
    return MapPresenter(view, Wording.load(RESOURCES / "texts.toml", "en"), view)  # type: ignore[arg-type]


def test_the_register_is_drawn_and_brought_into_view(view: View, presenter: MapPresenter) -> None:
    register = (make_camera(1), make_camera(2))
    presenter.show_register(register)
    assert view.cameras == [(register, {})]
    assert view.looked_at_all == [[camera.place for camera in register]]


def test_cameras_are_drawn_again_only_when_a_picture_changes(view: View, presenter: MapPresenter) -> None:
    presenter.show_register([make_camera(1)])
    presenter.show_faces({1: Face.LIVE})
    presenter.show_faces({1: Face.LIVE})
    presenter.show_faces({1: Face.LOST})
    assert [faces for _, faces in view.cameras] == [{}, {1: Face.LIVE}, {1: Face.LOST}]


def test_incidents_are_marked_and_alarms_that_have_none_yet(view: View, presenter: MapPresenter) -> None:
    incident = make_incident()
    handled, waiting = make_alarm(incident=incident.id), make_alarm()
    nowhere, hidden = make_alarm(place=None), make_incident(place=None)
    presenter.show_cases(
        {alarm.id: alarm for alarm in (handled, waiting, nowhere)}, {each.id: each for each in (incident, hidden)}
    )
    (marks,) = view.incidents
    assert [mark.id for mark in marks] == [incident.id, waiting.id]
    assert incident.number in marks[0].text


def test_what_moves_is_drawn_together_and_newest_only(view: View, presenter: MapPresenter, qtbot: QtBot) -> None:
    for number in range(10):
        presenter.show_event(make_event(EventKind.SESSION_FIX, "s1", place=Place(37.3 + number / 100, 126.9)))
        presenter.show_event(make_event(EventKind.UNIT_FIX, "u1", place=Place(37.3, 126.9)))
    qtbot.waitUntil(lambda: bool(view.tracks), timeout=2000)
    (tracks,) = view.tracks
    assert {track.id: track.place.lat for track in tracks} == {"s1": pytest.approx(37.39), "u1": 37.3}
    assert all(track.priority is None for track in tracks)


def test_who_called_for_help_stays_urgent_wherever_they_go(view: View, presenter: MapPresenter, qtbot: QtBot) -> None:
    presenter.show_event(make_event(EventKind.SOS, "s1"))
    presenter.show_event(make_event(EventKind.SESSION_FIX, "s1"))
    qtbot.waitUntil(lambda: bool(view.tracks), timeout=2000)
    assert view.tracks[-1][0].priority is Priority.CRITICAL


@pytest.mark.parametrize(("kind", "place"), [(EventKind.DETECTION, Place(37.3, 126.9)), (EventKind.SESSION_FIX, None)])
def test_what_does_not_move_or_has_no_place_is_no_track(
    view: View, presenter: MapPresenter, qtbot: QtBot, kind: EventKind, place: Place | None
) -> None:
    presenter.show_event(make_event(kind, "s1", place=place))
    qtbot.wait(350)
    assert view.tracks == []


def test_the_map_looks_where_the_chosen_alarm_is(view: View, presenter: MapPresenter) -> None:
    alarm = make_alarm()
    presenter.look_at_alarm(alarm)
    presenter.look_at_alarm(make_alarm(place=None))
    presenter.look_at_alarm(None)
    assert view.looked_at == [alarm.place]


def test_the_selected_camera_is_ringed(view: View, presenter: MapPresenter) -> None:
    presenter.show_selected(make_camera(4))
    presenter.show_selected(None)
    assert view.selected == [4, None]


def test_a_click_on_the_map_is_passed_on(view: View, presenter: MapPresenter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(presenter.camera_chosen) as camera:
        view.camera_chosen.emit(12)
    assert camera.args == [12]
    identity = make_alarm().id
    with qtbot.waitSignal(presenter.incident_chosen) as incident:
        view.incident_chosen.emit(identity)
    assert incident.args == [identity]


def test_cones_are_drawn_together_and_only_when_they_change(view: View, presenter: MapPresenter, qtbot: QtBot) -> None:
    for bearing in (10.0, 20.0, 30.0):
        presenter.show_cones({4: Cone(bearing, 60.0, 100.0)})
    qtbot.waitUntil(lambda: view.cones == [{4: Cone(30.0, 60.0, 100.0)}], timeout=2000)
    presenter.show_cones({4: Cone(30.0, 60.0, 100.0)})
    presenter._draw_moved()
    assert len(view.cones) == 1


def test_look_here_means_the_pointer_or_else_the_chosen_alarm(
    view: View, presenter: MapPresenter, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(presenter.place_missed):
        presenter.look_here()
    alarm = make_alarm()
    presenter.look_at_alarm(alarm)
    with qtbot.waitSignal(presenter.look_here_asked) as asked:
        presenter.look_here()
    assert asked.args == [alarm.place]
    view.pointer = Place(37.4, 126.9)
    with qtbot.waitSignal(presenter.look_here_asked) as asked:
        presenter.look_here()
    assert asked.args == [view.pointer]
    presenter.look_at_alarm(None)
    view.pointer = None
    with qtbot.waitSignal(presenter.place_missed):
        presenter.look_here()


def test_the_key_that_surrounds_lets_go_again(view: View, presenter: MapPresenter, qtbot: QtBot) -> None:
    view.pointer = Place(37.4, 126.9)
    with qtbot.waitSignal(presenter.surround_asked) as asked:
        presenter.surround()
    assert asked.args == [view.pointer]
    presenter.show_surrounding(True)
    with qtbot.waitSignal(presenter.release_asked):
        presenter.surround()
    assert view.surrounding == [True]


def test_a_place_that_was_picked_is_passed_on(view: View, presenter: MapPresenter, qtbot: QtBot) -> None:
    presenter.pick_place(True)
    with qtbot.waitSignal(presenter.place_picked) as picked:
        view.place_picked.emit(Place(37.4, 126.9))
    assert view.picking == [True]
    assert picked.args == [Place(37.4, 126.9)]
