import contextlib
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from widgets.theme import NIGHT

ROOT = Path(__file__).parents[2]
ACCENT = tuple(bytes.fromhex(NIGHT.accent[1:]))


def until(what: str, condition: Callable[[], Any], timeout_s: float = 60.0) -> Any:
    """Wait for a condition and return what it gives; fail naming what never came."""
    ends = time.monotonic() + timeout_s
    while time.monotonic() < ends:
        found = condition()
        if found:
            return found
        threading.Event().wait(0.05)
    raise AssertionError(f"never came: {what}")


class Hands:
    """A person at keyboard and mouse of an X display."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "PYTHONPATH": str(ROOT)}
        self.environment.pop("QT_QPA_PLATFORM", None)
        self.environment.pop("WAYLAND_DISPLAY", None)

    def do(self, *arguments: str) -> str:
        done = subprocess.run(["xdotool", *arguments], env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def press(self, *keys: str) -> None:
        self.do("key", "--delay", "60", *keys)

    def write(self, *texts: str) -> None:
        """Type texts; Tab and Return are keys."""
        for text in texts:
            if text in ("Tab", "Return"):
                self.press(text)
            else:
                self.do("type", "--delay", "40", text)

    def press_until(self, what: str, key: str, came: Callable[[], Any]) -> Any:
        """Press a key, again and again, until what it is for has come; each time it has a second to come."""

        def pressed() -> Any:
            self.press(key)
            with contextlib.suppress(AssertionError):
                return until(what, came, 1)
            return None

        return until(what, pressed)

    def line_with_keys(self) -> int | None:
        """Return how far below the top of the screen the line lies that takes the keys, in pixels, or None.

        Its frame is seen: 2 pixels of the accent's colour, which nothing else draws for 200 pixels on end.
        """
        command = ["import", "-window", "root", "-depth", "8", "ppm:-"]
        shot = subprocess.run(command, env=self.environment, capture_output=True, check=True).stdout
        _, size, _, pixels = shot.split(b"\n", 3)
        picture = np.frombuffer(pixels, np.uint8).reshape(int(size.split()[1]), int(size.split()[0]), 3)
        rows = np.flatnonzero((picture == ACCENT).all(axis=2).sum(axis=1) >= 200)
        return int(rows[0]) if len(rows) else None

    def has_window(self, name: str) -> bool:
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", name],
            env=self.environment,
            capture_output=True,
            check=False,
        )
        return found.returncode == 0


class Running:
    """A process of the program, ended with all that it started."""

    def __init__(self, arguments: list[str], environment: dict[str, str], folder: Path) -> None:
        self.errors = folder / "stderr.txt"
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "main.py"), *arguments],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(30)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        return code

    def kill(self) -> None:
        self.process.kill()


def reap(pid: int) -> None:
    for process in psutil.process_iter(["ppid"]):
        if process.info["ppid"] == pid:
            process.kill()


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)
