"""One RTSP conversation, without a socket."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.camera import Credentials
from domain.errors import CredentialsError, ProtocolError
from video.rtsp import MAX_HEADER, Address, NoStreamError, Phase, RtspSession

URL = "rtsp://10.0.0.9:554/live"
SDP = "v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n"
WHO = Credentials("practice", "secret")


def asked(session):
    """Return the request that the session makes now: method, address, headers."""
    lines = bytes(session.outgoing).decode().removesuffix("\r\n\r\n").split("\r\n")
    session.outgoing.clear()
    method, url, _ = lines[0].split(" ")
    return method, url, dict(line.split(": ", 1) for line in lines[1:])


def answer(session, status="200 OK", body="", **headers):
    lines = [f"RTSP/1.0 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return session.receive(("\r\n".join(lines) + "\r\n\r\n" + body).encode())


def challenge(nonce="n1", **more):
    return f'Digest realm="cam", nonce="{nonce}"' + "".join(f", {name}={value}" for name, value in more.items())


def new_session(*, credentials=WHO, basic_allowed=False):
    return RtspSession(Address.parse(URL), credentials, basic_allowed=basic_allowed)


def play(session):
    answer(session, Public="OPTIONS, GET_PARAMETER")
    answer(session, body=SDP, Content_Base=URL + "/")
    answer(session, Session="42;timeout=20", Transport="RTP/AVP/TCP;interleaved=2-3")
    session.outgoing.clear()
    answer(session)


def test_a_stream_is_set_up_in_four_steps():
    session = new_session()
    assert asked(session)[:2] == ("OPTIONS", URL)
    answer(session, Public="OPTIONS, GET_PARAMETER")
    assert asked(session)[:2] == ("DESCRIBE", URL)
    answer(session, body=SDP, Content_Base=URL + "/")
    method, url, headers = asked(session)
    assert (method, url) == ("SETUP", URL + "/trackID=1")
    assert headers["Transport"] == "RTP/AVP/TCP;unicast;interleaved=0-1"
    answer(session, Session="42;timeout=20", Transport="RTP/AVP/TCP;unicast;interleaved=2-3")
    method, url, headers = asked(session)
    assert (method, url, headers["Session"]) == ("PLAY", URL + "/", "42")
    answer(session)
    assert session.phase is Phase.PLAYING
    assert session.keep_alive_s == 10
    session.keep_alive()
    assert asked(session)[0] == "GET_PARAMETER"
    session.tear_down()
    assert asked(session)[0] == "TEARDOWN"


def test_packets_come_out_of_the_channels_that_the_camera_chose_however_they_are_cut():
    session = new_session()
    play(session)
    data = b"".join(
        b"$" + struct.pack(">BH", channel, 3) + text for channel, text in ((2, b"abc"), (3, b"def"), (7, b"xyz"))
    )
    packets = [packet for byte in data for packet in session.receive(bytes([byte]))]
    assert packets == [(False, b"abc"), (True, b"def")]


def test_an_answer_between_packets_is_taken():
    session = new_session()
    play(session)
    session.keep_alive()
    packet = b"$\x02\0\3abc"
    assert list(session.receive(packet + b"RTSP/1.0 200 OK\r\nCSeq: 5\r\n\r\n" + packet)) == [(False, b"abc")] * 2


def test_a_password_is_tried_once():
    session = new_session()
    answer(session)
    session.outgoing.clear()
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    assert 'username="practice"' in asked(session)[2]["Authorization"]
    with pytest.raises(CredentialsError):
        answer(session, "401 Unauthorized", WWW_Authenticate=challenge("n2"))
    assert session.attempts == 1
    assert not session.outgoing


def test_basic_is_tried_once_more_where_it_is_allowed():
    session = new_session(basic_allowed=True)
    both = "401 Unauthorized\r\nWWW-Authenticate: " + challenge()
    answer(session)
    answer(session, both, WWW_Authenticate='Basic realm="cam"')
    session.outgoing.clear()
    answer(session, both, WWW_Authenticate='Basic realm="cam"')
    assert asked(session)[2]["Authorization"].startswith("Basic ")
    with pytest.raises(CredentialsError):
        answer(session, both, WWW_Authenticate='Basic realm="cam"')
    assert session.attempts == 2


def test_without_a_password_none_is_tried():
    session = new_session(credentials=None)
    answer(session)
    session.outgoing.clear()
    with pytest.raises(CredentialsError):
        answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    assert not session.outgoing


def test_a_stale_nonce_is_renewed_without_counting_as_an_attempt():
    session = new_session()
    answer(session)
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    answer(session, body=SDP)
    session.outgoing.clear()
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge("n2", stale="true"))
    method, _, headers = asked(session)
    assert method == "SETUP"
    assert 'nonce="n2"' in headers["Authorization"]
    assert session.attempts == 1
    with pytest.raises(CredentialsError):
        answer(session, "401 Unauthorized", WWW_Authenticate=challenge("n3", stale="true"))


def test_a_camera_without_this_stream_says_so():
    session = new_session()
    answer(session)
    with pytest.raises(NoStreamError):
        answer(session, "404 Not Found")


def test_a_camera_that_knows_no_options_is_asked_on():
    session = new_session()
    session.outgoing.clear()
    answer(session, "501 Not Implemented")
    assert asked(session)[0] == "DESCRIBE"


def test_a_request_of_the_camera_is_refused_politely():
    session = new_session()
    play(session)
    session.receive(b"SET_PARAMETER rtsp://x RTSP/1.0\r\nCSeq: 8\r\n\r\n")
    assert session.outgoing == b"RTSP/1.0 501 Not Implemented\r\nCSeq: 8\r\n\r\n"


@pytest.mark.parametrize(
    "garbage",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
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


@pytest.mark.parametrize("url", ["", "http://a/b", "rtsp://", "rtsp://a:99999/", "rtsp://a/b c", "rtsp://a/\r\nX: y"])
def test_only_rtsp_addresses_are_taken(url):
    with pytest.raises(ProtocolError):
        Address.parse(url)


def test_credentials_inside_an_address_are_left_out():
    address = Address.parse("rtsp://user:word@10.0.0.9/live")
    assert address == Address("10.0.0.9", 554, "rtsp://10.0.0.9/live")


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
