"""The map's page in the web engine, and the channel between it and the program."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Signal, Slot
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineSettings
from PySide6.QtWidgets import QWidget

from widgets.map_document import BASE, SCHEME, MapDocument
from widgets.map_scheme import Gatekeeper, MapFiles


class Bridge(QObject):
    """What the page may call, and what it listens to."""

    pushed = Signal(str)
    is_ready = Signal()
    has_drawn = Signal(int)
    camera_picked = Signal(int)
    incident_picked = Signal(str)
    place_told = Signal(list)  # what it was asked for, latitude, longitude
    place_missed = Signal(str)
    menu_wanted = Signal(list)  # latitude, longitude, x and y on the page

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

    @Slot(str, float, float)
    def placed(self, wish: str, lat: float, lon: float) -> None:
        """Pass on where the pointer is, for what it was asked."""
        self.place_told.emit([wish, lat, lon])

    @Slot(str)
    def placed_nowhere(self, wish: str) -> None:
        """Pass on that the pointer is not on the map."""
        self.place_missed.emit(wish)

    @Slot(float, float, int, int)
    def menu_asked(self, lat: float, lon: float, x: int, y: int) -> None:
        """Pass on that a menu is wanted for a place, at this point of the page."""
        self.menu_wanted.emit([lat, lon, x, y])


class Page(QWebEnginePage):
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
        self.bridge = Bridge(self)
        channel = QWebChannel(self)
        channel.registerObject("bridge", self.bridge)
        self.setWebChannel(channel)
        self.start()

    def start(self) -> None:
        """Load the page, or load it again."""
        self.bridge.open = False
        self.load(QUrl(f"{BASE}index.html"))
