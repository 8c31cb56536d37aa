"""Finding a camera: by number, by name, or by where it stands."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QTreeView, QVBoxLayout, QWidget

from domain.camera import Camera
from domain.picture import Face
from widgets.camera_model import CameraModel, matches
from widgets.pane import PaneHeader, make_pane, plain_label
from widgets.theme import STEP, scaled


class CameraTree(QWidget):
    """Shows the register and asks for a camera by Enter or double click; rows can be dragged onto a tile."""

    camera_chosen = Signal(int)  # its number

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_pane(self)
        self._cameras: tuple[Camera, ...] = ()
        self._faces: Mapping[int, Face] = {}
        self._header = PaneHeader(self.tr("Cameras"), self)
        self._sought = QLineEdit(self)
        self._sought.setPlaceholderText(self.tr("Number or name"))
        self._sought.setAccessibleName(self.tr("Find a camera by number or name"))
        self._sought.setClearButtonEnabled(True)
        self._empty = plain_label("", self, dim=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._view = QTreeView(self)
        self._model = CameraModel(self._view)
        self._set_up_view()
        step = scaled(self, STEP)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * step, step, 2 * step, 2 * step)
        column.setSpacing(step)
        for widget in (self._header, self._sought):
            column.addWidget(widget)
        column.addWidget(self._empty, 1)
        column.addWidget(self._view, 1)
        self._sought.textChanged.connect(self._refresh)
        self._sought.returnPressed.connect(self._choose_found)
        self._view.activated.connect(self._choose_row)
        self._refresh()

    def show_cameras(self, cameras: Sequence[Camera], faces: Mapping[int, Face] | None = None) -> None:
        """Show the register; `faces` marks the cameras that are watched now. Open branches stay open."""
        self._cameras, self._faces = tuple(cameras), faces or {}
        self._refresh()

    def focus_search(self) -> None:
        """Put the cursor into the search field, all of it selected."""
        self._sought.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._sought.selectAll()

    def _set_up_view(self) -> None:
        view = self._view
        view.setModel(self._model)
        view.setAccessibleName(self.tr("Cameras"))
        view.setHeaderHidden(True)
        view.setUniformRowHeights(True)
        view.setDragEnabled(True)
        view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setIndentation(scaled(self, 3 * STEP))
        view.setExpandsOnDoubleClick(True)

    def _refresh(self) -> None:
        sought = self._sought.text().strip()
        found = [camera for camera in self._cameras if matches(camera, sought)]
        open_branches = self._open_branches()
        self._model.show_cameras(found, self._faces)
        if sought:
            self._view.expandAll()
        else:
            self._expand(open_branches)
        live = sum(camera.streams for camera in self._cameras)
        self._header.show_right(self.tr("{live} of {all} stream").format(live=live, all=len(self._cameras)))
        told = self.tr("No camera matches “{sought}”.") if sought else self.tr("No cameras yet. Import a camera list.")
        self._empty.setText(told.format(sought=sought))
        self._empty.setVisible(not found)
        self._view.setVisible(bool(found))

    def _branches(self) -> list[QModelIndex]:
        model = self._model
        districts = [model.index(row, 0) for row in range(model.rowCount())]
        return districts + [
            model.index(row, 0, district) for district in districts for row in range(model.rowCount(district))
        ]

    def _open_branches(self) -> set[str]:
        if self._sought.isModified() and self._sought.text().strip():
            return set()
        return {_path(index) for index in self._branches() if self._view.isExpanded(index)}

    def _expand(self, paths: set[str]) -> None:
        for index in self._branches():
            self._view.setExpanded(index, _path(index) in paths)

    def _choose_found(self) -> None:
        sought = self._sought.text().strip()
        exact = next((camera for camera in self._cameras if sought.isdigit() and camera.no == int(sought)), None)
        camera = exact or self._model.first()
        if camera is not None and sought:
            self.camera_chosen.emit(camera.no)

    def _choose_row(self, index: QModelIndex) -> None:
        camera = self._model.camera_at(index)
        if camera is not None:
            self.camera_chosen.emit(camera.no)


def _path(index: QModelIndex) -> str:
    said = str(index.data()).rsplit(" (", 1)[0]
    return f"{_path(index.parent())}/{said}" if index.parent().isValid() else said
