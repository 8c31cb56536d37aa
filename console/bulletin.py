"""Passes news on to whoever listens, on the thread that brings it."""

import threading
from collections.abc import Callable

from domain.news import News

Listener = Callable[[News], None]


class Bulletin:
    """One place to bring news to; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Listener, ...] = ()

    def listen(self, listener: Listener) -> None:
        """Have everything from now on told to this listener too; it must be quick and never raise."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def post(self, news: News) -> None:
        """Tell everybody."""
        for listener in self._listeners:
            listener(news)
