from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.bookmark import Bookmark, BookmarkStep, fold_bookmark, setting_fields
from domain.fact import Fact, Family, Json
from domain.record import Mode

NOW = datetime(2026, 3, 1, 5, tzinfo=UTC)
BOOKMARK = Bookmark(
    id=UUID(int=1),
    origin=UUID(int=2),
    centre="anyang",
    district="",
    mode=Mode.TEST,
    at=NOW,
    camera_no=417,
    note="빨간 차",
    by="kim",
    incident=UUID(int=3),
    snapshot=UUID(int=4),
)


def fact(step: str, fields: dict[str, Json], hlc: int = 1, origin: int = 2, actor: str = "kim") -> Fact:
    return Fact(
        id=UUID(int=100 + hlc),
        origin=UUID(int=origin),
        centre="anyang",
        district="",
        mode=Mode.TEST,
        family=Family.BOOKMARK,
        subject=UUID(int=1),
        step=step,
        at=NOW + timedelta(minutes=hlc - 1),
        actor=actor,
        hlc=hlc,
        fields=fields,
    )


def setting(**changes: Json) -> dict[str, Json]:
    return setting_fields(BOOKMARK) | changes


def test_a_bookmark_is_what_its_setting_says() -> None:
    assert fold_bookmark([fact(BookmarkStep.SET, setting())]) == (BOOKMARK, ())


def test_a_moment_of_the_room_has_no_camera_and_need_have_nothing_else() -> None:
    bookmark, _ = fold_bookmark([fact(BookmarkStep.SET, {})])
    assert bookmark is not None
    assert (bookmark.camera_no, bookmark.note, bookmark.incident, bookmark.snapshot) == (None, "", None, None)
    assert (bookmark.at, bookmark.by) == (NOW, "kim")


def test_the_newest_words_stand_in_whichever_order_they_come() -> None:
    words = [fact("noted", {"note": text}, hlc=hlc, actor="lee") for hlc, text in ((3, "파란 차"), (2, "녹색 차"))]
    bookmark, conflicts = fold_bookmark([*words, fact(BookmarkStep.SET, setting())])
    assert bookmark is not None
    assert (bookmark.note, bookmark.by, bookmark.at, conflicts) == ("파란 차", "kim", NOW, ())


def test_words_that_arrive_before_their_bookmark_make_none_yet() -> None:
    assert fold_bookmark([fact("noted", {"note": "x"})]) == (None, ())


def test_a_second_setting_and_unknown_steps_change_nothing_and_the_first_is_kept_as_a_conflict() -> None:
    again = fact(BookmarkStep.SET, setting(note="again"), hlc=5, origin=3)
    bookmark, conflicts = fold_bookmark([again, fact(BookmarkStep.SET, setting()), fact("painted", {}, hlc=2)])
    assert bookmark == BOOKMARK
    assert [(conflict.fact, conflict.why) for conflict in conflicts] == [(again, "already set")]


@pytest.mark.parametrize("camera_no", [True, "417", 4.0, 0, -1, 1_000_000_000, [417]])
def test_what_is_no_camera_number_is_not_understood(camera_no: Json) -> None:
    with pytest.raises(ValueError, match="no camera's number"):
        fold_bookmark([fact(BookmarkStep.SET, setting(camera_no=camera_no))])
