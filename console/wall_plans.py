"""Walls under names, salvos on keys, camera tours: called, undone, stored. Rights and audit hang at the door."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal

from console.acting import Door
from console.salvos import SalvoKeys
from console.tasks import Lane, Tasks
from console.wall_memory import LastViews
from console.wall_orders import Screens
from db.salvos import SalvoStore
from db.tours import TourStore
from domain.camera import Camera
from domain.errors import BadInputError, RefusedError
from domain.motion import Preset
from domain.operator import Action
from domain.text import Text
from domain.wall import CameraTour, MonitorView, PresetCall, Salvo, SavedWall


class Walled(LastViews, Protocol):
    """Where saved walls are kept; `db.walls.WallStore` does it."""

    def save(self, wall: SavedWall) -> SavedWall:
        """Keep a wall in place of the one with its id."""
        ...

    def all(self, operator: str) -> tuple[SavedWall, ...]:
        """Return an operator's own walls, then the shared ones."""
        ...

    def delete(self, wall_id: UUID) -> bool:
        """Forget a wall."""
        ...


class Turner(Protocol):
    """Who turns cameras to their stored views; `ptz.control.PtzControl` does it."""

    def presets(self, camera: Camera) -> tuple[Preset, ...]:
        """Return a camera's stored views."""
        ...

    def goto(self, camera: Camera, token: str) -> None:
        """Turn a camera to a stored view."""
        ...


class Lender(Protocol):
    """Lets a camera be moved by something else than a hand; `console.move_gate.LeasedGate` does."""

    def ask(self, camera: Camera, then: Callable[[], None], otherwise: Callable[[Exception], None]) -> None:
        """Ask for the camera; one of the two is called, now or later, on this thread."""
        ...


@dataclass(frozen=True, slots=True)
class PlanStores:
    """Where plans are kept."""

    walls: Walled
    salvos: SalvoStore
    tours: TourStore


@dataclass(frozen=True, slots=True)
class Plans:
    """All plans that the signed-in operator may use."""

    walls: tuple[SavedWall, ...] = ()
    salvos: tuple[Salvo, ...] = ()
    tours: tuple[CameraTour, ...] = ()

    def views(self) -> Iterator[MonitorView]:
        """Yield everything that is stored of a monitor."""
        for views in (*(wall.views for wall in self.walls), *(salvo.views for salvo in self.salvos)):
            yield from views.values()


