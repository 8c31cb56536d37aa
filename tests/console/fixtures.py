"""Fixtures of the tests of console/, beside those of conftest.py; a test module names them as a plugin."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from console.settings import Settings
from domain.camera import Camera
from domain.camera_list import write_camera_list
from simulation.headquarters import resolve_place
from tests.console.by_hand import ROOT, Running, until
from tests.console.street import PracticeStreet
from tests.console.surroundings import (
    Field,
    Mosquitto,
    PracticeCameras,
    PracticeHq,
    Terminal,
    Workstation,
)


@pytest.fixture
def workstations(tmp_path: Path) -> Iterator[Callable[..., Workstation]]:
    """Make workstations that are closed at the end."""
    made: list[Workstation] = []

    def make(settings: Settings | None = None, path: Path | None = None) -> Workstation:
        made.append(Workstation(path or tmp_path / f"home-{len(made)}", settings))
        return made[-1]

    yield make
    for workstation in made:
        workstation.close()


@pytest.fixture
def workstation(workstations: Callable[..., Workstation]) -> Workstation:
    return workstations()


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    return Terminal(capsys, tmp_path / "home")


@pytest.fixture
def write_list(tmp_path: Path) -> Callable[..., Path]:
    """Write a camera list and return its path."""

    def write(cameras: Sequence[Camera], name: str = "list.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(write_camera_list(cameras).encode(encoding))
        return path

    return write


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.stop()


@pytest.fixture
def field(broker: Mosquitto) -> Iterator[Field]:
    """A field in a centre of this test's own."""
    field = Field(broker.port, f"c{uuid4().hex[:12]}")
    yield field
    field.close()


@pytest.fixture
def headless(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start `headless` on a home with these lines of settings; those still running are killed at the end."""
    started: list[Running] = []

    def start(home: Path, settings: str = "", *, wait: bool = True) -> Running:
        folder = tmp_path / f"headless-{len(started)}"
        folder.mkdir()
        (folder / "console.toml").write_text(settings)
        arguments = ["--home", str(home), "--config", str(folder / "console.toml"), "headless"]
        running = Running(arguments, {**os.environ, "PYTHONPATH": str(ROOT)}, folder)
        started.append(running)
        if wait:
            until("the console runs", lambda: (home / "socket").exists() or running.process.poll() is not None, 30)
        return running

    yield start
    for running in started:
        running.kill()
        running.end()


@pytest.fixture(scope="session")
def cameras(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeCameras]:
    cameras = PracticeCameras(tmp_path_factory.mktemp("cameras"))
    yield cameras
    cameras.close()


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeStreet]:
    street = PracticeStreet(tmp_path_factory.mktemp("street"))
    yield street
    street.close()


@pytest.fixture(scope="session")
def hq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeHq]:
    folder = tmp_path_factory.mktemp("headquarters")
    process = subprocess.Popen(
        [sys.executable, "-m", "simulation.headquarters", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    said = json.loads(process.stdout.readline())
    with psycopg.connect(said["admin_url"], autocommit=True) as admin:
        admin.execute("alter system set autovacuum = off")  # its workers would look like processes a test left behind
        admin.execute("select pg_reload_conf()")
    yield PracticeHq(said["admin_url"], Path(said["ca"]), Path(said["ca_key"]))
    process.send_signal(signal.SIGTERM)
    process.wait(15)
    process.stdin.close()
    process.stdout.close()
    place = resolve_place(folder)
    until("headquarters has closed", lambda: not (place / "users.sock").exists(), 20)
    until("its server has gone", lambda: not (place / "data" / "postmaster.pid").exists(), 20)
    shutil.rmtree(place, ignore_errors=True)
