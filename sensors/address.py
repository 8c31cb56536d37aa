"""Where the broker is, and how to be let in."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from domain.errors import SettingsError

_PORTS = {"mqtt": 1883, "mqtts": 8883}


class _TidySocket(ssl.SSLSocket):
    """WORKAROUND: paho 2.2 forgets the socket where the handshake fails; can go when it closes it."""

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - the signature of the standard library
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """An address `mqtt://host:port` or `mqtts://host:port`, and for the latter the files of its TLS.

    `ca` names the authority that signed the broker's certificate (nothing: the system's); `cert` and `key` are the
    console's own. Anything unusable raises SettingsError naming the key of the `mqtt` section, never its secret.
    """

    url: str
    ca: Path | str | None = None
    cert: Path | str | None = None
    key: Path | str | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.username or parts.password:
            raise SettingsError("mqtt.url: leave name and password out; a console is known by its certificate")
        if parts.scheme not in _PORTS or not parts.hostname:
            raise SettingsError(f"mqtt.url: {self.url!r} is not mqtt://host:port or mqtts://host:port")
        try:
            parts.port  # noqa: B018 - reading it is what checks it
        except ValueError as error:
            raise SettingsError(f"mqtt.url: {error}") from error
        if self.cert and not self.key:
            raise SettingsError("mqtt.key: missing, though mqtt.cert is given")

    @property
    def host(self) -> str:
        """Return the name or number of the machine."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """Return the port, 1883 or for TLS 8883 where the address names none."""
        parts = urlsplit(self.url)
        return parts.port or _PORTS[parts.scheme]

    def tls(self) -> ssl.SSLContext | None:
        """Return how to prove and check identity, or None for a plain connection; SettingsError names a bad file."""
        if urlsplit(self.url).scheme != "mqtts":
            return None
        try:
            context = ssl.create_default_context(cafile=self.ca or None)
        except OSError as error:
            raise SettingsError(f"mqtt.ca: {self.ca} can't be used: {error}") from error
        context.sslsocket_class = _TidySocket
        if self.cert:
            try:
                context.load_cert_chain(self.cert, self.key or None)
            except OSError as error:
                raise SettingsError(
                    f"mqtt.cert, mqtt.key: {self.cert} and {self.key} can't be used: {error}"
                ) from error
        return context
