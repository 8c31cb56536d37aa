"""Discovery against a responder of our own: real datagrams, by multicast and by address, well and badly answered."""

import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from domain.clock import SystemClock
from domain.errors import BadInputError, ProtocolError
from ptz.discovery import GROUP, PORT, _Search, _targets, discover
from ptz.probe_match import Found, found_in, probe

SCOPES = (
    "onvif://www.onvif.org/type/ptz onvif://www.onvif.org/name/%EA%B4%80%EC%A0%9C%20A "
    "onvif://www.onvif.org/hardware/PTZ-8x onvif://www.onvif.org/location/city/anyang onvif://elsewhere/name/x"
)
_IP_RECVTTL = 12  # linux/in.h; Python has no name for it
Answer = Callable[[str], list[bytes]]


def answer_to(
    question: str,
    *,
    endpoint: str = "urn:uuid:11111111-2222",
    xaddrs: str = "http://127.0.0.1:8080/onvif/device_service",
) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">'
        f"<s:Header><a:RelatesTo>{question}</a:RelatesTo></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch>"
        f"<a:EndpointReference><a:Address>{endpoint}</a:Address></a:EndpointReference>"
        f"<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>{SCOPES}</d:Scopes><d:XAddrs>{xaddrs}</d:XAddrs>"
        "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
    ).encode()


class Responder:
    """Answers each question as it is told to; remembers what was asked, by whom and in which way."""

    def __init__(self, answers: Answer, *, multicast: bool = False) -> None:
        self.asked: list[bytes] = []
        self.ttls: set[int] = set()
        self._answers = answers
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        if multicast:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((GROUP, PORT))
            membership = socket.inet_aton(GROUP) + socket.inet_aton("127.0.0.1")
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
            self._socket.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
        else:
            self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._out.bind(("127.0.0.1", 0))
        self._ending = threading.Event()
        self._socket.settimeout(0.05)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def where(self) -> str:
        return f"127.0.0.1:{self.port}"

    def close(self) -> None:
        self._ending.set()
        self._thread.join()
        self._socket.close()
        self._out.close()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                question, ancillary, _, sender = self._socket.recvmsg(65536, 64)
            except TimeoutError:
                continue
            self.asked.append(question)
            self.ttls |= {struct.unpack("i", octets)[0] for _, kind, octets in ancillary if kind == socket.IP_TTL}
            found = re.search(rb"MessageID>([^<]+)<", question)
            assert found
            for answer in self._answers(found[1].decode()):
                self._out.sendto(answer, sender)


def search(responder: Responder) -> tuple[Found, ...]:
    return discover((), 0.6, [responder.where], clock=SystemClock())


@pytest.fixture
def responder(request: pytest.FixtureRequest) -> Iterator[Responder]:
    with closing(Responder(request.param)) as answering:
        yield answering


def test_a_camera_answers_on_the_chosen_interface_and_no_further() -> None:
    with closing(Responder(lambda question: [answer_to(question)], multicast=True)) as camera:
        found = discover(["127.0.0.1"], 0.8, clock=SystemClock())
    ours = [one for one in found if one.endpoint == "urn:uuid:11111111-2222"]
    assert [one.sender for one in ours] == ["127.0.0.1"]
    assert len(camera.asked) >= 4  # two kinds, each asked twice
    assert camera.ttls == {1}


@pytest.mark.parametrize("responder", [lambda question: [answer_to(question)] * 3], indirect=True)
def test_a_camera_that_is_asked_by_its_address_is_found_once(responder: Responder) -> None:
    assert search(responder) == (
        Found(
            endpoint="urn:uuid:11111111-2222",
            sender="127.0.0.1",
            address="http://127.0.0.1:8080/onvif/device_service",
            told=("http://127.0.0.1:8080/onvif/device_service",),
            name="관제 A",
            hardware="PTZ-8x",
            location="city/anyang",
        ),
    )
    kinds = {kind for question in responder.asked for kind in re.findall(rb"Types>([^<]+)<", question)}
    assert kinds == {b"dn:NetworkVideoTransmitter", b"tds:Device"}
    assert not any(b"Security" in question for question in responder.asked)


def _nonsense(question: str) -> list[bytes]:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + answer_to(question, endpoint="urn:uuid:bomb")
    elsewhere = answer_to("urn:uuid:99999999-9999-9999-9999-999999999999", endpoint="urn:uuid:elsewhere")
    return [b"", b"\xff\x00" * 500, b"<a>", b"x" * 65_000, bomb, elsewhere, answer_to(question)]


@pytest.mark.parametrize("responder", [_nonsense], indirect=True)
def test_nonsense_hides_nobody(responder: Responder) -> None:
    assert [one.endpoint for one in search(responder)] == ["urn:uuid:11111111-2222"]
    assert responder.asked


