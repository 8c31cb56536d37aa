from pathlib import Path

import pytest

from console.settings import load_settings
from domain.errors import SettingsError


def write(folder: Path, text: str) -> Path:
    path = folder / "console.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_said_gives_a_console_that_starts() -> None:
    settings = load_settings(None, {})
    assert settings.desk.language == "ko"
    assert settings.mqtt.url == ""


def test_a_misspelt_key_is_refused_with_its_file_and_name(tmp_path: Path) -> None:
    path = write(tmp_path, '[mqtt]\nprot = "x"\n')
    with pytest.raises(SettingsError, match=rf"{path}: mqtt\.prot: unknown key"):
        load_settings(path, {})


def test_a_misspelt_section_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "[brooker]\nurl = 'x'\n")
    with pytest.raises(SettingsError, match="brooker: unknown key"):
        load_settings(path, {})


def test_a_key_outside_any_section_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"must be a section, written \[url\]"):
        load_settings(write(tmp_path, "url = 'x'\n"), {})


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "[desk]\nscale = 9\nlanguage = 'fr'\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(path, {})
    assert "desk.scale" in str(caught.value)
    assert "desk.language" in str(caught.value)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "[mqtt]\nurl = 'mqtt://a'\n")
    settings = load_settings(path, {"WATCHROOM_MQTT__URL": "mqtt://b", "HOME": "/"})
    assert settings.mqtt.url == "mqtt://b"


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"WATCHROOM_DESK__SCALE: desk\.scale"):
        load_settings(None, {"WATCHROOM_DESK__SCALE": "big"})
    with pytest.raises(SettingsError, match="WATCHROOM_DESK: not a setting"):
        load_settings(None, {"WATCHROOM_DESK": "x"})


def test_broken_toml_and_unreadable_files_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"console\.toml: .*line 1"):
        load_settings(write(tmp_path, "[mqtt\n"), {})
    with pytest.raises(SettingsError, match="No such file"):
        load_settings(tmp_path / "none.toml", {})
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"[centre]\nname = '\xff'\n")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings(latin, {})
