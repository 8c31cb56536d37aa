"""The wall of the wall bench: the product's own engine and widget, watched."""

import json
import os
import sys
import time
from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, QEventLoop, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from bench.common import cpu_seconds, percentile, pss_mb
from bench.wall_roles.ledger import PASSWORD, SETTLE_S, START_LIMIT_S, USER, Figures, Ledger, read_counter
from domain.camera import Camera, Credentials, SiteKind
from domain.clock import Clock, SystemClock
from domain.picture import Frame, FrameSource, PictureState, Subscription
from domain.place import Place
from video.engine import VideoEngine
from widgets.theme import apply_theme
from widgets.tile import TileContent
from widgets.wall import WallView

CAMERAS_PER_WORKER = 36  # measured: 96 on one collapse
IDLE_S = 1.0


class Watched:
    """A source that tells the ledger what is taken from it."""

    def __init__(self, ledger: Ledger, tile: int, source: FrameSource) -> None:
        self._ledger, self._tile, self._source = ledger, tile, source

    def newest(self) -> Frame | None:
        """Return the newest picture, noted."""
        frame = self._source.newest()
        if frame is not None:
            self._ledger.drawn(self._tile, read_counter(frame.pixels, frame.width, frame.height))
        return frame

    def state(self) -> PictureState:
        """Return what is known of the picture."""
        return self._source.state()


class WatchedWall(WallView):
    """The wall, telling the ledger when it has painted."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        super().__init__(clock)
        self._ledger = ledger

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, then note that what was taken is on the screen."""
        super().paintEvent(event)
        self._ledger.painted()


class Lateness:
    """How late a 10 ms timer of the window's thread fires."""

    def __init__(self) -> None:
        self._late: list[float] = []
        self._elapsed, self._timer = QElapsedTimer(), QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._fire)

    def _fire(self) -> None:
        self._late.append(self._elapsed.nsecsElapsed() / 1e6 - 10.0)
        self._elapsed.restart()

    def over(self, seconds: float) -> list[float]:
        """Return the lateness of every firing in so many seconds, in ms."""
        self._late = []
        self._elapsed.start()
        self._timer.start()
        turn(seconds)
        self._timer.stop()
        return self._late


def turn(seconds: float) -> None:
    """Let the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def camera(no: int, url: str) -> Camera:
    """Return a camera that has this sub stream."""
    place = Place(37.39, 126.95)
    return Camera(
        no=no,
        name=f"bench {no}",
        site="bench",
        site_kind=SiteKind.ROAD,
        district="bench",
        place=place,
        sub_url=url,
        credentials="practice",
    )


def fill(view: WallView, engine: VideoEngine, cameras: Sequence[Camera], ledger: Ledger) -> None:
    """Put every camera on the wall at its tile's size, and wait until each has given a picture."""
    contents = []
    for tile, (each, size) in enumerate(zip(cameras, view.tile_sizes(), strict=True)):
        source = engine.subscribe(each, Subscription(each.no, "sub", size.width, size.height))
        contents.append(TileContent(each, Watched(ledger, tile, source)))
    view.show_tiles(contents)
    give_up = time.monotonic() + START_LIMIT_S
    while not ledger.ready.all and time.monotonic() < give_up:
        turn(0.05)
    turn(SETTLE_S)


def measure(urls: Sequence[str], window_s: float) -> Figures:
    """Return CPU, memory, frames shown, latency, and the timer's lateness with pictures and idle."""
    clock, ledger, lateness = SystemClock(), Ledger(len(urls)), Lateness()
    cameras = [camera(no, url) for no, url in enumerate(urls, 1)]
    view = WatchedWall(ledger, clock)
    view.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    view.setGeometry(0, 0, 1920, 1080)
    view.show_tiles([TileContent(each) for each in cameras])
    view.show()
    turn(0.3)
    idle = lateness.over(IDLE_S)
    workers = -(-len(urls) // CAMERAS_PER_WORKER)
    engine = VideoEngine(lambda _: Credentials(USER, PASSWORD), lambda _: None, clock, workers)
    engine.start()
    fill(view, engine, cameras, ledger)
    pids = [os.getpid(), *(pid for _, pid in engine.processes())]
    began, cpu = time.monotonic(), cpu_seconds(pids)
    ledger.measuring = True
    busy = lateness.over(window_s)
    ledger.measuring, ended_at = False, time.time()
    figures = {
        "cores": (cpu_seconds(pids) - cpu) / (time.monotonic() - began),
        "pss_mb": pss_mb(pids),
        "shown": ledger.shown_share(ended_at),
        "latency_p50_ms": percentile(ledger.latencies_ms, 0.5),
        "latency_p95_ms": percentile(ledger.latencies_ms, 0.95),
        "ui_late_p99_ms": percentile(busy, 0.99),
        "ui_late_max_ms": max(busy, default=float("nan")),
        "idle_p99_ms": percentile(idle, 0.99),
        "idle_max_ms": max(idle, default=float("nan")),
        "tile_width": float(view.tile_sizes()[0].width),
        "ready": float(ledger.ready.all),
    }
    view.close()
    engine.close()
    return figures


def main() -> None:
    """Measure what standard input orders."""
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    apply_theme(application)
    order = json.loads(sys.stdin.read())
    print(json.dumps(measure(order["urls"], order["window_s"])), flush=True)


if __name__ == "__main__":
    main()
