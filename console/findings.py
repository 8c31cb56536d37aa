"""What `doctor` finds: every dependency, process, address and disk: found or not, and what to do."""

import importlib
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from console.core import Core
from console.finding import Finding
from console.finding_footage import examine_footage

_MODULES = ("PySide6", "av", "cv2", "pyqtgraph", "folium", "sqlalchemy", "psycopg", "paho.mqtt", "onvif", "zeep")
_LEAST_FREE_GB = 5.0
_DEFAULT_PORTS = {"mqtt": 1883, "mqtts": 8883, "postgresql": 5432}


def examine(core: Core) -> list[Finding]:
    """Look at everything this workstation needs."""
    return [
        *_modules(),
        *_programs(),
        _disk(core.home.path),
        _secrets(core),
        *_addresses(core),
        *_helpers(core),
        *examine_footage(core),
        _register(core),
    ]


def _modules() -> Iterator[Finding]:
    yield Finding("python", sys.version_info[:2] == (3, 11), sys.version.split()[0], "")
    for name in _MODULES:
        try:
            module = importlib.import_module(name)
        except (ImportError, OSError) as error:
            yield Finding(name, well=False, state=f"not usable ({error})", advice="run the set-up again")
        else:
            yield Finding(name, well=True, state=str(getattr(module, "__version__", "found")))


def _programs() -> Iterator[Finding]:
    for name, package in (("mosquitto", "mosquitto"), ("pg_ctl", "postgresql")):
        found = shutil.which(name) or shutil.which(f"/usr/sbin/{name}") or _newest_postgres(name)
        yield Finding(
            name,
            well=found is not None,
            state=found or "not found",
            advice="" if found else f"the practice city needs it: sudo apt-get install {package}",
        )


def _newest_postgres(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else None


def _disk(path: Path) -> Finding:
    free_gb = shutil.disk_usage(path).free / 1e9
    advice = "" if free_gb >= _LEAST_FREE_GB else "make room: below this recordings and the database stop"
    return Finding("disk", free_gb >= _LEAST_FREE_GB, f"{free_gb:.1f} GB free at {path}", advice)


def _secrets(core: Core) -> Finding:
    return Finding("secret store", well=True, state=core.stores.secrets.kind)


def _addresses(core: Core) -> Iterator[Finding]:
    for name, url in (("broker", core.settings.mqtt.url), ("headquarters", core.settings.hq.url)):
        section = "mqtt" if name == "broker" else "hq"
        if not url:
            yield Finding(name, well=False, state="not set", advice=f"put [{section}] url into console.toml")
            continue
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
        try:
            with socket.create_connection((host, port), timeout=2):
                yield Finding(name, well=True, state=f"answers at {host}:{port}")
        except OSError as error:
            advice = "look at the network and at the server"
            yield Finding(name, well=False, state=f"no answer at {host}:{port} ({error})", advice=advice)


def _helpers(core: Core) -> Iterator[Finding]:
    for name, pid in core.video.processes():
        yield Finding(f"stream worker {name}", well=True, state=f"process {pid}")
    state = "running" if core.watchdog.alive else "not started (starts with the console)"
    yield Finding("PTZ watchdog", well=True, state=state)


def _register(core: Core) -> Finding:
    cameras = core.stores.cameras.all()
    live = sum(camera.streams for camera in cameras)
    advice = "" if cameras else "import a camera list: watchroom cameras import FILE.csv"
    return Finding("cameras", bool(cameras), f"{len(cameras)} in the register, {live} with a stream", advice)
