"""Text made by the system: kept as a code with parameters, put into words where it is read."""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

Language = str  # "ko" or "en"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence by its code in resources/texts.toml, with the values that go into it."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


class Wording:
    """Puts system text into the reader's language."""

    def __init__(self, templates: Mapping[str, Mapping[Language, str]], language: Language) -> None:
        self._templates = templates
        self.language = language

    @classmethod
    def load(cls, path: Path, language: Language) -> "Wording":
        """Read templates from a TOML file of tables `[code]` with one key per language."""
        return cls(tomllib.loads(path.read_text(encoding="utf-8")), language)

    def render(self, text: Text) -> str:
        """Return the sentence; an unknown code (made by a newer program) comes back with its values."""
        template = self._templates.get(text.code, {}).get(self.language)
        if template is None:
            values = ", ".join(f"{key}={value}" for key, value in text.params.items())
            return f"{text.code} ({values})" if values else text.code
        return string.Formatter().vformat(template, (), _Blanks(text.params))


class _Blanks(dict[str, str]):
    """Values by name; a missing one is shown as a dash rather than raising."""

    def __missing__(self, key: str) -> str:
        return "–"
