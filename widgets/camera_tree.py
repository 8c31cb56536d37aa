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
        self._faces: dict[int, Face] = {}
        self._open: dict[str, bool] = {}  # by the branch's path
        self._searching = False
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
        """Show the register; `faces` marks the cameras that are watched now, None leaves those known before.

        Districts are open at first; what the operator opens or closes stays so.
        """
        self._cameras = tuple(cameras)
        if faces is not None:
            self._faces = dict(faces)
        self._refresh()

    def show_faces(self, faces: Mapping[int, Face]) -> None:
        """Show how the pictures of the watched cameras are now, and these cameras in a branch of their own."""
        if dict(faces) != self._faces:
            self._faces = dict(faces)
            self._remember_branches()
            self._model.show_faces(self._faces)
            self._open_branches()

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
        self._remember_branches()
        self._model.show_cameras(found, self._faces, with_wall=not sought)
        self._searching = bool(sought)
        self._open_branches()
        live = sum(camera.streams for camera in self._cameras)
        self._header.show_right(self.tr("{live} of {all} stream").format(live=live, all=len(self._cameras)))
        told = self.tr("No camera matches “{sought}”.") if sought else self.tr("No cameras yet. Import a camera list.")
        self._empty.setText(told.format(sought=sought))
        self._empty.setVisible(not found)
        self._view.setVisible(bool(found))

    def _branches(self) -> list[QModelIndex]:
        model = self._model
        top = [model.index(row, 0) for row in range(model.rowCount())]
        return top + [
            child
            for branch in top
            for row in range(model.rowCount(branch))
            if model.rowCount(child := model.index(row, 0, branch))
        ]

    def _remember_branches(self) -> None:
        """Note which branches are open, unless a search opened them all."""
        if not self._searching:
            self._open |= {_path(index): self._view.isExpanded(index) for index in self._branches()}

    def _open_branches(self) -> None:
        for index in self._branches():
            at_first = not index.parent().isValid()
            wanted = self._searching or self._open.get(_path(index), at_first)
            if self._view.isExpanded(index) != wanted:
                self._view.setExpanded(index, wanted)

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
