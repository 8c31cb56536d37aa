"""What the console hears of sessions and their pictures."""

import time
from collections.abc import Callable

from domain.news import News, PictureChanged
from domain.picture import LossReason
from video.post import Post
from video.source import Client, Source, Told
from video.wire import Key, PictureSaid


class SessionNews:
    """Tells each session's clients, and whom it may concern; used on the engine's thread alone."""

    def __init__(self, report: Callable[[News], None]) -> None:
        self._report = report
        self._said: dict[Key, Told] = {}

    def tell(self, post: Post, key: Key, told: Told) -> None:
        """Take how a session is."""
        clients = post.of(key)
        if not clients:
            return
        self._said[key] = told
        for client in clients:
            client.tell(told)
        self._announce(key, clients)

    def note(self, post: Post, said: PictureSaid) -> None:
        """Take how a session's picture is."""
        key = (said.camera, said.profile)
        clients = post.of(key)
        for client in clients:
            client.note(said)
        self._announce(key, clients)

    def lose(self, post: Post, key: Key) -> None:
        """Tell that no worker serves a session now; a refused password stays what there is to know of it."""
        told = self._said.get(key)
        if told is None or told.reason is not LossReason.WRONG_PASSWORD:
            self.tell(post, key, Told(time.monotonic(), LossReason.WORKER_GONE))

    def forget(self, key: Key) -> None:
        """Forget a session that is over."""
        self._said.pop(key, None)

    def refuse(self, client: Client) -> None:
        """Tell of one that can't be served."""
        self._announce(client.key, [client])

    def _announce(self, key: Key, clients: list[Client]) -> None:
        if clients:
            # The one that has had a picture for longest knows when the newest one came.
            first = next((client for client in clients if isinstance(client, Source)), clients[0])
            self._report(PictureChanged(*key, first.state_for_news()))
