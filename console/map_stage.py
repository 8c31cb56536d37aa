"""The map's stage of the start: the web engine, the map's document, and the map in its place.

It comes right after the first paint, while the operator signs in: starting the web engine holds the UI thread for some
tenths of a second, which nobody must feel who is turning a camera.
"""

import importlib
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from console.desk_window import DeskWindow
from console.resources import RESOURCES
from console.tasks import Lane, Tasks
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

    up = Signal(object)  # IncidentMap

    def __init__(self, window: DeskWindow, tasks: Tasks, centre: str) -> None:
        super().__init__(window)
        self._window = window
        work = partial(_prepare, boundaries_of(centre), map_colours(colours_of(window)))
        tasks.run(Lane.NETWORK, work, self, self._put_up)

    def _put_up(self, document: MapDocument) -> None:
        from widgets.incident_map import IncidentMap  # noqa: PLC0415 - 0.1 s of import, done by now on the other thread

        view = IncidentMap(_FOLDER, colours_of(self._window))
        self._window.place_map(view)
        view.show_document(document)
        self.up.emit(view)


def _prepare(boundaries: Path, colours: MapColours) -> MapDocument:

    importlib.import_module("widgets.incident_map")  # loads the web engine
    return make_document(boundaries, colours, _SEOUL, _ZOOM)
