"""The product's own engine and wall, watched: what every role that measures them stands on."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from bench.common import cpu_seconds, pss_mb
from bench.practice import EPOCH, FPS, PASSWORD, USER, CameraAddress, Practice
from bench.wall_roles.lateness import Lateness, turn
from bench.wall_roles.ledger import Ledger, read_counter
from bench.wall_roles.role import SETTLE_S, START_LIMIT_S, Figures
from domain.camera import Camera, Credentials, SiteKind
from domain.clock import Clock, SystemClock
from domain.layout import Layout
from domain.picture import Frame, FrameSource, PictureState, Subscription
from domain.place import Place
from video.engine import VideoEngine
from video.plan import RingPlan
from widgets.theme import apply_theme
from widgets.tile import TileContent
from widgets.wall import WallView

_IDLE_S = 1.0
_LOOK_S = 0.05


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


def make_application() -> QApplication:
    """Return the application as the console has it: look, and how soon a thread gives the interpreter away."""
    sys.setswitchinterval(0.0005)
    application = QApplication(sys.argv[:1])
    apply_theme(application)
    return application


def register_entry(address: CameraAddress) -> Camera:
    """Return a camera as the register has it."""
    return Camera(
        no=address.no,
        name=f"bench {address.no}",
        site="bench",
        site_kind=SiteKind.ROAD,
        district="bench",
        place=Place(37.39, 126.95),
        main_url=address.main_url,
        sub_url=address.sub_url,
        credentials="practice",
    )


class OurWall:
    """A full-screen window with the wall, and an engine; `profiles` names the tiles that show the main stream."""

    def __init__(
        self,
        practice: Practice,
        workers: int,
        *,
        profiles: Mapping[int, str] | None = None,
        layout: Layout | None = None,
        ring: Path | None = None,
    ) -> None:
        self.practice = practice
        self.profiles = dict(profiles or {})
        self.cameras = [register_entry(address) for address in practice.cameras]
        self.ledger = Ledger(len(self.cameras), {tile: FPS[name] for tile, name in self.profiles.items()})
        self.sources: list[FrameSource] = []
        self.subscribed_at = 0.0
        self.clock = SystemClock()
        self._layout = layout
        self.view = WatchedWall(self.ledger, self.clock)
        self.view.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.view.setGeometry(0, 0, 1920, 1080)
        self._show([TileContent(each) for each in self.cameras])
        self.view.show()
        turn(0.3)
        self.lateness = Lateness()
        self.idle = self.lateness.over(_IDLE_S)
        self.engine = VideoEngine(
            lambda _: Credentials(USER, PASSWORD),
            lambda _: None,
            self.clock,
            workers,
            ring=None if ring is None else RingPlan(ring),
        )

    @property
    def pids(self) -> list[int]:
        """Return the processes of wall and workers."""
        return [os.getpid(), *self.workers]

    @property
    def workers(self) -> list[int]:
        """Return the workers' processes."""
        return [pid for _, pid in self.engine.processes()]

    def open(self, *, keyframes_only: bool = False, awaited: Sequence[int] | None = None) -> bool:
        """Put every camera on the wall, and wait until the awaited tiles (None: all) have a picture; return whether."""
        self.engine.start()
        self.subscribed_at = time.time()
        contents = []
        for tile, (each, size) in enumerate(zip(self.cameras, self.view.tile_sizes(), strict=True)):
            wish = Subscription(
                each.no, self.profiles.get(tile, "sub"), size.width, size.height, keyframes_only=keyframes_only
            )
            self.sources.append(self.engine.subscribe(each, wish))
            contents.append(TileContent(each, Watched(self.ledger, tile, self.sources[-1])))
        self._show(contents)
        wanted = set(range(len(self.cameras)) if awaited is None else awaited)
        give_up = time.monotonic() + START_LIMIT_S
        while not wanted <= self.ledger.ready.seen and time.monotonic() < give_up:
            turn(_LOOK_S)
        turn(SETTLE_S)
        return wanted <= self.ledger.ready.seen

    def look(self, seconds: float) -> tuple[Figures, list[float]]:
        """Watch for so long; return cores and memory, and how late the window's thread was each time, in ms."""
        everybody, workers = self.pids, self.workers
        began, cpu, worker_cpu = time.monotonic(), cpu_seconds(everybody), cpu_seconds(workers)
        self.ledger.begin()
        busy = self.lateness.over(seconds)
        ended_at, lasted = self.ledger.end(), time.monotonic() - began
        figures = {
            "cores": (cpu_seconds(everybody) - cpu) / lasted,
            "worker_cores": (cpu_seconds(workers) - worker_cpu) / lasted,
            "pss_mb": pss_mb(everybody),
            "ended_at": ended_at,
            "same_workers": float(workers == self.workers),
        }
        return figures, busy

    def first_pictures_s(self, tiles: Sequence[int] | None = None) -> list[float]:
        """Return for each tile how long after the first keyframe that its camera sent it was seen; NaN if never."""
        sent = {(row["camera"], row["profile"]): row["first_no"] for row in self.practice.sent()}
        late = []
        for tile in range(len(self.cameras)) if tiles is None else tiles:
            seen, first_no = self.ledger.tiles[tile], sent.get((self.cameras[tile].no, self.profiles.get(tile, "sub")))
            known = seen.first_at is not None and first_no is not None
            late.append((seen.first_at or 0.0) - EPOCH - (first_no or 0) / seen.fps if known else float("nan"))
        return late

    def close(self) -> float:
        """End the engine, then the window; return how long the engine took, in ms."""
        began = time.monotonic()
        self.engine.close()
        took_ms = (time.monotonic() - began) * 1000
        self.view.close()
        return took_ms

    def _show(self, contents: Sequence[TileContent]) -> None:
        self.view.show_tiles(contents, self._layout)
