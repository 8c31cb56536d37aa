import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.wall_bindings import Bindings, ScreenName
from tests.console.by_hand import ROOT, until

LEFT, RIGHT = ScreenName("DEL/U27/A1", "DP-1"), ScreenName("DEL/U27/B2", "DP-2")
WORDLESS = ScreenName("", "VGA-1")

# -- which screen a wall belongs to


def test_a_monitor_on_another_connector_is_found_by_its_serial() -> None:
    bindings = Bindings({2: LEFT, 3: RIGHT})
    crossed = [ScreenName(LEFT.serial, "DP-2"), ScreenName(RIGHT.serial, "DP-1")]
    assert bindings.found(crossed) == {2: crossed[0], 3: crossed[1]}


def test_a_screen_without_a_serial_is_found_by_its_connector() -> None:
    assert Bindings({2: WORDLESS}).found([LEFT, WORDLESS]) == {2: WORDLESS}


def test_a_monitor_that_was_replaced_keeps_its_wall() -> None:
    new = ScreenName("LG/32/C3", "DP-1")
    assert Bindings({2: LEFT}).found([new]) == {2: new}


def test_a_serial_goes_before_a_connector() -> None:
    moved = ScreenName(LEFT.serial, "DP-3")
    assert Bindings({2: ScreenName("", "DP-3"), 3: LEFT}).found([moved]) == {3: moved}


def test_screens_that_tell_the_same_serial_are_told_apart_by_their_connectors() -> None:
    one, other = ScreenName("X/Y/0", "DP-1"), ScreenName("X/Y/0", "DP-2")
    assert Bindings({2: other, 3: one}).found([one, other]) == {2: other, 3: one}


def test_an_unknown_screen_belongs_to_nobody() -> None:
    bindings = Bindings({2: LEFT})
    assert bindings.found([RIGHT]) == {}
    assert bindings.free([LEFT, RIGHT]) == (RIGHT,)


def test_walls_exchange_their_screens_where_one_wants_the_other_s() -> None:
    bindings = Bindings({2: LEFT, 3: RIGHT})
    bindings.exchange(2, RIGHT, [LEFT, RIGHT])
    assert bindings.found([LEFT, RIGHT]) == {2: RIGHT, 3: LEFT}
    bindings.exchange(4, LEFT, [LEFT, RIGHT])
    assert bindings.bound == {2: RIGHT, 4: LEFT}, "4 had none to give, so 3 is on none"
    moved = ScreenName(RIGHT.serial, "DP-9")
    bindings.exchange(4, moved, [LEFT, moved])
    assert bindings.found([LEFT, moved]) == {2: LEFT, 4: moved}, "known by its serial on another connector too"


def test_a_wall_that_is_bound_anew_leaves_its_old_screen() -> None:
    bindings = Bindings({2: LEFT})
    bindings.bind(2, RIGHT)
    assert bindings.found([LEFT, RIGHT]) == {2: RIGHT}
    bindings.release(2)
    assert bindings.found([LEFT, RIGHT]) == {}


# -- windows on real screens: one large one, divided into monitors that can be taken away and given back

PLACES = {
    "WALL-1": "1920/508x1080/286+1920+0",
    "WALL-2": "1920/508x1080/286+0+1080",
    "WALL-3": "1920/508x1080/286+1920+1080",
}
BOXES = {"WALL-1": [1920, 0, 1920, 1080], "WALL-2": [0, 1080, 1920, 1080], "WALL-3": [1920, 1080, 1920, 1080]}


