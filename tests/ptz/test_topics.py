"""What is read out of event messages, whatever a camera puts into them."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.camera_event import CameraEventKind
from domain.errors import ProtocolError
from ptz.topics import MOST_MESSAGES, Heard, events_in, lease_s, read

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HEARD = Heard(7, NOON)
PREFIXES = (
    ' xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tev="http://www.onvif.org/ver10/events/wsdl"'
    ' xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:tt="http://www.onvif.org/ver10/schema"'
    ' xmlns:tns1="http://www.onvif.org/ver10/topics"'
)


def message(
    topic: str = "tns1:VideoSource/MotionAlarm",
    *,
    at: str = "2026-05-01T11:59:58Z",
    operation: str = "Changed",
    source: str = '<tt:SimpleItem Name="Source" Value="source_1"/>',
    data: str = '<tt:SimpleItem Name="State" Value="true"/>',
) -> str:
    attributes = f' UtcTime="{at}"' if at else ""
    attributes += f' PropertyOperation="{operation}"' if operation else ""
    return (
        f'<wsnt:NotificationMessage><wsnt:Topic Dialect="d">{topic}</wsnt:Topic><wsnt:Message>'
        f"<tt:Message{attributes}><tt:Source>{source}</tt:Source><tt:Data>{data}</tt:Data></tt:Message>"
        "</wsnt:Message></wsnt:NotificationMessage>"
    )


def answer(*messages: str, prefixes: str = PREFIXES, times: str = "") -> bytes:
    body = f"<tev:PullMessagesResponse>{times}{''.join(messages)}</tev:PullMessagesResponse>"
    return f"<s:Envelope{prefixes}><s:Body>{body}</s:Body></s:Envelope>".encode()


def said(*messages: str, heard: Heard = HEARD):
    return events_in(read(answer(*messages)), heard)


def test_a_motion_alarm_is_read() -> None:
    (event,) = said(message())
    assert (event.camera_no, event.kind, event.source, event.active) == (7, CameraEventKind.MOTION, "source_1", True)
    assert event.at == NOON - timedelta(seconds=2)
    assert event.told_at == "2026-05-01T11:59:58Z"
    assert not event.initial


@pytest.mark.parametrize(
    ("topic", "item", "kind"),
    [
        ("tns1:RuleEngine/CellMotionDetector/Motion", "IsMotion", CameraEventKind.CELL_MOTION),
        ("tns1:RuleEngine/MotionRegionDetector/Motion", "State", CameraEventKind.MOTION),
        ("tns1:Device/Trigger/tnsmaker:DigitalInput", "LogicalState", CameraEventKind.DIGITAL_INPUT),
        ("tns1:RuleEngine/TamperDetector/Tamper", "IsTamper", CameraEventKind.TAMPER),
        ("tns1:VideoSource/GlobalSceneChange/ImagingService", "State", CameraEventKind.TAMPER),
        ("tns1:VideoSource/ImageTooDark/AnalyticsService", "State", CameraEventKind.TAMPER),
        ("tns1:VideoSource/MotionAlarm", "AWordOfTheMaker", CameraEventKind.MOTION),
    ],
)
def test_every_topic_is_known_by_its_steps(topic: str, item: str, kind: CameraEventKind) -> None:
    (event,) = said(message(topic, data=f'<tt:SimpleItem Name="{item}" Value="1"/>'))
    assert (event.kind, event.active) == (kind, True)


@pytest.mark.parametrize(
    "topic", ["", "tns1:Monitoring/ProcessorUsage", "tns1:VideoSource/MotionAlarmist", "tns1:VideoSource", "///"]
)
def test_what_nobody_asked_for_is_passed_over(topic: str) -> None:
    assert said(message(topic)) == ()


@pytest.mark.parametrize(
    ("word", "active"),
    [("true", True), ("1", True), (" True ", True), ("false", False), ("0", False), ("inactive", False)],
)
def test_a_state_is_read_as_makers_write_it(word: str, active: bool) -> None:
    (event,) = said(message(data=f'<tt:SimpleItem Name="State" Value="{word}"/>'))
    assert event.active is active


@pytest.mark.parametrize(
    "data", ["", '<tt:SimpleItem Name="State" Value="maybe"/>', "<tt:SimpleItem/><tt:SimpleItem/>", "true"]
)
def test_a_message_without_a_state_is_passed_over(data: str) -> None:
    assert said(message(data=data)) == ()


def test_what_is_told_because_somebody_asked_is_marked_and_what_is_deleted_has_ended() -> None:
    first, second = said(message(operation="Initialized"), message(operation="Deleted", data=""))
    assert first.initial
    assert not second.active


def test_the_camera_s_clock_is_taken_off() -> None:
    (event,) = said(message(at="2026-05-01T12:59:59+00:00"), heard=Heard(7, NOON, offset_s=3600.0))
    assert event.at == NOON - timedelta(seconds=1)
    assert event.told_at == "2026-05-01T12:59:59+00:00"


@pytest.mark.parametrize(
    "at", ["", "yesterday", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-99-99T99:99:99Z"]
)
def test_a_moment_that_cannot_be_is_replaced_by_the_receipt(at: str) -> None:
    (event,) = said(message(at=at))
    assert (event.at, event.told_at) == (NOON, "")


def test_several_sources_make_one_name_of_bounded_length() -> None:
    items = "".join(
        f'<tt:SimpleItem Name="n" Value="rule {number}&#x1;&#xA0;{"x" * 40}"/>'.replace("&#x1;", "")
        for number in range(100)
    )
    (event,) = said(message(source=items))
    assert event.source.startswith("rule 0")
    assert len(event.source) <= 100
    assert event.source.isprintable()


def test_undeclared_prefixes_a_byte_order_mark_and_the_older_soap_are_read() -> None:
    bare = answer(message(), prefixes=' xmlns:s="http://www.w3.org/2003/05/soap-envelope"')
    older = answer(message()).replace(
        b"http://www.w3.org/2003/05/soap-envelope", b"http://schemas.xmlsoap.org/soap/envelope/"
    )
    for content in (bare, b"\xef\xbb\xbf" + answer(message()), older):
        assert len(events_in(read(content), HEARD)) == 1


def test_more_messages_than_were_asked_for_are_not_all_read() -> None:
    assert len(said(*[message()] * (MOST_MESSAGES + 50))) == MOST_MESSAGES


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"plain text", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"])
def test_what_is_no_xml_or_hides_entities_is_refused(content: bytes) -> None:
    with pytest.raises(ProtocolError):
        read(content)


@pytest.mark.parametrize(
    "broken",
    [
        "<wsnt:NotificationMessage/>",
        "<wsnt:NotificationMessage><wsnt:Topic>tns1:VideoSource/MotionAlarm</wsnt:Topic></wsnt:NotificationMessage>",
        "<!-- a comment --><wsnt:NotificationMessage><!-- another --></wsnt:NotificationMessage>",
    ],
)
def test_half_a_message_is_passed_over_and_the_next_one_is_read(broken: str) -> None:
    assert len(said(broken, message())) == 1


@pytest.mark.parametrize(
    ("now", "ends", "lease"),
    [
        ("2026-05-01T12:00:00Z", "2026-05-01T12:01:00Z", 60.0),
        ("2026-05-01T12:00:00", "2026-05-01T12:00:10.5", 10.5),
        ("2026-05-01T12:00:00Z", "2026-05-01T11:59:00Z", None),
        ("2026-05-01T12:00:00Z", "2030-05-01T12:00:00Z", None),
        ("", "2026-05-01T12:01:00Z", None),
        ("soon", "later", None),
    ],
)
def test_how_long_a_pull_point_lives_is_the_difference_of_the_camera_s_times(
    now: str, ends: str, lease: float | None
) -> None:
    times = f"<tev:CurrentTime>{now}</tev:CurrentTime><tev:TerminationTime>{ends}</tev:TerminationTime>"
    assert lease_s(read(answer(times=times))) == lease
