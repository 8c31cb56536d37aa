"""What is where on one monitor: its view, and what an operator has enlarged over it. Without Qt.

A seat is a tile of the view, counted from 0; it keeps its number while another tile is enlarged. A camera that is
called up while one tile is enlarged is a guest: it is gone when all tiles come back.
"""

from dataclasses import dataclass

from domain.errors import BadInputError
from domain.layout import Layout
from domain.wall import CameraTile, MonitorView, Quality, TileUse

GUEST = -1
FILLED_LAYOUTS = (1, 4, 9, 16)
_ALONE = Layout.even(1)


@dataclass(slots=True)
class Arrangement:
    """The view, the seat that is enlarged over it, and its guest."""

    view: MonitorView
    enlarged: int | None = None
    guest: CameraTile | None = None

    @property
    def seats(self) -> tuple[int, ...]:
        """The seats that are on the screen, in the order of the wall's tiles."""
        if self.enlarged is None:
            return tuple(range(len(self.view.tiles)))
        return (self.enlarged if self.guest is None else GUEST,)

    @property
    def layout(self) -> Layout:
        """The layout that is on the screen."""
        return self.view.layout if self.enlarged is None else _ALONE

    def uses(self) -> dict[int, TileUse]:
        """Return what every seat that is not empty is for, on the screen or not."""
        uses: dict[int, TileUse] = {seat: use for seat, use in enumerate(self.view.tiles) if use is not None}
        if self.guest is not None:
            uses[GUEST] = self.guest
        return uses

    def use(self, seat: int) -> TileUse | None:
        """Return what a seat is for, None for an empty one or none."""
        return self.uses().get(seat)

    def show(self, view: MonitorView) -> None:
        """Show another view, with all its tiles."""
        self.view = view
        self.enlarged = self.guest = None

    def put(self, seat: int, use: TileUse | None) -> None:
        """Put something into a seat; a camera for the enlarged one is a guest. BadInputError where there is no seat."""
        if self.enlarged is not None and seat in self.seats:
            if not isinstance(use, CameraTile):
                raise BadInputError("an enlarged tile takes cameras only")
            self.guest = use
        else:
            self.view = self.view.with_tile(seat, use)

    def enlarge(self, seat: int) -> bool:
        """Enlarge a seat that is not empty where there is more than one; return whether it is."""
        if self.enlarged is not None or len(self.view.tiles) == 1 or self.use(seat) is None:
            return False
        self.enlarged = seat
        return True

    def show_all(self) -> int | None:
        """Bring all tiles back and return the seat that was enlarged, None where none was."""
        was, self.enlarged, self.guest = self.enlarged, None, None
        return was

    def set_quality(self, seat: int, quality: Quality) -> None:
        """Set which stream a camera's tile takes; nothing for tiles of other kinds."""
        use = self.use(seat)
        if not isinstance(use, CameraTile):
            return
        if seat == GUEST:
            self.guest = CameraTile(use.camera_no, quality)
        else:
            self.view = self.view.with_tile(seat, CameraTile(use.camera_no, quality))

    def place_for_call(self, selected: int) -> int:
        """Return the seat that a camera goes to which nobody said a tile for.

        The selected one, if it is empty or there is no empty one: then tours and spot tiles give way last.
        """
        if self.enlarged is not None or self.use(selected) is None:
            return selected
        order: list[int] = [*range(selected + 1, len(self.view.tiles)), *range(selected)]
        empty = next((seat for seat in order if self.use(seat) is None), None)
        if empty is not None:
            return empty
        cameras = [seat for seat in [selected, *order] if isinstance(self.use(seat), CameraTile)]
        return cameras[0] if cameras else selected


def filled(numbers: tuple[int, ...]) -> MonitorView:
    """Return the smallest even layout (up to 16 tiles) that holds these cameras, with them in it in order."""
    size = next((size for size in FILLED_LAYOUTS if size >= len(numbers)), FILLED_LAYOUTS[-1])
    tiles = [CameraTile(number) for number in numbers[:size]]
    return MonitorView(Layout.even(size), (*tiles, *(None,) * (size - len(tiles))))
