"""`demo`: the practice city, and a console signed in to it by itself."""

import argparse
import json
import os
import secrets
import shutil
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from console.application import make_application
from console.home import Home, default_home
from console.options import settings_of
from console.practice import PracticeAddresses, PracticeCity
from console.program import Program, end_program
from console.settings import HqSettings, MqttSettings, Settings
from console.start import Outcome
from console.tasks import Lane
from domain.clock import SystemClock
from domain.errors import BadInputError
from domain.operator import Operator, Role
from domain.record import Mode

DEMO_OPERATOR = Operator("demo", "데모 Demo", Role.SUPERVISOR, "1")
if TYPE_CHECKING:
    from console.core import Core
    from console.demo_figures import Figures

PRACTICE_FILE = "practice.json"  # where the running practice city answers, for those who set faults
_DRAIN_S = 15.0
_LOOK_AGAIN_MS = 50
_END_WITHIN_MS = 60_000  # an end that hangs is no end
_SETTLE_MS = 1500  # between a change of the window and its picture


def run_demo(options: argparse.Namespace) -> int:
    """Run until the window is closed or `--for` seconds of work are over; print the figures as one JSON line."""
    home = _home(options)
    settings = _for_practice(settings_of(options, home), options)
    home.prepare(demo=True)
    shots = _shot_folder(options.shot)
    with home:
        application = make_application(settings.desk, demo=True)
        program = Program(settings, SystemClock())
        city = PracticeCity(options, headquarters=default_home().with_name("watchroom-practice-headquarters"))
        outcome = Outcome(program)
        demo = Demo(program, city, home, options, shots)
        program.show()
        program.open(demo.open_core)
        try:
            application.exec()
        finally:
            if program.core is None:
                city.close()  # else its opening would be waited for
            program.close()
            city.close()
            (home.path / PRACTICE_FILE).unlink(missing_ok=True)
    if demo.report is not None:
        sys.stdout.write(json.dumps(demo.report, ensure_ascii=False) + "\n")
    return outcome.exit_code


