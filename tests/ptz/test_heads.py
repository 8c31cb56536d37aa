"""Reading what a camera says of its heads where it says it badly."""

from types import SimpleNamespace as Told
from typing import Any

import pytest

from domain.abilities import Ladder, Span
from domain.errors import CredentialsError, ProtocolError
from ptz.heads import Services, find_heads


class Port:
    """A service that answers with what it was given, and refuses the rest."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def call(self, operation: str, **values: Any) -> Any:
        answer = self.answers.get(operation, ProtocolError(f"{operation}: not here"))
        if isinstance(answer, Exception):
            raise answer
        return answer


def optional(port: Any, operation: str, **values: Any) -> Any:
    try:
        return port.call(operation, **values)
    except ProtocolError:
        return None


def profile(token: str, node: str = "node") -> Told:
    return Told(token=token, PTZConfiguration=Told(token=f"cfg-{node}", NodeToken=node), VideoSourceConfiguration=None)


def space(uri: str, low: float, high: float) -> Told:
    span = Told(Min=low, Max=high)
    return Told(URI=uri, XRange=span, YRange=span)


def found(ptz: Any, media: Any, media2: Any = None) -> Any:
    return find_heads(Services(ptz=ptz, media=media, media2=media2, imaging=None), optional)


def test_several_profiles_of_one_head_are_one_head() -> None:
    heads = found(Port(), Port(GetProfiles=[profile("a"), None, profile("b"), profile("c", "other"), profile("")]))
    assert [(head.profile, head.node) for head in heads] == [("a", "node"), ("c", "other")]


def test_a_media2_service_without_movable_profiles_leaves_it_to_media() -> None:
    for media2 in (Port(), Port(GetProfiles=[]), Port(GetProfiles=[Told(token="x", Configurations=None)])):
        assert found(Port(), Port(GetProfiles=[profile("a")]), media2)[0].profile == "a"
    with pytest.raises(ProtocolError, match="not here"):
        found(Port(), Port())
    with pytest.raises(CredentialsError):
        found(Port(), Port(GetProfiles=CredentialsError("no")))


def test_a_camera_that_says_nothing_of_itself_is_taken_for_a_usual_one() -> None:
    (head,) = found(Port(), Port(GetProfiles=[profile("a")]))
    abilities = head.abilities
    assert abilities.turns is abilities.zooms is Ladder.CONTINUOUS
    assert (abilities.presets, abilities.home, abilities.timeouts_s) == (255, True, (0.0, 60.0))


def test_spaces_without_sense_are_not_there() -> None:
    spaces = Told(
        ContinuousPanTiltVelocitySpace=[space("own", -5, 5), None, space("x/VelocityGenericSpace", -1, 1)],
        ContinuousZoomVelocitySpace=[space("inf", float("-inf"), float("inf")), space("nothing", 0, 0)],
        AbsolutePanTiltPositionSpace=[Told(URI=None, XRange=None, YRange=Told(Min=None, Max=1))],
        RelativePanTiltTranslationSpace=[space("x/TranslationSpaceFov", -1, 1)],
    )
    ptz = Port(GetConfigurationOptions=Told(Spaces=spaces, PTZTimeout=Told(Min=None, Max=0)))
    (head,) = found(ptz, Port(GetProfiles=[profile("a")]))
    abilities = head.abilities
    assert abilities.continuous_turn is not None
    assert (abilities.continuous_turn.uri, abilities.continuous_turn.pan) == ("x/VelocityGenericSpace", Span(-1, 1))
    assert (abilities.continuous_zoom, abilities.absolute_turn, abilities.relative_turn) == (None, None, None)
    assert abilities.view_turn is not None
    assert abilities.timeouts_s == (0.0, 60.0)
