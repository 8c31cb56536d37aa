"""Korean and English are equals: every text of the widgets has its Korean one, with the same places for values."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

_ROOT = Path(__file__).parents[2]
_KOREAN = _ROOT / "resources" / "i18n" / "watchroom_ko.ts"


def messages(file: Path) -> dict[tuple[str, str], ElementTree.Element]:
    found = {}
    for context in ElementTree.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            found[context.findtext("name", ""), message.findtext("source", "")] = message
    return found


def test_every_text_has_a_korean_one_with_the_same_values() -> None:
    for (context, source), message in messages(_KOREAN).items():
        translation = message.find("translation")
        assert translation is not None
        assert translation.text, f"{context}: {source}"
        assert "type" not in translation.attrib, f"{context}: {source}"
        assert sorted(re.findall(r"{\w+}", source)) == sorted(re.findall(r"{\w+}", translation.text)), source


@pytest.mark.system
def test_the_korean_file_holds_the_texts_of_the_code_as_it_is(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    sources = sorted(str(file) for file in (_ROOT / "widgets").glob("*.py"))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([tool, *sources, "-ts", fresh], check=True, capture_output=True, timeout=60, env=environment)
    missing = messages(fresh).keys() - messages(_KOREAN).keys()
    assert not missing
