"""The short words in a tile's caption that say how its picture comes about."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from domain.alarm import Priority
from domain.wall import Quality
from widgets import words
from widgets.theme import SHAPES, Colours
from widgets.tile import TileContent, TourMark
from widgets.tile_state import Tile


@dataclass(frozen=True, slots=True)
class Plate:
    """Filled words that a caption gives up last, with what is said where there is no room for them."""

    text: str
    short: str
    fill: str
    ink: str


def marks_of(tile: Tile) -> tuple[str, ...]:
    """Return what is said in plain words, the least important first."""
    content = tile.content
    if content is None:
        return ()
    translate = QCoreApplication.translate
    said = (
        translate("Tile", "masked") if content.camera.masks and not content.unmasked else "",
        translate("Tile", "spot") if content.spot else "",
        f"PTZ {content.ptz_holder}".rstrip() if content.camera.ptz else "",
        quality_word(content.quality) if content.quality is not Quality.AUTO else "",
        _tour_words(content.tour) if content.tour is not None else "",
        f"{tile.zoom.factor:.1f}x" if tile.zoom.active else "",
        translate("Tile", "reduced") if tile.look.reduced else "",
        "REC" if content.recording else "",
    )
    return tuple(mark for mark in said if mark)


def plates_of(content: TileContent, colours: Colours) -> tuple[Plate, ...]:
    """Return what is said on filled plates, the most important first."""
    found = []
    if content.alarm is not None:
        found.append(_alarm(content.alarm, colours))
    if content.unmasked:
        short = QCoreApplication.translate("Tile", "UNM.")
        found.append(Plate(unmasked_word(), short, colours.high, colours.ink))
    if content.waiting:
        told = QCoreApplication.translate("Tile", "+{n} waiting").format(n=content.waiting)
        found.append(Plate(told, f"+{content.waiting}", colours.text, colours.pane))
    return tuple(found)


def unmasked_word() -> str:
    """Return what says that a camera's masks are lifted."""
    return QCoreApplication.translate("Tile", "UNMASKED")


def quality_word(quality: Quality) -> str:
    """Return which stream a tile takes, in words."""
    return {
        Quality.AUTO: QCoreApplication.translate("Tile", "by size"),
        Quality.SUB: QCoreApplication.translate("Tile", "small stream"),
        Quality.MAIN: QCoreApplication.translate("Tile", "large stream"),
        Quality.KEYFRAMES: QCoreApplication.translate("Tile", "keyframes only"),
    }[quality]


def _alarm(priority: Priority, colours: Colours) -> Plate:
    shape = SHAPES[priority]
    return Plate(f"{shape} {words.priority_word(priority)}", shape, colours.of(priority), colours.ink)


def _tour_words(tour: TourMark) -> str:
    told = f"{tour.name} {tour.at}/{tour.of}"
    paused = QCoreApplication.translate("Tile", "paused")
    return f"{told} {paused}" if tour.paused else told
