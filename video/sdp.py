"""The description of a camera's streams (RFC 8866), as far as a picture needs it."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from domain.errors import ProtocolError
from video.rtsp_message import is_small_number

_CODECS = {"H264": "h264", "H265": "hevc", "HEVC": "hevc", "JPEG": "mjpeg"}
_STATIC = {"26": "JPEG/90000"}  # RFC 3551, table 5: needs no rtpmap
_PARAMETER_SETS = {"h264": ("sprop-parameter-sets",), "hevc": ("sprop-vps", "sprop-sps", "sprop-pps"), "mjpeg": ()}


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """The one video stream to set up.

    `codec` is FFmpeg's name; `parameter_sets` are NAL units that the decoder needs before the first keyframe;
    `frame_rate` is the camera's own word, None where it does not say.
    """

    control: str
    aggregate: str
    payload_type: int
    codec: str
    clock_rate: int
    parameter_sets: tuple[bytes, ...] = ()
    frame_rate: float | None = None


@dataclass(slots=True)
class _Media:
    kind: str
    formats: tuple[str, ...]
    attributes: dict[str, list[str]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        return self.attributes.get(name, [""])[0]

    def of_format(self, name: str, payload_type: str) -> str:
        for value in self.attributes.get(name, []):
            number, _, rest = value.partition(" ")
            if number == payload_type:
                return rest
        return ""


def _sections(lines: Iterable[str]) -> tuple[_Media, list[_Media]]:
    session = _Media("session", ())
    media: list[_Media] = []
    for line in lines:
        name, _, value = line.strip().partition("=")
        if name == "m":
            words = value.split()
            if len(words) < 4:
                raise ProtocolError("the camera's stream description has a broken media line")
            media.append(_Media(words[0], tuple(words[3:])))
        elif name == "a":
            key, _, rest = value.partition(":")
            (media[-1] if media else session).attributes.setdefault(key.strip().lower(), []).append(rest.strip())
    return session, media


def _parameter_sets(codec: str, fmtp: str) -> tuple[bytes, ...]:
    values = {}
    for item in fmtp.split(";"):
        name, _, value = item.strip().partition("=")
        values[name.lower()] = value
    texts = [text for name in _PARAMETER_SETS[codec] for text in values.get(name, "").split(",")]
    units = (_decoded(text.strip()) for text in texts)
    return tuple(unit for unit in units if unit and _sets_parameters(codec, unit))


def _decoded(text: str) -> bytes:
    """Return what base64 stands for, nothing where it can't be read: most cameras send the sets in the stream too."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _sets_parameters(codec: str, unit: bytes) -> bool:
    return unit[0] & 0x1F in {7, 8} if codec == "h264" else unit[0] >> 1 & 0x3F in {32, 33, 34}


def _rate(text: str) -> float | None:
    try:
        rate = float(text)
    except ValueError:
        return None
    return rate if 0.1 <= rate <= 240 else None


def resolve(base: str, control: str) -> str:
    """Return the address that a control attribute means; `*` and nothing mean the base itself.

    ProtocolError where the camera points to another machine or holds characters that split a request.
    """
    if any(ord(char) <= 0x20 or ord(char) == 0x7F for char in control):
        raise ProtocolError("the camera's control address holds blanks")
    if control in {"", "*"}:
        return base
    if "://" not in control:
        return base.rstrip("/") + "/" + control.lstrip("/")
    try:
        asked, own = urlsplit(control), urlsplit(base)
    except ValueError as error:
        raise ProtocolError("the camera's control address can't be read") from error
    if asked.scheme != own.scheme:
        raise ProtocolError("the camera's control address is of another protocol")
    # Cameras behind address translation name their inner address here: the connection is what counts.
    return asked._replace(netloc=own.netloc).geturl()


def parse_sdp(text: str, base: str) -> VideoTrack:
    """Return the first video stream of a description that we can decode.

    ProtocolError where there is none or the description can't be understood.
    """
    session, media = _sections(text.splitlines())
    for each in media:
        if each.kind != "video":
            continue
        for number in each.formats:
            rtpmap = each.of_format("rtpmap", number) or _STATIC.get(number, "")
            name, _, rate = rtpmap.partition("/")
            codec = _CODECS.get(name.strip().upper())
            if codec is None or not is_small_number(number) or int(number) > 127:
                continue
            clock = rate.split("/")[0].strip()
            return VideoTrack(
                control=resolve(base, each.first("control")),
                aggregate=resolve(base, session.first("control")),
                payload_type=int(number),
                codec=codec,
                clock_rate=int(clock) if is_small_number(clock) and int(clock) else 90_000,
                parameter_sets=_parameter_sets(codec, each.of_format("fmtp", number)),
                frame_rate=_rate(each.first("framerate")),
            )
    raise ProtocolError("the camera offers no H.264, H.265 or JPEG video")
