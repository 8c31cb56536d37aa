"""Keeps live pictures within their budget: measures what sessions take, and orders what is reduced."""

import time
from collections.abc import Callable

from domain.camera import Profile
from video.budget import Budget, Limits, Load, Reductions
from video.crew import Crew
from video.load import LoadMeter, Rate
from video.post import Post
from video.source import Client, KeptOpen, Source
from video.wire import Counts, Key, Reduce

_EVERY_S = 1.0
_SETTLE_S = 4.0  # after a session began: keyframes, catching up and tables make its first seconds dear
_SETTLED_S = 15.0  # tours open sessions all the time: so long after the last look there is one in any case
_LATE_S = 0.5  # a worker's loop that is so late
_LATE_TIMES = 3  # in a row, does not keep up


class Rationing:
    """Used on the engine's thread alone."""

    def __init__(self, crew: Crew, limits: Limits, move: Callable[[Post, Source, Key], None]) -> None:
        self._crew = crew
        self._budget = Budget(limits)
        self._move = move
        self._meter = LoadMeter()
        self._reductions = Reductions()
        self._ordered: dict[int, set[Key]] = {}  # what each worker decodes keyframes only of
        self._cores: dict[int, float] = {}
        self._heard: dict[int, float] = {}
        self._late: dict[int, int] = {}
        self._looked_at = time.monotonic()
        self._due_at = 0.0
        self._sources = frozenset[int]()

    def take(self, counts: Counts, now: float) -> None:
        """Take one session's counts."""
        self._meter.take(counts, now)

    def hear(self, post: Post, cpu_s: float, late_s: float, now: float) -> None:
        """Take what a worker says of itself."""
        before = self._heard.get(post.number)
        if before is not None and now > before and cpu_s >= post.cpu_s:
            self._cores[post.number] = (cpu_s - post.cpu_s) / (now - before)
        self._heard[post.number], post.cpu_s = now, cpu_s
        self._late[post.number] = self._late.get(post.number, 0) + 1 if late_s > _LATE_S else 0

    def look_when_due(self, now: float) -> None:
        """Judge once a second, and reduce or restore."""
        if now < self._due_at:
            return
        self._due_at = now + _EVERY_S
        sources = frozenset(number for post in self._crew for number in post.clients)
        if sources != self._sources and now - self._looked_at < _SETTLED_S:
            self._sources = sources
            self._due_at = now + _SETTLE_S
            return
        self._looked_at = now
        late = any(times >= _LATE_TIMES for times in self._late.values())
        self._reductions = self._budget.look(self._loads(), self._total(), late=late)
        for post in self._crew:
            self.settle(post)

    def place(self, client: Client) -> None:
        """Have one that comes be served by the session of those that want the same."""
        if isinstance(client, Source):
            client.key = self._session_for(client)

    def settle(self, post: Post) -> None:
        """Order what differs from what was ordered: the budget was looked at, or somebody came or went."""
        for source in _sources(post):
            session = self._session_for(source)
            if source.key != session:
                self._move(post, source, session)
        before, reduced = self._ordered.get(post.number, set()), self._reduced(post)
        for key in before ^ reduced:
            post.order(Reduce(*key, on=key in reduced))
        self._ordered[post.number] = reduced

    def begin(self, post: Post) -> None:
        """Tell a worker that was started what is reduced."""
        self._ordered.pop(post.number, None)
        self._cores.pop(post.number, None)
        self._heard.pop(post.number, None)
        self._late.pop(post.number, None)
        self.settle(post)

    def forget(self, key: Key) -> None:
        """Forget a session that nobody wants any more."""
        self._meter.forget(key)

    def _loads(self) -> dict[Key, Load]:
        """Return what each wished session takes, by the stream that really serves it."""
        loads: dict[Key, Load] = {}
        kept = {client.key for post in self._crew for client in post.clients.values() if isinstance(client, KeptOpen)}
        for source in (source for post in self._crew for source in _sources(post)):
            wished, rate, rank = source.wished, self._meter.rate(source.key), source.wish.rank
            if wished in loads:
                rank = max(rank, loads[wished].rank)
            smaller = _smaller(source) != wished and wished not in kept  # what is recorded stays open anyway
            loads[wished] = Load(rate.cpu_cores, rate.megabits, rank, has_smaller=smaller)
        return loads

    def _total(self) -> Rate:
        """Return what everything takes, recording included."""
        sessions = {client.key for post in self._crew for client in post.clients.values()}
        megabits = sum(self._meter.rate(key).megabits for key in sessions)
        return Rate(sum(self._cores.values()), megabits)

    def _session_for(self, source: Source) -> Key:
        return _smaller(source) if source.wished in self._reductions.smaller else source.wished

    def _reduced(self, post: Post) -> set[Key]:
        """Return the sessions of a worker that only reduced sources look at."""
        sources = _sources(post)
        whole = {source.key for source in sources if source.wished not in self._reductions.keyframes_only}
        return {source.key for source in sources} - whole


def _sources(post: Post) -> list[Source]:
    return [client for client in post.clients.values() if isinstance(client, Source)]


def _smaller(source: Source) -> Key:
    return source.camera.no, source.camera.profile(Profile.SUB).value
