import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from domain.alarm import Desk, Priority, alarm_id
from domain.errors import SettingsError
from domain.event import Event, EventKind
from domain.place import Place
from domain.record import Mode
from domain.rules import RuleBook
from domain.text import Text, Wording

RESOURCES = Path(__file__).parents[2] / "resources"
NOW = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
EVENT = Event(
    id=UUID(int=1),
    origin=UUID(int=2),
    centre="anyang",
    district="manan",
    mode=Mode.EXERCISE,
    kind="detection",
    source="417",
    at=NOW - timedelta(seconds=2),
    received_at=NOW,
    place=Place(37.4, 126.9),
    details={"detection": "intrusion", "score": 0.9, "zone": "gate"},
)
RULE = {"id": '"r"', "kinds": '["detection"]', "title": '"alarm_fall"', "priority": '"low"', "desk": '"crime"'}


def write(folder, *rules, dated="2026-01-31"):
    tables = ["[[rule]]\n" + "\n".join(f"{key} = {value}" for key, value in rule.items()) for rule in rules]
    file = folder / "rules.toml"
    file.write_text("\n".join([f"dated = {dated}", *tables]))
    return file


@pytest.fixture(scope="module")
def shipped():
    return RuleBook.load(RESOURCES / "alarm_rules.toml")


def test_an_alarm_inherits_from_its_event_and_names_it_as_cause(shipped):
    (alarm,) = shipped.alarms_for(EVENT)
    assert alarm.id == alarm_id(EVENT.id, "intrusion")
    assert (alarm.event_id, alarm.caused_by, alarm.rule) == (EVENT.id, EVENT.id, "intrusion")
    assert (alarm.origin, alarm.centre, alarm.district) == (EVENT.origin, "anyang", "manan")
    assert (alarm.mode, alarm.place, alarm.source) == (Mode.EXERCISE, EVENT.place, "417")
    assert (alarm.kind, alarm.priority, alarm.desk) == ("intrusion", Priority.MEDIUM, Desk.CRIME)
    assert alarm.title == Text("alarm_intrusion", {"camera": "417", "zone": "gate"})
    assert alarm.raised_at == EVENT.at
    assert alarm.waiting


def test_an_alarm_of_a_sender_whose_clock_is_ahead_is_not_raised_in_the_future(shipped):
    (alarm,) = shipped.alarms_for(replace(EVENT, at=NOW + timedelta(minutes=2)))
    assert alarm.raised_at == NOW


@pytest.mark.parametrize(
    ("details", "rules"),
    [
        ({"detection": "intrusion", "score": 0.2}, ()),
        ({"detection": "intrusion", "score": True}, ()),
        ({"detection": "intrusion"}, ()),
        ({"detection": "smoke", "score": 0.5}, ("smoke",)),
        ({"detection": "arson", "score": 0.5}, ("smoke",)),
        ({"detection": "dancing", "score": 1.0}, ()),
        ({}, ()),
    ],
)
def test_conditions_on_details_decide(shipped, details, rules):
    assert tuple(alarm.rule for alarm in shipped.alarms_for(replace(EVENT, details=details))) == rules


@pytest.mark.parametrize("kind", [EventKind.SESSION_FIX, EventKind.SESSION_ARRIVE, EventKind.UNIT_STATUS, "unheard_of"])
def test_what_needs_no_answer_raises_nothing(shipped, kind):
    assert shipped.alarms_for(replace(EVENT, kind=kind)) == ()


@pytest.mark.parametrize("state", ["off_route", "delayed", "signal_lost"])
def test_each_worry_about_a_journey_has_its_own_alarm(shipped, state):
    (alarm,) = shipped.alarms_for(replace(EVENT, kind=EventKind.OFF_ROUTE, details={"state": state}))
    assert alarm.kind == state


@pytest.mark.parametrize("kind", [EventKind.SOS, EventKind.BELL_PRESS])
def test_a_call_for_help_is_critical_without_any_rule(tmp_path, shipped, kind):
    event = replace(EVENT, kind=kind, place=None, details={})
    book = RuleBook.load(write(tmp_path, RULE))
    (alarm,) = book.alarms_for(event)
    assert (alarm.priority, alarm.kind, alarm.place) == (Priority.CRITICAL, kind, None)
    assert [alarm] == list(shipped.alarms_for(event))  # consoles with and without the rule agree


@pytest.mark.parametrize("kind", [EventKind.SOS, EventKind.BELL_PRESS])
def test_no_rule_can_play_a_call_for_help_down_or_condition_it_away(tmp_path, kind):
    event = replace(EVENT, kind=kind, details={})
    low = RULE | {"kinds": f'["{kind}"]', "alarm": '"nothing"'}
    (alarm,) = RuleBook.load(write(tmp_path, low)).alarms_for(event)
    assert (alarm.rule, alarm.priority, alarm.kind) == ("r", Priority.CRITICAL, kind)
    never = low | {"when": "{ score = { min = 2, max = 3 } }"}
    (alarm,) = RuleBook.load(write(tmp_path, never)).alarms_for(event)
    assert (alarm.rule, alarm.priority) == (kind.value, Priority.CRITICAL)


