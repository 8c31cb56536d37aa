"""The views that a camera stores: listed, stored, forgotten; and its home."""

from typing import Any

from domain.abilities import Abilities
from domain.errors import CredentialsError, ProtocolError
from domain.motion import Preset
from ptz.device import Device
from ptz.services import Service


class Presets:
    """One head's stored views over one connection; used by one thread at a time.

    Every method raises UnreachableError, CredentialsError or ProtocolError.
    """

    def __init__(self, device: Device) -> None:
        self._head = device.contact().head
        self._port = device.port(Service.PTZ)

    @property
    def abilities(self) -> Abilities:
        """Return what this head says that it can do."""
        return self._head.abilities

    def listed(self) -> tuple[Preset, ...]:
        """Return the views that can be recalled.

        Devices list empty entries, ones without a token and ones without a name: what has no token is passed over,
        and a name that is missing is empty.
        """
        found = self._port.call("GetPresets", ProfileToken=self._head.profile) or ()
        views = ((_text(one, "token"), _text(one, "Name")) for one in found if one is not None)
        return tuple(Preset(token, name) for token, name in views if token)

    def store(self, name: str, plain_name: str, token: str = "") -> Preset:
        """Store the present view, in place of the one with this token, and return it as the camera lists it.

        A camera that refuses the name, or spoils it, is given `plain_name`, which is ASCII. ProtocolError where the
        camera says that it stored the view and then does not list it.
        """
        try:
            kept = self._set(name, token)
        except CredentialsError:
            raise
        except ProtocolError:
            if name.isascii():
                raise
            kept = self._set(plain_name, token)
        told = self._told(kept)
        if told.name != name and not name.isascii() and told.name != plain_name:
            told = self._told(self._set(plain_name, kept))
        return told

    def remove(self, token: str) -> None:
        """Forget a stored view; ProtocolError where the camera lists it still."""
        self._port.call("RemovePreset", repeatable=False, ProfileToken=self._head.profile, PresetToken=token)
        if any(view.token == token for view in self.listed()):
            raise ProtocolError("the camera says that it forgot the view, and lists it still")

    def set_home(self) -> None:
        """Make the present view the home view."""
        self._port.call("SetHomePosition", repeatable=False, ProfileToken=self._head.profile)

    def _set(self, name: str, token: str) -> str:
        there = {"PresetToken": token} if token else {}
        given = self._port.call(
            "SetPreset", repeatable=False, ProfileToken=self._head.profile, PresetName=name, **there
        )
        if not given and not token:
            raise ProtocolError("SetPreset: the camera gave the view no token")
        return str(given or token)

    def _told(self, token: str) -> Preset:
        view = next((view for view in self.listed() if view.token == token), None)
        if view is None:
            raise ProtocolError("the camera says that it stored the view, and does not list it")
        return view


def fastest(port: Any, configuration: str) -> tuple[float, float]:
    """Return the greatest speeds of turning and zooming towards a place; 0 for one that the camera does not tell."""
    try:
        options = port.call("GetConfigurationOptions", ConfigurationToken=configuration)
    except CredentialsError:
        raise
    except ProtocolError:
        return 0.0, 0.0
    spaces = getattr(options, "Spaces", None)
    return _highest(spaces, "PanTiltSpeedSpace"), _highest(spaces, "ZoomSpeedSpace")


def _highest(spaces: Any, name: str) -> float:
    found = [getattr(space, "XRange", None) for space in getattr(spaces, name, None) or ()]
    highest = [getattr(span, "Max", None) for span in found]
    return max((float(value) for value in highest if isinstance(value, int | float)), default=0.0)


def _text(entry: Any, name: str) -> str:
    value = getattr(entry, name, None)
    return "" if value is None else str(value).strip()
