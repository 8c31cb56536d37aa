"""What listens to practice cameras of every kind, with what it heard."""

from typing import Any

from domain.camera_event import CameraEvent
from domain.clock import SystemClock
from domain.sign_in_gate import SignInGate
from ptz.contacts import Contacts
from ptz.ear import Hearing
from ptz.listening import Listening
from tests.ptz.event_city import SECRET, EventCity, until

PLAIN, DIGEST, SECURE, DEAF, ONE_POINT, OPEN, ROUGH = range(1, 8)
KINDS: list[dict[str, Any]] = [
    {"events": True},
    {"events": True, "sign_in": "digest", "digest": ["SHA-256", "MD5"], "nonce_uses": 2},
    {"events": True, "https": True, "https_only": True},
    {"events": False},
    {"events": True, "most_subscriptions": 1, "sign_in": "both"},
    {"events": True, "sign_in": "open", "own_port": True},
    {"events": True, "most_subscriptions": 50},  # some faults leave pull points behind
]
HEARD = [PLAIN, DIGEST, SECURE, ONE_POINT, OPEN]


class Listener:
    """What listens, with what it heard and what the camera was asked since."""

    def __init__(self, city: EventCity) -> None:
        self.city = city
        self.events: list[CameraEvent] = []
        self.password = SECRET
        self.gate = SignInGate()
        self._before = {number: len(city.get(f"/onvif/{number}/journal")) for number in city.numbers}
        clock = SystemClock()
        self.contacts = Contacts(lambda _: self.password, clock, self.gate)
        self.listening = Listening(self.contacts, self.events.append, clock, self.gate, talkers=3)
        self.listening.start()

    def listen(self, *numbers: int) -> None:
        self.listening.listen([self.city.entry(number) for number in numbers])

    def listen_and_hear(self, number: int) -> None:
        """Listen to one camera and wait until it is pulled from."""
        self.listen(number)
        until("a pull", lambda: self.asked(number, "PullMessages"))

    def hearing(self, number: int) -> Hearing | None:
        return next((one.hearing for one in self.listening.state() if one.camera_no == number), None)

    def detail(self, number: int) -> str:
        return next(one.detail for one in self.listening.state() if one.camera_no == number)

    def heard(self, number: int, *, active: bool = True) -> list[CameraEvent]:
        return [event for event in list(self.events) if event.camera_no == number and event.active is active]

    def asked(self, number: int, *operations: str) -> list[Any]:
        """Return what the camera was asked since this began."""
        journal = self.city.get(f"/onvif/{number}/journal")[self._before[number] :]
        return [one for one in journal if one["operation"] in operations]

    def done(self, number: int, operation: str) -> list[Any]:
        """Return what the camera did since this began."""
        return [one for one in self.asked(number, operation) if one["answer"] == "ok"]
