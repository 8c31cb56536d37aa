import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from domain.errors import UnreachableError
from simulation.processes import Spawner, read_line, stop

pytestmark = pytest.mark.system

Eventually = Callable[..., Any]
SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def spawner() -> Iterator[Spawner]:
    spawner = Spawner()
    yield spawner
    spawner.close()


def test_what_was_started_ends_when_it_is_asked_to(spawner: Spawner) -> None:
    process = spawner.start(SLEEPER)
    assert stop(process) == -signal.SIGTERM
    assert stop(process) == -signal.SIGTERM


def test_what_does_not_listen_is_killed(spawner: Spawner, tmp_path: Path, eventually: Eventually) -> None:
    log = tmp_path / "log"
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(99)"
    )
    process = spawner.start([sys.executable, "-c", code], log=log)
    eventually(lambda: log.exists() and "deaf" in log.read_text())
    assert stop(process) == -signal.SIGKILL


def test_a_process_outlives_the_thread_that_asked_for_it_but_not_the_spawner(
    spawner: Spawner, tmp_path: Path, eventually: Eventually
) -> None:
    log = tmp_path / "log"
    sleeper = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
    started: list[subprocess.Popen[bytes]] = []
    asking = threading.Thread(target=lambda: started.append(spawner.start(sleeper, log=log)))
    asking.start()
    asking.join()
    (process,) = started
    eventually(lambda: log.exists() and "up" in log.read_text())
    assert process.poll() is None
    spawner.close()
    eventually(lambda: process.poll() == -signal.SIGKILL)
    stop(process)


def test_a_spawner_that_ends_at_once_leaves_nothing_behind(eventually: Eventually) -> None:
    for _ in range(5):
        spawner = Spawner()
        process = spawner.start(SLEEPER)
        spawner.close()  # perhaps before the program has asked for its death signal
        eventually(lambda process=process: process.poll() is not None)
        stop(process)


def test_a_process_dies_with_a_parent_that_is_killed(eventually: Eventually) -> None:
    code = (
        "from simulation.processes import Spawner; import sys, time\n"
        f"process = Spawner().start({SLEEPER!r}); print(process.pid, flush=True); time.sleep(600)"
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=root)
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_leash_whose_parent_is_already_gone_starts_nothing() -> None:
    leash = Path(__file__).parents[2] / "simulation" / "leash.py"
    done = subprocess.run(
        [sys.executable, str(leash), "1", "1", "9", "--", "echo", "started"], check=False, capture_output=True
    )
    assert (done.returncode, done.stdout) == (1, b"")


def test_a_program_that_is_not_there_ends_at_once_and_says_so(spawner: Spawner, tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = spawner.start(["/no/such/program"], log=log)
    assert process.wait(10) != 0
    stop(process)
    assert "No such file" in log.read_text()


def test_a_log_that_can_not_be_written_is_our_error(spawner: Spawner, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="could not be started"):
        spawner.start(SLEEPER, log=tmp_path / "missing" / "log")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("print('hello')", "instead of being ready"),
        ("print('[1]')", "instead of being ready"),
        ("pass", "instead of being ready"),
        ("import time; time.sleep(60)", "was not ready within"),
    ],
)
def test_a_process_that_does_not_get_ready_is_our_error(spawner: Spawner, code: str, why: str) -> None:
    process = spawner.start([sys.executable, "-c", code], answers=True)
    within_s = 0.5 if "sleep" in code else 10.0
    with pytest.raises(UnreachableError, match=why):
        read_line(process, within_s)
    stop(process)


def test_a_ready_line_is_read(spawner: Spawner) -> None:
    process = spawner.start([sys.executable, "-c", "print('{\"port\": 1}', flush=True)"], answers=True)
    assert read_line(process, 10) == {"port": 1}
    stop(process)


def test_a_process_without_output_has_no_ready_line(spawner: Spawner) -> None:
    process = spawner.start(SLEEPER)
    with pytest.raises(UnreachableError, match="without an output"):
        read_line(process, 1)
    stop(process)
    assert os.getpid() != process.pid
