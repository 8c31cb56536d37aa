"""The rules by which one camera changes hands; nothing here waits, asks or reads a clock."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.lease import (
    IDLE_S,
    MARGIN_S,
    NOTICE_S,
    RENEW_AT,
    TTL_S,
    Ask,
    LeaseState,
    Party,
    Rank,
    Standing,
)

AGAIN_S = 0.5  # who waits asks so often; headquarters keeps the place of a higher rank for 5 s
PATIENCE_S = 1.0  # a hand does not wait longer than this for headquarters' first answer
PASS_ON_S = 0.3  # from our Stop to giving a camera back, so that it does not stop the next one's movement
NEVER = math.inf

_AHEAD_OF_END_S = 0.05  # the Stop has left when the time is out


class Link(StrEnum):
    """How this workstation stands to headquarters."""

    ALONE = "alone"  # there is none
    UP = "up"
    AWAY = "away"


class Grip(StrEnum):
    """What this workstation, as a whole, has of a camera."""

    NONE = "none"
    ASKED = "asked"
    OURS = "ours"
    LOCAL = "local"
    THEIRS = "theirs"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Claim:
    """One position's wish for the camera, and when it last wanted or commanded something."""

    position: str
    rank: Rank
    touched_at: float


@dataclass(frozen=True, slots=True)
class Tenure:
    """One camera: who wishes for it here, who of them has it, and what headquarters says.

    `until` is when a grip ends: ours, the patience with which headquarters is asked, or theirs as far as is known.
    At `yields_at` the present holder gives it to `yields_to`. `stirred`: it was commanded since it was taken.
    """

    camera_no: int
    link: Link
    claims: tuple[Claim, ...] = ()
    holder: str = ""
    grip: Grip = Grip.NONE
    until: float = 0.0
    theirs: Party | None = None
    yields_at: float = NEVER
    yields_to: Party | None = None
    moving: bool = False
    stirred: bool = False
    over: frozenset[str] = frozenset()  # positions whose lease ended for want of commands
    ask_at: float = NEVER
    asking: bool = False
    give_back: bool = False

    # -- what positions do

    def wished(self, position: str, rank: Rank, now: float) -> "Tenure":
        """Take a wish; choosing a camera takes nothing from the same position's earlier, stronger wish."""
        known = self.claim(position)
        if known is not None and rank is Rank.AHEAD and known.rank > rank:
            return self
        claim, before = Claim(position, rank, now), self.top_rank
        claims = tuple(claim if one.position == position else one for one in self.claims)
        taken = replace(
            self,
            claims=claims if known is not None else (*claims, claim),
            over=self.over - {position},
        )
        return taken.reached_for(now, urgent=taken.top_rank > before).settled(now)

    def used(self, position: str, now: float) -> "Tenure":
        """Note a command of the position's."""
        return replace(self._touched(position, now), stirred=True)

    def released(self, position: str, now: float) -> "Tenure":
        """Drop the position's wish."""
        return self._without({position}, now) if self.claim(position) is not None else self

    def turned(self, now: float, *, moving: bool) -> "Tenure":
        """Note whether the camera moves: a movement that goes on is a command that goes on."""
        return self if moving == self.moving else replace(self._touched(self.holder, now), moving=moving)

    # -- what headquarters says

    def asked(self) -> "Tenure":
        """Note that `ask` is on its way."""
        return replace(self, asking=True, ask_at=NEVER)

    def granted(self, asked_at: float, ttl_s: float, now: float) -> "Tenure":
        """Take the camera for this workstation; give it back at once where nobody here wants it any more."""
        heard = replace(self, asking=False)
        if not self.claims or self.give_back:
            return replace(heard, give_back=True, ask_at=max(now, min(self.ask_at, now + PASS_ON_S)))
        ours = replace(
            heard,
            grip=Grip.OURS,
            until=asked_at + ttl_s - MARGIN_S,
            theirs=None,
            ask_at=asked_at + ttl_s * RENEW_AT if self.ask_at == NEVER else self.ask_at,
        )
        if self._yields_away:
            ours = replace(ours, yields_at=NEVER, yields_to=None)  # who wanted it does not any more
        return ours.settled(now)

    def outranked(self, by: Party | None, now: float) -> "Tenure":
        """Hear that headquarters does not renew it: a person is given 3 s, everything else gives way at once."""
        heard = replace(self, asking=False)
        if self.give_back:
            return heard
        if not self.claims or self.grip is not Grip.OURS or not self.top_rank.person:
            return heard.passed_on(by, now)
        ends_at = self.yields_at if self._yields_away else now + NOTICE_S
        return replace(
            heard,
            yields_at=min(ends_at, self.until - _AHEAD_OF_END_S),
            yields_to=by or Party(),
            ask_at=min(self.ask_at, now + NOTICE_S / 3),
        )

    def refused(self, party: Party | None, ttl_s: float, now: float) -> "Tenure":
        """Hear that another workstation has it."""
        heard = replace(self, asking=False, theirs=party, until=now + ttl_s, yields_at=NEVER, yields_to=None)
        if not self.claims:
            return replace(heard, grip=Grip.NONE).let_go(now, asked=True)
        return replace(heard, grip=Grip.THEIRS, ask_at=min(self.ask_at, now + AGAIN_S))

    def given_back(self, now: float) -> "Tenure":
        """Hear that headquarters has it back."""
        heard = replace(self, asking=False, give_back=False, stirred=False)
        return replace(heard, ask_at=now + AGAIN_S if self.claims else NEVER)

    def unanswered(self) -> "Tenure":
        """Note that nothing came back; how the link stands is told besides."""
        return replace(self, asking=False)

    def linked(self, link: Link, now: float) -> "Tenure":
        """Take how this workstation stands to headquarters from now on."""
        changed = replace(self, link=link)
        if link is Link.UP:
            return replace(changed, ask_at=now if self.claims else NEVER)
        cut = replace(changed, ask_at=NEVER, asking=False, give_back=False)
        return replace(cut, grip=Grip.LOCAL) if self.grip is Grip.ASKED else cut

    def lapsed(self, now: float) -> "Tenure":
        """Take that our time may be out: the workstation slept, or headquarters did not renew it."""
        if self.grip is not Grip.OURS or self.link is Link.ALONE:
            return self
        ask_at = now if self.link is Link.UP else NEVER
        return replace(self, grip=Grip.LAPSED, ask_at=ask_at, yields_at=NEVER, yields_to=None)

    # -- what time does

    def at(self, now: float) -> "Tenure":
        """Return what has become of it by now."""
        idle = {claim.position for claim in self.claims if now >= self._ends_idle(claim)}
        aged = replace(self._without(idle, now), over=self.over | idle) if idle else self
        if aged.yields_to is not None and now >= aged.yields_at:
            aged = aged.yielded(now)
        if aged.grip is Grip.OURS and now >= aged.until - _AHEAD_OF_END_S:
            aged = aged.lapsed(now)
        if aged.grip is Grip.ASKED and now >= aged.until:
            aged = replace(aged, grip=Grip.LOCAL)
        return aged

    @property
    def next_at(self) -> float:
        """Return when something happens next if nobody does anything."""
        moments = [self.yields_at, *map(self._ends_idle, self.claims)]
        if self.grip is Grip.OURS:
            moments.append(self.until - _AHEAD_OF_END_S)
        if self.grip is Grip.ASKED:
            moments.append(self.until)
        if not self.asking and self.link is Link.UP and (self.claims or self.give_back):
            moments.append(self.ask_at)
        return min(moments)

    def due(self, now: float) -> Ask | None:
        """Return what headquarters is to be asked now, or None."""
        if self.asking or now < self.ask_at or self.link is not Link.UP:
            return None
        if self.give_back:
            return Ask(self.camera_no, Rank.AHEAD, 0.0)
        return Ask(self.camera_no, self.top_rank, self.top_rank.ttl_s) if self.claims else None

    # -- what can be seen

    @property
    def forgotten(self) -> bool:
        """Whether there is nothing left to keep of it."""
        return not self.claims and not self.asking and not self.give_back

    @property
    def known_there(self) -> bool:
        """Whether headquarters may hold it for this workstation, or keep a place in the row for it."""
        return self.asking or self.give_back or self.grip in {Grip.OURS, Grip.ASKED, Grip.THEIRS}

    @property
    def sends_until(self) -> float:
        """Return the moment after which nothing may be sent by the holder; 0 where nobody here may."""
        if not self.holder or self.grip not in {Grip.OURS, Grip.LOCAL}:
            return 0.0
        return min(self.yields_at, self.until - _AHEAD_OF_END_S if self.grip is Grip.OURS else NEVER)

    @property
    def positions(self) -> frozenset[str]:
        """Return who there is something to tell."""
        return self.over | {claim.position for claim in self.claims}

    def claim(self, position: str) -> Claim | None:
        """Return a position's wish, or None."""
        return next((claim for claim in self.claims if claim.position == position), None)

    def state(self, position: str) -> LeaseState:
        """Return what a position is told."""
        if self.claim(position) is None:
            standing = Standing.ENDED if position in self.over else Standing.NONE
            return LeaseState(self.camera_no, position, standing)
        local = self.grip is Grip.LOCAL
        if position == self.holder and self.grip in _OWN:
            ends_at = None if self.yields_to is None else self.yields_at
            standing = _OWN[self.grip] if ends_at is None or self.grip in _UNSURE else Standing.ENDING
            return LeaseState(self.camera_no, position, standing, self.yields_to, ends_at, local)
        held = self.claim(self.holder)
        here = Party(None, self.holder, held.rank) if held is not None and self.holder != position else None
        who = self.theirs if self.grip is Grip.THEIRS else here
        return LeaseState(self.camera_no, position, Standing.WAITING, who, None, local)

    # -- the steps of which the others are made

    @property
    def top_rank(self) -> Rank:
        """Return the highest rank that is wished with here: what headquarters is asked with."""
        return max((claim.rank for claim in self.claims), default=Rank.AHEAD)

    @property
    def _yields_away(self) -> bool:
        """Whether the notice that runs is for another workstation, which is not one of the positions here."""
        return self.yields_to is not None and not self.yields_to.position

    def _ends_idle(self, claim: Claim) -> float:
        return NEVER if self.moving and claim.position == self.holder else claim.touched_at + IDLE_S

    def _touched(self, position: str, now: float) -> "Tenure":
        claims = (replace(one, touched_at=now) if one.position == position else one for one in self.claims)
        return replace(self, claims=tuple(claims))

    def reached_for(self, now: float, *, urgent: bool) -> "Tenure":
        """Ask for the camera as the link allows."""
        if self.grip in {Grip.OURS, Grip.ASKED, Grip.LOCAL}:
            return replace(self, ask_at=now) if urgent and self.link is Link.UP and not self.give_back else self
        if self.link is Link.ALONE:
            return replace(self, grip=Grip.OURS, until=NEVER)
        if self.grip is Grip.THEIRS and (self.link is Link.UP or now < self.until):
            return replace(self, ask_at=now) if self.link is Link.UP and not self.give_back else self
        if self.link is Link.AWAY:
            return replace(self, grip=Grip.LOCAL, theirs=None)
        return replace(self, grip=Grip.ASKED, until=now + PATIENCE_S, ask_at=now, give_back=False)

    def settled(self, now: float) -> "Tenure":
        """Decide who of the positions here has it."""
        top = max(self.claims, key=lambda claim: claim.rank)
        held = self.claim(self.holder)
        if held is None or (top.rank > held.rank and not held.rank.person):
            kept = self if self._yields_away else replace(self, yields_at=NEVER, yields_to=None)
            return replace(kept, holder=top.position)
        if self._yields_away:
            return self
        if top.rank == held.rank or top.position == held.position:
            return replace(self, yields_at=NEVER, yields_to=None)
        ends_at = now + NOTICE_S if self.yields_to is None else self.yields_at
        return replace(self, yields_at=ends_at, yields_to=Party(None, top.position, top.rank))

    def _without(self, positions: Iterable[str], now: float) -> "Tenure":
        leaving = frozenset(positions)
        claims = tuple(claim for claim in self.claims if claim.position not in leaving)
        left = replace(self, claims=claims, over=self.over - leaving)
        if claims:
            return left.settled(now)
        return left.let_go(now, asked=self.grip in {Grip.OURS, Grip.ASKED, Grip.THEIRS} or self.asking)

    def let_go(self, now: float, *, asked: bool) -> "Tenure":
        """Give the camera back, or withdraw from waiting for it, once our Stop has left."""
        tell = asked and self.link is Link.UP
        return replace(
            self,
            holder="",
            grip=Grip.NONE,
            theirs=None,
            yields_at=NEVER,
            yields_to=None,
            stirred=self.stirred and tell,
            give_back=tell,
            ask_at=now + (PASS_ON_S if self.stirred else 0.0) if tell else NEVER,
        )

    def yielded(self, now: float) -> "Tenure":
        """End the notice."""
        if self.yields_to is None or self._yields_away:
            return self.passed_on(self.yields_to, now)
        return replace(self, holder=self.yields_to.position, yields_at=NEVER, yields_to=None).settled(now)

    def passed_on(self, to: Party | None, now: float) -> "Tenure":
        """Leave the camera to another workstation."""
        return replace(
            self,
            grip=Grip.THEIRS if self.claims else Grip.NONE,
            theirs=to,
            until=now + TTL_S,
            yields_at=NEVER,
            yields_to=None,
            give_back=True,
            ask_at=now + (PASS_ON_S if self.stirred else 0.0),
        )


_OWN = {
    Grip.NONE: Standing.ASKED,
    Grip.ASKED: Standing.ASKED,
    Grip.OURS: Standing.HELD,
    Grip.LOCAL: Standing.HELD,
    Grip.LAPSED: Standing.LAPSED,
}
_UNSURE = frozenset({Grip.NONE, Grip.ASKED, Grip.LAPSED})
