"""The window of a camera's places, lens and guard tours joined to what knows and does them."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.acting import Door
from console.guard_tour_book import TourBook
from console.guard_tours import GuardTours
from console.ptz_optics import OpticsBook
from console.ptz_places import CameraPlaces, PlaceBook
from domain.camera import Camera
from domain.guard_tour import GuardTour, TourState
from domain.operator import RIGHTS, Action
from domain.optics import Optics
from widgets.places_dialog import PlacesDialog
from widgets.ptz_optics import OpticsPress
from widgets.ptz_places import PlaceCall, PlaceName, PlaceNumber


class PlacesPage(QObject):
    """One window, made when it is first wanted; it follows the camera of the selected tile while it is open."""

    camera_moved = Signal(int)  # a person set its lens or its switches

    def __init__(
        self,
        places: PlaceBook,
        optics: OpticsBook,
        tours: GuardTours,
        book: TourBook,
        door: Door,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._places = places
        self._optics = optics
        self._tours = tours
        self._book = book
        self._door = door
        self._window = window
        self._camera: Camera | None = None
        self._known_tours: tuple[GuardTour, ...] = ()
        self._dialog: PlacesDialog | None = None
        places.changed.connect(self._places_changed)
        optics.changed.connect(self._optics_changed)
        tours.changed.connect(self._tour_changed)
        book.changed.connect(self._tours_known)

    def show_camera(self, camera: Camera | None) -> None:
        """Take the camera whose places are meant; None where none turns."""
        if camera == self._camera:
            return
        self._camera, self._known_tours = camera, ()
        if self.is_open:
            self._ask()

    def open(self) -> None:
        """Show the window."""
        self._opened().show()
        self._ask()
        self._opened().places.list.setFocus()

    def close(self) -> None:
        """Take the window away."""
        if self._dialog is not None:
            self._dialog.close()

    @property
    def is_open(self) -> bool:
        """Whether the window is there."""
        return self._dialog is not None and self._dialog.isVisible()

    def _opened(self) -> PlacesDialog:
        if self._dialog is None:
            dialog = self._dialog = PlacesDialog(self._window)
            dialog.places.recall_asked.connect(self._recall)
            dialog.places.store_asked.connect(self._store)
            dialog.places.rename_asked.connect(self._rename)
            dialog.places.forget_asked.connect(self._forget)
            dialog.places.home_asked.connect(self._go_home)
            dialog.places.home_to_set.connect(self._set_home)
            dialog.optics.pressed.connect(self._press)
            dialog.tours.start_asked.connect(self._start)
            dialog.tours.stop_asked.connect(self._book.stop)
            dialog.tours.tour_to_store.connect(self._keep_tour)
            dialog.tours.tour_to_remove.connect(self._remove_tour)
        return self._dialog

    def _ask(self) -> None:
        """Show what is known of the camera, and find out the rest."""
        camera = self._camera
        self._draw_places()
        self._draw_tours()
        self._opened().optics.show_optics(None, None)
        if camera is not None:
            self._places.show(camera)
            self._optics.show(camera)
            self._book.show(camera.no)

    def _draw_places(self, *, waiting: bool = True) -> None:
        camera = self._camera
        places = () if camera is None else self._places.of(camera.no)
        may_store = self._may_store()
        self._opened().places.show_places(camera, places, may_store=may_store, waiting=waiting and camera is not None)

    def _draw_tours(self) -> None:
        camera = self._camera
        places = () if camera is None else self._places.of(camera.no)
        state = None if camera is None else self._tours.state(camera.no)
        self._opened().tours.show_tours(camera, self._known_tours, places, state, may_store=self._may_store())

    def _may_store(self) -> bool:
        operator = self._door.operator
        return operator is not None and Action.SET_PRESET in RIGHTS[operator.role]

    # -- what becomes known

    @Slot(object)
    def _places_changed(self, known: CameraPlaces) -> None:
        if self._means(known.camera_no):
            self._draw_places(waiting=not known.asked)
            self._draw_tours()

    @Slot(object)
    def _optics_changed(self, known: tuple[int, Optics]) -> None:
        if self._means(known[0]):
            self._opened().optics.show_optics(*known)

    @Slot(object)
    def _tours_known(self, known: tuple[int, tuple[GuardTour, ...]]) -> None:
        if self._means(known[0]):
            self._known_tours = known[1]
            self._draw_tours()

    @Slot(object)
    def _tour_changed(self, state: TourState) -> None:
        if self._means(state.tour.camera_no):
            self._draw_tours()

    def _means(self, camera_no: int) -> bool:
        return self.is_open and self._camera is not None and self._camera.no == camera_no

    def _meant(self, camera_no: int) -> Camera | None:
        return self._camera if self._means(camera_no) else None

    # -- what is wanted

    @Slot(object)
    def _recall(self, wish: PlaceCall) -> None:
        if (camera := self._meant(wish.camera_no)) is not None:
            self._places.go(camera, wish.place)

    @Slot(object)
    def _store(self, wish: PlaceName) -> None:
        if (camera := self._meant(wish.camera_no)) is not None:
            self._places.keep(camera, wish.no, wish.name)

    @Slot(object)
    def _rename(self, wish: PlaceName) -> None:
        if (camera := self._meant(wish.camera_no)) is not None:
            self._places.rename(camera, wish.no, wish.name)

    @Slot(object)
    def _forget(self, wish: PlaceNumber) -> None:
        if (camera := self._meant(wish.camera_no)) is not None:
            self._places.forget(camera, wish.no)

    @Slot(int)
    def _go_home(self, camera_no: int) -> None:
        if (camera := self._meant(camera_no)) is not None:
            self._places.go_home(camera)

    @Slot(int)
    def _set_home(self, camera_no: int) -> None:
        if (camera := self._meant(camera_no)) is not None:
            self._places.set_home(camera)

    @Slot(object)
    def _press(self, press: OpticsPress) -> None:
        if (camera := self._meant(press.camera_no)) is not None:
            self._optics.ask(camera, press.wish)
            self.camera_moved.emit(camera.no)

    @Slot(object)
    def _start(self, tour: GuardTour) -> None:
        if (camera := self._meant(tour.camera_no)) is not None:
            self._book.start(camera, tour)

    @Slot(object)
    def _keep_tour(self, tour: GuardTour) -> None:
        if (camera := self._meant(tour.camera_no)) is not None:
            self._book.keep(camera, tour)

    @Slot(object)
    def _remove_tour(self, tour: GuardTour) -> None:
        if (camera := self._meant(tour.camera_no)) is not None:
            self._book.remove(camera, tour)
