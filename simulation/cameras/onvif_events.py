"""ONVIF's event service: pull points (Core Specification, 9.2), their ends, and what is pulled from them."""

import asyncio
import html
import itertools
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.errors import BadInputError
from simulation.cameras.onvif_lies import told
from simulation.cameras.onvif_unit import Handlers, Unit, seconds_of, stamp
from simulation.cameras.soap import EVENTS, NOTIFICATION, Operation, SoapFaultError

_DIALECT = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
_ITEM_FILTER = "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter"
_USUAL_S = 60.0
_KEPT = 1000
_LONGEST_PULL_S = 60.0
_MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Topic:
    """What can happen: its topic, the items that name its source, and the item that tells its state."""

    path: str
    source: tuple[tuple[str, str], ...]
    state: str


TOPICS = {
    "motion": Topic("VideoSource/MotionAlarm", (("Source", "source_1"),), "State"),
    "cell_motion": Topic(
        "RuleEngine/CellMotionDetector/Motion",
        (
            ("VideoSourceConfigurationToken", "view_1"),
            ("VideoAnalyticsConfigurationToken", "analytics_1"),
            ("Rule", "MyMotionDetectorRule"),
        ),
        "IsMotion",
    ),
    "digital_input": Topic("Device/Trigger/DigitalInput", (("InputToken", "input_1"),), "LogicalState"),
}


@dataclass(slots=True)
class Subscription:
    """One pull point; it ends at a monotonic time."""

    no: int
    ends: float
    topics: tuple[str, ...]
    waiting: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT))
    news: asyncio.Event = field(default_factory=asyncio.Event)


