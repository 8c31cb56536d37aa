"""cv2.VideoCapture: one thread a camera reads, scales and hands over; one child widget a camera draws."""

import os
import threading
from collections.abc import Sequence

import cv2
from PySide6.QtGui import QImage

from bench.wall_roles.ledger import Ledger
from bench.wall_roles.players import TILE_H, TILE_W, ImageTile, Tiles, make_plain_application, poll_all, with_password
from bench.wall_roles.role import Figures, Order, answer


def capture(url: str, tile: ImageTile) -> None:
    """Read for ever."""
    camera = cv2.VideoCapture(with_password(url), cv2.CAP_FFMPEG)
    while True:
        there, picture = camera.read()
        if not there:
            return
        small = cv2.cvtColor(cv2.resize(picture, (TILE_W, TILE_H)), cv2.COLOR_BGR2BGRA)
        tile.hand_over(QImage(small.data, TILE_W, TILE_H, TILE_W * 4, QImage.Format.Format_RGB32).copy())


def measure(order: Order) -> Figures:
    """Return what it cost and showed."""
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp"
    cv2.setNumThreads(1)
    ledger = Ledger(len(order.cameras))
    tiles: Sequence[ImageTile] = [ImageTile(ledger, index) for index in range(len(order.cameras))]
    window = Tiles(tiles)
    polling = poll_all(tiles)
    for camera, tile in zip(order.cameras, tiles, strict=True):
        threading.Thread(target=capture, args=(camera.sub_url, tile), daemon=True).start()
    window.wait(lambda: ledger.ready.all)
    figures = window.look_at(ledger, order.window_s)
    polling.stop()
    return figures


if __name__ == "__main__":
    application = make_plain_application()
    answer(measure(Order.read()))
    os._exit(0)  # the reading threads have no end
