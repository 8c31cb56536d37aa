"""Reads joysticks with SDL: `python -m ptz.hands.sdl_process PARENT_PID`, started by the console.

Says lines of `sdl_wire` on its standard output. Ends with its standard input, and is killed with its parent.
"""

import os
import select
import sys
import time
from typing import Any

from ptz.hands.events import AxesMoved, ButtonChanged, InputEvent, Plugged, Unavailable, Unplugged
from ptz.hands.leash import die_with_parent
from ptz.hands.pace import Pace
from ptz.hands.sdl_wire import line

BUSY_S = 0.008  # SDL can't be waited for without a window: it is asked, as long as a device is plugged in
QUIET_S = 0.02  # where nothing was done for a while: asking costs 2 % of a core at 8 ms, and 0.7 % at 20 ms
IDLE_S = 0.5  # without a device
_A_WHILE_S = 5.0
_TRIGGER_REST = -0.95
_FIRST_TRIGGER = 2  # the first two axes are a stick's


class Stick:
    """One joystick. An axis that lies at its low end when it is plugged in is a trigger: it goes from 0 to 1."""

    def __init__(self, joystick: Any) -> None:
        self.joystick = joystick
        self.device = f"sdl:{joystick.get_instance_id()}"
        self.pace = Pace()
        self._triggers = {
            axis for axis in range(_FIRST_TRIGGER, joystick.get_numaxes()) if joystick.get_axis(axis) <= _TRIGGER_REST
        }
        self.pace.offer(self.places())

    def plugged(self) -> Plugged:
        """Return what there is to be said of it."""
        stick = self.joystick
        return Plugged(self.device, stick.get_name(), self._axes + 2 * stick.get_numhats(), stick.get_numbuttons())

    def places(self) -> dict[int, float]:
        """Return where its axes are, and then its hats, upwards being negative as a stick's is."""
        places = {axis: self._place(axis) for axis in range(self._axes)}
        for hat in range(self.joystick.get_numhats()):
            across, up = self.joystick.get_hat(hat)
            places[self._axes + 2 * hat], places[self._axes + 2 * hat + 1] = float(across), float(-up)
        return places

    @property
    def _axes(self) -> int:
        return int(self.joystick.get_numaxes())

    def _place(self, axis: int) -> float:
        place = max(-1.0, min(1.0, float(self.joystick.get_axis(axis))))
        return (place + 1.0) / 2.0 if axis in self._triggers else place


class Sticks:
    """All joysticks; `pygame` is the library, told as soon as it is loaded."""

    def __init__(self, pygame: Any) -> None:
        self._pygame = pygame
        self._sticks: dict[int, Stick] = {}
        self._done_at = 0.0

    def pause_s(self, now: float) -> float:
        """Return how long to wait before asking again."""
        if not self._sticks:
            return IDLE_S
        return BUSY_S if now - self._done_at < _A_WHILE_S else QUIET_S

    def happened(self, now: float) -> list[InputEvent]:
        """Ask SDL, and return what happened since it was asked before."""
        told = [event for each in self._pygame.event.get() for event in self._told(each)]
        for stick in self._sticks.values():
            places = stick.pace.due(now)
            if places is not None:
                told.append(AxesMoved(stick.device, places))
        if told:
            self._done_at = now
        return told

    def _told(self, event: Any) -> list[InputEvent]:
        if event.type == self._pygame.JOYDEVICEADDED:
            return self._take(event.device_index)
        stick = self._sticks.get(getattr(event, "instance_id", -1))
        if stick is None:
            return []
        if event.type == self._pygame.JOYDEVICEREMOVED:
            del self._sticks[event.instance_id]
            return [Unplugged(stick.device, stick.pace.moving)]
        if event.type in {self._pygame.JOYBUTTONDOWN, self._pygame.JOYBUTTONUP}:
            return [ButtonChanged(stick.device, event.button, event.type == self._pygame.JOYBUTTONDOWN)]
        stick.pace.offer(stick.places())
        return []

    def _take(self, index: int) -> list[InputEvent]:
        try:
            joystick = self._pygame.joystick.Joystick(index)
        except self._pygame.error:
            return []  # gone again
        stick = self._sticks[joystick.get_instance_id()] = Stick(joystick)
        return [stick.plugged()]


def loaded() -> Any:
    """Return pygame with its joysticks open, without a window; ImportError where it is not installed."""
    os.environ |= {
        "SDL_VIDEODRIVER": "dummy",  # events need a screen; nothing is shown
        "SDL_AUDIODRIVER": "dummy",
        "SDL_JOYSTICK_ALLOW_BACKGROUND_EVENTS": "1",
        "PYGAME_HIDE_SUPPORT_PROMPT": "1",
    }
    import pygame  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - this process alone loads it

    pygame.display.init()
    pygame.joystick.init()
    return pygame


def run(sticks: Sticks, orders: int, answers: int) -> None:
    """Say what happens until the input ends."""
    while not select.select([orders], [], [], sticks.pause_s(time.monotonic()))[0]:
        said = b"".join(line(event) for event in sticks.happened(time.monotonic()))
        if said:
            _say(answers, said)


def _say(answers: int, said: bytes) -> None:
    while said:
        said = said[os.write(answers, said) :]


def main() -> None:
    """Serve the console that started this process."""
    if not die_with_parent(int(sys.argv[1])):
        return
    answers = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no event
    try:
        pygame = loaded()
    except ImportError as error:
        _say(answers, line(Unavailable(f"SDL is not installed: {error}")))
        return
    run(Sticks(pygame), 0, answers)


if __name__ == "__main__":
    main()
