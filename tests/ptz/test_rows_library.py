"""What onvif-zeep's own client does to a program, and ours does not: measured facts, each a test."""

import json
import logging
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.clock import SystemClock
from domain.errors import ProtocolError
from ptz.device import Device
from tests.ptz.connect_city import SECRET, City

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]  # a fresh machine paints the clips first

MEET = """
import json, logging, os, sys
from contextlib import closing
from domain.clock import SystemClock
from ptz.device import Device
from tests.ptz.connect_city import SECRET
from tests.ptz.conftest import register_entry

with closing(Device(register_entry(sys.argv[1]), SECRET, SystemClock())) as device:
    device.status()
    heads = len(device.contact().heads)
root = logging.getLogger()
print(json.dumps({
    "heads": heads,
    "client": "onvif" in sys.modules,
    "logging": [len(root.handlers), root.level],
    "proxy": os.environ.get("http_proxy"),
}))
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    kinds = {"plain": {}, "full": {"media": "both", "events": True, "imaging": True}, "huge": {}}
    city = City(tmp_path_factory.mktemp("city"), kinds)
    yield city
    city.close()


def test_meeting_a_camera_leaves_logging_and_proxies_as_they_were_and_the_library_s_client_alone(city: City) -> None:
    nobody = "http://127.0.0.1:9"  # a proxy that would answer nothing; it is not asked either
    done = subprocess.run(
        [sys.executable, "-c", MEET, city.camera("plain").onvif_url],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "http_proxy": nobody},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    assert said == {"heads": 1, "client": False, "logging": [0, logging.WARNING], "proxy": nobody}


def test_a_camera_with_events_is_met_and_moved_without_a_pull_point(city: City) -> None:
    with closing(Device(city.camera("full"), SECRET, SystemClock())) as device:
        device.status()
    assert city.journal("full")
    assert not [one for one in city.journal("full") if "PullPoint" in one["operation"]]
    assert city.look("full", "state")["subscriptions"] == []


def test_an_answer_of_two_hundred_megabytes_is_cut_at_two(city: City) -> None:
    with closing(Device(city.camera("huge"), SECRET, SystemClock())) as device:
        device.status()
        city.fault("huge", "huge_answer", huge_mb=200)
        tracemalloc.start()
        try:
            with pytest.raises(ProtocolError, match="more than"):
                device.status()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
            city.clear("huge")
        assert city.fired("huge", "huge_answer")
        assert 2_000_000 < peak < 20_000_000
        device.status()
