"""Cameras that hang in a known way, and heads that turn at once or misbehave, for tests of what aims them."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from db.camera_aims import CameraAim
from domain.abilities import Abilities, TurnSpace, ZoomSpace
from domain.aiming import Aim
from domain.camera import Camera
from domain.errors import UnreachableError
from domain.geometry import Spot, moved
from domain.landmark import Landmark
from domain.motion import Position
from domain.place import Place
from domain.text import Text
from tests.console.surroundings import make_camera

POLE = Place(37.3943, 126.9568)
FULL = Abilities(absolute_turn=TurnSpace(), absolute_zoom=ZoomSpace())
VIEWS = replace(FULL, view_turn=TurnSpace())


def beside(east: float, north: float) -> Place:
    """Return the place so many metres from the pole."""
    return moved(Spot(POLE), east, north, 0.0).place


def dome(number: int, east: float = 0.0, north: float = 0.0, **changes: object) -> Camera:
    """Return the register entry of a camera that turns, so many metres from the pole."""
    url = f"http://127.0.0.1:9/onvif/{number}"
    return make_camera(number, **{"onvif_url": url, "place": beside(east, north), **changes})


def aim(east: float = 0.0, north: float = 0.0, **changes: object) -> Aim:
    """Return how a camera hangs there: pan 0 is north, and it turns all round."""
    usual = Aim(spot=Spot(beside(east, north), 8.0), pan_zero_deg=0.0, tilt_zero_deg=0.0, pan_deg=180.0, tilt_deg=90.0)
    return replace(usual, **changes)  # type: ignore[arg-type]


class Kept:
    """Calibrations in memory, in the place of a database."""

    def __init__(self, aims: dict[int, Aim] | None = None) -> None:
        self.aims = {no: CameraAim(no, one, (), "haneul", datetime.now(UTC)) for no, one in (aims or {}).items()}

    def all(self) -> tuple[CameraAim, ...]:
        return tuple(self.aims.values())

    def save(self, camera_no: int, found: Aim, landmarks: Sequence[Landmark], by: str) -> CameraAim:
        kept = self.aims[camera_no] = CameraAim(camera_no, found, tuple(landmarks), by, datetime.now(UTC))
        return kept


class Heads:
    """Cameras that turn at once; those in `dead` do not answer, those in `mute` do not say where they point."""

    def __init__(self) -> None:
        self.can: dict[int, Abilities] = {}
        self.at: dict[int, Position] = {}
        self.dead: set[int] = set()
        self.mute: set[int] = set()
        self.orders: list[tuple[str, int]] = []
        self.questions: list[int] = []
        self.hold = threading.Event()
        self.hold.set()
        self._lock = threading.Lock()

    def abilities(self, camera: Camera) -> Abilities:
        self._answer(camera)
        return self.can.get(camera.no, FULL)

    def status(self, camera: Camera) -> Position | None:
        with self._lock:
            self.questions.append(camera.no)
        self._answer(camera)
        return None if camera.no in self.mute else self.at.get(camera.no, Position(0.0, 0.0, 0.0))

    def turn(self, camera: Camera, there: Position) -> None:
        self._answer(camera)
        with self._lock:
            self.orders.append(("turn", camera.no))
            self.at[camera.no] = there

    def shift(self, camera: Camera, x: float, y: float) -> None:
        self._answer(camera)
        with self._lock:
            self.orders.append((f"shift {x:+.2f} {y:+.2f}", camera.no))

    def home(self, camera: Camera) -> None:
        self._answer(camera)
        with self._lock:
            self.orders.append(("home", camera.no))

    def _answer(self, camera: Camera) -> None:
        assert threading.current_thread() is not threading.main_thread(), "asked on the UI thread"
        assert self.hold.wait(10)
        if camera.no in self.dead:
            raise UnreachableError(f"camera {camera.no} does not answer")


class Gate:
    """Lends cameras, but those that somebody holds or that are refused."""

    def __init__(self) -> None:
        self.held: dict[int, str] = {}
        self.refused: dict[int, Exception] = {}
        self.lent: list[int] = []
        self.back: list[int] = []

    def holder(self, camera_no: int) -> str:
        return self.held.get(camera_no, "")

    def ask(self, camera: Camera, then: Callable[[], None], otherwise: Callable[[Exception], None]) -> None:
        if camera.no in self.refused:
            otherwise(self.refused[camera.no])
            return
        self.lent.append(camera.no)
        then()

    def give_back(self, camera: Camera) -> None:
        self.back.append(camera.no)


class Said:
    """What was said in the strip and shown on the wall."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self.shown: list[int] = []

    def say(self, text: Text) -> None:
        self.texts.append(text)

    def show(self, numbers: Sequence[int]) -> None:
        self.shown += numbers

    @property
    def codes(self) -> list[str]:
        return [text.code for text in self.texts]


def practice_aim(place: Place, north_deg: float) -> Aim:
    """Return how a dome of the practice city hangs whose middle of pan looks there.

    Its pan goes from -150 to 150 degrees, its tilt from -30 to 15 (simulation.cameras.mount).
    """
    return Aim(spot=Spot(place, 8.0), pan_zero_deg=north_deg, tilt_zero_deg=-7.5, pan_deg=150.0, tilt_deg=22.5)


def templates() -> Path:
    """Return the file of all texts."""
    return Path(__file__).parents[2] / "resources" / "texts.toml"
