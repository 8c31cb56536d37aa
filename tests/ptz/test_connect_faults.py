"""Meeting cameras of the practice city that misbehave: clocks, ways to sign in, addresses, odd answers."""

import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from domain.camera import Credentials
from domain.errors import CredentialsError, ProtocolError, StorageError, UnreachableError
from ptz.contact import AuthMode, Quirk
from ptz.services import Service
from tests.ptz.connect_city import SECRET, City, Room, operations

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]  # a fresh machine paints the clips first

KINDS = {
    "one": {"media": "both", "imaging": True, "events": True, "tours": 8, "auxiliary": True},
    "digest": {"sign_in": "digest", "nonce_uses": 3},
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


def test_a_nonce_that_is_worn_out_is_replaced(city: City, room: Room) -> None:
    with closing(room.contacts.device(city.camera("digest"))) as device:
        for _ in range(8):
            device.status()
    assert all(one["right"] for one in city.look("digest", "sign_ins"))


def test_nonces_that_serve_once_are_borne(city: City, room: Room) -> None:
    city.fault("digest", "stale_nonces")
    with closing(room.contacts.device(city.camera("digest"))) as device:
        for _ in range(3):
            device.status()
    assert city.fired("digest", "stale_nonces")


@pytest.mark.parametrize("fault", ["clock_wrong", "clock_untold"])
@pytest.mark.parametrize("offset_s", [3600.0, -86400.0])
def test_a_camera_with_a_wrong_clock_is_signed_to_in_its_own_time(
    city: City, room: Room, fault: str, offset_s: float
) -> None:
    city.fault("one", fault, clock_offset_s=offset_s)
    since = len(city.look("one", "sign_ins"))
    camera = city.camera("one")
    room.meet(camera)
    contact = room.contacts.contact(camera)
    assert contact is not None
    assert abs(contact.clock_offset_s - offset_s) < 3
    assert (Quirk.TELLS_NO_TIME in contact.quirks) is (fault == "clock_untold")
    assert all(one["right"] for one in city.look("one", "sign_ins")[since:])
    assert city.fired("one", fault)


def test_a_camera_whose_clock_is_told_nowhere_is_tried_once(city: City, room: Room) -> None:
    city.fault("one", "clock_hidden")
    since = len(city.look("one", "sign_ins"))
    for _ in range(2):
        with pytest.raises(CredentialsError):
            room.meet(city.camera("one"))
    assert len(city.look("one", "sign_ins")[since:]) == 1


def test_a_clock_that_is_set_during_a_conversation_is_measured_again_once(city: City, room: Room) -> None:
    camera = city.camera("one")
    with closing(room.contacts.device(camera)) as device:
        city.fault("one", "clock_wrong")
        since = len(city.journal("one"))
        device.status()
        assert operations(city, "one", since) == ["GetStatus", "GetSystemDateAndTime", "GetStatus"]
        contact = room.contacts.contact(camera)
        assert contact is not None
        assert abs(contact.clock_offset_s - 3600) < 3
        assert not room.gate.is_refused(camera.no, SECRET, "ptz")
        city.fault("one", "wrong_password")
        since = len(city.look("one", "sign_ins"))
        with pytest.raises(CredentialsError):
            device.status()
        assert len(city.look("one", "sign_ins")[since:]) == 1


def test_a_camera_that_wants_another_way_to_sign_is_followed_and_that_is_kept(city: City, room: Room) -> None:
    camera = city.camera("one")
    for fault, auth in (
        ("onvif_digest_only", AuthMode.DIGEST),
        ("onvif_both_demanded", AuthMode.BOTH),
        ("onvif_token_only", AuthMode.TOKEN),
    ):
        city.fault("one", fault)
        with closing(room.contacts.device(camera)) as device:
            device.status()
        contact = room.contacts.contact(camera)
        assert contact is not None
        assert contact.auth is auth
        assert city.fired("one", fault)
        city.clear("one")


def test_a_wrong_password_is_tried_once_and_then_only_when_a_person_wants_it(city: City, room: Room) -> None:
    camera = city.camera("one")
    room.password = Credentials(SECRET.user, "wrong")
    since = len(city.look("one", "sign_ins"))
    for _ in range(3):
        with pytest.raises(CredentialsError):
            room.meet(camera)
    assert len(city.look("one", "sign_ins")[since:]) == 1
    room.password = SECRET
    room.contacts.retry(camera.no)
    room.meet(camera)


@pytest.mark.parametrize("lie", ["other_host", "other_port", "https", "zero", "localhost", "unresolvable", "empty"])
def test_services_are_found_where_the_camera_was_reached_whatever_it_tells(city: City, room: Room, lie: str) -> None:
    city.fault("one", f"addresses_{lie}")
    with closing(room.contacts.device(city.camera("one"))) as device:
        device.status()
        device.port(Service.EVENTS).call("GetEventProperties")
        device.port(Service.IMAGING).call("GetOptions", VideoSourceToken=device.contact().head.source)
    assert city.fired("one", f"addresses_{lie}")


@pytest.mark.parametrize(
    "fault",
    [
        "undeclared_prefixes",
        "undeclared_ptz_prefix",
        "wrong_content_type",
        "chunked",
        "soap_1_1",
        "bom",
        "closes_after_answer",
        "refuses_second_connection",
        "empty_success",
        "slow",
    ],
)
def test_a_camera_that_answers_oddly_is_met(city: City, room: Room, fault: str) -> None:
    traits: dict[str, dict[str, Any]] = {
        "slow": {"answer_late_s": 0.1},
        "empty_success": {"operations": "GetNodes,GetServiceCapabilities"},
    }
    city.fault("one", fault, **traits.get(fault, {}))
    camera = city.camera("one")
    since = len(city.journal("one"))
    with closing(room.contacts.device(camera)) as device:
        assert device.status().moving is False
        quirks = device.contact().quirks
    assert (Quirk.CLOSES_CONNECTIONS in quirks) is (fault == "closes_after_answer")
    if fault == "refuses_second_connection":
        assert len({one["connection"] for one in city.journal("one", since)}) == 1
    else:
        assert city.fired("one", fault)


def test_a_refusal_is_understood_in_every_dialect(city: City, room: Room) -> None:
    """A head that the camera has not: its fault reaches us as words, not as garbage."""
    for fault in ("", "undeclared_prefixes", "soap_1_1", "bom"):
        if fault:
            city.fault("one", fault)
        with closing(room.contacts.device(city.camera("one"))) as device, pytest.raises(ProtocolError, match="GetNode"):
            device.port(Service.PTZ).call("GetNode", NodeToken="nowhere")
        city.clear("one")


@pytest.mark.parametrize(
    "fault", ["huge_answer", "entity_bomb", "external_entity", "html_200", "closes_before_answer", "closes_in_answer"]
)
def test_what_can_not_be_met_is_left_and_met_later(city: City, room: Room, fault: str) -> None:
    camera = city.camera("one")
    city.fault("one", fault)
    with pytest.raises(UnreachableError) as caught:
        room.meet(camera)
    assert not isinstance(caught.value, CredentialsError)
    assert city.fired("one", fault)
    city.clear("one")
    room.meet(camera)


def test_a_database_in_need_keeps_nobody_from_moving(city: City, room: Room) -> None:
    def fail(camera_no: int, known: object) -> None:
        raise StorageError("the disk is full")

    room.kept.keep = fail  # type: ignore[method-assign]
    room.meet(city.camera("one"))


def test_many_ask_for_one_camera_and_it_is_met_once(city: City, room: Room) -> None:
    since = len(city.journal("one"))
    camera = city.camera("one")
    threads = [threading.Thread(target=room.meet, args=(camera,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert operations(city, "one", since).count("GetNodes") == 1
