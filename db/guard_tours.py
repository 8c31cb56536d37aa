"""Guard tours of moving cameras."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.database import Database
from db.tables import GuardTourRow
from db.wall_codec import whole
from db.walls import tidy_name
from db.writer import Urgency
from domain.errors import BadInputError, ProtocolError, StorageError
from domain.fact import Json
from domain.guard_tour import GuardTour, TourSpot


class GuardTourStore:
    """The guard tours of this workstation. What can't be read back is StorageError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def save(self, tour: GuardTour) -> GuardTour:
        """Commit the tour, in place of the one with its id, and return it as it is kept.

        BadInputError where the name is empty or that of another tour of the camera.
        """
        kept = replace(tour, name=tidy_name(tour.name))
        row = GuardTourRow(
            id=kept.id,
            camera=kept.camera_no,
            name=kept.name,
            token=kept.token,
            spots=[_spot_json(spot) for spot in kept.spots],
            changed_at=self._db.clock.now(),
        )
        self._db.writer.do(Urgency.OPERATOR, lambda session: _keep(session, row))
        return kept

    def of(self, camera_no: int) -> tuple[GuardTour, ...]:
        """Return the tours of a camera by name."""
        query = select(GuardTourRow).where(GuardTourRow.camera == camera_no).order_by(GuardTourRow.name)
        with self._db.reading() as session:
            return tuple(map(_to_tour, session.scalars(query)))

    def find(self, tour_id: UUID) -> GuardTour | None:
        """Return the tour, or None."""
        with self._db.reading() as session:
            row = session.get(GuardTourRow, tour_id)
            return _to_tour(row) if row else None

    def delete(self, tour_id: UUID) -> bool:
        """Commit that a tour is gone and return whether there was one."""

        def work(session: Session) -> bool:
            row = session.get(GuardTourRow, tour_id)
            if row is not None:
                session.delete(row)
            return row is not None

        return self._db.writer.do(Urgency.OPERATOR, work)


def _keep(session: Session, row: GuardTourRow) -> None:
    query = select(GuardTourRow.id).where(GuardTourRow.camera == row.camera, GuardTourRow.name == row.name)
    if session.scalar(query) not in (None, row.id):
        raise BadInputError(f"camera {row.camera} has already a tour named {row.name!r}")
    session.merge(row)


def _spot_json(spot: TourSpot) -> Json:
    return {"place": spot.place, "stay_s": spot.stay_s, "speed": spot.speed}


def _to_tour(row: GuardTourRow) -> GuardTour:
    try:
        return GuardTour(row.id, row.camera, row.name, tuple(map(_spot_from, row.spots)), row.token)
    except (ProtocolError, BadInputError) as error:
        raise StorageError(f"the tour {row.name!r} of camera {row.camera} can't be read: {error}") from error


def _spot_from(value: Json) -> TourSpot:
    if not isinstance(value, dict):
        raise ProtocolError(f"a tour's place can't be understood: {value!r}")
    place = value.get("place")
    return TourSpot(
        None if place is None else whole(place, "a place"),
        _number(value.get("stay_s"), "a stay"),
        _number(value.get("speed"), "a speed"),
    )


def _number(value: Json, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProtocolError(f"{what} can't be understood: {value!r}")
    return float(value)
