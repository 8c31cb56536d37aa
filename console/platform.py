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
        notices.append("no display: windows are drawn in memory (Qt's offscreen platform); --shot DIR shows them")
    os.environ.setdefault("QT_QUICK_BACKEND", "software")  # without a GPU: 860 -> 255 MB, and no late UI
    if demo and hasattr(os, "geteuid") and os.geteuid() == 0:
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
        notices.append("running as root: the map's web sandbox is off (demo only)")
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    if "--disable-gpu" not in flags:
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{flags} --disable-gpu --disable-logging".strip()
    return notices


def has_display() -> bool:
    """Whether an X or Wayland display is named."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
