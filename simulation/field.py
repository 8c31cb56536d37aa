"""The field's side of the broker: everything out there speaks through here."""

import json
import threading
from collections.abc import Callable, Sequence

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from domain.errors import UnreachableError
from domain.fact import Json
from simulation.broker import HOST

READINGS_EXPIRE_S = 60
CONNECT_WITHIN_S = 10.0

Bend = Callable[[bytes], Sequence[bytes]]
Hear = Callable[[str, bytes], None]


class FieldNetwork:
    """One MQTT 5 connection for the whole field, QoS 1.

    `source` names who speaks ("station/1", "walker/2"): a fault bends what comes from one source.
    """

    def __init__(self, centre: str) -> None:
        self.root = f"watchroom/v1/{centre}"
        self._listeners: dict[str, Hear] = {}
        self._bends: dict[str, Bend] = {}
        self._connected = threading.Event()
        self._lock = threading.Lock()
        self._sent = 0
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"practice-{centre}", protocol=mqtt.MQTTv5)
        client.max_inflight_messages_set(1000)
        client.reconnect_delay_set(min_delay=1, max_delay=2)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        self._client = client

    @property
    def sent(self) -> int:
        """Return how many messages were handed to the broker."""
        return self._sent

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""
        return self._connected.is_set()

    def start(self, port: int) -> None:
        """Connect; UnreachableError where the broker does not answer."""
        try:
            self._client.connect(HOST, port, keepalive=10)
        except OSError as error:
            raise UnreachableError(f"the practice broker does not answer: {error}") from error
        self._client.loop_start()
        if not self._connected.wait(CONNECT_WITHIN_S):
            self._client.loop_stop()
            raise UnreachableError("the practice broker did not take the field's connection")

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def listen(self, topic: str, hear: Hear) -> None:
        """Call `hear(topic, payload)` in the network's thread for messages below the root (+ and # work)."""
        full = f"{self.root}/{topic}"
        self._listeners[full] = hear
        self._client.message_callback_add(
            full, lambda _client, _data, message: hear(message.topic, bytes(message.payload))
        )
        if self.connected:
            self._client.subscribe(full, qos=1)

    def send(self, source: str, topic: str, body: Json) -> None:
        """Send a message that is kept until the broker has it."""
        self._publish(source, topic, body, None)

    def send_reading(self, source: str, topic: str, body: Json) -> None:
        """Send measured values: of no use after 60 s, and left out while there is no broker."""
        if self.connected:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho leaves it unannotated
            properties.MessageExpiryInterval = READINGS_EXPIRE_S
            self._publish(source, topic, body, properties)

    def bend(self, source: str, bend: Bend | None) -> None:
        """From now on change what this source sends (None: no longer): the bend gives the payloads to send instead."""
        with self._lock:
            if bend is None:
                self._bends.pop(source, None)
            else:
                self._bends[source] = bend

    def _publish(self, source: str, topic: str, body: Json, properties: Properties | None) -> None:
        payload = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        with self._lock:
            bend = self._bends.get(source)
            payloads = [payload] if bend is None else bend(payload)
            self._sent += len(payloads)
        for each in payloads:
            self._client.publish(f"{self.root}/{topic}", each, qos=1, properties=properties)

    def _on_connect(
        self, client: mqtt.Client, _data: object, _flags: mqtt.ConnectFlags, reason: ReasonCode, _properties: object
    ) -> None:
        if reason.is_failure:
            return
        for topic in list(self._listeners):
            client.subscribe(topic, qos=1)
        self._connected.set()

    def _on_disconnect(self, *_: object) -> None:
        self._connected.clear()
