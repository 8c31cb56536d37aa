"""Says in a few words where something is, from the register: the nearest camera's name is what the room knows."""

from collections.abc import Sequence
from functools import lru_cache

from domain.alarm import Alarm
from domain.camera import Camera
from domain.event import EventKind
from domain.incident import Incident
from domain.place import Place
from domain.text import Text, Wording

_NOT_CAMERAS = frozenset(
    {
        EventKind.SOS,
        EventKind.BELL_PRESS,
        EventKind.OFF_ROUTE,
        EventKind.THRESHOLD,
        EventKind.DATA_GAP,
        "delayed",
        "signal_lost",
    }
)

NEAR_M = 500.0  # as the Korean 112 service takes cameras for a patrol car


class Whereabouts:
    """Knows the register; shared by what names places."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._cameras: tuple[Camera, ...] = ()
        self._by_number: dict[int, Camera] = {}
        self._named = lru_cache(maxsize=4096)(self._name)

    def learn(self, cameras: Sequence[Camera]) -> None:
        """Take the register."""
        self._cameras = tuple(cameras)
        self._by_number = {camera.no: camera for camera in cameras}
        self._named = lru_cache(maxsize=4096)(self._name)  # lists ask for every row at every repaint

    def near(self, place: Place, within_m: float = NEAR_M) -> tuple[Camera, ...]:
        """Return the cameras within a distance, nearest first."""
        found = [(place.distance_m(camera.place), camera.no, camera) for camera in self._cameras]
        return tuple(camera for distance, _, camera in sorted(found, key=lambda item: item[:2]) if distance <= within_m)

    def of_alarm(self, alarm: Alarm) -> str:
        """Return where an alarm is."""
        if alarm.place is not None:
            return self._named(alarm.place)
        camera = self.camera_of(alarm)
        return camera.name if camera is not None else self._wording.render(Text("place_unknown"))

    def camera_of(self, alarm: Alarm) -> Camera | None:
        """Return the camera that saw what the alarm is about, None where no camera did.

        Sources are unique within their kind only: bell 12 is not camera 12.
        """
        if alarm.kind in _NOT_CAMERAS or not (alarm.source.isascii() and alarm.source.isdigit()):
            return None
        return self._by_number.get(int(alarm.source))

    def of_incident(self, incident: Incident) -> str:
        """Return where an incident is."""
        if incident.place is None:
            return self._wording.render(Text("place_unknown"))
        return self._named(incident.place)

    def _name(self, place: Place) -> str:
        near = self.near(place, 2000.0)
        if not near:
            return f"{place.lat:.4f}, {place.lon:.4f}"
        metres = round(place.distance_m(near[0].place), -1)
        return self._wording.render(Text("place_near", {"name": near[0].name, "metres": f"{metres:.0f}"}))
