"""Joysticks and gamepads of Linux, read straight from the kernel: no library, nothing done while nothing is touched."""

import logging
import os
import select
import threading
from collections.abc import Callable
from pathlib import Path

from domain.clock import Clock
from ptz.hands.evdev_device import EvdevDevice
from ptz.hands.evdev_node import Node, opened
from ptz.hands.events import InputEvent, Plugged, Report, Unavailable, Unplugged

LOOK_EVERY_S = 1.0  # for devices that were plugged in: one look at a folder's time of change
_READ = 64 * 24  # bytes; the kernel keeps 64 events for a device
_log = logging.getLogger(__name__)

Open = Callable[[Path], Node | None]


class EvdevInputs:
    """All devices in a folder; `open_node` opens one. A thread of its own reads them."""

    def __init__(self, clock: Clock, folder: Path = Path("/dev/input"), open_node: Open = opened) -> None:
        self._clock = clock
        self._folder = folder
        self._open = open_node
        self._report: Report = _unheard
        self._devices: dict[int, EvdevDevice] = {}
        self._seen: dict[Path, float] = {}
        self._refused: set[Path] = set()
        self._look_at = 0.0
        self._wake, self._woken = -1, -1
        self._thread: threading.Thread | None = None

    def start(self, report: Report) -> None:
        """Look for devices from now on, and report what they do."""
        self._report = report
        self._woken, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._run, name="input-devices", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let go of all devices; returns when that is done."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        os.close(self._wake)
        thread.join()
        os.close(self._woken)

    def _run(self) -> None:
        try:
            while self._round():
                pass
        except Exception as error:  # noqa: BLE001 - the thread's outermost loop: what it moved must be stopped
            _log.exception("input devices are read no more")
            self._report(Unavailable(f"input devices are read no more: {error!r}"))
        finally:
            for fd in tuple(self._devices):
                self._lose(fd)

    def _round(self) -> bool:
        """Wait for something to happen and pass it on; False when it is time to end."""
        if self._clock.monotonic() >= self._look_at:
            self._look()
            self._look_at = self._clock.monotonic() + LOOK_EVERY_S
        poll = select.poll()
        for fd in (self._woken, *self._devices):
            poll.register(fd, select.POLLIN)
        now = self._clock.monotonic()
        waits = [wait for device in self._devices.values() if (wait := device.pace.wait_s(now)) is not None]
        for fd, _ in poll.poll(1000 * min([LOOK_EVERY_S, *waits])):
            if fd == self._woken:
                return False
            self._read(fd)
        for device in self._devices.values():
            self._tell(device.due(self._clock.monotonic()))
        return True

    def _look(self) -> None:
        """Open the devices that were not there, or not readable, when the folder was looked at before."""
        try:
            found = {path: path.stat().st_ctime for path in self._folder.glob("event*")}
        except OSError:
            return  # one went while we looked: the next look is clear
        new = {path for path, changed in found.items() if self._seen.get(path) != changed}
        self._seen = found  # opened again under the same name: another device, or other rights
        for path in sorted(new, key=lambda path: (len(path.name), path.name)):
            self._take(path)

    def _take(self, path: Path) -> None:
        if any(device.path == path for device in self._devices.values()):
            return
        try:
            node = self._open(path)
        except PermissionError:
            if path not in self._refused:
                self._refused.add(path)
                self._report(Unavailable(f"{path} may not be read: the account must be in the group 'input'"))
            return
        except OSError:
            return  # gone again
        if node is None:
            return
        try:
            state = node.state()
        except OSError:
            node.close()
            return
        self._devices[node.fd] = EvdevDevice(path, node, state)
        self._report(Plugged(str(path), node.layout.name, len(node.layout.axes), len(node.layout.buttons)))

    def _read(self, fd: int) -> None:
        device = self._devices[fd]
        try:
            octets = os.read(fd, _READ)
            events = device.fed(octets)
        except BlockingIOError:
            return
        except OSError:  # ENODEV: pulled out
            octets, events = b"", []
        self._tell(events)
        if not octets:
            self._lose(fd)

    def _lose(self, fd: int) -> None:
        device = self._devices.pop(fd)
        self._seen.pop(device.path, None)  # another may have come under its name before this one was missed
        device.node.close()
        self._report(Unplugged(str(device.path), device.pace.moving))

    def _tell(self, events: list[InputEvent]) -> None:
        for event in events:
            self._report(event)


def _unheard(event: InputEvent) -> None:
    """Drop what happens before `start`: nothing does."""
