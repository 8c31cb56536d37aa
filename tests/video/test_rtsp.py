"""How a stream is set up, found and kept in an RTSP conversation, without a socket."""

import struct

import pytest

from domain.errors import ProtocolError
from tests.video.conversation import SDP, URL, answer, asked, challenge, described, new_session, play
from video.rtsp import NoStreamError, Phase
from video.rtsp_message import Address


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


@pytest.mark.parametrize("url", ["", "http://a/b", "rtsp://", "rtsp://a:99999/", "rtsp://a/b c", "rtsp://a/\r\nX: y"])
def test_only_rtsp_addresses_are_taken(url):
    with pytest.raises(ProtocolError):
        Address.parse(url)


def test_credentials_inside_an_address_are_left_out():
    address = Address.parse("rtsp://user:word@10.0.0.9/live")
    assert address == Address("10.0.0.9", 554, "rtsp://10.0.0.9/live")


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


def test_an_answer_that_only_announces_another_is_passed_over():
    session = new_session()
    session.outgoing.clear()
    answer(session, "100 Continue")
    assert not session.outgoing
    answer(session)
    assert asked(session)[0] == "DESCRIBE"
