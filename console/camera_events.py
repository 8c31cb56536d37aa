"""What cameras notice by themselves becomes detections, as those of the analytics are."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID, uuid5

from domain.camera import Camera
from domain.camera_event import OF_THE_PICTURE, Beginnings, CameraEvent
from domain.clock import Clock
from domain.errors import BadInputError
from domain.event import Event, EventKind, FieldReport
from domain.motion import MotionPhase, MotionState
from domain.news import MotionChanged, News, RegisterChanged
from domain.record import Workplace
from ptz.listening import Listening

_EVENTS = UUID("7d0a4b0e-5d56-5b6e-9b6c-2f6f0f3a1c55")  # namespace of the ids of what cameras notice
_TURNING = frozenset({MotionPhase.MOVE_SENT, MotionPhase.MOVING, MotionPhase.STOP_SENT, MotionPhase.MAY_BE_MOVING})
_SETTLES_S = 3.0  # after it stands: cameras hold a motion for that long
_NO_END = float("inf")
_MOST_HELD = 1000
_CERTAIN = 1.0  # cameras tell yes or no, not how sure they are

Make = Callable[[Callable[[CameraEvent], None]], Listening]


class Chosen:
    """Which cameras are listened to, as an administrator writes it: `all`, or numbers and ranges (`1-20, 417`)."""

    def __init__(self, told: str) -> None:
        """Read it; BadInputError where it is none."""
        words = [word.strip() for word in told.split(",") if word.strip()]
        self._all = words == ["all"]
        self._ranges = () if self._all else tuple(_range(word) for word in words)

    def of(self, cameras: Iterable[Camera]) -> tuple[Camera, ...]:
        """Return those of the cameras that are listened to; only cameras with an ONVIF address can be."""
        return tuple(camera for camera in cameras if camera.onvif_url and self._has(camera.no))

    def _has(self, number: int) -> bool:
        return self._all or any(number in each for each in self._ranges)


class CameraEvents:
    """Has the chosen cameras listened to, and hands what begins there to the intake as detections.

    `make` makes what listens and tells what it hears. `offer` takes an event that is to be stored, and says False where
    there is no room now. Everything may be called from any thread.
    """

    def __init__(
        self,
        make: Make,
        chosen: Chosen,
        workplace: Workplace,
        clock: Clock,
        offer: Callable[[FieldReport], bool],
    ) -> None:
        self._chosen = chosen
        self._workplace = workplace
        self._clock = clock
        self._offer = offer
        self._lock = threading.Lock()
        self._cameras: dict[int, Camera] = {}
        self._beginnings = Beginnings()
        self._turns_until: dict[int, float] = {}
        self._held: deque[FieldReport] = deque(maxlen=_MOST_HELD)
        self.listening = make(self.take)

    def start(self, cameras: Sequence[Camera]) -> None:
        """Begin to listen, with this register."""
        self._learn(cameras)
        self.listening.start()

    def close(self) -> None:
        """End all pull points and listen no more; within a second."""
        self.listening.close()

    def hear(self, news: News) -> None:
        """Take what happens: a new register, a camera that turns."""
        match news:
            case RegisterChanged(cameras):
                self._learn(cameras)
            case MotionChanged(state):
                self._note_turning(state)
            case _:
                pass

    def take(self, event: CameraEvent) -> None:
        """Hand on what begins; what is told again, ends, or comes of the camera's own turning is passed over."""
        with self._lock:
            camera = self._cameras.get(event.camera_no)
            if camera is None or (event.active and event.kind in OF_THE_PICTURE and self._turns(event.camera_no)):
                return
            if self._beginnings.is_new(event):
                self._held.append(FieldReport(event=self._event(camera, event)))
            while self._held and self._offer(self._held[0]):
                self._held.popleft()

    def _learn(self, cameras: Iterable[Camera]) -> None:
        chosen = self._chosen.of(cameras)
        with self._lock:
            gone = self._cameras.keys() - {camera.no for camera in chosen}
            self._cameras = {camera.no: camera for camera in chosen}
            for number in gone:
                self._beginnings.forget(number)
            self.listening.listen(chosen)

    def _note_turning(self, state: MotionState) -> None:
        with self._lock:
            if state.phase in _TURNING:
                self._turns_until[state.camera_no] = _NO_END
            elif self._turns_until.get(state.camera_no) == _NO_END:
                self._turns_until[state.camera_no] = self._clock.monotonic() + _SETTLES_S

    def _turns(self, camera_no: int) -> bool:
        return self._clock.monotonic() < self._turns_until.get(camera_no, 0.0)

    def _event(self, camera: Camera, event: CameraEvent) -> Event:
        return Event(
            id=_id(self._workplace.centre, event),
            origin=self._workplace.origin,
            centre=self._workplace.centre,
            district=camera.district,
            mode=self._workplace.mode,
            kind=EventKind.DETECTION,
            source=str(camera.no),
            at=event.at,
            received_at=self._clock.now(),
            place=camera.place,
            details={"detection": event.kind.value, "score": _CERTAIN, "zone": event.source, "by": "camera"},
        )


def _id(centre: str, event: CameraEvent) -> UUID:
    """Return the same id wherever, and however often, the same thing is heard."""
    moment = event.told_at if event.told_at and not event.initial else event.at.isoformat()
    return uuid5(_EVENTS, f"{centre}/{event.camera_no}/{event.kind}/{event.source}/{moment}")


def _range(word: str) -> range:
    first, dash, last = word.partition("-")
    try:
        low, high = int(first), int(last if dash else first)
    except ValueError:
        low, high = 0, 0
    if not 0 < low <= high:
        raise BadInputError(f"{word!r} is no camera number, no range of them (1-20), and not 'all'")
    return range(low, high + 1)
