"""Readings from the broker into the database: single messages and station batches, with an operator at work.

A Mosquitto of its own, the field in a process of its own, and here what the console has: FieldLink, EventStore and
ReadingStore on a fresh database. The field offers a fifth more than the target; the rate is what was committed from
the first message to the last commit. Meanwhile an operator commits twenty times a second.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from paho.mqtt.client import Client, MQTTMessageInfo  # noqa: E402 - a bench is started as a script
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion  # noqa: E402 - as above

from bench.common import Cpu, Report, arguments, idle_control_ms, median, percentile, table  # noqa: E402 - as above
from db.audit import AuditStore  # noqa: E402 - as above
from db.database import Database  # noqa: E402 - as above
from db.events import EventStore  # noqa: E402 - as above
from db.quarantine import QuarantineStore  # noqa: E402 - as above
from db.readings import ReadingStore  # noqa: E402 - as above
from domain.clock import SystemClock  # noqa: E402 - as above
from domain.event import FieldReport, Quarantined  # noqa: E402 - as above
from domain.news import LinkChanged, News  # noqa: E402 - as above
from domain.reading import Reading  # noqa: E402 - as above
from domain.record import Mode, Workplace  # noqa: E402 - as above
from domain.rules import RuleBook  # noqa: E402 - as above
from sensors.address import BrokerAddress  # noqa: E402 - as above
from sensors.link import FieldLink  # noqa: E402 - as above

RUNS = 3
CENTRE = "bench"
PER_BATCH = 400  # what fits into 64 KiB
OFFERED = {"single": 1_200, "batch": 12_000}
TARGETS = {
    "single_per_s": (">=", 1_000.0),
    "batch_per_s": (">=", 10_000.0),
    "operator_commit_p99_ms": ("<=", 50.0),
    "lost": ("<=", 0.0),
}
DRAIN_S = 20.0


def publish(port: int, kind: str, seconds: float) -> None:
    """Be the field: offer readings at the rate of this kind, and print how many the broker took."""
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.max_inflight_messages_set(1000)
    client.connect("127.0.0.1", port)
    client.loop_start()
    at_once = PER_BATCH if kind == "batch" else 1
    rate, sent, waiting = OFFERED[kind] / at_once, 0, list[MQTTMessageInfo]()
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        while sent < (time.perf_counter() - began) * rate:
            topic, body = _batch(sent) if kind == "batch" else _single(sent)
            waiting.append(client.publish(f"watchroom/v1/{CENTRE}/{topic}", body, qos=1))
            sent += 1
        time.sleep(0.002)
    for message in waiting:
        message.wait_for_publish(30)
    taken = sum(message.is_published() for message in waiting)
    client.disconnect()
    client.loop_stop()
    print(json.dumps({"taken": taken * at_once}))


def _single(number: int) -> tuple[str, str]:
    return f"sensor/t{number % 200}/reading", json.dumps(_reading(number))


def _batch(number: int) -> tuple[str, str]:
    batch = [_reading(number) | {"sensor": f"s{sensor}"} for sensor in range(PER_BATCH)]
    return f"station/st{number % 5}/readings", json.dumps(batch, separators=(",", ":"))


def _reading(number: int) -> dict[str, object]:
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return {"id": str(uuid4()), "at": at, "quantity": "pm10", "value": number % 300, "unit": "ug/m3"}


@dataclass(slots=True)
class Sink:
    """The console's stores, counting what was committed and how old it was then."""

    events: EventStore
    readings: ReadingStore
    aside: QuarantineStore
    committed: int = 0
    ages_ms: list[float] = field(default_factory=list)
    first_at: float = 0.0
    last_at: float = 0.0

    def take_reports(self, reports: tuple[FieldReport, ...], committed: Callable[[], None]) -> None:
        """Commit events."""
        self.events.take(reports)
        committed()

    def take_readings(self, readings: tuple[Reading, ...], committed: Callable[[], None]) -> None:
        """Commit readings."""
        self.first_at = self.first_at or time.perf_counter()
        self.committed += self.readings.take(readings)
        self.last_at = time.perf_counter()
        self.ages_ms.append((datetime.now(UTC) - readings[0].at).total_seconds() * 1000)
        committed()

    def quarantine(self, item: Quarantined, committed: Callable[[], None]) -> None:
        """Keep what can't be taken."""
        self.aside.keep([item])
        committed()


