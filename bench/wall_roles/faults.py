"""A wall among whose cameras some never answer and some die again and again: what the others and the window feel."""

from bench.wall_roles.lateness import late_figures
from bench.wall_roles.our_wall import OurWall, make_application
from bench.wall_roles.role import Figures, Order, answer
from domain.picture import LossReason


def measure(order: Order) -> Figures:
    """Return what the healthy tiles showed, the lateness, and whether the faulty ones were as faulty as ordered."""
    healthy, black_holed = range(int(order.said["healthy"])), [int(tile) for tile in order.said["black_holed"]]
    dying = [int(tile) for tile in order.said["dying"]]
    wall = OurWall(order.practice, order.workers)
    ready = wall.open(awaited=healthy)
    figures, busy = wall.look(order.window_s)
    ledger = wall.ledger
    return (
        figures
        | late_figures(busy, wall.idle)
        | {
            "shown": ledger.shown_share(figures["ended_at"], healthy),
            "longest_gap_ms": ledger.longest_gap_ms(healthy),
            "latency_p95_ms": ledger.latency_ms(0.95, healthy),
            "first_picture_s": max(wall.first_pictures_s(healthy)),
            "never_answered": float(
                sum(wall.sources[tile].state().reason is LossReason.NO_ANSWER for tile in black_holed)
            ),
            "black_holed_pictures": float(sum(ledger.tiles[tile].first_at is not None for tile in black_holed)),
            "dying_shown": ledger.shown_share(figures["ended_at"], dying),
            "ready": float(ready),
        }
        | {"close_ms": wall.close()}
    )


if __name__ == "__main__":
    application = make_application()
    answer(measure(Order.read()))
