"""Joins the map to the register, the open cases and whatever moves."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot

from domain.aiming import Cone
from domain.alarm import Alarm, Priority
from domain.camera import Camera
from domain.event import Event, EventKind
from domain.incident import Incident
from domain.picture import Face
from domain.place import Place
from domain.text import Text, Wording
from widgets.incident_map import IncidentMap, MapIncident, MapTrack

_TRACKED = {EventKind.SESSION_FIX, EventKind.UNIT_FIX, EventKind.SOS}
_FLUSH_MS = 250
_CLOSE_ZOOM = 15.5


class MapPresenter(QObject):
    """What the map shows; click both ways."""

    camera_chosen = Signal(int)
    incident_chosen = Signal(object)  # UUID of an incident, or of an alarm that has none yet
    look_here_asked = Signal(object)  # Place
    surround_asked = Signal(object)  # Place
    release_asked = Signal()  # of the cameras around a place
    place_missed = Signal()  # something was asked for a place, and there was none
    place_picked = Signal(object)  # Place, while `pick_place` is on

    def __init__(self, view: IncidentMap, wording: Wording, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._wording = wording
        self._cameras: tuple[Camera, ...] = ()
        self._faces: dict[int, Face] = {}
        self._alarms: dict[UUID, Alarm] = {}
        self._incidents: dict[UUID, Incident] = {}
        self._moved: dict[str, MapTrack] = {}
        self._in_trouble: set[str] = set()
        self._cones: dict[int, Cone] = {}
        self._drawn_cones: dict[int, Cone] = {}
        self._case_place: Place | None = None
        self._surrounding = False
        view.camera_chosen.connect(self.camera_chosen)
        view.incident_chosen.connect(self.incident_chosen)
        view.look_here_asked.connect(self._ask_look)
        view.surround_asked.connect(self._ask_surround)
        view.release_asked.connect(self.release_asked)
        view.place_picked.connect(self.place_picked)
        self._flush = QTimer(self)
        self._flush.timeout.connect(self._draw_moved)
        self._flush.start(_FLUSH_MS)

    def show_register(self, cameras: Sequence[Camera]) -> None:
        """Draw the register and choose the view that holds it."""
        self._cameras = tuple(cameras)
        self._view.show_cameras(self._cameras, self._faces)
        self._view.look_at_all([camera.place for camera in cameras])

    def show_faces(self, faces: Mapping[int, Face]) -> None:
        """Mark cameras whose picture is not live."""
        if dict(faces) != self._faces:
            self._faces = dict(faces)
            self._view.show_cameras(self._cameras, self._faces)

    def show_cases(self, alarms: Mapping[UUID, Alarm], incidents: Mapping[UUID, Incident]) -> None:
        """Mark incidents, and alarms that no incident was opened from yet."""
        self._alarms, self._incidents = dict(alarms), dict(incidents)
        marks = [
            MapIncident(
                incident.id, incident.place, incident.priority, f"{incident.number} {self._kind(incident.kind)}"
            )
            for incident in incidents.values()
            if incident.place is not None
        ]
        marks += [
            MapIncident(alarm.id, alarm.place, alarm.priority, self._wording.render(alarm.title))
            for alarm in alarms.values()
            if alarm.place is not None and alarm.incident is None
        ]
        self._view.show_incidents(marks)

    def show_event(self, event: Event) -> None:
        """Move what reported where it is."""
        if event.kind not in _TRACKED or event.place is None:
            return
        if event.kind == EventKind.SOS:
            self._in_trouble.add(event.source)
        urgent = Priority.CRITICAL if event.source in self._in_trouble else None
        self._moved[event.source] = MapTrack(event.source, event.place, urgent, "")

    def show_selected(self, camera: Camera | None) -> None:
        """Ring the camera of the selected tile."""
        self._view.show_selected(camera.no if camera else None)

    @Slot(object)
    def look_at_alarm(self, alarm: Alarm | None) -> None:
        """Bring an alarm's place to the middle, near enough to see streets and cameras."""
        self._case_place = alarm.place if alarm is not None else None
        if self._case_place is not None:
            self.look_at(self._case_place)

    def look_at(self, place: Place) -> None:
        """Bring a place to the middle."""
        self._view.look_at(place, _CLOSE_ZOOM)

    @Slot(object)
    def show_cones(self, cones: Mapping[int, Cone]) -> None:
        """Draw where these cameras look now; the others as the register has them."""
        self._cones = dict(cones)

    @Slot(bool)
    def show_surrounding(self, surrounding: bool) -> None:  # noqa: FBT001 - a slot
        """Take whether cameras are held around a place, so that they can be let go."""
        self._surrounding = surrounding
        self._view.show_surrounding(surrounding)

    def pick_place(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Take clicks on the map as places from now on, or as clicks on things again."""
        self._view.pick_place(wanted)

    @Slot()
    def look_here(self) -> None:
        """Have a camera look where the pointer is, or else where the chosen alarm is."""
        self._view.ask_look_here()

    @Slot()
    def surround(self) -> None:
        """Have cameras surround the place of the pointer, or else of the chosen alarm; again, and they go back."""
        if self._surrounding:
            self.release_asked.emit()
        else:
            self._view.ask_surround()

    @Slot(object)
    def _ask_look(self, place: Place | None) -> None:
        self._ask(self.look_here_asked, place)

    @Slot(object)
    def _ask_surround(self, place: Place | None) -> None:
        self._ask(self.surround_asked, place)

    def _ask(self, wish: SignalInstance, place: Place | None) -> None:
        found = place or self._case_place
        if found is None:
            self.place_missed.emit()
        else:
            wish.emit(found)

    @Slot()
    def _draw_moved(self) -> None:
        """Draw what moved since the last time, in one go."""
        if self._moved:
            moved, self._moved = self._moved, {}
            self._view.show_tracks(tuple(moved.values()))
        if self._cones != self._drawn_cones:
            self._drawn_cones = self._cones
            self._view.show_cones(self._cones)

    def _kind(self, kind: str) -> str:
        return self._wording.render(Text(f"kind_{kind}"))
