"""The watchdog's own process: stops every armed camera when the console dies or hangs.

It speaks to cameras with nothing but the standard library, starts in a session of its own, and lives on for the
seconds that it needs when the console is killed.
"""

import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType

from domain.clock import Clock, SystemClock
from domain.errors import CredentialsError, WatchroomError
from ptz.arming import SILENCE_S, STOP_AT_S, Arming, decoded, encoded
from ptz.calming import zero_envelope
from ptz.signing import Signer
from ptz.soap import check_stopped, stop_envelope
from ptz.voice import CLOCK_WAS_SET_S
from ptz.wire import Line, dated

LAST_WORD_S = 2.8  # it is gone 3 s after the console, whatever a camera does


@dataclass(frozen=True, slots=True)
class _Armed:
    arming: Arming
    until: float


@dataclass(frozen=True, slots=True)
class _Heard:
    at: float
    line: bytes  # empty at the end of the pipe


class Guard:
    """Holds what is armed, and stops it when the beats stay out, the pipe ends or a deadline passes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heard: queue.SimpleQueue[_Heard] = queue.SimpleQueue()
        self._armed: dict[int, _Armed] = {}
        self._beat_at = clock.monotonic()
        self._stops: list[threading.Thread] = []
        self._ahead_s: dict[int, float] = {}  # how far a camera's clock is ahead, where it was set since the arming
        self._refused: set[int] = set()  # armings whose password is not taken: once more could lock the account
        self._rearmed = threading.Lock()

    def run(self) -> None:
        """Watch until the console is gone or silent while a camera is armed; return when all Stops were sent."""
        threading.Thread(target=self._listen, name="pipe", daemon=True).start()
        self._say({"said": "ready"})
        why = ""
        while not why:
            try:
                heard = self._heard.get(timeout=self._patience_s())
            except queue.Empty:
                why = self._judge()
                continue
            why = "pipe ended" if not heard.line else self._obey(heard)
        self._fire(why)

    def end(self, signum: int, frame: FrameType | None) -> None:
        """Do as if the pipe had ended (a signal handler)."""
        del signum, frame
        self._heard.put(_Heard(self._clock.monotonic(), b""))

    def _listen(self) -> None:
        for line in _lines(sys.stdin.fileno()):
            self._heard.put(_Heard(self._clock.monotonic(), line))
        self._heard.put(_Heard(self._clock.monotonic(), b""))

    def _patience_s(self) -> float | None:
        if not self._armed:
            return None
        next_at = min(self._beat_at + SILENCE_S, *(armed.until for armed in self._armed.values()))
        return max(0.0, next_at - self._clock.monotonic())

    def _judge(self) -> str:
        """Return why everything must stop, or an empty string; stop alone what passed its deadline."""
        now = self._clock.monotonic()
        if self._armed and now >= self._beat_at + SILENCE_S:
            return "no beat"
        for camera, armed in list(self._armed.items()):
            if now >= armed.until:
                self._say({"said": "lapsed", "camera": camera, "id": armed.arming.id})
                self._stop(armed.arming)
                with self._rearmed:
                    del self._armed[camera]
        return ""

    def _obey(self, heard: _Heard) -> str:
        fields = decoded(heard.line)
        match fields.get("do"):
            case "beat":
                self._beat_at = heard.at
                self._say({"said": "beat"})
            case "arm":
                self._arm(fields, heard.at)
            case "disarm":
                armed = self._armed.get(fields.get("camera", -1))
                if armed is not None and armed.arming.id <= fields.get("id", -1):
                    del self._armed[armed.arming.camera]
            case _:
                pass  # a newer console's word
        return self._judge()

    def _arm(self, fields: dict[str, object], at: float) -> None:
        if at - self._beat_at > SILENCE_S:
            return  # nobody beats, so nothing may move: no confirmation
        try:
            arming = Arming.of(fields)
        except (LookupError, TypeError, ValueError):
            return
        with self._rearmed:
            self._armed[arming.camera] = _Armed(arming, at + arming.deadline_s)
        self._say(arming.confirmed)

    def _fire(self, why: str) -> None:
        armed = [one.arming for one in self._armed.values()]
        self._armed = {}
        for arming in armed:
            self._stop(arming)
        self._say({"said": "fired", "why": why, "cameras": [arming.camera for arming in armed]})
        ends_at = self._clock.monotonic() + LAST_WORD_S
        for stop in self._stops:
            stop.join(max(0.0, ends_at - self._clock.monotonic()))

    def _stop(self, arming: Arming) -> None:
        """Send Stop now and at each later moment, on a connection each: one that hangs delays no other.

        All of them leave even when the first is answered: a move may still be on its way into the camera.
        """
        self._stops = [stop for stop in self._stops if stop.is_alive()]
        for after_s in STOP_AT_S:
            stop = threading.Thread(
                target=self._send, args=(arming, after_s), name=f"stop {arming.camera}", daemon=True
            )
            stop.start()
            self._stops.append(stop)

    def _send(self, arming: Arming, after_s: float) -> None:
        threading.Event().wait(after_s)
        with self._rearmed:
            armed = self._armed.get(arming.camera)
            if armed is not None and armed.arming.id > arming.id:
                return  # it is moved anew, under a new deadline
        if arming.id in self._refused:
            return
        line = Line(arming.endpoint, self._clock, pin=arming.pin)
        with suppress(WatchroomError), closing(line):  # the next one tries again
            ahead_s = self._ahead_s.get(arming.id, arming.offset_s)
            try:
                self._say_stop(line, arming, ahead_s)
            except CredentialsError:
                told = dated(line.date)  # the refusal tells the camera's time
                now_s = (told - self._clock.now()).total_seconds() if told else ahead_s
                if abs(now_s - ahead_s) <= CLOCK_WAS_SET_S:
                    self._refused.add(arming.id)
                    raise
                self._ahead_s[arming.id] = now_s
                self._say_stop(line, arming, now_s)

    def _say_stop(self, line: Line, arming: Arming, ahead_s: float) -> None:
        ahead = timedelta(seconds=ahead_s)
        signer = Signer(
            arming.credentials, lambda: self._clock.now() + ahead, arming.auth, basic_allowed=arming.basic_allowed
        )
        check_stopped(signer.post(line, arming.endpoint, stop_envelope(arming.profile, None, self._clock.now())))
        if any(arming.zero):  # the other way to stop: one camera answers Stop and turns on
            signer.post(line, arming.endpoint, zero_envelope(arming.profile, arming.zero))

    def _say(self, fields: dict[str, object]) -> None:
        with suppress(OSError):  # the console is gone; its cameras still have to be stopped
            os.write(sys.stdout.fileno(), encoded(fields))


def _lines(fd: int) -> Iterator[bytes]:
    rest = b""
    while True:
        try:
            piece = os.read(fd, 65536)
        except OSError:
            return
        if not piece:
            return
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line for line in whole if line)


def main() -> None:
    """Watch over the pipe on standard input; never returns."""
    guard = Guard(SystemClock())
    signal.signal(signal.SIGTERM, guard.end)
    for name in ("SIGINT", "SIGHUP"):  # the terminal's, meant for the console
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    guard.run()
    os._exit(0)  # sends that still hang do not keep it
