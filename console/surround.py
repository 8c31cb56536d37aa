"""Surround: the nearest free calibrated cameras turn to a place at once, and go back together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from console.look_here import AimNeeds, chosen, refusal
from console.tasks import Lane
from domain.aiming import Reaching
from domain.camera import Camera
from domain.errors import WatchroomError
from domain.motion import Position
from domain.place import Place
from domain.text import Text


@dataclass(frozen=True, slots=True)
class _Turned:
    """A camera that was turned, and where it looked before; None where it did not say."""

    camera: Camera
    before: Position | None


class Surround(QObject):
    """Holds the cameras around one place until they are released; a new place releases those that it does not need.

    A camera that a person moves meanwhile is that person's: it is not turned back.
    """

    changed = Signal(bool)  # whether cameras are held around a place
    failed = Signal(object)  # WatchroomError

    def __init__(self, needs: AimNeeds, most: int = 3, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._needs = needs
        self._most = most
        self._turned: dict[int, _Turned] = {}
        self._asked: set[int] = set()  # on their way
        self._left: set[int] = set()  # on their way, but meanwhile a person's

    @property
    def active(self) -> bool:
        """Whether cameras are held around a place."""
        return bool(self._turned or self._asked)

    def surround(self, place: Place) -> None:
        """Turn the nearest cameras to a place, all at once; where none can, it is said why."""
        needs = self._needs
        cameras = needs.cameras()
        choice = chosen(place, cameras, needs.calibrations, self._holder, self._most)
        if not choice.reaching:
            needs.say(refusal(choice))
            return
        wanted = {one.camera_no for one in choice.reaching}
        self._send_back([turned for number, turned in self._turned.items() if number not in wanted])
        by_number = {camera.no: camera for camera in cameras}
        self._asked |= wanted
        for reaching in choice.reaching:
            camera = by_number[reaching.camera_no]
            if camera.no in self._turned:
                self._turn(camera, reaching)  # ours already
            else:
                needs.gate.ask(camera, partial(self._turn, camera, reaching), partial(self._did_not, camera))
        if self.active:
            needs.show(tuple(one.camera_no for one in choice.reaching))
            said = {"count": str(len(self._asked | self._turned.keys())), "wanted": str(self._most)}
            needs.say(Text("surround_sent", said))
        self.changed.emit(self.active)

    def release(self) -> None:
        """Let all cameras go back to where they looked before, or home where they did not say."""
        self._asked.clear()  # what is still on its way is turned back when it arrives
        self._send_back(list(self._turned.values()))
        self.changed.emit(self.active)

    def let_be(self, camera_no: int) -> None:
        """Leave a camera where it is: a person moves it."""
        if camera_no in self._asked:
            self._asked.discard(camera_no)
            self._left.add(camera_no)
        if self._turned.pop(camera_no, None) is not None or camera_no in self._left:
            self.changed.emit(self.active)

    def _holder(self, camera_no: int) -> str:
        """Return who has the camera: what is held around a place is free for the next."""
        return "" if camera_no in self._turned else self._needs.gate.holder(camera_no)

    def _turn(self, camera: Camera, reaching: Reaching) -> None:
        work = partial(self._look, camera, reaching.position, known=self._turned.get(camera.no))
        self._needs.tasks.run(
            Lane.NETWORK, work, self, self._arrived, lambda error: self._did_not(camera, error, held=True)
        )

    def _look(self, camera: Camera, there: Position, *, known: _Turned | None) -> _Turned:
        """Turn a camera and return where it looked before. Waits for it, so on the lane's thread."""
        turned = known or _Turned(camera, self._needs.turns.status(camera))
        self._needs.turns.turn(camera, there)
        return turned

    def _arrived(self, turned: _Turned) -> None:
        number = turned.camera.no
        wanted = number in self._asked or number in self._turned
        self._asked.discard(number)
        if number in self._left:
            self._left.discard(number)
        elif wanted:
            self._turned[number] = turned
        else:
            self._send_back([turned])  # released while it was on its way
        self.changed.emit(self.active)

    def _did_not(self, camera: Camera, error: Exception, *, held: bool = False) -> None:
        self._asked.discard(camera.no)
        self._left.discard(camera.no)
        self._turned.pop(camera.no, None)
        if held:
            self._needs.gate.give_back(camera)
        if isinstance(error, WatchroomError):
            self.failed.emit(error)
        self.changed.emit(self.active)

    def _send_back(self, turned: Sequence[_Turned]) -> None:
        for one in turned:
            self._turned.pop(one.camera.no, None)
            then = partial(self._back, one.camera)
            otherwise = partial(self._not_back, one.camera)
            self._needs.tasks.run(Lane.NETWORK, partial(self._return, one), self, then, otherwise)

    def _return(self, turned: _Turned) -> None:
        if turned.before is None:
            self._needs.turns.home(turned.camera)
        else:
            self._needs.turns.turn(turned.camera, turned.before)

    def _back(self, camera: Camera, _done: None) -> None:
        self._needs.gate.give_back(camera)

    def _not_back(self, camera: Camera, error: Exception) -> None:
        self._needs.gate.give_back(camera)
        if isinstance(error, WatchroomError):
            self.failed.emit(error)
