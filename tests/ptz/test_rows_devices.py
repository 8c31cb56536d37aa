"""Faults that were measured on real devices, and that other tests can not see fire; each with a practice camera."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest

from domain.clock import SystemClock
from domain.errors import ProtocolError
from domain.motion import MotionPhase, Velocity
from ptz.control import PtzControl
from ptz.device import Device
from ptz.services import Service
from tests.ptz.moving_city import SECRET, City, Told, steering, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

KINDS: dict[str, dict[str, Any]] = {
    "needs flags": {},
    "one of everything": {"media": "1", "snapshot": True},
    "the newer media": {"media": "2", "snapshot": True},
    "says yes": {},
}
NO = {name: number for number, name in enumerate(KINDS, 1)}
LIES = ["other_host", "other_port", "https", "zero", "localhost", "unresolvable"]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = City(tmp_path_factory.mktemp("rows"), list(KINDS.values()))
    yield city
    city.close()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def control(told: Told) -> Iterator[PtzControl]:
    with steering(told) as control:
        yield control


def spoken_to(city: City, name: str) -> Device:
    return Device(city.camera(NO[name]), SECRET, SystemClock())


def test_a_stop_without_both_flags_is_ignored_and_ours_is_not(city: City, control: PtzControl, told: Told) -> None:
    name = "needs flags"
    no, camera = NO[name], city.camera(NO[name])
    for fault in ("stop_needs_flags", "ignores_timeout", "zero_move_ignored"):
        city.fault(no, fault)
    control.move(camera, Velocity(pan=0.05))
    told.wait_for(no, MotionPhase.MOVING)
    with closing(spoken_to(city, name)) as device:
        port, profile = device.port(Service.PTZ), device.contact().profile
        for flags in ({}, {"PanTilt": True}, {"Zoom": True}):
            port.call("Stop", ProfileToken=profile, **flags)
            assert city.head(no)["moving"]
    assert city.state(no)["fired"]["stop_needs_flags"] == 3
    control.stop(camera)
    told.wait_for(no, MotionPhase.STOPPED)
    assert not city.head(no)["moving"]
    assert city.state(no)["fired"]["stop_needs_flags"] == 3
    city.clear(no)


@pytest.mark.parametrize("name", ["one of everything", "the newer media"])
@pytest.mark.parametrize("lie", LIES)
def test_streams_keep_the_port_that_is_told_and_stills_do_not(city: City, name: str, lie: str) -> None:
    no = NO[name]
    with closing(spoken_to(city, name)) as device:
        profile = device.contact().profile
        stream, still = urlsplit(device.stream_url(profile)), urlsplit(device.snapshot_url(profile))
        city.fault(no, f"addresses_{lie}")
        told_stream, told_still = urlsplit(device.stream_url(profile)), urlsplit(device.snapshot_url(profile))
        assert told_still == still
        assert (told_stream.hostname, told_stream.path) == (stream.hostname, stream.path)
        assert (told_stream.port == stream.port) is (lie != "other_port")
    assert city.state(no)["fired"][f"addresses_{lie}"] >= 2
    city.clear(no)


@pytest.mark.parametrize("name", ["one of everything", "the newer media"])
def test_an_address_that_is_not_told_is_an_error_and_no_address(city: City, name: str) -> None:
    no = NO[name]
    with closing(spoken_to(city, name)) as device:
        profile = device.contact().profile
        city.fault(no, "addresses_empty")
        with pytest.raises(ProtocolError, match="no address"):
            device.stream_url(profile)
        with pytest.raises(ProtocolError, match="no address"):
            device.snapshot_url(profile)
    assert city.state(no)["fired"]["addresses_empty"] >= 2
    city.clear(no)


def test_a_yes_to_a_stop_that_is_not_there_is_not_called_stopped(city: City, control: PtzControl, told: Told) -> None:
    no, camera = NO["says yes"], city.camera(NO["says yes"])
    city.fault(no, "ignores_timeout")
    control.move(camera, Velocity(pan=0.05))
    told.wait_for(no, MotionPhase.MOVING)
    city.fault(no, "empty_success", operations="Stop,ContinuousMove")
    control.stop(camera)
    state = told.wait_for(no, MotionPhase.MAY_BE_MOVING)
    assert "still turns" in state.detail
    assert MotionPhase.STOPPED not in told.phases(no)
    assert city.head(no)["moving"]
    assert city.state(no)["fired"]["empty_success"] >= 2
    city.clear(no)
    told.wait_for(no, MotionPhase.STOPPED, for_s=20)
    until(lambda: not city.head(no)["moving"])
