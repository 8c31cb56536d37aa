"""`watchroom` itself: the console of a workstation, signed in to by a person."""

import argparse
import logging
import secrets
import signal
import sys
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from console.application import make_application
from console.home import Home
from console.options import home_of, settings_of
from console.program import Program, end_program
from console.settings import Settings
from console.tasks import Lane
from domain.clock import SystemClock
from domain.errors import WatchroomError
from domain.operator import Operator
from domain.record import Mode
from domain.text import Text
from widgets.sign_in import PasswordChange, SignInWish

if TYPE_CHECKING:
    from console.core import Core

_log = logging.getLogger(__name__)

FIRST_ADMINISTRATOR = "admin"


def run_desk(options: argparse.Namespace) -> int:
    """Run the console until its window is closed."""
    home = home_of(options)
    settings = settings_of(options, home)
    home.prepare()
    with home:
        application = make_application(settings.desk, demo=False)
        program = Program(settings, SystemClock())
        desk_door = SigningIn(program, options.wall, options.layout)
        outcome = Outcome(program)
        program.opened.connect(desk_door.begin)
        program.show()
        program.open(partial(open_core, home, settings))
        try:
            application.exec()
        finally:
            program.close()
    return outcome.exit_code


def open_core(home: Home, settings: Settings) -> "Core":
    """Open and start the core of a workstation; on the first start make an administrator, told on the terminal only."""
    # Loaded here, off the UI thread and after the first paint: the database's, SOAP's and MQTT's libraries.
    from console.app import build_core  # noqa: PLC0415
    from console.command_socket import CommandServer  # noqa: PLC0415
    from console.commands import Commands  # noqa: PLC0415

    core = build_core(home, settings, SystemClock(), Mode.ACTUAL)
    with ExitStack() as opening:
        opening.callback(core.close)  # what has begun would keep the process alive
        password = _one_time_password(core)
        if password:
            sys.stdout.write(f"First start. Sign in as {FIRST_ADMINISTRATOR} with the one-time password: {password}\n")
            sys.stdout.flush()
        core.start()
        core.socket = CommandServer(home.socket, Commands(core, core.write_audit).answer)
        opening.pop_all()
    return core


def _one_time_password(core: "Core") -> str:
    """Return a password for the first administrator's first sign-in; a new one as long as that has not happened."""
    operators = core.stores.operators
    if operators.count() == 0:
        return operators.create_first(FIRST_ADMINISTRATOR)
    first = operators.find(FIRST_ADMINISTRATOR)
    if first is None or not first.must_change_password or operators.count() > 1:
        return ""
    password = secrets.token_urlsafe(12)
    operators.set_password(FIRST_ADMINISTRATOR, password, must_change=True)
    return password


class Outcome(QObject):
    """Ends the program with one clear line where it can't be opened."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.exit_code = 0
        program.failed.connect(self._failed)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: end_program())

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if not isinstance(error, WatchroomError):
            _log.error("the console can't be opened", exc_info=error)
        sys.stderr.write(f"{error}\n")
        self.exit_code = 1
        end_program()


class SigningIn(QObject):
    """Checks who sits down; passwords are checked off the UI thread. The wall that was asked for is opened after."""

    def __init__(self, program: Program, wall: int | None = None, layout: str = "") -> None:
        super().__init__(program)
        self._program = program
        self._asked_wall = (1 if wall is None else wall, layout) if wall is not None or layout else None
        self._page = program.window.sign_in
        self._page.sign_in_asked.connect(self._check)
        self._page.change_asked.connect(self._change)
        program.window.show_signing_in()
        self._page.show_sign_in(busy=True)

    @Slot()
    def begin(self) -> None:
        """Ask, now that there is a database to ask."""
        self._page.show_sign_in()

    @Slot(object)
    def _check(self, wish: SignInWish) -> None:
        core = self._program.core
        if core is None:
            return
        self._page.show_sign_in(busy=True)
        work = partial(core.stores.operators.verify, wish.name, wish.password)
        self._program.tasks.run(Lane.NETWORK, work, self, partial(self._checked, wish), self._not_checked)

    def _not_checked(self, error: Exception) -> None:
        self._page.show_sign_in(str(error))

    def _checked(self, wish: SignInWish, operator: Operator | None) -> None:
        if operator is None:
            self._page.show_sign_in(self._program.wording.render(Text("sign_in_refused")))
        elif operator.must_change_password:
            self._page.show_change(operator.name)
        else:
            self._enter(operator)
        del wish

    @Slot(object)
    def _change(self, wish: PasswordChange) -> None:
        core = self._program.core
        if core is None:
            return
        operators = core.stores.operators

        def work() -> Operator | None:
            known = operators.verify(wish.name, wish.old)
            if known is not None:
                operators.set_password(wish.name, wish.new)
            return operators.find(wish.name) if known is not None else None

        def then(operator: Operator | None) -> None:
            if operator is None:
                self._page.show_change(wish.name, self._program.wording.render(Text("sign_in_refused")))
            else:
                self._enter(operator)

        def otherwise(error: Exception) -> None:
            self._page.show_change(wish.name, str(error))

        self._page.show_change(wish.name, busy=True)
        self._program.tasks.run(Lane.NETWORK, work, self, then, otherwise)

    def _enter(self, operator: Operator) -> None:
        core, desk = self._program.core, self._program.desk
        if core is None or desk is None:
            return
        desk.sign_in(operator)
        if self._asked_wall is not None:
            desk.walls.open_wall(*self._asked_wall)
            self._asked_wall = None
