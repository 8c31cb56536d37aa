"""What a camera's event messages say: PullMessages' answers (ONVIF Core Specification, 9.2), read defensively.

Read by local names from the raw answer: zeep loses the text of a topic, and cameras use prefixes that they do not
declare.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.camera_event import CameraEvent, CameraEventKind, our_moment
from domain.errors import ProtocolError
from ptz.soap import repaired

MOST_MESSAGES = 200  # of one answer: twice what is asked for
_MOST_ITEMS = 16  # of one message
_LONGEST = 100  # of a name that a camera tells
_LONGEST_LEASE = timedelta(days=1)

# Topics by their steps without prefixes (ONVIF Topic Namespace; Imaging, 8.5; Analytics, A.1). One that ends in a
# slash stands for all below it. Makers put their own prefixes before the same steps.
_TOPICS: tuple[tuple[str, CameraEventKind], ...] = (
    ("VideoSource/MotionAlarm", CameraEventKind.MOTION),
    ("RuleEngine/MotionRegionDetector/Motion", CameraEventKind.MOTION),
    ("RuleEngine/CellMotionDetector/Motion", CameraEventKind.CELL_MOTION),
    ("Device/Trigger/DigitalInput", CameraEventKind.DIGITAL_INPUT),
    ("RuleEngine/TamperDetector/Tamper", CameraEventKind.TAMPER),
    ("VideoSource/GlobalSceneChange/", CameraEventKind.TAMPER),
    ("VideoSource/ImageTooBlurry/", CameraEventKind.TAMPER),
    ("VideoSource/ImageTooDark/", CameraEventKind.TAMPER),
    ("VideoSource/ImageTooBright/", CameraEventKind.TAMPER),
)
_STATES = {"State", "IsMotion", "LogicalState", "IsTamper"}
_YES, _NO = {"true", "1", "active", "on"}, {"false", "0", "inactive", "off"}


@dataclass(frozen=True, slots=True)
class Heard:
    """How an answer came: from whom, when, and how far the camera's clock is ahead of ours."""

    camera_no: int
    received_at: datetime
    offset_s: float = 0.0


def read(content: bytes) -> Any:
    """Return an answer's root element; ProtocolError where it is no XML or brings a document type."""
    from lxml import etree  # noqa: PLC0415 - comes with zeep, off the start-up path

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(repaired(content), parser)
    except (etree.LxmlError, ValueError) as error:
        raise ProtocolError("the camera's answer is no XML") from error
    if root is None:
        raise ProtocolError("the camera's answer is no XML")
    return root


def events_in(answer: Any, heard: Heard) -> tuple[CameraEvent, ...]:
    """Return what an answer tells that we know; everything else in it is passed over."""
    messages = zip(named(answer, "NotificationMessage"), range(MOST_MESSAGES), strict=False)
    found = (_event(message, heard) for message, _ in messages)
    return tuple(event for event in found if event is not None)


def lease_s(answer: Any) -> float | None:
    """Return for how long a pull point lives from now, as its answer tells; None where it does not, or nonsense."""
    now, ends = (_moment(first_text(answer, name)) for name in ("CurrentTime", "TerminationTime"))
    if now is None or ends is None or not timedelta(0) < ends - now <= _LONGEST_LEASE:
        return None
    return (ends - now).total_seconds()


def named(root: Any, name: str) -> Iterator[Any]:
    """Yield the elements of this name, whatever their namespace, or the prefix that stands for none."""
    return (
        element for element in root.iter() if isinstance(element.tag, str) and re.split("[}:]", element.tag)[-1] == name
    )


def has(root: Any, name: str) -> bool:
    """Whether there is an element of this name."""
    return next(named(root, name), None) is not None


def first_text(root: Any, name: str) -> str:
    """Return the text of the first element of this name, empty where there is none."""
    return next((str(one.text or "").strip() for one in named(root, name)), "")


def _event(message: Any, heard: Heard) -> CameraEvent | None:
    kind, bodies = _kind(first_text(message, "Topic")), list(named(message, "Message"))
    if kind is None or not bodies:
        return None
    body = bodies[-1]  # the innermost: ONVIF's Message lies in the one of WS-Notification
    operation = str(body.get("PropertyOperation") or "")
    active = False if operation == "Deleted" else _state(_items(body, "Data"))
    if active is None:
        return None
    told_at = str(body.get("UtcTime") or "")[:_LONGEST]
    at = our_moment(_moment(told_at), heard.offset_s, heard.received_at)
    return CameraEvent(
        camera_no=heard.camera_no,
        kind=kind,
        source=_cleaned("/".join(value for _, value in _items(body, "Source"))),
        active=active,
        at=at or heard.received_at,
        told_at=told_at if at is not None else "",
        initial=operation == "Initialized",
    )


def _kind(topic: str) -> CameraEventKind | None:
    path = "/".join(step.rpartition(":")[2] for step in topic.split("/") if step)
    for known, kind in _TOPICS:
        if path == known or (known.endswith("/") and path.startswith(known)):
            return kind
    return None


def _items(message: Any, part: str) -> list[tuple[str, str]]:
    """Return the names and values of a part's simple items."""
    items = (item for holder in named(message, part) for item in named(holder, "SimpleItem"))
    return [
        (str(item.get("Name") or ""), str(item.get("Value") or ""))
        for item, _ in zip(items, range(_MOST_ITEMS), strict=False)
    ]


def _state(items: list[tuple[str, str]]) -> bool | None:
    """Return whether a thing is active: by the item of a known name, or the only one; None where none says so."""
    values = [value for name, value in items if name in _STATES]
    if not values and len(items) == 1:
        values = [items[0][1]]
    word = values[0].strip().lower() if values else ""
    return True if word in _YES else False if word in _NO else None


def _moment(told: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _cleaned(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()[:_LONGEST]
