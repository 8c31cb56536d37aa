"""The practice cameras that benches look at: a process of their own, spoken to over RTSP and its HTTP control."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
USER, PASSWORD = "practice", "bench"
EPOCH = 1_700_000_000  # frame k leaves its camera at EPOCH + k / fps, Unix seconds
LOOP_S = 8  # the burnt-in counter is k modulo LOOP_S * fps
FPS = {"sub": 15, "main": 25}
_ANSWER_S = 5.0
_END_S = 10.0


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """Where one practice camera streams, without name and password."""

    no: int
    main_url: str
    sub_url: str


@dataclass(frozen=True, slots=True)
class Practice:
    """Running practice cameras, in the order of their numbers."""

    control: str
    cameras: tuple[CameraAddress, ...]

    @classmethod
    def of(cls, said: dict[str, Any]) -> "Practice":
        """Read what `ordered` made."""
        return cls(said["control"], tuple(CameraAddress(**camera) for camera in said["cameras"]))

    def ordered(self, count: int | None = None) -> dict[str, Any]:
        """Return it, with the first so many cameras only, as it goes to a role."""
        return {"control": self.control, "cameras": [asdict(camera) for camera in self.cameras[:count]]}

    def fault(self, no: int, name: str, for_s: float | None = None) -> None:
        """Let something go wrong with a camera."""
        self._ask("/fault", {"target": f"camera/{no}", "fault": name} | ({"for_s": for_s} if for_s else {}))

    def clear(self, no: int) -> None:
        """End all that is wrong with a camera."""
        self._ask("/clear", {"target": f"camera/{no}"})

    def sent(self) -> list[dict[str, Any]]:
        """Return what each session was sent, the ended ones included."""
        found: list[dict[str, Any]] = self._ask("/sent")
        return found

    def _ask(self, path: str, body: dict[str, object] | None = None) -> Any:
        import urllib.request  # noqa: PLC0415 - 5 MB, which a role that is measured must not hold

        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=_ANSWER_S) as answer:
            return json.load(answer)


@contextmanager
def practice_cameras(count: int) -> Iterator[Practice]:
    """Run so many fixed H.264 cameras; the first start on a machine makes their clips and takes a while."""
    with tempfile.TemporaryDirectory(prefix="watchroom-bench-") as folder:
        config = Path(folder) / "cameras.json"
        cameras = [{"no": no, "name": f"bench {no}", "kind": "fixed", "scene": no % 8} for no in range(1, count + 1)]
        config.write_text(json.dumps({"cameras": cameras, "credentials": {"user": USER, "password": PASSWORD}}))
        command = [sys.executable, "-m", "simulation.cameras", str(config)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield _ready(process)
            finally:
                process.terminate()
                try:
                    process.wait(_END_S)
                except subprocess.TimeoutExpired:
                    process.kill()


def _ready(process: "subprocess.Popen[str]") -> Practice:
    if process.stdout is None:
        raise AssertionError("started with a pipe")
    line = process.stdout.readline()
    if not line:
        raise SystemExit("the practice cameras did not start")
    said = json.loads(line)
    addresses = tuple(CameraAddress(row["no"], row["main_url"], row["sub_url"]) for row in said["cameras"])
    return Practice(f"http://127.0.0.1:{said['control_port']}", addresses)


class Dying:
    """Resets cameras in turns, each every few seconds, for as long as it lives."""

    def __init__(self, practice: Practice, numbers: Sequence[int], *, every_s: float, dead_s: float) -> None:
        self.resets = 0
        self._practice = practice
        self._numbers = tuple(numbers)
        self._pause_s = every_s / max(1, len(self._numbers))
        self._dead_s = dead_s
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dying cameras")

    def __enter__(self) -> "Dying":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
        for no in self._numbers:
            self._practice.clear(no)

    def _run(self) -> None:
        while not self._end.is_set():
            for no in self._numbers:
                self._practice.fault(no, "dead", self._dead_s)
                self.resets += 1
                if self._end.wait(self._pause_s):
                    return