class EventService:
    """Keeps the device's pull points."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._numbers = itertools.count(1)
        self._subscriptions: dict[int, Subscription] = {}
        self._states: dict[tuple[str, str], str] = {}  # the newest message of each topic and source

    def handlers(self) -> Handlers:
        """Return what answers each operation at once; nothing where the device has no events."""
        found: Handlers = {
            (EVENTS, "GetEventProperties"): self._properties,
            (EVENTS, "CreatePullPointSubscription"): self._create,
            (EVENTS, "SetSynchronizationPoint"): self._synchronise,
            (NOTIFICATION, "Renew"): self._renew,
            (NOTIFICATION, "Unsubscribe"): self._unsubscribe,
        }
        return found if self._unit.kind.events else {}

    def waiting_handlers(self) -> dict[tuple[str, str], Callable[[Operation], Awaitable[str]]]:
        """Return what answers when there is something to tell."""
        return {(EVENTS, "PullMessages"): self._pull} if self._unit.kind.events else {}

    def state(self) -> list[dict[str, Any]]:
        """Return the pull points that there are."""
        now = self._unit.monotonic()
        return [
            {"id": one.no, "ends_in_s": one.ends - now, "waiting": len(one.waiting)} for one in self._alive().values()
        ]

    def fire(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Tell every pull point that something happened; BadInputError where there is no such topic."""
        name = str(wish.get("topic", ""))
        if not self._unit.kind.events or name not in TOPICS:
            raise BadInputError(
                f"no event {name!r}; known are {', '.join(TOPICS) if self._unit.kind.events else 'none'}"
            )
        topic, said = TOPICS[name], "true" if wish.get("state", True) else "false"
        first = str(wish.get("source") or topic.source[0][1])
        initialised = (name, first) in self._states
        self._states[name, first] = said
        message = _message(topic, first, said, "Changed" if initialised else "Initialized", self._unit.wall())
        reached = [one for one in self._alive().values() if not one.topics or _covers(one.topics, topic.path)]
        for one in reached:
            one.waiting.append(message)
            one.news.set()
        return {"subscriptions": len(reached)}

    def _alive(self) -> dict[int, Subscription]:
        """Return the pull points, after those that were not renewed have gone."""
        now = self._unit.monotonic()
        self._subscriptions = {no: one for no, one in self._subscriptions.items() if one.ends > now}
        return self._subscriptions

    def _properties(self, _: Operation) -> str:
        rows = "".join(_topic_xml(topic) for topic in TOPICS.values())
        return (
            "<tev:GetEventPropertiesResponse><tev:TopicNamespaceLocation>http://www.onvif.org/onvif/ver10/topics/"
            "topicns.xml</tev:TopicNamespaceLocation><wsnt:FixedTopicSet>true</wsnt:FixedTopicSet>"
            f"<wstop:TopicSet>{rows}</wstop:TopicSet>"
            "<wsnt:TopicExpressionDialect>http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete"
            f"</wsnt:TopicExpressionDialect><wsnt:TopicExpressionDialect>{_DIALECT}</wsnt:TopicExpressionDialect>"
            f"<tev:MessageContentFilterDialect>{_ITEM_FILTER}</tev:MessageContentFilterDialect>"
            "<tev:MessageContentSchemaLocation>http://www.onvif.org/onvif/ver10/schema/onvif.xsd"
            "</tev:MessageContentSchemaLocation></tev:GetEventPropertiesResponse>"
        )

    def _create(self, asked: Operation) -> str:
        lasts_s = self._lasts(asked.text("InitialTerminationTime"), "UnacceptableInitialTerminationTime")
        if len(self._alive()) >= self._unit.kind.most_subscriptions:
            raise SoapFaultError("Action", "TooManySubscriptions", reason="no more pull points can be made", status=500)
        no, expressions = next(self._numbers), asked.text("Filter/TopicExpression")
        topics = tuple(part.strip() for part in expressions.split("|") if part.strip())
        self._subscriptions[no] = Subscription(no, self._unit.monotonic() + lasts_s, topics)
        self._tell_states(self._subscriptions[no])
        at = told(f"{self._unit.address.services}/subscription_{no}", "subscription", self._unit.fault().onvif)
        return (
            "<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference>"
            f"<wsa:Address>{at}</wsa:Address></tev:SubscriptionReference>{self._times(lasts_s)}"
            "</tev:CreatePullPointSubscriptionResponse>"
        )

    async def _pull(self, asked: Operation) -> str:
        """Answer as soon as there is a message, or after the time that is asked for."""
        subscription = self._known(asked)
        wait_s, most = seconds_of(asked.text("Timeout")), int(asked.text("MessageLimit", "1"))
        if wait_s is None or most < 1:
            raise SoapFaultError("InvalidArgVal", reason="PullMessages wants a timeout and a limit")
        wait_s = min(wait_s, _LONGEST_PULL_S, max(0.0, subscription.ends - self._unit.monotonic()))
        if not subscription.waiting:
            subscription.news.clear()
            with suppress(TimeoutError):  # an answer without messages
                await asyncio.wait_for(subscription.news.wait(), wait_s)
        self._known(asked)
        waiting = subscription.waiting
        told_now = [waiting.popleft() for _ in range(min(len(waiting), most, _MOST_AT_ONCE))]
        now, left_s = self._unit.wall(), subscription.ends - self._unit.monotonic()
        times = f"<tev:CurrentTime>{stamp(now)}</tev:CurrentTime>"
        times += f"<tev:TerminationTime>{stamp(now + timedelta(seconds=left_s))}</tev:TerminationTime>"
        return f"<tev:PullMessagesResponse>{times}{''.join(told_now)}</tev:PullMessagesResponse>"

    def _renew(self, asked: Operation) -> str:
        subscription = self._known(asked)
        lasts_s = self._lasts(asked.text("TerminationTime"), "UnacceptableTerminationTime")
        subscription.ends = self._unit.monotonic() + lasts_s
        now = self._unit.wall()
        ends = f"<wsnt:TerminationTime>{stamp(now + timedelta(seconds=lasts_s))}</wsnt:TerminationTime>"
        return f"<wsnt:RenewResponse>{ends}<wsnt:CurrentTime>{stamp(now)}</wsnt:CurrentTime></wsnt:RenewResponse>"

    def _unsubscribe(self, asked: Operation) -> str:
        subscription = self._known(asked)
        del self._subscriptions[subscription.no]
        subscription.ends = 0.0
        subscription.news.set()
        return "<wsnt:UnsubscribeResponse/>"

    def _synchronise(self, asked: Operation) -> str:
        subscription = self._known(asked)
        self._tell_states(subscription)
        return "<tev:SetSynchronizationPointResponse/>"

    def _tell_states(self, subscription: Subscription) -> None:
        """Put the state of everything that has one into a pull point."""
        for (name, first), said in self._states.items():
            topic = TOPICS[name]
            if not subscription.topics or _covers(subscription.topics, topic.path):
                subscription.waiting.append(_message(topic, first, said, "Initialized", self._unit.wall()))
                subscription.news.set()

    def _known(self, asked: Operation) -> Subscription:
        """Return the pull point that is spoken to; SoapFaultError where it has ended or never was."""
        _, _, number = asked.path.partition("?")[0].rpartition("subscription_")
        found = self._alive().get(int(number) if number.isdecimal() else -1)
        if found is None:
            raise SoapFaultError("InvalidArgVal", "ResourceUnknown", reason="there is no such pull point")
        return found

    def _lasts(self, said: str, refusal: str) -> float:
        """Return for how long a pull point is to live, said as a duration or a time of the device's clock."""
        if not said:
            return _USUAL_S
        total = seconds_of(said)
        if total is None:
            total = (datetime.fromisoformat(said) - self._unit.wall()).total_seconds()
        if not 0 < total <= self._unit.kind.longest_subscription_s:
            raise SoapFaultError("InvalidArgVal", refusal, reason=f"{said[:40]!r} is not acceptable")
        return total

    def _times(self, lasts_s: float) -> str:
        now = self._unit.wall()
        ends = stamp(now + timedelta(seconds=lasts_s))
        return f"<wsnt:CurrentTime>{stamp(now)}</wsnt:CurrentTime><wsnt:TerminationTime>{ends}</wsnt:TerminationTime>"


