import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.console.by_hand import ROOT, Hands, Running, reap


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A display of 1920x1080 with a window manager, without which nothing gets the focus."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        name = f":{pipe.readline().strip()}"
    manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": name}, stderr=subprocess.DEVNULL)
    yield name
    for process in (manager, server):
        process.terminate()
        process.wait(10)


@pytest.fixture
def hands(display: str) -> Hands:
    return Hands(display)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def start(*arguments: str, environment: dict[str, str] | None = None) -> Running:
        folder = tmp_path / f"run-{len(started)}"
        folder.mkdir()
        environment = environment or {**os.environ, "PYTHONPATH": str(ROOT)}
        running = Running(list(arguments), {**environment, "XDG_STATE_HOME": str(tmp_path / "state")}, folder)
        started.append(running)
        return running

    yield start
    for running in reversed(started):
        running.end()
        reap(running.process.pid)