def test_bounds_hold_on_both_sides(tmp_path):
    book = RuleBook.load(write(tmp_path, RULE | {"when": "{ score = { min = 0.2, max = 0.4 } }"}))
    taken = [score for score in (0.1, 0.2, 0.4, 0.5) if book.alarms_for(replace(EVENT, details={"score": score}))]
    assert taken == [0.2, 0.4]


def test_a_condition_may_name_one_value(tmp_path):
    book = RuleBook.load(write(tmp_path, RULE | {"when": '{ zone = "gate" }', "params": '{ what = "kind" }'}))
    (alarm,) = book.alarms_for(EVENT)
    assert (alarm.kind, alarm.title.params) == ("detection", {"what": "detection"})


def test_a_title_shows_a_dash_for_what_the_event_does_not_say(shipped):
    (alarm,) = shipped.alarms_for(replace(EVENT, details={"detection": "intrusion", "score": 0.9}))
    assert alarm.title.params["zone"] == "–"


def test_two_rules_may_raise_two_alarms(tmp_path):
    book = RuleBook.load(write(tmp_path, RULE, RULE | {"id": '"other"'}))
    assert [alarm.rule for alarm in book.alarms_for(EVENT)] == ["r", "other"]
    assert book.dated == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "7"}, "rules.toml: rule 1: id: must be a word"),
        ({"id": '""'}, "rules.toml: rule 1: id: must be a word"),
        ({"title": None}, "rules.toml: rule 'r': title: is missing"),
        ({"kinds": "[]"}, "rules.toml: rule 'r': kinds: must be a list of words"),
        ({"kinds": '"sos"'}, "rules.toml: rule 'r': kinds: must be a list of words"),
        ({"kinds": "[1]"}, "rules.toml: rule 'r': kinds: must be a list of words"),
        ({"priority": '"urgent"'}, "priority: 'urgent' is none of critical, high, medium, low"),
        ({"desk": '"desk 3"'}, "desk: 'desk 3' is none of crime, traffic, disaster, facility"),
        ({"sound": '"loud"'}, "rules.toml: rule 'r': sound: is not a key that is known here"),
        ({"params": '"source"'}, "rule 'r': params: values are 'source', 'kind' or 'details.<name>'"),
        ({"params": '{ a = "raw" }'}, "rule 'r': params: values are"),
        ({"params": "{ a = 1 }"}, "rule 'r': params: values are"),
        ({"when": "3"}, "rule 'r': when: must be a table of details"),
        ({"when": "{ score = [] }"}, "rule 'r': when.score: must be a value"),
        ({"when": "{ score = {} }"}, "rule 'r': when.score: must be a value"),
        ({"when": "{ score = { above = 1 } }"}, "rule 'r': when.score: must be a value"),
        ({"when": '{ score = { min = "low" } }'}, "rule 'r': when.score.min: must be a number"),
        ({"when": "{ score = { max = true } }"}, "rule 'r': when.score.max: must be a number"),
    ],
)
def test_a_mistake_names_file_rule_and_key(tmp_path, change, message):
    rule = {key: value for key, value in (RULE | change).items() if value is not None}
    with pytest.raises(SettingsError) as mistake:
        RuleBook.load(write(tmp_path, rule))
    assert message in str(mistake.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dated = 'today'", "rules.toml: dated: must be the day"),
        ("dated = 2026-01-31\nrules = 1", "rules.toml: the file: rules: is not a key"),
        ("dated = 2026-01-31", "rules.toml: rule: there is no"),
        ("dated = 2026-01-31\nrule = [1]", "rules.toml: rule 1: must be a table"),
        ("not toml", "rules.toml: "),
    ],
)
def test_a_broken_file_is_refused(tmp_path, text, message):
    (tmp_path / "rules.toml").write_text(text)
    with pytest.raises(SettingsError) as mistake:
        RuleBook.load(tmp_path / "rules.toml")
    assert message in str(mistake.value)


def test_a_missing_file_and_a_rule_given_twice_are_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"none\.toml"):
        RuleBook.load(tmp_path / "none.toml")
    with pytest.raises(SettingsError, match="rule 'r': id: is used twice"):
        RuleBook.load(write(tmp_path, RULE, RULE))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_title_of_the_shipped_rules_has_its_words_and_all_their_values(shipped, language):
    wording = Wording.load(RESOURCES / "texts.toml", language)
    codes = tomllib.loads((RESOURCES / "texts.toml").read_text(encoding="utf-8"))
    for rule in shipped.rules:
        assert rule.title in codes
        said = wording.render(Text(rule.title, dict.fromkeys(rule.params, "value")))
        assert "–" not in said
        assert f"kind_{rule.alarm or next(iter(rule.kinds))}" in codes
