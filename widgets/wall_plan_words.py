"""Saved walls, salvos and camera tours in words, and cameras as they are typed."""

import re
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from domain.errors import BadInputError
from domain.wall import CameraTour, Salvo, SavedWall

Plan = SavedWall | Salvo | CameraTour
_LONGEST_TOUR = 200


def plan_words(plan: Plan) -> str:
    """Return a plan in a line of words."""
    match plan:
        case SavedWall():
            shared = "" if plan.owner else " · " + QCoreApplication.translate("WallPlans", "shared by all")
            return f"{plan.name} · {_monitors(plan.views)}{shared}"
        case Salvo():
            return f"{'–' if plan.key is None else f'F{plan.key}'} · {plan.name} · {_monitors(plan.views)}"
        case CameraTour():
            told = QCoreApplication.translate("WallPlans", "{n} cameras, {s} s each")
            return f"{plan.name} · {told.format(n=len(plan.cameras), s=f'{plan.dwell_s:g}')}"


def typed_cameras(text: str) -> tuple[int, ...]:
    """Return the cameras of `12, 15, 20-24` in their order; BadInputError, with what is wrong, for anything else."""
    numbers: list[int] = []
    for part in filter(None, re.split(r"[,\s]+", text)):
        found = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part, re.ASCII)
        if found is None:
            raise BadInputError(part)
        first, last = int(found[1]), int(found[2] or found[1])
        if not 0 <= last - first < _LONGEST_TOUR - len(numbers):
            raise BadInputError(part)
        numbers += range(first, last + 1)
    if not numbers:
        raise BadInputError(text.strip())
    return tuple(numbers)


def camera_words(cameras: Iterable[int]) -> str:
    """Return cameras as they would be typed."""
    return ", ".join(str(number) for number in cameras)


def _monitors(views: Iterable[int]) -> str:
    listed = ", ".join(str(number) for number in sorted(views))
    return QCoreApplication.translate("WallPlans", "monitors {list}").format(list=listed)
