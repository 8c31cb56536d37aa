"""HTTP to one camera, against sockets that do what cameras do."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest

from domain.clock import SystemClock
from domain.errors import CredentialsError, ProtocolError, UnreachableError
from ptz.soap import check_admitted, check_stopped, repaired
from ptz.wire import Answer, Line, reached, stream_reached

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def take(connection: socket.socket) -> None:
    """Receive a whole request; its body is `x`."""
    got = b""
    while not got.endswith(b"\r\n\r\nx"):
        got += connection.recv(65536)


@pytest.fixture
def host() -> Iterator[Callable[[Callable[[socket.socket, int], None]], str]]:
    """Start a listener whose n-th connection is handed to a function; return its address."""
    closers: list[Callable[[], None]] = []

    def start(serve: Callable[[socket.socket, int], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))

        def run() -> None:
            number = 0
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    number += 1
                    with connection, suppress(OSError):
                        serve(connection, number)

        thread = threading.Thread(target=run)
        thread.start()

        def close() -> None:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join(10)

        closers.append(close)
        return f"http://127.0.0.1:{listener.getsockname()[1]}/onvif"

    yield start
    for close in closers:
        close()


def test_a_kept_connection_that_the_camera_closed_is_opened_again(host: Callable[..., str], clock: SystemClock) -> None:
    def serve(connection: socket.socket, number: int) -> None:
        take(connection)
        connection.sendall(GOOD)

    url = host(serve)
    with closing(Line(url, clock)) as line:
        assert [line.post(url, b"x", repeatable=True).content for _ in range(3)] == [b"ok"] * 3


def test_an_answer_that_comes_a_byte_at_a_time_ends_by_the_clock(host: Callable[..., str], clock: SystemClock) -> None:
    over = threading.Event()

    def drip(connection: socket.socket, number: int) -> None:
        take(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not over.wait(0.05):
            connection.sendall(b"X")

    url = host(drip)
    try:
        with closing(Line(url, clock, 0.5)) as line, pytest.raises(UnreachableError, match=r"too long|timed out"):
            line.post(url, b"x")
    finally:
        over.set()


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    ],
)
def test_what_is_no_whole_answer_is_a_protocol_error(host: Callable[..., str], clock: SystemClock, said: bytes) -> None:
    def serve(connection: socket.socket, number: int) -> None:
        take(connection)
        connection.sendall(said)

    url = host(serve)
    with closing(Line(url, clock)) as line, pytest.raises(ProtocolError):
        line.post(url, b"x")


def test_a_hang_up_without_an_answer_is_unreachable(host: Callable[..., str], clock: SystemClock) -> None:
    url = host(lambda connection, number: None)
    with closing(Line(url, clock)) as line, pytest.raises(UnreachableError):
        line.post(url, b"x")


@pytest.mark.parametrize("url", ["", "rtsp://10.0.0.1/", "http://", "http://a:b/", "http://[::1/"])
def test_what_is_no_address_is_refused(clock: SystemClock, url: str) -> None:
    with pytest.raises(ProtocolError):
        Line(url, clock)


def test_an_address_that_a_camera_tells_is_reached_where_the_camera_was() -> None:
    assert reached("http://192.168.0.9/ptz?a=1", "https://gate:8443/onvif") == "https://gate:8443/ptz?a=1"
    with pytest.raises(ProtocolError):
        reached("http://[::1/", "http://gate/")


def test_only_missing_known_prefixes_are_declared_and_only_once() -> None:
    whole = b'<s:Envelope xmlns:s="e" xmlns:tt="t"><s:Body><tt:A/></s:Body></s:Envelope>'
    assert repaired(whole) == whole
    broken = b'<s:Envelope xmlns:s="e"><s:Body><ptz:A><ptz:B/><odd:C/></ptz:A></s:Body></s:Envelope>'
    assert repaired(broken).count(b'xmlns:ptz="http://www.onvif.org/ver20/ptz/wsdl"') == 1


def test_a_stop_counts_only_when_the_camera_says_so() -> None:
    check_stopped(Answer(200, b"<tptz:StopResponse/>", ""))
    for refusal in (Answer(500, b"<Fault>no</Fault>", ""), Answer(200, b"<html>Welcome</html>", "")):
        with pytest.raises(ProtocolError):
            check_stopped(refusal)
    for refusal in (Answer(401, b"", ""), Answer(400, b"<s:Fault>ter:NotAuthorized</s:Fault>", "")):
        with pytest.raises(CredentialsError):
            check_admitted(refusal)


def test_an_address_that_tells_no_path_is_asked_where_the_camera_was_reached() -> None:
    assert reached("", "http://gate:81/onvif/device") == "http://gate:81/onvif/device"


def test_a_stream_keeps_its_port_and_changes_its_host() -> None:
    assert stream_reached("rtsp://10.0.0.9:8554/a?b=1", "https://gate:8443/onvif") == "rtsp://gate:8554/a?b=1"
    assert stream_reached("rtsp://10.0.0.9/a", "http://[fe80::1]:81/onvif") == "rtsp://[fe80::1]:554/a"
    for told in ("", "http://10.0.0.9/a", "rtsp://10.0.0.9:x/a", "rtsp://[::1/a"):
        with pytest.raises(ProtocolError):
            stream_reached(told, "http://gate/onvif")


def test_answers_of_older_cameras_are_read_as_newer_ones() -> None:
    old = b'\xef\xbb\xbf<a:Envelope xmlns:a="http://schemas.xmlsoap.org/soap/envelope/"><a:Body/></a:Envelope>'
    assert repaired(old) == b'<a:Envelope xmlns:a="http://www.w3.org/2003/05/soap-envelope"><a:Body/></a:Envelope>'
