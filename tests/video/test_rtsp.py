"""One RTSP conversation, without a socket."""

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.camera import Credentials, Transport
from domain.errors import CredentialsError, ProtocolError
from video.digest import SignIn
from video.rtsp import NoStreamError, Phase, RtspSession
from video.rtsp_message import MAX_HEADER, Address

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


def new_session(*, credentials=WHO, basic_allowed=False, **more):
    return RtspSession(Address.parse(URL), SignIn(credentials, basic_allowed=basic_allowed), **more)


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
    answer(session, "501 Not Implemented")
    session.keep_alive()
    assert asked(session)[0] == "OPTIONS"
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
    assert session._sign_in.attempts == 1
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
    assert session._sign_in.attempts == 2


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
    assert session._sign_in.attempts == 1
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


@pytest.mark.parametrize("url", ["", "http://a/b", "rtsp://", "rtsp://a:99999/", "rtsp://a/b c", "rtsp://a/\r\nX: y"])
def test_only_rtsp_addresses_are_taken(url):
    with pytest.raises(ProtocolError):
        Address.parse(url)


def test_credentials_inside_an_address_are_left_out():
    address = Address.parse("rtsp://user:word@10.0.0.9/live")
    assert address == Address("10.0.0.9", 554, "rtsp://10.0.0.9/live")


def described(session, body=SDP, **headers):
    """Bring a session to its SETUP and return that request."""
    answer(session)
    session.outgoing.clear()
    answer(session, body=body, **headers)
    return asked(session)


@pytest.mark.parametrize(
    ("headers", "setup"),
    [
        ({}, URL + "/trackID=1"),
        ({"Content_Base": URL + "/"}, URL + "/trackID=1"),
        ({"Content_Base": "/other/"}, "rtsp://10.0.0.9:554/other/trackID=1"),
        ({"Content_Base": "other"}, URL + "/trackID=1"),
        ({"Content_Base": "rtsp://192.168.0.2/inner/"}, "rtsp://10.0.0.9:554/inner/trackID=1"),
        ({"Content_Location": URL}, URL + "/trackID=1"),
    ],
)
def test_what_is_relative_is_found_from_what_the_camera_calls_its_base(headers, setup):
    assert described(new_session(), **headers)[1] == setup


def test_an_absolute_control_address_is_set_up_as_it_is():
    text = SDP.replace("trackID=1", "rtsp://10.0.0.9:554/live/track7").replace("control:*", "control:" + URL + "/all")
    session = new_session()
    assert described(session, text)[1] == URL + "/track7"
    answer(session, Session="4")
    assert asked(session)[:2] == ("PLAY", URL + "/all")


@pytest.mark.parametrize(
    ("said", "every_s"),
    [("4", 30), ("4;timeout=60", 30), ("4; timeout = 10", 5), ("4;timeout=1", 1), ("4;timeout=-5", 30), ("4;x", 30)],
)
def test_the_camera_is_reminded_twice_within_its_timeout(said, every_s):
    session = new_session()
    described(session)
    answer(session, Session=said)
    assert session.keep_alive_s == every_s


def over_udp(**more):
    ports = iter((5000, 5002))
    return new_session(transport=Transport.UDP, client_port=lambda: next(ports), **more)


def test_datagrams_are_asked_for_where_they_are_wanted():
    session = over_udp()
    _, _, headers = described(session)
    assert headers["Transport"] == "RTP/AVP;unicast;client_port=5000-5001"
    answer(session, Session="4", Transport="RTP/AVP;unicast;client_port=5000-5001;server_port=6970-6971;ssrc=0000BEEF")
    assert session.carriage.transport is Transport.UDP
    assert session.carriage.camera_ports == (6970, 6971)
    assert session.carriage.ssrc == 0xBEEF
    answer(session)
    assert session.phase is Phase.PLAYING
    assert list(session.receive(b"$\0\0\5hello")) == []


@pytest.mark.parametrize("header", ["", "RTP/AVP", "RTP/AVP;server_port=x;ssrc=", "RTP/AVP;server_port=99999"])
def test_what_a_camera_leaves_out_about_datagrams_is_unknown(header):
    session = over_udp()
    described(session)
    answer(session, Session="4", Transport=header)
    assert session.carriage.transport is Transport.UDP
    assert (session.carriage.camera_ports, session.carriage.ssrc) == (None, None)


def test_a_camera_that_answers_with_channels_is_believed():
    session = over_udp()
    described(session)
    answer(session, Session="4", Transport="RTP/AVP/TCP;unicast;interleaved=4-5")
    assert session.carriage.transport is Transport.TCP
    assert session.carriage.channels == (4, 5)


