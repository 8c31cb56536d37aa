"""What must be settled before Qt starts: where windows can be drawn, and how the web engine runs."""

import os
import re
import socket
import sys

from domain.errors import UnreachableError

_X_DISPLAY = re.compile(r"(?P<host>[^/:]*):(?P<number>[0-9]+)(\.[0-9]+)?")
_X_PORT = 6000
_ANSWERS_S = 5.0


def prepare_platform(*, demo: bool) -> list[str]:
    """Choose Qt's platform and the web engine's switches; return what the person at the terminal should know.

    Without a display Qt's offscreen platform draws into memory. As root the web engine refuses to start with its
    sandbox, so `demo` (and only that) turns it off. UnreachableError where the display that is named does not answer:
    Qt would end the program there and then.
    """
    notices = []
    if sys.platform == "linux" and not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        shots = "; --shot DIR shows them" if demo else ""
        notices.append(f"no display: windows are drawn in memory (Qt's offscreen platform){shots}")
    display = os.environ.get("DISPLAY", "")
    if _draws_on_x() and not x_answers(display):
        raise UnreachableError(f"display {display}: does not answer; without DISPLAY windows are drawn in memory")
    os.environ.setdefault("QT_QUICK_BACKEND", "software")  # without a GPU: 860 -> 255 MB, and no late UI
    if is_root() and demo:
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
        notices.append("running as root: the map's web sandbox is off (demo only)")
    elif not map_can_run():
        notices.append("running as root: there is no map, its web engine refuses root; run as an ordinary user")
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    if "--disable-gpu" not in flags:
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{flags} --disable-gpu --disable-logging".strip()
    return notices


def is_root() -> bool:
    """Whether this process runs as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def map_can_run() -> bool:
    """Whether the web engine would start: as root it ends the whole program unless its sandbox is off."""
    return not is_root() or os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") == "1"


def has_display() -> bool:
    """Whether an X or Wayland display is named."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def x_answers(display: str) -> bool:
    """Whether somebody listens at an X display (`:0`, `host:10.0`); also where its name is of a kind not known here."""
    name = _X_DISPLAY.fullmatch(display)
    if name is None:
        return True
    number = int(name["number"])
    if name["host"] not in ("", "unix"):
        return _listens(socket.AF_INET, (name["host"], _X_PORT + number))
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X servers listen
    return any(_listens(socket.AF_UNIX, address) for address in (path, f"\0{path}"))


def _draws_on_x() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform:
        return platform.startswith("xcb")
    return bool(os.environ.get("DISPLAY")) and not os.environ.get("WAYLAND_DISPLAY")


def _listens(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(_ANSWERS_S)
        try:
            probe.connect(address)
        except OSError:
            return False
    return True
