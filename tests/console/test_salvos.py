from uuid import UUID

from console.salvos import OneStepBack, SalvoKeys
from domain.layout import Layout
from domain.wall import CameraTile, MonitorView, Salvo

EMPTY = MonitorView.empty(Layout.of("4"))
FULL = EMPTY.with_tile(0, CameraTile(3))


def test_a_key_calls_its_salvo_and_others_call_none() -> None:
    keys = SalvoKeys()
    night, flood = Salvo(UUID(int=1), "night", 1, {1: EMPTY}), Salvo(UUID(int=2), "flood", None, {1: FULL})
    keys.learn([night, flood])
    assert keys.on_key(1) == night
    assert keys.on_key(2) is None
    assert keys.all == (night, flood)


def test_one_step_back_gives_what_hung_there_before_and_only_once() -> None:
    back = OneStepBack()
    back.remember({1: EMPTY, 2: FULL, 3: FULL}, changed=[1, 2, 9])
    assert back.take() == {1: EMPTY, 2: FULL}
    assert back.take() == {}


def test_only_the_last_change_is_undone() -> None:
    back = OneStepBack()
    back.remember({1: EMPTY}, changed=[1])
    back.remember({1: FULL}, changed=[1])
    assert back.take() == {1: FULL}
