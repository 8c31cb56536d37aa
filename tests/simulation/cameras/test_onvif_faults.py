"""The faults of a device's ONVIF side, each seen on the wire."""

import http.client
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

pytestmark = pytest.mark.system

NO, OTHER = 1, 2
ASK = '<GetStatus xmlns="http://www.onvif.org/ver20/ptz/wsdl"><ProfileToken>main</ProfileToken></GetStatus>'
TIME = '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>'
FLAGS = "<ProfileToken>main</ProfileToken><PanTilt>true</PanTilt><Zoom>true</Zoom>"
Eventually = Callable[..., Any]


@pytest.fixture(scope="module")
def played() -> list[dict[str, Any]]:
    return [
        {"no": NO, "name": "중앙공원", "kind": "ptz", "onvif": "full"},
        {"no": OTHER, "name": "시청", "kind": "ptz"},
    ]


@pytest.fixture
def device(onvif, cameras, eventually: Eventually) -> Any:
    device = onvif(NO)
    device.soap.ask("Stop", FLAGS)
    eventually(lambda: not device.soap.moving())
    return device


def fired(cameras, fault: str) -> int:
    return cameras.fired(NO).get(fault, 0)


def test_a_stop_without_both_flags_can_be_ignored(cameras, device, eventually: Eventually) -> None:
    cameras.begin(NO, "stop_needs_flags")
    device.soap.move(pan=0.05)
    assert device.soap.stop() == 200
    assert device.soap.moving()
    assert device.soap.ask("Stop", FLAGS)[0] == 200
    eventually(lambda: not device.soap.moving())
    assert fired(cameras, "stop_needs_flags") == 1


def test_the_first_stops_can_be_ignored(cameras, device, eventually: Eventually) -> None:
    cameras.begin(NO, "ignores_first_stops", count=2)
    device.soap.move(pan=-0.05)
    for _ in range(2):
        device.soap.ask("Stop", FLAGS)
        assert device.soap.moving()
    device.soap.ask("Stop", FLAGS)
    eventually(lambda: not device.soap.moving())
    assert fired(cameras, "ignores_first_stops") == 2


def test_a_zero_move_can_stop_nothing(cameras, device) -> None:
    cameras.begin(NO, "zero_move_ignored")
    device.soap.move(pan=0.05)
    device.soap.move()
    assert device.soap.moving()
    assert fired(cameras, "zero_move_ignored") == 1


def test_a_head_can_turn_on_after_a_stop(cameras, device, eventually: Eventually) -> None:
    cameras.begin(NO, "moves_on_after_stop", late_s=0.5)
    device.soap.move(pan=0.05)
    device.soap.stop()
    assert device.soap.moving()
    eventually(lambda: not device.soap.moving())
    assert fired(cameras, "moves_on_after_stop")


def test_a_stop_can_overtake_a_move_that_is_in_flight(cameras, device, eventually: Eventually) -> None:
    cameras.begin(NO, "late_moves", late_s=0.6)
    with ThreadPoolExecutor(1) as pool:
        move = pool.submit(device.soap.move, pan=0.05)
        eventually(lambda: cameras.get(f"/ptz/{NO}/log")[-1]["operation"] == "ContinuousMove")
        assert device.soap.stop() == 200
        assert not move.done()
        assert move.result() == 200
    assert device.soap.moving()
    assert fired(cameras, "late_moves")


def test_a_move_can_be_refused_while_the_head_moves_or_another_is_in_flight(cameras, device, eventually) -> None:
    cameras.begin(NO, "refuses_moves_while_moving")
    assert device.soap.move(pan=0.05) == 200
    assert device.soap.move(pan=0.05) == 500
    device.soap.stop()
    eventually(lambda: not device.soap.moving())
    cameras.clear()
    cameras.begin(NO, "refuses_moves_in_flight", late_s=0.6)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(device.soap.move, pan=0.05)
        eventually(lambda: cameras.get(f"/ptz/{NO}/log")[-1]["operation"] == "ContinuousMove")
        assert device.soap.move(pan=0.05) == 500
        assert first.result() == 200


def test_commands_can_be_carried_out_one_after_the_other(cameras, device) -> None:
    cameras.begin(NO, "slow_in_turn", takes_s=0.3)
    began = time.monotonic()
    with ThreadPoolExecutor(3) as pool:
        assert [one.result() for one in [pool.submit(device.soap.stop) for _ in range(3)]] == [200] * 3
    assert time.monotonic() - began >= 0.9
    arrived = [entry["monotonic"] for entry in cameras.get(f"/ptz/{NO}/log")[-3:]]
    assert max(arrived) - began < 0.6


