"""A move of zero, said without any library: the watchdog's process sends it after Stop."""

from xml.sax.saxutils import escape

_PTZ = "http://www.onvif.org/ver20/ptz/wsdl"
_SCHEMA = "http://www.onvif.org/ver10/schema"


def zero_envelope(profile: str, said: tuple[bool, bool]) -> bytes:
    """Return an unsigned continuous move of zero that speaks of turning, of zooming, as `said`."""
    turn = f'<t:PanTilt xmlns:t="{_SCHEMA}" x="0" y="0"/>' if said[0] else ""
    zoom = f'<t:Zoom xmlns:t="{_SCHEMA}" x="0"/>' if said[1] else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">'
        f'<s:Body><p:ContinuousMove xmlns:p="{_PTZ}"><p:ProfileToken>{escape(profile)}</p:ProfileToken>'
        f"<p:Velocity>{turn}{zoom}</p:Velocity></p:ContinuousMove></s:Body></s:Envelope>"
    ).encode()
