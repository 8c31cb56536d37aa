"""The lines between engine and worker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ProtocolError
from video.wire import (
    Adjust,
    Alive,
    Ask,
    Counts,
    Hold,
    Permit,
    PictureSaid,
    Ready,
    Reduce,
    Retry,
    Ring,
    RingSaid,
    SessionSaid,
    SignedIn,
    Subscribe,
    Unsubscribe,
    decode,
    encode,
)

SUBSCRIBE = Subscribe(1, 3, "sub", "rtsp://a/b", 480, 270, 30.0, "bgrx", "user", "비밀\n", masks=[[[0.0, 0.5]]])


@pytest.mark.parametrize(
    "message",
    [
        SUBSCRIBE,
        Unsubscribe(1),
        Retry(3, "user", "secret"),
        Adjust(1, keyframes_only=True),
        Reduce(3, "sub", on=True),
        Ring("/ring", 120.0, 1000),
        Permit(3),
        Hold(3),
        Ready(),
        Ask(3),
        SignedIn(3, taken=None),
        RingSaid("disk_full", "/ring", "no space left", cleared=False),
        PictureSaid(3, "sub", 12.5, reduced=True),
        Alive(1.5, 0.1),
        SessionSaid(3, "sub", 12.5, "no_answer", live=False),
        Counts(3, "sub", sent=4),
    ],
)
def test_a_message_comes_back_as_it_went(message):
    line = encode(message)
    assert line.count(b"\n") == 1
    assert decode(line) == message


def test_no_message_shows_its_password():
    assert "비밀" not in repr(SUBSCRIBE)
    assert "secret" not in repr(Retry(3, "user", "secret"))
    with pytest.raises(ProtocolError) as raised:
        decode(encode(SUBSCRIBE)[:-3])
    assert "비밀" not in str(raised.value)
    assert raised.value.__cause__ is None


@given(st.binary(max_size=200) | st.from_type(dict).map(lambda value: repr(value).encode()))
def test_no_line_whatever_crashes_the_reader(line):
    with pytest.raises(ProtocolError):
        decode(line)
