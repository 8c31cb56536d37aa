"""The watchdog process: what happens on the wire when a console dies or hangs while a camera moves."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from domain.clock import SystemClock
from domain.errors import UnreachableError
from ptz.arming import STOP_AT_S
from ptz.watchdog import Watchdog

pytestmark = pytest.mark.system

# A console in small: beats, moves one camera, and says so in lines. It ends with its parent.
CONSOLE = """
import json, os, sys, threading
from domain.camera import Camera, Credentials, SiteKind
from domain.clock import SystemClock
from domain.motion import MotionPhase, Velocity
from domain.place import Place
from ptz.control import PtzControl
from ptz.watchdog import COMMAND, Watchdog

given = json.loads(sys.argv[1])
secret = Credentials(**json.loads(sys.stdin.readline()))
watchdog = Watchdog(SystemClock(), given["watchdog"] or COMMAND)
watchdog.start()
assert watchdog.wait_alive(10)
watchdog.beat()
print(json.dumps({"watchdog": watchdog.pid}), flush=True)

def told(state):
    if state.phase is MotionPhase.MOVING:
        os.write(1, json.dumps({"moving": state.camera_no}).encode() + b"\\n")

control = PtzControl(lambda name: secret, told, SystemClock(), watchdog)
for no, url in enumerate(given["urls"], 1):
    camera = Camera(no=no, name="c", site="s", site_kind=SiteKind.PARK, district="d", place=Place(37, 127),
                    onvif_url=url, credentials="practice")
    if given["move"]:
        control.move(camera, Velocity(pan=0.3))
parent, pause = os.getppid(), threading.Event()
while os.getppid() == parent:
    watchdog.beat()
    pause.wait(0.1)
