"""The control of the wall bench: one PyAV thread a camera, decoded frames thrown away."""

import json
import os
import sys
import threading
import time
from collections.abc import Sequence

import av
import av.logging

from bench.common import cpu_seconds, pss_mb
from bench.wall_roles.ledger import PASSWORD, SETTLE_S, START_LIMIT_S, USER, Figures, Ready

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


def measure(urls: Sequence[str], window_s: float) -> Figures:
    """Return cores, frames a second and memory."""
    av.logging.set_level(av.logging.PANIC)
    control, pause, give_up = DecodeOnly(urls), threading.Event(), time.monotonic() + START_LIMIT_S
    while not control.ready.all and time.monotonic() < give_up:
        pause.wait(0.02)
    pause.wait(SETTLE_S)
    me, before, began = [os.getpid()], control.frames, time.monotonic()
    cpu = cpu_seconds(me)
    pause.wait(window_s)
    lasted = time.monotonic() - began
    return {
        "cores": (cpu_seconds(me) - cpu) / lasted,
        "fps": (control.frames - before) / lasted,
        "pss_mb": pss_mb(me),
        "ready": float(control.ready.all),
    }


if __name__ == "__main__":
    order = json.loads(sys.stdin.read())
    print(json.dumps(measure(order["urls"], order["window_s"])), flush=True)
    os._exit(0)  # the decoding threads have no end
