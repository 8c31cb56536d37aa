"""The roles of a bench: each a process of its own, told what to do on standard input, answering with one JSON line."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Figures = dict[str, float]
_LIMIT_S = 150.0
_X_READY_S = 10.0


class RoleError(Exception):
    """A role did not answer; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a role went: its figures, and how long after `end_asked_at` (monotonic, its own word) all of it was gone."""

    figures: Figures
    gone_after_s: float


def run_role(name: str, order: Mapping[str, Any], *, display: str = "") -> Figures:
    """Run one role and return its figures; RoleError where it fails."""
    return run_role_to_end(name, order, display=display).figures


def run_role_to_end(name: str, order: Mapping[str, Any], *, display: str = "") -> Ended:
    """Run one role and say besides how long it took to go after it was asked to (figure `end_asked_at`)."""
    command = [sys.executable, "-m", f"bench.wall_roles.{name}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("DISPLAY", None)
    environment |= {"DISPLAY": display} if display else {"QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        said, wrong = process.communicate(json.dumps(order), timeout=_LIMIT_S)
    except subprocess.TimeoutExpired:
        raise RoleError(f"{name}: no answer within {_LIMIT_S:.0f} s") from None
    finally:
        gone_at = time.monotonic()
        _end_session(process)
    if process.returncode != 0 or not said.strip():
        last = (wrong.strip().splitlines() or ["it said nothing"])[-1]
        raise RoleError(f"{name}: exit code {process.returncode}: {last}")
    figures: Figures = json.loads(said.splitlines()[-1])
    return Ended(figures, gone_at - figures.get("end_asked_at", gone_at))


def _end_session(process: "subprocess.Popen[str]") -> None:
    """Leave nothing of a role behind, however it went."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


@contextmanager
def x_display(width: int = 1920, height: int = 1080) -> Iterator[str]:
    """Run an X server without a screen and give its display's name; RoleError where there is none."""
    listening, telling = os.pipe()
    command = ["Xvfb", "-displayfd", str(telling), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    try:
        process = subprocess.Popen(command, pass_fds=[telling], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError as error:
        os.close(listening)
        raise RoleError(f"no X server: {error}") from error
    finally:
        os.close(telling)
    try:
        with os.fdopen(listening) as told:
            number = told.readline().strip()  # an empty line: it ended
        if not number:
            raise RoleError("the X server did not start")
        yield f":{number}"
    finally:
        process.terminate()
        try:
            process.wait(_X_READY_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
