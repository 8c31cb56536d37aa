"""Streams of NAL units, as H.264 and H.265 have them."""

import re
from collections.abc import Callable, Iterable

_START_CODE = re.compile(b"\0\0\0?\1")


def units(stream: bytes) -> list[bytes]:
    """Return the NAL units of an Annex B stream, without start codes."""
    return [unit for unit in _START_CODE.split(stream) if unit]


def annex_b(nal_units: Iterable[bytes]) -> bytes:
    """Return NAL units as an Annex B stream."""
    return b"".join(b"\0\0\0\1" + unit for unit in nal_units)


def access_units(stream: bytes, delimits: Callable[[bytes], bool]) -> list[list[bytes]]:
    """Return the NAL units of each picture of a stream that marks pictures with delimiters, the delimiters left out."""
    found: list[list[bytes]] = []
    for unit in units(stream):
        if delimits(unit):
            found.append([])
        else:
            found[-1].append(unit)
    return found


def pieces(body: bytes, step: int) -> list[tuple[int, bytes]]:
    """Return a unit's body in pieces, each with the start and end bits of its fragment's header."""
    last = (len(body) - 1) // step * step
    return [
        ((0x80 if at == 0 else 0) | (0x40 if at == last else 0), body[at : at + step])
        for at in range(0, last + 1, step)
    ]
