"""The whole console on the practice cameras: signed in, sixteen pictures live, then told to end.

Broker, headquarters and field are left out (the console works cut off from them); everything else is the console's own
way, from the first window to the end of its last process.
"""

import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from bench.practice import PASSWORD, USER
from bench.wall_roles.role import START_LIMIT_S, Order, answer
from console.application import make_application
from console.home import Home
from console.program import Program, end_program
from console.settings import load_settings
from domain.camera import Credentials
from domain.clock import SystemClock
from domain.operator import Operator, Role
from domain.record import Mode

if TYPE_CHECKING:
    from console.core import Core

_LOOK_MS = 20


class Run:
    """One console, from its first window to the wish to end it."""

    def __init__(self, order: Order, home: Home, program: Program) -> None:
        self.end_asked_at = 0.0
        self.ready = False
        self._order, self._home, self._program = order, home, program
        self._signed_in_at = 0.0
        self.pictures_s = float("nan")
        self._looking = QTimer()
        self._looking.setInterval(_LOOK_MS)
        self._looking.timeout.connect(self._look)
        program.opened.connect(self._opened)
        program.failed.connect(self._failed)
        QTimer.singleShot(int(START_LIMIT_S * 1000), self._end)

    def open_core(self) -> "Core":
        """Open a core that knows the bench's cameras; runs off the UI thread."""
        from bench.wall_roles.our_wall import register_entry  # noqa: PLC0415 - after the first paint, as the console
        from console.app import build_core  # noqa: PLC0415 - as above

        core = build_core(self._home, self._program.settings, SystemClock(), Mode.EXERCISE)
        core.stores.secrets.keep("practice", Credentials(USER, PASSWORD))
        core.stores.cameras.replace_many([register_entry(address) for address in self._order.cameras])
        core.stores.operators.add(Operator("bench", "Bench", Role.SUPERVISOR, "1"), secrets.token_urlsafe(24))
        core.start()
        return core

    def _opened(self) -> None:
        operator, desk, core = None, self._program.desk, self._program.core
        if core is not None:
            operator = core.stores.operators.find("bench")
        if desk is None or operator is None:
            self._end()
            return
        desk.sign_in(operator)
        self._signed_in_at = time.monotonic()
        self._looking.start()

    def _look(self) -> None:
        statistics = self._program.window.wall.statistics()
        if len(statistics) >= len(self._order.cameras) and all(tile.shown for tile in statistics):
            self._looking.stop()
            self.ready = True
            self.pictures_s = time.monotonic() - self._signed_in_at
            QTimer.singleShot(int(self._order.window_s * 1000), self._end)

    def _failed(self, error: Exception) -> None:
        sys.stderr.write(f"{error}\n")
        self._end()

    def _end(self) -> None:
        if not self.end_asked_at:
            self.end_asked_at = time.monotonic()
            end_program()


def main() -> None:
    """Run it; the time from the wish to the end of the last process is seen from outside."""
    order = Order.read()
    with tempfile.TemporaryDirectory(prefix="watchroom-bench-home-") as folder:
        home = Home(Path(folder) / "home")
        home.prepare(demo=True)
        with home:
            settings = load_settings(None)
            application = make_application(settings.desk, demo=True)
            program = Program(settings, SystemClock())
            run = Run(order, home, program)
            program.show()
            program.open(run.open_core)
            try:
                application.exec()
            finally:
                program.close()
    answer(
        {
            "ready": float(run.ready),
            "end_asked_at": run.end_asked_at,
            "pictures_after_sign_in_s": run.pictures_s,
        }
    )


if __name__ == "__main__":
    main()
