"""The register as a tree: first what is on the wall, then district, kind of site, camera."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QMimeData, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QWidget

from domain.camera import Camera, SiteKind
from domain.picture import Face
from widgets import words
from widgets.camera_drag import CAMERA_MIME, camera_to_drag
from widgets.theme import colours_of

CAMERA_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_KIND_BITS = 16  # a row's id: 0 for a branch of the first level, its row+1 for what hangs on it, and that above
# the kind's row+1 for a camera of a district
_WALL = -1  # the branch of the cameras on the wall, where there is one; districts count from 0


def site_kind_word(kind: SiteKind) -> str:
    """Return what a site was built for, in words."""
    return {
        SiteKind.INTERSECTION: QCoreApplication.translate("CameraTree", "Intersections"),
        SiteKind.CRIME_PREVENTION: QCoreApplication.translate("CameraTree", "Crime prevention"),
        SiteKind.SHORE: QCoreApplication.translate("CameraTree", "Shore"),
        SiteKind.PARK: QCoreApplication.translate("CameraTree", "Parks"),
        SiteKind.ROAD: QCoreApplication.translate("CameraTree", "Roads"),
    }[kind]


def matches(camera: Camera, sought: str) -> bool:
    """Return whether each sought word is part of the camera's number (0417 or 417), name, site or district."""
    said = f"{words.camera_no(camera.no)} {camera.name} {camera.site} {camera.district}".casefold()
    return all(word in said for word in sought.casefold().split())


@dataclass(frozen=True, slots=True)
class _Kind:
    kind: SiteKind
    cameras: tuple[Camera, ...]


@dataclass(frozen=True, slots=True)
class _District:
    name: str
    kinds: tuple[_Kind, ...]


