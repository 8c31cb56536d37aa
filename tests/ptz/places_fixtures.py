"""What the tests of places, tours and lenses work with."""

from collections.abc import Callable, Iterator

import pytest

from domain.camera import Camera
from ptz.places import Places
from tests.ptz.places_city import PlacesCity, Steering


@pytest.fixture(scope="module")
def domes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlacesCity]:
    domes = PlacesCity(tmp_path_factory.mktemp("domes"))
    yield domes
    domes.close()


@pytest.fixture
def rig() -> Iterator[Steering]:
    rig = Steering()
    yield rig
    rig.close()


@pytest.fixture
def places(rig: Steering) -> Places:
    return Places(rig.contacts, rig.control)


@pytest.fixture
def dome(domes: PlacesCity) -> Iterator[Callable[..., Camera]]:
    used: list[int] = []

    def make(no: int, **changes: object) -> Camera:
        used.append(no)
        return domes.camera(no, **changes)

    yield make
    for no in used:
        domes.clear(no)
