"""What can happen in a story: one entry of STEPS per kind of step."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from domain.clock import Clock
from domain.place import Place
from simulation.agenda import Agenda
from simulation.answered import AnsweredMessages
from simulation.field import FieldNetwork
from simulation.journal import stamp
from simulation.partners import Partners
from simulation.profile import CityProfile
from simulation.walker import Errand, Path, Phone

TRAVELLER = "walker/2"

_STILL_TO_WALK_S = 20.0  # she reaches the end of her straying this long after the story's start

Act = Callable[["Cast", Mapping[str, Any]], None]


@dataclass(slots=True, kw_only=True)
class Cast:
    """Who takes part in one telling of a story, and how far they are."""

    profile: CityProfile
    agency_kind: str
    network: FieldNetwork
    answered: AnsweredMessages
    partners: Partners
    agenda: Agenda
    clock: Clock
    chance: random.Random
    phone: Phone = field(init=False)
    errand: Errand | None = None
    walking: bool = False

    def __post_init__(self) -> None:
        """Give the traveller a phone."""
        way, chance = self.profile.traveller, self.chance
        self.phone = Phone(TRAVELLER, way, self.network, self.answered, self.agenda, self.clock, chance)

    def here(self) -> Place:
        """Return where the traveller is now."""
        if self.errand is None:
            return self.profile.traveller.route[0]
        return self.errand.place(self.clock.now())


def _sets_out(cast: Cast, _: Mapping[str, Any]) -> None:
    """Tell of a walk that began a while ago and has left its route; the fixes so far come late."""
    way, now = cast.profile.traveller, cast.clock.now()
    path = Path((*way.route[: way.leaves_route_at + 1], *way.strays))
    began = now - timedelta(seconds=path.length_m / way.speed_mps - _STILL_TO_WALK_S)
    cast.errand = Errand(path, way.speed_mps, began)
    cast.phone.start(began, began + timedelta(seconds=Path(way.route).length_m / way.speed_mps))
    for moment in cast.errand.moments(now):
        cast.phone.fix(cast.errand.place(moment), moment)


def _walks_on(cast: Cast, details: Mapping[str, Any]) -> None:
    cast.walking = True
    every_s = float(details["every_s"])

    def step() -> None:
        if cast.walking:
            cast.phone.fix(cast.here())
            cast.agenda.after(every_s, step)

    step()


def _calls_for_help(cast: Cast, _: Mapping[str, Any]) -> None:
    cast.partners.scene = cast.here()
    cast.phone.call_for_help(cast.here())


def _presses_bell(cast: Cast, details: Mapping[str, Any]) -> None:
    number = int(details["bell"])
    bell = cast.profile.bells[number - 1]
    cast.partners.scene = bell.place
    body = {"id": str(uuid4()), "at": stamp(cast.clock.now())}
    cast.answered.send(f"bell/{number}", f"bell/{bell.id}/press", {**body}, "shown")


def _help_is_sent(cast: Cast, details: Mapping[str, Any]) -> None:
    scene = cast.partners.scene or cast.here()
    if cast.partners.under_way(cast.agency_kind):
        return  # the room asked for it before
    unit = cast.partners.nearest(cast.agency_kind, scene)
    if unit is not None:
        unit.send_to(scene, travel_s=float(details["travel_s"]))


def _arrives(cast: Cast, _: Mapping[str, Any]) -> None:
    cast.walking = False
    cast.phone.arrive(cast.here())


def _help_leaves(cast: Cast, _: Mapping[str, Any]) -> None:
    for unit in cast.partners.under_way(cast.agency_kind):
        unit.let_go()
    cast.partners.scene = None


STEPS: dict[str, Act] = {
    "sets_out": _sets_out,
    "walks_on": _walks_on,
    "calls_for_help": _calls_for_help,
    "presses_bell": _presses_bell,
    "help_is_sent": _help_is_sent,
    "arrives": _arrives,
    "help_leaves": _help_leaves,
}
