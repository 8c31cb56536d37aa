"""What an operator reads about who has a camera."""

from collections.abc import Callable
from math import ceil
from uuid import UUID

from domain.lease import DESK, LeaseState, Party, Rank, Standing
from domain.text import Text

Names = Callable[[UUID], str]
"""Gives what a workstation is called, empty where it is not known."""

_TAKE_OVER = frozenset({Rank.DISPATCHER, Rank.SUPERVISOR})
_HAVE_IT = _TAKE_OVER | {Rank.ALARM, Rank.TOUR}


def lease_words(state: LeaseState, names: Names, now: float) -> Text | None:
    """Return what there is to say of how this desk stands to a camera; None where all is as usual.

    While somebody takes over it holds the seconds that are left: said again each second, it counts them down.
    """
    camera = str(state.camera_no)
    match state.standing:
        case Standing.ENDING:
            seconds = str(ceil(state.left_s(now)))
            return Text(
                f"lease_ending_{_kind(state.who, _TAKE_OVER)}",
                {"camera": camera, "who": _who(state, names), "s": seconds},
            )
        case Standing.WAITING:
            return Text(f"lease_waiting_{_kind(state.who, _HAVE_IT)}", {"camera": camera, "who": _who(state, names)})
        case Standing.LAPSED:
            return Text("lease_lapsed", {"camera": camera})
        case _:
            return Text("lease_local", {"camera": camera}) if state.local and state.may_move else None


def _kind(who: Party | None, told: frozenset[Rank]) -> str:
    """Return which sentence fits who has it or takes it over."""
    return who.rank.name.lower() if who is not None and who.rank in told and who.rank is not None else "somebody"


def _who(state: LeaseState, names: Names) -> str:
    who = state.who
    if who is None:
        return "–"
    if who.origin is not None:
        return names(who.origin) or str(who.origin)[:8]
    return who.position or DESK