def test_a_subnet_is_asked_address_by_address() -> None:
    assert list(_targets("127.8.7.0/29")) == [(f"127.8.7.{host}", PORT) for host in range(1, 7)]
    found = discover((), 0.1, ["127.8.7.0/29"], clock=SystemClock())
    assert all(one.sender.startswith("127.") for one in found)  # a practice city beside us may answer


@pytest.mark.parametrize(
    ("interfaces", "unicast", "said"),
    [
        ((), (), "no interface and no address"),
        (("203.0.113.9",), (), "203.0.113.9 is no address of this workstation"),
        (("eth0",), (), "not an IPv4 address of an interface: 'eth0'"),
        ((), ("camera.local",), "not an IPv4 address or subnet: 'camera.local'"),
        ((), ("10.0.0.1:0",), "not an IPv4 address or subnet"),
        ((), ("10.0.0.0/16",), "has 65536 addresses; 1024 at most"),
        ((), ("10.0.0.0/22", "10.0.4.0/22"), "2044 addresses are too many"),
    ],
)
def test_what_can_not_be_asked_is_refused(interfaces: tuple[str, ...], unicast: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInputError, match=re.escape(said)):
        discover(interfaces, 0.1, unicast, clock=SystemClock())


ID = "0f0e0d0c-0b0a-0908-0706-050403020100"


def told(xaddrs: str, sender: str = "10.1.2.3") -> Found:
    (found,) = found_in(answer_to(f"urn:uuid:{ID.upper()}", xaddrs=xaddrs), sender, {ID})
    return found


@pytest.mark.parametrize(
    ("xaddrs", "address", "mismatch"),
    [
        ("http://[fe80::1]/d http://10.1.2.3/d", "http://10.1.2.3/d", False),
        ("http://203.0.113.7:8000/d?x=1", "http://10.1.2.3:8000/d?x=1", True),
        ("https://localhost", "https://10.1.2.3/onvif/device_service", True),
        ("", "http://10.1.2.3/onvif/device_service", False),
        (
            "ftp://10.1.2.3/ http://a:b@10.1.2.3/ http://10.1.2.3:99999/ http://[",
            "http://10.1.2.3/onvif/device_service",
            False,
        ),
    ],
)
def test_a_camera_is_reached_where_its_answer_came_from(xaddrs: str, address: str, mismatch: bool) -> None:
    found = told(xaddrs)
    assert (found.address, found.mismatch) == (address, mismatch)


def test_undeclared_prefixes_are_read() -> None:
    bare = re.sub(rb' xmlns:[ad]="[^"]*"', b"", answer_to(ID))
    assert b"xmlns:d" not in bare
    assert [one.name for one in found_in(bare, "10.1.2.3", {ID})] == ["관제 A"]


def test_an_answer_without_a_name_is_told_apart_by_its_place() -> None:
    (found,) = found_in(answer_to(ID, endpoint=""), "10.1.2.3", {ID})
    assert found.endpoint == "10.1.2.3 http://10.1.2.3:8080/onvif/device_service"


def test_an_answer_that_names_no_question_is_taken() -> None:
    unrelated = re.sub(rb"<a:RelatesTo>.*</a:RelatesTo>", b"", answer_to(ID))
    assert len(found_in(unrelated, "10.1.2.3", set())) == 1


@pytest.mark.parametrize(
    "content", [b"", b"nothing", b"\x00" * 100, answer_to("another"), b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"]
)
def test_what_is_no_answer_is_refused(content: bytes) -> None:
    with pytest.raises(ProtocolError):
        found_in(content, "10.1.2.3", {ID})


def test_a_document_type_in_another_encoding_is_refused() -> None:
    bomb = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")
    with pytest.raises(ProtocolError, match="document type"):
        found_in(bomb, "10.1.2.3", {ID})


def test_texts_have_an_end_and_no_hidden_letters() -> None:
    long = answer_to(ID).replace(b"PTZ-8x", b"A%00%1b" + b"B" * 5000).replace(b"http://127.0.0.1", b"http://h/ " * 90)
    (found,) = found_in(long, "10.1.2.3", {ID})
    assert found.hardware.startswith("AB")
    assert len(found.hardware) <= 256
    assert len(found.told) <= 16


def test_two_hosts_that_say_they_are_one_device_are_both_named(clock: SystemClock) -> None:
    searching = _Search(clock)
    for sender in ("10.1.2.4", "10.1.2.3", "10.1.2.3", "10.1.2.4"):
        for found in found_in(answer_to(ID), sender, {ID}):
            searching._keep(found)
    (kept,) = searching.found()
    assert (kept.sender, kept.also_from) == ("10.1.2.4", ("10.1.2.3",))


def test_a_question_is_well_formed_and_unsigned() -> None:
    assert b"urn:uuid:" + ID.encode() in probe(ID, "tds:Device")
    assert found_in(probe(ID, "tds:Device"), "10.1.2.3", {ID}) == ()
