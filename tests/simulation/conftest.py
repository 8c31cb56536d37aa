"""Running practice cities and what listens to them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import psutil
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from simulation.headquarters import resolve_place

ROOT = Path(__file__).parents[2]


def wait_until(condition: Callable[[], Any], within_s: float = 20.0) -> Any:
    """Return the condition's answer as soon as it is true; fail when it never is."""
    pause = threading.Event()
    for _ in range(int(within_s / 0.05)):
        if answer := condition():
            return answer
        pause.wait(0.05)
    raise AssertionError(f"{condition} did not come true within {within_s} s")


class RunningCity:
    """A practice city in its own process."""

    def __init__(self, *arguments: str, cwd: Path = ROOT) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulation", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=environment,
        )
        self._errors: list[str] = []
        self._reader = threading.Thread(target=self._read_errors, daemon=True)
        self._reader.start()
        line = self.process.stdout.readline()
        if not line:
            self.close()
            raise AssertionError(f"the city did not start: {self._errors}")
        self.ready: dict[str, Any] = json.loads(line)

    @property
    def root(self) -> str:
        return f"watchroom/v1/{self.ready['centre']}"

    @property
    def journal(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in list(self._errors)]

    def story(self) -> list[dict[str, Any]]:
        return [entry for entry in self.journal if entry["what"] == "story"]

    def state(self) -> dict[str, Any]:
        with urllib.request.urlopen(self.ready["control"] + "/state", timeout=15) as answer:
            return json.load(answer)

    def ask(self, path: str, wish: Any) -> tuple[int, Any]:
        request = urllib.request.Request(self.ready["control"] + path, json.dumps(wish).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def family(self) -> list[psutil.Process]:
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        self.process.wait(20)
        self.close()
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()

    def _read_errors(self) -> None:
        for line in self.process.stderr:
            self._errors.append(line.decode().strip())


class Ear:
    """Hears everything that the city sends."""

    def __init__(self, url: str) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._ready = threading.Event()
        host, port = url.removeprefix("mqtt://").split(":")
        client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        client.reconnect_delay_set(1, 1)
        client.on_connect = lambda *_: client.subscribe("#", qos=1)
        client.on_subscribe = lambda *_: self._ready.set()
        client.on_message = lambda _client, _data, message: self.heard.append((message.topic, message.payload))
        self.client = client
        client.connect(host, int(port))
        client.loop_start()
        assert self._ready.wait(10)

    def bodies(self, ending: str) -> list[Any]:
        """Return the bodies, as JSON, of the messages whose topic ends so."""
        return [json.loads(payload) for topic, payload in list(self.heard) if topic.endswith(ending)]

    def topics(self, ending: str) -> list[str]:
        return [topic for topic, _ in list(self.heard) if topic.endswith(ending)]

    def say(self, topic: str, body: Any) -> None:
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.client.publish(topic, payload, qos=1).wait_for_publish(10)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def start_city() -> Iterator[Callable[..., RunningCity]]:
    """Start practice cities that end with the test, however it ends."""
    cities: list[RunningCity] = []

    def start(*arguments: str, cameras: bool = False, cwd: Path = ROOT) -> RunningCity:
        city = RunningCity(*arguments, *(() if cameras else ("--no-cameras",)), cwd=cwd)
        cities.append(city)
        return city

    yield start
    for city in cities:
        city.close()
        folder = Path(city.ready["cameras"]).parent  # a killed city leaves it to the next one
        if folder.name.startswith("watchroom-practice-"):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def listen() -> Iterator[Callable[[RunningCity], Ear]]:
    """Listen to a city."""
    ears: list[Ear] = []

    def start(city: RunningCity) -> Ear:
        ear = Ear(city.ready["mqtt"])
        ears.append(ear)
        return ear

    yield start
    for ear in ears:
        ear.close()


@pytest.fixture
def eventually() -> Callable[..., Any]:
    """Wait for a condition."""
    return wait_until


@pytest.fixture
def headquarters_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a headquarters of the test's own; the place that stands for it goes with it."""
    folder = tmp_path / "headquarters"
    yield folder
    place = resolve_place(folder)
    wait_until(lambda: not (place / "data" / "postmaster.pid").exists())
    shutil.rmtree(place, ignore_errors=True)
