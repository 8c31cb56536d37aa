"""Spot tiles: alarms take them, newest first, and none that waits for an answer is ever pushed out. Without Qt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class SpotPlace:
    """A spot tile: the monitor as it is numbered, the tile counted from 0."""

    monitor: int
    tile: int


@dataclass(frozen=True, slots=True)
class SpotAlarm:
    """An open alarm that a camera can show; `waiting` until somebody acknowledges it."""

    camera_no: int
    raised_at: datetime
    waiting: bool


class Spots:
    """Shares the spot tiles of all monitors out; a camera takes one tile however many alarms it has."""

    def __init__(self) -> None:
        self._held: dict[SpotPlace, int] = {}
        self.waiting = 0

    def share_out(
        self, places: Sequence[SpotPlace], alarms: Iterable[SpotAlarm], selected: int | None
    ) -> dict[SpotPlace, int | None]:
        """Return the camera of each spot tile, None for an empty one; `waiting` then counts alarms without a tile.

        An alarm keeps its tile until it is over. While others wait, acknowledged ones make room, oldest first. The
        first tile that no alarm holds follows the selected camera.
        """
        newest = _by_camera(alarms)
        self._held = {place: no for place, no in self._held.items() if place in places and no in newest}
        shown = set(self._held.values())
        queue = sorted(
            (alarm for alarm in newest.values() if alarm.waiting and alarm.camera_no not in shown),
            key=lambda alarm: alarm.raised_at,
            reverse=True,
        )
        for place in self._room(places, newest):
            if not queue:
                break
            self._held[place] = queue.pop(0).camera_no
        self.waiting = len(queue)
        return self._with_selection(places, selected)

    def _room(self, places: Sequence[SpotPlace], alarms: dict[int, SpotAlarm]) -> list[SpotPlace]:
        """Return the tiles that an alarm may take, free ones first, then those of acknowledged alarms, oldest first."""
        free = [place for place in places if place not in self._held]
        answered = [place for place, no in self._held.items() if not alarms[no].waiting]
        return free + sorted(answered, key=lambda place: alarms[self._held[place]].raised_at)

    def _with_selection(self, places: Sequence[SpotPlace], selected: int | None) -> dict[SpotPlace, int | None]:
        shown: dict[SpotPlace, int | None] = {place: self._held.get(place) for place in places}
        free = next((place for place in places if shown[place] is None), None)
        if free is not None and selected not in self._held.values():
            shown[free] = selected
        return shown


def _by_camera(alarms: Iterable[SpotAlarm]) -> dict[int, SpotAlarm]:
    """Return what counts of each camera: a waiting alarm before an acknowledged one, then the newest."""
    found: dict[int, SpotAlarm] = {}
    for alarm in alarms:
        known = found.get(alarm.camera_no)
        if known is None or (alarm.waiting, alarm.raised_at) > (known.waiting, known.raised_at):
            found[alarm.camera_no] = alarm
    return found
