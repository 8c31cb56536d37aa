"""The console's end of the PTZ watchdog, and the command that is the watchdog: `python -m ptz.watchdog`."""

import itertools
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.camera import Credentials
from domain.clock import Clock
from domain.errors import UnreachableError
from ptz.arming import SILENCE_S, Arming, decoded, encoded
from ptz.signing import AuthMode

COMMAND = (sys.executable, "-m", "ptz.watchdog")
CONFIRM_S = 0.5
BEATS_AGAIN_S = 0.3  # three beats
DEAF_AFTER_BEATS = 10  # a second of beats without an echo: it hangs, and is replaced
RESTART_AFTER_S = (0.0, 0.2, 1.0, 3.0)
GONE_WITHIN_S = 3.5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    arming: Arming
    at: float


class Watchdog:
    """Keeps the watchdog process running and speaks to it.

    Nothing of it waits but `arm` (at most 0.5 s), `wait_alive` and `close`. `beat` is called by the UI thread
    every 100 ms: without beats nothing may move. Whoever `watch`es is told, on a thread of its own, when the
    process came up (True) or went away (False). `command` starts the process in installations where
    `python -m ptz.watchdog` does not.
    """

    def __init__(self, clock: Clock, command: Sequence[str] = COMMAND) -> None:
        self._clock = clock
        self._command = tuple(command)
        self._watchers: list[Callable[[bool], None]] = []
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._ids = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._alive = False
        self._closing = threading.Event()
        self._beat_at = float("-inf")
        self._unanswered = 0
        self._asked: dict[int, _Asked] = {}  # by arming
        self._confirmed: dict[int, _Asked] = {}  # by camera
        self._thread = threading.Thread(target=self._keep, name="ptz-watchdog", daemon=True)

    def start(self) -> None:
        """Start the process, and start it again whenever it dies; returns at once."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the process runs and has said that it is ready."""
        return self._alive

    @property
    def pid(self) -> int | None:
        """Return the running process's id."""
        process = self._process
        return process.pid if process is not None else None

    def wait_alive(self, timeout_s: float) -> bool:
        """Wait until it is alive; for the command line and tests."""
        with self._changed:
            return self._changed.wait_for(lambda: self._alive, timeout_s)

    def watch(self, told: Callable[[bool], None]) -> None:
        """Tell from now on when it comes up or goes away."""
        self._watchers.append(told)

    def beat(self) -> None:
        """Say that the console lives; never waits."""
        self._beat_at = self._clock.monotonic()
        if not self._alive:
            return
        self._unanswered += 1
        if self._unanswered > DEAF_AFTER_BEATS:
            self._kill()
        with suppress(UnreachableError):  # its end is seen by the thread that reads
            self._write(encoded({"do": "beat"}))

    def arm(
        self,
        camera_no: int,
        endpoint: str,
        profile: str,
        credentials: Credentials | None,
        *,
        offset_s: float,
        deadline_s: float,
        zero: tuple[bool, bool] = (False, False),
        auth: AuthMode = AuthMode.TOKEN,
        pin: str = "",
        basic_allowed: bool = False,
    ) -> int:
        """Have it confirm that it will stop this camera; return the number of the arming.

        `zero`, `auth`, `pin` and `basic_allowed` are as in `Arming`.
        UnreachableError where it does not confirm exactly this within 0.5 s, or the console does not beat: then
        nothing may move.
        """
        if not self._beats_soon():
            raise UnreachableError("the console does not beat, so nothing may move")
        arming = Arming(
            next(self._ids),
            camera_no,
            endpoint,
            profile,
            deadline_s,
            offset_s,
            credentials,
            zero,
            auth,
            pin,
            basic_allowed,
        )
        with self._changed:
            # Its deadline is counted from now, when it is asked: never later than by the watchdog's own count.
            self._asked[arming.id] = _Asked(arming, self._clock.monotonic())
        try:
            self._write(arming.line())
            with self._changed:
                self._changed.wait_for(lambda: not self._alive or self._holds(arming), CONFIRM_S)
                if not (self._alive and self._holds(arming)):
                    raise UnreachableError("the PTZ watchdog does not confirm")
        finally:
            self._asked.pop(arming.id, None)
        return arming.id

    def covers(self, camera_no: int, for_s: float) -> bool:
        """Whether a move of this camera may leave now: armed for so long yet, alive, and the console beats."""
        with self._changed:
            held = self._confirmed.get(camera_no)
            return (
                held is not None
                and self._alive
                and self._beating()
                and held.at + held.arming.deadline_s - self._clock.monotonic() >= for_s
            )

    def disarm(self, camera_no: int, arm_id: int) -> None:
        """Say that this camera was seen standing still, unless it was armed again since."""
        with self._changed:
            held = self._confirmed.get(camera_no)
            if held is None or held.arming.id != arm_id:
                return
            del self._confirmed[camera_no]
        with suppress(UnreachableError):
            self._write(encoded({"do": "disarm", "camera": camera_no, "id": arm_id}))

    def close(self) -> None:
        """End it: at once where all stands still, else after its Stops; waits for that."""
        self._closing.set()
        with self._writing:
            if self._process is not None and self._process.stdin is not None:
                with suppress(OSError):
                    self._process.stdin.close()
        if self._thread.is_alive():
            self._thread.join(GONE_WITHIN_S)
        if self._thread.is_alive():
            self._kill()
            self._thread.join(1.0)

    def _kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()

    def _beats_soon(self) -> bool:
        """Whether the console beats, or begins to again: a key is pressed right after the screen was late, too."""
        pause, ends_at = threading.Event(), self._clock.monotonic() + BEATS_AGAIN_S
        while not self._beating():
            if self._clock.monotonic() > ends_at:
                return False
            pause.wait(0.02)
        return True

    def _beating(self) -> bool:
        return self._clock.monotonic() - self._beat_at <= SILENCE_S

    def _holds(self, arming: Arming) -> bool:
        held = self._confirmed.get(arming.camera)
        return held is not None and held.arming.id == arming.id

    def _write(self, line: bytes) -> None:
        """Write a line whole or not at all, without waiting."""
        with self._writing:
            process = self._process
            if process is None or process.stdin is None or process.stdin.closed:
                raise UnreachableError("the PTZ watchdog is not running")
            try:
                os.write(process.stdin.fileno(), line)
            except OSError as error:
                raise UnreachableError("the PTZ watchdog does not listen") from error

    def _keep(self) -> None:
        failures = 0
        while not self._closing.is_set():
            began = self._clock.monotonic()
            try:
                self._serve()
            except OSError as error:
                _log.error("the PTZ watchdog can't be started: %s", error)
            except Exception:  # noqa: BLE001 - the outermost loop of a thread: without it nothing moves or is watched
                _log.exception("the PTZ watchdog's reader went wrong")
            failures = 0 if self._clock.monotonic() - began > 10 else failures + 1
            self._closing.wait(RESTART_AFTER_S[min(failures, len(RESTART_AFTER_S)) - 1] if failures else 0)

    def _serve(self) -> None:
        """Start one process and listen to it until it ends."""
        root = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # what ends the console's session or group does not end it
            env=os.environ | {"PYTHONPATH": path},
        )
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None:
            raise OSError("no pipes")  # never: both were asked for
        os.set_blocking(stdin.fileno(), False)
        with self._writing:
            self._process = process
            if self._closing.is_set():
                stdin.close()
        try:
            for line in stdout:
                self._hear(decoded(line))
        finally:
            with self._writing:
                self._process = None
                stdin.close()
            stdout.close()
            self._set_alive(alive=False)
            _reap(process)

    def _hear(self, fields: dict[str, Any]) -> None:
        match fields.get("said"):
            case "ready":
                self._unanswered = 0
                self._set_alive(alive=True)
            case "beat":
                self._unanswered = 0
            case "armed":
                self._confirm(fields)
            case "lapsed":
                with self._changed:
                    held = self._confirmed.get(fields.get("camera", -1))
                    if held is not None and held.arming.id == fields.get("id"):
                        del self._confirmed[held.arming.camera]
            case "fired":
                if fields.get("cameras"):
                    _log.error("the PTZ watchdog stopped cameras %s: %s", fields.get("cameras"), fields.get("why"))
                self._set_alive(alive=False)
            case _:
                pass  # a newer watchdog's word

    def _confirm(self, fields: dict[str, Any]) -> None:
        with self._changed:
            asked = self._asked.get(fields.get("id", 0))
            if asked is not None and fields == asked.arming.confirmed:
                self._confirmed[asked.arming.camera] = asked
            self._changed.notify_all()

    def _set_alive(self, *, alive: bool) -> None:
        with self._changed:
            changed, self._alive = self._alive is not alive, alive
            if not alive:
                self._confirmed.clear()
            self._changed.notify_all()
        if changed:
            for told in self._watchers:
                told(alive)


def _reap(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(GONE_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    from ptz.guard import main

    main()
