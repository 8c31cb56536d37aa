"""Processes that the practice city starts: none of them outlives it, however it ends."""

import json
import os
import queue
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import IO

from domain.errors import UnreachableError
from simulation.leash import set_death_signal

_LEASH = Path(__file__).with_name("leash.py")
_PACKAGES = Path(__file__).resolve().parents[1]

STOP_WITHIN_S = 5.0


def python_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of ours with this interpreter."""
    return [sys.executable, "-m", module, *arguments]


def python_environment() -> dict[str, str]:
    """Return our environment with the folder of our packages on the module path."""
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{_PACKAGES}{os.pathsep}{known}" if known else str(_PACKAGES)}


class Spawner:
    """Starts processes that get a signal when this one dies.

    The kernel sends the death signal when the *thread* that forked ends, so one thread that lives as long as the
    spawner starts them all.
    """

    def __init__(self) -> None:
        self._wishes: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="spawner", daemon=True)
        self._thread.start()

    def start(
        self,
        command: Sequence[str],
        *,
        log: Path | None = None,
        answers: bool = False,
        death_signal: signal.Signals = signal.SIGKILL,
        environment: Mapping[str, str] | None = None,
    ) -> "subprocess.Popen[bytes]":
        """Start a program with a pipe as its input; its errors (and output unless it `answers`) go to the log.

        UnreachableError where the program can't be started.
        """
        started: Future[subprocess.Popen[bytes]] = Future()

        def fork() -> None:
            try:
                with _open_log(log) as errors:
                    process = subprocess.Popen(
                        [
                            sys.executable,
                            "-I",
                            "-S",
                            str(_LEASH),
                            str(os.getpid()),
                            str(threading.get_native_id()),
                            str(int(death_signal)),
                            "--",
                            *command,
                        ],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE if answers else errors,
                        stderr=errors,
                        env=dict(environment) if environment is not None else None,
                    )
            except OSError as error:
                started.set_exception(UnreachableError(f"{command[0]} could not be started: {error}"))
            else:
                started.set_result(process)

        self._wishes.put(fork)
        return started.result()

    def close(self) -> None:
        """End the thread; whatever it started and was not stopped gets its death signal."""
        self._wishes.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (wish := self._wishes.get()) is not None:
            wish()


def stop(process: "subprocess.Popen[bytes]", number: signal.Signals = signal.SIGTERM) -> int:
    """Ask a process to end, kill it where it has not within 5 s, and return its exit status."""
    if process.poll() is None:
        process.send_signal(number)
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    return process.returncode


def read_line(process: "subprocess.Popen[bytes]", within_s: float) -> dict[str, object]:
    """Return the JSON object on the next line of a process's output.

    UnreachableError where it ends, says something else, or says nothing within the time; the process is left
    as it is, and the caller stops it.
    """
    output = process.stdout
    if output is None:
        raise UnreachableError("the process was started without an output to read")
    answer: Future[bytes] = Future()
    threading.Thread(target=lambda: answer.set_result(output.readline()), name="ready line", daemon=True).start()
    try:
        line = answer.result(within_s)
    except TimeoutError:
        raise UnreachableError(f"process {process.pid} was not ready within {within_s:g} s") from None
    try:
        said = json.loads(line)
    except ValueError:
        raise UnreachableError(f"process {process.pid} said {line[:200]!r} instead of being ready") from None
    if not isinstance(said, dict):
        raise UnreachableError(f"process {process.pid} said {line[:200]!r} instead of being ready")
    return said


class Leash:
    """Says when this process has to end: on SIGTERM or SIGINT, at the end of its input, at its parent's death.

    Input counts where somebody can close it (a pipe, a socket or a terminal); /dev/null is no such input.
    """

    def __init__(self) -> None:
        self.ended = threading.Event()

    def hold(self) -> None:
        """Begin to watch; called once, in the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.ended.set())
        parent = os.getppid()
        set_death_signal(signal.SIGTERM)
        if os.getppid() != parent:
            self.ended.set()
        if _can_end(0):
            threading.Thread(target=self._watch_input, name="input", daemon=True).start()

    def wait(self) -> None:
        """Return when the end has come."""
        while not self.ended.wait(3600):
            pass

    def _watch_input(self) -> None:
        try:
            while os.read(0, 4096):
                pass
        except OSError:  # a terminal that went away
            pass
        self.ended.set()


def _can_end(descriptor: int) -> bool:
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)


def _open_log(path: Path | None) -> IO[bytes]:
    return Path(os.devnull).open("wb") if path is None else path.open("ab")