class WallPlans(QObject):
    """The plans of this workstation, and what operators do with them."""

    changed = Signal(object)  # Plans

    def __init__(
        self,
        stores: PlanStores,
        screens: Screens,
        turner: Turner,
        camera: Callable[[int], Camera | None],
        door: Door,
        tasks: Tasks,
        say: Callable[[Text], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stores = stores
        self._screens = screens
        self._turner = turner
        self._camera = camera
        self._door = door
        self._tasks = tasks
        self._say = say
        self.gate: Lender | None = None  # else the door alone is asked
        self._keys = SalvoKeys()
        self.plans = Plans()
        self.loaded = False

    def load(self) -> None:
        """Read all plans."""
        operator, stores = self._door.actor, self._stores

        def work() -> Plans:
            return Plans(stores.walls.all(operator), stores.salvos.all(), stores.tours.all())

        self._tasks.run(Lane.DATABASE, work, self, self._loaded)

    def _loaded(self, plans: Plans) -> None:
        self.plans, self.loaded = plans, True
        self._keys.learn(plans.salvos)
        self.changed.emit(plans)

    # -- showing

    def call_key(self, key: int) -> None:
        """Call the salvo on a function key (1 to 12)."""
        salvo = self._keys.on_key(key)
        if salvo is None:
            self._say(Text("salvo_none", {"key": str(key)}))
        else:
            self.call_salvo(salvo)

    def call_salvo(self, salvo: Salvo) -> None:
        """Show a salvo's views on all its monitors in one go, and turn its cameras."""
        if not self._allowed(Action.VIEW_CAMERA, f"salvo/{salvo.name}"):
            return
        self._show(salvo.name, salvo.views)
        for preset in salvo.presets:
            self._turn(preset)

    def show_wall(self, wall: SavedWall) -> None:
        """Show a saved wall on all its monitors."""
        if self._allowed(Action.VIEW_CAMERA, f"wall/{wall.name}"):
            self._show(wall.name, wall.views)

    def _show(self, name: str, views: Mapping[int, MonitorView]) -> None:
        here = self._screens.views()
        self._screens.show({number: view for number, view in views.items() if number in here})
        missing = ", ".join(str(number) for number in sorted(views) if number not in here)
        code = "wall_shown_partly" if missing else "wall_shown"
        self._say(Text(code, {"name": name, "monitors": missing}))

    def _turn(self, call: PresetCall) -> None:
        camera = self._camera(call.camera_no)
        if camera is None or not camera.ptz:
            return
        go = partial(self._go, camera, call)
        if self.gate is not None:
            self.gate.ask(camera, go, self._tasks.failed.emit)
        elif self._allowed(Action.MOVE_CAMERA, f"camera/{call.camera_no}"):
            go()

    def _go(self, camera: Camera, call: PresetCall) -> None:
        def work() -> None:
            stored = self._turner.presets(camera)
            found = next((preset for preset in stored if call.preset in (preset.token, preset.name)), None)
            if found is None:
                raise BadInputError(f"camera {camera.no} has no preset {call.preset!r}")
            self._turner.goto(camera, found.token)

        self._tasks.run(Lane.NETWORK, work, self, lambda _: None)

    # -- storing

    def ask_presets(self, camera: Camera, then: Callable[[tuple[Preset, ...]], None]) -> None:
        """Ask a camera for its stored views and hand them over; one that does not answer has none that are known."""
        work = partial(self._turner.presets, camera)
        self._tasks.run(Lane.NETWORK, work, self, then, lambda _: then(()))

    def store_salvo(self, name: str, key: int | None, presets: Iterable[PresetCall] = ()) -> None:
        """Store what hangs on all monitors now as the salvo of this name, on a key or on none, with these presets."""
        known = next((salvo for salvo in self.plans.salvos if salvo.name == name.strip()), None)
        views = dict(self._screens.views())
        salvo = Salvo(known.id if known else uuid4(), name, key, views, tuple(presets))
        self._keep(Action.SHARE_WALLS, f"salvo/{name}", partial(self._stores.salvos.save, salvo))

    def store_wall(self, name: str, *, shared: bool) -> None:
        """Store what hangs on all monitors now as a wall of this name, the operator's own or shared by all."""
        owner = "" if shared else self._door.actor
        known = next((wall for wall in self.plans.walls if (wall.name, wall.owner) == (name.strip(), owner)), None)
        wall = SavedWall(known.id if known else uuid4(), name, owner, dict(self._screens.views()))
        action = Action.SHARE_WALLS if shared else Action.ARRANGE_WALLS
        self._keep(action, f"wall/{name}", partial(self._stores.walls.save, wall))

    def store_tour(self, tour: CameraTour) -> None:
        """Store a camera tour in place of the one with its id."""
        self._keep(Action.SHARE_WALLS, f"tour/{tour.name}", partial(self._stores.tours.save, tour))

    def delete(self, plan: SavedWall | Salvo | CameraTour) -> None:
        """Forget a plan; what it put on the monitors stays there."""
        stores = self._stores
        match plan:
            case SavedWall():
                own = plan.owner == self._door.actor
                action = Action.ARRANGE_WALLS if own else Action.SHARE_WALLS
                self._keep(action, f"wall/{plan.name}", partial(stores.walls.delete, plan.id))
            case Salvo():
                self._keep(Action.SHARE_WALLS, f"salvo/{plan.name}", partial(stores.salvos.delete, plan.id))
            case CameraTour():
                self._keep(Action.SHARE_WALLS, f"tour/{plan.name}", partial(stores.tours.delete, plan.id))

    def _keep(self, action: Action, subject: str, work: Callable[[], object]) -> None:
        if self._allowed(action, subject):
            self._tasks.run(Lane.DATABASE, work, self, lambda _: self.load())

    def _allowed(self, action: Action, subject: str) -> bool:
        try:
            self._door.act(action, subject)
        except RefusedError as error:
            self._tasks.failed.emit(error)
            return False
        return True
