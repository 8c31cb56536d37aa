"""Rooms that are closed at the end of a test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from domain.clock import Clock
from domain.record import Mode, Workplace
from tests.console.footage_room import Room


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    made: list[Room] = []
    place = Workplace(uuid4(), "anyang", Mode.TEST)

    def make(clock: Clock | None = None) -> Room:
        made.append(Room(tmp_path, place, clock))
        return made[-1]

    yield make
    for room in made:
        room.close()


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    return rooms()
