"""Where pictures lie in a segment: the stream's own clock, as long as it can be believed."""

_BACK_S = 1.0  # pictures that are coded out of order step back a little
_AHEAD_S = 2.0  # a stream's clock may run ahead of the arrivals by what a network had held back
_DRIFT_S = 10.0


class Timeline:
    """Turns timestamps into milliseconds since the segment's first picture.

    A timestamp that jumps, or a clock that runs away, is replaced by the arrival; what follows goes on from there.
    """

    def __init__(self, timestamp: int, arrived_at: float, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._began_at = arrived_at
        self._base = timestamp
        self._last = timestamp
        self._last_at = arrived_at

    def place(self, timestamp: int, arrived_at: float) -> int:
        """Return a picture's place in milliseconds, 0 or more."""
        step_s = (timestamp - self._last) / self._clock_rate
        waited_s = arrived_at - self._last_at
        place_s = (timestamp - self._base) / self._clock_rate
        drift_s = place_s - (arrived_at - self._began_at)
        if not -_BACK_S <= step_s <= max(0.0, waited_s) + _AHEAD_S or abs(drift_s) > _DRIFT_S:
            self._base += round(drift_s * self._clock_rate)
            place_s = (timestamp - self._base) / self._clock_rate
        self._last, self._last_at = timestamp, arrived_at
        return max(0, round(place_s * 1000))
