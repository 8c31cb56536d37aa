"""Looking for the practice city's cameras, which were written from the documents and not from our code."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from domain.clock import SystemClock
from ptz.discovery import PORT, discover
from ptz.probe_match import Found
from tests.ptz.event_city import EventCity

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

DOME, OTHER, SILENT = 1, 2, 3
FOR_S = 1.5


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventCity]:
    kinds = [{"own_port": True, "model": "Dome 3"}, {}, {"own_port": True}]
    city = EventCity(tmp_path_factory.mktemp("city"), kinds, discovery={"address": "127.0.0.1", "port": 0})
    yield city
    city.close()


@pytest.fixture(autouse=True)
def _nobody_signs_in(city: EventCity) -> Iterator[None]:
    yield
    city.clear()
    for number in city.numbers:
        assert city.get(f"/onvif/{number}/sign_ins") == []
        assert city.get(f"/onvif/{number}/journal") == []


def asked(city: EventCity) -> dict[str, Found]:
    where = f"127.0.0.1:{city.said['discovery_port']}"
    return {found.address: found for found in discover([], FOR_S, [where], clock=SystemClock())}


def url(city: EventCity, number: int) -> str:
    return city.entry(number).onvif_url


def test_every_camera_is_found_once_at_its_own_port(city: EventCity) -> None:
    found = asked(city)
    assert set(found) == {url(city, number) for number in city.numbers}
    assert len({one.endpoint for one in found.values()}) == 3
    dome = found[url(city, DOME)]
    assert (dome.hardware, dome.sender, dome.mismatch) == ("Dome 3", "127.0.0.1", False)


def test_rubbish_before_an_answer_hides_nobody(city: EventCity) -> None:
    city.begin(DOME, "discovery_nonsense")
    found = asked(city)
    assert city.fired(DOME, "discovery_nonsense") > 0
    assert {url(city, DOME), url(city, OTHER), url(city, SILENT)} <= set(found)
    assert all(urlsplit(address).hostname == "127.0.0.1" for address in found)


def test_a_lie_about_the_address_is_put_right_as_far_as_can_be_and_marked(city: EventCity) -> None:
    city.begin(OTHER, "discovery_lies")
    found = asked(city)
    assert city.fired(OTHER, "discovery_lies") > 0
    (liar,) = [one for one in found.values() if one.mismatch]
    assert liar.told == ("http://203.0.113.7/onvif/device_service",)
    assert (liar.address, liar.sender) == ("http://127.0.0.1/onvif/device_service", "127.0.0.1")
    assert {url(city, DOME), url(city, SILENT)} <= set(found)


def test_a_dead_camera_is_not_found_and_the_others_are(city: EventCity) -> None:
    city.begin(SILENT, "dead")
    assert set(asked(city)) == {url(city, DOME), url(city, OTHER)}


def test_a_multicast_probe_on_a_chosen_interface_finds_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not _port_is_free():
        pytest.skip("somebody on this machine answers WS-Discovery already")
    kinds = [{"own_port": True}, {}]
    city = EventCity(tmp_path_factory.mktemp("city"), kinds, discovery={"address": "127.0.0.1", "port": PORT})
    try:
        found = {one.address for one in discover(["127.0.0.1"], FOR_S, clock=SystemClock())}
        assert found == {url(city, DOME), url(city, OTHER)}
    finally:
        city.close()


def _port_is_free() -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return False
        return True
