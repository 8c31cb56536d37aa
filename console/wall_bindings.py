"""Which monitor hangs where: a wall's number bound to a screen by its serial, then by its connector. Without Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenName:
    """How a screen is known again. `serial` (maker, model and serial number) is empty where the screen tells none."""

    serial: str
    connector: str


class Bindings:
    """The screens that walls belong to. A screen that no wall belongs to is left alone."""

    def __init__(self, remembered: Mapping[int, ScreenName]) -> None:
        self._bound = dict(remembered)

    @property
    def bound(self) -> Mapping[int, ScreenName]:
        """Which screen each wall belongs to, whether it is there or not."""
        return self._bound

    def bind(self, number: int, screen: ScreenName) -> None:
        """Let a wall belong to a screen, and to no other."""
        self._bound[number] = screen

    def exchange(self, number: int, screen: ScreenName, screens: Sequence[ScreenName]) -> None:
        """Let a wall belong to one of these screens.

        The wall that belonged to it gets this one's, or none where this one had none.
        """
        before = self._bound.get(number)
        other = next((each for each, found in self.found(screens).items() if found == screen and each != number), None)
        self.bind(number, screen)
        if other is not None and before is not None:
            self.bind(other, before)
        elif other is not None:
            self.release(other)

    def release(self, number: int) -> None:
        """Let a wall belong to no screen."""
        self._bound.pop(number, None)

    def found(self, screens: Sequence[ScreenName]) -> dict[int, ScreenName]:
        """Return the walls whose screen is among these.

        A monitor that was plugged into another connector is found by its serial; where two screens tell the same one,
        or none, the connector decides. A screen belongs to one wall at most.
        """
        serials = [screen.serial for screen in screens if screen.serial]
        found: dict[int, ScreenName] = {}
        for number, wanted in sorted(self._bound.items()):
            if wanted.serial and serials.count(wanted.serial) == 1:
                found[number] = next(screen for screen in screens if screen.serial == wanted.serial)
        for number, wanted in sorted(self._bound.items()):
            left = (screen for screen in screens if screen not in found.values())
            at_its_connector = next((screen for screen in left if screen.connector == wanted.connector), None)
            if number not in found and at_its_connector is not None:
                found[number] = at_its_connector
        return found

    def free(self, screens: Sequence[ScreenName]) -> tuple[ScreenName, ...]:
        """Return the screens that no wall belongs to, in their order."""
        taken = self.found(screens).values()
        return tuple(screen for screen in screens if screen not in taken)
