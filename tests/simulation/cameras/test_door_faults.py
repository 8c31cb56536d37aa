"""What the faults do to connections, answers and sign-ins, seen on the wire."""

import base64
import contextlib
import itertools
import re
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.system

H264, H265 = 1, 2
Eventually = Callable[..., Any]


@pytest.fixture(scope="module")
def played() -> list[dict[str, Any]]:
    return [
        {"no": H264, "name": "만안구청 앞", "scene": 7},
        {"no": H265, "name": "안양역 광장", "scene": 4, "codec": "h265"},
    ]


def test_answers_come_whose_length_makes_no_sense(cameras) -> None:
    cameras.begin(H264, "nonsense_answers")
    said = []
    for _ in range(4):
        with socket.create_connection(("127.0.0.1", urlsplit(cameras.url(H264, "sub")).port), 5) as connection:
            connection.sendall(f"OPTIONS {cameras.url(H264, 'sub')} RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode())
            answer = connection.recv(2000).decode()
        assert answer.startswith("RTSP/1.0 200")
        said.append(re.search(r"Content-Length: (\S+)", answer)[1])
    assert set(said) == {"-1", "99999999999", "many", "7"}


def test_a_web_server_can_sit_on_the_port(cameras, eventually: Eventually) -> None:
    talk, other = cameras.talk(H264), cameras.talk(H265)
    talk.play()
    other.play()
    cameras.begin(H264, "http_server")
    with pytest.raises((EOFError, ConnectionError)):
        talk.pictures(100)
    for words in (b"OPTIONS rtsp://127.0.0.1/camera/1/sub RTSP/1.0\r\nCSeq: 1\r\n\r\n", b"anything\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", urlsplit(cameras.url(H264, "sub")).port), 5) as connection:
            connection.sendall(words)
            answer = b"".join(iter(lambda: connection.recv(2000), b""))
        assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        head, _, body = answer.partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}".encode() in head
    assert other.pictures(5)


def test_three_wrong_passwords_lock_the_right_one_out(cameras) -> None:
    cameras.begin(H264, "locks_out")
    before = cameras.state(H264)["wrong_sign_ins"]
    for _ in range(3):
        assert not cameras.state(H264)["locked"]
        assert cameras.talk(H264, password="wrong").authorised("DESCRIBE").status == 401
    assert cameras.state(H264)["wrong_sign_ins"] == before + 3
    assert cameras.state(H264)["locked"]
    assert cameras.talk(H264).authorised("DESCRIBE").status == 401
    assert cameras.talk(H265).authorised("DESCRIBE").status == 200
    cameras.clear()
    assert not cameras.state(H264)["locked"]
    assert cameras.talk(H264).authorised("DESCRIBE").status == 200


def test_asking_without_a_password_is_no_wrong_sign_in(cameras) -> None:
    before = cameras.state(H264)["wrong_sign_ins"]
    assert cameras.talk(H264).ask("DESCRIBE").status == 401
    assert cameras.talk(H264).authorised("DESCRIBE").status == 200
    assert cameras.state(H264)["wrong_sign_ins"] == before


def test_a_camera_can_want_the_password_unencrypted(cameras) -> None:
    cameras.begin(H264, "basic_only")
    refused = cameras.talk(H264).ask("DESCRIBE")
    assert (refused.status, refused.headers["www-authenticate"].split()[0]) == (401, "Basic")
    for password, status in (("a secret of the tests", 200), ("another", 401)):
        said = base64.b64encode(f"practice:{password}".encode()).decode()
        assert cameras.talk(H264).ask("DESCRIBE", authorization=f"Basic {said}").status == status
    with cameras.open(H264, "sub") as container:
        assert len(list(itertools.islice(container.decode(video=0), 2))) == 2


@pytest.mark.parametrize(("fault", "works", "fails"), [("udp_only", "udp", "tcp"), ("tcp_only", "tcp", "udp")])
def test_a_camera_can_have_one_way_only(cameras, fault: str, works: str, fails: str) -> None:
    cameras.begin(H264, fault)
    ways = {"tcp": "RTP/AVP/TCP;unicast;interleaved=0-1", "udp": "RTP/AVP;unicast;client_port=40000-40001"}
    for way, status in ((works, 200), (fails, 461)):
        talk = cameras.talk(H264)
        assert talk.authorised("DESCRIBE").status == 200
        assert talk.ask("SETUP", f"{talk.url}/trackID=0", Transport=ways[way]).status == status


def connected(port: int, within_s: float) -> bool:
    with contextlib.suppress(TimeoutError), socket.create_connection(("127.0.0.1", port), within_s):
        return True
    return False


def test_a_black_holed_camera_answers_no_connect_and_comes_back(cameras, eventually: Eventually) -> None:
    port = urlsplit(cameras.url(H264, "sub")).port
    talk, other = cameras.talk(H264), cameras.talk(H265)
    talk.play()
    other.play()
    talk.pictures(2)
    before = cameras.state(H264)["connections"]
    cameras.begin(H264, "black_holed")
    assert not connected(port, 0.7)
    talk.within(0.5)
    with pytest.raises(TimeoutError):
        talk.pictures(100)
    assert other.pictures(20)
    waiting = socket.socket()
    with waiting:
        waiting.settimeout(10)
        waiting.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            waiting.connect(("127.0.0.1", port))
        cameras.clear()
        eventually(lambda: connected(port, 0.5))
        waiting.setblocking(True)
        waiting.settimeout(10)
        eventually(lambda: waiting.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0 and peer(waiting))
    cameras.talk(H264).play()
    assert cameras.state(H264)["connections"] >= before + 2


def peer(connection: socket.socket) -> bool:
    try:
        return bool(connection.getpeername())
    except OSError:
        return False


def test_a_black_hole_ends_after_its_time_and_can_begin_again(cameras, eventually: Eventually) -> None:
    port = urlsplit(cameras.url(H264, "sub")).port
    for _ in range(2):
        cameras.begin(H264, "black_holed", for_s=1.0)
        assert not connected(port, 0.3)
        eventually(lambda: connected(port, 0.2))
    talk = cameras.talk(H264)
    talk.play()
    assert talk.pictures(2)
