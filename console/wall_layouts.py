"""The layouts that somebody drew: found in what is stored and in what hangs here. Without Qt."""

from collections.abc import Iterable

from domain.errors import BadInputError
from domain.layout import Layout
from domain.wall import MonitorView


class Layouts:
    """Layouts beside the built-in ones, each name once; what was drawn here last counts before what is stored."""

    def __init__(self) -> None:
        self._drawn: dict[str, Layout] = {}
        self._stored: dict[str, Layout] = {}

    def draw(self, layout: Layout) -> None:
        """Take a layout that was drawn here, or that hung here."""
        if _is_own(layout):
            self._drawn.pop(layout.name, None)
            self._drawn[layout.name] = layout

    def learn(self, views: Iterable[MonitorView]) -> None:
        """Take the layouts of everything that is stored, in place of those learnt before."""
        self._stored = {view.layout.name: view.layout for view in views if _is_own(view.layout)}

    @property
    def all(self) -> tuple[Layout, ...]:
        """All of them, by name."""
        known = self._stored | self._drawn
        return tuple(known[name] for name in sorted(known))

    def named(self, name: str) -> Layout:
        """Return the layout of this name, a built-in one before one's own; BadInputError where there is none."""
        try:
            return Layout.of(name)
        except BadInputError:
            found = self._drawn.get(name) or self._stored.get(name)
            if found is None:
                raise
            return found


def _is_own(layout: Layout) -> bool:
    try:
        Layout.of(layout.name)
    except BadInputError:
        return True
    return False