def test_the_other_transport_is_tried_once():
    session = over_udp()
    described(session)
    answer(session, "461 Unsupported Transport")
    assert asked(session)[2]["Transport"] == "RTP/AVP/TCP;unicast;interleaved=0-1"
    with pytest.raises(NoStreamError):
        answer(session, "461 Unsupported Transport")


def test_a_camera_of_datagrams_only_is_found_out():
    session = new_session(client_port=lambda: 5000)
    described(session)
    answer(session, "461 Unsupported Transport")
    assert asked(session)[2]["Transport"] == "RTP/AVP;unicast;client_port=5000-5001"
    answer(session, Session="4", Transport="RTP/AVP;unicast;server_port=6970-6971")
    assert session.carriage.transport is Transport.UDP


@pytest.mark.parametrize("step", ["SETUP", "PLAY"])
def test_a_fresh_nonce_is_taken_at_every_step(step):
    session = new_session()
    answer(session)
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    answer(session, body=SDP)
    if step == "PLAY":
        answer(session, Session="4")
    session.outgoing.clear()
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge("n2"))
    method, _, headers = asked(session)
    assert method == step
    assert 'nonce="n2"' in headers["Authorization"]
    assert session._sign_in.attempts == 1


def test_a_reminder_that_is_refused_ends_nothing():
    session = new_session()
    play(session)
    session.outgoing.clear()
    for status in ("401 Unauthorized", "403 Forbidden", "454 Session Not Found"):
        session.keep_alive()
        session.outgoing.clear()
        answer(session, status, WWW_Authenticate=challenge())
    assert session.phase is Phase.PLAYING
    assert not session.outgoing


def test_forbidden_with_a_password_is_a_refusal_and_without_one_there_is_no_stream():
    session = new_session()
    answer(session)
    with pytest.raises(NoStreamError):
        answer(session, "403 Forbidden")
    session = new_session()
    answer(session)
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    with pytest.raises(CredentialsError):
        answer(session, "403 Forbidden")


def test_a_camera_that_hangs_up_after_asking_gets_the_password_with_the_first_word():
    sign_in = SignIn(WHO)
    first = RtspSession(Address.parse(URL), sign_in)
    answer(first)
    answer(first, "401 Unauthorized", WWW_Authenticate=challenge(), Connection="close")
    assert sign_in.under_way
    second = RtspSession(Address.parse(URL), sign_in)
    method, _, headers = asked(second)
    assert method == "DESCRIBE"
    assert 'nonce="n1"' in headers["Authorization"]
    answer(second, body=SDP)
    assert not sign_in.under_way
    assert sign_in.attempts == 1
    assert asked(second)[0] == "SETUP"


def test_after_hanging_up_a_camera_may_renew_its_nonce_once():
    sign_in = SignIn(WHO)
    answer_to = RtspSession(Address.parse(URL), sign_in)
    answer(answer_to)
    answer(answer_to, "401 Unauthorized", WWW_Authenticate=challenge())
    assert not sign_in.cut_off()
    second = RtspSession(Address.parse(URL), sign_in)
    second.outgoing.clear()
    answer(second, "401 Unauthorized", WWW_Authenticate=challenge("n2"))
    assert 'nonce="n2"' in asked(second)[2]["Authorization"]
    with pytest.raises(CredentialsError):
        answer(second, "401 Unauthorized", WWW_Authenticate=challenge("n3"))


def test_an_answer_that_only_announces_another_is_passed_over():
    session = new_session()
    session.outgoing.clear()
    answer(session, "100 Continue")
    assert not session.outgoing
    answer(session)
    assert asked(session)[0] == "DESCRIBE"


def packet_of(text=b"abc", channel=2):
    content = struct.pack(">BBHII", 0x80, 96, 1, 2, 3) + text
    return b"$" + struct.pack(">BH", channel, len(content)) + content


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


def test_the_password_is_in_no_text():
    secret = Credentials("practice", "hunter2-secret")
    session = new_session(credentials=secret)
    answer(session)
    said = [repr(session), repr(session._sign_in), str(vars(session))]
    answer(session, "401 Unauthorized", WWW_Authenticate=challenge())
    said += [repr(session), repr(session._sign_in), str(vars(session)), bytes(session.outgoing).decode()]
    with pytest.raises(CredentialsError) as refused:
        answer(session, "401 Unauthorized", WWW_Authenticate=challenge("n2"))
    said += [str(refused.value), repr(refused.value)]
    assert not any("hunter2" in text for text in said)


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
