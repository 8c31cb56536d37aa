"""Places of the practice city's cameras, of every kind that matters for them."""

from collections.abc import Callable

import pytest

from domain.camera import Camera
from domain.errors import BadInputError, ProtocolError, UnreachableError
from domain.motion import Position
from domain.ptz_place import Listed, PtzPlace, place_of_number
from ptz.places import Places
from tests.ptz import places_city as kinds
from tests.ptz.places_city import PlacesCity, Steering, until

pytest_plugins = ["tests.ptz.places_fixtures"]
pytestmark = [pytest.mark.timeout(180)]


def test_the_cameras_own_views_have_the_numbers_of_their_tokens(places: Places, dome: Callable[..., Camera]) -> None:
    found = places.listed(dome(kinds.PLAIN))
    assert [(place.no, place.token, place.shown_name) for place in found[:3]] == [
        (1, "1", "전경"),
        (2, "2", "왼쪽 상가"),
        (3, "3", "건널목"),
    ]
    assert all(place.listed is Listed.THERE for place in found)


def test_three_hundred_views_are_listed_and_255_of_them_have_a_number(
    places: Places, dome: Callable[..., Camera]
) -> None:
    found = places.listed(dome(kinds.LONG))
    assert len(found) == 300
    assert [place.no for place in found if place.no is not None] == list(range(1, 256))


def test_entries_that_are_empty_nameless_tokenless_or_doubled_are_no_trouble(
    places: Places, dome: Callable[..., Camera]
) -> None:
    found = places.listed(dome(kinds.ODD))
    tokens = [place.token for place in found]
    assert len(tokens) == len(set(tokens))
    assert {"1", "2", "3", "91", "92"} <= set(tokens)
    assert all(place.shown_name for place in found)


@pytest.mark.parametrize("kind", [kinds.REFUSED_NAMES, kinds.SPOILED_NAMES])
def test_a_korean_name_that_the_camera_does_not_take_is_ours_and_an_ascii_one_its(
    places: Places, dome: Callable[..., Camera], kind: int
) -> None:
    camera = dome(kind)
    place = places.store(camera, 12, "다리 밑")
    assert (place.no, place.name, place.told_name) == (12, "다리 밑", "preset 12")
    found = place_of_number(places.listed(camera, [place]), 12)
    assert found is not None
    assert (found.shown_name, found.told_name, found.listed) == ("다리 밑", "preset 12", Listed.THERE)
    places.remove(camera, found)


def test_a_camera_that_takes_korean_names_has_them(places: Places, dome: Callable[..., Camera]) -> None:
    camera = dome(kinds.PLAIN)
    place = places.store(camera, 77, "정문 <앞>")
    assert place.told_name == place.name == "정문 <앞>"
    assert place.position is not None
    places.remove(camera, place)
    assert place.token not in [one.token for one in places.listed(camera)]


def test_storing_over_a_place_leaves_the_camera_with_one_view_of_it(
    places: Places, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.PLAIN)
    before = len(places.listed(camera))
    place = places.store(camera, 40, "first")
    again = places.store(camera, 40, "second", place)
    assert again.token == place.token
    assert len(places.listed(camera)) == before + 1
    places.remove(camera, again)


def test_a_place_that_the_camera_forgot_is_gone_and_can_be_stored_anew(
    places: Places, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.PLAIN)
    place = places.store(camera, 41, "gone")
    places.remove(camera, place)
    found = place_of_number(places.listed(camera, [place]), 41)
    assert found is not None
    assert found.listed is Listed.GONE
    again = places.store(camera, 41, "back", found)
    assert place_of_number(places.listed(camera, [again]), 41) == again
    places.remove(camera, again)


def test_a_camera_without_room_says_so_and_nothing_is_changed(places: Places, dome: Callable[..., Camera]) -> None:
    camera = dome(kinds.TINY)
    before = places.listed(camera)
    with pytest.raises(ProtocolError, match="no more presets"):
        places.store(camera, 9, "one too many")
    assert places.listed(camera) == before


def test_a_view_that_was_stored_in_words_only_is_not_believed(
    domes: PlacesCity, places: Places, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.PLAIN)
    places.listed(camera)
    domes.fault(camera.no, "empty_success", operations="SetPreset,RemovePreset")
    with pytest.raises(ProtocolError):
        places.store(camera, 50, "nothing")
    place = place_of_number(places.listed(camera), 1)
    assert place is not None
    with pytest.raises(ProtocolError, match="lists it still"):
        places.remove(camera, place)
    assert domes.state(camera.no)["fired"]["empty_success"] >= 2


