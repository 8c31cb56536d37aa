"""A program with wall windows and nothing else: says in a JSON line where they are whenever one is elsewhere.

Arguments: the file that it remembers places in, and the numbers of monitors to open (none: those that are remembered).
Then `3@NAME` has monitor 3 moved to the screen of this name once all are full-screen.
"""

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from console.monitors import Monitors, name_of
from console.wall_window import WallWindow
from domain.clock import SystemClock


def main() -> int:
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    desk = QWidget()
    desk.setGeometry(QGuiApplication.primaryScreen().geometry())
    desk.show()
    clock = SystemClock()
    parent = QObject()
    monitors = Monitors(Path(sys.argv[1]), lambda number: WallWindow(number, clock), desk.screen, parent)
    numbers = [int(number) for number in sys.argv[2:] if "@" not in number]
    moves = [move.split("@") for move in sys.argv[2:] if "@" in move]
    for number in numbers:
        monitors.open(number)
    if not numbers:
        monitors.restore()
    said: dict[str, object] = {}

    def look() -> None:
        now = {window.number: _place(window) for window in monitors.windows}
        if now != said.get("windows"):
            said["windows"] = now
            sys.stdout.write(json.dumps({"at": time.monotonic(), "windows": now, "desk": _place(desk)}) + "\n")
            sys.stdout.flush()
        if moves and all(window.isFullScreen() for window in monitors.windows):
            number, name = moves.pop()
            monitors.bind(int(number), name_of(next(each for each in monitors.screens() if each.name() == name)))

    watch = QTimer(parent)
    watch.timeout.connect(look)
    watch.start(5)
    sys.stdin.close()
    application.exec()
    monitors.close()
    return 0


def _place(window: QWidget) -> list[object]:
    box = window.geometry()
    return [window.isVisible(), window.screen().name(), box.x(), box.y(), box.width(), box.height()]


if __name__ == "__main__":
    sys.exit(main())
