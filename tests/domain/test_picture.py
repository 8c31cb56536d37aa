import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.picture import STALE_AFTER_S, Face, LossReason, PictureState


@pytest.mark.parametrize(
    ("state", "now", "face"),
    [
        (PictureState(since=100), 104.9, Face.WAITING),
        (PictureState(since=100), 105.1, Face.LOST),
        (PictureState(since=100, reason=LossReason.WRONG_PASSWORD), 100.1, Face.LOST),
        (PictureState(since=100, picture_at=110), 110 + STALE_AFTER_S, Face.LIVE),
        (PictureState(since=100, picture_at=110), 110.1 + STALE_AFTER_S, Face.STALE),
        (PictureState(since=100, picture_at=110), 115.0, Face.STALE),
        (PictureState(since=100, picture_at=110), 115.1, Face.LOST),
        (PictureState(since=100, picture_at=110, reason=LossReason.NO_ANSWER), 111, Face.LIVE),
    ],
)
def test_a_picture_is_judged_by_its_own_age(state, now, face):
    assert state.face(now) is face


def test_an_age_is_never_negative():
    assert PictureState(since=100).age_s(99) == 0.0
    assert PictureState(since=100, picture_at=101).age_s(103.5) == 2.5


@given(st.floats(0, 1e6), st.none() | st.floats(0, 1e6), st.none() | st.sampled_from(LossReason), st.floats(0, 2e6))
def test_no_old_picture_ever_looks_live(since, picture_at, reason, now):
    state = PictureState(since=since, picture_at=picture_at, reason=reason)
    if state.face(now) is Face.LIVE:
        assert picture_at is not None
        assert now - picture_at <= 2.0
