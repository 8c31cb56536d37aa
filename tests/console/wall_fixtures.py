"""A wall for each test of it; every camera on it must have a source at the end, and no other."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.console.wall_room import Room


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room(qtbot)
    yield room
    wanted = {camera.no for camera in room.wall._scene.cameras().values() if camera.streams}
    assert set(room.engine.cameras) == wanted, "a camera on the wall has no source, or one that left it still has"
