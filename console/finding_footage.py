"""What `doctor` finds of recording and replay: folders, disk budget, player, helper processes."""

import ctypes.util
import importlib.util
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from console.core import Core
from console.finding import Finding
from domain.recording import Forecast

_PLUGINS = tuple(Path("/usr/lib").glob("*/vlc/plugins")) or (Path("/usr/lib/vlc/plugins"),)
_NEEDED = {"libVLC": "libvlc5", "libVLC's plugins": "vlc-plugin-base"}
_GB = 1e9


def examine_footage(core: Core) -> Iterator[Finding]:
    """Look at what recording and replay need."""
    yield examine_folders(core.home.ring, core.home.recordings)
    recording = core.settings.recording
    yield examine_budget(recording.budget_gb, core.footage.archive.forecast())
    yield examine_player(_PLUGINS)
    for name, pid in core.replay.processes():
        yield Finding(name, well=True, state=f"process {pid}")


def examine_folders(ring: Path, recordings: Path) -> Finding:
    """Look whether both can be written, and lie on one file system, where segments can be kept without a copy."""
    what = "ring and recordings"
    for folder in (ring, recordings):
        there = _existing(folder)
        if not os.access(there, os.W_OK | os.X_OK) or not there.is_dir():
            return Finding(what, well=False, state=f"{there} can't be written", advice="give this account the folder")
    if _existing(ring).stat().st_dev != _existing(recordings).stat().st_dev:
        advice = "put both on one disk: across disks every clip that is kept is copied"
        return Finding(what, well=False, state=f"{ring} and {recordings} lie on different file systems", advice=advice)
    return Finding(what, well=True, state=f"can be written, on one file system: {ring}, {recordings}")


def examine_budget(budget_gb: float, forecast: Forecast | None) -> Finding:
    """Look at what the disk's budget is and for how long it lasts."""
    what, state = "recording budget", f"{budget_gb:g} GB"
    if forecast is None:
        return Finding(what, well=True, state=f"{state}, not yet measured (starts with the console)")
    state += f", {forecast.used / _GB:.1f} GB used, {forecast.protected / _GB:.1f} GB of that held"
    if forecast.days_kept is not None:
        state += f", recordings stay {forecast.days_kept:.1f} days"
    if forecast.protected >= forecast.budget:
        return Finding(what, well=False, state=state, advice="only what is held is left: end a hold or add space")
    if forecast.used + forecast.free < forecast.budget:
        advice = "the disk is smaller than the budget: make room, or lower [recording] budget_gb in console.toml"
        return Finding(what, well=False, state=state, advice=advice)
    return Finding(what, well=True, state=state)


def examine_player(plugins: Sequence[Path]) -> Finding:
    """Look for what plays recorded files, without loading it into this process."""
    if importlib.util.find_spec("vlc") is None:
        return Finding("review player", well=False, state="python-vlc is not there", advice="run the set-up again")
    missing = []
    if ctypes.util.find_library("vlc") is None:
        missing.append("libVLC")
    if not any(any(folder.glob("video_output/libvmem_plugin.so")) for folder in plugins):
        missing.append("libVLC's plugins")
    if missing:
        advice = f"sudo apt-get install {' '.join(_NEEDED[name] for name in missing)}"
        return Finding("review player", well=False, state=f"{' and '.join(missing)} not found", advice=advice)
    return Finding("review player", well=True, state=f"{ctypes.util.find_library('vlc')} and its plugins")


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there already."""
    return next((each for each in (folder, *folder.parents) if each.exists()), Path("/"))
