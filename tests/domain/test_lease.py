"""How one camera changes hands, told step by step: nothing here waits."""

from uuid import UUID

import pytest

from domain.lease import IDLE_S, MARGIN_S, NOTICE_S, TTL_S, Ask, Party, Rank, Standing, rank_of
from domain.operator import Role
from domain.tenure import AGAIN_S, NEVER, PASS_ON_S, PATIENCE_S, Grip, Link, Tenure

ELSEWHERE = UUID(int=7)
CHIEF = Party(ELSEWHERE, rank=Rank.SUPERVISOR)
COLLEAGUE = Party(ELSEWHERE, rank=Rank.OPERATOR)


def fresh(link=Link.UP):
    return Tenure(12, link)


def held(rank=Rank.OPERATOR, position="desk", at=100.0):
    """Return a camera that headquarters gave this desk at a moment."""
    return fresh().wished(position, rank, at).asked().granted(at, rank.ttl_s, at + 0.01)


def standing(tenure, position="desk"):
    return tenure.state(position).standing


# -- alone


def test_without_headquarters_a_wish_is_granted_at_once_and_nothing_is_asked():
    tenure = fresh(Link.ALONE).wished("desk", Rank.OPERATOR, 100.0)
    state = tenure.state("desk")
    assert (state.standing, state.may_move, state.local) == (Standing.HELD, True, False)
    assert tenure.due(100.0) is None
    assert tenure.sends_until == NEVER
    assert tenure.next_at == 100.0 + IDLE_S


def test_twenty_seconds_without_a_command_end_it():
    tenure = fresh(Link.ALONE).wished("desk", Rank.OPERATOR, 100.0).used("desk", 110.0)
    assert standing(tenure.at(129.9)) is Standing.HELD
    ended = tenure.at(130.0)
    assert standing(ended) is Standing.ENDED
    assert ended.forgotten
    assert ended.sends_until == 0.0
    assert standing(ended.wished("desk", Rank.OPERATOR, 131.0)) is Standing.HELD


def test_a_movement_that_goes_on_is_a_command_that_goes_on():
    tenure = fresh(Link.ALONE).wished("desk", Rank.OPERATOR, 100.0).used("desk", 100.0).turned(100.1, moving=True)
    assert standing(tenure.at(500.0)) is Standing.HELD
    still = tenure.turned(500.0, moving=False)
    assert standing(still.at(519.9)) is Standing.HELD
    assert standing(still.at(520.0)) is Standing.ENDED


# -- positions of one workstation


def test_an_equal_rank_waits_and_is_told_for_whom():
    tenure = fresh(Link.ALONE).wished("desk", Rank.OPERATOR, 100.0).wished("desk 2", Rank.OPERATOR, 101.0)
    state = tenure.state("desk 2")
    assert (state.standing, state.who) == (Standing.WAITING, Party(None, "desk", Rank.OPERATOR))
    assert standing(tenure) is Standing.HELD
    assert standing(tenure.released("desk", 102.0), "desk 2") is Standing.HELD


def test_a_higher_rank_gives_a_person_three_seconds():
    tenure = fresh(Link.ALONE).wished("desk", Rank.OPERATOR, 100.0).wished("chief", Rank.SUPERVISOR, 101.0)
    state = tenure.state("desk")
    assert (state.standing, state.may_move) == (Standing.ENDING, True)
    assert state.who == Party(None, "chief", Rank.SUPERVISOR)
    assert state.left_s(102.0) == NOTICE_S - 1.0
    assert standing(tenure, "chief") is Standing.WAITING
    assert tenure.sends_until == tenure.next_at == 101.0 + NOTICE_S
    after = tenure.at(101.0 + NOTICE_S)
    assert (standing(after), standing(after, "chief")) == (Standing.WAITING, Standing.HELD)


def test_a_notice_is_taken_back_when_the_higher_rank_lets_go():
    tenure = fresh(Link.ALONE).wished("desk", Rank.OPERATOR, 100.0).wished("chief", Rank.SUPERVISOR, 101.0)
    back = tenure.released("chief", 102.0)
    assert standing(back) is Standing.HELD
    assert back.state("desk").ends_at is None
    assert standing(back.at(110.0)) is Standing.HELD


@pytest.mark.parametrize("rank", [Rank.AHEAD, Rank.TOUR, Rank.ALARM])
def test_what_is_no_person_gives_way_at_once_and_waits(rank):
    tenure = fresh(Link.ALONE).wished("machine", rank, 100.0).wished("desk", Rank.OPERATOR, 101.0)
    assert (standing(tenure), standing(tenure, "machine")) == (Standing.HELD, Standing.WAITING)
    assert standing(tenure.released("desk", 102.0), "machine") is Standing.HELD


def test_a_machine_never_takes_a_camera_from_a_person():
    tenure = fresh(Link.ALONE).wished("desk", Rank.OPERATOR, 100.0).wished("alarm", Rank.ALARM, 101.0)
    assert standing(tenure.at(110.0)) is Standing.HELD
    assert standing(tenure, "alarm") is Standing.WAITING


