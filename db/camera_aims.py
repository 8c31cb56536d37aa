"""How moving cameras hang, as landmarks told, with the landmarks, so that one more click can better it."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.database import Database
from db.tables import CameraAimRow
from db.writer import Urgency
from domain.aiming import Aim
from domain.errors import ProtocolError, StorageError
from domain.fact import Json
from domain.geometry import Spot
from domain.landmark import Landmark
from domain.lens import Lens
from domain.motion import Position
from domain.place import Place


@dataclass(frozen=True, slots=True)
class CameraAim:
    """One camera's calibration: what was found, from which clicks, who kept it and when."""

    camera_no: int
    aim: Aim
    landmarks: tuple[Landmark, ...]
    changed_by: str
    changed_at: datetime


class CameraAimStore:
    """The calibrations of this workstation, one a camera."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def save(self, camera_no: int, aim: Aim, landmarks: Sequence[Landmark], by: str) -> CameraAim:
        """Commit a camera's calibration in place of an older one, and return it as it is kept."""
        kept = CameraAim(camera_no, aim, tuple(landmarks), by, self._db.clock.now())
        row = CameraAimRow(
            camera=camera_no,
            aim=asdict(aim),
            landmarks=[asdict(landmark) for landmark in landmarks],
            changed_by=by,
            changed_at=kept.changed_at,
        )
        self._db.writer.do(Urgency.OPERATOR, lambda session: session.merge(row))
        return kept

    def all(self) -> tuple[CameraAim, ...]:
        """Return all calibrations that can be read, by the camera's number.

        One that can't be (of a newer program, or spoilt) is left out: its camera counts as not calibrated, and the
        others still turn.
        """
        with self._db.reading() as session:
            rows = session.scalars(select(CameraAimRow).order_by(CameraAimRow.camera)).all()
        found = (_read(row) for row in rows)
        return tuple(one for one in found if isinstance(one, CameraAim))

    def find(self, camera_no: int) -> CameraAim | None:
        """Return a camera's calibration, None where it has none; StorageError where it can't be read."""
        with self._db.reading() as session:
            row = session.get(CameraAimRow, camera_no)
        if row is None:
            return None
        found = _read(row)
        if isinstance(found, ProtocolError):
            raise StorageError(f"the calibration of camera {camera_no} can't be read: {found}") from found
        return found

    def delete(self, camera_no: int) -> bool:
        """Commit that a camera is not calibrated any more and return whether it was."""

        def work(session: Session) -> bool:
            row = session.get(CameraAimRow, camera_no)
            if row is not None:
                session.delete(row)
            return row is not None

        return self._db.writer.do(Urgency.OPERATOR, work)


def _read(row: CameraAimRow) -> CameraAim | ProtocolError:
    try:
        aim = _aim(row.aim)
        landmarks = tuple(_landmark(one) for one in _list(row.landmarks))
    except ProtocolError as error:
        return error
    return CameraAim(row.camera, aim, landmarks, row.changed_by, row.changed_at)


def _aim(value: Json) -> Aim:
    written = _object(value)
    lens = _object(written.get("lens"))
    degrees = {name: _number(written, name) for name in ("pan_zero_deg", "tilt_zero_deg", "pan_deg", "tilt_deg")}
    if degrees["pan_deg"] == 0.0 or degrees["tilt_deg"] == 0.0:
        raise ProtocolError("a camera that does not turn has no calibration")
    return Aim(
        spot=_spot(written.get("spot")),
        **degrees,
        lens=Lens(_number(lens, "widest_deg"), _number(lens, "magnification"), _number(lens, "aspect")),
        pixels_across=round(_number(written, "pixels_across")),
    )


def _landmark(value: Json) -> Landmark:
    written = _object(value)
    position = _object(written.get("position"))
    return Landmark(
        str(written.get("name", "")),
        Position(*(_number(position, axis) for axis in ("pan", "tilt", "zoom"))),
        _spot(written.get("spot")),
        _number(written, "x"),
        _number(written, "y"),
    )


def _spot(value: Json) -> Spot:
    written = _object(value)
    place = _object(written.get("place"))
    found = Place.checked(_number(place, "lat"), _number(place, "lon"))
    if found is None:
        raise ProtocolError("a place is nowhere on earth")
    return Spot(found, _number(written, "height_m"))


def _number(written: dict[str, Json], name: str) -> float:
    value = written.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ProtocolError(f"{name} is no number")
    return float(value)


def _object(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise ProtocolError("a part is missing")
    return value


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise ProtocolError("a list is missing")
    return value
