"""The desk's own cameras aimed at places: its walls show them, its hands go before."""

from collections.abc import Callable, Sequence
from functools import partial

from console.core import Core
from console.desk_window import DeskWindow
from console.look_here import DoorGate, MoveGate
from console.looking import Looking, LookingNeeds
from console.ptz_desk import PtzDesk
from console.tasks import Tasks
from console.walls import Walls
from domain.text import Text
from domain.wall import CameraTile, MonitorView


def join_looking(
    core: Core,
    tasks: Tasks,
    window: DeskWindow,
    walls: Walls,
    ptz: PtzDesk,
    say: Callable[[Text], None],
    say_error: Callable[[Exception], None],
    gate: MoveGate | None = None,
) -> Looking:
    """Return what aims this desk's cameras, joined to its walls and hands; without a gate the door alone is asked."""

    def in_hand(camera_no: int) -> bool:
        moving = ptz.steering.moving
        return moving is not None and moving.no == camera_no

    needs = LookingNeeds(
        gate=gate or DoorGate(core.move_allowed, in_hand),
        pulses=ptz.pulses,
        on_screen=walls.turning_cameras,
        selected=lambda: walls.active.selected_camera,
        show=partial(show_all, walls),
        say=say,
    )
    looking = Looking(core, tasks, needs, window)
    looking.failed.connect(say_error)
    ptz.aiming = looking.aiming
    looking.start()
    return looking


def show_all(walls: Walls, numbers: Sequence[int]) -> None:
    """Open these cameras' pictures on the wall that keys go to: one in its tile, several beside each other."""
    if len(numbers) == 1:
        walls.call_to_its_tile(numbers[0])
        return
    for number in numbers:
        presenter = walls.active
        if number not in {camera.no for camera in presenter.shown_cameras}:
            tile = place_for(presenter.view, numbers) if presenter.tile_count == len(presenter.view.tiles) else None
            walls.call(number, tile)


def place_for(view: MonitorView, numbers: Sequence[int]) -> int | None:
    """Return the tile, counted from 1, for one of these cameras: an empty one, else the last without any of them."""
    tiles = list(enumerate(view.tiles, 1))
    empty = [tile for tile, use in tiles if use is None]
    others = [tile for tile, use in tiles if not (isinstance(use, CameraTile) and use.camera_no in numbers)]
    return empty[0] if empty else (others[-1] if others else None)
