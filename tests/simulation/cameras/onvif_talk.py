"""What speaks ONVIF to the practice cameras: SOAP written by hand, zeep in strict mode, and digests of our own."""

import base64
import functools
import hashlib
import http.client
import importlib.util
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import zeep
import zeep.wsse.username
from lxml import etree

USER, PASSWORD = "practice", "a secret of the tests"
_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
_NAMESPACES = {
    "device": "http://www.onvif.org/ver10/device/wsdl",
    "media": "http://www.onvif.org/ver10/media/wsdl",
    "ptz": "http://www.onvif.org/ver20/ptz/wsdl",
}


class Soap:
    """ONVIF over http.client, written by hand."""

    def __init__(self, onvif_url: str) -> None:
        _, rest = onvif_url.split("//")
        self._host, _, path = rest.partition("/")
        self._folder = "/" + path.rsplit("/", 1)[0]

    def ask(
        self,
        operation: str,
        body: str = "<ProfileToken>main</ProfileToken>",
        *,
        service: str = "ptz",
        password: str | None = PASSWORD,
        age: timedelta = timedelta(),
        envelope: str = "{}",
    ) -> tuple[int, str, etree._Element | None]:
        """Return the status, the body as text and as an element; password None sends no token."""
        header = "" if password is None else self._token(password, datetime.now(UTC) - age)
        message = envelope.format(
            '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:t="http://www.onvif.org/ver10/schema">'
            f"<s:Header>{header}</s:Header>"
            f'<s:Body><{operation} xmlns="{_NAMESPACES[service]}">{body}</{operation}></s:Body></s:Envelope>'
        )
        connection = http.client.HTTPConnection(self._host, timeout=10)
        try:
            headers = {"Content-Type": "application/soap+xml; charset=utf-8"}
            connection.request("POST", f"{self._folder}/{service}_service", message.encode(), headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        return answer.status, content.decode(), etree.fromstring(content)

    def position(self) -> tuple[float, float, float]:
        _, _, root = self.ask("GetStatus")
        turn, zoom = root.find(".//{*}PanTilt"), root.find(".//{*}Zoom")
        return float(turn.get("x")), float(turn.get("y")), float(zoom.get("x"))

    def moving(self) -> bool:
        return "MOVING" in self.ask("GetStatus")[1]

    def move(self, pan: float = 0, tilt: float = 0, zoom: float = 0, timeout: str = "") -> int:
        body = f'<PanTilt xmlns="http://www.onvif.org/ver10/schema" x="{pan}" y="{tilt}"/>'
        body += f'<Zoom xmlns="http://www.onvif.org/ver10/schema" x="{zoom}"/>'
        lasts = f"<Timeout>{timeout}</Timeout>" if timeout else ""
        return self.ask("ContinuousMove", f"<ProfileToken>main</ProfileToken><Velocity>{body}</Velocity>{lasts}")[0]

    def stop(self) -> int:
        return self.ask("Stop")[0]

    @staticmethod
    def _token(password: str, created_at: datetime) -> str:
        nonce, created = secrets.token_bytes(16), created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = base64.b64encode(hashlib.sha1(nonce + created.encode() + password.encode()).digest()).decode()
        return (
            f'<w:Security xmlns:w="{_WSS}wssecurity-secext-1.0.xsd"><w:UsernameToken>'
            f"<w:Username>{escape(USER)}</w:Username>"
            f'<w:Password Type="{_WSS}username-token-profile-1.0#PasswordDigest">{digest}</w:Password>'
            f"<w:Nonce>{base64.b64encode(nonce).decode()}</w:Nonce>"
            f'<u:Created xmlns:u="{_WSS}wssecurity-utility-1.0.xsd">{created}</u:Created>'
            "</w:UsernameToken></w:Security>"
        )


class Onvif:
    """A device through zeep with ONVIF's own WSDL files, strictly, and through plain HTTP."""

    SERVICES: ClassVar[dict[str, tuple[str, str, str]]] = {
        "device": ("devicemgmt", "http://www.onvif.org/ver10/device/wsdl", "DeviceBinding"),
        "media": ("media", "http://www.onvif.org/ver10/media/wsdl", "MediaBinding"),
        "ptz": ("ptz", "http://www.onvif.org/ver20/ptz/wsdl", "PTZBinding"),
        "imaging": ("imaging", "http://www.onvif.org/ver20/imaging/wsdl", "ImagingBinding"),
        "events": ("events", "http://www.onvif.org/ver10/events/wsdl", "EventBinding"),
        "pull": ("events", "http://www.onvif.org/ver10/events/wsdl", "PullPointSubscriptionBinding"),
        "subscription": ("events", "http://www.onvif.org/ver10/events/wsdl", "SubscriptionManagerBinding"),
    }
    _wsdl = Path(importlib.util.find_spec("onvif").origin).parent.parent / "wsdl"

    def __init__(self, url: str) -> None:
        self.folder = url.rsplit("/", 1)[0]
        self.soap = Soap(url)

    def service(self, name: str, url: str = "") -> Any:
        file, namespace, binding = self.SERVICES[name]
        token = zeep.wsse.username.UsernameToken(USER, PASSWORD, use_digest=True)
        client = zeep.Client(self._document(file), wsse=token, settings=zeep.Settings(strict=True))
        return client.create_service(f"{{{namespace}}}{binding}", url or f"{self.folder}/{name}_service")

    def post(
        self, body: str, service: str = "ptz", headers: dict[str, str] | None = None, token: str | None = None
    ) -> http.client.HTTPResponse:
        """Send an envelope around this body over a connection of its own and return the answer, read."""
        where = urlsplit(self.folder)
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=10)
        header = Soap._token(PASSWORD, datetime.now(UTC)) if token is None else token
        said = (
            '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema">'
            f"<s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
        )
        try:
            path = f"{where.path}/{service}{'' if service.startswith('subscription') else '_service'}"
            connection.request("POST", path, said.encode(), headers or {})
            answer = connection.getresponse()
            answer.content = answer.read()
        finally:
            connection.close()
        return answer

    @classmethod
    @functools.cache
    def _document(cls, file: str) -> Any:
        return zeep.wsdl.Document(str(cls._wsdl / f"{file}.wsdl"), zeep.Transport())


def digest_proof(challenge: str, target: tuple[str, str], password: str, count: int = 1) -> str:
    """Return an Authorization header for a method and path, as RFC 7616 has it."""
    said = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge.removeprefix("Digest ")))
    algorithm = said.get("algorithm", "MD5")
    method, path = target

    def hashed(text: str) -> str:
        return hashlib.new({"MD5": "md5", "SHA-256": "sha256"}[algorithm], text.encode()).hexdigest()

    cnonce, nc = secrets.token_hex(8), f"{count:08x}"
    middle = f"{said['nonce']}:{nc}:{cnonce}:auth"
    secret, where = hashed(f"{USER}:{said['realm']}:{password}"), hashed(f"{method}:{path}")
    response = hashed(f"{secret}:{middle}:{where}")
    return (
        f'Digest username="{USER}", realm="{said["realm"]}", nonce="{said["nonce"]}", uri="{path}", '
        f'algorithm={algorithm}, qop=auth, nc={nc}, cnonce="{cnonce}", response="{response}"'
    )
