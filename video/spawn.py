"""Helper processes of the console: how one is started, and how one is ended without waiting for ever."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_KILLED_S = 0.5  # a killed process is gone within a few milliseconds, unless it waits for a disk that hangs


def spawn(module: str, arguments: Sequence[str], *, orders: int, answers: int) -> subprocess.Popen[bytes]:
    """Run a module of ours, told first who its parent is; OSError where it can't be started.

    `orders` and `answers` are the descriptors of its standard input and output.
    """
    command = [sys.executable, "-m", module, str(os.getpid()), *arguments]
    return subprocess.Popen(command, cwd=_ROOT, stdin=orders, stdout=answers, bufsize=0)


def end(process: subprocess.Popen[bytes], patience_s: float) -> None:
    """Wait so long for a process to end by itself, kill it otherwise.

    The kernel ends no process while it waits for a disk: one that does is awaited beside, and holds nobody up.
    """
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        try:
            process.wait(_KILLED_S)
        except subprocess.TimeoutExpired:
            threading.Thread(target=process.wait, name="dying-helper", daemon=True).start()
