"""Rules that turn a camera to a place when an alarm is raised."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.alarm import Alarm
from domain.ptz_place import checked_number


@dataclass(frozen=True, slots=True)
class AlarmPreset:
    """An alarm of this kind (or rule), from this source, turns that camera to this place.

    `alarm` is the alarm's kind or its rule's id. An empty `source` means every source.
    """

    alarm: str
    camera_no: int
    place: int
    source: str = ""

    def __post_init__(self) -> None:
        checked_number(self.place)

    def meets(self, alarm: Alarm) -> bool:
        """Whether this alarm turns the camera."""
        return self.alarm in {alarm.kind, alarm.rule} and self.source in {"", alarm.source}


def turned_by(alarm: Alarm, presets: Iterable[AlarmPreset]) -> dict[int, int]:
    """Return the places that an alarm turns cameras to, by camera: the first that names the source, then the others."""
    met = [preset for preset in presets if preset.meets(alarm)]
    wanted: dict[int, int] = {}
    for preset in sorted(met, key=lambda preset: not preset.source):
        wanted.setdefault(preset.camera_no, preset.place)
    return wanted