@contextmanager
def broker(folder: Path) -> Iterator[int]:
    """Run a Mosquitto and give its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    settings = ["allow_anonymous true", f"listener {port} 127.0.0.1", "max_queued_messages 0"]
    config = folder / "mosquitto.conf"
    config.write_text("\n".join([*settings, "max_inflight_messages 1000", "set_tcp_nodelay true", "user root"]) + "\n")
    command = ["setpriv", "--pdeathsig", "KILL", "/usr/sbin/mosquitto", "-c", str(config)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            yield port
        finally:
            process.terminate()


@contextmanager
def console(folder: Path, port: int) -> Iterator[tuple[Sink, AuditStore]]:
    """Give the console's ingest, connected."""
    clock, workplace, up = SystemClock(), Workplace(uuid4(), CENTRE, Mode.TEST), threading.Event()

    def heard(news: News) -> None:
        if isinstance(news, LinkChanged) and news.up:
            up.set()

    db = Database.open(folder / "bench.sqlite", clock)
    rules = RuleBook.load(ROOT / "resources" / "alarm_rules.toml")
    events = EventStore(db, workplace, db.hybrid_clock, rules.alarms_for)
    sink = Sink(events, ReadingStore(db), QuarantineStore(db))
    address = BrokerAddress(f"mqtt://127.0.0.1:{port}")
    link = FieldLink(address, CENTRE, workplace.origin, sink, heard, clock, mode=Mode.TEST)
    link.start()
    try:
        if not up.wait(20):
            raise SystemExit("the broker did not come up")
        yield sink, AuditStore(db)
    finally:
        link.close()
        db.close()


def one_run(kind: str, seconds: float) -> dict[str, float]:
    """Offer one kind of message for so long and return what came of it."""
    with tempfile.TemporaryDirectory(prefix="watchroom-bench-") as name, broker(Path(name)) as port:  # noqa: SIM117 - later ones need it
        with console(Path(name), port) as (sink, audit):
            command = [sys.executable, __file__, "--field", str(port), kind, str(seconds)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
                operator_ms = work_as_operator(audit, sender)
                said = sender.communicate(timeout=60)[0]
            taken = json.loads(said)["taken"]
            deadline = time.perf_counter() + DRAIN_S
            while sink.committed < taken and time.perf_counter() < deadline:
                time.sleep(0.01)
            return {
                "per_s": sink.committed / (sink.last_at - sink.first_at) if sink.committed else 0.0,
                "lost": max(0, taken - sink.committed),
                "age_p99_ms": percentile(sink.ages_ms, 0.99),
                "operator_p99_ms": percentile(operator_ms, 0.99),
            }


def work_as_operator(audit: AuditStore, sender: "subprocess.Popen[str]") -> list[float]:
    """Commit an operator's write every 50 ms while the field sends; return how long each took, in ms."""
    took = []
    while sender.poll() is None:
        began = time.perf_counter()
        audit.append("bench", "acknowledge", "alarm", "bench", datetime.now(UTC))
        took.append((time.perf_counter() - began) * 1000)
        time.sleep(0.05)
    return took


def main() -> int:
    """Measure and print."""
    parser = arguments("Readings from the broker into the database.")
    parser.add_argument("--field", nargs=3, metavar=("PORT", "KIND", "SECONDS"), help="be the field (used by itself)")
    options = parser.parse_args()
    if options.field:
        port, kind, seconds = options.field
        publish(int(port), kind, float(seconds))
        return 0
    lengths = {"single": 3.5, "batch": 3.5} if options.quick else {"single": 20.0, "batch": 60.0}
    report, before, control = Report("ingest", targets=dict(TARGETS)), Cpu.now(), list[float]()
    runs: dict[str, list[dict[str, float]]] = {"single": [], "batch": []}
    for _ in range(RUNS):
        control += idle_control_ms(1.0 if options.quick else 5.0)
        for kind, length in lengths.items():
            runs[kind].append(one_run(kind, length))
    for kind, found in runs.items():
        report.figures |= {f"{kind}_{name}": median(run[name] for run in found) for name in ("per_s", "age_p99_ms")}
    everything = [run for found in runs.values() for run in found]
    report.figures["operator_commit_p99_ms"] = max(
        median(run["operator_p99_ms"] for run in found) for found in runs.values()
    )
    report.figures["lost"] = sum(run["lost"] for run in everything)
    now = Cpu.now()
    report.judge_machine(now.stolen_share(before), percentile(control, 0.99))
    rows = [
        [
            kind,
            str(OFFERED[kind]),
            f"{median(run['per_s'] for run in found):.0f}",
            f"{median(run['age_p99_ms'] for run in found):.0f}",
            f"{median(run['operator_p99_ms'] for run in found):.1f}",
            f"{sum(run['lost'] for run in found):.0f}",
        ]
        for kind, found in runs.items()
    ]
    print(table(["messages", "offered/s", "committed/s", "age p99 ms", "operator p99 ms", "lost"], rows))
    print(f"stolen {now.stolen_share(before):.1%}, idle {now.idle_share(before):.0%} of {os.cpu_count()} cores")
    return report.print(as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
