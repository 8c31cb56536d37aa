"""The camera register as the program thinks with it: by number, by nearness, by what an alarm is about."""

from collections.abc import Sequence

from domain.alarm import Alarm
from domain.camera import Camera
from domain.event import EventKind
from domain.place import Place

_NOT_CAMERAS = frozenset(
    {
        EventKind.SOS,
        EventKind.BELL_PRESS,
        EventKind.OFF_ROUTE,
        EventKind.THRESHOLD,
        EventKind.DATA_GAP,
        EventKind.RECORDING_TROUBLE,
        "delayed",
        "signal_lost",
    }
)

NEAR_M = 500.0  # as the Korean 112 service takes cameras for a patrol car


class Register:
    """All cameras that this workstation knows; `learn` swaps them in one go, so that any thread may ask."""

    def __init__(self) -> None:
        self._by_number: dict[int, Camera] = {}

    def learn(self, cameras: Sequence[Camera]) -> None:
        """Take the register."""
        self._by_number = {camera.no: camera for camera in cameras}

    @property
    def cameras(self) -> tuple[Camera, ...]:
        """All cameras, in the register's order."""
        return tuple(self._by_number.values())

    def find(self, number: int) -> Camera | None:
        """Return the camera of this number, or None."""
        return self._by_number.get(number)

    def near(self, place: Place, within_m: float = NEAR_M) -> tuple[Camera, ...]:
        """Return the cameras within a distance, nearest first."""
        found = [(place.distance_m(camera.place), camera.no, camera) for camera in self._by_number.values()]
        return tuple(camera for distance, _, camera in sorted(found, key=lambda item: item[:2]) if distance <= within_m)

    def camera_of(self, alarm: Alarm) -> Camera | None:
        """Return the camera that saw what the alarm is about, None where no camera did.

        Sources are unique within their kind only: bell 12 is not camera 12.
        """
        if alarm.kind in _NOT_CAMERAS or not (alarm.source.isascii() and alarm.source.isdigit()):
            return None
        return self._by_number.get(int(alarm.source))
