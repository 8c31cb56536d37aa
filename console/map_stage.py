"""The last stage of the start: the web engine, the map's document, and the map in its place."""

import importlib
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from console.desk import Desk
from console.desk_window import DeskWindow
from console.map_presenter import MapPresenter
from console.resources import RESOURCES
from console.tasks import Lane, Tasks
from domain.text import Wording
from widgets.map_document import MapColours, MapDocument, make_document, map_colours
from widgets.theme import colours_of

_FOLDER = RESOURCES / "map"
_SEOUL = (37.4, 126.9)  # before the register says where to look
_ZOOM = 12


def boundaries_of(centre: str) -> Path:
    """Return the boundaries that lie under a centre's map; another centre's where it brings none."""
    own = _FOLDER / f"{centre}.geojson.gz"
    return own if own.exists() else min(_FOLDER.glob("*.geojson.gz"))


class MapStage(QObject):
    """Makes the document and loads the web engine off the UI thread, then puts the map up."""

    def __init__(self, window: DeskWindow, desk: Desk, tasks: Tasks, wording: Wording, centre: str) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._wording = wording
        work = partial(_prepare, boundaries_of(centre), map_colours(colours_of(window)))
        tasks.run(Lane.NETWORK, work, self, self._put_up)

    def _put_up(self, document: MapDocument) -> None:
        from widgets.incident_map import IncidentMap  # noqa: PLC0415 - 0.1 s of import, done by now on the other thread

        view = IncidentMap(_FOLDER, colours_of(self._window))
        self._window.place_map(view)
        view.show_document(document)
        self._desk.take_map(view, MapPresenter(view, self._wording, self._desk))


def _prepare(boundaries: Path, colours: MapColours) -> MapDocument:

    importlib.import_module("widgets.incident_map")  # loads the web engine
    return make_document(boundaries, colours, _SEOUL, _ZOOM)
