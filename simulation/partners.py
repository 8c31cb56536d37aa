"""Partner agencies and their units: they take requests, go there, and say how far they are."""

import json
from datetime import datetime
from uuid import uuid4

from domain.clock import Clock
from domain.fact import Json
from domain.place import Place
from simulation.agenda import Agenda
from simulation.field import FieldNetwork
from simulation.journal import Journal, stamp
from simulation.profile import Agency, CityProfile, UnitPost
from simulation.walker import between

AVAILABLE, DISPATCHED, EN_ROUTE = "available", "dispatched", "en_route"
ON_SCENE, RETURNING = "on_scene", "returning"

_IDLE_FIX_S = 5.0
_MOVING_FIX_S = 1.0
_STATUS_AGAIN_S = 30.0  # so that a console that comes later knows too
_OFF_AFTER_S = 2.0
_ACCEPT_AFTER_S = 1.0
_TRAVEL_S = 10.0


class Unit:
    """A patrol car, ambulance or team."""

    def __init__(
        self, number: int, post: UnitPost, network: FieldNetwork, agenda: Agenda, clock: Clock, journal: Journal
    ) -> None:
        self.post = post
        self.status = AVAILABLE
        self.place = post.place
        self._source = f"unit/{number}"
        self._incident = ""
        self._network = network
        self._agenda = agenda
        self._clock = clock
        self._journal = journal
        self._journey: tuple[Place, Place, datetime, float] | None = None

    def begin(self) -> None:
        """Go on duty."""
        self._agenda.every(_STATUS_AGAIN_S, self._tell_status)
        self._tell_place()

    def send_to(self, scene: Place, incident: str = "", travel_s: float = _TRAVEL_S) -> None:
        """Send it there: dispatched now, en route 2 s later, on scene after the journey."""
        self._incident = incident
        self._set(DISPATCHED)
        self._agenda.after(_OFF_AFTER_S, lambda: self._set_off(scene, travel_s))

    def let_go(self) -> None:
        """Send it home."""
        self._set(RETURNING)
        self._travel(self.post.place, _TRAVEL_S)
        self._agenda.after(_TRAVEL_S, self._be_available)

    def _set_off(self, scene: Place, travel_s: float) -> None:
        if self.status == DISPATCHED:
            self._set(EN_ROUTE)
            self._travel(scene, travel_s)
            self._agenda.after(travel_s, self._be_there)

    def _be_there(self) -> None:
        if self.status == EN_ROUTE:
            self._set(ON_SCENE)

    def _be_available(self) -> None:
        if self.status == RETURNING:
            self._incident = ""
            self._set(AVAILABLE)

    def _travel(self, goal: Place, travel_s: float) -> None:
        self._journey = (self.place, goal, self._clock.now(), travel_s)

    def _set(self, status: str) -> None:
        self.status = status
        self._journal.say("unit", unit=self.post.id, status=status)
        self._tell_status()

    def _tell_status(self) -> None:
        body = self._body() | {"status": self.status}
        if self._incident:
            body["incident"] = self._incident
        self._network.send(self._source, f"unit/{self.post.id}/status", body)

    def _tell_place(self) -> None:
        moving = self._journey is not None
        self._move()
        body = self._body() | {"lat": round(self.place.lat, 6), "lon": round(self.place.lon, 6)}
        self._network.send_reading(self._source, f"unit/{self.post.id}/fix", body)
        busy = moving or self.status != AVAILABLE
        self._agenda.after(_MOVING_FIX_S if busy else _IDLE_FIX_S, self._tell_place)

    def _move(self) -> None:
        if self._journey is not None:
            start, goal, began, travel_s = self._journey
            share = (self._clock.now() - began).total_seconds() / travel_s
            self.place = goal if share >= 1 else between(start, goal, share)
            if share >= 1:
                self._journey = None

    def _body(self) -> dict[str, Json]:
        return {"id": str(uuid4()), "at": stamp(self._clock.now())}


class Partners:
    """All agencies: answer what the room asks on `partner/<agency>/request`."""

    def __init__(
        self, profile: CityProfile, network: FieldNetwork, agenda: Agenda, clock: Clock, journal: Journal
    ) -> None:
        self._agencies = {agency.id: agency for agency in profile.agencies}
        self._network = network
        self._agenda = agenda
        self._clock = clock
        self._journal = journal
        self._answered: set[str] = set()
        self.units = [
            Unit(number, post, network, agenda, clock, journal) for number, post in enumerate(profile.units, 1)
        ]
        self.scene: Place | None = None

    def begin(self) -> None:
        """Go on duty."""
        self._network.listen("partner/+/request", self._hear)
        for unit in self.units:
            unit.begin()

    def nearest(self, kind: str, scene: Place) -> Unit | None:
        """Return the nearest free unit of an agency of this kind."""
        ids = {agency.id for agency in self._agencies.values() if agency.kind == kind}
        return self._nearest(ids, scene)

    def under_way(self, kind: str) -> list[Unit]:
        """Return the units of agencies of this kind that are not free."""
        ids = {agency.id for agency in self._agencies.values() if agency.kind == kind}
        return [unit for unit in self.units if unit.post.agency in ids and unit.status != AVAILABLE]

    def _nearest(self, agencies: set[str], scene: Place) -> Unit | None:
        free = [unit for unit in self.units if unit.post.agency in agencies and unit.status == AVAILABLE]
        return min(free, key=lambda unit: unit.place.distance_m(scene), default=None)

    def _hear(self, topic: str, payload: bytes) -> None:
        agency = self._agencies.get(topic.split("/")[-2])
        try:
            request = json.loads(payload)
            request_id = str(request["id"])
        except (ValueError, KeyError, TypeError):
            self._journal.say("request not understood", topic=topic)
            return
        if agency is None:
            self._journal.say("request to nobody", topic=topic)
            return
        self._agenda.after(0.0, lambda: self._take(agency, request_id, request))

    def _take(self, agency: Agency, request_id: str, request: dict[str, Json]) -> None:
        self._reply(agency, request_id, "delivered")
        if request_id in self._answered:
            return
        self._answered.add(request_id)
        self._journal.say("partner request", agency=agency.id, request=request_id)
        self._agenda.after(_ACCEPT_AFTER_S, lambda: self._go(agency, request_id, request))

    def _go(self, agency: Agency, request_id: str, request: dict[str, Json]) -> None:
        scene = _place_of(request) or self.scene or self.units[0].post.place
        unit = self._nearest({agency.id}, scene)
        self._reply(agency, request_id, "accepted" if unit else "no_unit_free")
        if unit is not None:
            unit.send_to(scene, str(request.get("incident") or ""))

    def _reply(self, agency: Agency, request_id: str, status: str) -> None:
        body: dict[str, Json] = {"id": str(uuid4()), "request": request_id, "at": stamp(self._clock.now())}
        number = list(self._agencies).index(agency.id) + 1
        self._network.send(f"partner/{number}", f"partner/{agency.id}/reply", body | {"status": status})


def _place_of(request: dict[str, Json]) -> Place | None:
    lat, lon = request.get("lat"), request.get("lon")
    if isinstance(lat, int | float) and isinstance(lon, int | float):
        return Place.checked(lat, lon)
    return None
