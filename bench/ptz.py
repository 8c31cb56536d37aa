"""How fast a key press moves a camera, a release stops it, and a dead or hung console lets go of it.

Measured where it counts: at the camera, a process of its own that answers ONVIF and notes when each request's first
bytes had arrived. All processes read the same monotonic clock. Controls are 10 ms waits of an idle thread.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.common import Cpu, Report, arguments, idle_control_ms, median, percentile, table  # noqa: E402 - the root first
from domain.camera import Camera, SiteKind  # noqa: E402 - as above
from domain.clock import SystemClock  # noqa: E402 - as above
from domain.motion import MotionPhase, MotionState, Velocity  # noqa: E402 - as above
from domain.place import Place  # noqa: E402 - as above
from ptz.control import PtzControl  # noqa: E402 - as above
from ptz.watchdog import Watchdog  # noqa: E402 - as above

PRESS = "press_to_move_ms"
RELEASE = "release_to_stop_ms"
SLOW_RELEASE = "slow_release_to_stop_ms"
KILLED = "killed_to_stop_ms"
HUNG = "hung_to_stop_ms"
FIGURES = (PRESS, RELEASE, SLOW_RELEASE, KILLED, HUNG)
TARGETS = {
    f"{PRESS}_p99": ("<=", 20.0),
    f"{RELEASE}_p99": ("<=", 30.0),
    f"{SLOW_RELEASE}_p99": ("<=", 30.0),
    f"{KILLED}_max": ("<=", 500.0),
    f"{HUNG}_max": ("<=", 900.0),
}

_BODIES = {
    "GetSystemDateAndTime": "",
    "GetCapabilities": "<tds:Capabilities><tt:Media><tt:XAddr>http://c/m</tt:XAddr><tt:StreamingCapabilities/></tt:Media>"
    "<tt:PTZ><tt:XAddr>http://c/p</tt:XAddr></tt:PTZ></tds:Capabilities>",
    "GetProfiles": '<trt:Profiles token="p" fixed="true"><tt:Name>p</tt:Name><tt:PTZConfiguration token="c">'
    "<tt:Name>c</tt:Name><tt:UseCount>1</tt:UseCount><tt:NodeToken>n</tt:NodeToken></tt:PTZConfiguration></trt:Profiles>",
    "GetStatus": "<tptz:PTZStatus><tt:MoveStatus><tt:PanTilt>IDLE</tt:PanTilt><tt:Zoom>IDLE</tt:Zoom></tt:MoveStatus>"
    "<tt:UtcTime>2024-01-01T00:00:00Z</tt:UtcTime></tptz:PTZStatus>",
}
_SPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema"'
    ' xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"'
    ' xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl"'
)
_PREFIXES = {"GetSystemDateAndTime": "tds", "GetCapabilities": "tds", "GetProfiles": "trt"}


def serve_camera(slow_s: float) -> None:
    """Be a camera until standard input ends; print its port, then a line for each move and Stop."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            at = time.monotonic()
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            found = re.search(r"Body[^>]*>\s*<(?:\w+:)?(\w+)", body)
            operation = found[1] if found else ""
            if operation in {"ContinuousMove", "Stop"}:
                os.write(1, json.dumps([at, operation]).encode() + b"\n")
                time.sleep(slow_s)
            name = f"{_PREFIXES.get(operation, 'tptz')}:{operation}Response"
            inner = f"<{name}>{_BODIES.get(operation, '')}</{name}>"
            answer = f"<s:Envelope {_SPACES}><s:Body>{inner}</s:Body></s:Envelope>".encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/soap+xml")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.write(1, json.dumps([server.server_address[1], "port"]).encode() + b"\n")
    sys.stdin.read()
    os._exit(0)


