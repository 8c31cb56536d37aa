from datetime import timedelta
from uuid import UUID

import pytest

from db.bookmarks import BookmarkStore
from domain.change import PulledChange
from domain.errors import BadInputError


@pytest.fixture
def bookmarks(desk) -> BookmarkStore:
    return BookmarkStore(desk.db, desk.workplace, desk.db.hybrid_clock)


def test_a_bookmark_is_kept_with_its_moment_and_its_line(bookmarks, desk, clock):
    moment = clock.now() - timedelta(seconds=30)
    kept = bookmarks.add(moment, 417, "빨간 차", "kim", incident=UUID(int=1), snapshot=UUID(int=2))
    assert (kept.at, kept.camera_no, kept.note, kept.by) == (moment, 417, "빨간 차", "kim")
    assert (kept.incident, kept.snapshot, kept.origin) == (UUID(int=1), UUID(int=2), desk.workplace.origin)
    assert bookmarks.find(kept.id) == kept
    assert bookmarks.find(UUID(int=3)) is None
    assert [line.kind for line in desk.pulled()] == ["bookmark_event"]


def test_words_come_later_and_earlier_ones_stay_in_the_history(bookmarks, desk, clock):
    kept = bookmarks.add(clock.now(), None, "", "kim")
    clock.advance(60)
    bookmarks.note(kept.id, "first", "lee")
    noted = bookmarks.note(kept.id, "second\0", "lee")
    assert (noted.note, noted.by, noted.at, noted.camera_no) == ("second\ufffd", "kim", kept.at, None)
    assert bookmarks.find(kept.id) == noted
    assert [line.payload["fields"].get("note") for line in desk.pulled()] == ["", "first", "second\ufffd"]


def test_words_about_no_bookmark_are_refused(bookmarks, desk):
    with pytest.raises(BadInputError, match="no bookmark"):
        bookmarks.note(UUID(int=3), "x", "kim")
    assert desk.pulled() == []


def test_bookmarks_are_found_by_time_and_camera(bookmarks, clock):
    began = clock.now()
    kept = []
    for camera_no in (1, 2, None, 1):
        kept.append(bookmarks.add(clock.now(), camera_no, "", "kim"))
        clock.advance(10)
    assert bookmarks.between(None, began, clock.now()) == tuple(kept)
    assert bookmarks.between(1, began, clock.now()) == (kept[0], kept[3])
    assert bookmarks.between(None, kept[1].at, kept[2].at) == (kept[1], kept[2])
    assert bookmarks.between(1, kept[1].at, kept[2].at) == ()
    assert bookmarks.newest(2) == (kept[3], kept[2])


def test_another_desk_sees_bookmarks_and_adds_words(bookmarks, desk, desks, clock):
    there = desks("there")
    others = BookmarkStore(there.db, there.workplace, there.db.hybrid_clock)
    kept = bookmarks.add(clock.now(), 417, "", "kim")
    there.feed.take_pulled(desk.pulled(), "1")
    assert others.find(kept.id) == kept
    noted = others.note(kept.id, "seen from here too", "lee")
    desk.feed.take_pulled(there.pulled(), "1")
    assert bookmarks.find(kept.id) == noted


def test_words_that_arrive_before_their_bookmark_wait_for_it(bookmarks, desk, desks, clock):
    there = desks("there")
    others = BookmarkStore(there.db, there.workplace, there.db.hybrid_clock)
    kept = bookmarks.add(clock.now(), 417, "", "kim")
    noted = bookmarks.note(kept.id, "later", "kim")
    first, second = desk.pulled()
    there.feed.take_pulled([second], "1")
    assert others.find(kept.id) is None
    there.feed.take_pulled([first], "2")
    assert others.find(kept.id) == noted


@pytest.mark.parametrize("fields", [{"camera_no": 10**30}, {"snapshot": "x"}, {"incident": "x"}])
def test_a_bookmark_that_can_not_be_understood_is_kept_as_it_came_and_holds_up_nothing(
    bookmarks, desk, desks, clock, fields
):
    there = desks("there")
    kept = bookmarks.add(clock.now(), 417, "", "kim")
    (line,) = desk.pulled()
    odd = PulledChange(line.origin, line.kind, UUID(int=9), line.hlc, {**line.payload, "fields": fields}, 1)
    there.feed.take_pulled([odd, line], "1")
    assert there.feed.unknown() == (odd,)
    others = BookmarkStore(there.db, there.workplace, there.db.hybrid_clock)
    assert others.newest(9) == (kept,)
