"""Listening to practice cameras with everything that can be wrong with them."""

import socket
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from domain.camera import Credentials
from ptz.ear import Hearing
from tests.ptz.event_city import SECRET, EventCity, until
from tests.ptz.go_between import GoBetween
from tests.ptz.listener import DEAF, OPEN, ROUGH, Listener

pytest_plugins = ["tests.ptz.listening_room"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]  # a fresh machine paints the clips first


# -- what goes wrong


@pytest.mark.parametrize(
    "fault",
    [
        "addresses_other_host",
        "addresses_other_port",
        "addresses_https",
        "addresses_zero",
        "addresses_localhost",
        "addresses_unresolvable",
    ],
)
def test_the_pull_point_s_address_is_put_right(listener: Listener, fault: str) -> None:
    listener.city.begin(ROUGH, fault)
    listener.listen_and_hear(ROUGH)
    listener.city.happens(ROUGH, state=True, source=fault)
    until("the motion", lambda: [event for event in listener.heard(ROUGH) if event.source == fault])
    assert listener.city.fired(ROUGH, fault) > 0


@pytest.mark.parametrize(
    "fault", ["undeclared_prefixes", "chunked", "soap_1_1", "bom", "wrong_content_type", "closes_after_answer"]
)
def test_odd_answers_are_understood(listener: Listener, fault: str) -> None:
    listener.city.begin(ROUGH, fault)
    listener.listen_and_hear(ROUGH)
    listener.city.happens(ROUGH, state=True, source=fault)
    until("the motion", lambda: [event for event in listener.heard(ROUGH) if event.source == fault])
    listener.city.happens(ROUGH, state=False, source=fault)
    until("its end", lambda: [event for event in listener.heard(ROUGH, active=False) if event.source == fault])
    if fault != "undeclared_prefixes":  # it is about the prefix of PTZ, which events have not
        assert listener.city.fired(ROUGH, fault) > 0


@pytest.mark.parametrize(
    ("fault", "settings"),
    [
        ("dead", {}),
        ("huge_answer", {"huge_mb": 4}),
        ("entity_bomb", {}),
        ("external_entity", {}),
        ("html_200", {}),
        ("closes_before_answer", {}),
        ("closes_in_answer", {}),
        ("not_supported_500", {"operations": "PullMessages"}),
    ],
)
def test_a_camera_that_goes_wrong_is_lost_and_comes_back_by_itself(
    listener: Listener, fault: str, settings: dict[str, Any]
) -> None:
    listener.listen_and_hear(ROUGH)
    listener.city.begin(ROUGH, fault, **settings)
    if fault != "dead":
        listener.city.happens(ROUGH, state=True, source="during")  # has it answer
        until("the fault", lambda: listener.city.fired(ROUGH, fault) > 0, 30)
    else:
        listener.listening.listen([listener.city.entry(ROUGH, name="asked anew")])
    until("it is lost", lambda: listener.hearing(ROUGH) is Hearing.LOST, 30)
    assert listener.detail(ROUGH)
    listener.city.clear()
    pulls = len(listener.asked(ROUGH, "PullMessages"))
    until("it is asked again", lambda: len(listener.asked(ROUGH, "PullMessages")) > pulls, 40)
    source = f"after {fault}"
    listener.city.happens(ROUGH, state=True, source=source)
    until("the motion", lambda: [event for event in listener.heard(ROUGH) if event.source == source], 40)


def test_a_camera_that_does_not_answer_is_asked_ever_more_seldom(listener: Listener) -> None:
    listener.listen_and_hear(ROUGH)
    listener.city.begin(ROUGH, "not_supported_500", operations="CreatePullPointSubscription,PullMessages")
    listener.city.happens(ROUGH, source="wakes it")
    began = time.monotonic()
    until("three tries", lambda: len(listener.asked(ROUGH, "CreatePullPointSubscription")) >= 4, 30)
    tries = [one["monotonic"] for one in listener.asked(ROUGH, "CreatePullPointSubscription")[1:4]]
    assert tries[0] - began >= 0.7  # 1 s, spread by a fifth
    assert 1.5 <= tries[1] - tries[0] <= 4.0
    assert 3.9 <= tries[2] - tries[1] <= 8.0