def test_recalling_turns_the_camera_there_at_the_speed_that_was_asked(
    domes: PlacesCity, places: Places, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.SPEEDY)
    place = place_of_number(places.listed(camera), 2)
    assert place is not None
    assert places.go(camera, place, speed=0.5)
    (asked,) = domes.journal(camera.no, "GotoPreset")
    assert asked["asked"]["PresetToken"] == "2"
    assert float(asked["asked"]["PanTilt"]["x"]) == 5.0
    until(lambda: not domes.state(camera.no)["heads"][0]["moving"])
    assert places.moving(camera) is False


def test_a_place_without_a_view_is_gone_to_by_its_position(
    domes: PlacesCity, places: Places, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.PLAIN)
    assert places.go(camera, PtzPlace(camera_no=camera.no, no=5, position=Position(0.2, 0.0, 0.1)))
    until(lambda: domes.state(camera.no)["heads"][0]["pan"] == pytest.approx(30.0, abs=0.5))


def test_a_place_that_is_gone_turns_nothing(domes: PlacesCity, places: Places, dome: Callable[..., Camera]) -> None:
    camera = dome(kinds.PLAIN)
    with pytest.raises(BadInputError):
        places.go(camera, PtzPlace(camera_no=camera.no, no=5, token="x", listed=Listed.GONE))


def test_what_is_not_wanted_any_more_is_not_sent(
    domes: PlacesCity, places: Places, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.FIXED_HOME)
    before = len(domes.journal(camera.no, "GotoHomePosition"))
    assert not places.go_home(camera, wanted=lambda: False)
    assert len(domes.journal(camera.no, "GotoHomePosition")) == before


def test_home_is_set_where_it_can_be(domes: PlacesCity, places: Places, dome: Callable[..., Camera]) -> None:
    places.set_home(dome(kinds.PLAIN))
    assert len(domes.journal(kinds.PLAIN, "SetHomePosition")) == 1
    for no in (kinds.FIXED_HOME, kinds.NO_HOME):
        with pytest.raises(BadInputError, match="can't be set"):
            places.set_home(dome(no))
        assert domes.journal(no, "SetHomePosition") == []
    assert places.go_home(dome(kinds.FIXED_HOME))
    with pytest.raises(BadInputError, match="has no home view"):
        places.go_home(dome(kinds.NO_HOME))


def test_a_camera_that_does_not_tell_its_status_keeps_places_all_the_same(
    places: Places, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.NO_STATUS)
    place = places.store(camera, 30, "blind")
    assert place.position is None
    assert places.moving(camera) is None
    places.remove(camera, place)


def test_without_the_watchdog_nothing_is_turned(
    domes: PlacesCity, rig: Steering, places: Places, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.TINY)
    (first, *_) = places.listed(camera)
    rig.watchdog.close()
    with pytest.raises(UnreachableError, match="watchdog"):
        places.go(camera, first)
    assert domes.journal(camera.no, "GotoPreset") == []


def test_a_dead_camera_is_unreachable_and_comes_back(
    domes: PlacesCity, places: Places, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.PLAIN)
    before = places.listed(camera)
    domes.fault(camera.no, "dead")
    with pytest.raises(UnreachableError):
        places.listed(camera)
    domes.clear(camera.no)
    assert places.listed(camera) == before


@pytest.mark.parametrize(
    "fault", ["undeclared_prefixes", "undeclared_ptz_prefix", "closes_after_answer", "chunked", "bom", "slow"]
)
def test_places_work_with_cameras_that_answer_oddly(
    domes: PlacesCity, places: Places, dome: Callable[..., Camera], fault: str
) -> None:
    camera = dome(kinds.SECOND_HEAD)
    domes.fault(camera.no, fault, **({"answer_late_s": 0.2} if fault == "slow" else {}))
    place = places.store(camera, 60, "odd")
    assert place_of_number(places.listed(camera, [place]), 60) == place
    places.remove(camera, place)
    assert domes.state(camera.no)["fired"].get(fault, 0) > 0


def test_the_second_head_has_places_of_its_own(places: Places, dome: Callable[..., Camera]) -> None:
    first, second = dome(kinds.SECOND_HEAD), dome(kinds.SECOND_HEAD, head=1)
    place = places.store(second, 61, "second only")
    assert place.token in {one.token for one in places.listed(second)}
    assert place.token not in {one.token for one in places.listed(first)}
    places.remove(second, place)
