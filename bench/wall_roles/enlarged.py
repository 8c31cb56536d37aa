"""One tile enlarged to its camera's main stream (1280x720 at 25/s) beside fifteen small ones, on one monitor."""

from bench.wall_roles.lateness import late_figures
from bench.wall_roles.our_wall import OurWall, make_application
from bench.wall_roles.role import Figures, Order, answer
from domain.layout import Cell, Layout

_GRID, _LARGE, _SMALL = 6, 4, 15  # 6 x 6 steps, the large tile takes 4 x 4


def layout() -> Layout:
    """Return it: the large tile at the top left, the small ones around it."""
    around = [Cell(x, y) for y in range(_GRID) for x in range(_GRID) if x >= _LARGE or y >= _LARGE]
    return Layout("1+15", _GRID, _GRID, (Cell(0, 0, _LARGE, _LARGE), *around[:_SMALL]))


def measure(order: Order) -> Figures:
    """Return figures of the large tile, and of the small ones."""
    wall = OurWall(order.practice, order.workers, profiles={0: "main"}, layout=layout())
    ready = wall.open()
    figures, busy = wall.look(order.window_s)
    ledger, small = wall.ledger, range(1, _SMALL + 1)
    figures |= late_figures(busy, wall.idle) | {
        "shown": ledger.shown_share(figures["ended_at"], [0]),
        "latency_p50_ms": ledger.latency_ms(0.5, [0]),
        "latency_p95_ms": ledger.latency_ms(0.95, [0]),
        "small_shown": ledger.shown_share(figures["ended_at"], small),
        "small_latency_p95_ms": ledger.latency_ms(0.95, small),
        "tile_width": float(wall.view.tile_sizes()[0].width),
        "ready": float(ready),
    }
    wall.close()
    return figures


if __name__ == "__main__":
    application = make_application()
    answer(measure(Order.read()))
