"""One camera's connection, over real sockets; time is the test's own, so that ten minutes take a second."""

import itertools
import socket
import struct

import pytest

from domain.camera import Credentials, Transport
from domain.picture import LossReason
from tests.video.link_desk import WHO, Desk
from video.wire import Ask, SignedIn

SDP = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n"


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.close()
    assert desk.watched == 0


def picture(number=0, *, kind=b"\x65", later_s=0.0):
    """Return a packet that is a whole picture; one is sent every 100 ms."""
    return struct.pack(">BBHII", 0x80, 0xE0, number, number * 9000 + int(later_s * 90_000), 7) + kind + b"coded"


def framed(packet):
    return b"$" + struct.pack(">BH", 0, len(packet)) + packet


class Script:
    """What a well camera answers, with what a test changes; `pictures` follow the answer to PLAY."""

    def __init__(self, camera, *, pictures=1):
        self.camera = camera
        self.pictures = pictures
        self.wants_password = False
        self.transport = "RTP/AVP/TCP;unicast;interleaved=0-1"
        camera.answer = self

    def __call__(self, request):
        method = request.split(" ")[0]
        if method == "DESCRIBE" and self.wants_password and "Authorization:" not in request:
            return self.say(request, "401 Unauthorized", 'WWW-Authenticate: Digest realm="cam", nonce="n1"')
        if method == "DESCRIBE":
            return self.say(request, "200 OK", body=SDP)
        if method == "SETUP":
            return self.say(request, "200 OK", "Session: 5;timeout=20", f"Transport: {self.transport}")
        after = b"".join(framed(picture(number)) for number in range(self.pictures)) if method == "PLAY" else b""
        return self.say(request, "200 OK", "Public: OPTIONS, GET_PARAMETER") + after

    def say(self, request, status, *headers, body=""):
        (number,) = (line for line in request.split("\r\n") if line.startswith("CSeq"))
        lines = [f"RTSP/1.0 {status}", number, *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def hang_up(self, last=b""):
        """End this connection, after saying something."""
        if last:
            self.camera._open[-1].sendall(last)
        raise ConnectionError


@pytest.fixture
def script(scripted):
    return Script(scripted)


def requests(camera):
    return [request.split(" ")[0] for request in list(camera.requests)]


def test_a_well_camera_is_live_and_reminded(desk, script):
    desk.connect(script.camera.url)
    desk.until(lambda: desk.newest.live)
    assert desk.link.counts().sessions == 1
    for number in range(1, 120):
        script.camera._open[-1].sendall(framed(picture(number)))
        desk.turn()
    assert desk.newest.live
    assert requests(script.camera) == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER"]


def test_a_silent_camera_is_lost_after_four_seconds_and_asked_again(desk, script):
    desk.connect(script.camera.url)
    desk.until(lambda: desk.newest.live)
    since = desk.now
    desk.until(lambda: not desk.newest.live)
    assert 3.9 < desk.now - since < 4.3
    assert desk.reason == LossReason.NO_SIGNAL
    desk.until(lambda: desk.newest.live)
    assert desk.now - since < 5.0
    assert desk.link.counts().sessions == 2


def test_packets_that_make_no_picture_end_the_session_within_five_seconds(desk, script):
    desk.connect(script.camera.url)
    desk.until(lambda: desk.newest.live)
    for number in range(1, 40):
        script.camera._open[-1].sendall(framed(picture(number)))
        desk.turn()
    changed = desk.now
    while desk.newest.live:
        number += 1
        script.camera._open[-1].sendall(framed(picture(number, kind=b"\x00")))  # no NAL unit of H.264
        desk.turn()
        assert desk.now - changed < 5.0
    assert desk.reason == LossReason.NOT_UNDERSTOOD
    desk.until(lambda: desk.newest.live)
    assert requests(script.camera).count("DESCRIBE") == 2
    assert desk.now - changed < 5.5


def test_a_worker_that_stood_still_reads_before_it_judges(desk, script):
    desk.connect(script.camera.url)
    desk.until(lambda: desk.newest.live)
    script.camera._open[-1].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    script.camera._open[-1].sendall(framed(picture(1, later_s=30.0)))
    desk.turn(30.0, wait_s=0.2)
    desk.turn()
    assert desk.newest.live
    assert desk.link.counts().sessions == 1


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n", b"HTTP/1.0 404 N", b"220 x\r\n"]
)
def test_a_server_of_another_kind_is_not_understood_at_once(desk, script, said):
    script.camera.answer = lambda _: said
    desk.connect(script.camera.url)
    began = desk.now
    desk.until(lambda: desk.reason is not None)
    assert desk.reason == LossReason.NOT_UNDERSTOOD
    assert desk.now - began < 1.0


