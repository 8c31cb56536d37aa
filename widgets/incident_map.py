"""The map of cameras, incidents and moving people: a folium basemap with everything live drawn over a channel."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineSettings
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from domain.alarm import Priority
from domain.camera import Camera
from domain.picture import Face
from domain.place import Place
from widgets.map_document import BASE, SCHEME, MapDocument, map_colours
from widgets.map_scheme import Gatekeeper, MapFiles
from widgets.theme import NIGHT, SHAPES, Colours, scaled

_DISTRICT_ZOOM = 15.0  # on a large map; a small one stays about a level higher
_RELOAD_MS = 2000  # after the renderer died


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
        self._notice = QLabel(self.tr("The map is loading …"))
        self._notice.setProperty("dim", True)  # noqa: FBT003 - Qt's signature
        self._notice.setMargin(12)
        self._layers = QStackedLayout(self)
        self._layers.addWidget(self._notice)
        self._page: _Page | None = None

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
        self._page = _Page(document, self._resources, self)
        self._page.bridge.is_ready.connect(self._say_all)
        self._page.bridge.has_drawn.connect(self._note_drawn)
        self._page.bridge.camera_picked.connect(self.camera_chosen)
        self._page.bridge.incident_picked.connect(self._choose_incident)
        self._page.renderProcessTerminated.connect(self._renderer_died)
        view = QWebEngineView(self)
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

    def look_at(self, place: Place, zoom: float | None = None) -> None:
        """Bring a place to the middle; a small map shows more around it than the zoom says."""
        self._looked = True
        self._say("view", {"lat": place.lat, "lon": place.lon, "zoom": zoom})

    def look_at_all(self, places: Sequence[Place]) -> None:
        """Choose the view that holds all these places."""
        if places:
            lats, lons = [place.lat for place in places], [place.lon for place in places]
            self._say("frame", [[min(lats), min(lons)], [max(lats), max(lons)]])

    def _say(self, what: str, value: object) -> None:
        """Tell the page; before it is ready, keep the newest of each kind (and every track) for it."""
        if self._page is not None and self._page.bridge.open:
            self._serial += 1
            self._page.bridge.pushed.emit(json.dumps({"serial": self._serial, what: value}, ensure_ascii=False))
        self._waiting[what] = value

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


class _Bridge(QObject):
    """What the page may call, and what it listens to."""

    pushed = Signal(str)
    is_ready = Signal()
    has_drawn = Signal(int)
    camera_picked = Signal(int)
    incident_picked = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.open = False

    @Slot()
    def ready(self) -> None:
        """Note that the page listens."""
        self.open = True
        self.is_ready.emit()

    @Slot(int, int)
    def drawn(self, _serial: int, markers: int) -> None:
        """Note that the page has drawn."""
        self.has_drawn.emit(markers)

    @Slot(int)
    def camera_clicked(self, number: int) -> None:
        """Pass a click on a camera on."""
        self.camera_picked.emit(number)

    @Slot(str)
    def incident_clicked(self, identity: str) -> None:
        """Pass a click on an incident on."""
        self.incident_picked.emit(identity)


class _Page(QWebEnginePage):
    """The page with a profile of its own: nothing kept on disk, nothing fetched from outside."""

    def __init__(self, document: MapDocument, resources: Path, parent: QWidget) -> None:
        # The profile must outlive its page, so it belongs to the program and not to the map.
        profile = QWebEngineProfile(QCoreApplication.instance())
        super().__init__(profile, parent)
        self.gatekeeper = Gatekeeper(profile)
        profile.setUrlRequestInterceptor(self.gatekeeper)
        profile.installUrlSchemeHandler(SCHEME, MapFiles(document, resources, profile))
        settings = self.settings()
        for attribute in (
            QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls,
            QWebEngineSettings.WebAttribute.PluginsEnabled,
            QWebEngineSettings.WebAttribute.LocalStorageEnabled,
            QWebEngineSettings.WebAttribute.FocusOnNavigationEnabled,  # loading must not take the keys from a hand
        ):
            settings.setAttribute(attribute, False)  # noqa: FBT003 - Qt's signature
        self.bridge = _Bridge(self)
        channel = QWebChannel(self)
        channel.registerObject("bridge", self.bridge)
        self.setWebChannel(channel)
        self.start()

    def start(self) -> None:
        """Load the page, or load it again."""
        self.bridge.open = False
        self.load(QUrl(f"{BASE}index.html"))
