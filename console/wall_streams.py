"""Fits a wall's subscriptions to what its tiles show, how large they are, and whether anybody sees them. Without Qt."""

from collections.abc import Sequence

from console.tours import TourSight
from console.wall_scene import WallScene
from console.wall_sources import Pictures, TileSources, Wanted
from console.wall_wishes import Seen, wish_for
from domain.camera import Camera
from domain.picture import Face, FrameSource
from widgets.tile import TileContent
from widgets.wall_grid import PixelSize


class WallStreams:
    """The sources of one wall's tiles. `seen` says whether the wall is on a screen at all."""

    def __init__(self, scene: WallScene, pictures: Pictures) -> None:
        self._scene = scene
        self._sources = TileSources(pictures)
        self._sizes: dict[int, PixelSize] = {}
        self._zooms: dict[int, float] = {}
        self.seen = False

    def reseat(self) -> None:
        """Let sources go where their cameras have gone, before anything is drawn."""
        cameras = self._scene.cameras()
        self._sources.cover(self._scene.masks)
        self._zooms = {seat: factor for seat, factor in self._zooms.items() if seat in cameras}
        self._sources.reseat({seat: camera for seat, camera in cameras.items() if camera.streams})

    def fit(self, sizes: Sequence[PixelSize], selected: int) -> bool:
        """Make the subscriptions fit pictures of these sizes; return whether tiles have other sources than before.

        What is no longer needed lives until `release`.
        """
        scene, before = self._scene, self._held()
        self._sizes.update(zip(scene.at.seats, sizes, strict=False))
        cameras = {seat: camera for seat, camera in scene.cameras().items() if camera.streams and seat in self._sizes}
        self._sources.want({seat: self._wanted(seat, camera, selected) for seat, camera in cameras.items()})
        for seat in cameras:
            coming = scene.coming(seat)
            self._sources.open_ahead(seat, None if coming is None else self._wanted(seat, coming, selected))
        return self._held() != before

    def release(self) -> None:
        """Give back what the wall does not draw any more."""
        self._sources.release()

    def zoom(self, seat: int, factor: float) -> None:
        """Take more pixels for a tile in which a part of the picture is enlarged."""
        self._zooms[seat] = factor

    def contents(self) -> list[TileContent | None]:
        """Return what the wall draws, in the order of its tiles."""
        at, sources = self._scene.at, self._sources
        return [self._scene.content(seat, sources.current(seat), sources.following(seat)) for seat in at.seats]

    def taken(self, seat: int) -> Camera | None:
        """Note that the following source of a seat has been drawn, and return whose picture that is."""
        held = self._sources.taken(seat)
        return None if held is None else held.camera

    def let_due_follow(self) -> None:
        """Let the cameras that tours have come to take over with their next frame."""
        for seat in self._scene.at.uses():
            if self._scene.tours.due(seat):
                self._sources.let_follow(seat)

    def size(self, seat: int) -> PixelSize | None:
        """Return the size of a seat's picture when it was last on the screen, None before that."""
        return self._sizes.get(seat)

    def face(self, seat: int, now: float) -> Face | None:
        """Return how the live picture of a seat is, None where it has no stream."""
        held = self._sources.current(seat)
        return None if held is None else held.source.state().face(now)

    def sight(self, seat: int, now: float) -> TourSight:
        """Return what a tour must know of a seat's streams."""
        face, ahead = self.face(seat, now), self._sources.ahead(seat) or self._sources.following(seat)
        return TourSight(
            alive=face is not None and face is not Face.LOST,
            next_ready=ahead is not None and ahead.source.state().picture_at is not None,
        )

    def is_hidden(self, seat: int) -> bool:
        """Return whether nobody can see a seat just now."""
        return not self.seen or seat not in self._scene.at.seats

    def _wanted(self, seat: int, camera: Camera, selected: int) -> Wanted:
        scene, seen = self._scene, not self.is_hidden(seat)
        tile = Seen(
            size=self._sizes[seat],
            quality=scene.quality(seat),
            seen=seen,
            looked_at=seat == selected or camera.no in scene.alarms,
            maximised=scene.at.enlarged is not None,
            zoom=self._zooms.get(seat, 1.0),
            masked=not camera.masks or bool(scene.masks(camera.no)),
        )
        return Wanted(camera, wish_for(camera, tile), seen)

    def _held(self) -> list[FrameSource | None]:
        sources, seats = self._sources, self._scene.at.seats
        held = [sources.current(seat) for seat in seats] + [sources.following(seat) for seat in seats]
        return [None if one is None else one.source for one in held]
