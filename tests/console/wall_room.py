"""A wall on the screen whose cameras do as a test says, for tests of what is on it."""

from pytestqt.qtbot import QtBot

from console.wall_presenter import WallPresenter
from domain.camera import Camera
from domain.clock import SystemClock
from domain.picture import Subscription
from tests.console.pictures import Engine
from tests.console.surroundings import make_camera
from widgets.wall import WallView


class Room:
    """A wall with cameras 1 to 20, of which 19 and 20 don't stream and 3 and 7 turn."""

    def __init__(self, qtbot: QtBot) -> None:
        self.engine = Engine()
        self.view = WallView(SystemClock())
        qtbot.addWidget(self.view)
        self.view.resize(1280, 760)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.clock = SystemClock()
        self.wall = WallPresenter(self.view, self.engine, self.clock)
        self.qtbot = qtbot
        self.register = [
            make_camera(number, onvif_url="http://x" if number in (3, 7) else "")
            if number < 19
            else make_camera(number, main_url="", sub_url="")
            for number in range(1, 21)
        ]
        self.wall.show_register(self.register)
        self.selected: list[Camera | None] = []
        self.wall.selection_changed.connect(self.selected.append)

    def give(self, *cameras: int) -> None:
        """Have a frame come from every source of these cameras, or of all, and wait until the wall has drawn it."""
        sources = [source for source in self.engine.open if not cameras or source.wish.camera_no in cameras]
        for source in sources:
            source.give(self.clock.monotonic())
        self.qtbot.waitUntil(lambda: all(source.waiting is None for source in sources), timeout=3000)

    def settle(self) -> None:
        """Have every source deliver; then each tile has one source and nothing else is open."""
        self.give()
        wanted = sorted(camera.no for camera in self.wall._scene.cameras().values() if camera.streams)
        assert self.engine.cameras == wanted

    def wish(self, camera_no: int) -> Subscription:
        """Return the only subscription to a camera."""
        (source,) = self.engine.of(camera_no)
        return source.wish

    def shown(self) -> list[int]:
        return [figures.camera_no for figures in self.view.statistics()]
