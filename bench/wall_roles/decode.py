"""The control of the wall bench: one PyAV thread a camera, decoded frames thrown away."""

import os
import threading
import time
from collections.abc import Sequence

import av
import av.logging

from bench.common import cpu_seconds, pss_mb
from bench.practice import PASSWORD, USER
from bench.wall_roles.ledger import Ready
from bench.wall_roles.role import SETTLE_S, START_LIMIT_S, Figures, Order, answer

OPTIONS = {"rtsp_transport": "tcp", "probesize": "32768", "analyzeduration": "100000", "fpsprobesize": "0"}


class DecodeOnly:
    """Decodes every camera."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.ready = Ready(len(urls))
        self.frames = 0
        for index, url in enumerate(urls):
            threading.Thread(target=self._decode, args=(index, url), daemon=True).start()

    def _decode(self, index: int, url: str) -> None:
        address = url.replace("rtsp://", f"rtsp://{USER}:{PASSWORD}@")
        container = av.open(address, options=OPTIONS, timeout=(10, 10))
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for _ in container.decode(stream):
            self.ready.seen.add(index)
            self.frames += 1


def measure(order: Order) -> Figures:
    """Return cores, frames a second and memory."""
    av.logging.set_level(av.logging.PANIC)
    main = bool(order.said.get("main"))
    urls = [camera.main_url if main else camera.sub_url for camera in order.cameras]
    control, pause, give_up = DecodeOnly(urls), threading.Event(), time.monotonic() + START_LIMIT_S
    while not control.ready.all and time.monotonic() < give_up:
        pause.wait(0.02)
    pause.wait(SETTLE_S)
    me, before, began = [os.getpid()], control.frames, time.monotonic()
    cpu = cpu_seconds(me)
    pause.wait(order.window_s)
    lasted = time.monotonic() - began
    return {
        "cores": (cpu_seconds(me) - cpu) / lasted,
        "fps": (control.frames - before) / lasted,
        "pss_mb": pss_mb(me),
        "ready": float(control.ready.all),
    }


if __name__ == "__main__":
    answer(measure(Order.read()))
    os._exit(0)  # the decoding threads have no end
