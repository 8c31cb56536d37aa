"""The register of cameras."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from db.database import Database
from db.tables import CameraRow
from db.writer import Urgency
from domain.camera import Camera, Mask, RecordingPlan, SiteKind, Transport
from domain.errors import BadInputError, StorageError
from domain.fact import Json
from domain.mask import checked_masks
from domain.place import Place


class CameraStore:
    """The cameras that this workstation knows of."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> tuple[Camera, ...]:
        """Return all cameras by their numbers."""
        with self._db.reading() as session:
            return tuple(map(_to_camera, session.scalars(select(CameraRow).order_by(CameraRow.no))))

    def find(self, no: int) -> Camera | None:
        """Return the camera of this number, or None."""
        with self._db.reading() as session:
            row = session.get(CameraRow, no)
            return _to_camera(row) if row else None

    def replace_many(self, cameras: Sequence[Camera]) -> None:
        """Commit the cameras in one transaction, each in place of the one with its number; others stay.

        The masks of a camera that is there stay too: lists know nothing of them, and `set_masks` alone changes them.
        """
        if not cameras:
            return
        statement = sqlite.insert(CameraRow)
        columns = (column.name for column in CameraRow.__table__.columns)
        given = {name: statement.excluded[name] for name in columns if name != CameraRow.masks.key}
        upsert = statement.on_conflict_do_update(index_elements=[CameraRow.no], set_=given)
        rows = [_to_row(camera) for camera in cameras]
        self._db.writer.do(Urgency.OPERATOR, lambda session: session.execute(upsert, rows))

    def set_masks(self, no: int, masks: Sequence[Mask]) -> Camera:
        """Commit a camera's privacy masks, in place of those that it had, and return the camera.

        BadInputError where there is no such camera, or a mask is none.
        """
        checked = checked_masks(masks)

        def work(session: Session) -> Camera:
            row = session.get(CameraRow, no)
            if row is None:
                raise BadInputError(f"no camera has the number {no}")
            row.masks = _written(checked)
            return _to_camera(row)

        return self._db.writer.do(Urgency.OPERATOR, work)


def _to_row(camera: Camera) -> dict[str, Any]:
    return {
        "no": camera.no,
        "name": camera.name,
        "site": camera.site,
        "site_kind": camera.site_kind.value,
        "district": camera.district,
        "lat": camera.place.lat,
        "lon": camera.place.lon,
        "accuracy_m": camera.place.accuracy_m,
        "bearing_deg": camera.bearing_deg,
        "main_url": camera.main_url,
        "sub_url": camera.sub_url,
        "onvif_url": camera.onvif_url,
        "credentials": camera.credentials,
        "transport": camera.transport.value,
        "basic_allowed": camera.basic_allowed,
        "masks": _written(camera.masks),
        "recording": camera.recording.value,
        "head": camera.head,
        "height_m": camera.height_m,
    }


def _to_camera(row: CameraRow) -> Camera:
    return Camera(
        no=row.no,
        name=row.name,
        site=row.site,
        site_kind=SiteKind(row.site_kind),
        district=row.district,
        place=Place(row.lat, row.lon, row.accuracy_m),
        bearing_deg=row.bearing_deg,
        main_url=row.main_url,
        sub_url=row.sub_url,
        onvif_url=row.onvif_url,
        credentials=row.credentials,
        transport=Transport(row.transport),
        basic_allowed=row.basic_allowed,
        masks=_masks(row),
        recording=RecordingPlan(row.recording),
        head=row.head,
        height_m=row.height_m,
    )


def _written(masks: Sequence[Mask]) -> list[Json]:
    return [[[x, y] for x, y in mask] for mask in masks]


def _masks(row: CameraRow) -> tuple[Mask, ...]:
    """Return a camera's masks; StorageError where they can't be read, so that it is never shown without them."""
    masks: Any = row.masks
    try:
        return checked_masks(masks)
    except (BadInputError, TypeError) as error:
        raise StorageError(f"the masks of camera {row.no} can't be read: {error}") from error
