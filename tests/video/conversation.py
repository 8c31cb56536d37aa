"""The camera's part of an RTSP conversation without a socket."""

import struct

from domain.camera import Credentials, Transport
from video.digest import SignIn
from video.rtsp import RtspSession
from video.rtsp_message import Address

URL = "rtsp://10.0.0.9:554/live"
SDP = "v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n"
WHO = Credentials("practice", "secret")


def new_session(*, credentials=WHO, basic_allowed=False, **more):
    return RtspSession(Address.parse(URL), SignIn(credentials, basic_allowed=basic_allowed), **more)


def over_udp(**more):
    ports = iter((5000, 5002))
    return new_session(transport=Transport.UDP, client_port=lambda: next(ports), **more)


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


def described(session, body=SDP, **headers):
    """Bring a session to its SETUP and return that request."""
    answer(session)
    session.outgoing.clear()
    answer(session, body=body, **headers)
    return asked(session)


def play(session):
    answer(session, Public="OPTIONS, GET_PARAMETER")
    answer(session, body=SDP, Content_Base=URL + "/")
    answer(session, Session="42;timeout=20", Transport="RTP/AVP/TCP;interleaved=2-3")
    session.outgoing.clear()
    answer(session)


def packet_of(text=b"abc", channel=2):
    content = struct.pack(">BBHII", 0x80, 96, 1, 2, 3) + text
    return b"$" + struct.pack(">BH", channel, len(content)) + content
