"""Where a device says that its services and streams are, truly or not."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from simulation.cameras.onvif_faults import OnvifFault

FOREIGN = "203.0.113.7"  # of RFC 5737: nobody's
_DISCARD = 9
# What is said of the address of a service: scheme, host and port; None is as it is.
_SERVICES: dict[str, tuple[str | None, str | None, int | None]] = {
    "other_host": (None, FOREIGN, None),
    "other_port": (None, None, _DISCARD),
    "https": ("https", None, None),
    "zero": (None, "0.0.0.0", _DISCARD),  # noqa: S104 - said, not listened on
    "localhost": (None, "localhost", _DISCARD),
    "unresolvable": (None, "camera.invalid", None),
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the device's services and streams are."""

    services: str
    stream: Callable[[int, str], str]

    def of(self, service: str) -> str:
        """Return the address of a service."""
        return f"{self.services}/{service}_service"


def told(true: str, where: str, fault: OnvifFault) -> str:
    """Return what is told of an address; `where` is one of the words of `lie_where`.

    A stream keeps its port except where the lie is about ports: no client could find it by the host alone.
    """
    lie = fault.address_lie
    if not lie or fault.lie_where not in {"all", where}:
        return true
    if lie == "empty":
        return ""
    scheme, host, port = _SERVICES[lie]
    parts = urlsplit(true)
    if where == "stream":
        scheme, port = None, port if lie == "other_port" else None
    at = f"{host or parts.hostname}:{port or parts.port}"
    return urlunsplit((scheme or parts.scheme, at, parts.path, parts.query, ""))
