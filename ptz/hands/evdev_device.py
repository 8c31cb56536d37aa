"""One input device of Linux while it is plugged in: what was read of it, and what of that was told."""

from pathlib import Path

from ptz.hands.evdev_format import State, Stream
from ptz.hands.evdev_node import Node
from ptz.hands.events import AxesMoved, ButtonChanged, InputEvent
from ptz.hands.pace import Pace


class EvdevDevice:
    """A device that is read: its stream, what was told of it."""

    def __init__(self, path: Path, node: Node, state: State) -> None:
        self.path = path
        self.node = node
        self.pace = Pace()
        self._stream = Stream(state)
        self._told = state  # a button that is held when it is plugged in was pressed for something else
        self._axes = {code: number for number, code in enumerate(node.layout.axes)}
        self._buttons = {code: number for number, code in enumerate(node.layout.buttons)}
        self.pace.offer(self._places(state))

    def fed(self, octets: bytes) -> list[InputEvent]:
        """Take what was read; return the buttons that changed. OSError where the device is gone."""
        events: list[InputEvent] = []
        for state in self._stream.fed(octets):
            if state is None:
                self._stream.asked(self.node.state())
            events += self._changed(state or self._stream.state)
        return events

    def due(self, now: float) -> list[InputEvent]:
        """Return the places of its axes if it is time to tell them."""
        places = self.pace.due(now)
        return [] if places is None else [AxesMoved(str(self.path), places)]

    def _changed(self, state: State) -> list[InputEvent]:
        before, self._told = self._told, state
        places = self._places(state)
        if places != self._places(before):
            self.pace.offer(places)
        return [
            ButtonChanged(str(self.path), self._buttons[code], code in state.pressed)
            for code in sorted(before.pressed ^ state.pressed)
            if code in self._buttons
        ]

    def _places(self, state: State) -> dict[int, float]:
        axes = self.node.layout.axes
        return {
            number: axes[code].place(state.values[code]) for code, number in self._axes.items() if code in state.values
        }
