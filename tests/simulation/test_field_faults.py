import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from simulation.field_faults import FIELD_FAULTS

StartCity = Callable[..., Any]
Listen = Callable[..., Any]
Eventually = Callable[..., Any]

READINGS = "station/pyeongchon/readings"


def parses(payload: bytes) -> bool:
    try:
        json.loads(payload)
    except ValueError:
        return False
    return True


@pytest.mark.system
def test_every_fault_of_a_station_strikes_and_ends(
    start_city: StartCity, listen: Listen, eventually: Eventually
) -> None:
    city = start_city("--speed", "5")
    ear = listen(city)

    def payloads() -> list[bytes]:
        return [payload for topic, payload in list(ear.heard) if topic.endswith(READINGS)]

    def bodies() -> list[Any]:
        return [json.loads(payload) for payload in payloads() if parses(payload)]

    def strike(fault: str) -> None:
        assert city.ask("/fault", {"target": "station/1", "fault": fault}) == (
            200,
            {"target": "station/1", "fault": fault},
        )
        assert city.state()["faults"] == {"station/1": fault}
        ear.heard.clear()

    strike("bad_json")
    eventually(lambda: any(not parses(payload) for payload in payloads()))

    strike("duplicate")
    eventually(lambda: len(bodies()) >= 4)
    ids = [body[0]["id"] for body in bodies()]
    assert len(set(ids)) < len(ids)

    strike("not_finite")
    eventually(lambda: any(math.isnan(body[0]["value"]) for body in bodies()))

    strike("impossible")
    eventually(lambda: any(body[0]["value"] == 99999 for body in bodies()))

    strike("stuck")
    eventually(lambda: len(bodies()) >= 6)
    last = bodies()[2:]
    assert len({json.dumps([reading["value"] for reading in body]) for body in last}) == 1
    assert len({body[0]["id"] for body in last}) == len(last)

    strike("dead")
    others = [topic for topic, _ in ear.heard if topic.endswith("/readings")]
    eventually(lambda: len(ear.topics("station/seoksu/readings")) > len(others) + 6)
    assert len(payloads()) <= 1

    assert city.ask("/clear", {"target": "station/1"})[0] == 200
    assert city.state()["faults"] == {}
    ear.heard.clear()
    eventually(lambda: len(bodies()) >= 2)


@pytest.mark.system
def test_a_fault_ends_by_itself_after_its_time_but_not_the_one_that_took_its_place(
    start_city: StartCity, eventually: Eventually
) -> None:
    city = start_city("--speed", "10")
    city.ask("/fault", {"target": "station/1", "fault": "dead", "for_s": 5})
    city.ask("/fault", {"target": "station/2", "fault": "dead", "for_s": 5})
    city.ask("/fault", {"target": "station/2", "fault": "stuck"})
    eventually(lambda: city.state()["faults"] == {"station/2": "stuck"})


@pytest.mark.system
def test_an_sos_can_be_sent_so_that_nobody_can_read_it(
    start_city: StartCity, listen: Listen, eventually: Eventually
) -> None:
    city = start_city()
    ear = listen(city)
    city.ask("/fault", {"target": "bell/1", "fault": "bad_json"})
    city.ask("/story", {"name": "bell"})
    eventually(lambda: ear.topics("/press"))
    assert not any(parses(payload) for topic, payload in ear.heard if topic.endswith("/press"))


def test_every_fault_says_what_it_looks_like() -> None:
    assert all(fault.what for fault in FIELD_FAULTS.values())
    assert {"bad_json", "duplicate", "dead", "stuck", "down"} <= set(FIELD_FAULTS)
