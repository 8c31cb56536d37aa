"""The line on which cameras are asked for, to a real PostgreSQL, and what a cut does to it."""

import threading
import time
from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from db.sync.client import Headquarters
from db.sync.leases import LeaseLine
from domain.clock import SystemClock
from domain.lease import Ask, GivenBack, Granted, Party, Rank, Refused, Unanswered

pytestmark = pytest.mark.system

CAMERA = 12


@dataclass
class Station:
    """A workstation's line and all that was told on it."""

    line: LeaseLine
    origin: object
    answers: list = field(default_factory=list)
    links: list = field(default_factory=list)

    def ask(self, rank=Rank.OPERATOR, ttl_s=5.0, camera=CAMERA):
        """Ask, and return the answer."""
        known = len(self.answers)
        self.line.ask(Ask(camera, rank, ttl_s))
        until = time.monotonic() + 10
        while len(self.answers) == known:
            assert time.monotonic() < until, "no answer"
            threading.Event().wait(0.005)
        return self.answers[known]


@pytest.fixture
def stations(hq, make):
    made = []

    def make_station(address=None, *, origin=None, answer_within_s=5.0):
        origin = origin or uuid4()
        address = address or hq.enrol(origin=origin)
        station = Station(LeaseLine(Headquarters(address, answer_within_s), origin, SystemClock()), origin)
        made.append(station)
        station.line.start(station.answers.append, lambda up, why: station.links.append(up))
        make.wait_until(lambda: station.links == [True])
        return station

    yield make_station
    for station in made:
        station.line.close()


def test_a_grant_counts_from_before_the_request_left(stations):
    here = stations()
    before = time.monotonic()
    answer = here.ask()
    assert isinstance(answer, Granted)
    assert before <= answer.asked_at <= time.monotonic()
    assert 4.5 < answer.ttl_s <= 5.0


def test_who_is_refused_learns_who_has_it_with_what_rank(stations):
    here, there = stations(), stations()
    here.ask(Rank.DISPATCHER)
    answer = there.ask(Rank.OPERATOR)
    assert isinstance(answer, Refused)
    assert not answer.ours
    assert answer.party == Party(here.origin, rank=Rank.DISPATCHER)
    assert 0 < answer.ttl_s <= 5.0


def test_the_holder_learns_who_takes_over(stations):
    operator, chief = stations(), stations()
    operator.ask()
    chief.ask(Rank.SUPERVISOR)
    answer = operator.ask()
    assert isinstance(answer, Refused)
    assert answer.ours
    assert answer.party == Party(chief.origin, rank=Rank.SUPERVISOR)


def test_of_three_the_highest_rank_is_next(stations, make):
    operator, dispatcher, chief = stations(), stations(), stations()
    operator.ask()
    dispatcher.ask(Rank.DISPATCHER)
    chief.ask(Rank.SUPERVISOR)
    assert operator.ask().party.origin == chief.origin
    assert operator.ask(ttl_s=0.0) == GivenBack(CAMERA)
    refused = dispatcher.ask(Rank.DISPATCHER)
    assert (refused.ours, refused.party.origin) == (False, chief.origin)  # its place is kept
    assert isinstance(chief.ask(Rank.SUPERVISOR), Granted)


def test_what_was_given_back_is_free_for_the_next(stations):
    here, there = stations(), stations()
    here.ask()
    assert isinstance(there.ask(), Refused)
    assert here.ask(ttl_s=0.0) == GivenBack(CAMERA)
    assert isinstance(there.ask(), Granted)


def test_of_a_cameras_questions_the_newest_counts_and_the_highest_rank_is_first(stations, hq):
    here = stations()
    with hq.server.admin(hq.database) as admin, admin.transaction():
        admin.execute("lock table hq.lease in access exclusive mode")  # the first question waits at headquarters
        here.line.ask(Ask(1, Rank.TOUR, 3.0))
        make_sure_it_was_taken(here)
        here.line.ask(Ask(2, Rank.TOUR, 3.0))
        here.line.ask(Ask(3, Rank.OPERATOR, 5.0))
        here.line.ask(Ask(2, Rank.TOUR, 0.0))
    until = time.monotonic() + 10
    while len(here.answers) < 3:
        assert time.monotonic() < until
        threading.Event().wait(0.005)
    assert [answer.camera_no for answer in here.answers] == [1, 3, 2]
    assert here.answers[2] == GivenBack(2)


def make_sure_it_was_taken(station):
    until = time.monotonic() + 5
    while station.line._queue:
        assert time.monotonic() < until
        threading.Event().wait(0.005)


def test_a_cut_line_says_so_and_comes_back_by_itself(stations, hq, relay, make):
    origin = uuid4()
    here = stations(hq.through(relay.port, hq.enrol(origin=origin)), origin=origin)
    assert isinstance(here.ask(), Granted)
    relay.cut()
    make.wait_until(lambda: here.links == [True, False, True])
    assert isinstance(here.ask(), Granted)


def test_a_headquarters_that_says_nothing_counts_as_away_in_time(stations, hq, relay, make):
    origin = uuid4()
    here = stations(hq.through(relay.port, hq.enrol(origin=origin)), origin=origin, answer_within_s=0.5)
    relay.mute()
    began = time.monotonic()
    assert here.ask() == Unanswered(CAMERA)
    make.wait_until(lambda: here.links[:2] == [True, False])
    assert time.monotonic() - began < 3.0
    assert relay.swallowed > 0
    relay.cut()  # and is whole again
    make.wait_until(lambda: here.links[-1])


def test_closing_gives_back_what_is_asked_last(stations, hq):
    here, there = stations(), stations()
    here.ask()
    here.line.ask(Ask(CAMERA, Rank.AHEAD, 0.0))
    here.line.close()
    assert here.answers[-1] == GivenBack(CAMERA)
    assert isinstance(there.ask(), Granted)


def test_closing_ends_in_time_while_headquarters_says_nothing(stations, hq, relay):
    origin = uuid4()
    here = stations(hq.through(relay.port, hq.enrol(origin=origin)), origin=origin, answer_within_s=20.0)
    relay.mute()
    here.line.ask(Ask(CAMERA, Rank.OPERATOR, 5.0))
    make_sure_it_was_taken(here)
    began = time.monotonic()
    here.line.close()
    assert time.monotonic() - began < 3.0
    assert here.links == [True]


def test_a_headquarters_of_the_version_before_says_no_more_than_the_id(stations, hq):
    here, there = stations(), stations()
    hq.ask("drop function hq_v1.lease_parties(integer)")
    here.ask()
    assert there.ask().party == Party(here.origin)
    there.ask(Rank.SUPERVISOR)
    answer = here.ask()
    assert (answer.ours, answer.party) == (True, None)


def test_a_rank_of_a_newer_program_is_unknown_not_an_error(stations, hq):
    here, there = stations(), stations()
    here.ask()
    hq.ask("update hq.lease set rank = 99")
    assert there.ask().party == Party(here.origin)


def test_a_workstation_that_is_not_let_in_is_away_and_says_why(hq, make):
    origin = uuid4()
    address = hq.enrol(origin=origin)
    hq.ask(f"alter role ws_{origin.hex} nologin")
    line = LeaseLine(Headquarters(address), origin, SystemClock())
    heard, links = [], []
    line.start(heard.append, lambda up, why: links.append((up, why)))
    line.ask(Ask(CAMERA, Rank.OPERATOR, 5.0))
    make.wait_until(lambda: not line._queue)
    line.close()
    assert not any(up for up, _ in links)
    assert heard == []
    hq.ask(f"alter role ws_{origin.hex} login")
