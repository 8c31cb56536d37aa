"""QMediaPlayer, one with a QVideoWidget for each camera. Frames count when they reach the widget's sink."""

import os
from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame
from PySide6.QtMultimediaWidgets import QVideoWidget

from bench.wall_roles.ledger import Ledger, read_luma_counter
from bench.wall_roles.players import Tiles, make_plain_application, with_password
from bench.wall_roles.role import Figures, Order, answer


def note(ledger: Ledger, tile: int) -> Callable[[QVideoFrame], None]:
    """Return what notes a frame of this tile."""

    def took(frame: QVideoFrame) -> None:
        if not frame.map(QVideoFrame.MapMode.ReadOnly):
            return
        luma = memoryview(frame.bits(0))
        ledger.drawn(tile, read_luma_counter(luma, frame.width(), frame.height(), frame.bytesPerLine(0)))
        frame.unmap()
        ledger.painted(tile)

    return took


def measure(order: Order) -> Figures:
    """Return what it cost and showed."""
    ledger = Ledger(len(order.cameras))
    widgets = [QVideoWidget() for _ in order.cameras]
    window = Tiles(widgets)
    players = []
    for tile, (camera, widget) in enumerate(zip(order.cameras, widgets, strict=True)):
        player = QMediaPlayer()
        player.setVideoOutput(widget)
        widget.videoSink().videoFrameChanged.connect(note(ledger, tile))
        player.setSource(QUrl(with_password(camera.sub_url)))
        player.play()
        players.append(player)
    window.wait(lambda: ledger.ready.all)
    return window.look_at(ledger, order.window_s)


if __name__ == "__main__":
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")
    application = make_plain_application()
    answer(measure(Order.read()))
    os._exit(0)  # players that have not opened yet hold up an ordinary end
