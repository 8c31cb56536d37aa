"""Calibrating a camera: by right, with pictures of now and the position told with them, fitted off the UI thread."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from console.acting import Door
from console.aiming import Calibrations, Turns
from console.map_presenter import MapPresenter
from console.tasks import Lane, Tasks
from domain.abilities import Abilities
from domain.calibration import Calibration, calibrated
from domain.camera import Camera
from domain.clock import Clock
from domain.errors import BadInputError, RefusedError, WatchroomError
from domain.geometry import Spot
from domain.landmark import Prior, known_degrees
from domain.motion import Position
from domain.operator import Action
from domain.place import Place
from video.snapshot import Still
from widgets.aim_editor import AimClicks, AimEditor, AimFound

LATENCY_S = 0.3  # so long a picture may be under way: one that arrives later was taken after the first question
_PATIENCE_S = 5.0
_USUAL_SIGMA_M = 10.0
_STOOD = 2e-3  # of a range: a camera that told two places nearer than this stood still between them


class Stills(Protocol):
    """What gives a picture of a moment; `video.replay.ReplayEngine` does."""

    def still(self, camera: Camera, moment: float, *, masked: bool = True) -> Future[Still]:
        """Return the picture of a moment (seconds since the epoch) as it comes."""
        ...


@dataclass(frozen=True, slots=True)
class View:
    """A picture, where the camera pointed while it was taken, and what the camera can do."""

    still: QImage | None
    position: Position | None
    abilities: Abilities


class Viewing:
    """Takes pictures together with the position that belongs to them; waits, so never on the UI thread."""

    def __init__(self, turns: Turns, stills: Stills, clock: Clock) -> None:
        self._turns = turns
        self._stills = stills
        self._clock = clock

    def view(self, camera: Camera) -> View:
        """Return a view of now; without a position where the camera tells none, or moved meanwhile.

        The camera is asked before the picture is taken and after.
        """
        abilities = self._turns.abilities(camera)
        before = self._turns.status(camera)
        still = self._still(camera)
        after = self._turns.status(camera)
        return View(still, after if _stood(before, after) else None, abilities)

    def _still(self, camera: Camera) -> QImage | None:
        moment = self._clock.now().timestamp() + LATENCY_S  # waited for
        try:
            still = self._stills.still(camera, moment).result(_PATIENCE_S)
        except (WatchroomError, TimeoutError):
            return None
        picture = QImage(still.pixels, still.width, still.height, still.width * 4, QImage.Format.Format_RGB32)
        return picture.copy()


class AimEditing(QObject):
    """Opens the editor beside the desk, one at a time, and keeps what is found. Who may store views may do this."""

    def __init__(
        self,
        calibrations: Calibrations,
        viewing: Viewing,
        door: Door,
        tasks: Tasks,
        find_map: Callable[[], MapPresenter | None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._calibrations = calibrations
        self._viewing = viewing
        self._door = door
        self._tasks = tasks
        self._find_map = find_map
        self._window = window
        self._camera: Camera | None = None
        self._editor: AimEditor | None = None
        self._abilities = Abilities()
        self._pixels_across = 1920
        self._fits = 0

    def edit(self, camera: Camera) -> None:
        """Open the editor for a camera, or bring the open one to the front; who may not is told so."""
        if self._editor is not None:
            self._editor.raise_()
            self._editor.activateWindow()
            return
        if not self._allowed(camera):
            return
        landmarks = self._calibrations.landmarks(camera.no)
        editor = AimEditor(camera, landmarks, camera.height_m, self._window)
        self._camera, self._editor = camera, editor
        editor.picture_asked.connect(self._take_view)
        editor.place_wanted.connect(self._pick_place)
        editor.landmarks_changed.connect(self._fit)
        editor.aim_saved.connect(self._keep)
        editor.finished.connect(self._closed)
        found = self._find_map()
        if found is not None:
            found.place_picked.connect(self._place_picked)
        editor.show()
        self._take_view()

    @Slot()
    def _take_view(self) -> None:
        if self._camera is not None:
            work = partial(self._viewing.view, self._camera)
            self._tasks.run(Lane.NETWORK, work, self, self._show_view, self._not_viewed)

    def _show_view(self, view: View) -> None:
        self._abilities = view.abilities
        if view.still is not None:
            self._pixels_across = view.still.width()
        if self._editor is not None:
            self._editor.show_view(view.still, view.position)

    def _not_viewed(self, error: Exception) -> None:
        self._tasks.failed.emit(error)
        if self._editor is not None:
            self._editor.show_view(None, None)

    @Slot(bool)
    def _pick_place(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        found = self._find_map()
        if found is not None:
            found.pick_place(wanted)

    @Slot(object)
    def _place_picked(self, place: Place) -> None:
        if self._editor is not None:
            self._editor.show_place(place)

    @Slot(object)
    def _fit(self, clicks: AimClicks) -> None:
        camera = self._camera
        if camera is None:
            return
        pan_deg, tilt_deg = known_degrees(self._abilities.absolute_turn)
        prior = Prior(
            spot=Spot(camera.place, clicks.height_m),
            sigma_m=camera.place.accuracy_m or _USUAL_SIGMA_M,
            pan_deg=pan_deg,
            tilt_deg=tilt_deg,
            pixels_across=self._pixels_across,
        )
        self._fits += 1
        work = partial(calibrated, clicks.landmarks, prior)
        then, otherwise = partial(self._fitted, self._fits), partial(self._misfitted, self._fits)
        self._tasks.run(Lane.NETWORK, work, self, then, otherwise)

    def _fitted(self, fit: int, calibration: Calibration) -> None:
        if self._editor is not None and fit == self._fits:  # else something was clicked meanwhile
            self._editor.show_calibration(calibration)

    def _misfitted(self, fit: int, error: Exception) -> None:
        if not isinstance(error, BadInputError):
            self._tasks.failed.emit(error)
        elif self._editor is not None and fit == self._fits:
            self._editor.show_refusal(error)

    @Slot(object)
    def _keep(self, found: AimFound) -> None:
        camera = self._camera
        if camera is not None and self._allowed(camera):
            self._calibrations.keep(camera.no, found.calibration, found.landmarks, self._door.actor)

    @Slot()
    def _closed(self) -> None:
        self._fits += 1
        found = self._find_map()
        if found is not None:
            found.place_picked.disconnect(self._place_picked)
        self._camera = self._editor = None

    def _allowed(self, camera: Camera) -> bool:
        try:
            self._door.act(Action.SET_PRESET, f"camera/{camera.no}/calibration")
        except RefusedError as error:
            self._tasks.failed.emit(error)
            return False
        return True


def _stood(before: Position | None, after: Position | None) -> bool:
    if before is None or after is None:
        return False
    moved = (after.pan - before.pan, after.tilt - before.tilt, after.zoom - before.zoom)
    return max(abs(one) for one in moved) <= _STOOD
