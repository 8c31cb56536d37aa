"""Lengths that are not true: RTP packets, interleaved frames and answers as broken cameras send them."""

import struct

_REACHES_BEYOND = 0xC8  # what a length octet says of what is not there
_JUNK = bytes(range(0x30, 0x58))


def packet(turn: int, sequence: int, stamp: int, head: tuple[int, int]) -> bytes:
    """Return an RTP packet (payload type, SSRC in `head`) whose padding, extension or CSRC count is longer than itself.

    The fourth in turn ends in the middle of its header.
    """
    payload_type, ssrc = head
    flags, body = (
        (0x80 | 0x20, _JUNK + bytes((_REACHES_BEYOND,))),  # padding
        (0x80 | 0x10, struct.pack(">HH", 0xBEDE, 0xFFFF) + _JUNK),  # extension, in words of 4 octets
        (0x80 | 0x0F, _JUNK),  # 15 contributing sources would be 60 octets
        (0x80, b""),
    )[turn % 4]
    whole = struct.pack(">BBHII", flags, payload_type, sequence, stamp, ssrc) + body
    return whole if body else whole[:7]


def frame(turn: int, channel: int) -> bytes:
    """Return an interleaved frame (RFC 2326, 10.12) that is shorter or longer than it says, empty, or of no channel."""
    said, octets, on = (
        (0xFFFF, _JUNK, channel),
        (4, _JUNK, channel),
        (0, b"", channel),
        (len(_JUNK), _JUNK, 0xEE),
    )[turn % 4]
    return struct.pack(">BBH", 0x24, on, said) + octets


def content_length(turn: int, true: int) -> str:
    """Return the value of a Content-Length header that is not the true one."""
    return ("-1", "99999999999", "many", str(true + 7))[turn % 4]
