"""The map of cameras, incidents and moving people: a folium basemap with everything live drawn over a channel."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QLabel, QMenu, QStackedLayout, QWidget

from domain.aiming import Cone
from domain.alarm import Priority
from domain.camera import Camera
from domain.picture import Face
from domain.place import Place
from widgets.map_document import MapDocument, map_colours
from widgets.map_page import Page
from widgets.theme import NIGHT, SHAPES, Colours, scaled

_DISTRICT_ZOOM = 15.0  # on a large map; a small one stays about a level higher
_RELOAD_MS = 2000  # after the renderer died
_LOOK, _SURROUND, _PICK = "look", "surround", "pick"


@dataclass(frozen=True, slots=True)
class MapIncident:
    """An incident or unhandled alarm as the map shows it."""

    id: UUID
    place: Place
    priority: Priority
    text: str


@dataclass(frozen=True, slots=True)
class MapTrack:
    """Where something that moves (a traveller, a unit) is now."""

    id: str
    place: Place
    priority: Priority | None
    text: str


class IncidentMap(QWidget):
    """Shows where things are; says what was clicked. Until a document is given it says that the map is loading."""

    camera_chosen = Signal(int)
    incident_chosen = Signal(object)  # UUID
    look_here_asked = Signal(object)  # Place, or None where the pointer is on no place
    surround_asked = Signal(object)  # Place, or None
    release_asked = Signal()
    place_picked = Signal(object)  # Place, while `pick_place` is on
    drawn = Signal(int)  # how many things the page has on it

    def __init__(self, resources: Path, colours: Colours = NIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Map"))
        self._resources = resources
        self._colours = colours
        self._waiting: dict[str, object] = {}
        self._serial = 0
        self._markers = 0
        self._looked = False
        self._surrounding = False
        self._notice = QLabel(self.tr("The map is loading …"))
        self._notice.setProperty("dim", True)  # noqa: FBT003 - Qt's signature
        self._notice.setMargin(12)
        self._layers = QStackedLayout(self)
        self._layers.addWidget(self._notice)
        self._page: Page | None = None
        self._view: QWebEngineView | None = None

    @property
    def markers(self) -> int:
        """How many things the page last said it has drawn."""
        return self._markers

    @property
    def refused(self) -> tuple[str, ...]:
        """Addresses outside that the page asked for and did not get."""
        return tuple(self._page.gatekeeper.refused) if self._page else ()

    def show_document(self, document: MapDocument) -> None:
        """Load the page; what was shown before it was ready appears as soon as it is."""
        self._page = Page(document, self._resources, self)
        bridge = self._page.bridge
        bridge.is_ready.connect(self._say_all)
        bridge.has_drawn.connect(self._note_drawn)
        bridge.camera_picked.connect(self.camera_chosen)
        bridge.incident_picked.connect(self._choose_incident)
        bridge.place_told.connect(self._hear_place)
        bridge.place_missed.connect(self._take_no_place)
        bridge.menu_wanted.connect(self._open_menu)
        self._page.renderProcessTerminated.connect(self._renderer_died)
        self._view = view = QWebEngineView(self)
        view.setPage(self._page)
        view.setZoomFactor(scaled(self, 100) / 100)
        view.setContextMenuPolicy(view.contextMenuPolicy().NoContextMenu)
        self._layers.addWidget(view)
        self._layers.setCurrentWidget(view)
        colour_names = map_colours(self._colours)
        self._say("colours", {name: getattr(colour_names, name) for name in colour_names.__slots__})
        self._say("labels", list(document.labels))

    def show_cameras(self, cameras: Sequence[Camera], faces: dict[int, Face]) -> None:
        """Draw the register; `faces` says how the pictures are of those that are watched."""
        self._say(
            "cameras",
            [
                {
                    "no": camera.no,
                    "name": camera.name,
                    "lat": camera.place.lat,
                    "lon": camera.place.lon,
                    "bearing": camera.bearing_deg,
                    "ptz": camera.ptz,
                    "face": _face(camera, faces),
                }
                for camera in cameras
            ],
        )

    def show_cones(self, cones: Mapping[int, Cone]) -> None:
        """Draw where these cameras look now, by their numbers; the others' cones are as the register has them."""
        self._say(
            "cones",
            [
                {"no": no, "bearing": cone.bearing_deg, "across": cone.across_deg, "reach": cone.reach_m}
                for no, cone in cones.items()
            ],
        )

    def show_incidents(self, incidents: Sequence[MapIncident]) -> None:
        """Draw what is being handled or waits for it; as long as nobody asked for a place, look at what is critical."""
        self._say(
            "incidents",
            [
                {
                    "id": str(item.id),
                    "lat": item.place.lat,
                    "lon": item.place.lon,
                    "shape": SHAPES[item.priority],
                    "colour": self._colours.of(item.priority),
                    "rank": item.priority.rank,
                    "text": item.text,
                }
                for item in incidents
            ],
        )
        critical = [item for item in incidents if item.priority is Priority.CRITICAL]
        if critical and not self._looked:
            self.look_at(critical[0].place, _DISTRICT_ZOOM)

    def show_tracks(self, tracks: Sequence[MapTrack]) -> None:
        """Move what moves; each keeps its last minute or so as a line."""
        self._say(
            "tracks",
            [
                {
                    "id": track.id,
                    "lat": track.place.lat,
                    "lon": track.place.lon,
                    "colour": self._colours.of(track.priority) if track.priority else self._colours.text,
                    "text": track.text,
                }
                for track in tracks
            ],
        )

    def show_selected(self, camera_no: int | None) -> None:
        """Ring one camera."""
        self._say("select", camera_no)

    def show_surrounding(self, surrounding: bool) -> None:  # noqa: FBT001 - a slot
        """Say in the menu that the cameras around a place can be let go."""
        self._surrounding = surrounding

    def look_at(self, place: Place, zoom: float | None = None) -> None:
        """Bring a place to the middle; a small map shows more around it than the zoom says."""
        self._looked = True
        self._say("view", {"lat": place.lat, "lon": place.lon, "zoom": zoom})

    def look_at_all(self, places: Sequence[Place]) -> None:
        """Choose the view that holds all these places."""
        if places:
            lats, lons = [place.lat for place in places], [place.lon for place in places]
            self._say("frame", [[min(lats), min(lons)], [max(lats), max(lons)]])

    def pick_place(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Take clicks as places from now on, wherever they fall, or as clicks on things again."""
        self._say("picking", wanted)

    def ask_look_here(self) -> None:
        """Ask to look where the pointer is, for a key."""
        self._ask_pointer(_LOOK)

    def ask_surround(self) -> None:
        """Ask to surround the place where the pointer is, for a key."""
        self._ask_pointer(_SURROUND)

    def _ask_pointer(self, wish: str) -> None:
        if self._page is None or not self._page.bridge.open:
            self._take_no_place(wish)
        else:
            self._push({"pointer": wish})

    def _say(self, what: str, value: object) -> None:
        """Tell the page; before it is ready, keep the newest of each kind (and every track) for it."""
        if self._page is not None and self._page.bridge.open:
            self._push({what: value})
        self._waiting[what] = value

    def _push(self, message: dict[str, object]) -> None:
        if self._page is not None:
            self._serial += 1
            self._page.bridge.pushed.emit(json.dumps({"serial": self._serial, **message}, ensure_ascii=False))

    @Slot()
    def _say_all(self) -> None:
        for what, value in list(self._waiting.items()):
            self._say(what, value)

    @Slot(int)
    def _note_drawn(self, markers: int) -> None:
        self._markers = markers
        self.drawn.emit(markers)

    @Slot(str)
    def _choose_incident(self, text: str) -> None:
        self.incident_chosen.emit(UUID(text))

    @Slot(list)
    def _hear_place(self, told: list[Any]) -> None:
        self._take_place(*told)

    def _take_place(self, wish: str, lat: float, lon: float) -> None:
        place = Place.checked(lat, (lon + 180.0) % 360.0 - 180.0)  # the map can be pushed round the world
        if wish == _PICK:
            if place is not None:
                self.place_picked.emit(place)
        elif wish == _LOOK:
            self.look_here_asked.emit(place)
        elif wish == _SURROUND:
            self.surround_asked.emit(place)

    @Slot(str)
    def _take_no_place(self, wish: str) -> None:
        if wish == _LOOK:
            self.look_here_asked.emit(None)
        elif wish == _SURROUND:
            self.surround_asked.emit(None)

    @Slot(list)
    def _open_menu(self, where: list[Any]) -> None:
        lat, lon, x, y = where
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Look here [L]")).triggered.connect(lambda: self._take_place(_LOOK, lat, lon))
        surround = menu.addAction(self.tr("Surround this place [Shift+L]"))
        surround.triggered.connect(lambda: self._take_place(_SURROUND, lat, lon))
        if self._surrounding:
            menu.addAction(self.tr("Let the cameras go back")).triggered.connect(self.release_asked)
        factor = self._view.zoomFactor() if self._view is not None else 1.0
        menu.popup(self.mapToGlobal(QPoint(round(x * factor), round(y * factor))))

    @Slot()
    def _renderer_died(self) -> None:
        self._notice.setText(self.tr("The map stopped. It is being started again."))
        self._layers.setCurrentWidget(self._notice)
        QTimer.singleShot(_RELOAD_MS, self, self._reload)

    def _reload(self) -> None:
        if self._page is not None:
            self._page.start()
            self._layers.setCurrentIndex(1)


def _face(camera: Camera, faces: dict[int, Face]) -> str:
    face = faces.get(camera.no)
    if not camera.streams:
        return "none"
    return "lost" if face in (Face.LOST, Face.STALE, Face.FROZEN) else "live"
