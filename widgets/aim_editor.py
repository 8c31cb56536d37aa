"""Where a camera is calibrated: landmarks clicked in its picture and on the map, and how well they fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from domain.calibration import FEWEST, Calibration
from domain.camera import Camera
from domain.errors import BadInputError
from domain.landmark import Landmark
from domain.motion import Position
from domain.place import Place
from widgets import words
from widgets.aim_draft import AimDraft, place_words, typed_place
from widgets.aim_model import AimModel, Column
from widgets.aim_picture import AimPicture
from widgets.pane import mark, plain_label
from widgets.theme import STEP, larger, scaled

USUAL_HEIGHT_M = 6.0  # of poles in Korean streets, where the register says nothing
_HIGHEST_M = 500.0
_ENOUGH_SPARE = 3


@dataclass(frozen=True, slots=True)
class AimClicks:
    """What was clicked so far, and how high above the ground the camera hangs."""

    landmarks: tuple[Landmark, ...]
    height_m: float


@dataclass(frozen=True, slots=True)
class AimFound:
    """A calibration that is to be kept, with its landmarks."""

    calibration: Calibration
    landmarks: tuple[Landmark, ...]


class AimEditor(QDialog):
    """Takes the landmarks of one camera; not modal, since the camera has to be turned meanwhile. Show it with `show`.

    A picture comes with the position that the camera told with it: a click belongs to both.
    """

    picture_asked = Signal()
    place_wanted = Signal(bool)  # whether the next click on the map is the chosen landmark's place
    landmarks_changed = Signal(object)  # AimClicks
    aim_saved = Signal(object)  # AimFound

    def __init__(
        self,
        camera: Camera,
        landmarks: Sequence[Landmark] = (),
        height_m: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._draft = AimDraft(landmarks)
        self._position: Position | None = None
        self._calibration: Calibration | None = None
        self._off_deg: dict[int, float] = {}  # by row
        self._blamed: int | None = None  # a row
        self._title = self.tr("Calibration of {camera}").format(camera=f"{words.camera_no(camera.no)} {camera.name}")
        self.setWindowTitle(self._title)
        self._make_parts()
        self._height.setValue(height_m if height_m is not None else USUAL_HEIGHT_M)
        self._lay_out()
        self._connect()
        self._show_draft()
        self._changed()

    # -- what is shown

    def show_view(self, still: QImage | None, position: Position | None) -> None:
        """Show a picture and where the camera pointed then; None where there is none, or it did not say."""
        self._position = position
        self._picture.show_still(still)
        if position is None:
            self._told.setText(
                self.tr("The camera moves or does not tell where it points: a click here would say nothing.")
            )
        else:
            self._told.setText(
                self.tr("Pan {pan}, tilt {tilt}, zoom {zoom}").format(
                    pan=f"{position.pan:+.3f}", tilt=f"{position.tilt:+.3f}", zoom=f"{position.zoom:.3f}"
                )
            )
        mark(self._told, warn=position is None, dim=position is not None)
        self._show_draft()

    @Slot(object)
    def show_place(self, place: Place) -> None:
        """Take a click on the map as the chosen landmark's place."""
        self._draft.change(place=place)
        self._pick.setChecked(False)
        self._show_draft()
        self._changed()

    def show_calibration(self, calibration: Calibration) -> None:
        """Show how well the landmarks fit."""
        self._calibration = calibration
        rows = self._draft.rows()
        self._off_deg = dict(zip(rows, calibration.residuals_deg, strict=False))
        worst = rows[calibration.residuals_deg.index(calibration.worst_deg)]
        fits = self.tr("Fits to {mean}° on average, {worst}° at worst (landmark {n} {name}).").format(
            mean=f"{calibration.rms_deg:.1f}",
            worst=f"{calibration.worst_deg:.1f}",
            n=worst + 1,
            name=self._draft.marks[worst].name,
        )
        self._say(f"{fits} {self._proof(calibration.spare)}", warn=calibration.spare < 1)
        self._show_marks()
        self._save.setEnabled(True)

    def show_refusal(self, error: BadInputError) -> None:
        """Show why these landmarks give no calibration, and which of them is to blame."""
        self._blamed, rows = None, self._draft.rows()
        if error.problems and error.problems[0].row <= len(rows):
            self._blamed = blamed = rows[error.problems[0].row - 1]
            said = self.tr("Refused: landmark {n} {name} does not fit. Click it again, or remove it.").format(
                n=blamed + 1, name=self._draft.marks[blamed].name
            )
        else:
            said = self.tr("Refused: take landmarks in other directions, and nearer or higher ones too.")
        self._say(f"{said} ({error})", severe=True)
        self._show_marks()

    # -- what the operator does

    def _click(self, at: tuple[float, float]) -> None:
        if self._position is not None:
            self._draft.change(position=self._position, x=at[0], y=at[1])
            self._show_draft()
            self._changed()

    def _take_name(self, text: str) -> None:
        self._draft.change(name=text)
        self._show_draft(form=False)

    def _take_place(self) -> None:
        text = self._place.text().strip()
        place = typed_place(text)
        wrong = bool(text) and place is None
        mark(self._place, warn=wrong)
        if not wrong and place_words(place) != place_words(self._draft.mark.place):
            self._draft.change(place=place)
            self._show_draft(form=False)
            self._changed()

    def _take_mark_height(self, height_m: float) -> None:
        self._draft.change(height_m=height_m)
        self._show_draft(form=False)
        self._changed()

    def _choose(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and now.row() != self._draft.chosen:
            self._draft.choose(now.row())
            self._pick.setChecked(False)
            self._show_draft()

    @Slot()
    def _add_mark(self) -> None:
        self._draft.add("")
        self._pick.setChecked(False)
        self._show_draft()
        self._name.setFocus()

    @Slot()
    def _remove_mark(self) -> None:
        self._draft.remove()
        self._pick.setChecked(False)
        self._show_draft()
        self._changed()

    @Slot()
    def _changed(self) -> None:
        """Have the landmarks fitted anew; what was found before does not count any more."""
        self._calibration = None
        self._save.setEnabled(False)
        self._off_deg, self._blamed = {}, None
        self._show_marks()
        landmarks = self._draft.landmarks
        if len(landmarks) < FEWEST:
            missing = FEWEST - len(landmarks)
            self._say(self.tr("At least {n} landmarks are needed; {m} to go.").format(n=FEWEST, m=missing))
        else:
            self._say(self.tr("Calculating …"))
            self.landmarks_changed.emit(AimClicks(landmarks, self._height.value()))

    @Slot()
    def _finish(self) -> None:
        if self._calibration is not None:
            self.aim_saved.emit(AimFound(self._calibration, self._draft.landmarks))
            self.accept()

    def done(self, result: int) -> None:
        """Give the map its clicks back before going away."""
        self._pick.setChecked(False)
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the map its clicks back before going away."""
        self._pick.setChecked(False)
        super().closeEvent(event)

    # -- drawing

    def _show_draft(self, *, form: bool = True) -> None:
        draft, chosen = self._draft, self._draft.mark
        self._show_marks()
        selection = self._table.selectionModel()
        with QSignalBlocker(selection):
            self._table.selectRow(draft.chosen)
        here = [one for one in enumerate(draft.marks) if one[1].position is not None]
        self._picture.show_marks(
            [
                (f"{row + 1} {one.name}".strip(), one.x, one.y, row == draft.chosen)
                for row, one in here
                if one.position == self._position
            ]
        )
        if form:
            for field, text in ((self._name, chosen.name), (self._place, place_words(chosen.place))):
                with QSignalBlocker(field):
                    field.setText(text)
            mark(self._place, warn=False)
            with QSignalBlocker(self._mark_height):
                self._mark_height.setValue(chosen.height_m)

    def _show_marks(self) -> None:
        self._model.show_marks(self._draft.marks, self._off_deg, self._blamed)

    def _say(self, said: str, *, warn: bool = False, severe: bool = False) -> None:
        self._verdict.setText(said)
        mark(self._verdict, warn=warn, severe=severe)

    def _proof(self, spare: int) -> str:
        """Return what the residuals prove."""
        if spare < 1:
            return self.tr("That proves nothing yet: so few clicks fit almost anything. Add a landmark.")
        if spare < _ENOUGH_SPARE:
            return self.tr("Little proof: one more landmark would make it sure.")
        return self.tr("Well proven.")

    # -- parts

    def _make_parts(self) -> None:
        self._picture = AimPicture(self)
        self._told = plain_label("", self, dim=True)
        self._refresh = QPushButton(self.tr("New picture [F5]"), self)
        self._model = AimModel(self)
        self._table = QTableView(self)
        self._table.setModel(self._model)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.verticalHeader().hide()
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._table.horizontalHeader().setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        self._table.setAccessibleName(self.tr("Landmarks"))
        self._name, self._place = QLineEdit(self), QLineEdit(self)
        self._place.setPlaceholderText("37.394300, 126.956800")
        self._pick = QPushButton(self.tr("Pick on the map [Ctrl+P]"), self)
        self._pick.setCheckable(True)
        self._mark_height, self._height = self._metres(), self._metres()
        self._add = QPushButton(self.tr("Add landmark [Insert]"), self)
        self._remove = QPushButton(self.tr("Remove [Ctrl+Delete]"), self)
        self._cancel = QPushButton(self.tr("Cancel [Esc]"), self)
        self._save = QPushButton(self.tr("Save calibration [Ctrl+S]"), self)
        for button in (self._refresh, self._pick, self._add, self._remove, self._cancel, self._save):
            button.setAutoDefault(False)
        self._verdict = plain_label("", self)
        self._verdict.setWordWrap(True)

    def _metres(self) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setRange(-_HIGHEST_M, _HIGHEST_M)
        box.setDecimals(1)
        box.setSuffix(" m")
        box.setKeyboardTracking(False)
        return box

    def _lay_out(self) -> None:
        heading = plain_label(self._title, self)
        heading.setFont(larger(self, 1.15, bold=True))
        advice = plain_label(
            self.tr("Turn the camera to a landmark, take a new picture, click it there, then on the map."),
            self,
            dim=True,
        )
        advice.setWordWrap(True)
        both, buttons = QHBoxLayout(), QHBoxLayout()
        both.addLayout(self._left(), 3)
        both.addLayout(self._right(), 2)
        buttons.addStretch(1)
        for button in (self._cancel, self._save):
            buttons.addWidget(button)
        column, step = QVBoxLayout(self), scaled(self, STEP)
        column.setContentsMargins(4 * step, 4 * step, 4 * step, 4 * step)
        column.setSpacing(2 * step)
        for part in (heading, advice):
            column.addWidget(part)
        column.addLayout(both, 1)
        column.addWidget(self._verdict)
        column.addLayout(buttons)

    def _left(self) -> QVBoxLayout:
        left, view = QVBoxLayout(), QHBoxLayout()
        view.addWidget(self._told, 1)
        view.addWidget(self._refresh)
        left.addWidget(self._picture, 1)
        left.addLayout(view)
        return left

    def _right(self) -> QVBoxLayout:
        form = QFormLayout()
        form.addRow(self.tr("Landmark"), self._name)
        form.addRow(self.tr("Latitude, longitude"), self._place)
        form.addRow("", self._pick)
        form.addRow(self.tr("Its height above the camera's ground"), self._mark_height)
        form.addRow(self.tr("Height of the camera"), self._height)
        right, deeds = QVBoxLayout(), QHBoxLayout()
        for button in (self._add, self._remove):
            deeds.addWidget(button)
        right.addWidget(self._table, 1)
        right.addLayout(deeds)
        right.addLayout(form)
        return right

    def _connect(self) -> None:
        self._picture.clicked.connect(self._click)
        self._refresh.clicked.connect(self.picture_asked)
        self._pick.toggled.connect(self.place_wanted)
        self._name.textEdited.connect(self._take_name)
        self._place.editingFinished.connect(self._take_place)
        self._mark_height.valueChanged.connect(self._take_mark_height)
        self._height.valueChanged.connect(self._changed)
        self._table.selectionModel().currentRowChanged.connect(self._choose)
        self._add.clicked.connect(self._add_mark)
        self._remove.clicked.connect(self._remove_mark)
        self._cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self._finish)
        for keys, button in (
            ("F5", self._refresh),
            ("Ctrl+P", self._pick),
            ("Insert", self._add),
            ("Ctrl+Delete", self._remove),
            ("Ctrl+S", self._save),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
