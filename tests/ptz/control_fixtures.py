"""What the tests of moving a camera that misbehaves work with."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.camera import Credentials
from domain.clock import SystemClock
from ptz.control import PtzControl
from ptz.watchdog import Watchdog
from tests.ptz.moving_city import Beats


@pytest.fixture
def watchdog(clock: SystemClock) -> Iterator[Watchdog]:
    watchdog = Watchdog(clock)
    watchdog.start()
    assert watchdog.wait_alive(10)
    yield watchdog
    watchdog.close()


@pytest.fixture
def beats(watchdog: Watchdog) -> Iterator[Beats]:
    beats = Beats(watchdog)
    yield beats
    beats.cease()


@pytest.fixture
def control(
    right: Credentials, told: Any, clock: SystemClock, watchdog: Watchdog, beats: Beats
) -> Iterator[PtzControl]:
    control = PtzControl(lambda name: right if name == "practice" else None, told, clock, watchdog)
    yield control
    control.close()
