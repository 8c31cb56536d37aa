"""Look here, surround and cones with cameras of the practice city that turn, over ONVIF and under the watchdog."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.aiming import CalibratedAiming, Calibrations
from console.camera_cones import CameraCones
from console.heart import Heart
from console.look_here import AimNeeds, DoorGate, LookHere
from console.surround import Surround
from console.tasks import Lane, Tasks
from db.camera_aims import CameraAimStore
from domain.aiming import Aim, Rectangle
from domain.camera import Camera, Credentials
from domain.clock import SystemClock
from domain.geometry import Spot, apart_deg, way
from domain.lease import Rank
from domain.motion import Position
from tests.console.aim_room import Said, beside, practice_aim
from tests.console.by_hand import ROOT, get
from tests.console.surroundings import Workstation, make_camera, operator

pytest_plugins = ["tests.console.fixtures"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(200)]

WHO = Credentials("practice", "a secret of the tests")
PLACES = {2: (0.0, -80.0), 3: (90.0, 0.0), 4: (0.0, 100.0)}
"""East and north of the place that is looked at, in metres, by the camera's number."""


class Domes:
    """Three domes of the practice city; their middles of pan look at the place, turned aside by 20 degrees."""

    def __init__(self, folder: Path) -> None:
        config = folder / "cameras.json"
        cameras = [
            {"no": number, "name": f"dome {number}", "kind": "ptz", "scene": 3, "onvif": "full"} for number in PLACES
        ]
        config.write_text(json.dumps({"cameras": cameras, "credentials": {"user": WHO.user, "password": WHO.password}}))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulation.cameras", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        said = json.loads(self._process.stdout.readline())
        self._control = f"http://127.0.0.1:{said['control_port']}"
        addresses = {camera["no"]: camera["onvif_url"] for camera in said["cameras"]}
        self.cameras = tuple(
            make_camera(number, place=beside(*place), onvif_url=addresses[number], credentials="practice")
            for number, place in PLACES.items()
        )

    def aim(self, number: int) -> Aim:
        """Return how a dome hangs."""
        east, north = PLACES[number]
        bearing = {2: 0.0, 3: 270.0, 4: 180.0}[number]
        return practice_aim(beside(east, north), bearing + 20.0)

    def head(self, number: int) -> dict[str, Any]:
        """Return where a dome points, as it knows itself."""
        return dict(get(f"{self._control}/onvif/{number}/state")["heads"][0])

    def looks(self, number: int) -> Position:
        """Return where a dome points as a share of its ranges, whatever it says over ONVIF."""
        head = self.head(number)
        return Position(head["pan"] / 150.0, (head["tilt"] + 7.5) / 22.5, head["zoom"])

    def asked(self, number: int, operation: str) -> int:
        return sum(entry["operation"] == operation for entry in get(f"{self._control}/ptz/{number}/log"))

    def fault(self, number: int, name: str) -> None:
        self._post("/fault", {"target": f"ptz/{number}", "fault": name})

    def clear(self, number: int) -> None:
        self._post("/clear", {"target": f"ptz/{number}"})

    def _post(self, path: str, body: dict[str, str]) -> None:
        request = urllib.request.Request(self._control + path, json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5) as answer:
            answer.read()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(15)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def domes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Domes]:
    domes = Domes(tmp_path_factory.mktemp("domes"))
    yield domes
    domes.close()


class Seat:
    """A workstation that knows how the domes hang, with its watchdog up and beaten."""

    def __init__(self, qtbot: QtBot, workstation: Workstation, domes: Domes) -> None:
        self.core = core = workstation.core
        core.stores.secrets.keep("practice", WHO)
        core.door.operator = operator()
        self.owner = QObject()
        self.tasks = Tasks(self.owner)
        self.failures: list[Exception] = []
        store = CameraAimStore(core.stores.database)
        for number in PLACES:
            store.save(number, domes.aim(number), (), "haneul")
        self.calibrations = Calibrations(store, self.tasks, self.owner)
        with qtbot.waitSignal(self.calibrations.changed):
            self.calibrations.load()
        core.watchdog.start()
        self._heart = ExitStack()
        self._heart.enter_context(Heart(core.watchdog))  # this thread waits for the domes' own words
        qtbot.waitUntil(lambda: core.watchdog.alive, timeout=15000)
        for camera in domes.cameras:  # what is shown here is the aiming; nobody else asks for them
            core.turning.leases.wish(camera, Rank.OPERATOR)
        self.said = Said()
        self.needs = AimNeeds(
            cameras=lambda: domes.cameras,
            calibrations=self.calibrations,
            turns=core.ptz,
            gate=DoorGate(core.move_allowed, lambda _number: False),
            tasks=self.tasks,
            show=self.said.show,
            say=self.said.say,
        )

    def close(self) -> None:
        self.tasks.close()
        self._heart.close()
        self.owner.deleteLater()


@pytest.fixture
def seat(qtbot: QtBot, workstation: Workstation, domes: Domes) -> Iterator[Seat]:
    qtbot.waitUntil(lambda: not any(domes.head(number)["moving"] for number in PLACES), timeout=15000)
    seat = Seat(qtbot, workstation, domes)
    yield seat
    seat.close()


