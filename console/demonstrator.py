"""Plays the operator's part in a demo that ends by itself, with the keys an operator would press.

As soon as somebody touches keyboard or mouse the demonstrator steps back for good.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from console.core import Core
from console.desk_window import DeskWindow
from console.tasks import Lane
from domain.alarm import Alarm
from domain.event import ALWAYS_CRITICAL
from domain.incident import Disposition, Status

if TYPE_CHECKING:
    from console.desk import Desk

_TICK_MS = 100

Step = tuple[float, Callable[[], None]]  # seconds to wait before it, and what to do


class Demonstrator(QObject):
    """Turns a camera, waits for the SOS, acknowledges it, opens the incident, has help sent, and closes the case."""

    moment = Signal(str)  # worth a picture: its name

    def __init__(self, window: DeskWindow, core: Core, desk: "Desk", parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._core = core
        self._desk = desk
        self._sos: Alarm | None = None
        self._steps = self._story()
        self._wait_s = 0.0
        self._next: Callable[[], None] | None = None
        desk.cases.alarm_raised.connect(self._note)
        desk.keys.touched.connect(self.stop)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)

    @Slot()
    def stop(self) -> None:
        """Leave the desk to the person who sits there."""
        self._timer.stop()

    @Slot(object)
    def _note(self, alarm: Alarm) -> None:
        ours = alarm.origin == self._core.workplace.origin  # another console's alarms are for those who sit there
        if self._sos is None and ours and alarm.kind in ALWAYS_CRITICAL:
            self._sos = alarm

    @Slot()
    def _tick(self) -> None:
        if self._next is None:
            step = next(self._steps, None)
            if step is None:
                self._timer.stop()
                return
            self._wait_s, self._next = step
        self._wait_s -= _TICK_MS / 1000
        if self._wait_s <= 0:
            work, self._next = self._next, None
            work()

    def _story(self) -> Iterator[Step]:
        yield from self._turn_a_camera()
        while self._sos is None:
            yield 0.2, _nothing
        sos = self._sos
        yield 1.5, partial(self._window.queue.choose, sos.id)
        yield 0.5, partial(self.moment.emit, "sos")
        yield 1.5, partial(self._press, Qt.Key.Key_Space)
        yield 1.5, partial(self._press, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
        while (incident := self._incident(sos)) is None:
            yield 0.2, _nothing
        work = self._core.casework
        yield 1.5, partial(self._do, partial(work.move, incident, Status.IN_PROGRESS))
        yield 1.0, partial(self._do, partial(work.dispatch, incident, "112", ""))
        yield 2.0, partial(self.moment.emit, "incident")
        yield 4.0, partial(self._do, partial(work.move, incident, Status.RESOLVED))
        yield 1.0, partial(self._do, partial(work.move, incident, Status.CLOSED, Disposition.FOUNDED))

    def _turn_a_camera(self) -> Iterator[Step]:
        camera = self._desk.wall.first_ptz()
        if camera is None:
            return
        yield 3.0, partial(self._desk.call_to_its_tile, camera.no)
        yield 0.5, partial(self._press, Qt.Key.Key_P)
        yield 0.3, partial(self._send, QEvent.Type.KeyPress, Qt.Key.Key_Right)
        yield 0.8, self._say_what_for
        yield 1.2, partial(self.moment.emit, "ptz")
        yield 0.3, partial(self._send, QEvent.Type.KeyRelease, Qt.Key.Key_Right)
        yield 1.0, partial(self._press, Qt.Key.Key_Escape)

    def _say_what_for(self) -> None:
        """Answer what the camera is turned for, where that is asked: the hand stays on."""
        if self._window.purpose.asking:
            self.moment.emit("purpose")
            self._press(Qt.Key.Key_9)

    def _incident(self, sos: Alarm) -> UUID | None:
        alarm = self._desk.cases.alarms.get(sos.id)
        return alarm.incident if alarm is not None else None

    def _do(self, work: Callable[[], object]) -> None:
        self._desk.tasks.run(Lane.DATABASE, work, self, lambda _: None)

    def _press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self._send(QEvent.Type.KeyPress, key, modifier)
        self._send(QEvent.Type.KeyRelease, key, modifier)

    def _send(
        self, kind: QEvent.Type, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        focus = QApplication.focusWidget()
        target: QWidget = self._window.wall if focus is None else focus
        QApplication.postEvent(target, QKeyEvent(kind, key, modifier))


def _nothing() -> None:
    """Wait on."""
