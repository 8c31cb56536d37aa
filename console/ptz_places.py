"""The places of moving cameras: recalled by number, stored with the right for it, named as people name them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from console.acting import Door
from console.tasks import Lane, Tasks
from db.camera_places import CameraPlaceStore
from db.walls import tidy_name
from domain.camera import Camera
from domain.errors import BadInputError, RefusedError, WatchroomError
from domain.operator import Action
from domain.ptz_place import PtzPlace, checked_number, place_of_number
from domain.text import Text
from ptz.places import Places

_log = logging.getLogger(__name__)

Gate = Callable[[Camera, Callable[[], None]], bool]
"""Asked before a person moves a camera: True lets it, False has it wait until what is handed over is called."""


@dataclass(frozen=True, slots=True)
class CameraPlaces:
    """The places of one camera; `asked` once the camera itself has told its own."""

    camera_no: int
    places: tuple[PtzPlace, ...]
    asked: bool


class PlaceBook(QObject):
    """Knows the places of the cameras that were shown, and what can be done with them.

    Moving goes through `gate` (right, purpose, lease); storing asks for the right itself.
    """

    changed = Signal(object)  # CameraPlaces
    told = Signal(object)  # Text
    failed = Signal(object)  # WatchroomError
    moved = Signal(int)  # the number of a camera that a person sends somewhere
    came_home = Signal(int)  # of one that was sent home

    def __init__(
        self,
        places: Places,
        store: CameraPlaceStore,
        picture: Callable[[Camera], bytes],
        door: Door,
        gate: Gate,
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        """`picture` gives a place's small picture, waiting for it; what it raises leaves the place without one."""
        super().__init__(parent)
        self._places = places
        self._store = store
        self._picture = picture
        self._door = door
        self._gate = gate
        self._tasks = tasks
        self._known: dict[int, CameraPlaces] = {}

    def show(self, camera: Camera) -> None:
        """Find a camera's places: at once those that are kept here, then those that it lists."""
        if not camera.ptz:
            return
        known = self._known.get(camera.no)
        if known is not None:
            self.changed.emit(known)
        if known is None or not known.asked:
            self.refresh(camera)

    def refresh(self, camera: Camera) -> None:
        """Ask the camera anew: others may have stored something."""
        self._run(Lane.DATABASE, partial(self._store.of, camera.no), partial(self._ask, camera))

    def of(self, camera_no: int) -> tuple[PtzPlace, ...]:
        """Return the places that are known of a camera."""
        known = self._known.get(camera_no)
        return () if known is None else known.places

    # -- going there

    def recall(self, camera: Camera, no: int) -> None:
        """Turn a camera to its place of this number."""
        place = place_of_number(self.of(camera.no), no)
        if place is None:
            self.told.emit(Text("ptz_no_such_place", {"camera": str(camera.no), "no": str(no)}))
        else:
            self.go(camera, place)

    def go(self, camera: Camera, place: PtzPlace) -> None:
        """Turn a camera to one of its places."""
        self._move(camera, partial(self._places.go, camera, place), lambda _: None)

    def go_home(self, camera: Camera) -> None:
        """Turn a camera to its home view."""
        self._move(camera, partial(self._places.go_home, camera), lambda _: self.came_home.emit(camera.no))

    # -- changing them

    def keep(self, camera: Camera, no: int, name: str = "") -> None:
        """Make what the camera shows now its place of this number, in place of the one that has it."""
        try:
            checked_number(no)
            tidy = tidy_name(name) if name.strip() else ""
        except BadInputError as error:
            self.failed.emit(error)
            return
        if self._may_store(camera, f"place/{no}"):
            known = place_of_number(self.of(camera.no), no)
            wanted = tidy or (known.name if known is not None else "")
            work = partial(self._stored, camera, no, wanted, known)
            self._run(Lane.NETWORK, work, partial(self._write_down, camera))

    def rename(self, camera: Camera, no: int, name: str) -> None:
        """Give a place another name here; the camera keeps what it calls it."""
        place = place_of_number(self.of(camera.no), no)
        try:
            tidy = tidy_name(name)
        except BadInputError as error:
            self.failed.emit(error)
            return
        if place is not None and self._may_store(camera, f"place/{no}"):
            self._keep(camera, replace(place, name=tidy))

    def forget(self, camera: Camera, no: int) -> None:
        """Have a place forgotten, here and by the camera."""
        place = place_of_number(self.of(camera.no), no)
        if place is not None and self._may_store(camera, f"place/{no}"):
            work = partial(self._places.remove, camera, place)
            self._run(Lane.NETWORK, work, lambda _: self._strike_out(camera, no))

    def set_home(self, camera: Camera) -> None:
        """Make what the camera shows now its home view."""
        if self._may_store(camera, "home"):
            said = Text("ptz_home_set", {"camera": str(camera.no)})
            self._run(Lane.NETWORK, partial(self._places.set_home, camera), lambda _: self.told.emit(said))

    # -- finding them

    def _ask(self, camera: Camera, kept: tuple[PtzPlace, ...]) -> None:
        if camera.no not in self._known:
            self._learn(camera.no, kept, asked=False)
        work = partial(self._places.listed, camera, kept)
        self._run(Lane.NETWORK, work, partial(self._adopt, camera, kept))

    def _adopt(self, camera: Camera, kept: tuple[PtzPlace, ...], found: tuple[PtzPlace, ...]) -> None:
        """Keep the numbers of places that are new here: what a number recalls must not change by itself."""
        self._learn(camera.no, found, asked=True)
        numbers = {place.no for place in kept}
        fresh = [place for place in found if place.no not in numbers]
        if fresh:
            self._run(Lane.DATABASE, partial(self._store.keep, fresh), lambda _: None)

    def _learn(self, camera_no: int, places: tuple[PtzPlace, ...], *, asked: bool) -> None:
        self._known[camera_no] = CameraPlaces(camera_no, places, asked)
        self.changed.emit(self._known[camera_no])

    def _put(self, camera: Camera, place: PtzPlace) -> None:
        others = [
            one for one in self.of(camera.no) if one.no != place.no and (one.token != place.token or not one.token)
        ]
        places = sorted((*others, place), key=lambda one: (one.no is None, one.no or 0))
        known = self._known.get(camera.no)
        self._learn(camera.no, tuple(places), asked=known is not None and known.asked)

    # -- work off the UI thread

    def _stored(self, camera: Camera, no: int, name: str, known: PtzPlace | None) -> PtzPlace:
        place = self._places.store(camera, no, name, known)
        try:
            return replace(place, thumbnail=self._picture(camera))
        except (WatchroomError, TimeoutError) as error:
            _log.warning("place %s of camera %s has no picture: %s", no, camera.no, error)
            return place

    def _write_down(self, camera: Camera, place: PtzPlace) -> None:
        self._keep(camera, place)
        values = {"camera": str(camera.no), "no": str(place.no), "name": place.shown_name, "told": place.told_name}
        spoiled = bool(place.name) and bool(place.token) and place.told_name != place.name
        self.told.emit(Text("ptz_place_named_here" if spoiled else "ptz_place_stored", values))

    def _keep(self, camera: Camera, place: PtzPlace) -> None:
        self._put(camera, place)
        self._run(Lane.DATABASE, partial(self._store.keep, [place]), lambda _: None)

    def _strike_out(self, camera: Camera, no: int) -> None:
        left = tuple(place for place in self.of(camera.no) if place.no != no)
        self._learn(camera.no, left, asked=True)
        self._run(Lane.DATABASE, partial(self._store.remove, camera.no, no), lambda _: None)
        self.told.emit(Text("ptz_place_forgotten", {"camera": str(camera.no), "no": str(no)}))

    def _move(self, camera: Camera, work: Callable[[], bool], then: Callable[[bool], None]) -> None:
        def go() -> None:
            self.moved.emit(camera.no)
            self._run(Lane.NETWORK, work, then)

        try:
            admitted = self._gate(camera, go)
        except RefusedError as error:
            self.failed.emit(error)
            return
        if admitted:
            go()

    def _may_store(self, camera: Camera, what: str) -> bool:
        try:
            self._door.act(Action.SET_PRESET, f"camera/{camera.no}/{what}")
        except RefusedError as error:
            self.failed.emit(error)
            return False
        return True

    def _run(self, lane: Lane, work: Callable[[], "object"], then: Callable[..., None]) -> None:
        self._tasks.run(lane, work, self, then, self.failed.emit)
