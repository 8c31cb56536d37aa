"""What this workstation is told at installation: console.toml, overridden by WATCHROOM_… variables."""

import os
import platform
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.camera import SiteKind
from domain.errors import SettingsError
from domain.hand import Deed

_PREFIX = "WATCHROOM_"
_NUMBERLESS = "|".join(deed for deed in Deed if deed not in (Deed.PRESET, Deed.KEYPAD))
_DEED = rf"^(({_NUMBERLESS})|preset ([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])|keypad [0-9/*EPSC])$"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CentreSettings(_Part):
    """Which operations centre this is."""

    id: str = Field(default="centre", pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")
    name: str = ""


class MqttSettings(_Part):
    """Where the field's messages come from; an empty address means none."""

    url: str = ""
    ca: str = ""
    cert: str = ""
    key: str = ""


class HqSettings(_Part):
    """Where headquarters is; an empty address means none."""

    url: str = ""
    ca: str = ""
    cert: str = ""
    key: str = ""


class VideoSettings(_Part):
    """How live pictures are made."""

    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=64)  # one for each core
    cpu_cores: float = Field(default=0.0, ge=0.0)  # beyond this, the least important tiles get keyframes only; 0: none
    megabits: float = Field(default=0.0, ge=0.0)  # beyond this, large streams are replaced by small ones; 0: none


class RecordingSettings(_Part):
    """What is kept of pictures on this workstation's disk."""

    ring_s: float = Field(default=120.0, ge=10.0, le=3600.0)
    ring_gb: float = Field(default=4.0, gt=0.0)
    budget_gb: float = Field(default=50.0, gt=0.0)  # ring and recordings together
    reserve_gb: float = Field(default=2.0, ge=0.0)  # of the disk, left to the database and everything else


class WallSettings(_Part):
    """How the wall is read."""

    distance_m: float = Field(default=0.0, ge=0.0, le=50.0)  # 0: wall text has the desk's size


class MapSettings(_Part):
    """What lies under the map: the built-in legal boundaries of this centre, or of the named one."""

    boundaries: Literal["", "anyang", "ifez"] = ""


class AlarmPresetSettings(_Part):
    """An alarm of this kind or rule, from this source (empty: any), turns this camera to this place."""

    alarm: str = Field(min_length=1)
    camera: int = Field(ge=1)
    place: int = Field(ge=1, le=255)
    source: str = ""


class HandsSettings(_Part):
    """Joysticks and gamepads. Each button, by its number, is set to one of the deeds of `domain.hand.Deed`."""

    devices: bool = True
    dead_zone: float = Field(default=0.10, ge=0.02, le=0.5)  # of an axis, around its rest
    expo: float = Field(default=0.5, ge=0.0, le=1.0)  # 0: speed in proportion; 1: small movements very fine
    invert_tilt: bool = False
    buttons: dict[Annotated[str, Field(pattern=r"^\d{1,2}$")], Annotated[str, Field(pattern=_DEED)]] = {}


class PtzSettings(_Part):
    """When cameras go home by themselves (seconds without a command; 0: never), and what alarms turn them to."""

    home_after_s: float = Field(default=120, ge=0, le=86_400)
    home_after_by_kind: dict[SiteKind, Annotated[float, Field(ge=0, le=86_400)]] = {}
    home_after_by_camera: dict[int, Annotated[float, Field(ge=0, le=86_400)]] = {}
    tour_resume_s: float = Field(default=60, ge=5, le=86_400)  # after a person's last command
    alarm_presets: tuple[AlarmPresetSettings, ...] = ()


class EventSettings(_Part):
    """Whose own detections are listened to: `all`, or numbers and ranges (`1-20, 417`); empty: nobody's."""

    listen: str = ""


class DeskSettings(_Part):
    """How the desk looks and speaks."""

    language: Literal["ko", "en"] = "ko"
    theme: Literal["night", "day"] = "night"
    scale: float = Field(default=1.0, ge=1.0, le=2.0)
    name: str = Field(default_factory=platform.node)  # what other desks call this workstation


class Settings(_Part):
    """Everything an administrator may set; read once, at start."""

    centre: CentreSettings = CentreSettings()
    mqtt: MqttSettings = MqttSettings()
    hq: HqSettings = HqSettings()
    video: VideoSettings = VideoSettings()
    recording: RecordingSettings = RecordingSettings()
    wall: WallSettings = WallSettings()
    map: MapSettings = MapSettings()
    hands: HandsSettings = HandsSettings()
    ptz: PtzSettings = PtzSettings()
    events: EventSettings = EventSettings()
    desk: DeskSettings = DeskSettings()


def load_settings(path: Path | None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the file (none is fine where `path` is None) and lay the environment over it.

    SettingsError names the file or variable, and the key, of everything that is wrong.
    """
    environment = os.environ if environment is None else environment
    said: dict[str, dict[str, object]] = {}
    named: dict[tuple[str, ...], str] = {}
    if path is not None:
        said = _read(path)
    for variable, value in sorted(environment.items()):
        if not variable.startswith(_PREFIX):
            continue
        section, _, key = variable.removeprefix(_PREFIX).lower().partition("__")
        if not key:
            raise SettingsError(f"{variable}: not a setting (they are named {_PREFIX}SECTION__KEY)")
        said.setdefault(section, {})[key] = value
        named[(section, key)] = variable
    try:
        return Settings.model_validate(said)
    except ValidationError as error:
        raise SettingsError("\n".join(_lines(error, path, named))) from None


def _read(path: Path) -> dict[str, dict[str, object]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not UTF-8 text") from None
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error}") from None
    for key, value in content.items():
        if not isinstance(value, dict):
            raise SettingsError(f"{path}: {key}: must be a section, written [{key}]")
    return content


def _lines(error: ValidationError, path: Path | None, named: Mapping[tuple[str, ...], str]) -> list[str]:
    lines = []
    for item in error.errors():
        where = tuple(str(part) for part in item["loc"])
        source = named.get(where) or str(path or "settings")
        what = "unknown key" if item["type"] == "extra_forbidden" else item["msg"]
        lines.append(f"{source}: {'.'.join(where)}: {what}")
    return lines
