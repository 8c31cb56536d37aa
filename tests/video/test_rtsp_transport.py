"""Which transport an RTSP conversation comes to."""

import pytest

from domain.camera import Transport
from tests.video.conversation import answer, asked, described, new_session, over_udp
from video.rtsp import NoStreamError, Phase


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
