"""What a start loads before there is anything on the screen: libraries that take a second have to wait."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.console.by_hand import ROOT

pytestmark = pytest.mark.system

HEAVY = [
    *("sqlalchemy", "alembic", "psycopg", "argon2", "keyring", "zeep", "onvif", "lxml", "paho", "msgspec"),
    *("folium", "branca", "jinja2", "numpy", "cv2", "av", "vlc", "pyqtgraph"),
    "PySide6.QtWebEngineWidgets",  # QtWebEngineCore knows the map's address scheme, which must come before everything
]

LOOK = """
import json, sys
{imports}
from console.application import make_application
from console.program import Program
from console.settings import Settings
from domain.clock import SystemClock

settings = Settings()
application = make_application(settings.desk, demo=True)
program = Program(settings, SystemClock())
loaded = []

def painted():
    loaded.extend(name for name in {heavy} if name in sys.modules)
    application.quit()

program.window.first_painted.disconnect()  # what comes after the first paint is not begun
program.window.first_painted.connect(painted)
program.show()
application.exec()
program.close()
print(json.dumps(loaded))
"""


@pytest.mark.parametrize("imports", ["import console.demo, console.start", "import console.cli"])
def test_the_first_window_is_painted_before_any_heavy_library_is_loaded(tmp_path: Path, imports: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK.format(imports=imports, heavy=HEAVY)],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []


@pytest.mark.parametrize(
    ("module", "without"),
    [
        ("console.cli", ["PySide6", "sqlalchemy", "zeep", "paho", "av"]),
        ("console.headless", ["PySide6.QtWidgets", "PySide6.QtGui", "folium", "pyqtgraph"]),
        ("console.ptz_command", ["PySide6.QtWidgets", "folium", "pyqtgraph"]),
    ],
)
def test_a_command_loads_no_library_that_it_does_not_need(module: str, without: list[str]) -> None:
    code = f"import json, sys, {module}; print(json.dumps([name for name in {without} if name in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=50, check=True, cwd=ROOT
    )
    assert json.loads(done.stdout) == []
