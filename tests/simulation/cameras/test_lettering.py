import numpy as np
import pytest

from simulation.cameras.lettering import Font


@pytest.fixture(scope="module")
def font() -> Font:
    return Font()


@pytest.mark.parametrize("text", ["만안구청", "송도 국제교", "CCTV 03", "é"])
def test_text_is_drawn(font: Font, text: str) -> None:
    mask = font.mask(text, 32)
    assert mask.shape[0] == 32
    assert mask.max() == 255
    assert 0.03 < (mask > 128).mean() < 0.6


def test_each_syllable_looks_like_itself(font: Font) -> None:
    drawn = [font.mask(syllable, 40).tobytes() for syllable in "가각나난다달"]
    assert len(set(drawn)) == 6


def test_longer_text_is_wider_and_a_blank_is_blank(font: Font) -> None:
    assert font.mask("만안구청", 32).shape[1] > font.mask("만안", 32).shape[1]
    assert not font.mask(" ", 32).any()
    assert font.mask("", 32).shape[0] == 32


def test_holes_stay_open(font: Font) -> None:
    ring = font.mask("O", 64)
    filled = np.argwhere(ring > 128)
    middle = filled.mean(axis=0).astype(int)
    assert ring[middle[0], middle[1]] == 0


def test_a_character_that_the_font_lacks_is_shown_as_missing(font: Font) -> None:
    assert font.mask("\U0001f600", 32).shape[0] == 32
