"""Alarms turn cameras to the places that rules name; a camera that a person has stays theirs."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.rule_turns import RuleTurns
from console.tasks import Lane, Tasks
from db.camera_places import CameraPlaceStore
from domain.alarm import Alarm
from domain.alarm_preset import AlarmPreset, turned_by
from domain.camera import Camera
from domain.clock import Clock
from domain.errors import BadInputError
from domain.ptz_place import place_of_number
from domain.purpose import Cause, of_alarm
from domain.text import Text
from ptz.places import Places

_EVERY_MS = 500
_PATIENCE_S = 5.0  # headquarters' answer may take so long; a person's camera is never waited for
_REMEMBERED = 1000


class AlarmPresets(QObject):
    """Turns cameras once for each alarm, while it waits for an answer."""

    told = Signal(object)  # Text
    failed = Signal(object)  # WatchroomError

    def __init__(
        self,
        presets: Sequence[AlarmPreset],
        places: Places,
        store: CameraPlaceStore,
        turns: RuleTurns,
        camera: Callable[[int], Camera | None],
        tasks: Tasks,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._presets = tuple(presets)
        self._places = places
        self._store = store
        self._turns = turns
        self._camera = camera
        self._tasks = tasks
        self._clock = clock
        self._seen: dict[UUID, None] = {}
        self._waiting: dict[int, tuple[UUID, int, float]] = {}  # by camera: the alarm, the place, until when
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def take(self, alarm: Alarm) -> None:
        """Take an alarm that was raised or changed; only its first sight turns anything."""
        if not alarm.waiting or alarm.id in self._seen:
            return
        self._seen[alarm.id] = None
        while len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]
        for number, place in turned_by(alarm, self._presets).items():
            camera = self._camera(number)
            if camera is not None and camera.ptz:
                self._turn(camera, alarm.id, place)

    def _turn(self, camera: Camera, alarm: UUID, place: int) -> None:
        if self._turns.person_has(camera.no):
            self.told.emit(Text("ptz_alarm_held", {"camera": str(camera.no), "place": str(place)}))
        elif self._turns.may(camera, of_alarm(alarm)):
            self._go(camera, place)
        else:
            self._waiting[camera.no] = (alarm, place, self._clock.monotonic() + _PATIENCE_S)
            self._timer.start(_EVERY_MS)

    @Slot()
    def _look(self) -> None:
        """Ask again for cameras that were not given at once."""
        for number, (alarm, place, until) in list(self._waiting.items()):
            camera = self._camera(number)
            if camera is not None and self._turns.may(camera, of_alarm(alarm)):
                self._go(camera, place)
            elif camera is not None and self._clock.monotonic() < until:
                continue
            elif camera is not None:
                self._turns.give_up(camera, Cause.ALARM)
                self.told.emit(Text("ptz_alarm_held", {"camera": str(number), "place": str(place)}))
            del self._waiting[number]
        if not self._waiting:
            self._timer.stop()

    def _go(self, camera: Camera, place: int) -> None:
        self._tasks.run(
            Lane.NETWORK, partial(self._gone, camera, place), self, self.told.emit, partial(self._not_gone, camera)
        )

    def _gone(self, camera: Camera, place: int) -> Text:
        """Turn the camera; off the UI thread."""
        wanted = place_of_number(self._places.listed(camera, self._store.of(camera.no)), place)
        if wanted is None:
            raise BadInputError(f"camera {camera.no} has no place {place}, to which an alarm should turn it")
        if not self._places.go(camera, wanted, wanted=lambda: not self._turns.person_has(camera.no)):
            return Text("ptz_alarm_held", {"camera": str(camera.no), "place": str(place)})
        return Text("ptz_alarm_turned", {"camera": str(camera.no), "place": f"{place} {wanted.shown_name}"})

    def _not_gone(self, camera: Camera, error: Exception) -> None:
        self._turns.give_up(camera, Cause.ALARM)
        self.failed.emit(error)