def test_a_camera_that_always_answers_at_once_is_asked_once_a_second(listener: Listener) -> None:
    listener.listen_and_hear(ROUGH)
    listener.city.begin(ROUGH, "empty_success", operations="PullMessages")
    listener.city.happens(ROUGH, source="wakes it")
    pulls = len(listener.asked(ROUGH, "PullMessages"))
    until("some pulls", lambda: len(listener.asked(ROUGH, "PullMessages")) >= pulls + 4)
    at = [one["monotonic"] for one in listener.asked(ROUGH, "PullMessages")[pulls:]]
    assert all(later - earlier > 0.9 for earlier, later in pairwise(at[1:]))
    assert listener.city.fired(ROUGH, "empty_success") > 0
    assert listener.hearing(ROUGH) is Hearing.HEARD


def test_a_pull_point_that_the_camera_ended_is_made_anew(listener: Listener) -> None:
    listener.listen_and_hear(OPEN)
    entry = listener.city.entry(OPEN)
    (point,) = listener.city.points(OPEN)
    _end_point(entry.onvif_url, point["id"])
    until("another one", lambda: [one["id"] for one in listener.city.points(OPEN)] not in ([], [point["id"]]), 30)
    listener.city.happens(OPEN, state=True, source="after its end")
    until("the motion", lambda: [event for event in listener.heard(OPEN) if event.source == "after its end"], 30)


def test_a_camera_without_events_is_lost_and_says_so(listener: Listener) -> None:
    listener.listen(DEAF)
    until("it is lost", lambda: listener.hearing(DEAF) is Hearing.LOST)
    assert listener.asked(DEAF, "CreatePullPointSubscription") in (
        [],
        listener.asked(DEAF, "CreatePullPointSubscription"),
    )
    assert listener.detail(DEAF)


def test_a_wrong_clock_is_taken_off_the_moments_that_it_tells(listener: Listener) -> None:
    listener.city.begin(ROUGH, "clock_wrong", clock_offset_s=-7200.0)
    listener.listen_and_hear(ROUGH)
    listener.city.happens(ROUGH, state=True, source="two hours behind")
    (event,) = until("it", lambda: [one for one in listener.heard(ROUGH) if one.source == "two hours behind"])
    assert abs(datetime.now(UTC) - event.at) < timedelta(seconds=10)
    assert listener.city.fired(ROUGH, "clock_wrong") > 0


def test_a_clock_that_is_set_while_we_listen_is_measured_again(listener: Listener) -> None:
    listener.listen_and_hear(ROUGH)
    listener.city.begin(ROUGH, "clock_wrong", clock_offset_s=7200.0)
    listener.city.happens(ROUGH, state=True, source="wakes it")
    pulls = len(listener.asked(ROUGH, "PullMessages"))
    until(
        "it is heard again",
        lambda: (
            len([one for one in listener.asked(ROUGH, "PullMessages")[pulls:] if one["answer"] != "NotAuthorized"]) > 0
        ),
        30,
    )
    listener.city.happens(ROUGH, state=True, source="with its new time")
    until("it", lambda: [one for one in listener.heard(ROUGH) if one.source == "with its new time"], 30)
    assert listener.hearing(ROUGH) is Hearing.HEARD


# -- passwords


