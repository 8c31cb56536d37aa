"""Every code that the program says has its words, in both languages."""

import ast
import string
import tomllib
from pathlib import Path

import pytest

from domain.incident import IncidentStep
from domain.news import LinkName
from domain.text import Text, Wording

ROOT = Path(__file__).parents[2]
FILE = ROOT / "resources" / "texts.toml"
FOLDERS = ("domain", "db", "ptz", "video", "sensors", "widgets", "console", "simulation")
TEXTS: dict[str, dict[str, str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))


def spoken():
    """Return (file:line, code or prefix with *, names of its values or None where they can't be read)."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                    code = _code(node.args[0]) if node.args else None
                    if code is not None:
                        yield f"{file.relative_to(ROOT)}:{node.lineno}", code, _names(node)


def _code(argument):
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    if isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
        return f"{argument.values[0].value}*"
    return None


def _names(call):
    if len(call.args) < 2:
        return set()
    values = call.args[1]
    if isinstance(values, ast.Dict) and all(isinstance(key, ast.Constant) for key in values.keys):
        return {key.value for key in values.keys}
    return None


def blanks(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_code_in_the_program_has_its_words():
    missing = []
    for where, code, names in spoken():
        found = [key for key in TEXTS if key.startswith(code[:-1])] if code.endswith("*") else [code]
        if not found or any(key not in TEXTS for key in found):
            missing.append(f"{where}: {code} is not in texts.toml")
        elif names is not None and not code.endswith("*") and not blanks(TEXTS[code]["en"]) <= names:
            missing.append(f"{where}: {code} gets {names}, wants {blanks(TEXTS[code]['en'])}")
    assert not missing, "\n".join(missing)


def test_the_search_for_codes_finds_some():
    assert {code for _, code, _ in spoken()} >= {"field_not_stored", "field_refused"}


@pytest.mark.parametrize("code", TEXTS)
def test_both_languages_say_the_same_with_the_same_values(code):
    words = TEXTS[code]
    assert set(words) == {"ko", "en"}
    assert all(words.values())
    assert blanks(words["ko"]) == blanks(words["en"])


def test_every_link_and_every_step_of_an_incident_can_be_said():
    wanted = {f"link.{link}.{way}" for link in LinkName for way in ("back", "lost")}
    wanted |= {f"log_{step}" for step in IncidentStep}
    wanted |= {f"broker_{why}" for why in ("no_answer", "refused", "certificate", "not_authorised", "lost")}
    assert wanted <= set(TEXTS)


def test_advisories_are_reached_and_smoke_is_suspected():
    assert "issued" not in TEXTS["alarm_threshold_advisory"]["en"]
    assert "발령" not in TEXTS["alarm_threshold_advisory"]["ko"]
    assert TEXTS["alarm_smoke"]["en"].startswith("Suspected smoke")


def test_a_sentence_is_put_into_the_readers_language():
    text = Text("alarm_press", {"source": "b7"})
    assert Wording.load(FILE, "en").render(text) == "Emergency bell b7 pressed"
    assert Wording.load(FILE, "ko").render(text) == "비상벨 b7 눌림"


def test_a_value_that_is_missing_is_a_dash():
    assert Wording.load(FILE, "en").render(Text("alarm_press")) == "Emergency bell – pressed"


def test_a_code_of_a_newer_program_is_shown_with_its_values():
    wording = Wording({}, "en")
    assert wording.render(Text("new_code")) == "new_code"
    assert wording.render(Text("new_code", {"a": "1", "b": "2"})) == "new_code (a=1, b=2)"


def test_values_from_outside_are_never_read_as_templates():
    wording = Wording({"noted": {"en": "{text}"}}, "en")
    assert wording.render(Text("noted", {"text": "{source} {0} {"})) == "{source} {0} {"
