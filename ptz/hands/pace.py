"""How often the places of a device's axes are passed on."""

from collections.abc import Mapping

from ptz.hands.events import near_rest

EVERY_S = 1 / 60  # devices send up to 1000 a second; nobody's hand does


class Pace:
    """Keeps the newest places until they may go. A hand that let go is never made to wait."""

    def __init__(self) -> None:
        self._waiting: Mapping[int, float] | None = None
        self._sent: Mapping[int, float] = {}
        self._next_at = 0.0

    @property
    def moving(self) -> bool:
        """Whether the places passed on last, or the newest, are not those of rest."""
        return not (near_rest(self._sent) and near_rest(self._waiting or {}))

    def offer(self, places: Mapping[int, float]) -> None:
        """Take the newest places."""
        self._waiting = places

    def due(self, now: float) -> Mapping[int, float] | None:
        """Return the places that may go now, None where there are none."""
        places = self._waiting
        if places is None:
            return None
        let_go = near_rest(places) and not near_rest(self._sent)
        if now < self._next_at and not let_go:
            return None
        self._waiting, self._sent, self._next_at = None, places, now + EVERY_S
        return places

    def wait_s(self, now: float) -> float | None:
        """Return after how long waiting places may go; None where none wait."""
        return None if self._waiting is None else max(0.0, self._next_at - now)
