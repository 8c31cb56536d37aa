"""A wall that is told to end while sixteen pictures are live: how long until nothing of it is left."""

import time

from bench.wall_roles.lateness import turn
from bench.wall_roles.our_wall import OurWall, make_application
from bench.wall_roles.role import Order, answer


def main() -> None:
    """Show, end, and say when that was asked for; the rest is seen from outside."""
    application = make_application()
    order = Order.read()
    wall = OurWall(order.practice, order.workers)
    ready = wall.open()
    turn(order.window_s)
    asked_at = time.monotonic()
    close_ms = wall.close()
    application.quit()
    answer({"ready": float(ready), "end_asked_at": asked_at, "close_ms": close_ms})


if __name__ == "__main__":
    main()
