"""Says in a few words where something is, from the register: the nearest camera's name is what the room knows."""

from collections.abc import Sequence
from functools import lru_cache

from console.register import NEAR_M, Register
from domain.alarm import Alarm
from domain.camera import Camera
from domain.incident import Incident
from domain.place import Place
from domain.text import Text, Wording


class Whereabouts:
    """Knows the register; shared by what names places."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._register = Register()
        self._named = lru_cache(maxsize=4096)(self._name)

    def learn(self, cameras: Sequence[Camera]) -> None:
        """Take the register."""
        self._register.learn(cameras)
        self._named = lru_cache(maxsize=4096)(self._name)  # lists ask for every row at every repaint

    def near(self, place: Place, within_m: float = NEAR_M) -> tuple[Camera, ...]:
        """Return the cameras within a distance, nearest first."""
        return self._register.near(place, within_m)

    def of_alarm(self, alarm: Alarm) -> str:
        """Return where an alarm is."""
        if alarm.place is not None:
            return self._named(alarm.place)
        camera = self.camera_of(alarm)
        return camera.name if camera is not None else self._wording.render(Text("place_unknown"))

    def camera_of(self, alarm: Alarm) -> Camera | None:
        """Return the camera that saw what the alarm is about, None where no camera did."""
        return self._register.camera_of(alarm)

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
