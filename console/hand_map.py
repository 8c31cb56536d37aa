"""What joysticks mean at this workstation: the usual map, as the settings change it."""

from dataclasses import replace

from console.settings import HandsSettings
from domain.hand import USUAL_MAP, Action, Axis, AxisUse, Curve, DeadZone, Deed, HandMap
from domain.keypad import KEYS

_HYSTERESIS = 0.6  # of the dead zone: an axis has to come so near to rest to be at rest again


def hand_map(chosen: HandsSettings) -> HandMap:
    """Return the map of axes and buttons."""
    zone = DeadZone(enter=chosen.dead_zone * _HYSTERESIS, leave=chosen.dead_zone)
    axes = {number: _axis(use, zone, chosen) for number, use in USUAL_MAP.axes.items()}
    buttons = {int(number): action(said) for number, said in chosen.buttons.items()}
    return HandMap(axes=axes, buttons={**USUAL_MAP.buttons, **buttons})


def action(said: str) -> Action:
    """Return what a button is set to do: a deed's name, with a number for `preset`, with a key for `keypad`."""
    name, _, what = said.partition(" ")
    deed = Deed(name)
    if deed is Deed.KEYPAD:
        return Action(deed, KEYS.index(what))
    return Action(deed, int(what) if what else 0)


def _axis(use: AxisUse, zone: DeadZone, chosen: HandsSettings) -> AxisUse:
    inverted = use.inverted is not (use.axis is Axis.TILT and chosen.invert_tilt)
    return replace(use, inverted=inverted, zone=zone, curve=Curve(chosen.expo))