def test_choosing_a_camera_again_takes_nothing_from_the_stronger_wish():
    tenure = fresh(Link.ALONE).wished("desk", Rank.OPERATOR, 100.0)
    assert tenure.wished("desk", Rank.AHEAD, 110.0) == tenure


# -- headquarters


def test_headquarters_is_asked_and_its_grant_counts_from_the_request():
    tenure = fresh().wished("desk", Rank.OPERATOR, 100.0)
    assert standing(tenure) is Standing.ASKED
    assert not tenure.state("desk").may_move
    assert tenure.due(100.0) == Ask(12, Rank.OPERATOR, TTL_S)
    assert tenure.asked().due(100.0) is None
    given = tenure.asked().granted(100.2, TTL_S, 100.9)
    assert standing(given) is Standing.HELD
    assert 100.2 + TTL_S - MARGIN_S - 0.1 < given.sends_until <= 100.2 + TTL_S - MARGIN_S
    assert given.due(101.6) is None
    assert given.due(100.2 + TTL_S / 3) == Ask(12, Rank.OPERATOR, TTL_S)


def test_what_was_asked_ahead_is_asked_for_shortly_and_again_with_the_hands_rank():
    ahead = held(Rank.AHEAD)
    assert ahead.state("desk").may_move
    pressed = ahead.wished("desk", Rank.OPERATOR, 100.3)
    assert pressed.state("desk").may_move  # at once
    assert pressed.due(100.3) == Ask(12, Rank.OPERATOR, TTL_S)


def test_a_lease_that_is_not_renewed_ends_in_time_and_goes_on_only_by_a_new_wish():
    tenure = held()
    until = tenure.sends_until
    assert until <= 100.0 + TTL_S - MARGIN_S
    cut = tenure.linked(Link.AWAY, 102.0)
    assert cut.state("desk").may_move
    lapsed = cut.at(until)
    assert standing(lapsed) is Standing.LAPSED
    assert lapsed.sends_until == 0.0
    assert standing(lapsed.at(110.0)) is Standing.LAPSED
    local = lapsed.wished("desk", Rank.OPERATOR, 110.0).state("desk")
    assert (local.may_move, local.local) == (True, True)


def test_headquarters_away_means_local_control_with_a_warning():
    tenure = fresh(Link.AWAY).wished("desk", Rank.OPERATOR, 100.0)
    state = tenure.state("desk")
    assert (state.standing, state.local) == (Standing.HELD, True)
    back = tenure.linked(Link.UP, 105.0)
    assert back.due(105.0) == Ask(12, Rank.OPERATOR, TTL_S)
    assert not back.asked().granted(105.0, TTL_S, 105.1).state("desk").local
    refused = back.asked().refused(COLLEAGUE, 3.0, 105.1)
    assert (standing(refused), refused.state("desk").who) == (Standing.WAITING, COLLEAGUE)


def test_a_hand_does_not_wait_long_for_a_headquarters_that_says_nothing():
    tenure = fresh().wished("desk", Rank.OPERATOR, 100.0).asked()
    assert tenure.next_at == 100.0 + PATIENCE_S
    state = tenure.at(100.0 + PATIENCE_S).state("desk")
    assert (state.may_move, state.local) == (True, True)


def test_who_is_refused_waits_and_asks_again():
    tenure = fresh().wished("desk", Rank.OPERATOR, 100.0).asked().refused(COLLEAGUE, 4.0, 100.1)
    assert tenure.state("desk").who == COLLEAGUE
    assert tenure.due(100.1 + AGAIN_S) == Ask(12, Rank.OPERATOR, TTL_S)
    assert standing(tenure.asked().granted(101.0, TTL_S, 101.1)) is Standing.HELD


def test_a_colleague_who_has_it_is_respected_for_as_long_as_it_was_given_even_cut_off():
    tenure = fresh().wished("desk", Rank.OPERATOR, 100.0).asked().refused(COLLEAGUE, 4.0, 100.0)
    cut = tenure.linked(Link.AWAY, 101.0)
    assert not cut.wished("desk", Rank.OPERATOR, 102.0).state("desk").may_move
    assert cut.wished("desk", Rank.OPERATOR, 104.0).state("desk").local


def test_a_person_who_is_outranked_elsewhere_gets_three_seconds_and_then_passes_it_on():
    tenure = held().used("desk", 101.0).asked().outranked(CHIEF, 101.5)
    state = tenure.state("desk")
    assert (state.standing, state.who) == (Standing.ENDING, CHIEF)
    assert state.ends_at == pytest.approx(101.5 + NOTICE_S, abs=0.06)
    again = tenure.asked().outranked(CHIEF, 102.5)
    assert again.state("desk").ends_at == state.ends_at  # the count goes on
    after = again.at(104.5)
    assert (standing(after), after.state("desk").who) == (Standing.WAITING, CHIEF)
    assert after.due(104.5) is None
    assert after.due(104.5 + PASS_ON_S) == Ask(12, Rank.AHEAD, 0.0)
    waits = after.asked().given_back(104.9)
    assert waits.due(104.9 + AGAIN_S) == Ask(12, Rank.OPERATOR, TTL_S)


