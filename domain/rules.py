"""Which events raise alarms: rules read from a data file, and a floor under it that no file can remove."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from domain.alarm import Alarm, Desk, Priority, alarm_id
from domain.errors import SettingsError
from domain.event import ALWAYS_CRITICAL, Event, EventKind
from domain.fact import Json
from domain.text import Text

_KEYS = frozenset({"id", "kinds", "alarm", "title", "priority", "desk", "params", "when"})
_BOUNDS = frozenset({"min", "max"})
_Choice = TypeVar("_Choice", Priority, Desk)


@dataclass(frozen=True, slots=True)
class Condition:
    """What one detail of an event must be: one of some values, or a number within bounds."""

    detail: str
    values: tuple[Json, ...] = ()
    low: float | None = None
    high: float | None = None

    def holds(self, event: Event) -> bool:
        """Whether the event's detail is there and as asked."""
        found = event.details.get(self.detail)
        if self.values:
            return found in self.values
        if not isinstance(found, int | float) or isinstance(found, bool):
            return False
        return (self.low is None or found >= self.low) and (self.high is None or found <= self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: events of these kinds whose details meet all conditions raise this alarm.

    `alarm` is the alarm's kind where that is not the event's. `params` names the event fields and details
    (`source`, `details.zone`) that go into the title.
    """

    id: str
    kinds: frozenset[str]
    title: str
    priority: Priority
    desk: Desk
    alarm: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()

    def meets(self, event: Event) -> bool:
        """Whether the event raises this rule's alarm."""
        return event.kind in self.kinds and all(condition.holds(event) for condition in self.conditions)

    def alarm_for(self, event: Event) -> Alarm:
        """Return the alarm; SOS and bell press stay what they are, and critical, whatever the rule says."""
        always_critical = event.kind in ALWAYS_CRITICAL
        return Alarm(
            id=alarm_id(event.id, self.id),
            origin=event.origin,
            centre=event.centre,
            district=event.district,
            mode=event.mode,
            caused_by=event.id,
            event_id=event.id,
            rule=self.id,
            kind=event.kind if always_critical else self.alarm or event.kind,
            title=Text(self.title, {name: _shown(event, path) for name, path in self.params.items()}),
            priority=Priority.CRITICAL if always_critical else self.priority,
            desk=self.desk,
            raised_at=min(event.at, event.received_at),
            source=event.source,
            place=event.place,
        )


_FLOOR = tuple(
    Rule(
        id=kind.value,
        kinds=frozenset({kind.value}),
        title=f"alarm_{kind.value}",
        priority=Priority.CRITICAL,
        desk=Desk.CRIME,
        params={"source": "source"},
    )
    for kind in (EventKind.SOS, EventKind.BELL_PRESS)
)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules, and the day they were last looked over."""

    dated: date
    rules: tuple[Rule, ...]

    @classmethod
    def load(cls, path: Path) -> "RuleBook":
        """Read the rules; SettingsError names file, rule and key."""
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SettingsError(f"{path.name}: {error}") from error
        return _Reader(path.name).book(document)

    def alarms_for(self, event: Event) -> tuple[Alarm, ...]:
        """Return the alarms that the event raises; an SOS or bell press always raises one."""
        met = [rule for rule in self.rules if rule.meets(event)]
        if not met:
            met = [rule for rule in _FLOOR if rule.meets(event)]
        return tuple(rule.alarm_for(event) for rule in met)


def _shown(event: Event, path: str) -> str:
    """Return the named field or detail as text, a dash where there is none."""
    if path.startswith("details."):
        value = event.details.get(path.removeprefix("details."))
    else:
        value = event.source if path == "source" else event.kind
    return "–" if value is None else str(value)


class _Reader:
    """Turns a TOML document into rules, and says where it can't."""

    def __init__(self, file: str) -> None:
        self._file = file

    def book(self, document: Mapping[str, object]) -> RuleBook:
        dated, tables = document.get("dated"), document.get("rule")
        if not isinstance(dated, date):
            raise SettingsError(f"{self._file}: dated: must be the day of the last change, as 2026-01-31")
        self._only(document, {"dated", "rule"}, "the file")
        if not isinstance(tables, list):
            raise SettingsError(f"{self._file}: rule: there is no [[rule]]")
        rules = tuple(self._rule(number, table) for number, table in enumerate(tables, 1))
        seen: set[str] = set()
        for rule in rules:
            if rule.id in seen:
                raise self._wrong(f"rule {rule.id!r}", "id", "is used twice")
            seen.add(rule.id)
        return RuleBook(dated, rules)

    def _rule(self, number: int, table: object) -> Rule:
        where = f"rule {number}"
        if not isinstance(table, dict):
            raise SettingsError(f"{self._file}: {where}: must be a table")
        name = self._word(table, "id", where)
        where = f"rule {name!r}"
        self._only(table, _KEYS, where)
        params = table.get("params", {})
        if not isinstance(params, dict) or not all(_is_path(path) for path in params.values()):
            raise self._wrong(where, "params", "values are 'source', 'kind' or 'details.<name>'")
        when = table.get("when", {})
        if not isinstance(when, dict):
            raise self._wrong(where, "when", "must be a table of details")
        return Rule(
            id=name,
            kinds=frozenset(self._words(table, "kinds", where)),
            title=self._word(table, "title", where),
            priority=self._choice(table, "priority", where, Priority),
            desk=self._choice(table, "desk", where, Desk),
            alarm=self._word(table, "alarm", where) if "alarm" in table else "",
            params=params,
            conditions=tuple(self._condition(detail, wanted, where) for detail, wanted in when.items()),
        )

    def _condition(self, detail: str, wanted: object, where: str) -> Condition:
        key = f"when.{detail}"
        if isinstance(wanted, list) and wanted:
            return Condition(detail, values=tuple(wanted))
        if isinstance(wanted, str | bool | int | float):
            return Condition(detail, values=(wanted,))
        if isinstance(wanted, dict) and wanted and _BOUNDS.issuperset(wanted):
            bounds = {name: self._number(bound, where, f"{key}.{name}") for name, bound in wanted.items()}
            return Condition(detail, low=bounds.get("min"), high=bounds.get("max"))
        raise self._wrong(where, key, "must be a value, a list of values, or { min = , max = }")

    def _number(self, value: object, where: str, key: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(where, key, "must be a number")
        return float(value)

    def _word(self, table: Mapping[str, object], key: str, where: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            raise self._wrong(where, key, "is missing" if value is None else "must be a word")
        return value

    def _words(self, table: Mapping[str, object], key: str, where: str) -> list[str]:
        value = table.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
            raise self._wrong(where, key, "must be a list of words")
        return value

    def _choice(self, table: Mapping[str, object], key: str, where: str, choices: type[_Choice]) -> _Choice:
        word = self._word(table, key, where)
        try:
            return choices(word)
        except ValueError as error:
            raise self._wrong(where, key, f"{word!r} is none of {', '.join(choices)}") from error

    def _only(self, table: Mapping[str, object], known: Iterable[str], where: str) -> None:
        unknown = sorted(set(table) - set(known))
        if unknown:
            raise self._wrong(where, unknown[0], "is not a key that is known here")

    def _wrong(self, where: str, key: str, what: str) -> SettingsError:
        return SettingsError(f"{self._file}: {where}: {key}: {what}")


def _is_path(path: object) -> bool:
    return isinstance(path, str) and (path in ("source", "kind") or path.startswith("details."))
