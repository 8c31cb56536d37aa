"""Which files the review player takes: recordings on a disk of ours, known by their first bytes.

Nothing that sends a player elsewhere gets to libVLC: no address, and no playlist (m3u8, xspf, sdp, asx), whose entries
it would fetch. Debian's libVLC takes `rtsp://`, says "playing" without a picture, and blocks in stop() for 5 s.
"""

from pathlib import Path

from domain.errors import BadInputError

_HEAD = 1024
_TS_PACKETS = (188, 192, 204)


def checked_recording(path: str) -> Path:
    """Return the path of a recording that may be played; BadInputError says why another one may not."""
    if "://" in path:
        raise BadInputError("the review player plays files only; an address is opened as a camera")
    file = Path(path)
    try:
        if not file.is_file():
            raise BadInputError(f"{path}: there is no such file")
        with file.open("rb") as reading:
            head = reading.read(_HEAD)
    except OSError as error:
        raise BadInputError(f"{path}: {error.strerror}") from error
    if container_of(head) is None:
        raise BadInputError(f"{path}: is no recording that can be played (mp4, avi, mkv, ts, ps, asf, flv)")
    return file


def container_of(head: bytes) -> str | None:
    """Return which kind of recording begins so, None for what is none."""
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"styp"}:
        return "mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    for kind, magic in _MAGIC.items():
        if head.startswith(magic):
            return kind
    for packet in _TS_PACKETS:
        first = 4 if packet == 192 else 0
        if len(head) > first + 2 * packet and all(head[first + k * packet] == 0x47 for k in range(3)):
            return "ts"
    return None


_MAGIC = {
    "mkv": b"\x1a\x45\xdf\xa3",
    "asf": b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
    "ps": b"\0\0\1\xba",
    "flv": b"FLV\1",
}
