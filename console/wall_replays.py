"""Which tiles of a wall show a replay instead of the live picture. Without Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.camera import Camera, Mask
from domain.picture import FrameSource
from widgets.tile import ReplayMark


@dataclass(frozen=True, slots=True)
class ReplayPlace:
    """A tile that a replay can be shown in: its camera, and its picture's size in device pixels."""

    camera: Camera
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay of one camera, and how it is marked. `masks` are covered in its pictures."""

    camera_no: int
    source: FrameSource
    mark: ReplayMark
    masks: tuple[Mask, ...] = ()

    def covers(self, masks: Sequence[Mask]) -> bool:
        """Return whether at least all this is covered in the pictures from here."""
        return all(mask in self.masks for mask in masks)


class Replays:
    """The replays of one wall, by seat."""

    def __init__(self) -> None:
        self._shown: dict[int, Replay] = {}

    def show(self, seat: int, shown: Replay) -> None:
        """Show this replay, or its new mark: then what is covered in its pictures is what was from its beginning."""
        known = self._shown.get(seat)
        if known is not None and known.source is shown.source:
            shown = replace(shown, masks=known.masks)
        self._shown[seat] = shown

    def end(self, seat: int) -> None:
        """Show the live picture again."""
        self._shown.pop(seat, None)

    def of(self, seat: int) -> Replay | None:
        """Return a seat's replay, None for a live one."""
        return self._shown.get(seat)

    def keep(self, cameras: Mapping[int, Camera]) -> None:
        """End the replays of seats that show another camera now."""
        self._shown = {
            seat: replay
            for seat, replay in self._shown.items()
            if seat in cameras and cameras[seat].no == replay.camera_no
        }

    @property
    def seats(self) -> tuple[int, ...]:
        """The seats with a replay."""
        return tuple(self._shown)
