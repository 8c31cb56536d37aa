"""WS-Discovery on the loopback: by multicast, to the address, with rubbish and with lies."""

import socket
import uuid
from typing import Any

import pytest
from lxml import etree

pytestmark = pytest.mark.system

PTZ, OTHER, FIXED = 1, 2, 3
GROUP = "239.255.255.250"
DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"


@pytest.fixture(scope="module")
def played() -> list[dict[str, Any]]:
    return [
        {"no": PTZ, "name": "중앙공원", "kind": "ptz", "onvif": {"own_port": True, "model": "Dome 3"}},
        {"no": OTHER, "name": "안양역", "kind": "ptz"},
        {"no": FIXED, "name": "시청", "kind": "fixed", "scene": 7},
    ]


@pytest.fixture(scope="module")
def configured() -> dict[str, Any]:
    return {"discovery": {"address": "127.0.0.1", "port": 0}}


def probe(
    where: tuple[str, int], types: str = "dn:NetworkVideoTransmitter", scopes: str = ""
) -> tuple[str, list[bytes]]:
    """Return the message id and everything that is answered within a second of the last answer."""
    message_id = f"urn:uuid:{uuid.uuid4()}"
    said = (
        f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="{ADDRESSING}" xmlns:d="{DISCOVERY}" '
        'xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>'
        f"<a:MessageID>{message_id}</a:MessageID><a:Action>{DISCOVERY}/Probe</a:Action></s:Header><s:Body>"
        f"<d:Probe><d:Types>{types}</d:Types><d:Scopes>{scopes}</d:Scopes></d:Probe></s:Body></s:Envelope>"
    )
    heard = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        asker.bind(("127.0.0.1", 0))
        asker.settimeout(1)
        asker.sendto(b"no probe at all", where)
        asker.sendto(said.encode(), where)
        try:
            while True:
                heard.append(asker.recv(65536))
        except TimeoutError:
            return message_id, heard


def matches(where: tuple[str, int], **wanted: str) -> dict[str, etree._Element]:
    message_id, heard = probe(where, **wanted)
    roots = [etree.fromstring(one) for one in heard]
    assert all(root.findtext(f".//{{{ADDRESSING}}}RelatesTo") == message_id for root in roots)
    return {root.findtext(f".//{{{DISCOVERY}}}XAddrs"): root for root in roots}


@pytest.fixture
def group(cameras) -> tuple[str, int]:
    return GROUP, cameras.ready["discovery_port"]


@pytest.mark.parametrize("address", [GROUP, "127.0.0.1"])
def test_every_device_answers_a_probe_with_its_address(cameras, address: str) -> None:
    found = matches((address, cameras.ready["discovery_port"]))
    assert set(found) == {cameras.camera(no)["onvif_url"] for no in (PTZ, OTHER)}
    own = found[cameras.camera(PTZ)["onvif_url"]]
    scopes = own.findtext(f".//{{{DISCOVERY}}}Scopes").split()
    assert "onvif://www.onvif.org/hardware/Dome%203" in scopes
    assert f"onvif://www.onvif.org/name/practice-{PTZ}" in scopes
    assert any(scope.startswith("onvif://www.onvif.org/location/") for scope in scopes)
    assert own.findtext(f".//{{{DISCOVERY}}}Types") == "dn:NetworkVideoTransmitter tds:Device"


def test_only_what_is_asked_for_answers(cameras, group: tuple[str, int]) -> None:
    assert not matches(group, types="dn:Printer")
    named = matches(group, scopes=f"onvif://www.onvif.org/name/practice-{OTHER}")
    assert list(named) == [cameras.camera(OTHER)["onvif_url"]]
    cameras.begin(OTHER, "dead")
    assert list(matches(group)) == [cameras.camera(PTZ)["onvif_url"]]


def test_a_device_can_answer_with_rubbish_first(cameras, group: tuple[str, int]) -> None:
    cameras.begin(PTZ, "discovery_nonsense")
    _, heard = probe(group)
    assert b"\0" in heard
    assert any(b"<!DOCTYPE" in one for one in heard)
    assert sum(b"XAddrs" in one for one in heard) == 2
    assert cameras.fired(PTZ)["discovery_nonsense"] == 1


def test_a_device_can_tell_anothers_address(cameras, group: tuple[str, int]) -> None:
    cameras.begin(PTZ, "discovery_lies")
    assert any("203.0.113.7" in address for address in matches(group))
    assert cameras.fired(PTZ)["discovery_lies"] == 1
