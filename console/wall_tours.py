"""The camera tours that run in one wall's tiles. Without Qt and without a clock."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from console.tours import TourRun, TourSight
from domain.wall import CameraTour, TileUse, TourTile
from widgets.tile import TourMark


class WallTours:
    """Starts a run for every tile with a tour, and ends it when the tile is for something else."""

    def __init__(self, usable: Callable[[int], bool]) -> None:
        self._usable = usable
        self._known: dict[UUID, CameraTour] = {}
        self._runs: dict[int, TourRun] = {}

    def learn(self, tours: Iterable[CameraTour]) -> None:
        """Take the tours that there are; one that was changed begins anew."""
        self._known = {tour.id: tour for tour in tours}
        self._runs = {seat: run for seat, run in self._runs.items() if self._known.get(run.tour.id) == run.tour}

    def follow(self, uses: Mapping[int, TileUse], now: float) -> None:
        """Let exactly the tours of these tiles run."""
        wanted = {
            seat: self._known[use.tour]
            for seat, use in uses.items()
            if isinstance(use, TourTile) and use.tour in self._known
        }
        self._runs = {seat: run for seat, run in self._runs.items() if wanted.get(seat) == run.tour}
        for seat, tour in wanted.items():
            if seat not in self._runs:
                self._runs[seat] = TourRun(tour, self._usable, now)

    def tick(self, now: float, sight: Callable[[int], TourSight], hold: Callable[[int], bool]) -> bool:
        """Let time pass for all of them; return whether anything is otherwise than before."""
        changed = False
        for seat, run in self._runs.items():
            before = (run.shown, run.coming, run.due, run.paused)
            run.tick(now, sight(seat), hold=hold(seat))
            changed = changed or before != (run.shown, run.coming, run.due, run.paused)
        return changed

    def camera(self, seat: int) -> int | None:
        """Return the camera that a tour shows in a tile now, None where there is no tour or no such camera."""
        return self._runs[seat].shown if seat in self._runs else None

    def coming(self, seat: int) -> int | None:
        """Return the camera whose stream should be open by now, None for none."""
        return self._runs[seat].coming if seat in self._runs else None

    def due(self, seat: int) -> bool:
        """Return whether the coming camera should be drawn now."""
        return seat in self._runs and self._runs[seat].due

    def took(self, seat: int, now: float) -> None:
        """Note that the coming camera is on the screen."""
        if seat in self._runs:
            self._runs[seat].took(now)

    def mark(self, seat: int) -> TourMark | None:
        """Return what the tile's caption says of its tour."""
        run = self._runs.get(seat)
        if run is None:
            return None
        at, of = run.place
        return TourMark(run.tour.name, at, of, run.paused)

    @property
    def running(self) -> bool:
        """Whether there is any."""
        return bool(self._runs)
