"""Joysticks read with SDL, in a process of its own: a library that breaks there stops the cameras, not the console."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from domain.clock import Clock
from domain.errors import ProtocolError
from ptz.hands.events import AxesMoved, InputEvent, Plugged, Report, Unavailable, Unplugged, near_rest
from ptz.hands.sdl_wire import MAX_LINE, event

_ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE_S = 1.0  # for the process to end by itself
_LIVED_S = 30.0  # a process that lived so long is started again at once
_PAUSES_S = (0.2, 1.0, 5.0, 30.0)
_log = logging.getLogger(__name__)


class SdlInputs:
    """Devices as SDL sees them. `command` starts the process; it is told who its parent is."""

    def __init__(self, clock: Clock, command: Sequence[str] = (sys.executable, "-m", "ptz.hands.sdl_process")) -> None:
        self._clock = clock
        self._command = (*command, str(os.getpid()))
        self._report: Report | None = None
        self._moving: dict[str, bool] = {}
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """Return the number of the process, None while there is none."""
        with self._lock:
            return self._process.pid if self._process else None

    def start(self, report: Report) -> None:
        """Start the process, and report what devices do."""
        self._report = report
        self._thread = threading.Thread(target=self._run, name="sdl-devices", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the process; returns when that is done."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._closing.set()
        with self._lock:
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()
        thread.join(_PATIENCE_S)
        with self._lock:
            if self._process is not None:
                self._process.kill()
        thread.join()

    def _run(self) -> None:
        """Keep a process running. It is started on the thread that lasts: the kernel ends it with its thread."""
        quick = 0
        try:
            while not self._closing.is_set():
                began = self._clock.monotonic()
                if not self._served():
                    return
                quick = 0 if self._clock.monotonic() - began > _LIVED_S else quick + 1
                self._closing.wait(_PAUSES_S[min(quick, len(_PAUSES_S)) - 1] if quick else 0.0)
        except Exception as error:  # noqa: BLE001 - the thread's outermost loop: what it moved must be stopped
            _log.exception("input devices are read no more")
            self._tell(Unavailable(f"input devices are read no more: {error!r}"))
        finally:
            self._lose_all()

    def _served(self) -> bool:
        """Serve one process to its end; False where none can be had."""
        try:
            process = self._started()
        except OSError as error:
            self._tell(Unavailable(f"the process that reads input devices can't be started: {error}"))
            return False
        if process is None:
            return False
        available = True
        try:
            available = self._heard(process)
        except ProtocolError as error:
            _log.warning("%s", error)
        finally:
            self._ended(process)
            self._lose_all()
        return available

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._closing.is_set():
                return None
            self._process = subprocess.Popen(self._command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            return self._process

    def _heard(self, process: subprocess.Popen[bytes]) -> bool:
        """Pass on what it says until it ends; False where it said that it can't work here."""
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        while said := process.stdout.readline(MAX_LINE):
            if not said.endswith(b"\n"):
                if len(said) == MAX_LINE:
                    raise ProtocolError("the process that reads input devices says a line without an end")
                break  # it died while it spoke
            happened = event(said)
            self._tell(happened)
            if isinstance(happened, Unavailable):
                return False
        return True

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._process = None
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _tell(self, happened: InputEvent) -> None:
        match happened:
            case Plugged(device):
                self._moving[device] = False
            case AxesMoved(device, places):
                self._moving[device] = not near_rest(places)
            case Unplugged(device):
                self._moving.pop(device, None)
        if self._report is not None:
            self._report(happened)

    def _lose_all(self) -> None:
        for device, moving in tuple(self._moving.items()):
            self._tell(Unplugged(device, moving))
