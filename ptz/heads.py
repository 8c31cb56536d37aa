"""What a camera says of its moving heads: the profiles that move them, and what each can do."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.abilities import GENERIC, Abilities, Span, TurnSpace, ZoomSpace
from domain.errors import CredentialsError, ProtocolError
from ptz.contact import HeadContact
from ptz.services import Port

_VIEWS = "TranslationSpaceFov"
_GENERIC = "GenericSpace"
_MOST_PRESETS = 255  # assumed of a camera that does not say: what can be numbered
_LONGEST_S = 60.0
_NOWHERE = Span(0.0, 0.0)

Options = Callable[..., Any]
"""Asks an operation of a service that the camera need not have: the answer, or None."""


@dataclass(frozen=True, slots=True)
class _Profile:
    token: str
    configuration: str
    node: str
    source: str


@dataclass(frozen=True, slots=True)
class Services:
    """A camera's services, None where it has one not."""

    ptz: Port
    media: Port | None
    media2: Port | None
    imaging: Port | None


def find_heads(services: Services, optional: Options) -> tuple[HeadContact, ...]:
    """Return the heads in the order of the camera's profiles; ProtocolError where it has none."""
    profiles = _movable(services)
    if not profiles:
        raise ProtocolError("the camera has no profile that can be moved")
    nodes = {str(node.token): node for node in _listed(optional(services.ptz, "GetNodes")) if node.token}
    says = optional(services.ptz, "GetServiceCapabilities")
    return tuple(_head(profile, nodes.get(profile.node), says, services, optional) for profile in profiles)


def _movable(services: Services) -> list[_Profile]:
    """Return one profile of each head: the first that has its configuration. Media2 is asked first."""
    found: dict[str, _Profile] = {}
    refusal: ProtocolError | None = None
    for read, port in ((_profiles2, services.media2), (_profiles, services.media)):
        if port is None or found:
            continue
        try:
            rows = list(read(port))
        except CredentialsError:
            raise
        except ProtocolError as error:
            refusal = error
            continue
        for profile in rows:
            found.setdefault(profile.node or profile.configuration, profile)
    if not found and refusal is not None:
        raise refusal
    return list(found.values())


def _profiles2(port: Port) -> Iterator[_Profile]:
    for one in port.call("GetProfiles", Type=["VideoSource", "PTZ"]) or ():
        parts = getattr(one, "Configurations", None)
        yield from _profile(one, getattr(parts, "PTZ", None), getattr(parts, "VideoSource", None))


def _profiles(port: Port) -> Iterator[_Profile]:
    for one in port.call("GetProfiles") or ():
        yield from _profile(one, getattr(one, "PTZConfiguration", None), getattr(one, "VideoSourceConfiguration", None))


def _profile(one: Any, ptz: Any, source: Any) -> Iterator[_Profile]:
    """Give the profile, where it can be moved and named."""
    token = _text(one, "token")
    if token and ptz is not None:
        yield _Profile(token, _text(ptz, "token"), _text(ptz, "NodeToken"), _text(source, "SourceToken"))


def _head(profile: _Profile, node: Any, says: Any, services: Services, optional: Options) -> HeadContact:
    options = optional(services.ptz, "GetConfigurationOptions", ConfigurationToken=profile.configuration)
    focus, iris = _lens(services.imaging, profile.source, optional)
    spaces = getattr(options, "Spaces", None) or getattr(node, "SupportedPTZSpaces", None)
    movement = (
        {"continuous_turn": TurnSpace(), "continuous_zoom": ZoomSpace(zoom=GENERIC)}
        if spaces is None
        else _movement(spaces)
    )
    abilities = Abilities(
        **movement,
        timeouts_s=_timeouts(getattr(options, "PTZTimeout", None)),
        tells_position=_flag(says, "StatusPosition", default=True),
        tells_movement=_flag(says, "MoveStatus", default=True),
        home=_flag(node, "HomeSupported", default=True),
        home_fixed=_flag(node, "FixedHomePosition", default=False),
        presets=_count(getattr(node, "MaximumNumberOfPresets", None), 0 if node is not None else _MOST_PRESETS),
        tours=_tours(node),
        auxiliary=tuple(str(one) for one in getattr(node, "AuxiliaryCommands", None) or () if one),
        focus=focus,
        iris=iris,
    )
    return HeadContact(
        profile=profile.token,
        node=profile.node,
        configuration=profile.configuration,
        source=profile.source,
        abilities=abilities,
    )


