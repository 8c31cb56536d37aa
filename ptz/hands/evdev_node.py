"""One input device of Linux: the file through which it is read, and what can be asked of it."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ptz.hands.evdev_format import ABS_INFO, Layout, State, bits, layout

_NAME, _KEYS = 256, 96  # bytes that hold a device's name, and a bit for each key that there is
_READ = 0x8000_4500  # an ioctl that reads, of the family 'E'; its size comes 16 bits higher


class Node(Protocol):
    """A device that is open."""

    @property
    def fd(self) -> int:
        """Return what becomes readable when something is done with it."""
        ...

    @property
    def layout(self) -> Layout:
        """Return what it has."""
        ...

    def state(self) -> State:
        """Return how it stands now; OSError where it is gone."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


@dataclass(frozen=True, slots=True)
class DeviceNode:
    """A device under /dev/input."""

    fd: int
    layout: Layout

    def state(self) -> State:
        """Ask the kernel where its axes are and which buttons are pressed; OSError where it is gone."""
        values = {axis: ABS_INFO.unpack(_axis_info(self.fd, axis))[0] for axis in self.layout.axes}
        return State(values, bits(_asked(self.fd, 0x18, _KEYS)))

    def close(self) -> None:
        """Let it go."""
        os.close(self.fd)


def opened(path: Path) -> Node | None:
    """Open a device; None where it is none with which a camera is steered. OSError where it may not be opened."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = _layout(fd)
    except OSError:
        found = None  # a file that is no input device
    if found is None:
        os.close(fd)
        return None
    return DeviceNode(fd, found)


def _layout(fd: int) -> Layout | None:
    name = _asked(fd, 0x06, _NAME).split(b"\0", 1)[0].decode("utf-8", "replace").strip()
    axes = bits(_asked(fd, 0x20 + 3, 8))  # EVIOCGBIT(EV_ABS)
    infos = {axis: _axis_info(fd, axis) for axis in axes}
    return layout(name or "input device", bits(_asked(fd, 0x20 + 1, _KEYS)), infos)  # EVIOCGBIT(EV_KEY)


def _axis_info(fd: int, axis: int) -> bytes:
    return _asked(fd, 0x40 + axis, ABS_INFO.size)


def request(number: int, size: int) -> int:
    """Return the ioctl that reads so many bytes by its number within linux/input.h."""
    return _READ | size << 16 | number


def _asked(fd: int, number: int, size: int) -> bytes:
    return fcntl.ioctl(fd, request(number, size), bytes(size))
