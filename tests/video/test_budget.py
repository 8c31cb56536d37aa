"""Who gives way when there is not enough for all."""

from video.budget import Budget, Limits, Load
from video.load import Rate


def loads(**ranks):
    return {(int(name[1:]), "sub"): Load(0.1, 1.0, rank) for name, rank in ranks.items()}


def look(budget, load, cores, *, late=False):
    return budget.look(load, Rate(cores, sum(each.megabits for each in load.values())), late=late)


def settled(budget, load, cores, *, looks=20, late=False):
    for _ in range(looks):
        reductions = look(budget, load, cores, late=late)
    return reductions


def test_nothing_gives_way_while_there_is_room():
    assert settled(Budget(Limits(cpu_cores=1.0)), loads(c1=10, c2=10), 0.9).keyframes_only == frozenset()


def test_without_limits_nothing_gives_way():
    assert settled(Budget(Limits()), loads(c1=10, c2=10), 16.0).keyframes_only == frozenset()


def test_the_least_important_give_way_first_and_only_as_many_as_needed():
    reductions = look(Budget(Limits(cpu_cores=1.0)), loads(c1=30, c2=10, c3=0, c4=10), 1.1)
    assert reductions.keyframes_only == {(3, "sub"), (2, "sub")}


def test_the_most_important_one_never_gives_way():
    reductions = settled(Budget(Limits(cpu_cores=0.1)), loads(c1=30, c2=10, c3=10), 5.0)
    assert reductions.keyframes_only == {(2, "sub"), (3, "sub")}


def test_a_worker_that_is_late_makes_some_give_way_without_any_limit():
    assert look(Budget(Limits()), loads(c1=30, c2=10, c3=10), 0.3, late=True).keyframes_only == {(2, "sub")}


def test_they_come_back_the_most_important_first_when_there_has_been_room_for_a_while():
    budget, load = Budget(Limits(cpu_cores=1.0)), loads(c1=30, c2=10, c3=0)
    assert look(budget, load, 1.2).keyframes_only == {(2, "sub"), (3, "sub")}
    assert settled(budget, load, 0.95).keyframes_only == {(2, "sub"), (3, "sub")}
    after = [settled(budget, load, 0.2, looks=5).keyframes_only for _ in range(2)]
    assert after == [{(3, "sub")}, frozenset()]


def test_what_would_not_fit_when_whole_again_stays_reduced():
    budget = Budget(Limits(cpu_cores=1.0))
    whole = {(1, "sub"): Load(0.5, 1.0, 30), (2, "sub"): Load(0.6, 1.0, 10)}
    assert look(budget, whole, 1.1).keyframes_only == {(2, "sub")}
    reduced = {(1, "sub"): Load(0.5, 1.0, 30), (2, "sub"): Load(0.1, 1.0, 10)}
    assert settled(budget, reduced, 0.6, looks=50).keyframes_only == {(2, "sub")}


def test_short_of_network_the_least_important_large_stream_becomes_the_small_one():
    budget = Budget(Limits(megabits=8.0))
    load = {
        (1, "main"): Load(0.1, 4.0, 20, has_smaller=True),
        (2, "main"): Load(0.1, 4.0, 10, has_smaller=True),
        (3, "sub"): Load(0.1, 1.0, 0),
    }
    assert look(budget, load, 0.3).smaller == {(2, "main")}
    load[2, "main"] = Load(0.05, 0.6, 10, has_smaller=True)
    assert settled(budget, load, 0.3, looks=50).smaller == {(2, "main")}
    load[1, "main"] = Load(0.1, 1.0, 20, has_smaller=True)
    assert settled(budget, load, 0.3, looks=50).smaller == frozenset()


def test_what_is_only_recorded_takes_network_too_and_what_is_looked_at_gives_way():
    load = {(1, "main"): Load(0.1, 3.0, 10, has_smaller=True)}
    assert Budget(Limits(megabits=8.0)).look(load, Rate(0.1, 7.9), late=False).smaller == frozenset()
    assert Budget(Limits(megabits=8.0)).look(load, Rate(0.1, 8.1), late=False).smaller == {(1, "main")}


def test_one_that_is_gone_is_forgotten():
    budget = Budget(Limits(cpu_cores=1.0))
    look(budget, loads(c1=30, c2=10), 1.5)
    assert look(budget, loads(c1=30), 0.2).keyframes_only == frozenset()
