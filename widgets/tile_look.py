"""How a tile must look: judged by the age of its picture, and put into words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from domain.picture import Face, PictureState
from widgets import words
from widgets.tile import ReplayMark, TileContent


@dataclass(frozen=True, slots=True)
class Look:
    """How a tile is to be drawn now: its face, the badge in its caption, lines over the picture, and its marks."""

    face: Face
    badge: str = ""
    lines: tuple[str, ...] = ()
    reduced: bool = False


def judged(content: TileContent, state: PictureState, now: float, wall_time: datetime) -> Look:
    """Judge a tile whose picture is in this state."""
    if content.replay is not None:
        return _replayed(content.replay, state, now)
    age_s = state.age_s(now)
    face = state.face(now)
    match face:
        case Face.LIVE:
            return _REDUCED if state.reduced else _QUIET
        case Face.WAITING:
            told = QCoreApplication.translate("Tile", "connecting {age}").format(age=words.age(age_s))
            return Look(face, lines=(content.camera.name, told))
        case Face.STALE:
            return Look(face, badge=QCoreApplication.translate("Tile", "stale {age}").format(age=words.age(age_s)))
        case Face.FROZEN:
            still_s = now - (now if state.frozen_since is None else state.frozen_since)
            badge = QCoreApplication.translate("Tile", "frozen {age}").format(age=words.age(still_s))
            return Look(face, badge=badge, reduced=state.reduced)
        case Face.LOST:
            since = words.clock_time(wall_time - timedelta(seconds=age_s))
            lines = (
                words.loss_words(state.reason),
                QCoreApplication.translate("Tile", "since {time}").format(time=since),
            )
            return Look(face, badge=words.age(age_s), lines=lines)
        case _:
            return Look(face)


def replay_words(mark: ReplayMark) -> tuple[str, ...]:
    """Return what the band over a replayed picture says, and what where there is less room.

    `REPLAY −30 s` with the rate or that it is paused, then without those, then `−30 s`.
    """
    behind_s = max(0.0, mark.behind_s)
    behind = words.age(behind_s) if behind_s < 100 else words.duration(behind_s)  # 99 s, then 1:40
    told = QCoreApplication.translate("Tile", "REPLAY −{age}").format(age=behind)
    short = f"−{behind}"
    if mark.paused:
        paused = QCoreApplication.translate("Tile", "paused")
        return f"{told} · {paused}", told, short
    return (told, short) if mark.rate == 1.0 else (f"{told} · {mark.rate:g}x", told, short)


def _replayed(mark: ReplayMark, state: PictureState, now: float) -> Look:
    if mark.missing_at is not None:
        at = QCoreApplication.translate("Tile", "at {time}").format(time=words.clock_time(mark.missing_at))
        return Look(Face.EMPTY, lines=(QCoreApplication.translate("Tile", "No recording"), at))
    face = state.face(now)
    if face is Face.WAITING:
        told = QCoreApplication.translate("Tile", "opening the recording {age}")
        return Look(face, lines=(told.format(age=words.age(state.age_s(now))),))
    if face is Face.LOST:
        return Look(face, lines=(words.replay_loss_words(state.reason),))
    return Look(Face.EMPTY)


_QUIET = Look(Face.LIVE)
_REDUCED = Look(Face.LIVE, reduced=True)
