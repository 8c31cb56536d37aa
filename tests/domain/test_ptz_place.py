import pytest

from domain.errors import BadInputError
from domain.motion import Position, Preset
from domain.ptz_place import (
    LARGEST_THUMBNAIL,
    Listed,
    PtzPlace,
    checked_number,
    joined,
    name_for_camera,
    place_of_number,
)


def place(no: int | None = 1, **said: object) -> PtzPlace:
    return PtzPlace(camera_no=7, no=no, **said)  # type: ignore[arg-type]


def test_a_place_has_a_number_from_1_to_255_and_a_small_picture() -> None:
    for wrong in (0, 256, -1):
        with pytest.raises(BadInputError):
            place(wrong)
        with pytest.raises(BadInputError):
            checked_number(wrong)
    with pytest.raises(BadInputError):
        place(thumbnail=b"x" * (LARGEST_THUMBNAIL + 1))
    assert checked_number(255) == 255


def test_our_name_goes_before_the_cameras_and_a_number_before_a_token() -> None:
    assert place(name="다리 밑", told_name="preset 1").shown_name == "다리 밑"
    assert place(told_name="gate").shown_name == "gate"
    assert place(3).shown_name == name_for_camera(3) == "preset 3"
    assert place(None, token="t9").shown_name == "t9"


def test_a_place_can_be_gone_to_by_its_view_or_its_position() -> None:
    assert place(token="1").usable
    assert not place(token="1", listed=Listed.GONE).usable
    assert place(token="1", listed=Listed.GONE, position=Position(0, 0, 0)).usable
    assert not place().usable


def test_new_views_get_their_tokens_number_else_the_lowest_free_one() -> None:
    found = joined(7, [], [Preset("gate", "정문"), Preset("2", "yard"), Preset("300", "far"), Preset("0", "nil")])
    assert {one.token: one.no for one in found} == {"gate": 1, "2": 2, "300": 3, "0": 4}


def test_a_kept_place_keeps_its_number_and_name_and_learns_what_the_camera_calls_it() -> None:
    kept = place(12, name="다리 밑", token="2")
    found = joined(7, [kept], [Preset("2", "preset 12"), Preset("12", "other")])
    assert [(one.no, one.shown_name, one.told_name, one.listed) for one in found] == [
        (1, "other", "other", Listed.THERE),
        (12, "다리 밑", "preset 12", Listed.THERE),
    ]


def test_what_the_camera_no_longer_lists_is_gone_unless_it_was_only_a_position() -> None:
    seen, nowhere = joined(7, [place(1, token="a"), place(2, position=Position(0, 0, 0))], [])
    assert (seen.listed, nowhere.listed) == (Listed.GONE, Listed.UNASKED)


def test_of_doubled_views_the_first_with_a_name_counts_and_a_tokenless_one_not() -> None:
    found = joined(7, [], [Preset("1", ""), Preset("1", "gate"), Preset("1", "yard"), Preset("", "none")])
    assert [(one.token, one.told_name) for one in found] == [("1", "gate")]


def test_beyond_255_places_have_no_number_and_come_last() -> None:
    found = joined(7, [], [Preset(f"t{number}", "") for number in range(300)])
    assert [one.no for one in found[:255]] == list(range(1, 256))
    assert {one.no for one in found[255:]} == {None}
    assert place_of_number(found, 255) is found[254]
    assert place_of_number(found, 256) is None
