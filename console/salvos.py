"""Salvos: what all monitors are to show at the press of one key, and the one step back. Without Qt."""

from collections.abc import Iterable, Mapping

from domain.wall import MonitorView, Salvo

Views = Mapping[int, MonitorView]


class SalvoKeys:
    """The salvos that there are, each key with one at most."""

    def __init__(self) -> None:
        self._known: tuple[Salvo, ...] = ()

    def learn(self, salvos: Iterable[Salvo]) -> None:
        """Take the salvos that there are."""
        self._known = tuple(salvos)

    @property
    def all(self) -> tuple[Salvo, ...]:
        """All of them, in the order that they were learnt in."""
        return self._known

    def on_key(self, key: int) -> Salvo | None:
        """Return the salvo that a function key calls (1 to 12), None where it calls none."""
        return next((salvo for salvo in self._known if salvo.key == key), None)


class OneStepBack:
    """Remembers what hung on the monitors before the last great change; one step, no more."""

    def __init__(self) -> None:
        self._before: dict[int, MonitorView] = {}

    def remember(self, views: Views, changed: Iterable[int]) -> None:
        """Remember what hung on the monitors that change now."""
        self._before = {number: views[number] for number in changed if number in views}

    def take(self) -> dict[int, MonitorView]:
        """Return what to show again, once; empty where there is nothing."""
        before, self._before = self._before, {}
        return before
