"""Passes news on to whoever listens, on the thread that brings it."""

import threading
from collections.abc import Callable, Hashable

from domain.news import LinkChanged, MotionChanged, News, SyncProgress

Listener = Callable[[News], None]


class Bulletin:
    """One place to bring news to; safe from any thread.

    How things stand (links, progress, movements) is remembered, so that a listener who comes later knows it too.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Listener, ...] = ()
        self._standing: dict[Hashable, News] = {}

    def listen(self, listener: Listener) -> None:
        """Tell this listener how things stand, and everything from now on; it must be quick and never raise."""
        with self._lock:
            standing = tuple(self._standing.values())
            self._listeners = (*self._listeners, listener)
        for news in standing:
            listener(news)

    def post(self, news: News) -> None:
        """Tell everybody."""
        with self._lock:
            listeners = self._listeners
            match news:
                case LinkChanged(name):
                    self._standing[name] = news
                case MotionChanged(state):
                    self._standing[state.camera_no] = news
                case SyncProgress():
                    self._standing[SyncProgress] = news
                case _:
                    pass
        for listener in listeners:
            listener(news)
