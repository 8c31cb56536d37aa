"""What a workstation stands in: a home, a broker, a field, cameras that turn, a headquarters. All of it real."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from console.app import build_core
from console.cli import main
from console.core import Core
from console.home import Home
from console.settings import Settings
from domain.alarm import Alarm, Desk, Priority
from domain.camera import Camera, SiteKind
from domain.clock import SystemClock
from domain.event import Event, FieldReport
from domain.incident import Incident
from domain.news import News
from domain.operator import Operator, Role
from domain.place import Place
from domain.record import Mode
from domain.text import Text
from simulation.broker import find_mosquitto
from tests.console.by_hand import ROOT, get, until

PASSWORD = "quite a good password"
PTZ_ACCOUNT = ("practice", 'quoted "&" <word>')
PTZ_CAMERA = 2


# -- things to put into a console


def make_camera(number: int = 1, **changes: object) -> Camera:
    camera = Camera(
        no=number,
        name=f"센트럴파크 {number}번",
        site="센트럴파크",
        site_kind=SiteKind.PARK,
        district="송도",
        place=Place(37.39 + number / 1000, 126.64),
        main_url=f"rtsp://127.0.0.1:9/{number}/main",
        sub_url=f"rtsp://127.0.0.1:9/{number}/sub",
    )
    return replace(camera, **changes)  # type: ignore[arg-type]


def make_event(kind: str = "sos", source: str = "session-1", **changes: object) -> Event:
    now = datetime.now(UTC)
    event = Event(
        id=uuid4(),
        origin=uuid4(),
        centre="anyang",
        district="",
        mode=Mode.TEST,
        kind=kind,
        source=source,
        at=now,
        received_at=now,
        place=Place(37.39, 126.64),
    )
    return replace(event, **changes)  # type: ignore[arg-type]


def make_alarm(**changes: object) -> Alarm:
    alarm = Alarm(
        id=uuid4(),
        origin=uuid4(),
        centre="anyang",
        district="",
        mode=Mode.TEST,
        event_id=uuid4(),
        rule="sos",
        kind="sos",
        title=Text("alarm_sos", {"source": "session-1"}),
        priority=Priority.CRITICAL,
        desk=Desk.CRIME,
        raised_at=datetime.now(UTC),
        source="session-1",
        place=Place(37.39, 126.64),
    )
    return replace(alarm, **changes)  # type: ignore[arg-type]


def make_incident(**changes: object) -> Incident:
    incident = Incident(
        id=uuid4(),
        origin=uuid4(),
        centre="anyang",
        district="",
        mode=Mode.TEST,
        number="2026-anyang-000417",
        kind="sos",
        opened_at=datetime.now(UTC),
        priority=Priority.CRITICAL,
        desk=Desk.CRIME,
        place=Place(37.39, 126.64),
    )
    return replace(incident, **changes)  # type: ignore[arg-type]


def operator(role: Role = Role.OPERATOR, name: str = "haneul") -> Operator:
    return Operator(name, "김하늘", role, "1")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# -- a workstation


class Workstation:
    """A core in a home of its own, and everything that it had to tell."""

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        self.home = Home(path)
        self.home.prepare()
        self.home.take()
        self.core: Core = build_core(self.home, settings or Settings(), SystemClock(), Mode.TEST)
        self.news: list[News] = []
        self.core.bulletin.listen(self.news.append)

    def heard(self, kind: type[News]) -> list[Any]:
        return [news for news in list(self.news) if isinstance(news, kind)]

    def raise_alarm(self, event: Event | None = None) -> Alarm:
        """Have the field report something, and return the alarm that it raises."""
        event = event or make_event()
        committed = threading.Event()
        if not self.core.running:
            self.core.ingest.start()
            self.core.running = True
        self.core.ingest.take_reports([FieldReport(event=event)], committed.set)
        assert committed.wait(10)
        return self.core.stores.alarms.of_event(event.id)[0]

    def audited(self) -> list[tuple[str, str, str]]:
        """Return who did what to what, oldest first."""
        self.core.stores.audit.append("test", "look", "", "", datetime.now(UTC))  # everything before it is written
        lines = reversed(self.core.stores.audit.recent())
        return [(line.actor, line.action, line.subject) for line in lines if line.actor != "test"]

    def close(self) -> None:
        if self.home.owned():
            self.core.close()
            self.home.release()


# -- the command line


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out.splitlines()[-1])


class Terminal:
    """Runs commands on a home, in this process as `main.py` does in its own."""

    def __init__(self, capsys: pytest.CaptureFixture[str], home: Path) -> None:
        self.home = home
        self._capsys = capsys

    def run(self, *arguments: str, home: Path | None = None) -> Said:
        self._capsys.readouterr()
        try:
            code = main(["--home", str(home or self.home), *arguments])
        except SystemExit as wrong_use:
            code = int(str(wrong_use.code))
        out, err = self._capsys.readouterr()
        return Said(code, out, err)


def run_program(*arguments: str, given: str | None = None, **environment: str) -> Said:
    """Run a command as a process of its own."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
        env={**os.environ, **environment},
    )
    return Said(done.returncode, done.stdout, done.stderr)


