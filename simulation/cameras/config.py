"""What the cameras' process is told when it starts."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from domain.errors import BadInputError
from simulation.cameras.onvif_kind import OnvifKind, kind_of

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Profile:
    """A stream's form; `kbps` is its highest bit rate."""

    name: str
    width: int
    height: int
    fps: int
    kbps: int


class Codec(StrEnum):
    """How pictures are coded."""

    H264 = "h264"
    H265 = "h265"
    MJPEG = "mjpeg"


class SceneKind(StrEnum):
    """What a fixed camera sees: traffic, or a street at night in which nothing moves."""

    STREET = "street"
    NIGHT = "night"


MAIN = Profile("main", 1280, 720, 25, 2500)
SUB = Profile("sub", 640, 360, 15, 600)
PROFILES = {profile.name: profile for profile in (MAIN, SUB)}

# What a camera changes to in mid-stream where that is asked for: multiples of 8, as JPEG over RTP wants them.
OTHER_SIZES = {MAIN: Profile("main", 960, 544, 25, 1500), SUB: Profile("sub", 480, 272, 15, 400)}
OTHER_CODECS = {Codec.H264: Codec.H265, Codec.H265: Codec.H264, Codec.MJPEG: Codec.H264}


@dataclass(frozen=True, slots=True)
class Form:
    """What a stream looks like on the wire."""

    codec: Codec
    profile: Profile


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """One camera: the name is burnt into its pictures, the scene is the seed of what it sees.

    `onvif` is the kind of device that one controls a PTZ camera by.
    """

    no: int
    name: str
    ptz: bool
    scene: int
    codec: Codec = Codec.H264
    scene_kind: SceneKind = SceneKind.STREET
    onvif: OnvifKind = field(default_factory=OnvifKind)

    @property
    def caption(self) -> str:
        """Return what is written into its pictures."""
        return f"{self.no:02d}  {self.name}"


@dataclass(frozen=True, slots=True)
class Discovery:
    """Where WS-Discovery is answered: on the interface of this address; port 0 is any free one."""

    address: str = HOST
    port: int = 3702
    multicast: bool = True


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the process needs; port 0 is any free one; without a clips folder the user's cache is used."""

    cameras: tuple[CameraSpec, ...]
    user: str
    password: str
    rtsp_port: int = 0
    control_port: int = 0
    onvif_port: int = 0
    clips: Path | None = None
    discovery: Discovery | None = None


def load(path: Path) -> Config:
    """Read the configuration; BadInputError, naming what is wrong, where it can't be used."""
    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        cameras = tuple(_camera(row) for row in said["cameras"])
        clips = said.get("clips")
        config = Config(
            cameras=cameras,
            user=str(said["credentials"]["user"]),
            password=str(said["credentials"]["password"]),
            rtsp_port=int(said.get("rtsp_port", 0)),
            control_port=int(said.get("control_port", 0)),
            onvif_port=int(said.get("onvif_port", 0)),
            clips=Path(clips) if clips else None,
            discovery=_discovery(said.get("discovery")),
        )
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInputError(f"{path}: {type(error).__name__}: {error}") from error
    if len({camera.no for camera in cameras}) != len(cameras):
        raise BadInputError(f"{path}: two cameras have one number")
    return config


def _discovery(said: dict[str, Any] | None) -> Discovery | None:
    if said is None:
        return None
    port = int(said.get("port", 3702))
    return Discovery(str(said.get("address", HOST)), port, bool(said.get("multicast", True)))


def _camera(row: dict[str, Any]) -> CameraSpec:
    kind = row.get("kind", "fixed")
    if kind not in {"fixed", "ptz"}:
        raise ValueError(f"kind {kind!r} is neither fixed nor ptz")
    return CameraSpec(
        no=int(row["no"]),
        name=str(row["name"]),
        ptz=kind == "ptz",
        scene=int(row.get("scene", row["no"])),
        codec=Codec(row.get("codec", Codec.H264)),
        scene_kind=SceneKind(row.get("scene_kind", SceneKind.STREET)),
        onvif=kind_of(row.get("onvif")),
    )
