"""Cameras that only note what they are asked, and hands that a test moves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject

from console.hand_map import hand_map
from console.hands import Hands
from console.inbox import Inbox
from console.ptz_hand import Steering
from console.settings import HandsSettings
from domain.camera import Camera
from domain.errors import RefusedError, UnreachableError
from domain.motion import Velocity
from domain.news import InputCame, News
from domain.ptz_place import PtzPlace
from domain.text import Text
from ptz.hands.events import AxesMoved, ButtonChanged, InputEvent, Plugged, Report, Unplugged
from tests.console.surroundings import make_camera

DOME = make_camera(3, onvif_url="http://127.0.0.1:9/onvif")
OTHER = make_camera(7, onvif_url="http://127.0.0.1:9/other")
FIXED = make_camera(1)


@dataclass
class Control:
    """Takes wishes for cameras and notes them; camera 7 does not answer questions."""

    asked: list[tuple[str, int]] = field(default_factory=list)
    velocities: list[Velocity] = field(default_factory=list)
    questions: list[int] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)

    def move(self, camera: Camera, velocity: Velocity) -> None:
        assert not velocity.still
        self.asked.append(("move", camera.no))
        self.velocities.append(velocity)

    def stop(self, camera: Camera) -> None:
        self.asked.append(("stop", camera.no))

    def prepare(self, camera: Camera) -> None:
        assert camera.ptz

    def listed(self, camera: Camera, _kept: Iterable[PtzPlace] = ()) -> tuple[PtzPlace, ...]:
        self.questions.append(camera.no)
        if camera == OTHER:
            raise UnreachableError("camera 7 does not answer")
        return (
            PtzPlace(camera_no=3, no=1, name="gate", token="t1"),
            PtzPlace(camera_no=3, no=2, name="pond", token="t2"),
        )

    def go(self, camera: Camera, place: PtzPlace) -> bool:
        self.asked.append((f"goto {place.token}", camera.no))
        return True

    def store(self, camera: Camera, no: int, name: str, known: PtzPlace | None) -> PtzPlace:
        self.stored.append(f"{no} {name}" if known is None else f"{no} over {known.name}")
        return PtzPlace(camera_no=camera.no, no=no, name=name, token="t9")

    def go_home(self, camera: Camera) -> bool:
        self.asked.append(("home", camera.no))
        return True


class Stick:
    """A joystick in somebody's hand, in place of one that the kernel knows."""

    def __init__(self, device: str = "stick-1") -> None:
        self.device = device
        self.plugged = False
        self._report: Report | None = None

    def start(self, report: Report) -> None:
        self._report = report
        self.plug()

    def close(self) -> None:
        if self.plugged:
            self.unplug()

    def plug(self) -> None:
        self.plugged = True
        self.say(Plugged(self.device, f"Practice {self.device}", 3, 12))

    def unplug(self, *, moving: bool = False) -> None:
        self.plugged = False
        self.say(Unplugged(self.device, moving))

    def push(self, pan: float = 0.0, tilt: float = 0.0, zoom: float = 0.0) -> None:
        """Hold the stick there; a stick's "forwards" is a negative number."""
        self.say(AxesMoved(self.device, {0: pan, 1: -tilt, 2: zoom}))

    def press(self, button: int) -> None:
        self.say(ButtonChanged(self.device, button, pressed=True))

    def release(self, button: int) -> None:
        self.say(ButtonChanged(self.device, button, pressed=False))

    def say(self, event: InputEvent) -> None:
        assert self._report is not None
        self._report(event)


class Room:
    """One camera in hand, two sticks, and an operator who is at the desk or not."""

    def __init__(self) -> None:
        self.owner = QObject()
        self.control = Control()
        self.admitted: list[int] = []
        self.refused = False
        self.waiting: list[Callable[[], None]] = []
        self.wait = False
        self.steering = Steering(self.control, self.admit, self.owner)
        self.failures: list[Exception] = []
        self.steering.failed.connect(self.failures.append)
        self.attended = True
        self.inbox = Inbox(self.owner)
        self.news: list[News] = []
        self.stick, self.other = Stick("stick-1"), Stick("stick-2")
        chosen = HandsSettings(expo=0.0, dead_zone=0.1, buttons={"20": "zoom_in", "21": "keypad E", "22": "home"})
        self.hands = Hands(
            (self.stick, self.other),
            self.inbox.post,
            self.steering,
            lambda: self.attended,
            hand_map(chosen),
            self.owner,
        )
        self.inbox.arrived.connect(self.hear)
        self.told: list[Text] = []
        self.hands.told.connect(self.told.append)
        self.steering.take(DOME)
        self.hands.start()

    def admit(self, camera: Camera, go_on: Callable[[], None]) -> bool:
        if self.refused:
            raise RefusedError("no")
        self.admitted.append(camera.no)
        if self.wait:
            self.waiting.append(go_on)
        return not self.wait

    def hear(self, news: News) -> None:
        self.news.append(news)
        if isinstance(news, InputCame):
            self.hands.take()

    @property
    def asked(self) -> list[str]:
        return [what for what, _ in self.control.asked]
