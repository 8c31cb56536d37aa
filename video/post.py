"""One stream worker's post, manned or not: starts the worker, watches it, and starts it again."""

import logging
import selectors
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from domain.errors import ProtocolError
from video.helper import Helper
from video.source import Client
from video.wire import Answer, Key, Order

HANGS_S = 8.0  # a worker speaks every second
_QUICK_S = 5.0  # a worker that dies younger than this is started again with growing pauses
_PAUSES_S = (0.0, 0.25, 0.5, 1.0)
_log = logging.getLogger(__name__)


class Owner(Protocol):
    """Who is told what happens at a post; the engine."""

    def started(self, post: "Post") -> None:
        """Bring everything to the worker that has just been started."""
        ...

    def gone(self, post: "Post", why: str) -> None:
        """Note that the worker is gone."""
        ...

    def answered(self, post: "Post", answer: Answer) -> None:
        """Take what the worker said."""
        ...


@dataclass(slots=True)
class Post:
    """One worker's post and who is served there; used on the engine's thread alone."""

    number: int
    start_helper: Callable[[], Helper]
    selector: selectors.BaseSelector
    owner: Owner
    helper: Helper | None = None
    up: bool = False
    clients: dict[int, Client] = field(default_factory=dict)
    cpu_s: float = 0.0
    late_s: float = 0.0
    _started_at: float = 0.0
    _heard_at: float = 0.0
    _start_at: float = 0.0
    _quick_deaths: int = 0

    def of(self, key: Key) -> list[Client]:
        """Return who is served by this session."""
        return [client for client in self.clients.values() if client.key == key]

    def of_camera(self, camera_no: int) -> list[Client]:
        """Return who is served by any session of this camera."""
        return [client for client in self.clients.values() if client.camera.no == camera_no]

    def start_when_due(self) -> None:
        """Start the worker where none runs and the pause is over."""
        now = time.monotonic()
        if self.helper is not None or now < self._start_at:
            return
        try:
            helper = self.start_helper()
        except OSError as error:
            self._start_at = now + _PAUSES_S[-1]
            _log.warning("video worker %d can't be started: %s", self.number + 1, error)
            return
        self.helper, self._started_at, self._heard_at = helper, now, now
        self.cpu_s = 0.0
        self.selector.register(helper.answers_fd, selectors.EVENT_READ, self)
        self.owner.started(self)

    def restart(self, why: str) -> None:
        """Let go of the worker; another one follows, after a pause where this one lived a short life."""
        helper, now = self.helper, time.monotonic()
        if helper is None:
            return
        _log.warning("video worker %d (process %d) is gone: %s", self.number + 1, helper.pid, why)
        self.drop()
        quick = now - self._started_at < _QUICK_S
        self._quick_deaths = min(self._quick_deaths + 1, len(_PAUSES_S) - 1) if quick else 0
        self._start_at = now + _PAUSES_S[self._quick_deaths]
        self.owner.gone(self, why)

    def start_over(self, pause_s: float) -> None:
        """Let go of the worker after what nobody expected."""
        if self.helper is not None:
            self.drop()
        self._start_at = time.monotonic() + pause_s

    def drop(self, patience_s: float = 0.0) -> None:
        """End the worker, if one runs."""
        helper, self.helper, self.up = self.helper, None, False
        if helper is None:
            return
        for watched in (helper.answers_fd, helper.orders_fd):
            with suppress(KeyError):
                self.selector.unregister(watched)
        helper.end(patience_s)

    def restart_if_hung(self) -> None:
        """Replace a worker that has said nothing for long."""
        if self.helper is not None and time.monotonic() - self._heard_at > HANGS_S:
            self.restart("it does not answer")

    def serve(self, events: int) -> None:
        """Do what its descriptors are ready for."""
        if self.helper is None:
            return
        if events & selectors.EVENT_WRITE:
            self.helper.send()
            self._watch_orders(self.helper)
        else:
            self._hear(self.helper)

    def order(self, order: Order, file: int | None = None) -> None:
        """Give the worker an order; without a worker nothing happens, the next one is brought everything."""
        if self.helper is None:
            return
        try:
            self.helper.order(order, file)
        except ProtocolError as error:
            self.restart(str(error))
        else:
            self._watch_orders(self.helper)

    def _hear(self, helper: Helper) -> None:
        try:
            answers = helper.hear()
        except ProtocolError as error:
            self.restart(str(error))
            return
        if answers is None:
            self.restart("it ended")
            return
        self._heard_at = time.monotonic()
        for answer in answers:
            if self.helper is helper:  # what one said that is gone since holds no more
                self.owner.answered(self, answer)

    def _watch_orders(self, helper: Helper) -> None:
        """Wait for the worker to listen exactly as long as orders are left."""
        watched = helper.orders_fd in self.selector.get_map()
        if helper.has_unsent and not watched:
            self.selector.register(helper.orders_fd, selectors.EVENT_WRITE, self)
        elif watched and not helper.has_unsent:
            self.selector.unregister(helper.orders_fd)
