"""The room of places_room.py for a test module that names this one as a plugin."""

from collections.abc import Iterator

import pytest

from tests.console.places_room import PlacesRoom
from tests.console.surroundings import Workstation
from tests.ptz.places_city import PlacesCity


@pytest.fixture(scope="module")
def turning_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlacesCity]:
    city = PlacesCity(tmp_path_factory.mktemp("city"))
    yield city
    city.close()


@pytest.fixture
def places_room(qapp: object, workstation: Workstation, turning_city: PlacesCity) -> Iterator[PlacesRoom]:
    room = PlacesRoom(workstation, turning_city)
    yield room
    room.close()
