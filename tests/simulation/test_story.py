import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from domain.errors import BadInputError
from domain.place import Place
from simulation import story as story_module
from simulation.profile import load_profile
from simulation.story import load_story, story_names

StartCity = Callable[..., Any]
Listen = Callable[..., Any]
Eventually = Callable[..., Any]

CHANGING = {"id", "at", "eta"}  # ids must differ, or a second telling would pass for a repeat


def told(ear: Any, session: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what a session's phone said, once each, without what differs from day to day."""
    messages: dict[str, tuple[str, dict[str, Any]]] = {}
    for topic, payload in list(ear.heard):
        if f"/{session}/" in topic and not topic.endswith("/ack"):
            body = json.loads(payload)
            bare = {name: value for name, value in body.items() if name not in CHANGING}
            messages.setdefault(body["id"], (topic.split("/")[-1], bare))
    return list(messages.values())


def session_in_trouble(ear: Any, eventually: Eventually) -> str:
    (topic, *_) = eventually(lambda: ear.topics("/sos"), 30)
    return topic.split("/")[-2]


@pytest.mark.system
def test_the_same_seed_tells_the_same_story_and_another_seed_another(
    start_city: StartCity, listen: Listen, eventually: Eventually
) -> None:
    cities = [start_city("--scenario", "sos", "--seed", seed, "--speed", "3") for seed in ("7", "7", "8")]
    ears = [listen(city) for city in cities]
    tellings = []
    for city, ear in zip(cities, ears, strict=True):
        session = session_in_trouble(ear, eventually)
        eventually(lambda city=city: city.state()["story"]["to_come"] == 0, 30)
        late = [(what, body) for what, body in told(ear, session) if what != "fix"]
        fixes = [body for what, body in told(ear, session) if what == "fix"][:20]
        noise = [(body["accuracy_m"], body["battery"]) for body in fixes]
        tellings.append(([what for what, _ in late], noise, [step["step"] for step in city.story()]))
    assert tellings[0] == tellings[1]
    assert tellings[0][0] == ["start", "sos", "arrive"]
    assert tellings[0][1] != tellings[2][1]


@pytest.mark.system
def test_the_story_of_an_sos_goes_as_written(start_city: StartCity, listen: Listen, eventually: Eventually) -> None:
    city = start_city("--scenario", "sos", "--speed", "2")
    ear = listen(city)
    session = session_in_trouble(ear, eventually)
    way = load_profile("anyang").traveller
    fixes = [body for what, body in told(ear, session) if what == "fix"]
    assert len(fixes) > 20, "what the phone could not send before came before the SOS"
    assert Place(fixes[0]["lat"], fixes[0]["lon"]).distance_m(way.route[0]) < 30
    (sos, *_) = ear.bodies(f"{session}/sos")
    scene = Place(sos["lat"], sos["lon"])
    assert scene.distance_m(way.strays[-1]) < 60
    start = ear.bodies(f"{session}/start")[0]
    walked_s = (datetime.fromisoformat(sos["at"]) - datetime.fromisoformat(start["at"])).total_seconds()
    assert walked_s > 300

    eventually(lambda: len(ear.topics(f"{session}/sos")) >= 3)
    assert len({body["id"] for body in ear.bodies(f"{session}/sos")}) == 1
    topic = f"{city.root}/guardian/{session}/sos"
    ear.say(f"{topic}/ack", {"id": sos["id"], "at": sos["at"], "by": "test", "stage": "stored"})
    repeats = len(ear.topics(f"{session}/sos"))
    eventually(lambda: len(ear.topics(f"{session}/sos")) > repeats + 1)
    ear.say(f"{topic}/ack", {"id": sos["id"], "at": sos["at"], "by": "test", "stage": "shown"})
    eventually(
        lambda: [each["stage"] for each in city.state()["answers"] if each["topic"].endswith("sos")] == ["shown"]
    )

    eventually(lambda: city.state()["story"]["to_come"] == 0, 30)
    statuses = [body["status"] for body in ear.bodies("unit/police-dongan-11/status") if body["status"] != "available"]
    assert list(dict.fromkeys(statuses)) == ["dispatched", "en_route", "on_scene", "returning"]
    nearest_m = min(
        Place(body["lat"], body["lon"]).distance_m(scene) for body in ear.bodies("unit/police-dongan-11/fix")
    )
    assert nearest_m < 60
    seconds = {entry["step"]: entry["after_s"] for entry in city.story()}
    assert seconds["calls_for_help"] == pytest.approx(8.0, abs=1.0)
    assert list(seconds) == ["sets_out", "walks_on", "calls_for_help", "help_is_sent", "arrives", "help_leaves"]


@pytest.mark.system
def test_a_partner_request_sends_the_nearest_unit_of_that_agency_once_and_is_answered(
    start_city: StartCity, listen: Listen, eventually: Eventually
) -> None:
    city = start_city("--speed", "4")
    ear = listen(city)
    request = {
        "id": "11111111-1111-4111-8111-111111111111",
        "at": "2026-05-01T00:00:00+09:00",
        "incident": "22222222-2222-4222-8222-222222222222",
        "kind": "sos",
        "lat": 37.3975,
        "lon": 126.9225,
    }
    topic = f"{city.root}/partner/police-112/request"
    ear.say(topic, request)
    ear.say(topic, request)
    ear.say(topic, b"{")
    ear.say(f"{city.root}/partner/nobody/request", request)
    eventually(lambda: city.state()["units"]["police-manan-21"] == "on_scene")
    assert city.state()["units"]["police-dongan-11"] == "available"
    statuses = [reply["status"] for reply in ear.bodies("partner/police-112/reply")]
    assert sorted(statuses) == ["accepted", "delivered", "delivered"]
    assert {reply["request"] for reply in ear.bodies("/reply")} == {request["id"]}
    told_incidents = {body.get("incident") for body in ear.bodies("unit/police-manan-21/status")}
    assert request["incident"] in told_incidents


@pytest.mark.system
def test_a_bell_is_pressed_until_it_is_shown(start_city: StartCity, listen: Listen, eventually: Eventually) -> None:
    city = start_city()
    ear = listen(city)
    assert city.ask("/story", {"name": "bell"}) == (200, {"story": "bell"})
    eventually(lambda: len(ear.topics("bell/bell-gwiin-park/press")) >= 2)
    (body, *_) = ear.bodies("/press")
    assert set(body) == {"id", "at"}


def test_every_story_is_known_and_readable() -> None:
    assert story_names() == ("bell", "sos")
    for name in story_names():
        steps = load_story(name).steps
        assert [step.at_s for step in steps] == sorted(step.at_s for step in steps)


def test_an_unknown_story_is_named_with_those_that_are_known() -> None:
    with pytest.raises(BadInputError, match="bell, sos"):
        load_story("picnic")


def test_a_story_with_an_unknown_step_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd.toml").write_text(
        'title = "odd"\nagency_kind = "police"\n[[steps]]\nat_s = 1\ndo = "levitates"\n', encoding="utf-8"
    )
    monkeypatch.setattr(story_module, "_STORIES", tmp_path)
    with pytest.raises(BadInputError, match="levitates"):
        load_story("odd")
