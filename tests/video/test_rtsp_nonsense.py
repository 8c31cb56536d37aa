"""What is no RTSP, or lies about its lengths, or asks without end: the session ends or finds its way back."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import CredentialsError, ProtocolError
from tests.video.conversation import SDP, URL, challenge, new_session, packet_of, play
from video.rtsp import NoStreamError, Phase
from video.rtsp_message import MAX_HEADER


@pytest.mark.parametrize(
    "garbage",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 400",
        b"HTTP/1.0 400 Bad Request\nContent-Type: text/html\n\n<html>",
        b"220 ready\r\n",
        b"hello there\r\n",
        b"\x00\x01\x02\x03",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"RTSP/1.0 abc\r\n\r\n",
        b"RTSP/1.0\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"A" * (MAX_HEADER + 10),
    ],
)
def test_what_is_no_rtsp_is_not_understood(garbage):
    with pytest.raises(ProtocolError):
        new_session().receive(garbage)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"$\x02\xff\xff" + bytes(65_535),
        b"$\x02\0\2" + packet_of()[4:],
        b"$\x02\0\0",
        b"$\x09\0\0",
        b"\0\1\2\3\4\5\6\7",
        b"ABCD$$$$$$$$$$$$\r\n",
        b"\x80" * 500,
    ],
)
def test_after_a_length_that_lies_the_next_packet_is_found(nonsense):
    session = new_session()
    play(session)
    packets = session.receive(packet_of(b"before") + nonsense + packet_of(b"after1") + packet_of(b"after2"))
    assert packets[0][1].endswith(b"before")
    assert packets[-1][1].endswith(b"after2")
    assert session.phase is Phase.PLAYING


def test_a_length_that_swallows_the_next_packets_costs_no_more_than_it_says():
    session = new_session()
    play(session)
    found = []
    session.receive(b"$\x02\x08\x00" + b"short")
    for number in range(200):
        found += session.receive(packet_of(b"%d" % number))
    assert session.resyncs == 1
    assert found[-1][1].endswith(b"199")
    assert len(found) > 200 - 2048 // len(packet_of(b"100")) - 10


def test_a_camera_that_asks_and_never_reads_does_not_fill_the_memory():
    session = new_session()
    play(session)
    with pytest.raises(ProtocolError):
        session.receive(b"OPTIONS rtsp://x RTSP/1.0\r\nCSeq: 8\r\n\r\n" * 100_000)
    assert len(session.outgoing) < 100_000


CONVERSATION = (
    b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, GET_PARAMETER\r\n\r\n",
    b"RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: " + challenge().encode() + b"\r\n\r\n",
    f"RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Base: {URL}/\r\nContent-Length: {len(SDP)}\r\n\r\n{SDP}".encode(),
    b"RTSP/1.0 200 OK\r\nCSeq: 4\r\nSession: 42;timeout=20\r\nTransport: RTP/AVP/TCP;interleaved=2-3\r\n\r\n",
    b"RTSP/1.0 200 OK\r\nCSeq: 5\r\nSession: 42\r\n\r\n",
    packet_of() * 5,
    b"RTSP/1.0 200 OK\r\n\r\n",
)


def mutated(chance, data):
    """Return the bytes with a few of them changed, doubled, cut out or made long."""
    wrong = bytearray(data)
    for _ in range(chance.randrange(5)):
        at, how = chance.randrange(len(wrong) + 1), chance.randrange(5)
        if how == 0:
            wrong[at : at + 1] = bytes((chance.randrange(256),))
        elif how == 1:
            del wrong[at : at + chance.randrange(40)]
        elif how == 2:
            wrong[at:at] = wrong[at : at + chance.randrange(40)]
        elif how == 3:
            wrong[at:at] = chance.choice((b"\r\n", b"$\x02\xff\xff", b"\0" * 20, b":", b";", b"9" * 12, b"%"))
        else:
            wrong[at:at] = chance.randbytes(chance.randrange(300))
    return bytes(wrong)


@pytest.mark.parametrize("seed", range(4))
def test_no_conversation_however_mutilated_breaks_the_session(seed):
    chance, played, ended = random.Random(seed), 0, 0
    for _ in range(5000):
        session = new_session()
        parts = [mutated(chance, part) if chance.random() < 0.3 else part for part in CONVERSATION]
        data = b"".join(parts)
        try:
            while data:
                size = chance.choice((1, 7, 100, 5000))
                for _, packet in session.receive(data[:size]):
                    assert len(packet) < 65_536
                data = data[size:]
                session.outgoing.clear()
                assert len(session._incoming) < 160_000
        except (ProtocolError, CredentialsError, NoStreamError):
            ended += 1
        played += session.phase is Phase.PLAYING
    assert played > 500
    assert ended > 500


@given(
    st.lists(
        st.binary(max_size=60)
        | st.sampled_from(
            [
                b"RTSP/1.0 200 OK\r\n",
                b"\r\n",
                b"RTSP/1.0 401 No\r\nWWW-Authenticate: ",
                challenge().encode() + b"\r\n\r\n",
                b"Session: 4;timeout=6\r\n\r\n",
                f"RTSP/1.0 200 OK\r\nContent-Length: {len(SDP)}\r\n\r\n{SDP}".encode(),
                b"$\0\0\5hello",
            ]
        ),
        max_size=20,
    )
)
def test_no_bytes_whatever_crash_the_session(chunks):
    session = new_session()
    try:
        for chunk in chunks:
            session.receive(chunk)
            assert len(session._incoming) <= 200_000
    except (ProtocolError, CredentialsError, NoStreamError):
        pass