class Desk:
    """An X display whose monitors can be unplugged, and the program that has windows on them."""

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "3840x2160x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            self.environment = {
                **os.environ,
                "DISPLAY": f":{pipe.readline().strip()}",
                "PYTHONPATH": str(ROOT),
                "QT_QPA_PLATFORM": "xcb",
            }
        self._xrandr("--setmonitor", "DESK", "1920/508x1080/286+0+0", "screen")
        for name in PLACES:
            self.plug(name)
        self._manager = subprocess.Popen(["openbox"], env=self.environment, stderr=subprocess.DEVNULL)
        self._program: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self.said: list[dict[str, Any]] = []

    def _xrandr(self, *arguments: str) -> None:
        subprocess.run(["xrandr", *arguments], env=self.environment, check=True, capture_output=True, timeout=10)

    def plug(self, name: str) -> float:
        """Give a monitor back and return when that was."""
        at = time.monotonic()
        self._xrandr("--setmonitor", name, PLACES[name], "none")
        return at

    def unplug(self, name: str) -> None:
        self._xrandr("--delmonitor", name)

    def start(self, *numbers: int | str) -> None:
        self.said = []
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.console.wall_screens", str(self._memory), *map(str, numbers)],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self._program,), daemon=True)
        self._reader.start()

    def _read(self, program: subprocess.Popen[str]) -> None:
        assert program.stdout is not None
        for line in program.stdout:
            self.said.append(json.loads(line))

    def windows(self) -> dict[str, list[Any]]:
        return self.said[-1]["windows"] if self.said else {}

    def shown(self) -> dict[str, list[int]]:
        """Return which window fills which box of the display."""
        return {number: place[2:] for number, place in self.windows().items() if place[0]}

    def stop(self) -> None:
        if self._program is not None and self._reader is not None:
            self._program.terminate()
            self._program.wait(10)
            self._reader.join(10)
            assert self._program.stdout is not None
            self._program.stdout.close()
            self._program = None

    def close(self) -> None:
        self.stop()
        for process in (self._manager, self._server):
            process.terminate()
            process.wait(10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "monitors.ini")
    yield desk
    desk.close()


ALL = {"2": BOXES["WALL-1"], "3": BOXES["WALL-2"], "4": BOXES["WALL-3"]}


@pytest.mark.system
@pytest.mark.timeout(120)
def test_windows_are_back_where_they_were_within_half_a_second_of_their_monitor(desk: Desk) -> None:
    desk.start(2, 3, 4)
    until("three walls on three monitors", lambda: desk.shown() == ALL, 30)
    took = []
    for name, number in (("WALL-2", "3"), ("WALL-1", "2"), ("WALL-3", "4")):
        desk.unplug(name)
        left = {other: box for other, box in ALL.items() if other != number}
        until(f"{name} gone and the others where they were", lambda left=left: desk.shown() == left, 10)
        given = desk.plug(name)
        until(f"{name} back", lambda: desk.shown() == ALL, 10)
        took.append(desk.said[-1]["at"] - given)
    assert max(took) <= 0.5, f"{took} s"


@pytest.mark.system
@pytest.mark.timeout(120)
def test_places_are_remembered_and_an_unknown_screen_stays_free(desk: Desk) -> None:
    desk.unplug("WALL-3")
    desk.start(2, 3)
    known = {"2": BOXES["WALL-1"], "3": BOXES["WALL-2"]}
    until("two walls", lambda: desk.shown() == known, 30)
    desk.stop()
    desk.unplug("WALL-1")
    desk.plug("WALL-3")
    desk.start()
    until("the wall whose monitor is there", lambda: desk.shown() == {"3": BOXES["WALL-2"]}, 30)
    desk.plug("WALL-1")
    until("the other one too", lambda: desk.shown() == known, 10)
    assert all(window[2:] != BOXES["WALL-3"] for said in desk.said for window in said["windows"].values() if window[0])


@pytest.mark.system
@pytest.mark.timeout(120)
def test_a_window_that_is_moved_exchanges_its_screen_and_both_stay_there(desk: Desk) -> None:
    moved = {"2": BOXES["WALL-2"], "3": BOXES["WALL-1"]}
    desk.start(2, 3, "3@WALL-1")
    until("two walls that have changed places", lambda: desk.shown() == moved, 30)
    desk.stop()
    desk.start()
    until("they are remembered there", lambda: desk.shown() == moved, 30)


@pytest.mark.system
@pytest.mark.timeout(120)
def test_no_window_goes_to_the_screen_that_is_left_when_all_monitors_are_gone(desk: Desk) -> None:
    desk.start(2, 3, 4)
    until("three walls on three monitors", lambda: desk.shown() == ALL, 30)
    for name in PLACES:
        desk.unplug(name)
    until("no wall on the screen", lambda: desk.shown() == {}, 10)
    for name in PLACES:
        desk.plug(name)
    until("all walls back", lambda: desk.shown() == ALL, 10)
