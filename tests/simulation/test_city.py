import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import psutil
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from domain.camera_list import read_camera_list
from domain.reading import SCALES, Quantity, why_impossible

pytestmark = pytest.mark.system

StartCity = Callable[..., Any]
Listen = Callable[..., Any]
Eventually = Callable[..., Any]


def gone(processes: list[psutil.Process]) -> bool:
    return all(not process.is_running() or process.status() == psutil.STATUS_ZOMBIE for process in processes)


def test_the_ready_line_says_what_the_plan_says(start_city: StartCity, tmp_path: Path) -> None:
    city = start_city("--city", "ifez", "--workdir", str(tmp_path))
    ready = city.ready
    assert set(ready) == {"centre", "city", "mqtt", "cameras", "credentials", "control", "headquarters", "counts"}
    assert (ready["centre"], ready["city"], ready["headquarters"]) == ("ifez", "ifez", None)
    assert ready["mqtt"].startswith("mqtt://127.0.0.1:")
    assert ready["credentials"]["practice"]["user"] == "practice"
    assert ready["counts"] == {"sites": 801, "streaming": 0, "ptz": 0}
    assert Path(ready["cameras"]).parent == tmp_path
    assert len(read_camera_list(Path(ready["cameras"]).read_bytes()).cameras) == 801
    assert city.end() == 0


def test_stations_report_what_the_contract_says(start_city: StartCity, listen: Listen, eventually: Eventually) -> None:
    city = start_city()
    ear = listen(city)
    eventually(lambda: len(ear.topics("/readings")) >= 6)
    assert set(ear.topics("/readings")) == {
        f"{city.root}/station/{station}/readings" for station in ("pyeongchon", "anyang-stream", "seoksu")
    }
    ids = set()
    for batch in ear.bodies("/readings"):
        for reading in batch:
            assert set(reading) == {"sensor", "id", "at", "quantity", "value", "unit"}
            quantity = Quantity(reading["quantity"])
            assert reading["unit"] == SCALES[quantity].unit
            assert why_impossible(quantity, reading["value"]) is None
            assert datetime.fromisoformat(reading["at"]).utcoffset() == timedelta(hours=9)
            assert uuid.UUID(reading["id"]).version == 4
            ids.add(reading["id"])
    assert len(ids) == sum(len(batch) for batch in ear.bodies("/readings"))
    (single, *_) = eventually(lambda: ear.bodies("sensor/bisan-underpass-level/reading"))
    assert single["unit"] == "m"


def test_a_walker_goes_home_and_units_are_on_duty(
    start_city: StartCity, listen: Listen, eventually: Eventually
) -> None:
    city = start_city("--speed", "100")
    ear = listen(city)
    (start, *_) = eventually(lambda: ear.bodies("/start"))
    assert len(start["route"]) > 5
    assert datetime.fromisoformat(start["eta"]) > datetime.fromisoformat(start["at"])
    eventually(lambda: len(ear.bodies("/fix")) > 8)
    fixes = [body for body in ear.bodies("/fix") if "accuracy_m" in body]
    assert {"id", "at", "lat", "lon", "accuracy_m", "battery"} == set(fixes[0])
    eventually(lambda: {body["status"] for body in ear.bodies("/status")} == {"available"})
    eventually(lambda: ear.bodies("/arrive"), 60)


def test_an_unanswered_start_is_repeated_and_an_answered_one_is_not(
    start_city: StartCity, listen: Listen, eventually: Eventually
) -> None:
    city = start_city()
    ear = listen(city)
    eventually(lambda: len(ear.topics("/start")) >= 2)
    (body, *_) = ear.bodies("/start")
    assert {again["id"] for again in ear.bodies("/start")} == {body["id"]}
    topic = ear.topics("/start")[0]
    ear.say(f"{topic}/ack", b"\xff not json")
    ear.say(f"{topic}/ack", {"id": body["id"], "at": body["at"], "by": "test", "stage": "stored"})
    eventually(lambda: city.state()["answers"][0]["stage"] == "stored")
    times = city.state()["answers"][0]["times"]
    seen = len(ear.topics("/readings"))
    eventually(lambda: len(ear.topics("/readings")) > seen + 9)
    assert city.state()["answers"][0]["times"] == times


def test_a_broker_that_was_down_comes_back_at_the_same_place(
    start_city: StartCity, listen: Listen, eventually: Eventually
) -> None:
    city = start_city()
    ear = listen(city)
    before = city.state()["broker"]
    assert city.ask("/fault", {"target": "broker", "fault": "down"})[0] == 200
    assert not psutil.pid_exists(before["pid"])
    assert city.state()["broker"]["up"] is False
    assert city.state()["faults"] == {"broker": "down"}
    assert city.ask("/clear", {"target": "broker"})[0] == 200
    heard = len(ear.heard)
    eventually(lambda: len(ear.heard) > heard and city.state()["broker"]["connected"])
    assert city.state()["broker"]["pid"] not in (0, before["pid"])


