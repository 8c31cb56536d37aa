"""Messages that are repeated until the room has answered them."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from domain.fact import Json
from simulation.agenda import Agenda
from simulation.field import FieldNetwork
from simulation.journal import Journal

REPEAT_S = 2.0

_RANK = {"stored": 1, "shown": 2}


@dataclass(slots=True)
class _Owed:
    source: str
    topic: str
    body: dict[str, Json]
    until: str
    answered: Callable[[], None]
    stage: str = ""
    times: int = 0

    @property
    def settled(self) -> bool:
        return _RANK.get(self.stage, 0) >= _RANK[self.until]


class AnsweredMessages:
    """Sends start, sos, cancel, arrive and press, again every 2 s, the same body, until the awaited stage is seen."""

    def __init__(self, network: FieldNetwork, agenda: Agenda, journal: Journal) -> None:
        self._network = network
        self._agenda = agenda
        self._journal = journal
        self._owed: dict[str, _Owed] = {}
        network.listen("+/+/+/ack", self._hear)

    def send(
        self,
        source: str,
        topic: str,
        body: dict[str, Json],
        until: str,
        answered: Callable[[], None] = lambda: None,
    ) -> None:
        """Send until `stored` or `shown`; `answered` is called once, in the agenda's thread."""
        owed = _Owed(source, topic, body, until, answered)
        self._owed[str(body["id"])] = owed
        self._turn(owed)

    def state(self) -> list[Json]:
        """Return what was sent, how often, and how far it was answered."""
        return [
            {"topic": owed.topic, "id": owed.body["id"], "times": owed.times, "until": owed.until, "stage": owed.stage}
            for owed in self._owed.values()
        ]

    def _turn(self, owed: _Owed) -> None:
        if owed.settled:
            return
        owed.times += 1
        self._network.send(owed.source, owed.topic, owed.body)
        self._agenda.after(REPEAT_S, lambda: self._turn(owed))

    def _hear(self, topic: str, payload: bytes) -> None:
        try:
            said = json.loads(payload)
            answer = str(said["id"]), str(said["stage"])
        except (ValueError, KeyError, TypeError):
            self._journal.say("answer not understood", topic=topic)
            return
        self._agenda.after(0.0, lambda: self._take(topic, *answer))

    def _take(self, topic: str, message_id: str, stage: str) -> None:
        owed = self._owed.get(message_id)
        if owed is None or not topic.endswith(f"/{owed.topic}/ack") or _RANK.get(stage, 0) <= _RANK.get(owed.stage, 0):
            return
        was_settled = owed.settled
        owed.stage = stage
        self._journal.say("answered", topic=owed.topic, stage=stage, times=owed.times)
        if owed.settled and not was_settled:
            owed.answered()