@pytest.mark.parametrize(
    ("fault", "untold", "dated"),
    [("clock_wrong", False, True), ("clock_untold", True, True), ("clock_hidden", True, False)],
)
def test_a_clock_can_be_wrong_and_untold(cameras, device, fault: str, untold: bool, dated: bool) -> None:
    cameras.begin(NO, fault, clock_offset_s=-7200.0)
    told = device.post(TIME, "device", token="")
    assert (told.status == 400) == untold
    assert ("date" in told.headers) == dated
    if dated:
        wrong = datetime.now(UTC) - parsedate_to_datetime(told.headers["date"])
        assert abs(wrong - timedelta(hours=2)) < timedelta(seconds=10)
    assert "NotAuthorized" in device.soap.ask("GetStatus")[1]
    assert device.soap.ask("GetStatus", age=timedelta(hours=2))[0] == 200
    assert fired(cameras, fault)


def test_connections_can_close_after_before_and_in_the_middle_of_an_answer(cameras, device) -> None:
    where = urlsplit(device.folder)
    body = f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>{TIME}</s:Body></s:Envelope>'
    asked = f"POST {where.path}/device_service HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()

    def said() -> bytes:
        with socket.create_connection(("127.0.0.1", where.port), 10) as connection:
            connection.sendall(asked)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    cameras.begin(NO, "closes_after_answer")
    assert b"keep-alive" in (whole := said())
    assert whole.endswith(b"</s:Envelope>")
    cameras.clear()
    cameras.begin(NO, "closes_before_answer")
    assert said() == b""
    cameras.clear()
    cameras.begin(NO, "closes_in_answer")
    assert b"200 OK" in (half := said())
    assert not half.endswith(b"</s:Envelope>")
    cameras.clear()
    cameras.begin(NO, "closes_idle", idle_s=0.2)
    assert said().endswith(b"</s:Envelope>")
    for fault in ("closes_after_answer", "closes_before_answer", "closes_in_answer", "closes_idle"):
        assert fired(cameras, fault) == 1


def test_a_second_connection_can_be_refused(cameras, onvif) -> None:
    device = onvif(OTHER)
    where = urlsplit(device.folder)
    first = http.client.HTTPConnection("127.0.0.1", where.port, timeout=10)
    try:
        first.request("POST", f"{where.path}/ptz_service", b"x")
        assert first.getresponse().read()
        cameras.begin(OTHER, "refuses_second_connection")
        with pytest.raises(ConnectionError):
            device.soap.ask("GetStatus")
        assert cameras.fired(OTHER)["refuses_second_connection"]
        first.request("POST", f"{where.path}/ptz_service", b"x")
        assert first.getresponse().read()
    finally:
        first.close()


@pytest.mark.parametrize(("fault", "prefix"), [("undeclared_prefixes", b"<tptz:"), ("undeclared_ptz_prefix", b"<ptz:")])
def test_prefixes_can_be_undeclared(cameras, device, fault: str, prefix: bytes) -> None:
    cameras.begin(NO, fault)
    content = device.post(ASK).content
    assert prefix in content
    with pytest.raises(etree.XMLSyntaxError, match="prefix"):
        etree.fromstring(content)
    assert fired(cameras, fault) == 1


def test_an_answer_can_be_huge(cameras, device) -> None:
    cameras.begin(NO, "huge_answer", huge_mb=20)
    content = device.post(ASK).content
    assert len(content) > 20 << 20
    assert content.endswith(b"</s:Envelope>")
    assert fired(cameras, "huge_answer") == 1


def test_an_answer_can_come_drop_by_drop(cameras, device) -> None:
    cameras.begin(NO, "trickle", bytes_per_s=2000.0)
    began = time.monotonic()
    assert device.post(ASK).content.endswith(b"</s:Envelope>")
    assert time.monotonic() - began > 0.5
    assert fired(cameras, "trickle") == 1


@pytest.mark.parametrize(("fault", "sign"), [("entity_bomb", b'<!ENTITY e9 "&e8;'), ("external_entity", b"SYSTEM")])
def test_an_answer_can_hold_entities(cameras, device, fault: str, sign: bytes) -> None:
    cameras.begin(NO, fault)
    assert sign in device.post(ASK).content
    assert fired(cameras, fault) == 1


