"""A wall that stays: prints its processes when all pictures are live, then what it showed when its input ends."""

import os
import sys
import threading

from PySide6.QtCore import QObject, Signal

from bench.wall_roles.our_wall import OurWall, make_application
from bench.wall_roles.role import Figures, Order, answer


class Input(QObject):
    """Tells the window that the input has ended."""

    ended = Signal()

    def watch(self) -> None:
        """Wait for it in a thread."""
        threading.Thread(target=self._wait, name="input", daemon=True).start()

    def _wait(self) -> None:
        sys.stdin.read()
        self.ended.emit()


def main() -> None:
    """Read the order's one line, show, stay."""
    application = make_application()
    order = Order.of(sys.stdin.readline())
    wall = OurWall(order.practice, order.workers, ring=order.ring)
    ready = wall.open()
    answer({"ready": float(ready), "me": float(os.getpid())} | _workers(wall))
    waiting = Input()
    waiting.ended.connect(application.quit)
    waiting.watch()
    application.exec()
    counted = wall.view.statistics()  # the ledger keeps every number, which would be the growth that is looked for
    shown, sent = sum(tile.shown for tile in counted), sum(tile.sent for tile in counted)
    answer({"shown": shown / sent if sent else 0.0} | _workers(wall))
    wall.close()


def _workers(wall: OurWall) -> Figures:
    return {f"worker_{number}": float(pid) for number, pid in enumerate(wall.workers)}


if __name__ == "__main__":
    main()
