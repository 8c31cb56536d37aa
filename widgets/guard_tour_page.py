"""Guard tours of one camera: started, stopped, put together from its places."""

from collections.abc import Sequence
from uuid import uuid4

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from domain.camera import Camera
from domain.errors import BadInputError
from domain.guard_tour import LONGEST_STAY_S, SHORTEST_STAY_S, SLOWEST, GuardTour, TourPhase, TourSpot, TourState
from domain.ptz_place import PtzPlace, place_of_number
from widgets import words
from widgets.pane import PaneHeader, mark, plain_label
from widgets.theme import STEP, scaled
from widgets.wall_lines import LineList

LONGEST_NAME = 80
_USUAL_STAY_S = 10


class GuardTourPage(QWidget):
    """The tours of a camera; a chosen one lies in the form, so that it can be changed."""

    start_asked = Signal(object)  # GuardTour
    stop_asked = Signal(int)  # the camera's number
    tour_to_store = Signal(object)  # GuardTour
    tour_to_remove = Signal(object)  # GuardTour

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._camera: Camera | None = None
        self._places: tuple[PtzPlace, ...] = ()
        self._state: TourState | None = None
        self._spots: list[TourSpot] = []
        self._header = PaneHeader(self.tr("Guard tours"), self)
        self._told = plain_label("", self)
        self._told.setWordWrap(True)
        self.tours = LineList(self)
        self.start_button = QPushButton(self.tr("Start"), self)
        self.stop_button = QPushButton(self.tr("Stop"), self)
        self.remove_button = QPushButton(self.tr("Delete"), self)
        self._make_form()
        self._lay_out()
        self._connect()
        self.show_tours(None)

    def show_tours(
        self,
        camera: Camera | None,
        tours: Sequence[GuardTour] = (),
        places: Sequence[PtzPlace] = (),
        state: TourState | None = None,
        *,
        may_store: bool = False,
    ) -> None:
        """Show a camera's tours; `state` is that of the one which was started, None where none was."""
        if camera is None or self._camera is None or camera.no != self._camera.no:
            self._clear_form()
        self._camera, self._state = camera, state
        if tuple(places) != self._places:
            self._places = tuple(places)
            self._fill_choice()
        self._header.show_right("" if camera is None else f"{words.camera_no(camera.no)} {camera.name}")
        self.tours.show_lines([(tour.name, tour) for tour in tours])
        self._form.setVisible(may_store)
        self.remove_button.setVisible(may_store)
        self._draw_spots()
        self._say()
        self._offer()

    # -- laying out

    def _make_form(self) -> None:
        self._form = QWidget(self)
        self.name = QLineEdit(self._form)
        self.name.setMaxLength(LONGEST_NAME)
        self.spots = LineList(self._form)
        self.place = QComboBox(self._form)
        self.place.setAccessibleName(self.tr("Place"))
        self.stay = QDoubleSpinBox(self._form)
        self.stay.setRange(SHORTEST_STAY_S, LONGEST_STAY_S)
        self.stay.setDecimals(0)
        self.stay.setSuffix(self.tr(" s"))
        self.stay.setValue(_USUAL_STAY_S)
        self.speed = QSpinBox(self._form)
        self.speed.setRange(round(SLOWEST * 100), 100)
        self.speed.setSuffix(" %")
        self.speed.setValue(100)
        self.add_button = QPushButton(self.tr("Add"), self._form)
        self.up_button = QPushButton(self.tr("Earlier"), self._form)
        self.out_button = QPushButton(self.tr("Take out"), self._form)
        self.store_button = QPushButton(self.tr("Store tour"), self._form)
        self.said = plain_label("", self._form)
        mark(self.said, warn=True)
        self._fill_choice()

    def _lay_out(self) -> None:
        step = scaled(self, STEP)
        running, changing, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for button in (self.start_button, self.stop_button, self.remove_button):
            running.addWidget(button)
        running.addStretch(1)
        for button in (self.add_button, self.up_button, self.out_button):
            changing.addWidget(button)
        changing.addStretch(1)
        rows = QFormLayout(self._form)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addRow(self.tr("Name"), self.name)
        rows.addRow(self.tr("Places in turn"), self.spots)
        rows.addRow(self.tr("Place"), self.place)
        rows.addRow(self.tr("Stays for"), self.stay)
        rows.addRow(self.tr("Speed on the way"), self.speed)
        rows.addRow(changing)
        rows.addRow(self.said)
        rows.addRow(self.store_button)
        column.setContentsMargins(2 * step, step, 2 * step, 2 * step)
        column.setSpacing(step)
        column.addWidget(self._header)
        column.addWidget(self._told)
        column.addWidget(self.tours, 1)
        column.addLayout(running)
        column.addWidget(self._form)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        self.tours.choice_changed.connect(self._fill_form)
        self.tours.activated.connect(self._start)
        self.spots.choice_changed.connect(self._offer)
        self.start_button.clicked.connect(self._start)
        self.stop_button.clicked.connect(self._stop)
        self.remove_button.clicked.connect(self._remove)
        self.add_button.clicked.connect(self._add)
        self.up_button.clicked.connect(self._earlier)
        self.out_button.clicked.connect(self._take_out)
        self.store_button.clicked.connect(self._store)

    # -- showing

    @property
    def chosen(self) -> GuardTour | None:
        """The tour that is chosen in the list."""
        chosen = self.tours.chosen
        return chosen if isinstance(chosen, GuardTour) else None

    def _say(self) -> None:
        state = self._state
        if self._camera is None or not self._camera.ptz:
            said = self.tr("Select a tile with a camera that can be turned.")
        else:
            said = self._state_words(state) if state is not None and state.on else self.tr("No tour is running.")
        failing = state is not None and state.phase is TourPhase.FAILING
        self._told.setText(said)
        mark(self._told, warn=failing, dim=state is None or not state.on)

    def _state_words(self, state: TourState) -> str:
        phase = {
            TourPhase.IDLE: "",
            TourPhase.STARTING: self.tr("starting"),
            TourPhase.BY_CAMERA: self.tr("running, by the camera itself"),
            TourPhase.BY_CONSOLE: self.tr("running, by this console"),
            TourPhase.PAUSED: self.tr("waiting: somebody has the camera"),
            TourPhase.FAILING: self.tr("not running: the camera can't be sent there now; it is tried again"),
        }[state.phase]
        where = self.tr("place {n} of {all}").format(n=state.spot, all=len(state.tour.spots)) if state.spot else ""
        return " · ".join(part for part in (state.tour.name, phase, where, state.detail) if part)

    def _spot_words(self, number: int, spot: TourSpot) -> str:
        stay = self.tr("{s} s, {speed} %").format(s=f"{spot.stay_s:g}", speed=round(spot.speed * 100))
        return f"{number}.  {self._place_words(spot.place)}  ·  {stay}"

    def _place_words(self, no: int | None) -> str:
        if no is None:
            return self.tr("Home view")
        place = place_of_number(self._places, no)
        return (
            f"{no} {place.shown_name}" if place is not None else self.tr("{no} (there is no such place)").format(no=no)
        )

    def _fill_choice(self) -> None:
        before = self.place.currentData()
        self.place.clear()
        self.place.addItem(self.tr("Home view"), 0)
        for place in self._places:
            if place.no is not None and place.usable:
                self.place.addItem(f"{place.no} {place.shown_name}", place.no)
        self.place.setCurrentIndex(max(0, self.place.findData(before)))

    @Slot(object)
    def _fill_form(self, tour: object) -> None:
        if isinstance(tour, GuardTour):
            self.name.setText(tour.name)
            self._spots = list(tour.spots)
            self._draw_spots()
        self._offer()

    def _clear_form(self) -> None:
        self.name.clear()
        self._spots.clear()
        self.said.clear()

    def _draw_spots(self, chosen: int | None = None) -> None:
        self.spots.show_lines([(self._spot_words(at + 1, spot), at) for at, spot in enumerate(self._spots)])
        if chosen is not None and 0 <= chosen < len(self._spots):
            self.spots.setCurrentIndex(self.spots.model().index(chosen, 0))

    @Slot()
    def _offer(self) -> None:
        turns = self._camera is not None and self._camera.ptz
        self.start_button.setEnabled(turns and self.chosen is not None)
        self.stop_button.setEnabled(self._state is not None and self._state.on)
        self.remove_button.setEnabled(self.chosen is not None)
        self._form.setEnabled(turns)
        at = self._spot_chosen()
        self.out_button.setEnabled(at is not None)
        self.up_button.setEnabled(at is not None and at > 0)

    def _spot_chosen(self) -> int | None:
        chosen = self.spots.chosen
        return chosen if isinstance(chosen, int) and chosen < len(self._spots) else None

    # -- the operator

    @Slot()
    def _start(self) -> None:
        if self._camera is not None and self._camera.ptz and self.chosen is not None:
            self.start_asked.emit(self.chosen)

    @Slot()
    def _stop(self) -> None:
        if self._camera is not None:
            self.stop_asked.emit(self._camera.no)

    @Slot()
    def _remove(self) -> None:
        if self.chosen is not None:
            self.tour_to_remove.emit(self.chosen)

    @Slot()
    def _add(self) -> None:
        """Put the place after the chosen one, or at the end."""
        at = self._spot_chosen()
        here = len(self._spots) if at is None else at + 1
        spot = TourSpot(self.place.currentData() or None, self.stay.value(), self.speed.value() / 100)
        self._spots.insert(here, spot)
        self._draw_spots(here)

    @Slot()
    def _earlier(self) -> None:
        at = self._spot_chosen()
        if at is not None and at > 0:
            self._spots[at - 1], self._spots[at] = self._spots[at], self._spots[at - 1]
            self._draw_spots(at - 1)
            self._offer()

    @Slot()
    def _take_out(self) -> None:
        at = self._spot_chosen()
        if at is not None:
            del self._spots[at]
            self._draw_spots(min(at, len(self._spots) - 1))
            self._offer()

    @Slot()
    def _store(self) -> None:
        """Store the form's tour, in place of the chosen one where it has the same name."""
        name = self.name.text().strip()
        if self._camera is None or not name:
            self.said.setText(self.tr("A name is needed."))
            return
        chosen = self.chosen
        same = chosen is not None and chosen.name == name
        try:
            tour = GuardTour(
                chosen.id if chosen is not None and same else uuid4(),
                self._camera.no,
                name,
                tuple(self._spots),
                chosen.token if chosen is not None and same else "",
            )
        except BadInputError:
            self.said.setText(self.tr("A tour has two places at least, and not more than 64."))
            return
        self.said.clear()
        self.tour_to_store.emit(tour)
