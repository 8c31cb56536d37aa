"""The schema in docs/ is that of the code, and the intake takes what it allows and refuses what it does not."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from domain.reading import SCALES, Quantity
from domain.record import Mode, Workplace
from sensors.incoming import Incoming
from sensors.parsing import Parser
from sensors.schema import CHANNELS, FILE, main, schema, schema_text

NOW = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
HEAD = {"id": "8c5f0a5e-5bd1-4b1f-8d4b-0a3b1a2c3d4e", "at": "2026-03-01T14:00:00+09:00"}
MARK = {**HEAD, "lat": 37.4, "lon": 126.9, "proof": "sealed"}
READING = {**HEAD, "quantity": "temperature", "value": 1.5, "unit": "Cel"}
EXAMPLES = {
    "sensor/reading": READING,
    "station/readings": [{**READING, "sensor": "songdo-1-temperature"}],
    "camera/detection": {
        **HEAD,
        "kind": "fall",
        "score": 0.8,
        "box": [0.1, 0.1, 0.2, 0.2],
        "zone": "a",
        "plate": "12가3456",
        "still": "AAAA",
    },
    "guardian/start": {
        **HEAD,
        "traveller": "K.",
        "guardians": ["M."],
        "route": [[37.4, 126.9]],
        "eta": "2026-03-01T14:30:00+09:00",
        "phone": "010-0000-0000",
    },
    "guardian/fix": {**HEAD, "lat": 37.4, "lon": 126.9, "accuracy_m": 12.0, "battery": 0.5},
    "guardian/sos": MARK,
    "guardian/cancel": MARK,
    "guardian/arrive": MARK,
    "bell/press": MARK,
    "unit/fix": {**HEAD, "lat": 37.4, "lon": 126.9, "accuracy_m": 12.0, "battery": 0.5},
    "unit/status": {**HEAD, "status": "en_route", "incident": "2026-anyang-000001"},
    "partner/reply": {**HEAD, "request": "0c1b8a4e-6a0c-4d6a-9a4a-5a3a0c5b7e11", "status": "accepted"},
}
FIELD = {f"{channel.family}/{channel.name}": channel for channel in CHANNELS if channel.speaker == "field"}
EMERGENCIES = {"guardian/sos", "bell/press"}


def definition(channel):
    return schema()["$defs"][channel.message.__name__]


def parsed(channel, body):
    source = "17" if channel.family == "camera" else "s1"
    topic = f"watchroom/v1/anyang/{channel.family}/{source}/{channel.name}"
    raw = json.dumps(body).encode()
    return Parser(Workplace(uuid4(), "anyang", Mode.TEST)).parse(Incoming(topic, raw, False, NOW))


def without(body, field):
    if isinstance(body, list):
        return [without(item, field) for item in body]
    return {name: value for name, value in body.items() if name != field}


def test_the_file_in_docs_is_the_schema_of_the_code():
    assert FILE.read_text(encoding="utf-8") == schema_text(), "run: python -m sensors.schema"


def test_the_command_writes_the_file_it_is_told(tmp_path, capsys):
    file = tmp_path / "schema.json"
    assert main([str(file)]) == 0
    assert json.loads(file.read_text(encoding="utf-8")) == schema()
    assert str(file) in capsys.readouterr().out


def test_there_is_an_example_of_everything_that_the_field_may_say():
    assert set(EXAMPLES) == set(FIELD)


@pytest.mark.parametrize("name", sorted(FIELD))
def test_an_example_names_every_field_of_its_definition_and_is_taken(name):
    body = EXAMPLES[name]
    said = body[0] if isinstance(body, list) else body
    assert set(said) == set(definition(FIELD[name])["properties"])
    found = parsed(FIELD[name], body)
    assert found.quarantined == ()
    assert found.reports or found.readings
    assert all(report.quarantine == "" for report in found.reports)


@pytest.mark.parametrize("name", sorted(set(FIELD) - EMERGENCIES))
def test_a_message_without_a_field_that_must_be_there_goes_to_quarantine(name):
    required = definition(FIELD[name])["required"]
    assert {"id", "at"} <= set(required)
    for field in required:
        found = parsed(FIELD[name], without(EXAMPLES[name], field))
        assert (found.reports, found.readings) == ((), ()), field
        assert len(found.quarantined) == 1, field


@pytest.mark.parametrize("name", sorted(set(FIELD) - EMERGENCIES))
def test_a_message_without_a_field_that_may_be_missing_is_taken(name):
    fields = definition(FIELD[name])
    for field in set(fields["properties"]) - set(fields["required"]):
        assert parsed(FIELD[name], without(EXAMPLES[name], field)).quarantined == (), field


@pytest.mark.parametrize("name", sorted(EMERGENCIES))
def test_a_call_for_help_is_taken_whatever_it_leaves_out(name):
    for field in definition(FIELD[name])["properties"]:
        (report,) = parsed(FIELD[name], without(EXAMPLES[name], field)).reports
        assert report.event.kind == FIELD[name].name


def test_every_quantity_stands_there_with_unit_and_range():
    quantities = schema()["quantities"]
    assert set(quantities) == {quantity.value for quantity in Quantity}
    for quantity, scale in SCALES.items():
        assert quantities[quantity.value] == {"unit": scale.unit, "minimum": scale.low, "maximum": scale.high}
