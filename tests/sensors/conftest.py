"""A real Mosquitto, a field that publishes, and a sink that can be made to fail."""

import contextlib
import json
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from domain.clock import SystemClock
from domain.event import Event, FieldReport, Quarantined
from domain.news import LinkChanged, News
from domain.reading import Reading
from domain.record import Mode
from sensors.address import BrokerAddress
from sensors.link import FieldLink

CENTRE = "anyang"


def eventually(condition: Callable[[], object], what: str = "", limit_s: float = 15.0) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"never happened: {what or condition}")
        time.sleep(0.01)


class Broker:
    """A Mosquitto on a free port of 127.0.0.1, with a store that survives a restart if asked."""

    def __init__(
        self, folder: Path, *, persistent: bool = True, anonymous: bool = True, more: Sequence[str] = ()
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self._file = folder / "mosquitto.conf"
        lines = [
            f"listener {self.port} 127.0.0.1",
            f"allow_anonymous {'true' if anonymous else 'false'}",
            "user root",
            "max_queued_messages 0",
            "max_inflight_messages 1000",
            f"log_dest file {folder / 'mosquitto.log'}",
            *more,
        ]
        if persistent:
            lines += ["persistence true", f"persistence_location {folder}/"]
        self._file.write_text("\n".join(lines) + "\n")
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def address(self) -> BrokerAddress:
        return BrokerAddress(f"mqtt://127.0.0.1:{self.port}")

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "/usr/sbin/mosquitto", "-c", str(self._file)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        eventually(self._answers, "the broker listens")

    def stop(self, *, kill: bool = False) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            self._process.wait(10)
            self._process = None

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


class Field:
    """Somebody out there: publishes, and hears what consoles answer."""

    def __init__(self, port: int) -> None:
        self.heard: list[tuple[str, dict[str, object]]] = []
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        listening = [(f"watchroom/v1/{CENTRE}/{tail}", SubscribeOptions(qos=1)) for tail in ("+/+/+/ack", "+/+/state")]
        self._client.subscribe(listening)
        assert self._subscribed.wait(10)

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.heard.append((message.topic, json.loads(message.payload)))

    def say(self, tail: str, body: bytes | dict[str, object] | list[object], *, retain: bool = False) -> str:
        """Publish under the centre's topics and wait until the broker has it."""
        topic = f"watchroom/v1/{CENTRE}/{tail}"
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)
        return topic

    def publish(self, tail: str, body: bytes) -> None:
        self._client.publish(f"watchroom/v1/{CENTRE}/{tail}", body, qos=1)

    def answers(self, topic: str, stage: str = "stored") -> list[str]:
        return [str(body["id"]) for at, body in list(self.heard) if at == f"{topic}/ack" and body["stage"] == stage]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class KeepingSink:
    """Takes everything into lists. `hold` keeps back commits; `trouble` is raised instead of taking."""

    def __init__(self) -> None:
        self.reports: list[FieldReport] = []
        self.readings: list[Reading] = []
        self.quarantined: list[Quarantined] = []
        self.calls = 0
        self.hold = False
        self.held: list[Callable[[], None]] = []
        self.trouble: Callable[[tuple[FieldReport, ...]], Exception | None] = lambda _reports: None
        self.troubles = 0

    @property
    def events(self) -> list[Event]:
        return [report.event for report in list(self.reports)]

    def take_reports(self, reports: tuple[FieldReport, ...], committed: Callable[[], None]) -> None:
        self.calls += 1
        error = self.trouble(reports)
        if error is not None:
            self.troubles += 1
            raise error
        self.reports.extend(reports)
        self._commit(committed)

    def take_readings(self, readings: tuple[Reading, ...], committed: Callable[[], None]) -> None:
        self.calls += 1
        self.readings.extend(readings)
        self._commit(committed)

    def quarantine(self, item: Quarantined, committed: Callable[[], None]) -> None:
        self.quarantined.append(item)
        self._commit(committed)

    def _commit(self, committed: Callable[[], None]) -> None:
        if self.hold:
            self.held.append(committed)
        else:
            committed()


class Console:
    """A FieldLink with its sink and what it reported."""

    def __init__(self, address: BrokerAddress, workstation: UUID, **more: object) -> None:
        self.sink = KeepingSink()
        self.news: list[News] = []
        self.link = FieldLink(
            address,
            CENTRE,
            workstation,
            self.sink,
            self.news.append,
            SystemClock(),
            mode=Mode.TEST,
            **more,  # type: ignore[arg-type]  # tests name them
        )

    @property
    def changes(self) -> list[LinkChanged]:
        return [news for news in list(self.news) if isinstance(news, LinkChanged)]

    @property
    def up(self) -> bool:
        return bool(self.changes) and self.changes[-1].up

    def started(self) -> "Console":
        self.link.start()
        eventually(lambda: self.up, "the link is up")
        return self


@pytest.fixture
def wait() -> Callable[..., None]:
    return eventually


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path)
    yield broker
    broker.stop()


@pytest.fixture
def forgetful_broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path, persistent=False)
    yield broker
    broker.stop()


@pytest.fixture
def strict_broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that lets nobody in."""
    broker = Broker(tmp_path, anonymous=False)
    yield broker
    broker.stop()


@pytest.fixture
def field(broker: Broker) -> Iterator[Field]:
    field = Field(broker.port)
    yield field
    field.close()


@pytest.fixture
def workstation() -> UUID:
    return uuid4()


@pytest.fixture
def consoles() -> Iterator[Callable[..., Console]]:
    """Make consoles that are closed at the end."""
    made: list[Console] = []

    def make(address: BrokerAddress, workstation: UUID, **more: object) -> Console:
        made.append(Console(address, workstation, **more))
        return made[-1]

    yield make
    for console in made:
        console.link.close()


@pytest.fixture
def console(broker: Broker, workstation: UUID, consoles: Callable[..., Console]) -> Console:
    """A console that is connected."""
    return consoles(broker.address, workstation).started()


@pytest.fixture
def at() -> Callable[[], dict[str, object]]:
    """Make the head that every message has."""
    return lambda: {"id": str(uuid4()), "at": datetime.now(UTC).isoformat()}


class Certificates:
    """An authority with a broker's and a console's certificate, as files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        key = ec.generate_private_key(ec.SECP256R1())
        authority = self._signed("practice authority", key, key, "practice authority", ca=True)
        self.ca = self._keep("ca", key, authority)[0]
        self.server = self._issued("localhost", key)
        self.console = self._issued("console", key)

    def _issued(self, name: str, signer: ec.EllipticCurvePrivateKey) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        return self._keep(name, key, self._signed(name, key, signer, "practice authority", ca=False))

    def _keep(self, name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> tuple[Path, Path]:
        files = (self.folder / f"{name}.pem", self.folder / f"{name}.key")
        files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return files

    def _signed(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        signer: ec.EllipticCurvePrivateKey,
        issuer: str,
        *,
        ca: bool,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .sign(signer, hashes.SHA256())
        )


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path)


@pytest.fixture
def closed_broker(tmp_path: Path, certificates: Certificates) -> Iterator[Broker]:
    """A broker that speaks TLS and lets in only who shows a certificate."""
    (cert, key) = certificates.server
    lines = [f"cafile {certificates.ca}", f"certfile {cert}", f"keyfile {key}", "require_certificate true"]
    broker = Broker(tmp_path, more=lines)
    yield broker
    broker.stop()
