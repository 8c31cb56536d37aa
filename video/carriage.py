"""How packets are to come: what SETUP asks for and what the camera agrees to (RFC 2326, 12.39)."""

from dataclasses import dataclass

from domain.camera import Transport


@dataclass(frozen=True, slots=True)
class Carriage:
    """What was agreed: the two channels inside the connection, or none and datagrams from the camera's two ports.

    `ssrc` is the source that the packets will name, where the camera said so; a port that it did not tell is None.
    """

    channels: tuple[int, int] | None = (0, 1)
    camera_ports: tuple[int, int] | None = None
    ssrc: int | None = None

    @property
    def transport(self) -> Transport:
        """Return which of the two ways it is."""
        return Transport.UDP if self.channels is None else Transport.TCP


def wish(transport: Transport, port: int) -> str:
    """Return the Transport header that asks for it; `port` is the even one of our two, for datagrams."""
    if transport is Transport.TCP:
        return "RTP/AVP/TCP;unicast;interleaved=0-1"
    return f"RTP/AVP;unicast;client_port={port}-{port + 1}"


def agreed(header: str, asked: Transport) -> Carriage:
    """Read the Transport header of the answer; what it leaves out, or what can't be read, is as we asked."""
    values: dict[str, str] = {}
    for part in header.partition(",")[0].split(";"):
        name, _, value = part.strip().partition("=")
        values.setdefault(name.lower(), value.strip())
    channels = _pair(values.get("interleaved", ""), most=255)
    ssrc = _ssrc(values.get("ssrc", ""))
    if channels is None and asked is Transport.UDP:
        return Carriage(None, _pair(values.get("server_port", ""), most=65_535), ssrc)
    return Carriage(channels or (0, 1), None, ssrc)


def _pair(text: str, *, most: int) -> tuple[int, int] | None:
    first, _, second = text.partition("-")
    if not _is_number(first, most):
        return None
    return int(first), int(second) if _is_number(second, most) else min(int(first) + 1, most)


def _is_number(text: str, most: int) -> bool:
    return len(text) <= 5 and text.isascii() and text.isdigit() and int(text) <= most


def _ssrc(text: str) -> int | None:
    """Return the eight hexadecimal digits as a number; some cameras leave leading zeros out."""
    try:
        return int(text, 16) if 0 < len(text) <= 8 and text.isalnum() else None
    except ValueError:
        return None
