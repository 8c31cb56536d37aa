"""Listening to what cameras notice, to hundreds of them: one thread that waits for all, and a few that talk.

A camera keeps silent for many seconds while it has nothing to tell. Meanwhile its connection lies in a selector and
holds no thread; threads are needed for the milliseconds of connecting, renewing and reading alone.
"""

import logging
import queue
import selectors
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from domain.camera import Camera
from domain.camera_event import CameraEvent
from domain.clock import Clock
from domain.sign_in_gate import SignInGate
from ptz.contacts import Contacts
from ptz.ear import NEVER, Ear, Hearing, Rest

_log = logging.getLogger(__name__)

CLOSE_WITHIN_S = 1.0
TALKERS = 8  # a dead camera holds one for 1.5 s; the others talk for milliseconds
_BROKEN_S = 60.0
_LAST_S = 0.1


@dataclass(frozen=True, slots=True)
class Heed:
    """How one camera is listened to; `detail` says why it is not heard."""

    camera_no: int
    hearing: Hearing
    detail: str


class Listening:
    """Listens to the cameras that it is told, with one pull point each.

    `report` is called on threads of this object, several at a time. A camera that does not answer is tried again after
    1, 2, 5, 15 and then every 60 s; one that refuses our password is left alone until a person retries. `contacts` and
    `gate` are shared with all else that signs in to cameras.
    """

    def __init__(
        self,
        contacts: Contacts,
        report: Callable[[CameraEvent], None],
        clock: Clock,
        gate: SignInGate,
        talkers: int = TALKERS,
    ) -> None:
        self._contacts = contacts
        self._report = report
        self._clock = clock
        self._lock = threading.Lock()
        self._wanted: dict[int, Camera] = {}
        self._retried: set[int] = set()
        # What the waiting thread alone changes. An ear either talks or rests.
        self._ears: dict[int, Ear] = {}
        self._talking: set[Ear] = set()
        self._rests: dict[Ear, Rest] = {}
        self._due: queue.SimpleQueue[Ear | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Ear, Rest]] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._bell = _Bell()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell.rung, selectors.EVENT_READ)
        self._threads = [threading.Thread(target=self._run, name="camera-events", daemon=True)]
        for number in range(1, talkers + 1):
            self._threads.append(threading.Thread(target=self._talk, name=f"camera-events-{number}", daemon=True))
        gate.watch(self._retry)

    def start(self) -> None:
        """Begin to listen."""
        for thread in self._threads:
            thread.start()

    def listen(self, cameras: Iterable[Camera]) -> None:
        """Listen to these and no others from now on; those without an ONVIF address are passed over."""
        with self._lock:
            self._wanted = {camera.no: camera for camera in cameras if camera.onvif_url}
        self._bell.ring()

    def state(self) -> tuple[Heed, ...]:
        """Return how each camera is listened to, by number."""
        return tuple(Heed(number, ear.hearing, ear.detail) for number, ear in sorted(self._ears.copy().items()))

    def close(self) -> None:
        """End all pull points and hang up, within a second."""
        ends_at = self._clock.monotonic() + CLOSE_WITHIN_S
        self._closing.set()
        self._bell.ring()
        self._join(ends_at - _LAST_S)
        for ear in self._ears.copy().values():
            ear.break_off()  # who has not ended yet gives up
        self._join(ends_at)
        if not self._threads[0].is_alive():  # the bell may still be pulled by who talks to a silent camera
            self._selector.close()
            self._bell.close()

    def _join(self, until: float) -> None:
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - self._clock.monotonic()))

    # On the thread that waits.

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._turn()
            except Exception:  # noqa: BLE001 - the outermost loop of a thread; logged
                _log.exception("listening to cameras went wrong")
        for ear in self._talking:
            ear.hurry()
        for ear in list(self._rests):
            self._have_done(ear)
        for _ in self._threads[1:]:
            self._due.put(None)

    def _turn(self) -> None:
        """Wait until there is something to do, and have it done."""
        for key, _ in self._selector.select(self._pause_s()):
            if key.data is None:
                self._bell.hush()
            else:
                self._have_done(key.data)
        self._take_back()
        self._follow_wishes()
        now = self._clock.monotonic()
        for ear in [ear for ear, rest in self._rests.items() if rest.until <= now]:
            self._have_done(ear)

    def _pause_s(self) -> float | None:
        soonest = min((rest.until for rest in self._rests.values()), default=NEVER)
        return None if soonest == NEVER else max(0.0, soonest - self._clock.monotonic())

    def _have_done(self, ear: Ear) -> None:
        """Have a camera's work done, or its pull point ended where it is not wanted any more."""
        rest = self._rests.pop(ear, None)
        if rest is not None and rest.sock is not None:
            self._selector.unregister(rest.sock)
        self._talking.add(ear)
        self._due.put(ear)

    def _take_back(self) -> None:
        """Take the cameras for which all has been done for now."""
        with suppress(queue.Empty):
            while True:
                ear, rest = self._done.get_nowait()
                self._talking.discard(ear)
                if ear.retired:
                    continue
                if rest.sock is not None:
                    self._selector.register(rest.sock, selectors.EVENT_READ, ear)
                self._rests[ear] = rest

    def _follow_wishes(self) -> None:
        """Begin what is newly wanted, end what is not wanted any more, and try what a person retried."""
        with self._lock:
            wanted, retried, self._retried = self._wanted, self._retried, set()
        for number, ear in list(self._ears.items()):
            if wanted.get(number) != ear.camera:
                ear.wanted = False
                del self._ears[number]
        for ear in list(self._rests):
            if not ear.wanted or (ear.camera.no in retried and ear.hearing is not Hearing.HEARD):
                self._have_done(ear)
        at_work = {ear.camera.no for ear in self._talking}  # an older entry's pull point ends before there is another
        with self._lock:
            self._retried |= retried & at_work  # who talks just now may yet be refused
        for number in wanted.keys() - self._ears.keys() - at_work:
            ear = self._ears[number] = Ear(wanted[number], self._contacts, self._report, self._clock)
            self._have_done(ear)

    # On the threads that talk.

    def _talk(self) -> None:
        while (ear := self._due.get()) is not None:
            rest = Rest(self._clock.monotonic() + _BROKEN_S)
            try:
                rest = self._worked(ear, rest)
            except Exception:  # noqa: BLE001 - the outermost loop of a thread; logged
                _log.exception("listening to camera %s went wrong", ear.camera.no)
                ear.hang_up()
            self._done.put((ear, rest))
            self._bell.ring()

    def _worked(self, ear: Ear, rest: Rest) -> Rest:
        if ear.wanted and not self._closing.is_set():
            rest = ear.work()
        if self._closing.is_set() or not ear.wanted:
            ear.retire()
        return rest

    # From any thread.

    def _retry(self, camera_no: int) -> None:
        with self._lock:
            self._retried.add(camera_no)
        self._bell.ring()


class _Bell:
    """Wakes a thread that waits in a selector."""

    def __init__(self) -> None:
        self.rung, self._pulled = socket.socketpair()
        self.rung.settimeout(0)
        self._pulled.settimeout(0)

    def ring(self) -> None:
        with suppress(OSError):  # full of rings that were not heard yet, or taken down
            self._pulled.send(b"!")

    def hush(self) -> None:
        with suppress(BlockingIOError):
            while self.rung.recv(4096):
                pass

    def close(self) -> None:
        self.rung.close()
        self._pulled.close()
