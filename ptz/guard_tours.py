"""Guard tours that the camera runs by itself (ONVIF preset tours, PTZ Service Specification 5.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.camera import Camera
from domain.errors import BadInputError, CredentialsError, ProtocolError
from domain.guard_tour import GuardTour, TourSpot
from ptz.asking import asked
from ptz.contacts import Contacts
from ptz.device import Device
from ptz.presets import fastest
from ptz.services import Service


@dataclass(frozen=True, slots=True)
class ToldTour:
    """A tour as a camera lists it: `state` is Idle, Touring, Paused or the camera's own word."""

    token: str
    name: str
    state: str
    spots: int


class CameraTours:
    """Gives cameras tours and has them run. Everything asks the camera and waits: UnreachableError and its kinds."""

    def __init__(self, contacts: Contacts) -> None:
        self._contacts = contacts

    def listed(self, camera: Camera) -> tuple[ToldTour, ...]:
        """Return the tours that the camera has."""
        with asked(self._contacts, camera) as device:
            return _Tours(device).listed()

    def start(self, camera: Camera, tour: GuardTour, tokens: Mapping[int, str]) -> str:
        """Give the camera this tour as it is now, start it, and return its token.

        `tokens` are the camera's names of the places. BadInputError where the camera has no tours or knows a place
        not; ProtocolError where it does not say that it runs the tour, which is then stopped again.
        """
        with asked(self._contacts, camera) as device:
            if not device.contact().head.abilities.tours:
                raise BadInputError(f"camera {camera.no} has no tours of its own")
            tours = _Tours(device)
            token = tours.given(tour, tokens)
            tours.operate(token, "Start")
            if not tours.runs(token):
                tours.operate(token, "Stop")
                raise ProtocolError("the camera says that it started the tour, and does not run it")
            return token

    def stop(self, camera: Camera, token: str) -> None:
        """Have the camera stop a tour."""
        with asked(self._contacts, camera) as device:
            _Tours(device).operate(token, "Stop")

    def remove(self, camera: Camera, token: str) -> None:
        """Have the camera forget a tour."""
        with asked(self._contacts, camera) as device:
            _Tours(device).remove(token)

    def runs(self, camera: Camera, token: str) -> bool:
        """Return whether the camera says that it runs the tour."""
        with asked(self._contacts, camera) as device:
            return _Tours(device).runs(token)


class _Tours:
    """One head's tours over one connection."""

    def __init__(self, device: Device) -> None:
        self._head = device.contact().head
        self._port = device.port(Service.PTZ)

    def listed(self) -> tuple[ToldTour, ...]:
        found = self._call("GetPresetTours") or ()
        return tuple(_told(one) for one in found if getattr(one, "token", None))

    def runs(self, token: str) -> bool:
        return any(tour.token == token and tour.state == "Touring" for tour in self.listed())

    def operate(self, token: str, operation: str) -> None:
        self._call("OperatePresetTour", PresetTourToken=token, Operation=operation)

    def remove(self, token: str) -> None:
        self._call("RemovePresetTour", repeatable=False, PresetTourToken=token)

    def given(self, tour: GuardTour, tokens: Mapping[int, str]) -> str:
        """Write the tour into the camera, in place of what it has under the tour's token, and return the token."""
        shortest, longest = self._stays()
        speeds = fastest(self._port, self._head.configuration)
        spots = [_spot(spot, tokens, speeds, (shortest, longest)) for spot in tour.spots]
        token = tour.token if any(told.token == tour.token for told in self.listed()) else self._created()
        wanted: dict[str, Any] = {
            "token": token,
            "Name": tour.name if tour.name.isascii() else f"tour {str(tour.id)[:8]}",
            "Status": {"State": "Idle"},  # read only, but demanded by the schema
            "AutoStart": False,  # it must not turn by itself after a power cut, with nobody who knows
            "StartingCondition": {"Direction": "Forward"},
            "TourSpot": spots,
        }
        self._call("ModifyPresetTour", repeatable=False, PresetTour=wanted)
        told = next((told for told in self.listed() if told.token == token), None)
        if told is None or told.spots != len(spots):
            raise ProtocolError("the camera says that it took the tour, and does not have it")
        return token

    def _created(self) -> str:
        token = self._call("CreatePresetTour", repeatable=False)
        if not token:
            raise ProtocolError("the camera gave the tour no token")
        return str(token)

    def _stays(self) -> tuple[float, float]:
        """Return for how long the camera can stay at a place; any time where it does not say."""
        try:
            options = self._call("GetPresetTourOptions")
        except CredentialsError:
            raise
        except ProtocolError:
            options = None
        span = getattr(getattr(options, "TourSpot", None), "StayTime", None)
        low, high = _seconds(getattr(span, "Min", None)), _seconds(getattr(span, "Max", None))
        return low or 0.0, high or float("inf")

    def _call(self, operation: str, *, repeatable: bool = True, **values: Any) -> Any:
        return self._port.call(operation, repeatable=repeatable, ProfileToken=self._head.profile, **values)


def _spot(
    spot: TourSpot, tokens: Mapping[int, str], speeds: tuple[float, float], stays: tuple[float, float]
) -> dict[str, Any]:
    if spot.place is None:
        detail: dict[str, Any] = {"Home": True}
    elif tokens.get(spot.place):
        detail = {"PresetToken": tokens[spot.place]}
    else:
        raise BadInputError(f"the camera does not know place {spot.place}")
    stay_s = round(max(stays[0], min(stays[1], spot.stay_s)))
    wanted: dict[str, Any] = {"PresetDetail": detail, "StayTime": timedelta(seconds=stay_s)}
    turn, zoom = (speed * spot.speed for speed in speeds)
    if spot.speed < 1.0 and turn > 0:
        wanted["Speed"] = {"PanTilt": {"x": turn, "y": turn}} | ({"Zoom": {"x": zoom}} if zoom > 0 else {})
    return wanted


def _told(one: Any) -> ToldTour:
    status = getattr(one, "Status", None)
    return ToldTour(
        str(one.token),
        str(getattr(one, "Name", None) or ""),
        str(getattr(status, "State", None) or ""),
        len(getattr(one, "TourSpot", None) or ()),
    )


def _seconds(value: Any) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) else None