# -- the field


class Mosquitto:
    """A broker on a free port of 127.0.0.1 that keeps its sessions on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        settings = self._folder / "mosquitto.conf"
        settings.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nuser root\nmax_queued_messages 0\n"
            f"persistence true\npersistence_location {self._folder}/\nlog_dest file {self._folder}/log\n"
        )
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", find_mosquitto(), "-c", str(settings)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until("the broker listens", self._answers, 15)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


class Field:
    """Somebody out there in one centre: publishes, and hears what consoles answer."""

    def __init__(self, port: int, centre: str) -> None:
        self.centre = centre
        self._heard: list[tuple[str, dict[str, Any]]] = []
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe([(f"watchroom/v1/{centre}/+/+/+/ack", SubscribeOptions(qos=1))])
        assert self._subscribed.wait(10)

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._heard.append((message.topic, json.loads(message.payload)))

    def say(self, tail: str, body: dict[str, Any] | None = None) -> UUID:
        """Publish under the centre's topics, wait until the broker has it, and return the message's id."""
        said = {"id": str(uuid4()), "at": datetime.now(UTC).isoformat(), **(body or {})}
        sent = self._client.publish(f"watchroom/v1/{self.centre}/{tail}", json.dumps(said).encode(), qos=1)
        sent.wait_for_publish(10)
        return UUID(said["id"])

    def answered(self, message: UUID) -> list[str]:
        """Return the stages that consoles have answered for a message."""
        return [str(said["stage"]) for _, said in list(self._heard) if said["id"] == str(message)]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def settings_for(field: Field, broker: Mosquitto, **more: dict[str, object]) -> Settings:
    return Settings.model_validate({"centre": {"id": field.centre}, "mqtt": {"url": broker.url}, **more})


# -- cameras that turn


class PracticeCameras:
    """One camera of the practice city that speaks ONVIF and tells what reached it."""

    def __init__(self, folder: Path) -> None:
        config = folder / "cameras.json"
        user, password = PTZ_ACCOUNT
        config.write_text(
            json.dumps(
                {
                    "cameras": [{"no": PTZ_CAMERA, "name": "dome", "kind": "ptz", "scene": 3}],
                    "credentials": {"user": user, "password": password},
                }
            )
        )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulation.cameras", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        said = json.loads(self._process.stdout.readline())
        self._control = f"http://127.0.0.1:{said['control_port']}"
        self.dome = make_camera(
            PTZ_CAMERA, name="dome", onvif_url=said["cameras"][0]["onvif_url"], credentials="practice"
        )

    def asked(self, *operations: str) -> list[dict[str, Any]]:
        """Return these requests, moves of zero left out: one follows each Stop."""
        log = get(f"{self._control}/ptz/{PTZ_CAMERA}/log")
        return [entry for entry in log if entry["operation"] in operations and not _is_zero(entry)]

    @contextlib.contextmanager
    def suffering(self, fault: dict[str, str]) -> Iterator[None]:
        """Let the camera suffer from a fault of the practice city for a while."""
        self._tell("fault", fault)
        try:
            yield
        finally:
            self._tell("clear", {"target": fault["target"]})

    def _tell(self, path: str, wish: dict[str, str]) -> None:
        request = urllib.request.Request(f"{self._control}/{path}", json.dumps(wish).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5):
            pass

    def wait_quiet(self) -> None:
        """Wait until no request has come for a second: a watchdog repeats its Stops after the test that needed them."""

        def quiet() -> bool:
            log = get(f"{self._control}/ptz/{PTZ_CAMERA}/log")
            return not log or time.time() - log[-1]["at"] > 1.0

        until("a camera that nobody asks anything", quiet, 20)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(15)
        self._process.stdout.close()


# -- headquarters


@dataclass(frozen=True)
class PracticeHq:
    """A PostgreSQL that nobody else uses, and how to be let in."""

    admin_url: str
    ca: Path
    ca_key: Path

    @property
    def arguments(self) -> list[str]:
        return ["--admin-url", self.admin_url, "--ca", str(self.ca), "--ca-key", str(self.ca_key)]


def _is_zero(entry: dict[str, Any]) -> bool:
    """Whether a request is a continuous move of zero, the other way to stop a camera."""
    axes = [entry["asked"].get(name) or {} for name in ("PanTilt", "Zoom")]
    return entry["operation"] == "ContinuousMove" and not any(
        float(number) for axis in axes for key, number in axis.items() if key in "xy"
    )