class Refusing:
    """Counts connections, and closes each at once."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.setblocking(False)
        self.url = f"rtsp://127.0.0.1:{self._listener.getsockname()[1]}/x"

    def tries(self):
        found = 0
        while True:
            try:
                self._listener.accept()[0].close()
            except BlockingIOError:
                return found
            found += 1

    def close(self):
        self._listener.close()


@pytest.fixture
def refusing():
    camera = Refusing()
    yield camera
    camera.close()


def moments(desk, camera, seconds):
    """Return when tries began during so many seconds."""
    found, end = [], desk.now + seconds
    while desk.now < end:
        desk.turn(wait_s=0)
        found += [desk.now] * camera.tries()
    return found


def test_a_dead_camera_is_tried_every_two_seconds_for_ten_minutes_then_every_ten(desk, refusing):
    desk.connect(refusing.url)
    lost = desk.newest.since
    desk.now = lost
    found = moments(desk, refusing, 900.0)
    first = [moment for moment in found if moment < lost + 600]
    gaps = [after - before for before, after in itertools.pairwise(first)]
    assert len(first) >= 300
    assert max(gaps) <= 2.0
    assert len({round(gap, 1) for gap in gaps}) > 3
    late = [moment for moment in found if moment > lost + 613]
    gaps = [after - before for before, after in itertools.pairwise(late)]
    assert 8.8 < min(gaps) < max(gaps) < 11.3
    desk.link.retry(WHO, desk.now)
    gaps = moments(desk, refusing, 30.0)
    assert len(gaps) >= 15


def test_a_name_that_leads_nowhere_is_no_answer(desk):
    desk.connect("rtsp://no-such-camera.invalid/live")
    desk.until(lambda: desk.reason == LossReason.NO_ANSWER)


def test_a_wrong_password_is_tried_once_and_then_nothing_until_a_person_retries(desk, script):
    script.camera.answer = lambda request: script.say(
        request, "401 Unauthorized", 'WWW-Authenticate: Digest realm="cam", nonce="n1"'
    )
    desk.connect(script.camera.url)
    desk.until(lambda: desk.reason == LossReason.WRONG_PASSWORD)
    for _ in range(300):
        desk.turn(10.0, wait_s=0)
    assert len(script.camera.with_password()) == 1
    script.camera.answer = script
    desk.sign_ins.forget(1)
    desk.link.retry(WHO, desk.now)
    desk.until(lambda: desk.newest.live)


def test_a_camera_that_hangs_up_after_each_401_is_signed_in_to(desk, script):
    script.wants_password = True

    def answer(request):
        said = script(request)
        return script.hang_up(said) if b"401" in said else said

    script.camera.answer = answer
    desk.connect(script.camera.url)
    desk.until(lambda: desk.newest.live)
    assert script.camera.connections == 2
    assert len([request for request in script.camera.with_password() if request.startswith("DESCRIBE")]) <= 2


def test_a_camera_that_hangs_up_on_a_password_is_left_alone_after_two(desk, script):
    script.wants_password = True
    script.camera.answer = lambda request: script.hang_up() if "Authorization:" in request else script(request)
    desk.connect(script.camera.url)
    desk.until(lambda: desk.reason == LossReason.WRONG_PASSWORD)
    for _ in range(100):
        desk.turn(10.0, wait_s=0)
    assert len(script.camera.with_password()) == 2


def test_a_camera_that_thinks_about_a_password_is_waited_for(desk, script):
    script.camera.answer = lambda request: (
        None
        if "Authorization:" in request
        else script.say(request, "401 Unauthorized", 'WWW-Authenticate: Digest realm="cam", nonce="n1"')
    )
    desk.connect(script.camera.url)
    desk.until(lambda: len(script.camera.with_password()) == 1)
    for _ in range(70):
        desk.turn()
    assert len(script.camera.with_password()) == 1
    assert desk.reason is None


def test_a_password_is_not_sent_before_it_may_be_and_the_session_waits_for_that(desk, script):
    script.wants_password, desk.permits = True, False
    desk.connect(script.camera.url)
    desk.until(lambda: Ask(1) in desk.said)
    for _ in range(200):
        desk.turn()
    assert script.camera.with_password() == []
    desk.sign_ins.permit(1)
    desk.until(lambda: desk.newest.live)
    assert script.camera.connections == 1
    assert [said.taken for said in desk.said if isinstance(said, SignedIn)] == [True]


def test_a_camera_that_hangs_up_while_the_password_may_not_be_sent_gets_it_with_the_first_word(desk, script):
    script.wants_password, desk.permits = True, False

    def answer(request):
        said = script(request)
        return script.hang_up(said) if b"401" in said else said

    script.camera.answer = answer
    desk.connect(script.camera.url)
    for _ in range(100):
        desk.turn()
    assert script.camera.with_password() == []
    assert script.camera.connections == 1
    desk.sign_ins.permit(1)
    desk.until(lambda: desk.newest.live)
    assert script.camera.connections == 2


def test_what_another_connection_was_refused_is_not_sent(desk, script):
    script.wants_password, desk.permits = True, False
    desk.connect(script.camera.url)
    desk.until(lambda: Ask(1) in desk.said)
    desk.sign_ins.hold(1)
    desk.until(lambda: desk.reason == LossReason.WRONG_PASSWORD)
    for _ in range(100):
        desk.turn(10.0, wait_s=0)
    assert script.camera.with_password() == []
    desk.permits = True
    desk.sign_ins.reopen(1)
    desk.until(lambda: desk.newest.live)


@pytest.mark.parametrize("nonsense", [b"RTSP/1.0 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"\x00\x01\x02\x03"])
def test_nonsense_in_answer_to_a_password_counts_and_it_is_left_alone_after_two(desk, script, nonsense):
    script.wants_password = True
    script.camera.answer = lambda request: nonsense if "Authorization:" in request else script(request)
    desk.connect(script.camera.url)
    desk.until(lambda: desk.reason == LossReason.WRONG_PASSWORD)
    for _ in range(100):
        desk.turn(10.0, wait_s=0)
    assert len(script.camera.with_password()) == 2


def test_what_nobody_expected_in_answer_to_a_password_counts_as_well(desk, script):
    script.wants_password = True
    script.camera.answer = lambda request: None if "Authorization:" in request else script(request)
    desk.connect(script.camera.url)
    for times in (1, 2):
        desk.until(lambda times=times: len(script.camera.with_password()) == times)
        desk.link.give_up(desk.now)
    desk.until(lambda: desk.reason == LossReason.WRONG_PASSWORD)
    for _ in range(100):
        desk.turn(10.0, wait_s=0)
    assert len(script.camera.with_password()) == 2


def test_who_wants_it_again_while_a_password_is_unanswered_means_the_try_under_way(desk, script):
    script.wants_password = True
    script.camera.answer = lambda request: None if "Authorization:" in request else script(request)
    desk.connect(script.camera.url)
    desk.until(lambda: len(script.camera.with_password()) == 1)
    for _ in range(5):
        desk.sign_ins.forget(1)
        desk.link.retry(WHO, desk.now)
        for _ in range(10):
            desk.turn()
    assert len(script.camera.with_password()) == 1
    desk.sign_ins.forget(1)
    desk.link.retry(Credentials("practice", "another"), desk.now)
    desk.until(lambda: len(script.camera.with_password()) == 2)


def test_a_password_that_was_changed_at_a_live_camera_is_sent_once(desk, script):
    script.wants_password = True
    desk.connect(script.camera.url)
    desk.until(lambda: desk.newest.live)
    before = len(script.camera.with_password())
    script.camera.answer = lambda request: script.say(
        request, "401 Unauthorized", 'WWW-Authenticate: Digest realm="cam", nonce="n1"'
    )
    desk.until(lambda: desk.reason == LossReason.WRONG_PASSWORD)
    for _ in range(100):
        desk.turn(10.0, wait_s=0)
    assert len(script.camera.with_password()) == before + 1


def test_reminders_that_are_refused_do_not_carry_the_password_again_and_again(desk, script):
    script.wants_password, nonces = True, itertools.count(2)

    def answer(request):
        if request.startswith(("GET_PARAMETER", "OPTIONS")) and "Session:" in request:
            fresh = f'WWW-Authenticate: Digest realm="cam", nonce="n{next(nonces)}"'
            return script.say(request, "401 Unauthorized", fresh)
        return script(request)

    script.camera.answer = answer
    desk.connect(script.camera.url)
    desk.until(lambda: desk.newest.live)
    before = len(script.camera.with_password())
    for number in range(1, 600):
        script.camera._open[-1].sendall(framed(picture(number)))
        desk.turn()
    assert desk.newest.live
    reminders = [request for request in script.camera.requests if request.startswith(("GET_PARAMETER", "OPTIONS"))]
    assert len(reminders) > 5
    assert len(script.camera.with_password()) - before <= 2


def test_a_camera_that_thinks_for_long_gets_its_time_now_and_then(desk, script):
    script.camera.answer = lambda _: None
    desk.connect(script.camera.url)
    began = desk.now
    desk.until(lambda: script.camera.connections == 8)
    assert desk.now - began < 16.5
    eighth = desk.now
    desk.until(lambda: script.camera.connections == 9)
    assert 4.9 < desk.now - eighth < 5.6


class UdpScript(Script):
    """A camera that sends datagrams when it plays."""

    def __init__(self, camera):
        super().__init__(camera, pictures=0)
        self.media = socket.socket(type=socket.SOCK_DGRAM)
        self.media.bind(("127.0.0.1", 0))
        self.to = None

    def __call__(self, request):
        if request.startswith("SETUP") and "client_port=" in request:
            self.to = int(request.partition("client_port=")[2].partition("-")[0])
            port = self.media.getsockname()[1]
            self.transport = f"RTP/AVP;unicast;client_port={self.to}-{self.to + 1};server_port={port}-{port + 1}"
        if request.startswith("PLAY"):
            self.send(0)
        return super().__call__(request)

    def send(self, number):
        self.media.sendto(picture(number), ("127.0.0.1", self.to))


@pytest.fixture
def udp_script(scripted):
    script = UdpScript(scripted)
    yield script
    script.media.close()


def test_datagrams_are_taken_the_first_too(desk, udp_script):
    desk.connect(udp_script.camera.url, transport=Transport.UDP)
    desk.until(lambda: desk.newest.live)
    for number in (2, 1, 3):
        udp_script.send(number)
    desk.turn()
    desk.turn()
    assert desk.link.counts().sent == 4
    assert desk.link.counts().lost_packets == 0
    assert desk.watched == 3


def test_datagrams_that_stop_are_no_signal(desk, udp_script):
    desk.connect(udp_script.camera.url, transport=Transport.UDP)
    desk.until(lambda: desk.newest.live)
    udp_script.camera.answer = lambda _: None
    desk.until(lambda: not desk.newest.live)
    assert desk.reason == LossReason.NO_SIGNAL
    assert desk.watched == 0


def test_a_camera_without_datagrams_is_taken_over_its_connection(desk, script):
    def answer(request):
        if "client_port=" in request:
            return script.say(request, "461 Unsupported Transport")
        return script(request)

    script.camera.answer = answer
    desk.connect(script.camera.url, transport=Transport.UDP)
    desk.until(lambda: desk.newest.live)
    assert desk.watched == 1


def test_the_ring_is_told_that_a_session_is_over(desk, script):
    class Kept:
        def __init__(self):
            self.units, self.ended = 0, 0

        def write(self, unit, arrived_at_unix, camera_at):
            self.units += 1

        def end(self):
            self.ended += 1

    kept = Kept()
    desk.connect(script.camera.url, open_ring=lambda track: kept)
    desk.until(lambda: desk.newest.live)
    assert (kept.units, kept.ended) == (1, 0)
    desk.until(lambda: not desk.newest.live)
    assert kept.ended == 1
