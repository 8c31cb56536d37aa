"""What each message of the contract comes to, and that nothing whatever breaks the reading of them."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.event import EventKind
from domain.place import Place
from domain.reading import SCALES, Quantity
from domain.record import Mode, Workplace
from sensors.incoming import Incoming
from sensors.parsing import Parser, subject_of

NOW = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
WORKPLACE = Workplace(uuid4(), "anyang", Mode.TEST)
ID = "8c5f0a5e-5bd1-4b1f-8d4b-0a3b1a2c3d4e"
HEAD = {"id": ID, "at": "2026-03-01T14:00:00+09:00"}


def parsed(tail, body, *, retained=False, known=lambda _family, _source: True):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Parser(WORKPLACE, known).parse(Incoming(f"watchroom/v1/anyang/{tail}", raw, retained, NOW))


def event_of(tail, body):
    (report,) = parsed(tail, body).reports
    return report.event


def reason_of(tail, body, **more):
    found = parsed(tail, body, **more)
    assert found.reports == ()
    assert found.readings == ()
    (item,) = found.quarantined
    return item.reason


def test_an_event_carries_who_took_it_and_in_which_mode():
    event = event_of("guardian/s1/arrive", HEAD)
    assert (event.id, event.origin, event.centre, event.mode) == (UUID(ID), WORKPLACE.origin, "anyang", Mode.TEST)
    assert (event.at, event.received_at) == (NOW, NOW)
    assert event.at.tzinfo is UTC


def test_the_person_of_a_session_is_kept_apart_from_its_event():
    body = {
        **HEAD,
        "traveller": "Kim",
        "guardians": ["Mother"],
        "phone": "010-1234-5678",
        "route": [[37.4, 126.9], [37.41, 126.91]],
        "eta": "2026-03-01T14:30:00+09:00",
    }
    (report,) = parsed("guardian/s1/start", body).reports
    assert (report.personal.traveller, report.personal.guardians) == ("Kim", ("Mother",))
    assert report.personal.phone == "010-1234-5678"
    assert "Kim" not in repr(report)
    assert "5678" not in repr(report)
    assert report.event.details == {"route": [[37.4, 126.9], [37.41, 126.91]], "eta": "2026-03-01T05:30:00+00:00"}
    assert report.answer_topic == "watchroom/v1/anyang/guardian/s1/start/ack"


def test_all_messages_of_a_session_name_the_same_subject_and_other_families_none():
    fix = {**HEAD, "lat": 37.4, "lon": 126.9, "accuracy_m": 8, "battery": 64}
    assert event_of("guardian/s1/sos", HEAD).subject == event_of("guardian/s1/fix", fix).subject
    assert event_of("guardian/s1/sos", HEAD).subject == subject_of("anyang", "s1")
    assert event_of("guardian/s2/sos", HEAD).subject != subject_of("anyang", "s1")
    assert event_of("unit/u1/fix", fix).subject is None


def test_fixes_of_sessions_and_units_have_a_place():
    fix = {**HEAD, "lat": 37.4, "lon": 126.9, "accuracy_m": 8, "battery": 64}
    session = event_of("guardian/s1/fix", fix)
    assert (session.kind, session.place) == (EventKind.SESSION_FIX, Place(37.4, 126.9, 8))
    assert session.details == {"battery": 64}
    unit = event_of("unit/u1/fix", {**HEAD, "lat": 37.4, "lon": 126.9})
    assert (unit.kind, unit.source, unit.place) == (EventKind.UNIT_FIX, "u1", Place(37.4, 126.9))


def test_a_detection_says_what_where_and_how_sure():
    body = {**HEAD, "kind": "fall", "score": 0.8, "box": [0, 0.1, 0.5, 1], "zone": "steps", "plate": "12가3456"}
    event = event_of("camera/417/detection", body)
    assert (event.kind, event.source) == (EventKind.DETECTION, "417")
    assert event.details == {
        "detection": "fall",
        "score": 0.8,
        "box": [0.0, 0.1, 0.5, 1.0],
        "zone": "steps",
        "plate": "12가3456",
    }
    still = event_of("camera/417/detection", {**HEAD, "kind": "fall", "score": 1, "still": "AAAA"})
    assert still.details == {"detection": "fall", "score": 1.0, "has_still": True}


def test_the_other_messages_become_events_of_their_kind():
    status = event_of("unit/u1/status", {**HEAD, "status": "en_route", "incident": "2026-anyang-000001"})
    assert (status.kind, status.details["status"]) == (EventKind.UNIT_STATUS, "en_route")
    reply = event_of("partner/119/reply", {**HEAD, "request": ID, "status": "accepted"})
    assert (reply.kind, reply.details) == (EventKind.PARTNER_REPLY, {"request": ID, "status": "accepted"})
    cancel = event_of("guardian/s1/cancel", {**HEAD, "proof": "abc", "lat": 37.4, "lon": 126.9})
    assert (cancel.kind, cancel.details, cancel.place) == (
        EventKind.SESSION_CANCEL,
        {"proof": "abc"},
        Place(37.4, 126.9),
    )


@pytest.mark.parametrize("name", ["guardian/s1/start/ack", "other", "guardian/s1"])
def test_topics_of_another_shape_go_to_quarantine(name):
    assert reason_of(name, HEAD) == "not a topic of this centre"


@pytest.mark.parametrize("tail", ["guardian/s1/state", "partner/112/request"])
def test_what_consoles_say_is_not_taken_in(tail):
    found = parsed(tail, HEAD)
    assert (found.reports, found.readings, found.quarantined) == ((), (), ())


def test_an_unknown_kind_is_kept_as_it_came():
    event = event_of("camera/12/health", {**HEAD, "lens": "dirty"})
    assert (event.kind, event.id, event.details) == ("health", UUID(ID), {"topic": "camera/12/health"})
    assert json.loads(event.raw)["lens"] == "dirty"


@pytest.mark.parametrize("name", ["data_gap", "off_route", "detection", "Very Odd", "x" * 99])
def test_an_unknown_topic_can_not_pose_as_a_kind_that_means_something(name):
    assert event_of(f"unit/u1/{name}", HEAD).kind == "unknown"


def test_an_unknown_kind_without_head_has_the_same_id_when_repeated():
    first, again = (event_of("camera/12/health", b"not json") for _ in range(2))
    assert first.id == again.id
    assert first.at == NOW
    assert event_of("camera/13/health", b"not json").id != first.id
    future = {"id": ID, "at": (NOW + timedelta(days=1)).isoformat()}
    assert event_of("camera/12/health", future).at == NOW


@pytest.mark.parametrize(
    ("tail", "body", "reason"),
    [
        ("guardian/s1/fix", {**HEAD, "lat": 999, "lon": 1, "accuracy_m": 1}, "bad coordinates"),
        ("guardian/s1/fix", {**HEAD, "lat": 0, "lon": 0}, "bad coordinates"),
        ("guardian/s1/fix", {**HEAD, "lat": 37, "lon": 126, "accuracy_m": -1}, "Expected `float` >= 0.0"),
        ("guardian/s1/fix", {"id": "x", "at": HEAD["at"], "lat": 37, "lon": 126}, "Invalid UUID"),
        ("guardian/s1/arrive", {"id": ID, "at": "2026-03-01T14:00:00"}, "timezone"),
        ("guardian/s1/arrive", {"id": ID, "at": "2026-03-01T15:00:00+09:00"}, "3600 s ahead"),
        ("guardian/s1/arrive", {"id": ID, "at": "1970-01-01T00:00:00Z"}, "not set"),
        ("guardian/s1/arrive", {"id": ID, "at": "0001-01-01T00:00:00+14:00"}, "outside the calendar"),
        ("guardian/s1/arrive", b'{"x":' + b"[" * 5000, "recursion"),
        ("guardian/s1/arrive", b"", "truncated"),
        ("guardian/s1/arrive", b'{"proof":"' + b"\xff" + b'"}', "utf-8"),
        ("guardian//arrive", HEAD, "does not name its source"),
        ("guardian/\x07/arrive", HEAD, "does not name its source"),
        (f"guardian/{'x' * 101}/arrive", HEAD, "does not name its source"),
        ("guardian/s1/arrive", {**HEAD, "proof": "x" * 9000}, "too large"),
        (
            "guardian/s1/start",
            {**HEAD, "traveller": "Kim", "guardians": [], "route": [[999, 0]], "eta": HEAD["at"]},
            "bad coordinates in the route",
        ),
        ("camera/front/detection", {**HEAD, "kind": "fall", "score": 0.5}, "camera number"),
        ("camera/1/detection", {**HEAD, "kind": "fall", "score": 1.5}, "<= 1.0"),
        ("camera/1/detection", {**HEAD, "kind": "", "score": 0.5}, "length >= 1"),
        ("sensor/t1/reading", {**HEAD, "quantity": "temperature", "value": 999, "unit": "Cel"}, "outside"),
        ("sensor/t1/reading", {**HEAD, "quantity": "temperature", "value": 21, "unit": "F"}, "comes in Cel, not in F"),
        ("sensor/t1/reading", {**HEAD, "quantity": "mood", "value": 1, "unit": "1"}, "Invalid enum value"),
        ("sensor/t1/reading", {**HEAD, "quantity": "temperature", "value": True, "unit": "Cel"}, "Expected `float`"),
        (
            "sensor/t1/reading",
            f'{{"id":"{ID}","at":"{HEAD["at"]}","quantity":"temperature","value":NaN,"unit":"Cel"}}'.encode(),
            "malformed",
        ),
        (
            "sensor/t1/reading",
            f'{{"id":"{ID}","at":"{HEAD["at"]}","quantity":"temperature","value":1e999,"unit":"Cel"}}'.encode(),
            "out of range",
        ),
        ("station/s1/readings", {"not": "a list"}, "array"),
        ("station/s1/readings", [{}] * 501, "too large: 501 readings"),
    ],
)
def test_what_breaks_the_contract_goes_to_quarantine_with_the_reason(tail, body, reason):
    assert reason.lower() in reason_of(tail, body).lower()


def test_retained_and_strange_messages_are_refused():
    assert reason_of("guardian/s1/arrive", HEAD, retained=True) == "retained"
    assert reason_of("bell/b1/test", HEAD, known=lambda family, _source: family != "bell") == "unknown source"


def test_a_reading_is_taken_with_its_sensor_and_moment():
    (reading,) = parsed("sensor/t1/reading", {**HEAD, "quantity": "pm10", "value": 199, "unit": "ug/m3"}).readings
    assert (reading.id, reading.sensor, reading.at) == (ID, "t1", NOW)
    assert (reading.quantity, reading.value) == (Quantity.PM10, 199.0)


@given(st.sampled_from(Quantity), st.floats(0, 1))
def test_every_quantity_is_taken_within_its_scale(quantity, share):
    scale = SCALES[quantity]
    value = min(scale.high, scale.low + share * (scale.high - scale.low))
    body = {**HEAD, "quantity": quantity.value, "value": value, "unit": scale.unit}
    assert parsed("sensor/t1/reading", body).readings[0].value == value


def test_one_bad_reading_of_a_batch_does_not_cost_the_others():
    good = {"sensor": "t1", "quantity": "temperature", "value": 21, "unit": "Cel"}
    batch = [{**HEAD, **good, "id": str(uuid4())} for _ in range(5)]
    batch[2]["value"] = 1000
    batch[3] = {"broken": True}
    found = parsed("station/st1/readings", batch)
    assert [reading.id for reading in found.readings] == [batch[0]["id"], batch[1]["id"], batch[4]["id"]]
    assert [json.loads(item.body).get("value") for item in found.quarantined] == [1000, None]


def test_500_readings_are_not_too_many():
    head = {"id": ID, "at": "2026-03-01T05:00:00Z"}  # a longer one does not leave room for 500 in 64 KiB
    batch = [{**head, "sensor": "t", "quantity": "smoke", "value": 0, "unit": "%/m"} for _ in range(500)]
    assert len(parsed("station/st1/readings", json.dumps(batch, separators=(",", ":")).encode()).readings) == 500


def test_text_from_outside_holds_no_nul_for_the_stores_to_choke_on():
    event = event_of("unit/u1/status", {**HEAD, "status": "a\0b"})
    assert event.details["status"] == "a\N{REPLACEMENT CHARACTER}b"
    assert "\0" not in event_of("guardian/s1/sos", b"\0").raw


def test_a_good_call_needs_no_quarantine():
    (report,) = parsed("guardian/s1/sos", {**HEAD, "lat": 37.4, "lon": 126.9}).reports
    assert (report.quarantine, report.event.raw) == ("", "")
    assert report.event.place == Place(37.4, 126.9)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({**HEAD, "lat": 999, "lon": 126.9}, "bad coordinates"),
        ({**HEAD, "lat": 37.4}, "bad coordinates"),
        ({**HEAD, "lat": "37.4", "lon": True}, "bad coordinates"),
        ({**HEAD, "lat": 10**400, "lon": 1}, "bad coordinates"),
        ({**HEAD, "at": "yesterday"}, "no valid moment"),
        ({**HEAD, "at": 17}, "no valid moment"),
        ({**HEAD, "at": "2031-01-01T00:00:00Z"}, "s ahead"),
        ({**HEAD, "at": "1970-01-01T00:00:00Z"}, "not set"),
        ({**HEAD, "at": "2026-01-01T00:00:00Z"}, "59 days behind"),
        ({**HEAD, "at": "0001-01-01T00:00:00+14:00"}, "no valid moment"),
        (f'{{"id":"{ID}","lat":NaN,"lon":NaN}}'.encode(), "bad coordinates"),
        (f'{{"id": "{ID}", "at": "2026-03-'.encode(), "truncated"),
        ({**HEAD, "proof": "x" * 9000}, "too large"),
    ],
)
def test_a_call_that_breaks_the_contract_keeps_its_id_and_raises_its_event(body, problem):
    (report,) = parsed("guardian/s1/sos", body).reports
    assert report.event.id == UUID(ID)
    assert problem in report.quarantine
    assert report.event.raw
    assert len(report.event.raw) <= 8192
    if "ahead" in problem or "behind" in problem or "moment" in problem:
        assert report.event.at == NOW


def test_a_call_with_a_wrong_clock_keeps_what_the_clock_said():
    event = event_of("bell/b1/press", {**HEAD, "at": "2031-01-01T00:00:00Z"})
    assert (event.kind, event.details) == (EventKind.BELL_PRESS, {"claimed_at": "2031-01-01T00:00:00+00:00"})


def test_a_late_call_keeps_its_own_moment():
    late = NOW - timedelta(hours=3)
    (report,) = parsed("guardian/s1/sos", {"id": ID, "at": late.isoformat()}).reports
    assert (report.event.at, report.quarantine) == (late, "")


def test_a_call_under_any_family_is_a_call():
    assert event_of("unit/u7/sos", HEAD).kind == EventKind.SOS
    assert event_of("guardian/\x07/sos", HEAD).source == "unknown"


@given(st.binary(max_size=300), st.sampled_from(["sos", "press"]))
def test_whatever_bytes_come_a_call_is_an_event_and_its_repeat_the_same(body, name):
    tail = f"bell/b1/{name}"
    first, again = event_of(tail, body), event_of(tail, body)
    assert first == again
    assert first.kind == name


_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("id", "at", "lat", "lon", "proof"), _ANY_JSON)) | _ANY_JSON,
    st.sampled_from(["guardian/s1/sos", "guardian/s1/fix", "station/s/readings", "camera/1/detection", "unit/u/other"]),
)
def test_no_json_whatever_breaks_the_reading_of_it(body, tail):
    found = parsed(tail, body)
    if tail.endswith("sos"):
        assert len(found.reports) == 1
    for report in found.reports:
        report.event.raw.encode()  # holds no surrogates
        assert report.event.at.tzinfo is UTC