def test_who_wanted_to_take_over_and_does_not_any_more_leaves_it_where_it_was():
    tenure = held().asked().outranked(CHIEF, 101.5).asked().granted(102.5, TTL_S, 102.6)
    assert standing(tenure) is Standing.HELD
    assert standing(tenure.at(105.0)) is Standing.HELD


def test_what_was_only_chosen_here_is_passed_on_at_once():
    tenure = held(Rank.AHEAD).asked().outranked(COLLEAGUE, 100.5)
    assert standing(tenure) is Standing.WAITING
    assert tenure.due(100.5) == Ask(12, Rank.AHEAD, 0.0)


def test_headquarters_that_gave_it_to_another_is_believed_at_once():
    tenure = held().asked().refused(CHIEF, 5.0, 101.5)
    assert standing(tenure) is Standing.WAITING
    assert tenure.sends_until == 0.0


def test_giving_back_tells_headquarters_after_our_stop_has_left():
    tenure = held().released("desk", 101.0)
    assert tenure.due(101.0) == Ask(12, Rank.AHEAD, 0.0)
    moved = held().used("desk", 101.0).released("desk", 101.0)
    assert moved.due(101.0) is None
    assert moved.due(101.0 + PASS_ON_S) == Ask(12, Rank.AHEAD, 0.0)
    assert moved.asked().given_back(101.5).forgotten


def test_a_grant_that_comes_too_late_is_given_back():
    tenure = fresh().wished("desk", Rank.OPERATOR, 100.0).asked().released("desk", 100.1)
    late = tenure.granted(100.0, TTL_S, 100.2)
    assert late.sends_until == 0.0
    assert late.due(101.0) == Ask(12, Rank.AHEAD, 0.0)


def test_releasing_twice_changes_nothing_more():
    once = held().used("desk", 101.0).released("desk", 101.0)
    assert once.released("desk", 101.1) == once


def test_a_wish_before_it_was_given_back_asks_anew():
    tenure = held().used("desk", 101.0).released("desk", 101.0).wished("desk", Rank.OPERATOR, 101.1)
    assert tenure.due(101.1) == Ask(12, Rank.OPERATOR, TTL_S)
    assert not tenure.give_back


def test_a_workstation_that_slept_holds_nothing_any_more():
    tenure = held().lapsed(101.0)
    assert standing(tenure) is Standing.LAPSED
    assert tenure.due(101.0) == Ask(12, Rank.OPERATOR, TTL_S)
    alone = fresh(Link.ALONE).wished("desk", Rank.OPERATOR, 100.0)
    assert alone.lapsed(101.0) == alone


def test_nothing_is_asked_while_headquarters_is_away():
    for tenure in (held(), fresh().wished("desk", Rank.OPERATOR, 100.0), held().released("desk", 100.0)):
        cut = tenure.asked().unanswered().linked(Link.AWAY, 100.5)
        assert cut.due(200.0) is None


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_rank_of_a_person(role):
    assert rank_of(role).person


def test_ranks_stand_in_the_order_that_was_agreed():
    order = [Rank.TOUR, Rank.ALARM, rank_of(Role.OPERATOR), rank_of(Role.DISPATCHER), rank_of(Role.SUPERVISOR)]
    assert order == sorted(order)


def test_what_is_due_is_done_and_then_the_next_lies_ahead():
    """No moment is due again and again: what is due is done, and then the next lies ahead."""
    tenure = held()
    assert tenure.next_at > 100.01
    for moment in (101.5, 104.5, 106.0, 130.0):
        tenure = tenure.at(moment)
        if tenure.due(moment) is not None:
            tenure = tenure.asked()
        assert tenure.next_at > moment
    assert Grip.NONE is tenure.grip


def test_what_is_being_given_back_is_not_kept_by_an_answer_that_comes_late():
    given = held(Rank.AHEAD).asked().outranked(COLLEAGUE, 100.5)
    assert given.asked().outranked(COLLEAGUE, 100.6).give_back
    assert not given.granted(100.6, TTL_S, 100.7).state("desk").may_move


def test_who_left_the_row_says_so_even_where_the_answer_was_under_way():
    gone = fresh().wished("desk", Rank.SUPERVISOR, 100.0).asked().released("desk", 100.1)
    told = gone.refused(COLLEAGUE, 4.0, 100.2)
    assert told.due(100.2) == Ask(12, Rank.AHEAD, 0.0)


def test_headquarters_is_told_of_an_end_only_where_it_may_hold_something():
    assert held().known_there
    assert held().released("desk", 101.0).known_there
    assert not fresh().known_there
    assert not fresh(Link.AWAY).wished("desk", Rank.OPERATOR, 100.0).known_there


def test_a_notice_for_another_workstation_is_not_touched_by_what_happens_here():
    tenure = held().asked().outranked(CHIEF, 101.5).wished("desk 2", Rank.OPERATOR, 102.0)
    assert tenure.state("desk").who == CHIEF
    assert tenure.positions == {"desk", "desk 2"}
    after = tenure.at(104.5)
    assert (standing(after), standing(after, "desk 2")) == (Standing.WAITING, Standing.WAITING)