def off_deg(domes: Domes, number: int) -> float:
    """Return how far from the place a dome looks now, sideways."""
    aim = domes.aim(number)
    return abs(apart_deg(aim.direction(domes.looks(number)), way(aim.spot, Spot(beside(0.0, 0.0), 1.2)))[0])


def test_look_here_turns_the_nearest_dome_to_the_place(seat: Seat, domes: Domes, qtbot: QtBot) -> None:
    look = LookHere(seat.needs, seat.owner)
    look.failed.connect(seat.failures.append)
    look.look(beside(0.0, 0.0))
    qtbot.waitUntil(lambda: bool(seat.said.codes or seat.failures), timeout=15000)
    assert (seat.said.codes, seat.failures) == (["look_here_sent"], [])
    qtbot.waitUntil(lambda: off_deg(domes, 2) < 0.5, timeout=15000)
    assert seat.said.shown == [2]
    assert domes.asked(2, "AbsoluteMove") >= 1
    assert domes.head(2)["zoom"] > 0.0, "people 80 m away need some zoom"


def test_a_dead_dome_gives_way_to_the_next(seat: Seat, domes: Domes, qtbot: QtBot) -> None:
    look = LookHere(seat.needs, seat.owner)
    domes.fault(2, "dead")
    try:
        look.look(beside(0.0, 0.0))
        qtbot.waitUntil(lambda: off_deg(domes, 3) < 0.5, timeout=30000)
        qtbot.waitUntil(lambda: seat.said.codes == ["look_here_sent_passing"], timeout=15000)
    finally:
        domes.clear(2)
    assert seat.said.shown == [2, 3], "the fault fired: the nearest was tried first"


def test_three_domes_surround_the_place_and_go_back_together(seat: Seat, domes: Domes, qtbot: QtBot) -> None:
    before = {number: domes.looks(number) for number in PLACES}
    surround = Surround(seat.needs, 3, seat.owner)
    surround.failed.connect(seat.failures.append)
    surround.surround(beside(10.0, 10.0))
    qtbot.waitUntil(lambda: len(surround._turned) == 3 or bool(seat.failures), timeout=20000)
    assert seat.failures == []
    qtbot.waitUntil(lambda: not any(domes.head(number)["moving"] for number in PLACES), timeout=15000)
    for number in PLACES:
        aim = domes.aim(number)
        leads = way(aim.spot, Spot(beside(10.0, 10.0), 1.2))
        assert abs(apart_deg(aim.direction(domes.looks(number)), leads)[0]) < 0.5
    surround.release()

    def back() -> bool:
        now = {number: domes.looks(number) for number in PLACES}
        return all(
            abs(now[number].pan - before[number].pan) < 0.01 and abs(now[number].tilt - before[number].tilt) < 0.02
            for number in PLACES
        )

    qtbot.waitUntil(back, timeout=20000)
    assert seat.failures == []


def test_a_cone_follows_what_the_dome_says(seat: Seat, domes: Domes, qtbot: QtBot) -> None:
    shown: list[Camera] = [domes.cameras[1]]
    cones = CameraCones(seat.calibrations, seat.core.ptz, lambda: shown, seat.tasks, SystemClock(), seat.owner)
    cones.show_register(domes.cameras)
    cones.start()
    there = domes.aim(3).pose_for(Spot(beside(30.0, 60.0), 1.2))
    assert there is not None
    seat.tasks.run(Lane.NETWORK, lambda: seat.core.ptz.turn(domes.cameras[1], there), seat.owner, lambda _: None)
    wanted = domes.aim(3).cone(there).bearing_deg

    def follows() -> bool:
        return 3 in cones.cones and abs(cones.cones[3].bearing_deg - wanted) < 0.5

    qtbot.waitUntil(follows, timeout=20000)
    cones.stop()


def test_a_box_in_the_picture_comes_to_fill_it(seat: Seat, domes: Domes, qtbot: QtBot) -> None:
    camera = domes.cameras[2]
    pulses: list[object] = []
    aiming = CalibratedAiming(
        seat.calibrations, seat.core.ptz, seat.tasks, lambda *given: pulses.append(given), seat.owner
    )
    aiming.failed.connect(seat.failures.append)
    before = domes.looks(4)
    part = Rectangle(0.6, 0.3, 0.8, 0.5)
    wanted = domes.aim(4).box(before, part)
    aiming.box(camera, part)
    qtbot.waitUntil(lambda: bool(seat.failures) or abs(domes.looks(4).zoom - wanted.zoom) < 0.02, timeout=20000)
    assert (seat.failures, pulses) == ([], [])
    qtbot.waitUntil(lambda: abs(domes.looks(4).pan - wanted.pan) < 0.01, timeout=10000)


def test_a_click_turns_by_views_where_the_dome_counts_in_them(seat: Seat, domes: Domes, qtbot: QtBot) -> None:
    camera = domes.cameras[2]
    moves = domes.asked(4, "RelativeMove")
    aiming = CalibratedAiming(seat.calibrations, seat.core.ptz, seat.tasks, lambda *_: None, seat.owner)
    aiming.failed.connect(seat.failures.append)
    aiming.centre(camera, 0.55, 0.5)
    qtbot.waitUntil(lambda: bool(seat.failures) or domes.asked(4, "RelativeMove") > moves, timeout=15000)
    assert seat.failures == []
