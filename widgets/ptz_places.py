"""The places of a camera: number, name and small picture of each; recalled, stored, renamed, forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from domain.camera import Camera
from domain.ptz_place import MOST_PLACES, PtzPlace
from widgets import words
from widgets.pane import PaneHeader, make_pane, mark, plain_label
from widgets.theme import STEP, colours_of, scaled

LONGEST_NAME = 80
_PICTURE = QSize(96, 54)

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PlaceCall:
    """A wish for a camera to go to one of its places."""

    camera_no: int
    place: PtzPlace


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A wish to store what a camera shows under a number and a name, or to give its place of that number this name."""

    camera_no: int
    no: int
    name: str


@dataclass(frozen=True, slots=True)
class PlaceNumber:
    """A place of a camera."""

    camera_no: int
    no: int


class PlaceModel(QAbstractListModel):
    """Places by number; pictures are decoded when a row is first seen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: tuple[PtzPlace, ...] = ()
        self._pictures: dict[bytes, QImage] = {}

    def show_places(self, places: Sequence[PtzPlace]) -> None:
        """Show these places."""
        if tuple(places) == self._places:
            return
        self.beginResetModel()
        self._places = tuple(places)
        held = {place.thumbnail for place in self._places}
        self._pictures = {data: image for data, image in self._pictures.items() if data in held}
        self.endResetModel()

    def place(self, index: _Index) -> PtzPlace | None:
        """Return the place in a row, None where there is none."""
        return self._places[index.row()] if 0 <= index.row() < len(self._places) else None

    def row_of(self, no: int) -> int | None:
        """Return the row of the place with this number, None where there is none."""
        return next((row for row, place in enumerate(self._places) if place.no == no), None)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._places)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words, the picture or the colour of a row."""
        place = self.place(index)
        if place is None:
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._line(place)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(place.thumbnail)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._more(place)
        return None

    def _line(self, place: PtzPlace) -> str:
        number = words.NO_VALUE if place.no is None else str(place.no)
        line = f"{number}  {place.shown_name}"
        return line if place.usable else self.tr("{place} (the camera has it no more)").format(place=line)

    def _more(self, place: PtzPlace) -> str | None:
        if place.told_name and place.told_name != place.shown_name:
            return self.tr("The camera calls it “{name}”.").format(name=place.told_name)
        return None

    def _blank(self) -> QColor:
        parent = self.parent()
        return QColor(colours_of(parent).field) if isinstance(parent, QWidget) else QColor("black")

    def _picture(self, data: bytes) -> QImage:
        if data not in self._pictures:
            image = QImage.fromData(data) if data else QImage()
            if image.isNull():
                image = QImage(_PICTURE, QImage.Format.Format_RGB32)
                image.fill(self._blank())
            self._pictures[data] = image.scaled(
                _PICTURE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        return self._pictures[data]


class PlacePane(QWidget):
    """One camera's places. A double click or Enter goes there; storing is offered to those who may."""

    recall_asked = Signal(object)  # PlaceCall
    store_asked = Signal(object)  # PlaceName
    rename_asked = Signal(object)  # PlaceName
    forget_asked = Signal(object)  # PlaceNumber
    home_asked = Signal(int)  # the camera's number
    home_to_set = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_pane(self)
        self._camera: Camera | None = None
        self._header = PaneHeader(self.tr("Places"), self)
        self._said = plain_label("", self, dim=True)
        self._said.setWordWrap(True)
        self.model = PlaceModel(self)
        self.list = QListView(self)
        self.number = QSpinBox(self)
        self.name = QLineEdit(self)
        self.go_button = QPushButton(self.tr("Go there"), self)
        self.home_button = QPushButton(self.tr("Home view"), self)
        self.store_button = QPushButton(self.tr("Store here"), self)
        self.rename_button = QPushButton(self.tr("Rename"), self)
        self.forget_button = QPushButton(self.tr("Forget"), self)
        self.set_home_button = QPushButton(self.tr("Make it the home view"), self)
        self._set_up()
        self._lay_out()
        self._connect()
        self.show_places(None)

    def show_places(
        self, camera: Camera | None, places: Sequence[PtzPlace] = (), *, may_store: bool = False, waiting: bool = False
    ) -> None:
        """Show a camera's places; `waiting` while the camera has not told its own yet."""
        changed = (camera and camera.no) != (self._camera and self._camera.no)
        self._camera = camera
        self.model.show_places(places)
        if changed:
            self.list.clearSelection()
            self.name.clear()
        turns = camera is not None and camera.ptz
        self._header.show_right("" if camera is None else f"{words.camera_no(camera.no)} {camera.name}")
        for widget in (self.list, self.home_button):
            widget.setEnabled(turns)
        self._changing.setVisible(may_store)
        self._changing.setEnabled(turns)
        self._say(turns=turns, count=len(places), waiting=waiting)
        self._chosen()

    @property
    def chosen(self) -> PtzPlace | None:
        """The place that is chosen in the list."""
        chosen = self.list.selectionModel().selectedIndexes()
        return self.model.place(chosen[0]) if chosen else None

    def _set_up(self) -> None:
        self.list.setModel(self.model)
        self.list.setIconSize(QSize(scaled(self, _PICTURE.width()), scaled(self, _PICTURE.height())))
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(self.tr("Places"))
        self.number.setRange(1, MOST_PLACES)
        self.number.setAccessibleName(self.tr("Number of the place"))
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(self.tr("Name"))
        self.name.setAccessibleName(self.tr("Name of the place"))
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        step = scaled(self, STEP)
        going, kept, more, column = QHBoxLayout(), QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for button in (self.go_button, self.home_button):
            going.addWidget(button)
        going.addStretch(1)
        self._changing = QWidget(self)
        rows = QVBoxLayout(self._changing)
        rows.setContentsMargins(0, 0, 0, 0)
        kept.addWidget(self.number)
        kept.addWidget(self.name, 1)
        kept.addWidget(self.store_button)
        for button in (self.rename_button, self.forget_button, self.set_home_button):
            more.addWidget(button)
        more.addStretch(1)
        rows.addLayout(kept)
        rows.addLayout(more)
        column.setContentsMargins(2 * step, step, 2 * step, 2 * step)
        column.setSpacing(step)
        column.addWidget(self._header)
        column.addWidget(self._said)
        column.addWidget(self.list, 1)
        column.addLayout(going)
        column.addWidget(self._changing)

    def _connect(self) -> None:
        self.list.activated.connect(self._go)
        self.list.selectionModel().selectionChanged.connect(self._chosen)
        self.number.valueChanged.connect(self._chosen)
        self.go_button.clicked.connect(self._go)
        self.home_button.clicked.connect(self._go_home)
        self.store_button.clicked.connect(self._store)
        self.rename_button.clicked.connect(self._rename)
        self.forget_button.clicked.connect(self._forget)
        self.set_home_button.clicked.connect(self._set_home)

    def _say(self, *, turns: bool, count: int, waiting: bool) -> None:
        if not turns:
            said = self.tr("Select a tile with a camera that can be turned.")
        elif waiting:
            said = self.tr("Asking the camera …")
        else:
            said = "" if count else self.tr("This camera has no places yet.")
        self._said.setText(said)
        self._said.setVisible(bool(said))
        mark(self._said, dim=True)

    @Slot()
    def _chosen(self) -> None:
        """Offer what can be done with the chosen place; its number and name lie ready to be stored again."""
        place = self.chosen
        if place is not None and self.sender() is self.list.selectionModel():
            self.number.setValue(place.no or self.number.value())
            self.name.setText(place.name or place.told_name)
        self.go_button.setEnabled(self._camera is not None and place is not None and place.usable)
        for button in (self.rename_button, self.forget_button):
            button.setEnabled(place is not None and place.no is not None)
        taken = self.model.row_of(self.number.value()) is not None
        self.store_button.setText(self.tr("Store over it") if taken else self.tr("Store here"))

    @Slot()
    def _go(self) -> None:
        place = self.chosen
        if self._camera is not None and place is not None and place.usable:
            self.recall_asked.emit(PlaceCall(self._camera.no, place))

    @Slot()
    def _go_home(self) -> None:
        if self._camera is not None:
            self.home_asked.emit(self._camera.no)

    @Slot()
    def _store(self) -> None:
        if self._camera is not None:
            self.store_asked.emit(PlaceName(self._camera.no, self.number.value(), self.name.text().strip()))

    @Slot()
    def _rename(self) -> None:
        place, name = self.chosen, self.name.text().strip()
        if self._camera is not None and place is not None and place.no is not None and name:
            self.rename_asked.emit(PlaceName(self._camera.no, place.no, name))

    @Slot()
    def _forget(self) -> None:
        place = self.chosen
        if self._camera is not None and place is not None and place.no is not None:
            self.forget_asked.emit(PlaceNumber(self._camera.no, place.no))

    @Slot()
    def _set_home(self) -> None:
        if self._camera is not None:
            self.home_to_set.emit(self._camera.no)
