"""People on their way home, and the phones in their pockets."""

import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

from domain.clock import Clock
from domain.fact import Json
from domain.place import Place
from simulation.agenda import Agenda
from simulation.answered import AnsweredMessages
from simulation.field import FieldNetwork
from simulation.journal import stamp
from simulation.profile import WayHome

_M_PER_DEGREE = 111_195.0  # of latitude, on the mean sphere
_GPS_SPREAD_M = 3.0
_HOLD_S = 6.0  # how long a phone keeps its fixes for the room to have taken the session
_BACKLOG_EVERY_S = 20.0
_PAUSE_S = 60.0


class Path:
    """A line over the ground that is walked from its beginning."""

    def __init__(self, points: Sequence[Place]) -> None:
        self._points = tuple(points)
        self._starts = [0.0]
        for before, after in pairwise(self._points):
            self._starts.append(self._starts[-1] + before.distance_m(after))

    @property
    def length_m(self) -> float:
        """Return how long it is."""
        return self._starts[-1]

    def at(self, walked_m: float) -> Place:
        """Return the place after so many metres, the end where it is shorter."""
        for index in range(1, len(self._points)):
            if walked_m < self._starts[index]:
                before, after = self._points[index - 1], self._points[index]
                share = max(0.0, walked_m - self._starts[index - 1]) / (self._starts[index] - self._starts[index - 1])
                return between(before, after, share)
        return self._points[-1]


def between(start: Place, end: Place, share: float) -> Place:
    """Return the place that lies so far (0..1) along the straight line."""
    return Place(start.lat + (end.lat - start.lat) * share, start.lon + (end.lon - start.lon) * share)


class Phone:
    """One guardian session: sends start, fixes, sos and arrive as the contract says."""

    def __init__(
        self,
        source: str,
        way: WayHome,
        network: FieldNetwork,
        answered: AnsweredMessages,
        agenda: Agenda,
        clock: Clock,
        chance: random.Random,
    ) -> None:
        self.session = f"walk-{uuid4().hex[:12]}"
        self._source = source
        self._way = way
        self._network = network
        self._answered = answered
        self._agenda = agenda
        self._clock = clock
        self._chance = chance
        self._held: list[dict[str, Json]] | None = []
        self._battery = 70.0 + chance.uniform(-15, 15)

    def start(self, at: datetime, eta: datetime) -> None:
        """Open the session; fixes are kept until the room has taken it, but not for long."""
        way = self._way
        body = self._body(at)
        body |= {"traveller": way.traveller, "guardians": list(way.guardians), "phone": way.phone, "eta": stamp(eta)}
        body["route"] = [[point.lat, point.lon] for point in way.route]
        self._answered.send(self._source, self._topic("start"), body, "stored", self._release)
        self._agenda.after(_HOLD_S, self._release)

    def fix(self, place: Place, at: datetime | None = None) -> None:
        """Report where she is, as well as a phone knows."""
        accuracy_m = round(self._chance.uniform(4, 12), 1)
        self._battery = max(1.0, self._battery - 0.01)
        noisy = self._blurred(place)
        body = self._body(at or self._clock.now())
        body |= {"lat": noisy.lat, "lon": noisy.lon, "accuracy_m": accuracy_m, "battery": round(self._battery)}
        if self._held is None:
            self._network.send(self._source, self._topic("fix"), body)
        else:
            self._held.append(body)

    def call_for_help(self, place: Place) -> None:
        """Send an SOS until an operator has seen it."""
        self._release()
        self._answered.send(self._source, self._topic("sos"), self._placed(place), "shown")

    def arrive(self, place: Place) -> None:
        """Report that she is home."""
        self._release()
        self._answered.send(self._source, self._topic("arrive"), self._placed(place), "stored")

    def _release(self) -> None:
        held, self._held = self._held or [], None
        for body in held:
            self._network.send(self._source, self._topic("fix"), body)

    def _placed(self, place: Place) -> dict[str, Json]:
        noisy = self._blurred(place)
        return self._body(self._clock.now()) | {"lat": noisy.lat, "lon": noisy.lon}

    def _body(self, at: datetime) -> dict[str, Json]:
        return {"id": str(uuid4()), "at": stamp(at)}

    def _topic(self, what: str) -> str:
        return f"guardian/{self.session}/{what}"

    def _blurred(self, place: Place) -> Place:
        north_m, east_m = self._chance.gauss(0, _GPS_SPREAD_M), self._chance.gauss(0, _GPS_SPREAD_M)
        east = east_m / (_M_PER_DEGREE * math.cos(math.radians(place.lat)))
        return Place(round(place.lat + north_m / _M_PER_DEGREE, 6), round(place.lon + east, 6))


class Errand:
    """Somebody who walks a path: where she is at any moment, and what her phone could not send before."""

    def __init__(self, path: Path, speed_mps: float, began: datetime) -> None:
        self._path = path
        self._speed_mps = speed_mps
        self._began = began

    def place(self, at: datetime) -> Place:
        """Return where she is then."""
        return self._path.at((at - self._began).total_seconds() * self._speed_mps)

    def done(self, at: datetime) -> bool:
        """Whether she has come to the end by then."""
        return (at - self._began).total_seconds() * self._speed_mps >= self._path.length_m

    def moments(self, until: datetime) -> list[datetime]:
        """Return the moments, 20 s apart, at which a phone took its fixes on the way so far."""
        count = int((until - self._began).total_seconds() / _BACKLOG_EVERY_S)
        return [self._began + timedelta(seconds=_BACKLOG_EVERY_S * turn) for turn in range(count)]


class RoutineWalker:
    """Somebody who walks home, arrives, and after a while does it again."""

    def __init__(
        self,
        way: WayHome,
        network: FieldNetwork,
        answered: AnsweredMessages,
        agenda: Agenda,
        clock: Clock,
        chance: random.Random,
    ) -> None:
        self._way = way
        self._network = network
        self._answered = answered
        self._agenda = agenda
        self._clock = clock
        self._chance = chance
        self.sessions = 0

    def set_out(self) -> None:
        """Begin a walk; the next begin by themselves."""
        now = self._clock.now()
        phone = Phone("walker/1", self._way, self._network, self._answered, self._agenda, self._clock, self._chance)
        path = Path(self._way.route)
        self.sessions += 1
        phone.start(now, now + timedelta(seconds=path.length_m / self._way.speed_mps))
        self._step(phone, Errand(path, self._way.speed_mps, now))

    def _step(self, phone: Phone, errand: Errand) -> None:
        now = self._clock.now()
        phone.fix(errand.place(now), now)
        if errand.done(now):
            phone.arrive(errand.place(now))
            self._agenda.after(_PAUSE_S, self.set_out)
        else:
            self._agenda.after(self._chance.uniform(2.0, 5.0), lambda: self._step(phone, errand))