class CameraProcess:
    """A camera and what it saw."""

    def __init__(self, no: int, slow_s: float) -> None:
        command = [sys.executable, str(Path(__file__)), "--be-camera", str(slow_s)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._seen: list[tuple[float, str]] = []
        self._changed = threading.Condition()
        port = json.loads(self._output.readline())[0]
        self.url = f"http://127.0.0.1:{port}/onvif/device_service"
        place = Place(37.4, 126.9)
        self.camera = Camera(
            no=no, name="c", site="s", site_kind=SiteKind.PARK, district="d", place=place, onvif_url=self.url
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def _output(self) -> Any:
        return self._process.stdout

    def first(self, operation: str, after: float, within_s: float = 10.0) -> float:
        """Return when the first such request after this moment arrived; NaN where none did."""

        def found() -> float | None:
            return next((at for at, name in self._seen if name == operation and at >= after), None)

        with self._changed:
            return self._changed.wait_for(found, within_s) or float("nan")

    def close(self) -> None:
        """End it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()
        self._reader.join()
        self._output.close()

    def _read(self) -> None:
        for line in self._output:
            at, operation = json.loads(line)
            with self._changed:
                self._seen.append((at, operation))
                self._changed.notify_all()


class Room:
    """A console without windows: control, watchdog, beats."""

    def __init__(self) -> None:
        clock = SystemClock()
        self._phases: dict[int, MotionPhase] = {}
        self._told = threading.Condition()
        self._end = threading.Event()
        self.watchdog = Watchdog(clock)
        self.watchdog.start()
        if not self.watchdog.wait_alive(10):
            raise SystemExit("the watchdog does not start")
        self.control = PtzControl(lambda _: None, self._tell, clock, self.watchdog)
        self._beats = threading.Thread(target=self._beat, daemon=True)
        self._beats.start()

    def reached(self, camera: Camera, phase: MotionPhase, within_s: float = 15.0) -> bool:
        """Wait until the camera is in this phase."""
        with self._told:
            return self._told.wait_for(lambda: self._phases.get(camera.no) is phase, within_s)

    def close(self) -> None:
        """End it."""
        self.control.close()
        self.watchdog.close()
        self._end.set()
        self._beats.join()

    def _tell(self, state: MotionState) -> None:
        with self._told:
            self._phases[state.camera_no] = state.phase
            self._told.notify_all()

    def _beat(self) -> None:
        self.watchdog.beat()
        while not self._end.wait(0.1):
            self.watchdog.beat()


def be_console(url: str) -> None:
    """Move a camera until killed; print a line when it moves."""
    camera = Camera(
        no=1, name="c", site="s", site_kind=SiteKind.PARK, district="d", place=Place(37.4, 126.9), onvif_url=url
    )
    room, parent = Room(), os.getppid()
    room.control.move(camera, Velocity(pan=0.5))
    print(room.reached(camera, MotionPhase.MOVING), flush=True)
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


@contextmanager
def closing_after(make: Callable[[], Any]) -> Iterator[Any]:
    """Make something and close it in the end."""
    made = make()
    try:
        yield made
    finally:
        made.close()


def holds(times: int, slow_s: float) -> tuple[list[float], list[float]]:
    """Press and release so often; return press to move and release to Stop, in ms."""
    press, release = [], []
    with closing_after(lambda: CameraProcess(1, slow_s)) as seen, closing_after(Room) as room:
        room.control.status(seen.camera)
        one_hold(seen, room, 0.1, 0.03)  # connects, so that every press below is like any in a shift
        for number in range(times):
            time.sleep(0.05 + 0.013 * (number % 7))
            pressed, released = one_hold(seen, room, 0.1 + 0.8 * number / times, 0.03 + 0.011 * (number % 5))
            press.append(pressed)
            release.append(released)
    return press, release


def one_hold(seen: CameraProcess, room: Room, pan: float, for_s: float) -> tuple[float, float]:
    """Press, hold for so long after the move was seen, and release; return both delays in ms."""
    pressed = time.monotonic()
    room.control.move(seen.camera, Velocity(pan=pan))
    moved = seen.first("ContinuousMove", pressed)
    time.sleep(for_s)
    released = time.monotonic()
    room.control.stop(seen.camera)
    stopped = seen.first("Stop", released)
    room.reached(seen.camera, MotionPhase.STOPPED)
    return (moved - pressed) * 1000, (stopped - released) * 1000


def lost_consoles(times: int, number: int) -> list[float]:
    """Kill or hang consoles that move a camera; return how long until Stop was on the wire, in ms."""
    late = []
    for _ in range(times):
        with closing_after(lambda: CameraProcess(1, 0.0)) as seen:
            command = [sys.executable, str(Path(__file__)), "--be-console", seen.url]
            console = subprocess.Popen(command, stdout=subprocess.PIPE)
            try:
                if console.stdout is None or console.stdout.readline().strip() != b"True":
                    late.append(float("nan"))
                    continue
                at = time.monotonic()
                console.send_signal(number)
                late.append((seen.first("Stop", at, 5.0) - at) * 1000)
            finally:
                console.kill()
                console.wait()
                if console.stdout is not None:
                    console.stdout.close()
    return late


def measured(*, quick: bool) -> dict[str, list[float]]:
    """Return one run's samples by figure, in ms."""
    press, release = holds(15 if quick else 150, 0.0)
    _, slow_release = holds(1 if quick else 8, 1.0)
    return {
        PRESS: press,
        RELEASE: release,
        SLOW_RELEASE: slow_release,
        KILLED: lost_consoles(1 if quick else 5, signal.SIGKILL),
        HUNG: lost_consoles(1 if quick else 5, signal.SIGSTOP),
    }


def main() -> int:
    """Measure, print, judge."""
    options = arguments(__doc__.splitlines()[0] if __doc__ else "").parse_args()
    before = Cpu.now()
    controls, runs = [], []
    for _ in range(3):
        controls.append(percentile(idle_control_ms(1.0), 0.99))
        runs.append(measured(quick=options.quick))
    report = Report("ptz", targets=dict(TARGETS))
    rows = []
    for figure in FIGURES:
        shares = {"p50": 0.5, "p99": 0.99, "max": 1.0}
        for name, share in shares.items():
            report.figures[f"{figure}_{name}"] = median(percentile(run[figure], share) for run in runs)
        samples = sum(len(run[figure]) for run in runs)
        rows.append((figure, str(samples), *(f"{report.figures[f'{figure}_{name}']:.1f}" for name in shares)))
    print(table(("figure", "samples", "p50", "p99", "max"), rows))
    report.judge_machine(Cpu.now().stolen_share(before), median(controls))
    return report.print(as_json=options.json)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--be-camera", slow]:
            serve_camera(float(slow))
        case ["--be-console", address]:
            be_console(address)
        case _:
            raise SystemExit(main())
