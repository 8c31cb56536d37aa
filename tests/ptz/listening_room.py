"""Practice cameras of every kind and what listens to them; a test module names it as a plugin."""

from collections.abc import Iterator

import pytest

from tests.ptz.event_city import EventCity
from tests.ptz.listener import KINDS, Listener


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventCity]:
    city = EventCity(tmp_path_factory.mktemp("city"), KINDS)
    yield city
    city.close()


@pytest.fixture
def listener(city: EventCity) -> Iterator[Listener]:
    listener = Listener(city)
    yield listener
    city.clear()
    listener.listening.close()
