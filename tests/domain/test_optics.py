import pytest

from domain.optics import OpticsWish, optics_of


def test_lenses_and_switches_are_offered_as_they_are_advertised() -> None:
    assert optics_of((), focus=False, iris=False).wishes == frozenset()
    assert optics_of((), focus=True, iris=False).wishes == {
        OpticsWish.FOCUS_NEAR,
        OpticsWish.FOCUS_FAR,
        OpticsWish.FOCUS_AUTO,
    }
    assert OpticsWish.IRIS_AUTO in optics_of((), focus=False, iris=True).wishes


@pytest.mark.parametrize("said", ["tt:Wiper|On", "Wiper|On", "wiper on", "WIPER_ON", "vendor:wiper-on"])
def test_a_command_is_known_in_the_ways_that_makers_write_it_and_sent_as_it_was_told(said: str) -> None:
    optics = optics_of(["tt:Other|On", said], focus=False, iris=False)
    assert optics.commands == {OpticsWish.WIPER_ON: said}
    assert optics.wishes == {OpticsWish.WIPER_ON}


def test_what_only_resembles_a_command_is_none() -> None:
    told = ["on", "tt:Wiper", "tt:WiperHeater|On", "tt:Wiper|On|Slow", ""]
    assert optics_of(told, focus=False, iris=False).commands == {}