def test_a_session_and_what_waits_in_it_survive_a_broker_that_was_down(start_city: StartCity, listen: Listen) -> None:
    city = start_city()
    ear = listen(city)
    host, port = city.ready["mqtt"].removeprefix("mqtt://").split(":")

    def visit() -> tuple[bool, list[bytes]]:
        heard: list[bytes] = []
        present: list[bool] = []
        subscribed = threading.Event()
        session = Properties(PacketTypes.CONNECT)
        session.SessionExpiryInterval = 3600
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="events", protocol=mqtt.MQTTv5)
        client.on_connect = lambda _client, _data, flags, *_: (
            present.append(flags.session_present),
            client.subscribe("test", qos=1),
        )
        client.on_subscribe = lambda *_: subscribed.set()
        client.on_message = lambda _client, _data, message: heard.append(message.payload)
        client.connect(host, int(port), clean_start=False, properties=session)
        client.loop_start()
        assert subscribed.wait(10)
        client.disconnect()
        client.loop_stop()
        return present[0], heard

    assert visit() == (False, [])
    ear.say("test", {"kept": True})
    city.ask("/fault", {"target": "broker", "fault": "down"})
    city.ask("/clear", {"target": "broker"})
    assert visit() == (True, [b'{"kept": true}'])


def test_what_the_control_can_not_do_is_said(start_city: StartCity) -> None:
    city = start_city()
    for path, wish, status in (
        ("/fault", {"target": "station/1", "fault": "gremlins"}, 400),
        ("/fault", {"target": "station/99", "fault": "dead"}, 400),
        ("/fault", {"target": "broker", "fault": "dead"}, 400),
        ("/fault", {"target": "station/1", "fault": "down"}, 400),
        ("/fault", {"target": "station/1", "fault": "dead", "for_s": -1}, 400),
        ("/fault", {"target": "station/1", "fault": "dead", "for_s": True}, 400),
        ("/fault", {"fault": "dead"}, 400),
        ("/fault", [], 400),
        ("/fault", {"target": "camera/3", "fault": "dead"}, 503),
        ("/clear", {"target": "ptz/1"}, 503),
        ("/story", {"name": "no such story"}, 400),
        ("/weather", {}, 404),
    ):
        assert (path, wish, city.ask(path, wish)[0]) == (path, wish, status)
    assert city.state()["faults"] == {}
    assert city.ask("/story", {"name": "sos"})[0] == 200
    assert city.ask("/story", {"name": "sos"})[0] == 400
    assert city.state()["story"]["name"] == "sos"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_survives_the_city(number: signal.Signals, start_city: StartCity, eventually: Eventually) -> None:
    city = start_city("--scenario", "sos")
    family = city.family()
    assert any("mosquitto" in process.name() for process in family)
    city.end(number)
    eventually(lambda: gone(family), 10)


def test_the_city_ends_with_its_input(start_city: StartCity, eventually: Eventually) -> None:
    city = start_city()
    family = city.family()
    city.process.stdin.close()
    assert city.wait() == 0
    eventually(lambda: gone(family), 10)


def test_the_city_ends_with_a_killed_parent_even_when_its_input_stays_open(
    eventually: Eventually, tmp_path: Path
) -> None:
    reader, writer = os.pipe()
    code = (
        "import subprocess, sys, time\n"
        "city = subprocess.Popen([sys.executable, '-m', 'simulation', '--no-cameras'], stdout=subprocess.PIPE,\n"
        f"                        stdin={reader}, stderr=subprocess.DEVNULL)\n"
        "city.stdout.readline(); print(city.pid, flush=True); time.sleep(600)\n"
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=root, pass_fds=[reader], stdin=subprocess.DEVNULL
    )
    pid = int(parent.stdout.readline())
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    eventually(lambda: gone(family), 10)
    os.close(reader)
    os.close(writer)


def test_the_folder_of_a_killed_city_is_removed_by_the_next(start_city: StartCity, eventually: Eventually) -> None:
    first = start_city()
    folder = Path(first.ready["cameras"]).parent
    first.end(signal.SIGKILL)
    assert folder.exists()
    second = start_city()
    assert not folder.exists()
    mine = Path(second.ready["cameras"]).parent
    assert mine.exists()
    second.end()
    assert not mine.exists()


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--cameras", "802"], 1),
        (["--cameras", "-1"], 1),
        (["--speed", "0"], 2),
        (["--speed", "nan"], 2),
        (["--city", "atlantis"], 2),
        (["--scenario", "picnic"], 2),
    ],
)
def test_wrong_arguments_are_refused_with_one_line(arguments: list[str], status: int) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "simulation", "--no-cameras", *arguments],
        check=False,
        capture_output=True,
        cwd=root,
        timeout=30,
    )
    assert done.returncode == status
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr


def test_the_first_cameras_stream_and_take_faults_and_end_with_the_city(
    start_city: StartCity, eventually: Eventually
) -> None:
    city = start_city("--cameras", "2", cameras=True)
    family = city.family()
    assert any("simulation.cameras" in process.cmdline() for process in family)
    register = read_camera_list(Path(city.ready["cameras"]).read_bytes())
    assert register.problems == ()
    streaming = [camera for camera in register.cameras if camera.streams]
    assert [(camera.no, camera.ptz, camera.credentials) for camera in streaming] == [
        (1, True, "practice"),
        (2, False, "practice"),
    ]
    assert city.ready["counts"] == {"sites": 801, "streaming": 2, "ptz": 1}
    password = city.ready["credentials"]["practice"]["password"]
    assert password not in Path(city.ready["cameras"]).read_text()
    assert city.ask("/fault", {"target": "camera/2", "fault": "silent", "for_s": 30})[0] == 200
    assert city.ask("/clear", {"target": "camera/2"})[0] == 200
    assert city.ask("/fault", {"target": "camera/2", "fault": "gremlins"})[0] == 400
    assert city.ask("/fault", {"target": "camera/700", "fault": "silent"})[0] in (400, 404)
    city.end(signal.SIGKILL)
    eventually(lambda: gone(family), 10)
