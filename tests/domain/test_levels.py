from pathlib import Path

import pytest

from domain.errors import SettingsError
from domain.levels import Level, Levels
from domain.reading import Quantity

SHIPPED = Path(__file__).parents[2] / "resources" / "levels.toml"


@pytest.mark.parametrize(
    ("quantity", "value", "level"),
    [
        (Quantity.PM10, 149, Level.NORMAL),
        (Quantity.PM10, 150, Level.ADVISORY),
        (Quantity.PM10, 300, Level.WARNING),
        (Quantity.HUMIDITY, 36, Level.NORMAL),
        (Quantity.HUMIDITY, 28, Level.ADVISORY),
        (Quantity.HUMIDITY, 25, Level.WARNING),
        (Quantity.TEMPERATURE, -12, Level.ADVISORY),
        (Quantity.TEMPERATURE, 35, Level.WARNING),
        (Quantity.PRESSURE, 2000, Level.NORMAL),
    ],
)
def test_an_observed_value_reaches_its_published_level(quantity: Quantity, value: float, level: Level) -> None:
    assert Levels.load(SHIPPED).level(quantity, value) is level


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[pm11]\nabove = { advisory = 1 }", "pm11: unknown quantity"),
        ("[pm10]\nabove = { advice = 1 }", r"pm10\.above\.advice: unknown key"),
        ("[pm10]\nabove = { advisory = true }", r"pm10\.above\.advisory: must be a number"),
        ("[pm10", "Expected"),
    ],
)
def test_a_wrong_file_names_file_and_key(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "levels.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=named):
        Levels.load(path)
