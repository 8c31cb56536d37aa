"""The wall on real practice cameras: what an operator sees while streams are changed behind it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from console.wall_presenter import WallPresenter
from domain.camera import Camera, Credentials
from domain.clock import SystemClock
from domain.picture import Face
from tests.console.by_hand import ROOT, get
from tests.console.surroundings import make_camera
from video.engine import VideoEngine
from widgets.wall import WallView

WHO = Credentials("practice", "a secret of the tests")
NUMBERS = (1, 2, 3, 4)

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


class LiveRoom:
    """Four practice cameras, the engine, and a wall that shows them."""

    def __init__(self, qtbot: QtBot, ready: dict[str, Any], engine: VideoEngine) -> None:
        self.qtbot = qtbot
        self._control = f"http://127.0.0.1:{ready['control_port']}"
        self.view = WallView(SystemClock())
        qtbot.addWidget(self.view)
        self.view.resize(1280, 760)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.wall = WallPresenter(self.view, engine, SystemClock())
        self.wall.show_register([self._entry(camera) for camera in ready["cameras"]])
        self.blind = 0

    def _entry(self, camera: dict[str, Any]) -> Camera:
        return make_camera(camera["no"], main_url=camera["main_url"], sub_url=camera["sub_url"], credentials="practice")

    def opened(self) -> dict[int, int]:
        """Return how many sessions each camera has been asked for since the beginning."""
        return {camera["no"]: camera["sessions_opened"] for camera in get(f"{self._control}/state")["cameras"]}

    def live(self, *numbers: int) -> None:
        """Wait until these cameras' pictures are live, and count the looks that found a tile without any."""

        def look() -> bool:
            faces = self.wall.faces()
            self.blind += sum(self.view.picture(tile) is None for tile in range(len(self.view.tile_sizes())))
            return all(faces.get(number) is Face.LIVE for number in numbers)

        self.qtbot.waitUntil(look, timeout=20_000)

    def shows(self, profile: str, number: int) -> None:
        """Wait until a tile draws this stream of a camera and no other is open for it."""

        def swapped() -> bool:
            self.blind += sum(self.view.picture(tile) is None for tile in range(len(self.view.tile_sizes())))
            content = next(each for each in self.view._contents if each and each.camera.no == number)
            wish = getattr(content.source, "wish", None)
            return content.next_source is None and wish is not None and wish.profile == profile

        self.qtbot.waitUntil(swapped, timeout=20_000)


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[dict[str, Any]]:
    config = tmp_path / "cameras.json"
    cameras = [{"no": no, "name": f"카메라 {no}", "kind": "fixed", "scene": no} for no in NUMBERS]
    config.write_text(json.dumps({"cameras": cameras, "credentials": {"user": WHO.user, "password": WHO.password}}))
    command = [sys.executable, "-m", "simulation.cameras", str(config)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield json.loads(process.stdout.readline())
        process.stdin.close()
        process.terminate()


@pytest.fixture
def engine() -> Iterator[VideoEngine]:
    engine = VideoEngine(lambda _: WHO, lambda _: None, SystemClock())
    engine.start()
    yield engine
    engine.close()


def test_a_tile_is_maximised_and_back_without_any_picture_going_or_any_camera_being_connected_to_anew(
    qtbot: QtBot, ready: dict[str, Any], engine: VideoEngine
) -> None:
    room = LiveRoom(qtbot, ready, engine)
    room.wall.fill(NUMBERS)
    room.live(*NUMBERS)
    room.blind = 0
    before = room.opened()
    room.wall.toggle_maximised(1)
    room.shows("main", 2)
    room.wall.step_back()
    room.live(*NUMBERS)
    room.shows("sub", 2)
    assert room.blind == 0, "a tile had no picture for a moment"
    after = room.opened()
    assert {no: after[no] - before[no] for no in (1, 3, 4)} == {1: 0, 3: 0, 4: 0}
    assert after[2] - before[2] <= 2  # its main stream, and its small one again


def test_masks_are_lifted_with_the_first_frame_without_them_and_put_back_without_one_look_behind_them(
    qtbot: QtBot, ready: dict[str, Any], engine: VideoEngine
) -> None:
    room = LiveRoom(qtbot, ready, engine)
    whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    cameras = [room._entry(camera) for camera in ready["cameras"]]
    room.wall.show_register([replace(camera, masks=(whole,)) if camera.no == 2 else camera for camera in cameras])
    room.wall.fill(NUMBERS)
    room.live(*NUMBERS)

    def colours() -> int:
        """Return how many colours are in camera 2's tile; -1 where it has no picture."""
        picture = room.view.picture(1)
        if picture is None:
            return -1
        across, down = range(0, picture.width(), 9), range(0, picture.height(), 9)
        return len({picture.pixel(x, y) for x in across for y in down})

    def lift(*numbers: int) -> None:
        room.wall.show_marks(recording=frozenset(), by_hand=frozenset(), unmasked=frozenset(numbers))

    assert colours() == 1, "everything is covered"
    before = room.opened()
    room.blind = 0
    lift(2)
    room.qtbot.waitUntil(lambda: room.live(*NUMBERS) is None and colours() > 20, timeout=20_000)
    assert room.blind == 0
    lift()
    assert colours() == -1
    seen = set()
    room.qtbot.waitUntil(lambda: seen.add(colours()) is None and 1 in seen, timeout=20_000)
    assert seen <= {-1, 1}
    assert room.opened() == before, "no camera was connected to anew"
