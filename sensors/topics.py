"""The topics of the MQTT contract: what they name, how large their messages may be, which want an answer."""

import re
from dataclasses import dataclass

from domain.event import EventKind

ROOT = "watchroom/v1"
KIB = 1024
_LIMITS = {
    ("camera", "detection"): 256 * KIB,
    ("station", "readings"): 64 * KIB,
}
_LIMIT = 8 * KIB
EMERGENCIES = frozenset({EventKind.SOS.value, EventKind.BELL_PRESS.value})
_ANSWERED = frozenset({"start", "sos", "cancel", "arrive", "press"})
_OURS = frozenset({("guardian", "state"), ("partner", "request")})
_NAME = re.compile(r"[a-z0-9_.-]{1,40}")
_EVENT_FAMILIES = ("guardian", "bell", "camera", "unit", "partner")
_READING_FAMILIES = ("sensor", "station")


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic taken apart: `watchroom/v1/<centre>/<family>/<source>/<name>`."""

    text: str
    family: str
    source: str
    name: str

    @property
    def ours(self) -> bool:
        """Whether consoles themselves speak here, so that there is nothing to take in."""
        return (self.family, self.name) in _OURS

    @property
    def emergency(self) -> bool:
        """Whether a message here is a call for help, whatever it says."""
        return is_emergency(self.text)

    @property
    def limit_bytes(self) -> int:
        """Return how large a message may be here."""
        return _LIMITS.get((self.family, self.name), _LIMIT)

    @property
    def answer(self) -> str:
        """Return where the sender waits for `stored` and `shown`, or nothing."""
        return f"{self.text}/ack" if self.name in _ANSWERED else ""

    @property
    def kind(self) -> str:
        """Return the event kind of a topic that the contract does not know; never one that means something here."""
        known = self.name in {kind.value for kind in EventKind}
        return "unknown" if known or not _NAME.fullmatch(self.name) else self.name


def taken_apart(text: str, centre: str) -> Topic | None:
    """Return the topic, or None where it is not one of this centre's (`.../ack` has a level more, and is not)."""
    head = f"{ROOT}/{centre}/"
    levels = text.removeprefix(head).split("/")
    if not text.startswith(head) or len(levels) != 3:
        return None
    return Topic(text, *levels)


def is_emergency(text: str) -> bool:
    """Return whether a topic as it came is one of a call for help."""
    return text.rpartition("/")[2] in EMERGENCIES


def event_filters(centre: str) -> tuple[str, ...]:
    """Return what the events client subscribes to."""
    return tuple(f"{ROOT}/{centre}/{family}/+/+" for family in _EVENT_FAMILIES)


def reading_filters(centre: str) -> tuple[str, ...]:
    """Return what the readings client subscribes to."""
    return tuple(f"{ROOT}/{centre}/{family}/+/+" for family in _READING_FAMILIES)


def state_topic(centre: str, session: str) -> str:
    """Return where app and guardian hear how a session stands."""
    return f"{ROOT}/{centre}/guardian/{session}/state"
