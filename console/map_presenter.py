"""Joins the map to the register, the open cases and whatever moves."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

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
        view.camera_chosen.connect(self.camera_chosen)
        view.incident_chosen.connect(self.incident_chosen)
        self._flush = QTimer(self)
        self._flush.timeout.connect(self._draw_tracks)
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
        if alarm is not None and alarm.place is not None:
            self.look_at(alarm.place)

    def look_at(self, place: Place) -> None:
        """Bring a place to the middle."""
        self._view.look_at(place, _CLOSE_ZOOM)

    @Slot()
    def _draw_tracks(self) -> None:
        if self._moved:
            moved, self._moved = self._moved, {}
            self._view.show_tracks(tuple(moved.values()))

    def _kind(self, kind: str) -> str:
        return self._wording.render(Text(f"kind_{kind}"))
