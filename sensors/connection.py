"""One MQTT 5 client: connects, subscribes, delivers, acknowledges when told, and comes back by itself.

paho is driven from one thread of ours, through its interface for foreign event loops. So nothing in it is
touched from two threads, acknowledgements can't slip into the next connection, and waiting is not bound to
select(), which ends at file number 1023.
"""

import logging
import random
import selectors
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from domain.clock import Clock
from sensors.address import BrokerAddress
from sensors.incoming import Incoming

_log = logging.getLogger(__name__)

RECEIVE_MAXIMUM = 1000
KEEPALIVE_S = 5  # a broker that is silently gone is noticed within twice this
CONNECT_TIMEOUT_S = 5.0
BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
STEADY_S = 10.0  # a connection that held this long starts the back-off anew
_READS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message with what is needed to acknowledge it on the connection that brought it."""

    incoming: Incoming
    mid: int
    connection_no: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the client is connected and subscribed; `reason` is a text code where it is not.

    `session_kept` says that the broker still had the session, and so everything since it was left.
    """

    up: bool
    reason: str = ""
    session_kept: bool = False
    connection_no: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What sets one client apart: its id, filters, session, and whether its first connection begins afresh."""

    client_id: str
    filters: tuple[str, ...]
    session_expiry_s: int
    clean_first: bool


class Connection:
    """Keeps one client connected from `start` to `close`.

    `deliver` and `changed` are called from its thread and must not block. `acknowledge` and `publish` may be
    called from any thread and return at once.
    """

    def __init__(
        self,
        plan: Plan,
        address: BrokerAddress,
        clock: Clock,
        deliver: Callable[[Delivery], None],
        changed: Callable[[Standing], None],
    ) -> None:
        self._plan = plan
        self._address = address
        self._clock = clock
        self._deliver = deliver
        self._changed = changed
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"mqtt {plan.client_id}", daemon=True)
        self._wake_r, self._wake_w = socket.socketpair()
        for end in (self._wake_r, self._wake_w):
            end.settimeout(0)
        self._wishes: deque[Callable[[], None]] = deque()
        self._client = self._made()
        self._connection_no = 0
        self._begun = False  # whether a session was ever taken up
        self._up = False
        self._reason = ""
        self._session_kept = False
        self._deliveries = 0
        self._unacknowledged: set[int] = set()

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def close(self) -> None:
        """Leave the broker, which keeps the session, and end the thread."""
        self._closing.set()
        self._wake()
        if self._thread.ident is not None:
            self._thread.join()
        self._wake_r.close()
        self._wake_w.close()

    def acknowledge(self, delivery: Delivery) -> None:
        """Tell the broker that the message is safe; nothing where its connection has ended (it comes again)."""
        self._wish(lambda: self._puback(delivery))

    def publish(self, topic: str, body: bytes) -> None:
        """Send with QoS 1 as soon as there is a connection."""
        self._wish(lambda: self._send(topic, body))

    def _wish(self, work: Callable[[], None]) -> None:
        self._wishes.append(work)
        self._wake()

    def _wake(self) -> None:
        try:
            self._wake_w.send(b"\0")
        except OSError:  # full: it will wake anyway; closed: nobody is left to wake
            return

    def _puback(self, delivery: Delivery) -> None:
        if delivery.connection_no == self._connection_no and delivery.mid in self._unacknowledged:
            self._unacknowledged.remove(delivery.mid)
            self._client.ack(delivery.mid, 1)

    def _send(self, topic: str, body: bytes) -> None:
        self._client.publish(topic, body, qos=1)

    def _made(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._plan.client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.connect_timeout = CONNECT_TIMEOUT_S
        tls = self._address.tls()
        if tls is not None:
            client.tls_set_context(tls)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        return client

    def _run(self) -> None:
        attempt = 0
        while not self._closing.is_set():
            began = self._now()
            try:
                self._live()
            except Exception:  # noqa: BLE001 - outermost loop of the thread: whatever a broker sends, we come back
                _log.exception("connection %s failed", self._plan.client_id)
                self._reason = "broker_lost"
            self._client.disconnect()
            self._up = False
            if self._closing.is_set():
                break
            self._changed(Standing(up=False, reason=self._reason))
            attempt = 0 if self._now() - began > STEADY_S else min(attempt + 1, len(BACKOFF_S) - 1)
            self._closing.wait(BACKOFF_S[attempt] * random.uniform(0.75, 1.25))  # noqa: S311 - spreads consoles out

    def _live(self) -> None:
        """Hold one connection from its opening to its end."""
        self._reason = "broker_no_answer"
        self._connection_no += 1
        self._unacknowledged.clear()
        if not self._open():
            return
        connection = self._client.socket()
        if not isinstance(connection, socket.socket):  # an SSLSocket is one too
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # answers are small and must not wait
        deadline = self._now() + CONNECT_TIMEOUT_S
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            selector.register(self._wake_r, selectors.EVENT_READ)
            while self._client.socket() is not None and (self._up or self._now() < deadline):
                if self._closing.is_set():
                    self._leave()
                    return
                self._turn(selector, connection)

    def _open(self) -> bool:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho leaves it untyped
        properties.SessionExpiryInterval = self._plan.session_expiry_s
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        try:
            self._client.connect(
                self._address.host,
                self._address.port,
                keepalive=KEEPALIVE_S,
                clean_start=self._plan.clean_first and not self._begun,
                properties=properties,
            )
        except ssl.SSLError as error:
            _log.warning("broker: %s", error)
            self._reason = "broker_certificate"
            return False
        except ConnectionRefusedError:
            self._reason = "broker_refused"
            return False
        except OSError as error:
            _log.info("broker: %s", error)
            return False
        return True

    def _turn(self, selector: selectors.BaseSelector, connection: socket.socket) -> None:
        """Wait for something to do, at most a second, and do it."""
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._client.want_write() else 0)
        selector.modify(connection, wanted)
        ready = {key.fileobj: events for key, events in selector.select(timeout=1.0)}
        if self._wake_r in ready:
            self._wake_r.recv(4096)
        if ready.get(connection, 0) & selectors.EVENT_READ:
            self._read(connection)
        while self._up and self._wishes:
            self._wishes.popleft()()
        if self._client.want_write():
            self._client.loop_write()
        self._client.loop_misc()

    def _read(self, connection: socket.socket) -> None:
        """Read on while messages keep coming, so that a flood does not pay a wait for each."""
        for _ in range(_READS_AT_ONCE):
            before = self._deliveries
            if self._client.loop_read() is not MQTTErrorCode.MQTT_ERR_SUCCESS:
                return
            buffered = isinstance(connection, ssl.SSLSocket) and connection.pending() > 0
            if self._deliveries == before and not buffered:
                return

    def _leave(self) -> None:
        while self._up and self._wishes:
            self._wishes.popleft()()
        self._client.disconnect()
        self._client.loop_write()

    def _now(self) -> float:
        """Return seconds of the world: a network does not run at a practice clock's speed."""
        return self._clock.monotonic() / self._clock.speed

    def _on_connect(
        self, client: Client, _data: object, flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._reason = "broker_not_authorised"
            _log.warning("broker refuses %s: %s", self._plan.client_id, reason)
            return
        self._session_kept = flags.session_present
        # Retained messages are neither sent on subscribing nor hidden when somebody sends one.
        options = SubscribeOptions(qos=1, noLocal=True, retainAsPublished=True, retainHandling=2)
        client.subscribe([(name, options) for name in self._plan.filters])

    def _on_subscribe(
        self, client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._reason = "broker_not_authorised"
            _log.warning("broker refuses subscriptions of %s: %s", self._plan.client_id, reasons)
            client.disconnect()
            return
        self._begun = True
        self._up = True
        self._reason = "broker_lost"
        self._changed(Standing(up=True, session_kept=self._session_kept, connection_no=self._connection_no))

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._deliveries += 1
        self._unacknowledged.add(message.mid)
        incoming = Incoming(message.topic, bytes(message.payload), message.retain, self._clock.now())
        self._deliver(Delivery(incoming, message.mid, self._connection_no))
