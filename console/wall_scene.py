"""What every tile of one wall shows: cameras, camera tours, alarms in spot tiles, replays. Without Qt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from console.wall_arrangement import Arrangement
from console.wall_replays import Replays
from console.wall_sources import Held
from console.wall_tours import WallTours
from domain.alarm import Alarm
from domain.camera import Camera, Mask
from domain.picture import FrameSource
from domain.wall import CameraTile, Quality, SpotTile, TourTile
from widgets.tile import TileContent


@dataclass(slots=True)
class WallScene:
    """The arrangement with everything that decides which camera a tile shows, and how it is marked.

    A camera that is not in the register leaves its tile empty until it is back.
    """

    at: Arrangement
    register: dict[int, Camera] = field(default_factory=dict)
    alarms: dict[int, Alarm] = field(default_factory=dict)
    spots: dict[int, int] = field(default_factory=dict)
    waiting: int = 0
    unmasked: frozenset[int] = frozenset()
    recording: frozenset[int] = frozenset()
    by_hand: frozenset[int] = frozenset()
    replays: Replays = field(default_factory=Replays)
    tours: WallTours = field(init=False)

    def __post_init__(self) -> None:
        self.tours = WallTours(self._usable)

    def learn(self, cameras: Iterable[Camera]) -> None:
        """Take the register."""
        self.register = {camera.no: camera for camera in cameras}

    def settle(self, now: float) -> None:
        """Begin tours that are new, and end tours and replays whose tiles show something else."""
        self.tours.follow(self.at.uses(), now)
        self.replays.keep(self.cameras())

    def camera(self, seat: int) -> Camera | None:
        """Return the camera that a seat shows now, None for an empty one."""
        match self.at.use(seat):
            case CameraTile(number):
                return self.register.get(number)
            case SpotTile():
                return self._known(self.spots.get(seat))
            case TourTile():
                return self._known(self.tours.camera(seat))
            case None:
                return None

    def coming(self, seat: int) -> Camera | None:
        """Return the camera whose stream a tour wants opened by now, None for none."""
        return self._known(self.tours.coming(seat))

    def cameras(self) -> dict[int, Camera]:
        """Return the camera of every seat that has one, on the screen or not."""
        return {seat: camera for seat in self.at.uses() if (camera := self.camera(seat)) is not None}

    def shown(self) -> tuple[Camera, ...]:
        """Return the cameras on the screen, in the order of the tiles."""
        return tuple(camera for seat in self.at.seats if (camera := self.camera(seat)) is not None)

    def seat_of(self, number: int) -> int | None:
        """Return the first tile on the screen (counted from 0) that shows a camera, None where there is none."""
        shown = (self.camera(seat) for seat in self.at.seats)
        return next((tile for tile, camera in enumerate(shown) if camera is not None and camera.no == number), None)

    def masks(self, number: int) -> tuple[Mask, ...]:
        """Return what must be covered in a camera's pictures now; nothing of one that is not in the register."""
        camera = self.register.get(number)
        return () if camera is None or number in self.unmasked else camera.masks

    def streaming(self) -> list[int]:
        """Return the numbers of the register's cameras that have a live picture, in order."""
        return sorted(number for number, camera in self.register.items() if camera.streams)

    def spot_seats(self) -> tuple[int, ...]:
        """Return the seats that are spot tiles."""
        return tuple(seat for seat, use in self.at.uses().items() if isinstance(use, SpotTile))

    def quality(self, seat: int) -> Quality:
        """Return which stream an operator wants in a seat."""
        use = self.at.use(seat)
        return use.quality if isinstance(use, CameraTile) else Quality.AUTO

    def content(self, seat: int, current: Held | None, following: Held | None) -> TileContent | None:
        """Return what the wall draws in a seat from these sources, None for an empty one."""
        camera = self.camera(seat)
        if camera is None:
            return None
        alarm, replay = self.alarms.get(camera.no), self.replays.of(seat)
        past = replay.source if replay is not None and replay.covers(self.masks(camera.no)) else None
        return TileContent(
            camera=camera,
            source=_source(current) if replay is None else past,
            next_source=_source(following) if replay is None else None,
            alarm=alarm.priority if alarm else None,
            alarm_waiting=alarm.waiting if alarm else False,
            recording=camera.no in self.recording,
            by_hand=camera.no in self.by_hand,
            replay=None if replay is None else replay.mark,
            tour=self.tours.mark(seat),
            spot=isinstance(self.at.use(seat), SpotTile),
            waiting=self.waiting if seat == max(self.spot_seats(), default=None) else 0,
            quality=self.quality(seat),
            unmasked=bool(camera.masks) and camera.no in self.unmasked,
            passing=following is not None and following.camera.no != camera.no,
        )

    def take_alarms(self, alarms: Mapping[int, Alarm]) -> bool:
        """Take the alarms of these cameras; return whether they are otherwise than before."""
        changed = dict(alarms) != self.alarms
        self.alarms = dict(alarms)
        return changed

    def _known(self, number: int | None) -> Camera | None:
        return self.register.get(number) if number is not None else None

    def _usable(self, number: int) -> bool:
        return number in self.register and self.register[number].streams


def _source(held: Held | None) -> FrameSource | None:
    return held.source if held is not None else None
