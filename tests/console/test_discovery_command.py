"""`cameras discover`, against practice cameras on the loopback."""

from collections.abc import Iterator

import pytest

from console.cli import DONE, FAILED, WRONG_USE
from tests.console.surroundings import Terminal
from tests.ptz.event_city import EventCity

pytest_plugins = ["tests.console.fixtures"]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventCity]:
    kinds = [{"own_port": True, "model": "Dome 3"}, {}]
    folder = tmp_path_factory.mktemp("city")
    city = EventCity(folder, kinds, discovery={"address": "127.0.0.1", "port": 0})
    yield city
    city.close()


def where(city: EventCity) -> str:
    return f"127.0.0.1:{city.said['discovery_port']}"


@pytest.mark.system
@pytest.mark.timeout(120)
def test_who_answers_is_printed_and_nobody_is_signed_in_to(terminal: Terminal, city: EventCity) -> None:
    said = terminal.run("cameras", "discover", "--address", where(city), "--timeout", "1.5")
    assert (said.code, said.err) == (DONE, "")
    lines = said.out.splitlines()
    assert {line.split("  ")[0] for line in lines} == {city.entry(number).onvif_url for number in city.numbers}
    assert "Dome 3" in next(line for line in lines if line.startswith(city.entry(1).onvif_url))
    assert [city.get(f"/onvif/{number}/sign_ins") for number in city.numbers] == [[], []]
    assert [city.get(f"/onvif/{number}/journal") for number in city.numbers] == [[], []]
    assert not terminal.home.exists()


@pytest.mark.system
@pytest.mark.timeout(120)
def test_json_has_all_that_was_told(terminal: Terminal, city: EventCity) -> None:
    rows = terminal.run("--json", "cameras", "discover", "--address", where(city), "--timeout", "1.5").json
    assert {row["address"] for row in rows} == {city.entry(number).onvif_url for number in city.numbers}
    assert all(row["sender"] == "127.0.0.1" and not row["mismatch"] for row in rows)
    assert all(row["endpoint"].startswith("urn:uuid:") and row["told"] == [row["address"]] for row in rows)


@pytest.mark.system
@pytest.mark.timeout(120)
def test_a_camera_that_tells_another_s_address_is_shown_at_its_own_and_marked(
    terminal: Terminal, city: EventCity
) -> None:
    city.begin(2, "discovery_lies")
    said = terminal.run("cameras", "discover", "--address", where(city), "--timeout", "1.5")
    city.clear()
    assert city.fired(2, "discovery_lies") > 0
    assert "    tells other addresses than the one it answers from: http://203.0.113.7/" in said.out
    assert not any(line.startswith("http://203.0.113.7") for line in said.out.splitlines())


def test_silence_is_said_in_words(terminal: Terminal) -> None:
    said = terminal.run("cameras", "discover", "--interface", "lo", "--timeout", "0.2")
    assert (said.code, said.out, said.err) == (DONE, "no camera answered\n", "")
    assert terminal.run("--json", "cameras", "discover", "--interface", "127.0.0.1", "--timeout", "0.2").json == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ([], "--interface, one of"),
        (["--interface", "nowhere0"], "'nowhere0' is no interface of this workstation: "),
        (["--interface", "203.0.113.7"], "'203.0.113.7' is no interface of this workstation: "),
        (["--address", "10.0.0.0/8"], "1024 at most"),
        (["--address", "a camera"], "not an IPv4 address or subnet"),
        (["--address", "127.0.0.1", "--timeout", "0"], "--timeout must be above 0"),
        (["--address", "127.0.0.1", "--timeout", "nan"], "--timeout must be above 0"),
        (["--address", "127.0.0.1", "--timeout", "61"], "--timeout must be above 0"),
    ],
)
def test_what_cannot_be_asked_is_said(terminal: Terminal, wrong: list[str], says: str) -> None:
    said = terminal.run("cameras", "discover", *wrong)
    assert (said.code, said.out) == (FAILED, "")
    assert says in said.err
    assert said.err.count("\n") == 1


def test_interfaces_are_named_where_none_was_chosen(terminal: Terminal) -> None:
    assert "lo (127.0.0.1)" in terminal.run("cameras", "discover").err


def test_a_time_that_is_no_number_is_wrong_use(terminal: Terminal) -> None:
    assert terminal.run("cameras", "discover", "--timeout", "long").code == WRONG_USE
