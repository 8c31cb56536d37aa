"""What a tile can be made: an ordinary one, a spot tile, or one in which a camera tour runs."""

from dataclasses import dataclass

from domain.wall import CameraTour, TileUse


@dataclass(frozen=True, slots=True)
class TileUses:
    """What each tile on the screen is for, None for an empty one, and the camera tours that could run in any."""

    uses: tuple[TileUse | None, ...] = ()
    tours: tuple[CameraTour, ...] = ()

    def of(self, tile: int) -> TileUse | None:
        """Return what a tile (counted from 0) is for, None for an empty one or none."""
        return self.uses[tile] if 0 <= tile < len(self.uses) else None


@dataclass(frozen=True, slots=True)
class TileUseWish:
    """A tile is to be this from now on; None is an ordinary one, with the camera that it shows now."""

    tile: int
    use: TileUse | None