def _covers(expressions: tuple[str, ...], path: str) -> bool:
    """Return whether one of the expressions names a topic; one that ends in //. names all below it."""
    for expression in expressions:
        wanted = "/".join(step.rpartition(":")[2] for step in expression.removesuffix("//.").split("/"))
        if path == wanted or (expression.endswith("//.") and path.startswith(f"{wanted}/")):
            return True
    return False


def _message(topic: Topic, first: str, said: str, operation: str, now: datetime) -> str:
    sources = ((topic.source[0][0], first), *topic.source[1:])
    items = "".join(f'<tt:SimpleItem Name="{name}" Value="{html.escape(value)}"/>' for name, value in sources)
    return (
        f'<wsnt:NotificationMessage><wsnt:Topic Dialect="{_DIALECT}">tns1:{topic.path}</wsnt:Topic><wsnt:Message>'
        f'<tt:Message UtcTime="{stamp(now)}" PropertyOperation="{operation}"><tt:Source>{items}</tt:Source>'
        f'<tt:Data><tt:SimpleItem Name="{topic.state}" Value="{said}"/></tt:Data></tt:Message></wsnt:Message>'
        "</wsnt:NotificationMessage>"
    )


def _topic_xml(topic: Topic) -> str:
    """Return a topic's steps as nested elements, the last with the description of its messages."""
    steps = topic.path.split("/")
    source = "".join(f'<tt:SimpleItemDescription Name="{name}" Type="tt:ReferenceToken"/>' for name, _ in topic.source)
    inner = (
        f'<tt:MessageDescription IsProperty="true"><tt:Source>{source}</tt:Source><tt:Data>'
        f'<tt:SimpleItemDescription Name="{topic.state}" Type="xs:boolean"/></tt:Data></tt:MessageDescription>'
    )
    for depth, step in enumerate(reversed(steps)):
        name = f"tns1:{step}" if depth == len(steps) - 1 else step
        inner = f"<{name}{' wstop:topic=' + chr(34) + 'true' + chr(34) if depth == 0 else ''}>{inner}</{name}>"
    return inner
