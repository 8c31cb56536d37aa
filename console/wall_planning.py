"""Opens the dialog of all that is planned for the monitors, and does what is wanted in it."""

from datetime import datetime

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from console.wall_places import WallPlaces
from console.wall_plans import Plans
from console.walls import Walls
from domain.camera import Camera
from domain.motion import Preset
from domain.wall import CameraTour
from domain.wall_order import Workstation
from widgets.wall_layout_page import LayoutWanted
from widgets.wall_plans import WallPlansDialog
from widgets.wall_salvo_page import SalvoToStore
from widgets.wall_saved_page import WallToStore
from widgets.wall_station_page import ViewToSend


class WallPlanning(QObject):
    """One dialog at a time, over the desk."""

    def __init__(self, walls: Walls, window: QWidget) -> None:
        super().__init__(walls)
        self._walls = walls
        self._window = window
        self._dialog: WallPlansDialog | None = None
        walls.plans.changed.connect(self._show)
        walls.wall_made.connect(self._show_monitors)

    def open(self) -> None:
        """Show all plans."""
        self._opened()

    def open_for_salvo(self, key: int) -> None:
        """Ask under which name what hangs on the monitors now is to be stored on a function key."""
        self._opened().ask_for_salvo(key)

    def _opened(self) -> WallPlansDialog:
        if self._dialog is None:
            self._dialog = self._make()
        self._dialog.salvos.presets.show_cameras(self._walls.turning_cameras())
        self._dialog.open()
        return self._dialog

    def _make(self) -> WallPlansDialog:
        dialog, plans = WallPlansDialog(self._window), self._walls.plans
        dialog.walls.shown.connect(plans.show_wall)
        dialog.walls.wall_to_store.connect(self._store_wall)
        dialog.salvos.shown.connect(plans.call_salvo)
        dialog.salvos.salvo_to_store.connect(self._store_salvo)
        dialog.salvos.presets.presets_asked.connect(self._ask_presets)
        dialog.tours.shown.connect(self._run_tour)
        dialog.tours.tour_to_store.connect(plans.store_tour)
        dialog.layouts.layout_wanted.connect(self._divide)
        dialog.stations.view_to_send.connect(self._send)
        dialog.stations.look_again_asked.connect(self._ask_workstations)
        dialog.plan_deleted.connect(plans.delete)
        dialog.page_shown.connect(self._page_shown)
        dialog.finished.connect(self._closed)
        WallPlaces(self._walls, dialog.monitors)
        self._fill(dialog)
        return dialog

    def _fill(self, dialog: WallPlansDialog) -> None:
        plans = self._walls.plans.plans
        dialog.show_plans(plans.walls, plans.salvos, plans.tours)
        dialog.layouts.show_layouts(self._walls.layouts.all)
        dialog.show_monitors(sorted(self._walls.presenters), self._walls.active_number)

    @Slot(int)
    def _closed(self, _result: int) -> None:
        self._dialog = None
        self._walls.identify(False)  # noqa: FBT003 - a slot's argument

    @Slot(object)
    def _show(self, _plans: Plans) -> None:
        if self._dialog is not None:
            self._fill(self._dialog)

    @Slot(object)
    def _show_monitors(self, _presenter: object) -> None:
        if self._dialog is not None:
            self._dialog.show_monitors(sorted(self._walls.presenters), self._walls.active_number)

    @Slot(object)
    def _page_shown(self, page: QWidget) -> None:
        if self._dialog is not None and page is self._dialog.stations:
            self._ask_workstations()

    # -- what is wanted

    @Slot(object)
    def _run_tour(self, tour: CameraTour) -> None:
        self._walls.active.run_tour(tour.id)

    @Slot(object)
    def _store_wall(self, wish: WallToStore) -> None:
        self._walls.plans.store_wall(wish.name, shared=wish.shared)

    @Slot(object)
    def _store_salvo(self, wish: SalvoToStore) -> None:
        self._walls.plans.store_salvo(wish.name, wish.key, wish.presets)

    @Slot(object)
    def _ask_presets(self, camera: Camera) -> None:
        def show(presets: tuple[Preset, ...]) -> None:
            if self._dialog is not None:
                self._dialog.salvos.presets.show_stored(camera.no, presets)

        self._walls.plans.ask_presets(camera, show)

    @Slot(object)
    def _divide(self, wanted: LayoutWanted) -> None:
        self._walls.draw_layout(wanted.monitor, wanted.layout)
        if self._dialog is not None:
            self._dialog.layouts.show_layouts(self._walls.layouts.all)

    @Slot(object)
    def _send(self, wish: ViewToSend) -> None:
        self._walls.orders.send_view(wish.target, wish.theirs, self._walls.presenters[wish.mine].view_of_now)

    @Slot()
    def _ask_workstations(self) -> None:
        def show(others: tuple[Workstation, ...], now: datetime) -> None:
            if self._dialog is not None:
                self._dialog.stations.show_workstations(others, now)

        self._walls.ask_others(show)
