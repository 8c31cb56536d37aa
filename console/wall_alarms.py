"""Which camera shows which alarm: the one that reported it, or the nearest. Without Qt."""

from collections.abc import Iterable, Sequence

from console.register import NEAR_M
from console.spots import SpotAlarm
from console.whereabouts import Whereabouts
from domain.alarm import Alarm
from domain.camera import Camera


def carried(alarms: Iterable[Alarm], shown: Sequence[Camera], whereabouts: Whereabouts) -> dict[int, Alarm]:
    """Return the alarm on each camera's tile, the most urgent one where there are several."""
    found: dict[int, Alarm] = {}
    for alarm in sorted(alarms, key=lambda alarm: -alarm.priority.rank):
        camera = whereabouts.camera_of(alarm) or _nearest(alarm, shown)
        if camera is not None:
            found[camera.no] = alarm
    return found


def for_spots(alarms: Iterable[Alarm], whereabouts: Whereabouts) -> tuple[SpotAlarm, ...]:
    """Return the alarms that some camera of the register can show."""
    found = []
    for alarm in alarms:
        camera = whereabouts.camera_of(alarm) or _nearest_of_all(alarm, whereabouts)
        if camera is not None and camera.streams:
            found.append(SpotAlarm(camera.no, alarm.raised_at, alarm.waiting))
    return tuple(found)


def _nearest(alarm: Alarm, cameras: Sequence[Camera]) -> Camera | None:
    """Return the camera that is nearest to an alarm's place, None where none is near enough to see anything."""
    place = alarm.place
    if place is None or not cameras:
        return None
    nearest = min(cameras, key=lambda camera: place.distance_m(camera.place))
    return nearest if place.distance_m(nearest.place) <= NEAR_M else None


def _nearest_of_all(alarm: Alarm, whereabouts: Whereabouts) -> Camera | None:
    near = whereabouts.near(alarm.place) if alarm.place is not None else ()
    return next((camera for camera in near if camera.streams), None)
