"""Contacts against the practice city: remembered over restarts, pinned, and no password given to a stranger."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from domain.errors import UnreachableError
from ptz.acquaintance import read, written
from ptz.contact import Quirk
from ptz.contacts import LOOK_AGAIN_S
from ptz.pins import Exchange, Mark, OtherDeviceError
from ptz.wire import Line
from tests.ptz.connect_city import City, Room, operations

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]  # a fresh machine paints the clips first

KINDS = {
    "one": {"media": "both", "imaging": True, "events": True, "tours": 8, "auxiliary": True},
    "digest": {"sign_in": "digest", "nonce_uses": 3},
    "secure": {"https": True, "https_only": True},
    "open": {"sign_in": "open"},
    "two_ports": {"https": True},
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = City(tmp_path_factory.mktemp("city"), KINDS)
    yield city
    city.close()


@pytest.fixture
def city(whole: City) -> Iterator[City]:
    yield whole
    for kind in KINDS:
        whole.clear(kind)


@pytest.fixture
def room() -> Room:
    return Room()


def test_what_is_kept_of_a_camera_is_what_was_known(city: City, room: Room) -> None:
    camera = city.camera("one")
    room.meet(camera)
    contact = room.contacts.contact(camera)
    assert contact is not None
    assert read(written(contact), camera.head) == contact
    assert read({**written(contact), "quirks": ["of_the_future"]}, 0) is None
    assert read({}, 0) is None


def test_a_camera_that_was_met_before_a_restart_is_not_asked_everything_again(city: City, room: Room) -> None:
    camera = city.camera("one")
    room.meet(camera)
    before = room.contacts.contact(camera)
    room.restart()
    since = len(city.journal("one"))
    room.meet(camera)
    asked = set(operations(city, "one", since))
    assert asked == {"GetSystemDateAndTime", "GetDeviceInformation", "GetConfigurationOptions"}
    after = room.contacts.contact(camera)
    assert before is not None
    assert after is not None
    assert (after.heads, after.auth, after.serial) == (before.heads, before.auth, before.serial)


def test_a_camera_with_a_new_program_is_asked_everything_again(city: City, room: Room) -> None:
    camera = city.camera("one")
    room.meet(camera)
    room.restart()
    since = len(city.journal("one"))
    city.become("one", firmware="2.0")
    try:
        room.meet(camera)
    finally:
        city.become("one", firmware="1.0")
    assert "GetNodes" in operations(city, "one", since)
    assert not room.exchanges


def test_what_was_learnt_is_heeded_and_kept(city: City, room: Room) -> None:
    camera = city.camera("one")
    room.meet(camera)
    room.contacts.learn(camera, Quirk.MOVES_APART)
    room.restart()
    with closing(room.contacts.device(camera)) as device:
        assert Quirk.MOVES_APART in device.contact().quirks
        assert not device.contact().head.abilities.together
        assert device.manner().apart


def test_a_person_may_have_a_cameras_services_taken_from_where_it_says(city: City, room: Room) -> None:
    camera = city.camera("two_ports")
    assert camera.onvif_url.startswith("https:")
    with closing(room.contacts.device(camera)) as device:
        assert device.contact().ptz_url.startswith("https:")
    room.contacts.learn(camera, Quirk.ADDRESSES_AS_TOLD)
    for _ in range(2):
        with closing(room.contacts.device(camera)) as device:
            assert device.contact().ptz_url.startswith(city.row("two_ports")["onvif_url"].rpartition("/")[0])
            assert device.status().moving is False
        room.restart()


@pytest.mark.parametrize("restarted", [True, False])
def test_another_device_at_an_open_cameras_address_gets_no_credentials(
    city: City, room: Room, *, restarted: bool
) -> None:
    """A camera that says its name to everybody."""
    camera = city.camera("open")
    room.meet(camera)
    since = len(city.journal("open"))
    true = city.look("open", "journal")
    assert true
    if restarted:
        room.restart()
    else:
        room.clock.ahead_s += LOOK_AGAIN_S
    city.become("open", serial="STRANGER-1")
    try:
        for _ in range(2):
            with pytest.raises(OtherDeviceError):
                room.contacts.device(camera)
        assert len(room.exchanges) == 1
        assert room.exchanges[0].mark is Mark.SERIAL
        assert room.exchanges[0].found == "STRANGER-1"
        assert {one["auth"] for one in city.journal("open", since)} == {"none"}
        asked = len(city.journal("open"))
        with pytest.raises(OtherDeviceError):
            room.contacts.device(camera)
        assert len(city.journal("open")) == asked
        room.contacts.accept_exchange(camera)
        room.meet(camera)
        contact = room.contacts.contact(camera)
        assert contact is not None
        assert contact.serial == "STRANGER-1"
    finally:
        city.become("open", serial="PRACTICE-00014")


def test_another_device_that_tells_its_name_only_to_friends_is_asked_nothing_more(city: City, room: Room) -> None:
    camera = city.camera("one")
    room.meet(camera)
    contact = room.contacts.contact(camera)
    assert contact is not None
    room.restart()
    since = len(city.journal("one"))
    city.become("one", serial="STRANGER-2")
    try:
        with pytest.raises(OtherDeviceError):
            room.contacts.device(camera)
        signed = [one["operation"] for one in city.journal("one", since) if one["auth"] != "none"]
        assert signed == ["GetDeviceInformation"]
        assert [one.expected for one in room.exchanges] == [contact.serial]
    finally:
        city.become("one", serial=contact.serial)


def test_another_certificate_stops_everything_before_a_byte_is_sent(city: City, room: Room) -> None:
    camera = city.camera("secure")
    assert camera.onvif_url.startswith("https:")
    room.meet(camera)
    contact = room.contacts.contact(camera)
    assert contact is not None
    assert contact.fingerprint == city.row("secure")["fingerprint"]
    device = room.contacts.device(camera)
    with closing(device):
        device.open()
        since = len(city.journal("secure"))
        new = city.tell("secure", "certificate", {})["fingerprint"]
    with closing(room.contacts.device(camera)) as again, pytest.raises(OtherDeviceError):
        again.status()
    assert city.journal("secure", since) == []
    assert room.exchanges == [Exchange(camera.no, Mark.CERTIFICATE, contact.fingerprint, new)]
    with pytest.raises(OtherDeviceError):
        room.contacts.device(camera)
    room.contacts.accept_exchange(camera)
    room.meet(camera)
    met = room.contacts.contact(camera)
    assert met is not None
    assert met.fingerprint == new


def test_a_kept_connection_over_tls_stays_open(city: City, room: Room) -> None:
    since = len(city.journal("secure"))
    with closing(room.contacts.device(city.camera("secure"))) as device:
        device.open()
        for _ in range(3):
            device.status()
    assert len({one["connection"] for one in city.journal("secure", since)}) == 1


def test_an_encrypted_answer_that_comes_drop_by_drop_ends_by_the_clock(city: City, room: Room) -> None:
    city.fault("secure", "trickle")
    url = city.camera("secure").onvif_url
    began = room.clock.monotonic()
    with closing(Line(url, room.clock, 0.5)) as line, pytest.raises(UnreachableError, match=r"too long|timed out"):
        line.post(url, b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>')
    assert room.clock.monotonic() - began < 5


def test_what_needs_a_name_is_asked_once_without_and_then_as_it_is_wanted(city: City, room: Room) -> None:
    since = len(city.journal("one"))
    room.meet(city.camera("one"))
    first = [(one["operation"], one["auth"]) for one in city.journal("one", since)][:4]
    assert first == [
        ("GetSystemDateAndTime", "none"),
        ("GetDeviceInformation", "none"),
        ("GetDeviceInformation", "token"),
        ("GetServices", "token"),
    ]