def test_answers_can_be_pages_other_types_chunks_older_soap_and_begin_with_a_mark(cameras, device) -> None:
    def answered(fault: str, **settings: Any) -> Any:
        cameras.clear()
        cameras.begin(NO, fault, **settings)
        answer = device.post(ASK)
        assert fired(cameras, fault) == 1
        return answer

    page = answered("html_200")
    assert (page.status, page.headers["content-type"], page.content[:6]) == (200, "text/html", b"<html>")
    assert answered("wrong_content_type", content_type="image/png").headers["content-type"] == "image/png"
    chunked = answered("chunked")
    assert chunked.headers["transfer-encoding"] == "chunked"
    etree.fromstring(chunked.content)
    older = answered("soap_1_1")
    assert etree.fromstring(older.content).tag == "{http://schemas.xmlsoap.org/soap/envelope/}Envelope"
    refused = device.post(ASK, token="")
    assert refused.status == 500
    assert etree.fromstring(refused.content).findtext(".//faultcode") == "s:Client"
    assert answered("bom").content.startswith(b"\xef\xbb\xbf<?xml")
    refused = answered("not_supported_500", operations="GetStatus,Stop")
    assert refused.status == 500
    assert b"ter:ActionNotSupported" in refused.content


def test_a_device_can_say_yes_to_what_it_does_not_have_or_do(cameras, device) -> None:
    cameras.begin(NO, "empty_success")
    assert b"<tptz:MakeCoffeeResponse/>" in device.post(ASK.replace("GetStatus", "MakeCoffee")).content
    assert b"MoveStatus" in device.post(ASK).content
    cameras.begin(NO, "empty_success", operations="ContinuousMove")
    assert device.soap.move(pan=0.1) == 200
    assert not device.soap.moving()
    assert fired(cameras, "empty_success") == 2


@pytest.mark.parametrize(
    ("lie", "sign"),
    [
        ("other_host", "203.0.113.7:"),
        ("other_port", "127.0.0.1:9/"),
        ("https", "https://127.0.0.1"),
        ("zero", "0.0.0.0:9"),
        ("localhost", "localhost:9"),
        ("unresolvable", "camera.invalid"),
        ("empty", "<tt:XAddr></tt:XAddr>"),
    ],
)
def test_addresses_can_be_wrong_everywhere_or_in_one_place(
    cameras, device, lie: str, sign: str, eventually: Eventually
) -> None:
    eventually(lambda: not cameras.get(f"/onvif/{NO}/state")["subscriptions"])
    capabilities = '<GetCapabilities xmlns="http://www.onvif.org/ver10/device/wsdl"/>'
    services = '<GetServices xmlns="http://www.onvif.org/ver10/device/wsdl"/>'
    true = urlsplit(device.folder).netloc
    cameras.begin(NO, f"addresses_{lie}")
    assert sign in device.post(capabilities, "device").content.decode()
    media, events = device.service("media"), device.service("events")
    stream = media.GetStreamUri({"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}, "main").Uri
    port = urlsplit(cameras.url(NO, "main")).port
    assert (stream == cameras.url(NO, "main")) == (lie == "https")
    assert f":{port}/" in (stream or f":{port}/") or lie == "other_port"
    assert true not in (media.GetSnapshotUri("main").Uri or "") or lie == "https"
    made = events.CreatePullPointSubscription(InitialTerminationTime="PT0.2S").SubscriptionReference.Address._value_1
    assert not (made or "").startswith(f"http://{true}")
    cameras.begin(NO, f"addresses_{lie}", lie_where="services")
    assert true in device.post(capabilities, "device").content.decode()
    told = device.post(services, "device").content.decode()
    assert f"<tds:XAddr>http://{true}" not in told
    assert fired(cameras, f"addresses_{lie}")


def test_settings_that_a_fault_does_not_have_are_refused(cameras) -> None:
    for settings in ({"late_s": 1}, {"count": "many"}, {"count": True}, "all"):
        wish = {"target": f"ptz/{NO}", "fault": "ignores_first_stops", "with": settings}
        assert cameras.post("/fault", wish)[0] == 400
    assert cameras.faults(NO) == []


def test_the_journal_holds_every_operation_with_its_connection(cameras, device) -> None:
    before = time.monotonic()
    device.post(TIME, "device", token="")
    device.soap.move(pan=0.25)
    clock, move = cameras.get(f"/onvif/{NO}/journal")[-2:]
    assert (clock["service"], clock["operation"], clock["auth"]) == ("device", "GetSystemDateAndTime", "none")
    assert (move["service"], move["auth"], move["asked"]["PanTilt"]["x"]) == ("ptz", "token", "0.25")
    assert clock["connection"] != move["connection"]
    assert before < clock["monotonic"] < move["monotonic"] < time.monotonic()
    device.soap.ask("Stop", FLAGS)