class Demo(QObject):
    """One run: opens the core on the practice city, signs in, measures, photographs, ends."""

    def __init__(
        self, program: Program, city: PracticeCity, home: Home, options: argparse.Namespace, shots: Path | None
    ) -> None:
        super().__init__(program)
        self._program = program
        self._city = city
        self._home = home
        self._options = options
        self._shots = shots
        self._taken: list[str] = []
        self._writing = 0
        self._figures: Figures | None = None
        self.report: dict[str, object] | None = None
        program.opened.connect(self._opened)
        self._say(program, ko=program.settings.desk.language == "ko")

    def open_core(self) -> "Core":
        """Start the city and join a core to it; runs off the UI thread."""
        addresses = self._city.start()
        # Loaded here, off the UI thread and after the first paint: the database's, SOAP's and MQTT's libraries.
        from console.app import build_core  # noqa: PLC0415
        from console.command_socket import CommandServer  # noqa: PLC0415
        from console.commands import Commands  # noqa: PLC0415
        from domain.camera_list import read_camera_list  # noqa: PLC0415

        settings = self._program.settings.model_copy(
            update={
                "mqtt": MqttSettings(url=addresses.mqtt),
                "hq": _enrol(addresses, self._home, afresh=self._options.home is None),
            }
        )
        core = build_core(self._home, settings, SystemClock(), Mode.EXERCISE)
        with ExitStack() as opening:
            opening.callback(core.close)  # what has begun would keep the process alive
            for name, credentials in addresses.credentials.items():
                core.stores.secrets.keep(name, credentials)
            core.stores.cameras.replace_many(read_camera_list(addresses.register.read_bytes()).cameras)
            if core.stores.operators.find(DEMO_OPERATOR.name) is None:
                core.stores.operators.add(DEMO_OPERATOR, secrets.token_urlsafe(24))
            practice = {"control": addresses.control, "mqtt": addresses.mqtt}
            (self._home.path / PRACTICE_FILE).write_text(json.dumps(practice))
            core.start()
            core.socket = CommandServer(self._home.socket, Commands(core, core.write_audit).answer)
            opening.pop_all()
        return core

    @Slot()
    def _opened(self) -> None:
        core, desk = self._program.core, self._program.desk
        if core is None or desk is None:
            return
        from console.demo_figures import Figures  # noqa: PLC0415 - as in open_core
        from console.demonstrator import Demonstrator  # noqa: PLC0415

        desk.sign_in(DEMO_OPERATOR)
        desk.open_walls(self._options.monitors)
        self._figures = Figures(self._program, core, desk, {self._city.pid or 0}, self._options.cameras)
        if self._options.for_s > 0:
            self._demonstrator = Demonstrator(self._program.window, core, desk, self)
            self._demonstrator.moment.connect(self._photograph)
            QTimer.singleShot(int(self._options.for_s * 1000), self, self._end)
            QTimer.singleShot(int(self._options.for_s * 1000) + _END_WITHIN_MS, self, end_program)

    # -- the end

    @Slot()
    def _end(self) -> None:
        """Take the figures, drain to headquarters, photograph every screen, and quit."""
        if self._figures is None:
            return
        self._program.window.pad.stop()
        self._figures.stop()
        self._demonstrator.stop()
        self._photograph("desk")
        self._program.tasks.run(Lane.DATABASE, self._drain, self, lambda _: self._drained())

    def _drain(self) -> None:
        core = self._program.core
        if core is not None:
            core.stop_intake()
            if core.exchange is not None:
                core.exchange.drain(_DRAIN_S)

    def _drained(self) -> None:
        if self._figures is not None:
            self.report = self._figures.report()
        window, desk = self._program.window, self._program.desk
        if self._shots is None or desk is None:
            self._quit()
            return
        window.toggle_map()
        QTimer.singleShot(_SETTLE_MS, self, self._photograph_map)

    def _photograph_map(self) -> None:
        self._photograph("map")
        self._program.window.toggle_map()
        self._program.window.toggle_key_help()
        QTimer.singleShot(_SETTLE_MS, self, self._photograph_help)

    def _photograph_help(self) -> None:
        self._photograph("keys")
        self._program.window.hide_key_help()
        self._program.window.toggle_wall_mode()
        QTimer.singleShot(_SETTLE_MS, self, self._photograph_wall)

    def _photograph_wall(self) -> None:
        self._photograph("wall")
        for window in self._program.desk.wall_windows if self._program.desk is not None else ():
            self._photograph(f"wall-{window.number}", window)
        self._program.window.toggle_wall_mode()
        self._program.window.show_signing_in()
        self._program.window.sign_in.show_sign_in()
        QTimer.singleShot(_SETTLE_MS, self, self._photograph_sign_in)

    def _photograph_sign_in(self) -> None:
        self._photograph("sign-in")
        self._quit()

    def _quit(self) -> None:
        """End once the last picture is written."""
        if self._writing:
            QTimer.singleShot(_LOOK_AGAIN_MS, self, self._quit)
            return
        if self.report is not None:
            self.report["shots"] = self._taken
        end_program()

    def _photograph(self, name: str, window: QWidget | None = None) -> None:
        """Take a window's picture now and have it written on another thread: compressing it takes long."""
        if self._shots is None:
            return
        path = self._shots / f"{name}-{self._program.settings.desk.language}.png"
        picture = (self._program.window if window is None else window).grab().toImage()
        self._writing += 1
        self._program.tasks.run(Lane.NETWORK, partial(picture.save, str(path)), self, partial(self._written, path))
        if self._figures is not None:
            self._figures.skip_lateness()  # of taking the picture, which no operator does

    def _written(self, path: Path, saved: bool) -> None:  # noqa: FBT001 - what QImage.save returns
        self._writing -= 1
        if saved:
            self._taken.append(str(path))
        else:
            sys.stderr.write(f"{path}: the picture could not be written\n")

    @staticmethod
    def _say(program: Program, *, ko: bool) -> None:
        words = "훈련 도시를 준비하고 있습니다. 처음에는 영상을 만드느라 약 30초 걸립니다." if ko else (
            "The practice city is being made ready; the first time it makes its pictures, about half a minute."
        )  # fmt: skip
        program.window.show_opening(words)


def _home(options: argparse.Namespace) -> Home:
    """Return the named home, kept from run to run, or the usual one of demos, which begins empty each time."""
    if options.home is not None:
        return Home(options.home.resolve())
    home = Home(default_home().with_name(f"watchroom-demo-{options.city}").resolve())
    if home.made_by_demo and not home.owned():
        shutil.rmtree(home.path)
    return home


def _for_practice(settings: Settings, options: argparse.Namespace) -> Settings:
    """Return the settings with the city as their centre, in the asked language."""
    desk = settings.desk if options.lang is None else settings.desk.model_copy(update={"language": options.lang})
    centre = settings.centre.model_copy(update={"id": options.city})
    return settings.model_copy(update={"desk": desk, "centre": centre})


def _shot_folder(folder: Path | None) -> Path | None:
    if folder is None:
        return None
    folder = folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(f"--shot {folder}: {error.strerror}") from None
    if not os.access(folder, os.W_OK):
        raise BadInputError(f"--shot {folder}: can't be written")
    return folder


def _enrol(addresses: PracticeAddresses, home: Home, *, afresh: bool) -> HqSettings:
    """Let this home in at the practice headquarters; `afresh` empties that first, if nobody else is there."""
    from console.app import workstation_origin  # noqa: PLC0415 - off the UI thread
    from db.sync.setup import enrol, forget_practice, initialise  # noqa: PLC0415 - as above

    hq = addresses.headquarters
    if hq is None:
        return HqSettings()
    origin = workstation_origin(home, SystemClock())
    if afresh:
        forget_practice(hq.admin_url)
    initialise(hq.admin_url)
    address = enrol(hq.admin_url, hq.ca, hq.ca_key, origin, addresses.centre, home.path / "hq", url=hq.url)
    return HqSettings(url=address.url, ca=str(address.ca), cert=str(address.cert), key=str(address.key))
