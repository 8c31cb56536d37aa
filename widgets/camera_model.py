"""The register as a tree: district, kind of site, camera."""

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
_KIND_BITS = 16  # a row's id: 0 for a district, district+1 for a kind, and that above kind+1 for a camera


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
    """The cameras that match what is sought, in a tree; camera rows can be dragged."""

    def __init__(self, tree: QWidget) -> None:
        super().__init__(tree)
        self._tree = tree
        self._districts: tuple[_District, ...] = ()
        self._faces: Mapping[int, Face] = {}

    def show_cameras(self, cameras: Sequence[Camera], faces: Mapping[int, Face]) -> None:
        """Hold these cameras, sorted by number within their branch, with the faces of those that are watched."""
        districts = _grouped(cameras)
        self._faces = dict(faces)
        if districts == self._districts:
            self._redraw()
            return
        self.beginResetModel()
        self._districts = districts
        self.endResetModel()

    def camera_at(self, index: _Index) -> Camera | None:
        """Return the camera of a row, None for a branch."""
        district, kind = _places(index)
        if not index.isValid() or kind is None or district is None:
            return None
        return self._districts[district].kinds[kind].cameras[index.row()]

    def index_of(self, number: int) -> QModelIndex:
        """Return the row of a camera, an invalid index if it is not among those shown."""
        for d, district in enumerate(self._districts):
            for k, kind in enumerate(district.kinds):
                for row, camera in enumerate(kind.cameras):
                    if camera.no == number:
                        return self.createIndex(row, 0, (d + 1) << _KIND_BITS | (k + 1))
        return QModelIndex()

    def first(self) -> Camera | None:
        """Return the first camera in the tree."""
        return self._districts[0].kinds[0].cameras[0] if self._districts else None

    def index(self, row: int, column: int, parent: _Index | None = None) -> QModelIndex:
        """Return the index of a child row."""
        if parent is None or not parent.isValid():
            return self.createIndex(row, column, 0) if 0 <= row < len(self._districts) else QModelIndex()
        if column or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        district, _kind = _places(parent)
        if district is None:
            return self.createIndex(row, column, parent.row() + 1)
        return self.createIndex(row, column, (district + 1) << _KIND_BITS | (parent.row() + 1))

    def parent(self, index: _Index | None = None) -> QModelIndex:  # type: ignore[override]  # QObject.parent() is another
        """Return the branch that a row hangs on."""
        if index is None or not index.isValid():
            return QModelIndex()
        district, kind = _places(index)
        if district is None:
            return QModelIndex()
        if kind is None:
            return self.createIndex(district, 0, 0)
        return self.createIndex(kind, 0, district + 1)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of rows below a branch."""
        if parent is None or not parent.isValid():
            return len(self._districts)
        district, kind = _places(parent)
        if district is None:
            return len(self._districts[parent.row()].kinds)
        if kind is None:
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
                return self._line(camera)
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

    def _redraw(self) -> None:
        for d, district in enumerate(self._districts):
            for k, kind in enumerate(district.kinds):
                branch = self.index(k, 0, self.index(d, 0))
                self.dataChanged.emit(self.index(0, 0, branch), self.index(len(kind.cameras) - 1, 0, branch))

    def _branch(self, index: _Index) -> str:
        district, _kind = _places(index)
        if district is None:
            branch = self._districts[index.row()]
            return f"{branch.name} ({sum(len(kind.cameras) for kind in branch.kinds)})"
        kind = self._districts[district].kinds[index.row()]
        return f"{site_kind_word(kind.kind)} ({len(kind.cameras)})"

    def _line(self, camera: Camera) -> str:
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
            case Face.LIVE | Face.WAITING:
                parts.append(self.tr("on the wall"))
        return " · ".join(parts)


def _places(index: _Index) -> tuple[int | None, int | None]:
    """Return which district and kind a row hangs on."""
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
