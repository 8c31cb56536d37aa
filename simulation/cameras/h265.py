"""H.265 as it travels: coding pictures, taking streams apart, and RTP payloads (RFC 7798, without DONL)."""

import base64
from collections.abc import Sequence

from simulation.cameras import nal
from simulation.cameras.coder import NalCoder, Pace
from simulation.cameras.config import Profile
from simulation.cameras.picture import LARGEST_PAYLOAD, Description, Picture

_IDR = {19, 20}  # with and without leading pictures
_VPS, _SPS, _PPS, _DELIMITER, _FU = 32, 33, 34, 35, 49
# Pictures after the first have so coarse a quantiser that nothing of them is coded; the first is as fine as usual.
_STILL = ":crf=50:ipratio=14"


def coder(profile: Profile, pace: Pace) -> NalCoder:
    """Return an x265 encoder without B-frames and without keyframes of its own choice, in the thread that calls it."""
    rate = f"vbv-maxrate={profile.kbps}:vbv-bufsize={profile.kbps}"
    gop = f"keyint={profile.fps}:min-keyint={profile.fps}:scenecut=0:bframes=0:open-gop=0:aud=1:repeat-headers=1"
    threads = "pools=none:frame-threads=1:info=0:log-level=none"
    still = _STILL if pace is Pace.STILL else ""
    options = {"preset": "ultrafast", "crf": "28", "x265-params": f"{gop}:{rate}:{threads}{still}"}
    return NalCoder("libx265", profile, options | ({} if pace is Pace.CLIP else {"tune": "zerolatency"}))


def pictures(stream: bytes) -> list[Picture]:
    """Return the pictures of a coded stream, ready to be sent."""
    return [packetised(units) for units in nal.access_units(stream, lambda unit: _kind(unit) == _DELIMITER)]


def packetised(nal_units: Sequence[bytes]) -> Picture:
    """Return a picture as RTP payloads: whole units, and fragments of those that are too large."""
    payloads: list[bytes] = []
    for unit in nal_units:
        if len(unit) <= LARGEST_PAYLOAD:
            payloads.append(unit)
            continue
        head = bytes((unit[0] & 0x81 | _FU << 1, unit[1]))  # layer and temporal id stay the unit's own
        for flags, piece in nal.pieces(unit[2:], LARGEST_PAYLOAD - 3):
            payloads.append(head + bytes((flags | _kind(unit),)) + piece)
    key = any(_kind(unit) in _IDR for unit in nal_units)
    sets = frozenset(unit for unit in nal_units if _kind(unit) in {_VPS, _SPS, _PPS})
    return Picture(tuple(payloads), key, nal.annex_b(nal_units) if key else b"", sets)


def description(first: Picture) -> Description:
    """Return what is said of a stream that begins with this picture; LookupError where it has no parameter sets."""
    by_kind = {_kind(unit): base64.b64encode(unit).decode() for unit in first.sets}
    names = (("sprop-vps", _VPS), ("sprop-sps", _SPS), ("sprop-pps", _PPS))
    return Description("H265", sets=tuple(f"{name}={by_kind[kind]}" for name, kind in names))


def _kind(unit: bytes) -> int:
    return unit[0] >> 1 & 63
