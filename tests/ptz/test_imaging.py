"""Focus, iris, wiper and light of the practice city's cameras."""

import threading
import time
from collections.abc import Callable

import pytest

from domain.camera import Camera
from domain.errors import BadInputError
from domain.optics import OpticsWish
from ptz.imaging import Imaging
from tests.ptz import places_city as kinds
from tests.ptz.places_city import PlacesCity, Steering, until

pytest_plugins = ["tests.ptz.places_fixtures"]
pytestmark = [pytest.mark.timeout(120)]


@pytest.fixture
def imaging(rig: Steering) -> Imaging:
    return Imaging(rig.contacts)


def focus_of(domes: PlacesCity, no: int) -> float:
    return float(domes.state(no)["heads"][0]["focus"])


def test_a_camera_offers_what_it_advertises_and_nothing_else(imaging: Imaging, dome: Callable[..., Camera]) -> None:
    assert imaging.optics(dome(kinds.FULL)).wishes == frozenset(OpticsWish)
    assert imaging.optics(dome(kinds.PLAIN)).wishes == frozenset()
    few = imaging.optics(dome(kinds.RELATIVE_LENS)).wishes
    assert few == {OpticsWish.FOCUS_NEAR, OpticsWish.FOCUS_FAR, OpticsWish.FOCUS_AUTO, OpticsWish.WIPER_ON}


@pytest.mark.parametrize("kind", [kinds.RELATIVE_LENS, kinds.ABSOLUTE_LENS, kinds.CONTINUOUS_LENS, kinds.FULL])
def test_each_press_moves_the_focus_a_step_and_no_further(
    domes: PlacesCity, imaging: Imaging, dome: Callable[..., Camera], kind: int
) -> None:
    camera = dome(kind)
    before = focus_of(domes, kind)
    imaging.ask(camera, OpticsWish.FOCUS_NEAR)
    until(lambda: focus_of(domes, kind) < before)
    nearer = focus_of(domes, kind)
    assert before - nearer <= 0.3
    imaging.ask(camera, OpticsWish.FOCUS_FAR)
    until(lambda: focus_of(domes, kind) > nearer)
    imaging.ask(camera, OpticsWish.FOCUS_AUTO)
    until(lambda: domes.state(kind)["heads"][0]["focus_mode"] == "AUTO")


def test_a_lens_that_runs_is_stopped_although_the_camera_is_away_for_a_moment(
    domes: PlacesCity, imaging: Imaging, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.CONTINUOUS_LENS)
    imaging.optics(camera)

    def go_away_for_a_moment(moves: int) -> None:
        until(lambda: len(domes.journal(camera.no, "Move")) > moves)
        domes.fault(camera.no, "dead")
        time.sleep(0.4)  # longer than the lens runs at one press, shorter than its Stop is tried
        domes.clear(camera.no)

    def away_when_it_was_to_stop() -> bool:
        moves = len(domes.journal(camera.no, "Move"))
        away = threading.Thread(target=go_away_for_a_moment, args=(moves,))
        away.start()
        imaging.ask(camera, OpticsWish.FOCUS_FAR)
        away.join()
        move, stop = domes.journal(camera.no, "Move", "Stop")[-2:]
        assert (move["operation"], stop["operation"]) == ("Move", "Stop")
        return bool(stop["monotonic"] - move["monotonic"] > 0.4)  # else it was stopped before the camera went away

    until(away_when_it_was_to_stop)


def test_the_iris_opens_and_closes_by_steps_and_becomes_automatic_again(
    domes: PlacesCity, imaging: Imaging, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.FULL)
    imaging.ask(camera, OpticsWish.IRIS_CLOSE)
    closed = domes.state(camera.no)["heads"][0]["iris"]
    assert closed == pytest.approx(-1.1)
    imaging.ask(camera, OpticsWish.IRIS_OPEN)
    assert domes.state(camera.no)["heads"][0]["iris"] == pytest.approx(0.0)
    imaging.ask(camera, OpticsWish.IRIS_AUTO)
    asked = domes.journal(camera.no, "SetImagingSettings")[-1]["asked"]
    assert "AUTO" in str(asked)


def test_wiper_and_light_are_switched_in_the_cameras_own_words(
    domes: PlacesCity, imaging: Imaging, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.FULL)
    imaging.ask(camera, OpticsWish.WIPER_ON)
    imaging.ask(camera, OpticsWish.LIGHT_AUTO)
    assert domes.state(camera.no)["auxiliary"] == {"tt:Wiper": "On", "tt:IRLamp": "Auto"}
    imaging.ask(camera, OpticsWish.WIPER_OFF)
    assert domes.state(camera.no)["auxiliary"]["tt:Wiper"] == "Off"


def test_what_is_not_advertised_is_never_asked(
    domes: PlacesCity, imaging: Imaging, dome: Callable[..., Camera]
) -> None:
    for no, wish in ((kinds.PLAIN, OpticsWish.FOCUS_NEAR), (kinds.RELATIVE_LENS, OpticsWish.LIGHT_ON)):
        with pytest.raises(BadInputError, match="has no"):
            imaging.ask(dome(no), wish)
    assert domes.journal(kinds.RELATIVE_LENS, "SendAuxiliaryCommand") == []
    assert domes.journal(kinds.PLAIN, "Move") == []
