"""Meeting the practice city's cameras of every kind: how each is reached and what it says that it can do."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.abilities import Abilities, Ladder, Span
from domain.clock import SystemClock
from domain.errors import CredentialsError, ProtocolError
from ptz.contact import AuthMode, Contact
from ptz.device import Device
from ptz.ladder import timeout_s
from tests.ptz.connect_city import SECRET, City

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]  # a fresh machine paints the clips first

OWN_RANGES = {
    "pan": [0, 360],
    "tilt": [0, 180],
    "zoom": [0, 10],
    "velocity": [-100, 100],
}
KINDS = {
    "plain": {},
    "full": {
        "media": "both",
        "moves": ["continuous", "relative", "absolute", "fov"],
        "tours": 8,
        "auxiliary": True,
        "imaging": True,
        "events": True,
        "snapshot": True,
    },
    "media2": {"media": "2", "snapshot": True},
    "heads": {"heads": 2, "blind": 1, "imaging": ["iris"]},
    "ranges": {"ranges": OWN_RANGES, "space_names": "own", "timeout": [1, 10], "presets": {"most": 300}},
    "relative": {"moves": ["relative"]},
    "views": {"moves": ["absolute", "fov"]},
    "zoom_only": {"axes": ["zoom"]},
    "pan_only": {"axes": ["pan"]},
    "silent": {"status": "no_position", "home": "none"},
    "still": {"status": "no_move_status", "home": "fixed"},
    "digest": {"sign_in": "digest", "digest": ["SHA-256", "MD5"]},
    "md5": {"sign_in": "digest"},
    "either": {"sign_in": "either"},
    "both": {"sign_in": "both"},
    "basic": {"sign_in": "basic"},
    "open": {"sign_in": "open"},
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = City(tmp_path_factory.mktemp("city"), KINDS)
    yield city
    city.close()


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


def met(city: City, kind: str, **more: object) -> Contact:
    with closing(Device(city.camera(kind, **more), SECRET, SystemClock())) as device:
        return device.contact()


def abilities(city: City, kind: str, **more: object) -> Abilities:
    return met(city, kind, **more).head.abilities


def test_a_camera_says_who_it_is_and_what_its_head_can_do(city: City) -> None:
    contact = met(city, "plain")
    assert (contact.manufacturer, contact.model, contact.firmware) == ("Watchroom practice city", "PTZ 8x", "1.0")
    assert contact.serial.startswith("PRACTICE-")
    assert contact.fingerprint == ""
    assert (contact.media2_url, contact.imaging_url, contact.events_url) == ("", "", "")
    head = contact.head
    assert head.source
    assert head.abilities.turns is head.abilities.zooms is Ladder.CONTINUOUS
    assert head.abilities.presets == 100
    assert (head.abilities.home, head.abilities.home_fixed) == (True, False)
    assert (head.abilities.focus, head.abilities.iris, head.abilities.tours) == (False, False, 0)


def test_a_camera_that_has_everything_is_known_to_have_it(city: City) -> None:
    contact = met(city, "full")
    head = contact.head.abilities
    assert all((contact.media_url, contact.media2_url, contact.imaging_url, contact.events_url))
    assert None not in {head.continuous_turn, head.relative_turn, head.view_turn, head.absolute_turn}
    assert None not in {head.continuous_zoom, head.relative_zoom, head.absolute_zoom}
    assert head.relative_turn != head.view_turn
    assert (head.focus, head.iris, head.tours) == (True, True, 8)
    assert "tt:Wiper|On" in head.auxiliary


def test_media2_is_asked_first_and_is_enough(city: City) -> None:
    before = len(city.journal("full"))
    met(city, "full")
    asked = [(one["service"], one["operation"]) for one in city.journal("full", before)]
    assert ("media2", "GetProfiles") in asked
    assert ("media", "GetProfiles") not in asked
    contact = met(city, "media2")
    assert contact.media_url == ""
    assert contact.head.profile


def test_the_head_is_the_first_that_moves_or_the_one_that_the_register_means(city: City) -> None:
    first, second = met(city, "heads"), met(city, "heads", head=1)
    assert len(first.heads) == 2
    assert first.head.node != second.head.node
    assert first.head.source != second.head.source
    assert not first.head.profile.startswith("overview")
    assert (second.head.abilities.iris, second.head.abilities.focus) == (True, False)
    with pytest.raises(ProtocolError, match="2 moving heads"):
        _ = met(city, "heads", head=2).head


def test_ranges_are_taken_as_they_are_told(city: City) -> None:
    contact = met(city, "ranges")
    head = contact.head.abilities
    assert head.absolute_turn is not None
    assert head.absolute_zoom is not None
    assert head.continuous_turn is not None
    assert (head.absolute_turn.pan, head.absolute_turn.tilt) == (Span(0, 360), Span(0, 180))
    assert head.absolute_zoom.zoom == Span(0, 10)
    assert head.continuous_turn.pan == Span(-100, 100)
    assert head.absolute_turn.uri.startswith("http://practice.example/")
    assert head.timeouts_s == (1.0, 10.0)
    assert timeout_s(head) == 2.0
    assert head.presets == 300


def test_only_what_is_advertised_is_there(city: City) -> None:
    assert abilities(city, "relative").turns is Ladder.RELATIVE
    views = abilities(city, "views")
    assert (views.turns, views.relative_turn) == (Ladder.ABSOLUTE, None)
    assert views.view_turn is not None
    assert abilities(city, "zoom_only").turns is None
    assert abilities(city, "zoom_only").zooms is Ladder.CONTINUOUS
    pan = abilities(city, "pan_only")
    assert pan.zooms is None
    assert pan.continuous_turn is not None
    assert (pan.continuous_turn.pan.usable, pan.continuous_turn.tilt.usable) == (True, False)
    silent, still = abilities(city, "silent"), abilities(city, "still")
    assert (silent.tells_position, silent.tells_movement, silent.home) == (False, True, False)
    assert (still.tells_position, still.tells_movement, still.home_fixed) == (True, False, True)


@pytest.mark.parametrize(
    ("kind", "auth"),
    [
        ("plain", AuthMode.TOKEN),
        ("digest", AuthMode.DIGEST),
        ("md5", AuthMode.DIGEST),
        ("either", AuthMode.DIGEST),
        ("both", AuthMode.BOTH),
        ("open", AuthMode.NONE),
    ],
)
def test_the_way_to_sign_is_the_one_that_the_camera_asks_for(city: City, kind: str, auth: AuthMode) -> None:
    before = len(city.look(kind, "sign_ins"))
    assert met(city, kind).auth is auth
    sign_ins = city.look(kind, "sign_ins")[before:]
    assert all(one["right"] for one in sign_ins)
    assert bool(sign_ins) is (auth is not AuthMode.NONE)


def test_a_known_way_is_taken_at_once(city: City, clock: SystemClock) -> None:
    contact = met(city, "both")
    before = len(city.journal("both"))
    with closing(Device(city.camera("both"), SECRET, clock, contact)) as device:
        for _ in range(3):
            device.status()
    assert [one["auth"] for one in city.journal("both", before)] == [
        "none",
        "token+digest",
        "token+digest",
        "token+digest",
    ]


def test_the_password_goes_unencrypted_only_where_a_person_allowed_it(city: City) -> None:
    before = len(city.journal("basic"))
    with pytest.raises(CredentialsError, match="unencrypted"):
        met(city, "basic")
    assert {one["auth"] for one in city.journal("basic", before)} == {"none"}
    assert met(city, "basic", basic_allowed=True).auth is AuthMode.BASIC


@pytest.mark.parametrize("kind", ["plain", "digest", "both"])
def test_each_way_is_tried_once_with_a_wrong_password(city: City, kind: str, clock: SystemClock) -> None:
    city.fault(kind, "locks_out", lock_after=3)
    before = len(city.look(kind, "sign_ins"))
    try:
        wrong = type(SECRET)(SECRET.user, "wrong")
        with closing(Device(city.camera(kind), wrong, clock)) as device, pytest.raises(CredentialsError):
            device.contact()
        tried = city.look(kind, "sign_ins")[before:]
        assert [one["right"] for one in tried] == [False]
        assert not any(one["locked"] for one in tried)
    finally:
        city.clear(kind)


def test_addresses_of_streams_and_stills_are_told_where_the_camera_was_reached(city: City, clock: SystemClock) -> None:
    for kind in ("full", "media2"):
        true: dict[str, str] = {}
        for lie in ("", "addresses_other_host", "addresses_localhost", "addresses_unresolvable", "addresses_zero"):
            if lie:
                city.fault(kind, lie)
            with closing(Device(city.camera(kind), SECRET, clock)) as device:
                profile = device.contact().profile
                told = {"stream": device.stream_url(profile), "still": device.snapshot_url(profile)}
            true = true or told
            assert told == true
            if lie:
                assert city.fired(kind, lie)
                city.clear(kind)
        assert "127.0.0.1" in true["stream"]


def test_the_second_camera_costs_little(city: City, clock: SystemClock) -> None:
    met(city, "full")
    costs = []
    for _ in range(5):
        began = time.process_time()
        met(city, "plain")
        costs.append(time.process_time() - began)
    assert min(costs) <= 0.03


def test_a_schema_is_parsed_once_for_all(city: City, tmp_path: Path) -> None:
    from ptz import services  # noqa: PLC0415

    met(city, "plain")
    before = dict(services._documents)
    met(city, "ranges")
    assert all(services._documents[name] is document for name, document in before.items())
