import contextlib
import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.codec import (
    UnreadableChangeError,
    change_payload,
    clean,
    dump,
    event_of,
    fact_of,
    fact_of_event,
    load,
    read_time,
    write_time,
)
from db.moment import hlc_moment
from domain.change import PulledChange
from domain.event import Event
from domain.fact import Fact, Family
from domain.place import Place
from domain.record import Mode

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
moments = st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
facts = st.builds(
    Fact,
    id=st.uuids(),
    origin=st.uuids(),
    centre=st.text(),
    district=st.text(),
    mode=st.sampled_from(Mode),
    caused_by=st.none() | st.uuids(),
    family=st.just(Family.INCIDENT),
    subject=st.uuids(),
    step=st.sampled_from(["noted", "sung"]),
    at=moments,
    actor=st.text(),
    hlc=st.integers(0, 2**62),
    fields=st.dictionaries(st.text(), json_values, max_size=3).map(lambda fields: dict(sorted(clean(fields).items()))),
)


def carried(fact: Fact, **extra: object) -> PulledChange:
    """Give the fact as it comes back from headquarters: through JSON, with what a newer program may add."""
    payload = json.loads(dump({**change_payload(fact), **extra}))
    return PulledChange(fact.origin, fact.family.value, fact.id, fact.hlc, payload, fact.schema_version)


@given(facts, st.dictionaries(st.text(min_size=10), json_values.map(clean), max_size=2))
def test_a_fact_survives_the_journey_with_whatever_a_newer_program_adds(fact, extra):
    assert fact_of(carried(fact, **extra)) == fact


@given(json_values)
def test_cleaned_values_are_json_that_postgresql_takes(value):
    text = dump(clean(value))
    assert load(text.encode("utf-8")) == clean(value)
    assert "\\u0000" not in text
    assert "NaN" not in json.dumps(clean(value)).replace('"', "")[:3]
    assert clean(clean(value)) == clean(value)


@given(
    st.builds(
        PulledChange,
        origin=st.uuids(),
        kind=st.sampled_from([*Family, "other"]),
        pk=st.uuids(),
        hlc=st.integers(0, 2**62),
        payload=st.dictionaries(
            st.sampled_from(["subject", "step", "at", "actor", "centre", "district", "mode", "fields"]),
            json_values
            | st.sampled_from(["raised", "opened", "moved", "actual", str(UUID(int=1)), "2026-01-01T00:00:00Z"]),
        ),
        schema_version=st.integers(0, 3),
    )
)
def test_a_line_is_read_or_refused_but_never_a_crash(change):
    with contextlib.suppress(UnreadableChangeError):
        assert fact_of(change).id == change.pk


def test_an_event_survives_as_a_fact():
    event = Event(
        id=UUID(int=1),
        origin=UUID(int=2),
        centre="anyang",
        district="manan",
        mode=Mode.ACTUAL,
        caused_by=UUID(int=3),
        kind="sos",
        source="s-1",
        at=datetime(2026, 3, 1, tzinfo=UTC),
        received_at=datetime(2026, 3, 1, 0, 0, 1, tzinfo=UTC),
        place=Place(37.4, 126.9),
        subject=UUID(int=4),
        details={"battery": 0.5},
        raw="?",
    )
    assert event_of(fact_of(carried(fact_of_event(event, 5)))) == event


def test_moments_are_kept_in_utc_and_need_an_offset():
    korean = datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    assert write_time(korean) == "2026-03-01T00:00:00+00:00"
    assert read_time("2026-03-01T09:00:00+09:00") == korean
    with pytest.raises(ValueError, match="no offset"):
        read_time("2026-03-01T09:00:00")


def test_a_hybrid_number_tells_its_wall_time():
    at = datetime(2026, 3, 1, 9, 0, 0, 250_000, tzinfo=UTC)
    assert hlc_moment((int(at.timestamp() * 1000) << 16) + 7) == at
