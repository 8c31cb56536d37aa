import atexit
import gc
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--disable-gpu --disable-logging")
if os.geteuid() == 0:
    os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"

# A shell that starts the tests in the background has them, and so every program they start, pass over Ctrl-C.
if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Workers that run side by side must not tidy up each other's folders.
_worker = os.environ.get("PYTEST_XDIST_WORKER")
if _worker:
    _folder = Path(tempfile.gettempdir()) / f"watchroom-tests-{os.getpid()}"
    _folder.mkdir(mode=0o755, exist_ok=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(_folder)
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)

# The web engine's address scheme has to be known before the one QApplication of all tests is made.
from widgets.map_scheme import register_scheme  # noqa: E402 - the environment above comes first

register_scheme()


@pytest.fixture(autouse=True)
def _garbage_goes_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect garbage between tests, and never on a thread of the program: a Qt object would die on the wrong one.

    What a test with windows leaves behind goes at once.
    """
    gc.disable()
    yield
    gc.disable()  # the console's own collector has given it back
    if "qtbot" in request.fixturenames or gc.get_count()[0] > 10_000:
        gc.collect()


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread or a process of its own running."""
    threads = set(threading.enumerate())
    children = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    waited = 0
    while waited < 50 and (_new_threads(threads) or _new_children(children)):
        threading.Event().wait(0.1)
        waited += 1
    assert not _new_threads(threads), f"threads left: {_new_threads(threads)}"
    assert not _new_children(children), f"processes left: {_new_children(children)}"


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and thread.is_alive() and not thread.name.startswith("pytest_timeout")
    ]


def _new_children(before: set[int]) -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if child.pid not in before and _counts(child)]


def _counts(child: psutil.Process) -> bool:
    """Whether the process runs on, and is not one of the web engine's, which live as long as the program."""
    try:
        return child.status() != psutil.STATUS_ZOMBIE and "QtWebEngine" not in child.name()
    except psutil.NoSuchProcess:
        return False
