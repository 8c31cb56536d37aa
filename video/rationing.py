"""Keeps live pictures within their budget: measures what sessions take, and orders what is reduced."""

from collections.abc import Callable, Sequence

from domain.camera import Profile
from video.budget import Budget, Key, Limits, Load, Reductions
from video.load import LoadMeter
from video.seat import Seat
from video.source import Source
from video.wire import Counts, Reduce

_EVERY_S = 1.0
_SETTLE_S = 4.0  # after a session began: keyframes, catching up and tables make its first seconds dear
_LATE_S = 0.5  # a worker's loop that is so late
_LATE_TIMES = 3  # in a row, does not keep up


class Rationing:
    """Used on the engine's thread alone."""

    def __init__(self, seats: Sequence[Seat], limits: Limits, move: Callable[[Seat, Source, str], None]) -> None:
        self._seats = seats
        self._budget = Budget(limits)
        self._move = move
        self._meter = LoadMeter()
        self._reductions = Reductions()
        self._cores: dict[int, float] = {}
        self._heard: dict[int, float] = {}
        self._late: dict[int, int] = {}
        self._due_at = 0.0
        self._sources = frozenset[int]()

    def take(self, counts: Counts, now: float) -> None:
        """Take one session's counts."""
        self._meter.take(counts, now)

    def hear(self, seat: Seat, cpu_s: float, late_s: float, now: float) -> None:
        """Take what a worker says of itself."""
        before = self._heard.get(seat.number)
        if before is not None and now > before and cpu_s >= seat.cpu_s:
            self._cores[seat.number] = (cpu_s - seat.cpu_s) / (now - before)
        self._heard[seat.number], seat.cpu_s = now, cpu_s
        self._late[seat.number] = self._late.get(seat.number, 0) + 1 if late_s > _LATE_S else 0

    def look_when_due(self, now: float) -> None:
        """Judge once a second, and reduce or restore."""
        if now < self._due_at:
            return
        self._due_at = now + _EVERY_S
        sources = frozenset(number for seat in self._seats for number in seat.clients)
        if sources != self._sources:
            self._sources = sources
            self._due_at = now + _SETTLE_S
            return
        late = any(times >= _LATE_TIMES for times in self._late.values())
        self._apply(self._budget.look(self._loads(), sum(self._cores.values()), late=late))

    def remind(self, seat: Seat) -> None:
        """Tell a worker that was started again what is reduced."""
        self._cores.pop(seat.number, None)
        self._heard.pop(seat.number, None)
        self._late.pop(seat.number, None)
        for key in _reduced(seat, self._reductions):
            seat.order(Reduce(*key, on=True))

    def forget(self, key: Key) -> None:
        """Forget a session that nobody wants any more."""
        self._meter.forget(key)

    def _loads(self) -> dict[Key, Load]:
        """Return what each wished session takes, by the stream that really serves it."""
        loads: dict[Key, Load] = {}
        for seat in self._seats:
            for client in _sources(seat):
                wished = _wished(client)
                rate, rank = self._meter.rate(client.key), client.wish.rank
                if wished in loads:
                    rank = max(rank, loads[wished].rank)
                camera = client.camera
                smaller = wished[1] == Profile.MAIN and camera.sub_url not in {"", camera.main_url}
                loads[wished] = Load(rate.cpu_cores, rate.megabits, rank, has_smaller=smaller)
        return loads

    def _apply(self, wanted: Reductions) -> None:
        before, self._reductions = self._reductions, wanted
        if wanted == before:
            return
        for seat in self._seats:
            for client in _sources(seat):
                profile = Profile.SUB.value if _wished(client) in wanted.smaller else client.wish.profile
                if client.served != profile:
                    self._move(seat, client, profile)
            reduced_before, reduced = _reduced(seat, before), _reduced(seat, wanted)
            for key in reduced_before ^ reduced:
                seat.order(Reduce(*key, on=key in reduced))


def _sources(seat: Seat) -> list[Source]:
    return [client for client in seat.clients.values() if isinstance(client, Source)]


def _wished(source: Source) -> Key:
    return (source.camera.no, source.wish.profile)


def _reduced(seat: Seat, reductions: Reductions) -> set[Key]:
    """Return the sessions of a worker that only reduced sources look at."""
    whole = {source.key for source in _sources(seat) if _wished(source) not in reductions.keyframes_only}
    return {source.key for source in _sources(seat)} - whole
