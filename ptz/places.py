"""Sending cameras to numbered places and keeping such places on them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol

from domain.abilities import Abilities
from domain.camera import Camera
from domain.errors import BadInputError, CredentialsError, ProtocolError
from domain.motion import Position
from domain.ptz_place import Listed, PtzPlace, checked_number, joined, name_for_camera
from ptz.asking import asked
from ptz.contacts import Contacts
from ptz.device import Device
from ptz.motions import Motions
from ptz.presets import Presets, fastest
from ptz.services import Service

Speed = dict[str, dict[str, float]]
"""A speed as ONVIF writes it; empty for the camera's own."""


class Movements(Protocol):
    """Begins a movement that ends by itself, in the camera's slot; `ptz.control.PtzControl` does."""

    def errand(self, camera: Camera, do: Callable[[Motions], Any]) -> Any:
        """Have it begun and return what it answered."""
        ...


class Places:
    """Places of cameras. Everything asks the camera and waits: UnreachableError, CredentialsError or ProtocolError."""

    def __init__(self, contacts: Contacts, movements: Movements) -> None:
        self._contacts = contacts
        self._movements = movements
        self._fastest: dict[int, tuple[float, float]] = {}

    def abilities(self, camera: Camera) -> Abilities:
        """Return what the camera says that it can do."""
        with asked(self._contacts, camera) as device:
            return device.contact().head.abilities

    def listed(self, camera: Camera, kept: Iterable[PtzPlace] = ()) -> tuple[PtzPlace, ...]:
        """Return the camera's places: those kept here joined with those that it lists.

        A camera that keeps no views has those that are kept here by their position.
        """
        with asked(self._contacts, camera) as device:
            presets = Presets(device)
            try:
                told = presets.listed()
            except CredentialsError:
                raise
            except ProtocolError:
                if presets.abilities.presets:
                    raise
                return tuple(kept)
            return joined(camera.no, kept, told)

    def store(self, camera: Camera, no: int, name: str, known: PtzPlace | None = None) -> PtzPlace:
        """Make the present view place `no` and return it; `known` is the place that has this number now.

        The name stays ours whatever the camera makes of it. A camera that keeps no views has its position noted.
        """
        checked_number(no)
        with asked(self._contacts, camera) as device:
            presets = Presets(device)
            position = _position(device)
            place = PtzPlace(camera_no=camera.no, no=no, name=name, position=position)
            if not presets.abilities.presets:
                if position is None or presets.abilities.absolute_turn is None:
                    raise ProtocolError("the camera keeps no views and can't be turned to a position")
                return place
            there = {view.token for view in presets.listed()}
            token = known.token if known is not None and known.token in there else ""
            kept = presets.store(name or name_for_camera(no), name_for_camera(no), token)
            return replace(place, token=kept.token, told_name=kept.name, listed=Listed.THERE)

    def remove(self, camera: Camera, place: PtzPlace) -> None:
        """Have the camera forget a place, where it has it."""
        if place.token and place.listed is not Listed.GONE:
            with asked(self._contacts, camera) as device:
                Presets(device).remove(place.token)

    def go(
        self, camera: Camera, place: PtzPlace, speed: float = 1.0, wanted: Callable[[], bool] = lambda: True
    ) -> bool:
        """Turn to a place and return True; `speed` is a share of the camera's greatest.

        It takes the slot of what the camera is asked to do, so whoever asks next comes first. `wanted` is asked at the
        last moment: False has nothing sent, and is returned.
        """
        if place.token and place.listed is not Listed.GONE:
            slowly = self._speed(camera, speed)
            return self._sent(camera, wanted, lambda motions: _to_view(motions, place.token, slowly))
        there = place.position
        if there is None:
            raise BadInputError(f"camera {camera.no} has no place {place.shown_name!r} any more")
        return self._sent(camera, wanted, lambda motions: motions.turn_to(there))

    def go_home(self, camera: Camera, speed: float = 1.0, wanted: Callable[[], bool] = lambda: True) -> bool:
        """Turn to the home view as `go` does; BadInputError where the camera has none."""
        if not self.abilities(camera).home:
            raise BadInputError(f"camera {camera.no} has no home view")
        slowly = self._speed(camera, speed)
        return self._sent(camera, wanted, lambda motions: _home(motions, slowly))

    def set_home(self, camera: Camera) -> None:
        """Make the present view the home view; BadInputError where the camera has none or lets nobody set it."""
        with asked(self._contacts, camera) as device:
            presets = Presets(device)
            if not presets.abilities.home or presets.abilities.home_fixed:
                raise BadInputError(f"the home view of camera {camera.no} can't be set")
            presets.set_home()

    def moving(self, camera: Camera) -> bool | None:
        """Return whether the camera moves now, None where it does not say."""
        with asked(self._contacts, camera) as device:
            try:
                return device.status().moving
            except CredentialsError:
                raise
            except ProtocolError:
                return None

    def _sent(self, camera: Camera, wanted: Callable[[], bool], do: Callable[[Motions], None]) -> bool:
        if not wanted():
            return False
        self._movements.errand(camera, do)
        return True

    def _speed(self, camera: Camera, share: float) -> Speed:
        """Return a speed as the camera counts it; at full speed none is said, which every camera understands."""
        if share >= 1.0:
            return {}
        if camera.no not in self._fastest:
            with asked(self._contacts, camera) as device:
                configuration = device.contact().head.configuration
                self._fastest[camera.no] = fastest(device.port(Service.PTZ), configuration)
        turn, zoom = (greatest * share for greatest in self._fastest[camera.no])
        return _spoken(turn, zoom)


def _to_view(motions: Motions, token: str, speed: Speed) -> None:
    if speed:
        motions.call("GotoPreset", PresetToken=token, Speed=speed)
    else:
        motions.goto(token)


def _home(motions: Motions, speed: Speed) -> None:
    if speed:
        motions.call("GotoHomePosition", Speed=speed)
    else:
        motions.home()


def _spoken(turn: float, zoom: float) -> Speed:
    told: Speed = {}
    if turn > 0:
        told["PanTilt"] = {"x": turn, "y": turn}
    if zoom > 0:
        told["Zoom"] = {"x": zoom}
    return told


def _position(device: Device) -> Position | None:
    """Return where the camera points, None where it does not say."""
    try:
        return device.status().position
    except CredentialsError:
        raise
    except ProtocolError:
        return None
