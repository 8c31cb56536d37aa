"""Which stream a tile takes, at what size, and how much it matters: the wall's policy, without Qt."""

from dataclasses import dataclass

from domain.camera import Camera, Profile
from domain.picture import Subscription
from domain.wall import Quality
from widgets.wall_grid import PixelSize

SUB_UP_TO_PX = 960  # wider tiles are worth the main stream
ZOOMED_UP_TO = PixelSize(1920, 1080)  # a zoomed tile needs more pixels than it has, but not without end

RANK_LOOKED_AT = 30  # selected, or with an alarm on it
RANK_MAXIMISED = 20
RANK_SHOWN = 10
RANK_UNSEEN = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """How a tile is looked at just now: its picture's size in device pixels, and what the operator does with it.

    `masked` is False while the camera's masks are lifted.
    """

    size: PixelSize
    quality: Quality = Quality.AUTO
    seen: bool = True
    looked_at: bool = False
    maximised: bool = False
    zoom: float = 1.0
    masked: bool = True


def wish_for(camera: Camera, tile: Seen) -> Subscription:
    """Return the frames that a tile wants of its camera."""
    size = _zoomed(tile.size, tile.zoom)
    return Subscription(
        camera_no=camera.no,
        profile=_profile(camera, tile).value,
        width=size.width,
        height=size.height,
        masked=tile.masked,
        keyframes_only=not tile.seen or tile.quality is Quality.KEYFRAMES,
        rank=_rank(tile),
    )


def _profile(camera: Camera, tile: Seen) -> Profile:
    """Return the stream to take."""
    match tile.quality:
        case Quality.SUB | Quality.KEYFRAMES:
            return camera.profile(Profile.SUB)
        case Quality.MAIN:
            return camera.profile(Profile.MAIN)
        case Quality.AUTO:
            large = tile.zoom > 1 or tile.size.width > SUB_UP_TO_PX
            return camera.profile(Profile.MAIN if large else Profile.SUB)


def _rank(tile: Seen) -> int:
    if not tile.seen:
        return RANK_UNSEEN
    if tile.looked_at:
        return RANK_LOOKED_AT
    return RANK_MAXIMISED if tile.maximised else RANK_SHOWN


def _zoomed(size: PixelSize, factor: float) -> PixelSize:
    """Return the size that shows a part of the picture in the tile's own pixels, in the tile's shape."""
    if factor <= 1:
        return size
    most = max(1.0, min(ZOOMED_UP_TO.width / size.width, ZOOMED_UP_TO.height / size.height))
    by = min(factor, most)
    return PixelSize(round(size.width * by) // 4 * 4, round(size.height * by) // 2 * 2)
