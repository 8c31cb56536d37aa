"""Numbered views of moving cameras: our names, the cameras' tokens, and a small picture of each."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.database import Database
from db.tables import CameraPlaceRow
from db.writer import Urgency
from domain.errors import BadInputError, StorageError
from domain.fact import Json
from domain.motion import Position
from domain.ptz_place import PtzPlace


class CameraPlaceStore:
    """The places of this workstation's moving cameras. What can't be read back is StorageError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, camera_no: int) -> tuple[PtzPlace, ...]:
        """Return the places that are kept for a camera, by number."""
        query = select(CameraPlaceRow).where(CameraPlaceRow.camera == camera_no).order_by(CameraPlaceRow.no)
        with self._db.reading() as session:
            return tuple(map(_to_place, session.scalars(query)))

    def keep(self, places: Sequence[PtzPlace]) -> None:
        """Commit these places, each in place of the one with its camera and number; one without a number is not kept.

        A token leads to one place only: another place of the camera that had it loses it, and is gone where it had
        nothing else.
        """
        rows = [row for place in places if (row := self._row(place)) is not None]
        if rows:
            self._db.writer.do(Urgency.OPERATOR, lambda session: _write(session, rows))

    def remove(self, camera_no: int, no: int) -> bool:
        """Commit that a place is gone and return whether there was one."""

        def work(session: Session) -> bool:
            row = session.get(CameraPlaceRow, (camera_no, no))
            if row is not None:
                session.delete(row)
            return row is not None

        return self._db.writer.do(Urgency.OPERATOR, work)

    def _row(self, place: PtzPlace) -> CameraPlaceRow | None:
        if place.no is None:
            return None
        at = place.position
        return CameraPlaceRow(
            camera=place.camera_no,
            no=place.no,
            name=place.name,
            token=place.token,
            position=None if at is None else {"pan": at.pan, "tilt": at.tilt, "zoom": at.zoom},
            thumbnail=place.thumbnail or None,
            changed_at=self._db.clock.now(),
        )


def _write(session: Session, rows: Iterable[CameraPlaceRow]) -> None:
    for row in rows:
        if row.token:
            _take_token(session, row)
        session.merge(row)


def _take_token(session: Session, row: CameraPlaceRow) -> None:
    had_it = select(CameraPlaceRow).where(
        CameraPlaceRow.camera == row.camera, CameraPlaceRow.token == row.token, CameraPlaceRow.no != row.no
    )
    for other in session.scalars(had_it).all():
        if other.position is None:
            session.delete(other)
        else:
            other.token = ""
    session.flush()


def _to_place(row: CameraPlaceRow) -> PtzPlace:
    try:
        return PtzPlace(
            camera_no=row.camera,
            no=row.no,
            name=row.name,
            token=row.token,
            position=_position(row.position),
            thumbnail=row.thumbnail or b"",
        )
    except (BadInputError, ValueError, TypeError) as error:
        raise StorageError(f"place {row.no} of camera {row.camera} can't be read: {error}") from error


def _position(value: Json) -> Position | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise TypeError(f"not a position: {value!r}")
    return Position(_axis(value, "pan"), _axis(value, "tilt"), _axis(value, "zoom"))


def _axis(value: Mapping[str, Json], name: str) -> float:
    number = value.get(name)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(f"not a position: {value!r}")
    return float(number)