def test_a_wrong_password_is_tried_once_and_nothing_more_until_a_person_retries(listener: Listener) -> None:
    listener.password = Credentials(SECRET.user, "wrong")
    wrong_before = _wrong(listener.city, ROUGH)
    listener.listen(ROUGH)
    until("it is refused", lambda: listener.hearing(ROUGH) is Hearing.REFUSED)
    tries = _wrong(listener.city, ROUGH) - wrong_before
    assert tries == 1
    listener.listen(ROUGH, OPEN)
    until("another camera is heard", lambda: listener.asked(OPEN, "PullMessages"))
    assert _wrong(listener.city, ROUGH) - wrong_before == tries
    listener.password = SECRET
    listener.contacts.retry(ROUGH)
    until("it is heard", lambda: listener.asked(ROUGH, "PullMessages"))


def test_a_password_that_is_changed_while_we_listen_closes_the_camera_for_all(listener: Listener) -> None:
    listener.listen_and_hear(ROUGH)
    wrong_before = _wrong(listener.city, ROUGH)
    listener.city.begin(ROUGH, "wrong_password")
    listener.city.happens(ROUGH, state=True, source="wakes it")
    until("it is refused", lambda: listener.hearing(ROUGH) is Hearing.REFUSED, 30)
    assert _wrong(listener.city, ROUGH) - wrong_before == 1
    assert listener.gate.is_refused(ROUGH, SECRET, "ptz")
    assert listener.gate.is_refused(ROUGH, SECRET, "video")
    listener.city.clear()
    listener.contacts.retry(ROUGH)
    listener.city.happens(ROUGH, state=True, source="after the retry")
    until("it is heard", lambda: listener.hearing(ROUGH) is Hearing.HEARD, 30)


def test_a_password_that_others_were_refused_with_is_not_tried_here(listener: Listener) -> None:
    listener.gate.enter(ROUGH, SECRET, "video")
    listener.gate.refuse(ROUGH, "video")
    listener.listen(ROUGH)
    until("it is refused", lambda: listener.hearing(ROUGH) is Hearing.REFUSED)
    assert listener.asked(ROUGH, "CreatePullPointSubscription") == []


def test_a_name_that_may_not_hear_events_closes_nothing_else(listener: Listener) -> None:
    fault = (
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:ter="http://www.onvif.org/ver10/error">'
        b"<s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value>"
        b"</s:Subcode></s:Code></s:Fault></s:Body></s:Envelope>"
    )

    def change(asked: bytes, answer: bytes) -> tuple[int, bytes] | None:
        return (400, fault) if b"CreatePullPointSubscription" in asked else None

    with closing(GoBetween(listener.city.entry(ROUGH).onvif_url, change)) as between:
        listener.listening.listen([listener.city.entry(ROUGH, onvif_url=between.url)])
        until("it is refused", lambda: listener.hearing(ROUGH) is Hearing.REFUSED)
        assert listener.detail(ROUGH) == "the camera does not let this name hear its events"
        assert not listener.gate.is_refused(ROUGH, SECRET, "ptz")
        assert not listener.gate.is_refused(ROUGH, SECRET, "video")
        tries = len(between.about("CreatePullPointSubscription"))
        listener.contacts.retry(ROUGH)
        until("a person's retry", lambda: len(between.about("CreatePullPointSubscription")) > tries)
        listener.listen()
        until("nobody listens", lambda: listener.listening.state() == ())


def _wrong(city: EventCity, number: int) -> int:
    """Return how often a camera was shown a wrong password."""
    return sum(not one["right"] for one in city.get(f"/onvif/{number}/sign_ins"))


def _end_point(url: str, number: int) -> None:
    """End a pull point as the camera's own administrator would, at a camera that asks nobody for a password."""
    host, _, port = url.split("//")[1].partition("/")[0].partition(":")
    path = f"/{url.split('/', 3)[3].rsplit('/', 1)[0]}/subscription_{number}"
    body = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        '<n:Unsubscribe xmlns:n="http://docs.oasis-open.org/wsn/b-2"/></s:Body></s:Envelope>'
    )
    with socket.create_connection((host, int(port)), 5) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall((head + body).encode())
        assert b"200 OK" in connection.recv(65536)