class CameraModel(QAbstractItemModel):
    """The cameras that match what is sought, in a tree; camera rows can be dragged.

    Cameras whose faces are known stand a second time, by number, in a branch of their own before the districts.
    """

    def __init__(self, tree: QWidget) -> None:
        super().__init__(tree)
        self._tree = tree
        self._districts: tuple[_District, ...] = ()
        self._wall: tuple[Camera, ...] = ()
        self._by_number: dict[int, Camera] = {}
        self._places: dict[int, tuple[int, int, int]] = {}  # of a camera: district, kind and row
        self._faces: Mapping[int, Face] = {}
        self._with_wall = True

    def show_cameras(self, cameras: Sequence[Camera], faces: Mapping[int, Face], *, with_wall: bool = True) -> None:
        """Hold these cameras, sorted by number within their branch, with the faces of those that are watched.

        `with_wall` False leaves the branch of the wall out, so that each camera stands in the tree once.
        """
        self._with_wall = with_wall
        by_number = {camera.no: camera for camera in cameras}
        if by_number == self._by_number:
            self.show_faces(faces)
            return
        self.beginResetModel()
        self._by_number = by_number
        self._districts = _grouped(cameras)
        self._places = {
            camera.no: (d, k, row)
            for d, district in enumerate(self._districts)
            for k, kind in enumerate(district.kinds)
            for row, camera in enumerate(kind.cameras)
        }
        self._faces, self._wall = dict(faces), self._watched(faces)
        self.endResetModel()

    def show_faces(self, faces: Mapping[int, Face]) -> None:
        """Hold the faces of the cameras that are watched now; only the rows that changed are drawn anew."""
        before, self._faces = self._faces, dict(faces)
        wall = self._watched(faces)
        if wall != self._wall:
            self._change_wall(wall)
        changed = {number for number in before.keys() | faces.keys() if before.get(number) != faces.get(number)}
        for number in changed & self._places.keys():
            index = self.index_of(number)
            self.dataChanged.emit(index, index)
        if changed and wall:
            branch = self.index(0, 0)
            self.dataChanged.emit(self.index(0, 0, branch), self.index(len(wall) - 1, 0, branch))

    def camera_at(self, index: _Index) -> Camera | None:
        """Return the camera of a row, None for a branch."""
        if not index.isValid():
            return None
        branch, kind = _hangs_on(index)
        if branch is None:
            return None
        district = self._district(branch)
        if district == _WALL:
            return self._wall[index.row()]
        return None if kind is None else self._districts[district].kinds[kind].cameras[index.row()]

    def index_of(self, number: int) -> QModelIndex:
        """Return the row of a camera in its district, an invalid index if it is not among those shown."""
        place = self._places.get(number)
        if place is None:
            return QModelIndex()
        district, kind, row = place
        return self.createIndex(row, 0, (self._branch_of(district) + 1) << _KIND_BITS | (kind + 1))

    def first(self) -> Camera | None:
        """Return the first camera of the first district."""
        return self._districts[0].kinds[0].cameras[0] if self._districts else None

    @property
    def has_wall(self) -> bool:
        """Whether the first branch is that of the cameras on the wall."""
        return bool(self._wall)

    def index(self, row: int, column: int, parent: _Index | None = None) -> QModelIndex:
        """Return the index of a child row."""
        if column or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        if parent is None or not parent.isValid():
            return self.createIndex(row, column, 0)
        branch, _kind = _hangs_on(parent)
        if branch is None:
            return self.createIndex(row, column, parent.row() + 1)
        return self.createIndex(row, column, (branch + 1) << _KIND_BITS | (parent.row() + 1))

    def parent(self, index: _Index | None = None) -> QModelIndex:  # type: ignore[override]  # QObject.parent() is another
        """Return the branch that a row hangs on."""
        if index is None or not index.isValid():
            return QModelIndex()
        branch, kind = _hangs_on(index)
        if branch is None:
            return QModelIndex()
        if kind is None:
            return self.createIndex(branch, 0, 0)
        return self.createIndex(kind, 0, branch + 1)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of rows below a branch."""
        if parent is None or not parent.isValid():
            return self._branch_of(len(self._districts))
        branch, kind = _hangs_on(parent)
        if branch is None:
            district = self._district(parent.row())
            return len(self._wall) if district == _WALL else len(self._districts[district].kinds)
        district = self._district(branch)
        if kind is None and district != _WALL:
            return len(self._districts[district].kinds[parent.row()].cameras)
        return 0

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return the one column."""
        del parent
        return 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row says."""
        if not index.isValid():
            return None
        camera = self.camera_at(index)
        if camera is None:
            return self._branch(index) if role == Qt.ItemDataRole.DisplayRole else None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                branch, _kind = _hangs_on(index)
                return self._line(camera, on_wall=branch is not None and self._district(branch) == _WALL)
            case Qt.ItemDataRole.ForegroundRole if not camera.streams:
                return QBrush(QColor(colours_of(self._tree).dim))
            case _:
                return camera if role == CAMERA_ROLE else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let cameras be dragged."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self.camera_at(index) is not None else flags

    def mimeTypes(self) -> list[str]:
        """Return what a dragged row is."""
        return [CAMERA_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the dragged camera."""
        cameras = [camera for index in indexes if (camera := self.camera_at(index)) is not None]
        return camera_to_drag(cameras[0].no) if cameras else QMimeData()

    def _watched(self, faces: Mapping[int, Face]) -> tuple[Camera, ...]:
        if not self._with_wall:
            return ()
        return tuple(self._by_number[number] for number in sorted(faces) if number in self._by_number)

    def _change_wall(self, wall: tuple[Camera, ...]) -> None:
        """Put others into the branch of the wall without disturbing the districts below it."""
        if bool(wall) != self.has_wall:
            self.beginResetModel()
            self._wall = wall
            self.endResetModel()
            return
        branch = self.index(0, 0)
        for row in reversed(range(len(self._wall))):
            if self._wall[row] not in wall:
                self.beginRemoveRows(branch, row, row)
                self._wall = (*self._wall[:row], *self._wall[row + 1 :])
                self.endRemoveRows()
        for row, camera in enumerate(wall):
            if row >= len(self._wall) or self._wall[row] != camera:
                self.beginInsertRows(branch, row, row)
                self._wall = (*self._wall[:row], camera, *self._wall[row:])
                self.endInsertRows()
        self.dataChanged.emit(branch, branch)

    def _district(self, branch: int) -> int:
        return branch - 1 if self.has_wall else branch

    def _branch_of(self, district: int) -> int:
        return district + 1 if self.has_wall else district

    def _branch(self, index: _Index) -> str:
        branch, _kind = _hangs_on(index)
        district = self._district(index.row() if branch is None else branch)
        if district == _WALL:
            return self.tr("On the wall ({n})").format(n=len(self._wall))
        if branch is None:
            found = self._districts[district]
            return f"{found.name} ({sum(len(kind.cameras) for kind in found.kinds)})"
        kind = self._districts[district].kinds[index.row()]
        return f"{site_kind_word(kind.kind)} ({len(kind.cameras)})"

    def _line(self, camera: Camera, *, on_wall: bool) -> str:
        parts = [f"{words.camera_no(camera.no)}  {camera.name}"]
        if not camera.streams:
            parts.append(self.tr("no stream"))
        if camera.ptz:
            parts.append("PTZ")
        match self._faces.get(camera.no):
            case Face.LOST:
                parts.append(self.tr("lost"))
            case Face.STALE | Face.FROZEN:
                parts.append(self.tr("stale"))
            case Face.LIVE | Face.WAITING if not on_wall:
                parts.append(self.tr("on the wall"))
        return " · ".join(parts)


def _hangs_on(index: _Index) -> tuple[int | None, int | None]:
    """Return which branch of the first level and which kind a row hangs on."""
    inner = int(index.internalId())
    if inner == 0:
        return None, None
    if inner < 1 << _KIND_BITS:
        return inner - 1, None
    return (inner >> _KIND_BITS) - 1, (inner & (1 << _KIND_BITS) - 1) - 1


def _grouped(cameras: Sequence[Camera]) -> tuple[_District, ...]:
    tree: dict[str, dict[SiteKind, list[Camera]]] = {}
    for camera in sorted(cameras, key=lambda camera: camera.no):
        tree.setdefault(camera.district, {}).setdefault(camera.site_kind, []).append(camera)
    return tuple(
        _District(name, tuple(_Kind(kind, tuple(kinds[kind])) for kind in SiteKind if kind in kinds))
        for name, kinds in sorted(tree.items())
    )
