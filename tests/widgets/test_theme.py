import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel

from domain.alarm import Priority
from widgets.theme import DAY, NIGHT, SHAPES, Colours, ThemeName, apply_theme, colours_of, scaled


def luminance(colour: str) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in QColor(colour).getRgbF()[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [NIGHT, DAY])
def test_words_can_be_read_on_every_surface(colours: Colours) -> None:
    for surface in (colours.field, colours.pane, colours.raised):
        for ink in (colours.text, colours.dim, colours.accent):
            assert contrast(ink, surface) >= 4.5
    for priority in Priority:
        assert contrast(colours.of(priority), colours.pane) >= 4.5
        assert contrast(colours.ink, colours.of(priority)) >= 4.5


def test_every_priority_has_a_shape_of_its_own() -> None:
    assert len(set(SHAPES.values())) == len(Priority)


def test_theme_and_scale_are_known_from_the_widget(qapp: QApplication) -> None:
    for name, colours in ((ThemeName.NIGHT, NIGHT), (ThemeName.DAY, DAY)):
        apply_theme(qapp, name, 2.0)
        label = QLabel()
        label.ensurePolished()
        assert colours_of(label) is colours
        assert scaled(label, 4) == 8
