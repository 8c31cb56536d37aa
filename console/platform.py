"""What must be settled before Qt starts: where windows can be drawn, and how the web engine runs."""

import os
import sys


def prepare_platform(*, demo: bool) -> list[str]:
    """Choose Qt's platform and the web engine's switches; return what the person at the terminal should know.

    Without a display Qt's offscreen platform draws into memory. As root the web engine refuses to start with its
    sandbox, so `demo` (and only that) turns it off.
    """
    notices = []
    if sys.platform == "linux" and not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        shots = "; --shot DIR shows them" if demo else ""
        notices.append(f"no display: windows are drawn in memory (Qt's offscreen platform){shots}")
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