os._exit(1)
"""


class Console:
    """The stand-in console as a process."""

    watchdog_pid = 0

    def start(self, cameras: list[Any], secret: Any, *, move: bool = True, watchdog: tuple[str, ...] = ()) -> None:
        given = {"urls": [camera.url for camera in cameras], "move": move, "watchdog": watchdog}
        self.process = subprocess.Popen(
            [sys.executable, "-c", CONSOLE, json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"user": secret.user, "password": secret.password}).encode() + b"\n")
        self.process.stdin.flush()
        self.watchdog_pid = self._line()["watchdog"]
        if move:
            assert {self._line()["moving"] for _ in cameras} == set(range(1, len(cameras) + 1))

    def send(self, number: int) -> float:
        """Send a signal and return when."""
        at = time.monotonic()
        self.process.send_signal(number)
        return at

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        if self.watchdog_pid:
            wait_gone(self.watchdog_pid, 10)

    def _line(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())


def is_zero(request: Any) -> bool:
    return not any(float(number) for number in re.findall(r' [xy]="([^"]+)"', request.body))


def nothing_but_zero_after_stop(camera: Any) -> bool:
    last = camera.asked("Stop")[-1].at
    return all(is_zero(move) for move in camera.asked("ContinuousMove") if move.at > last)


def running(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def wait_gone(pid: int, for_s: float) -> float:
    began = time.monotonic()
    pause = threading.Event()
    while running(pid):
        assert time.monotonic() - began < for_s, "the watchdog outlives its console"
        pause.wait(0.01)
    return time.monotonic() - began


@pytest.fixture
def console(right: Any) -> Iterator[Callable[..., Console]]:
    started: list[Console] = []

    def start(*cameras: Any, **more: Any) -> Console:
        started.append(Console())
        started[-1].start(list(cameras), right, **more)
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def second(faulty: Any) -> Iterator[Any]:
    camera = type(faulty)()
    yield camera
    camera.close()


def test_a_killed_console_leaves_no_camera_turning(faulty: Any, second: Any, console: Callable[..., Console]) -> None:
    room = console(faulty, second)
    assert faulty.turning
    assert second.turning
    killed_at = room.send(signal.SIGKILL)
    for camera in (faulty, second):
        camera.wait_for(lambda camera=camera: bool(camera.asked("Stop")))
        assert camera.asked("Stop")[0].at - killed_at <= 0.5
        assert camera.asked("Stop")[0].signed
        camera.wait_for(lambda camera=camera: not camera.turning)
    faulty.wait_for(lambda: len(faulty.asked("Stop")) == 4)
    first = faulty.asked("Stop")[0].at
    sent = [stop.at - first for stop in faulty.asked("Stop")]
    assert all(-0.1 < late - due < 0.4 for late, due in zip(sent, STOP_AT_S, strict=True))
    assert nothing_but_zero_after_stop(faulty)
    wait_gone(room.watchdog_pid, 3 - (time.monotonic() - killed_at))


def test_a_hung_console_leaves_no_camera_turning(faulty: Any, console: Callable[..., Console]) -> None:
    room = console(faulty)
    hung_at = room.send(signal.SIGSTOP)
    faulty.wait_for(lambda: bool(faulty.asked("Stop")))
    assert faulty.asked("Stop")[0].at - hung_at <= 0.9
    faulty.wait_for(lambda: len(faulty.asked("Stop")) == 4)
    assert not faulty.turning
    room.send(signal.SIGCONT)
    faulty.wait_for(lambda: len(faulty.asked("Stop")) >= 5)  # the console's own, when it wakes
    assert not faulty.turning
    assert nothing_but_zero_after_stop(faulty)


def test_a_console_that_hung_for_long_does_not_go_on_moving_when_it_wakes(
    faulty: Any, console: Callable[..., Console]
) -> None:
    room = console(faulty)
    room.send(signal.SIGSTOP)
    faulty.wait_for(lambda: bool(faulty.asked("Stop")))
    stopped_at = faulty.asked("Stop")[0].at
    room.send(signal.SIGCONT)
    faulty.wait_for(lambda: len(faulty.asked("GetStatus")) >= 2)
    late = [move for move in faulty.asked("ContinuousMove") if move.at > stopped_at and not is_zero(move)]
    assert not late or faulty.asked("Stop")[-1].at > late[-1].at
    assert not faulty.turning


def test_a_camera_that_answers_nothing_does_not_keep_the_watchdog(
    faulty: Any, second: Any, console: Callable[..., Console]
) -> None:
    room = console(faulty, second)
    faulty.faults.silent = {"Stop"}
    killed_at = room.send(signal.SIGKILL)
    second.wait_for(lambda: not second.turning)
    assert second.asked("Stop")[0].at - killed_at <= 0.5
    faulty.wait_for(lambda: len(faulty.asked("Stop")) == 4)
    wait_gone(room.watchdog_pid, 3 - (time.monotonic() - killed_at))


def test_the_watchdogs_stop_is_accepted_by_a_camera_whose_clock_is_wrong(
    faulty: Any, console: Callable[..., Console]
) -> None:
    faulty.faults.clock_ahead = type(faulty.faults.clock_ahead)(hours=-1)
    console(faulty).send(signal.SIGKILL)
    faulty.wait_for(lambda: not faulty.turning)


def test_a_watchdog_that_has_nothing_to_stop_goes_at_once(faulty: Any, console: Callable[..., Console]) -> None:
    room = console(faulty, move=False)
    room.send(signal.SIGKILL)
    assert wait_gone(room.watchdog_pid, 5) < 1
    assert faulty.order() == []


def test_the_console_of_these_tests_would_notice_a_watchdog_that_never_stops(
    faulty: Any, console: Callable[..., Console]
) -> None:
    mutant = "import ptz.guard as g; g.Guard._send = lambda self, arming, after_s: None; g.main()"
    room = console(faulty, watchdog=(sys.executable, "-c", mutant))
    room.send(signal.SIGKILL)
    wait_gone(room.watchdog_pid, 5)
    assert faulty.turning
    assert faulty.asked("Stop") == []


def test_the_watchdog_has_a_session_of_its_own_and_no_password_in_its_arguments(
    faulty: Any, right: Any, console: Callable[..., Console]
) -> None:
    room = console(faulty)
    assert os.getsid(room.watchdog_pid) == room.watchdog_pid
    shown = (
        Path(f"/proc/{room.watchdog_pid}/cmdline").read_bytes()
        + Path(f"/proc/{room.watchdog_pid}/environ").read_bytes()
    )
    assert right.password.encode() not in shown


def test_a_terminal_that_interrupts_the_console_does_not_end_the_watchdog(clock: SystemClock) -> None:
    watchdog = Watchdog(clock)
    watchdog.start()
    assert watchdog.wait_alive(10)
    pid = watchdog.pid
    assert pid is not None
    for number in (signal.SIGINT, signal.SIGHUP):
        os.kill(pid, number)
    watchdog.beat()
    watchdog.arm(1, "http://127.0.0.1:9/", "p", None, offset_s=0, deadline_s=4)
    assert watchdog.pid == pid
    watchdog.close()


def test_a_passed_deadline_stops_that_camera_alone_and_the_watchdog_lives_on(
    faulty: Any, right: Any, clock: SystemClock
) -> None:
    watchdog = Watchdog(clock)
    watchdog.start()
    assert watchdog.wait_alive(10)
    watchdog.beat()
    pid = watchdog.pid
    watchdog.arm(1, faulty.url, "dome", right, offset_s=0, deadline_s=0.3)
    assert watchdog.covers(1, 0)
    faulty.wait_for(lambda: bool(faulty.asked("Stop")))
    assert not watchdog.covers(1, 0)
    assert (watchdog.alive, watchdog.pid) == (True, pid)
    watchdog.close()


def test_a_late_disarming_does_not_undo_a_newer_arming(faulty: Any, right: Any, clock: SystemClock) -> None:
    watchdog = Watchdog(clock)
    watchdog.start()
    assert watchdog.wait_alive(10)
    watchdog.beat()
    old = watchdog.arm(1, faulty.url, "dome", right, offset_s=0, deadline_s=4)
    new = watchdog.arm(1, faulty.url, "dome", right, offset_s=0, deadline_s=4)
    watchdog.disarm(1, old)
    assert watchdog.covers(1, 2)
    watchdog.disarm(1, new)
    assert not watchdog.covers(1, 0)
    watchdog.close()
    assert faulty.order() == []


def test_a_watchdog_that_hangs_is_replaced(clock: SystemClock) -> None:
    watchdog = Watchdog(clock)
    changes: list[bool] = []
    watchdog.watch(changes.append)
    watchdog.start()
    assert watchdog.wait_alive(10)
    pid = watchdog.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    pause, ends = threading.Event(), time.monotonic() + 10
    while watchdog.pid == pid or not watchdog.alive:
        assert time.monotonic() < ends
        watchdog.beat()
        pause.wait(0.05)
    assert changes == [True, False, True]
    watchdog.close()
    assert not running(pid)


def test_a_beat_never_waits_even_when_the_watchdog_reads_nothing(clock: SystemClock) -> None:
    watchdog = Watchdog(
        clock, (sys.executable, "-c", 'import time; print(\'{"said":"ready"}\', flush=True); time.sleep(60)')
    )
    watchdog.start()
    assert watchdog.wait_alive(10)
    began = time.monotonic()
    for _ in range(20_000):  # more than a pipe holds
        watchdog.beat()
    assert time.monotonic() - began < 5
    watchdog.close()


def test_nothing_is_armed_while_the_process_is_gone(clock: SystemClock) -> None:
    watchdog = Watchdog(clock)
    watchdog.beat()
    with pytest.raises(UnreachableError):
        watchdog.arm(1, "http://127.0.0.1:9/", "p", None, offset_s=0, deadline_s=4)
    assert not watchdog.alive
    watchdog.close()
