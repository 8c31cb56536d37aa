"""Snapshots: the picture that an operator sees, at its own size, with what it is below it, kept with its hash."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from console.acting import Door
from console.snapshot_image import encoded
from console.tasks import Lane, Tasks
from db.snapshots import SnapshotStore
from domain.camera import Camera
from domain.errors import RefusedError
from domain.operator import Action
from video.replay import ReplayEngine
from video.snapshot import store

_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file that is on the disk and not yet in the register."""

    at: datetime
    camera_at: datetime | None
    file: str
    sha256: str
    width: int
    height: int
    masked: bool


class Snapshots(QObject):
    """Takes stills through the one door. Masks are burnt in unless the operator may lift them and asks for that."""

    taken = Signal(object)  # Snapshot
    refused = Signal(object)  # RefusedError
    failed = Signal(object)  # Exception

    def __init__(
        self,
        engine: ReplayEngine,
        register: SnapshotStore,
        folder: Path,
        door: Door,
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._register = register
        self._folder = folder
        self._door = door
        self._tasks = tasks

    def take(self, camera: Camera, moment: float, *, masked: bool = True) -> None:
        """Keep the picture that a camera showed at a moment (Unix seconds); `taken`, `refused` or `failed` follows."""
        subject = f"camera/{camera.no}"
        try:
            by = self._door.act(Action.TAKE_SNAPSHOT, subject)
            if camera.masks and not masked:
                self._door.act(Action.LIFT_MASKS, subject)
        except RefusedError as error:
            self.refused.emit(error)
            return
        self._tasks.run(
            Lane.NETWORK,
            partial(self._kept, camera, moment, by, masked=masked),
            self,
            partial(self._write_down, camera, by),
            self.failed.emit,
        )

    def _kept(self, camera: Camera, moment: float, by: str, *, masked: bool) -> _Kept:
        still = self._engine.still(camera, moment, masked=masked).result(_PATIENCE_S)
        at = datetime.fromtimestamp(still.arrived_at, UTC)
        camera_at = datetime.fromtimestamp(still.camera_at, UTC) if still.camera_at else None
        data = encoded(still, camera, at, camera_at, by)
        local = at.astimezone()
        name = f"{local:%Y-%m-%d}/{camera.no:04d}-{local:%H%M%S}-{at.microsecond // 1000:03d}"
        file = self._free_name(name)
        sha256 = store(data, self._folder / file)
        return _Kept(at, camera_at, file, sha256, still.width, still.height, bool(camera.masks) and masked)

    def _free_name(self, name: str) -> str:
        """Return a name that no file has: the same picture may be taken twice."""
        file, count = f"{name}.png", 1
        while (self._folder / file).exists():
            count += 1
            file = f"{name}-{count}.png"
        return file

    def _write_down(self, camera: Camera, by: str, kept: _Kept) -> None:
        work = partial(
            self._register.keep,
            camera_no=camera.no,
            at=kept.at,
            camera_at=kept.camera_at,
            by=by,
            file=kept.file,
            sha256=kept.sha256,
            width=kept.width,
            height=kept.height,
            masked=kept.masked,
        )
        self._tasks.run(Lane.DATABASE, work, self, self.taken.emit, self.failed.emit)