def _movement(spaces: Any) -> dict[str, Any]:
    """Return the spaces of the abilities by their names."""
    relative = list(_turns(spaces, "RelativePanTiltTranslationSpace"))
    return {
        "continuous_turn": _usual(_turns(spaces, "ContinuousPanTiltVelocitySpace")),
        "continuous_zoom": _usual(_zooms(spaces, "ContinuousZoomVelocitySpace")),
        "relative_turn": _usual(one for one in relative if _VIEWS not in one.uri),
        "relative_zoom": _usual(_zooms(spaces, "RelativeZoomTranslationSpace")),
        "view_turn": _usual(one for one in relative if _VIEWS in one.uri),
        "absolute_turn": _usual(_turns(spaces, "AbsolutePanTiltPositionSpace")),
        "absolute_zoom": _usual(_zooms(spaces, "AbsoluteZoomPositionSpace")),
    }


def _usual(spaces: Iterable[Any]) -> Any:
    """Return the generic space, else the first; None where there is none."""
    told = list(spaces)
    return next((space for space in told if _GENERIC in space.uri), told[0] if told else None)


def _turns(spaces: Any, name: str) -> Iterator[TurnSpace]:
    """Give the usable spaces for pan and tilt of a kind."""
    for space in _listed(getattr(spaces, name, None)):
        pan, tilt = _span(space, "XRange"), _span(space, "YRange")
        if pan.usable or tilt.usable:
            yield TurnSpace(_text(space, "URI"), pan, tilt)


def _zooms(spaces: Any, name: str) -> Iterator[ZoomSpace]:
    for space in _listed(getattr(spaces, name, None)):
        zoom = _span(space, "XRange")
        if zoom.usable:
            yield ZoomSpace(_text(space, "URI"), zoom)


def _span(space: Any, name: str) -> Span:
    told = getattr(space, name, None)
    low, high = getattr(told, "Min", None), getattr(told, "Max", None)
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return _NOWHERE
    return Span(float(low), float(high)) if math.isfinite(low) and math.isfinite(high) else _NOWHERE


def _timeouts(told: Any) -> tuple[float, float]:
    low, high = _seconds(getattr(told, "Min", None)), _seconds(getattr(told, "Max", None))
    return (low or 0.0, high) if high else (0.0, _LONGEST_S)


def _seconds(value: Any) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) and value.total_seconds() > 0 else None


def _lens(imaging: Port | None, source: str, optional: Options) -> tuple[bool, bool]:
    """Return whether focus and iris can be set by hand."""
    if imaging is None or not source:
        return False, False
    moves = optional(imaging, "GetMoveOptions", VideoSourceToken=source)
    focus = any(getattr(moves, way, None) is not None for way in ("Absolute", "Relative", "Continuous"))
    exposure = getattr(optional(imaging, "GetOptions", VideoSourceToken=source), "Exposure", None)
    return focus, _span(exposure, "Iris").usable


def _tours(node: Any) -> int:
    """Return how many tours the camera keeps. zeep finds this extension only where it stands first."""
    extension = getattr(node, "Extension", None)
    told = getattr(extension, "SupportedPresetTour", None)
    if told is not None:
        return _count(getattr(told, "MaximumNumberOfPresetTours", None), 0)
    for element in _listed(getattr(extension, "_value_1", None)):
        if str(getattr(element, "tag", "")).endswith("}SupportedPresetTour"):
            most = element.findtext("{*}MaximumNumberOfPresetTours")
            return int(most) if most and most.strip().isdecimal() else 0
    return 0


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return [one for one in value if one is not None] if isinstance(value, list) else [value]


def _count(value: Any, default: int) -> int:
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else default


def _flag(part: Any, name: str, *, default: bool) -> bool:
    """Return a flag; one that the library's schema is too old for is found among the other attributes."""
    value = getattr(part, name, None)
    if value is None:
        value = (getattr(part, "_attr_1", None) or {}).get(name)
    return default if value is None else str(value).strip().lower() in {"true", "1"}


def _text(part: Any, name: str) -> str:
    value = getattr(part, name, None)
    return "" if value is None else str(value).strip()
