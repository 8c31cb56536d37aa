from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.clock import FixedClock
from domain.recording import TroubleKind
from video.troubles import Troubles

FULL, FAILED = TroubleKind.DISK_FULL, TroubleKind.WRITE_FAILED
HERE, THERE = Path("/here"), Path("/there")


@pytest.fixture
def said():
    return []


@pytest.fixture
def troubles(said):
    return Troubles("worker 1", said.append, FixedClock(datetime(2026, 3, 1, tzinfo=UTC)))


def _told(said):
    return [(each.kind, each.where, each.cleared) for each in said]


def test_a_trouble_is_told_by_the_first_who_suffers_and_over_with_the_last(troubles, said):
    for who in (1, 2, 1):
        troubles.suffer(FULL, HERE, "no room", who)
    troubles.recover(FULL, HERE, 1)
    assert _told(said) == [(FULL, "/here", False)]
    troubles.recover(FULL, HERE, 2)
    troubles.recover(FULL, HERE, 2)
    assert _told(said) == [(FULL, "/here", False), (FULL, "/here", True)]
    assert {each.writer for each in said} == {"worker 1"}
    assert said[0].name == said[1].name


def test_who_is_relieved_suffers_from_nothing_any_more(troubles, said):
    troubles.suffer(FULL, HERE, "", 1)
    troubles.suffer(FAILED, HERE, "", 1)
    troubles.suffer(FAILED, THERE, "", 2)
    del said[:]
    troubles.relieve(1)
    assert _told(said) == [(FULL, "/here", True), (FAILED, "/here", True)]
    assert troubles.places(FAILED) == {THERE}
    assert troubles.knows(FAILED, THERE, 2)
    assert not troubles.knows(FAILED, HERE, 1)


def test_what_could_not_be_told_is_told_the_next_time(said):
    deaf = [True]

    def report(trouble):
        if deaf.pop():
            raise RuntimeError("nobody listens")
        said.append(trouble)

    troubles = Troubles("", report, FixedClock(datetime(2026, 3, 1, tzinfo=UTC)))
    with pytest.raises(RuntimeError):
        troubles.suffer(FULL, HERE, "")
    deaf.append(False)
    troubles.suffer(FULL, HERE, "")
    assert _told(said) == [(FULL, "/here", False)]
