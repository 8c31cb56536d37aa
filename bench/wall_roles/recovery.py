"""What happens to a wall when a worker is killed, a camera stalls, and cameras come back."""

import os
import signal
import time
from collections.abc import Callable, Iterable

from bench.common import percentile
from bench.wall_roles.lateness import turn
from bench.wall_roles.our_wall import OurWall, make_application
from bench.wall_roles.role import Figures, Order, answer
from domain.picture import Face, LossReason

_LOOK_S = 0.02
_GIVE_UP_S = 15.0
_AWAY_S = 6.0  # long enough that the session is given up and only probes are left
_CALM_S = 1.0
_LEFT_OVER_S = 0.1  # what lay ready when the worker died may still be painted
NAN = float("nan")


class Observer:
    """Looks at the wall's tiles as an operator does."""

    def __init__(self, wall: OurWall) -> None:
        self.wall = wall

    def until(self, come_true: Callable[[], bool]) -> float:
        """Let the window live until it is true; return how long that took in seconds, NaN where it never was."""
        began = time.monotonic()
        while time.monotonic() < began + _GIVE_UP_S:
            turn(_LOOK_S)
            if come_true():
                return time.monotonic() - began
        return NAN

    def faces(self, tiles: Iterable[int]) -> set[Face]:
        """Return how these tiles look on the screen."""
        chosen = set(tiles)
        return {figures.face for figures in self.wall.view.statistics() if figures.tile in chosen}

    def new_pictures(self, tiles: Iterable[int], since: float) -> bool:
        """Return whether each of these tiles has painted a picture after this moment (Unix seconds)."""
        return all((self.wall.ledger.tiles[tile].last_at or 0.0) > since for tile in tiles)


def kill_a_worker(observer: Observer) -> Figures:
    """Send SIGKILL to one worker; only its tiles may stand still, and not for long."""
    wall, victim, hit = observer.wall, observer.wall.workers[0], set[int]()

    def note_the_hit() -> None:
        hit.update(tile for tile, source in enumerate(wall.sources) if source.state().reason is LossReason.WORKER_GONE)

    wall.ledger.begin()
    at = time.time()
    os.kill(victim, signal.SIGKILL)

    def back() -> bool:
        note_the_hit()
        return bool(hit) and observer.new_pictures(hit, at + _LEFT_OVER_S) and _live(wall, hit)

    took_s = observer.until(back)
    turn(_CALM_S)
    wall.ledger.end()
    others = set(range(len(wall.sources))) - hit
    return {
        "killed_back_s": took_s,
        "killed_tiles": float(len(hit)),
        "killed_gap_ms": wall.ledger.longest_gap_ms(hit) if hit else NAN,
        "killed_others_gap_ms": wall.ledger.longest_gap_ms(others) if others else NAN,
        "killed_restarted": float(victim not in wall.workers and len(wall.workers) == len(set(wall.workers))),
    }


def _live(wall: OurWall, tiles: Iterable[int]) -> bool:
    return all(wall.sources[tile].state().reason is None for tile in tiles)


def stall(observer: Observer, tiles: list[int]) -> Figures:
    """Let cameras stall: the session stays and no packet comes; then let them go on."""
    return _away(observer, tiles, "stalled")


def die(observer: Observer, tiles: list[int]) -> Figures:
    """Let cameras go away altogether, and come back."""
    return _away(observer, tiles, "dead")


def _away(observer: Observer, tiles: list[int], fault: str) -> Figures:
    wall = observer.wall
    numbers = [wall.cameras[tile].no for tile in tiles]
    for no in numbers:
        wall.practice.fault(no, fault)
    at = time.monotonic()
    marked_s = observer.until(lambda: Face.LIVE not in observer.faces(tiles))
    turn(max(0.0, _AWAY_S - (time.monotonic() - at)))
    for no in numbers:
        wall.practice.clear(no)
    cleared_at = time.time()
    recovered_s = observer.until(lambda: observer.new_pictures(tiles, cleared_at))
    observer.until(lambda: observer.faces(tiles) == {Face.LIVE})
    return {f"{fault}_marked_s": marked_s, f"{fault}_recovered_s": recovered_s}


def measure(order: Order) -> Figures:
    """Return what became of each."""
    wall = OurWall(order.practice, order.workers)
    ready = wall.open()
    turn(order.window_s)
    observer = Observer(wall)
    figures = {"ready": float(ready), "idle_p99_ms": percentile(wall.idle, 0.99)}
    figures |= kill_a_worker(observer)
    turn(_CALM_S)
    figures |= stall(observer, [0, 1, 2, 3])
    turn(_CALM_S)
    figures |= die(observer, [4, 5, 6, 7])
    wall.close()
    return figures


if __name__ == "__main__":
    application = make_application()
    answer(measure(Order.read()))
