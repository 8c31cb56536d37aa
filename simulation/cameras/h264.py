"""H.264 as it travels: coding pictures, taking streams apart, and RTP payloads (RFC 6184, packetisation mode 1)."""

import base64
from collections.abc import Iterable, Sequence

from simulation.cameras import nal
from simulation.cameras.coder import NalCoder, Pace
from simulation.cameras.config import Profile
from simulation.cameras.picture import LARGEST_PAYLOAD, Description, Picture

_IDR, _SPS, _PPS, _DELIMITER, _FU_A = 5, 7, 8, 9, 28
# Pictures after the first have so coarse a quantiser that nothing of them is coded; the first is as fine as usual.
_STILL = ":rc-lookahead=0:sync-lookahead=0:mbtree=0:crf=50:ipratio=16:qcomp=1:stitchable=1"


def coder(profile: Profile, pace: Pace) -> NalCoder:
    """Return an x264 encoder without B-frames and without keyframes of its own choice."""
    live = pace is Pace.LIVE
    rate = f"vbv-maxrate={profile.kbps}:vbv-bufsize={profile.kbps}"
    gop = f"keyint={profile.fps}:min-keyint={profile.fps}:scenecut=0:bframes=0:aud=1"
    options = {
        "preset": "ultrafast" if live else "superfast",
        "crf": "27" if live else "26",
        "x264-params": f"{gop}:{rate}{_STILL if pace is Pace.STILL else ''}",
    }
    return NalCoder("libx264", profile, options | ({"tune": "zerolatency"} if live else {}))


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
        indicator, kind = unit[0] & 0xE0 | _FU_A, _kind(unit)
        for flags, piece in nal.pieces(unit[1:], LARGEST_PAYLOAD - 2):
            payloads.append(bytes((indicator, flags | kind)) + piece)
    key = any(_kind(unit) == _IDR for unit in nal_units)
    sets = frozenset(unit for unit in nal_units if _kind(unit) in {_SPS, _PPS})
    return Picture(tuple(payloads), key, nal.annex_b(nal_units) if key else b"", sets)


def description(first: Picture) -> Description:
    """Return what is said of a stream that begins with this picture; LookupError where it has no parameter sets."""
    by_kind = _by_kind(first.sets)
    sps, pps = by_kind[_SPS], by_kind[_PPS]
    sets = ",".join(base64.b64encode(unit).decode() for unit in (sps, pps))
    basics = ("packetization-mode=1", f"profile-level-id={sps[1:4].hex().upper()}")
    return Description("H264", basics=basics, sets=(f"sprop-parameter-sets={sets}",))


def _by_kind(nal_units: Iterable[bytes]) -> dict[int, bytes]:
    return {_kind(unit): unit for unit in nal_units}


def _kind(unit: bytes) -> int:
    return unit[0] & 31
