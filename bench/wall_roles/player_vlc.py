"""libVLC in two ways: drawing into windows by itself (set_xwindow), or handing pictures over in memory (vmem).

Debian's libVLC speaks no RTSP: the pictures come as MPEG transport streams over UDP, live, from a process that is not
counted. That spares libVLC what the others pay for RTSP.
"""

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vlc
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from bench.practice import FPS
from bench.wall_roles.lateness import turn
from bench.wall_roles.ledger import Ledger, read_counter
from bench.wall_roles.players import TILE_H, TILE_W, ImageTile, Tiles, make_plain_application, poll_all
from bench.wall_roles.role import Figures, Order, answer

_CACHE_MS = 500  # of the network; with 200 and less its picture stood still, with the usual 1000 it comes a second late
_PLUGIN = "video_output/libxcb_x11_plugin.so"
_SAMPLES = 60
NAN = float("nan")


class Memory:
    """One player's buffer, from which each finished picture is handed over."""

    def __init__(self, player: Any, tile: ImageTile) -> None:
        self._tile = tile
        self._buffer = ctypes.create_string_buffer(TILE_W * TILE_H * 4)
        self._callbacks = (
            vlc.CallbackDecorators.VideoLockCb(self._lock),
            vlc.CallbackDecorators.VideoDisplayCb(self._display),
        )
        player.video_set_format("RV32", TILE_W, TILE_H, TILE_W * 4)
        player.video_set_callbacks(self._callbacks[0], None, self._callbacks[1], None)

    def _lock(self, _opaque: Any, planes: Any) -> int:
        ctypes.cast(planes, ctypes.POINTER(ctypes.c_void_p))[0] = ctypes.addressof(self._buffer)
        return 0

    def _display(self, _opaque: Any, _picture: Any) -> None:
        image = QImage(memoryview(self._buffer), TILE_W, TILE_H, TILE_W * 4, QImage.Format.Format_RGB32)
        self._tile.hand_over(image.copy())


def players(feeds: Sequence[str], *, window: bool) -> tuple[Any, list[Any], list[Any]]:
    """Return an instance, its players and their media, not playing yet."""
    output = ["--vout=xcb_x11"] if window else []
    instance = vlc.Instance("--no-audio", "--quiet", f"--network-caching={_CACHE_MS}", *output)
    media = [instance.media_new(feed) for feed in feeds]
    made = []
    for medium in media:
        player = instance.media_player_new()
        player.set_media(medium)
        made.append(player)
    return instance, made, media


def displayed(media: Sequence[Any]) -> int:
    """Return how many pictures libVLC says it has displayed."""
    total = 0
    for medium in media:
        statistics = vlc.MediaStats()
        if medium.get_stats(statistics):
            total += statistics.displayed_pictures
    return total


def in_memory(order: Order) -> Figures:
    """Measure vmem."""
    ledger = Ledger(len(order.cameras))
    tiles = [ImageTile(ledger, index) for index in range(len(order.cameras))]
    window = Tiles(tiles)
    polling = poll_all(tiles)
    _instance, made, _media = players(order.said["feeds"], window=False)
    _memories = [Memory(player, tile) for player, tile in zip(made, tiles, strict=True)]
    for player in made:
        player.play()
    window.wait(lambda: ledger.ready.all)
    figures = window.look_at(ledger, order.window_s)
    polling.stop()
    return figures


def in_windows(order: Order) -> Figures:
    """Measure set_xwindow; what is shown is libVLC's own count, the latency is read off the screen afterwards."""
    if not has_window_output():
        raise SystemExit("libVLC has no output for X11 here (Debian: vlc-plugin-video-output)")
    widgets = [QWidget() for _ in order.cameras]
    window = Tiles(widgets)
    _instance, made, media = players(order.said["feeds"], window=True)
    for player, widget in zip(made, widgets, strict=True):
        player.set_xwindow(int(widget.winId()))
        player.play()
    ready = window.wait(lambda: displayed(media) >= 5 * len(media))
    before = displayed(media)
    figures = window.look(order.window_s)
    shown = (displayed(media) - before) / (order.window_s * FPS["sub"] * len(media))
    return figures | {"shown": min(1.0, shown), "ready": float(ready)} | off_the_screen(window, widgets)


def off_the_screen(window: Tiles, widgets: Sequence[QWidget]) -> Figures:
    """Return the latency of what can be read off the screen, some pictures of each tile in turn."""
    ledger, screen = Ledger(len(widgets)), window.window.screen()
    ledger.begin()
    for sample in range(_SAMPLES):
        tile = sample % len(widgets)
        image = screen.grabWindow(int(widgets[tile].winId())).toImage().convertToFormat(QImage.Format.Format_RGB32)
        if image.width() >= TILE_W:
            ledger.drawn(tile, read_counter(memoryview(image.constBits()), TILE_W, TILE_H, image.bytesPerLine()))
            ledger.painted(tile)
        turn(0.02)
    return {"latency_p50_ms": ledger.latency_ms(0.5), "latency_p95_ms": ledger.latency_ms(0.95)}


def has_window_output() -> bool:
    """Return whether libVLC can draw into windows here."""
    folders = [*os.environ.get("VLC_PLUGIN_PATH", "").split(":"), *map(str, Path("/usr/lib").glob("*/vlc/plugins"))]
    return any((Path(folder) / _PLUGIN).exists() for folder in folders if folder)


if __name__ == "__main__":
    application = make_plain_application()
    order = Order.read()
    answer(in_windows(order) if order.said["mode"] == "window" else in_memory(order))
    os._exit(0)  # libVLC may wait for seconds for what it plays
