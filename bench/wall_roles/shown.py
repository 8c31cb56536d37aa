"""A wall of live tiles: what it costs, what it shows, and how late."""

from bench.wall_roles.lateness import late_figures
from bench.wall_roles.our_wall import OurWall, make_application
from bench.wall_roles.role import Figures, Order, answer


def measure(order: Order) -> Figures:
    """Return CPU, memory, frames shown, latency, first pictures, lateness with pictures and idle, and the end."""
    wall = OurWall(order.practice, order.workers, ring=order.ring)
    ready = wall.open(keyframes_only=bool(order.said.get("keyframes_only")))
    figures, busy = wall.look(order.window_s)
    ledger = wall.ledger
    figures |= late_figures(busy, wall.idle) | {
        "shown": ledger.shown_share(figures["ended_at"]),
        "latency_p50_ms": ledger.latency_ms(0.5),
        "latency_p95_ms": ledger.latency_ms(0.95),
        "longest_gap_ms": ledger.longest_gap_ms(),
        "first_picture_s": max(wall.first_pictures_s()),
        "tile_width": float(wall.view.tile_sizes()[0].width),
        "ready": float(ready),
    }
    return figures | {"close_ms": wall.close()}


if __name__ == "__main__":
    application = make_application()
    answer(measure(Order.read()))
