"""Listening to what practice cameras notice, as it should be and as makers do it."""

import re
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from domain.camera_event import CameraEvent, CameraEventKind
from domain.clock import SystemClock
from domain.sign_in_gate import SignInGate
from ptz import pull_point
from ptz.contacts import Contacts
from ptz.ear import Hearing
from ptz.listening import CLOSE_WITHIN_S, Listening
from tests.ptz.event_city import SECRET, EventCity, until
from tests.ptz.go_between import GoBetween
from tests.ptz.listener import DIGEST, HEARD, ONE_POINT, OPEN, PLAIN, ROUGH, SECURE, Listener

pytest_plugins = ["tests.ptz.listening_room"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]  # a fresh machine paints the clips first


# -- as it should be


@pytest.mark.parametrize("number", HEARD)
def test_what_a_camera_notices_is_heard_at_once_whichever_way_one_signs_in(listener: Listener, number: int) -> None:
    def told(*, active: bool) -> list[CameraEvent]:
        return [event for event in listener.heard(number, active=active) if event.source == "at once"]

    listener.listen_and_hear(number)
    began = time.monotonic()
    assert listener.city.happens(number, "motion", state=True, source="at once") == 1
    (motion,) = until("the motion", lambda: told(active=True))
    assert time.monotonic() - began < 5.0
    listener.city.happens(number, "motion", state=False, source="at once")
    until("its end", lambda: told(active=False))
    assert motion.kind is CameraEventKind.MOTION
    assert abs(datetime.now(UTC) - motion.at) < timedelta(seconds=20)
    assert listener.hearing(number) is Hearing.HEARD


def test_every_topic_is_heard(listener: Listener) -> None:
    listener.listen_and_hear(PLAIN)
    for topic in ("motion", "cell_motion", "digital_input"):
        listener.city.happens(PLAIN, topic, state=True, source=f"another {topic}")
    until("three things", lambda: len({event.kind for event in listener.heard(PLAIN)}) == 3)
    assert {event.kind for event in listener.heard(PLAIN)} == set(CameraEventKind) - {CameraEventKind.TAMPER}


def test_a_pull_point_is_made_with_a_duration_and_asked_with_a_limit(listener: Listener) -> None:
    listener.listen_and_hear(PLAIN)
    (made,) = listener.asked(PLAIN, "CreatePullPointSubscription")
    assert made["asked"]["InitialTerminationTime"] == "PT60S"
    pulled = listener.asked(PLAIN, "PullMessages")[0]
    assert (pulled["asked"]["Timeout"], pulled["asked"]["MessageLimit"]) == ("PT20S", "100")
    assert pulled["service"] == "events"
    assert len(listener.city.points(PLAIN)) == 1


def test_a_camera_that_is_not_listened_to_any_more_loses_its_pull_point_within_a_second(listener: Listener) -> None:
    listener.listen_and_hear(PLAIN)
    began = time.monotonic()
    listener.listen()
    until("no pull point", lambda: not listener.city.points(PLAIN))
    assert time.monotonic() - began < 1.0
    assert listener.asked(PLAIN, "Unsubscribe")[-1]["answer"] == "ok"
    assert listener.listening.state() == ()


@pytest.mark.parametrize("number", [PLAIN, DIGEST, SECURE, ONE_POINT])
def test_all_pull_points_end_with_the_program_within_a_second(city: EventCity, number: int) -> None:
    listener = Listener(city)
    listener.listen_and_hear(number)
    began = time.monotonic()
    listener.listening.close()
    assert time.monotonic() - began < CLOSE_WITHIN_S + 0.3
    assert city.points(number) == []


def test_no_camera_ever_has_two_pull_points_of_ours(listener: Listener) -> None:
    number, most = ONE_POINT, []
    for name in ("first", "second", "third"):
        listener.listening.listen([listener.city.entry(number, name=name)])  # its register entry was changed
        most.append(len(until("a pull point", lambda: listener.city.points(number))))
    until("the last pull", lambda: listener.hearing(number) is not Hearing.LOST)
    assert most == [1, 1, 1]
    refused = [one for one in listener.asked(number, "CreatePullPointSubscription") if "TooMany" in one["answer"]]
    assert refused == []


def test_a_listener_that_was_closed_before_it_began_holds_nothing(city: EventCity) -> None:
    gate, clock = SignInGate(), SystemClock()
    listening = Listening(Contacts(lambda _: SECRET, clock, gate), print, clock, gate)
    listening.listen([city.entry(PLAIN)])
    listening.close()
    assert threading.active_count() >= 1
    assert listening.state() == ()


def test_cameras_without_an_address_are_passed_over(listener: Listener) -> None:
    listener.listening.listen([listener.city.entry(PLAIN, onvif_url="")])
    listener.listen_and_hear(OPEN)
    assert [one.camera_no for one in listener.listening.state()] == [OPEN]


# -- kept alive


def test_a_pull_point_is_renewed_before_its_end(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull_point, "LASTS_S", 6.0)  # as if a camera granted no more
    listener.listen_and_hear(PLAIN)
    until("a renewal", lambda: len(listener.asked(PLAIN, "Renew")) >= 2, 30)
    assert len(listener.asked(PLAIN, "CreatePullPointSubscription")) == 1
    assert all(one["answer"] == "ok" for one in listener.asked(PLAIN, "Renew"))
    assert listener.asked(PLAIN, "Renew")[0]["service"] == "subscription"


def test_one_that_cannot_be_renewed_is_made_anew_and_the_old_one_ended(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull_point, "LASTS_S", 6.0)
    listener.city.begin(ONE_POINT, "not_supported_500", operations="Renew")
    listener.listen_and_hear(ONE_POINT)
    until("another pull point", lambda: len(listener.done(ONE_POINT, "CreatePullPointSubscription")) >= 2, 30)
    assert listener.city.fired(ONE_POINT, "not_supported_500") > 0
    assert len(listener.city.points(ONE_POINT)) == 1
    assert listener.hearing(ONE_POINT) is not Hearing.LOST


def test_a_state_that_is_told_again_is_told_as_initial(listener: Listener) -> None:
    listener.city.happens(OPEN, "digital_input", state=True, source="door")
    listener.listen_and_hear(OPEN)
    until("the door", lambda: [event for event in listener.heard(OPEN) if event.source.startswith("door")])
    assert all(event.initial for event in listener.heard(OPEN))
    assert listener.asked(OPEN, "SetSynchronizationPoint")


# -- as other makers do it


def test_what_a_camera_wants_said_to_its_pull_point_is_said(listener: Listener) -> None:
    def change(asked: bytes, answer: bytes) -> tuple[int, bytes] | None:
        told = (
            b'</wsa:Address><wsa:ReferenceParameters><!-- x --><dom0:SubscriptionId xmlns:dom0="http://www.axis.com">'
        )
        told += b"17 &amp; more</dom0:SubscriptionId></wsa:ReferenceParameters>"
        return (200, answer.replace(b"</wsa:Address>", told)) if b"CreatePullPointSubscription" in asked else None

    with closing(GoBetween(listener.city.entry(PLAIN).onvif_url, change)) as between:
        listener.listening.listen([listener.city.entry(PLAIN, onvif_url=between.url)])
        (pull, *_) = until("a pull", lambda: between.about("PullMessages"))
        listener.listen()
        until("its end", lambda: not listener.city.points(PLAIN))
        for asked in (pull, *between.about("Unsubscribe")):
            assert b'IsReferenceParameter="true">17 &amp; more</dom0:SubscriptionId>' in asked
            assert asked.count(b"<a:To>") == 1


def test_a_pull_point_that_lives_on_with_each_pull_needs_no_renewal(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull_point, "LASTS_S", 6.0)

    def change(asked: bytes, answer: bytes) -> tuple[int, bytes] | None:
        later = (datetime.now(UTC) + timedelta(seconds=600)).isoformat().encode()
        longer = re.sub(rb"(TerminationTime>)[^<]*", rb"\g<1>" + later, answer)
        return (200, longer) if b"PullMessagesResponse" in answer else None

    with closing(GoBetween(listener.city.entry(ROUGH).onvif_url, change)) as between:
        listener.listening.listen([listener.city.entry(ROUGH, onvif_url=between.url)])
        until("three pulls", lambda: len(between.about("PullMessages")) >= 3, 30)
        assert between.about("Renew") == []
        listener.listen()
        until("nobody listens", lambda: listener.listening.state() == ())


# -- the end


def test_the_end_does_not_wait_for_cameras_that_are_silent(city: EventCity) -> None:
    listener = Listener(city)
    listener.listen_and_hear(ROUGH)
    city.begin(ROUGH, "silent")
    city.begin(OPEN, "silent")
    listener.listen(ROUGH, OPEN)
    until("somebody asks", lambda: listener.hearing(OPEN) is not None)
    began = time.monotonic()
    listener.listening.close()
    assert time.monotonic() - began < CLOSE_WITHIN_S + 0.3
    city.clear()


# -- many at once


def test_hundreds_of_silent_cameras_hold_no_thread(city: EventCity) -> None:
    listener = Listener(city)
    threads = threading.active_count()
    numbers = [PLAIN, DIGEST, SECURE, ONE_POINT, OPEN]
    listener.listen(*numbers)
    for number in numbers:
        until("a pull", lambda number=number: listener.asked(number, "PullMessages"), 30)
    assert threading.active_count() == threads
    for number in numbers:  # three talkers, five cameras that are all waited for
        listener.city.happens(number, state=True, source="all")
    until("all of them", lambda: {event.camera_no for event in listener.events if event.source == "all"} == {*numbers})
    listener.listening.close()
    assert [city.points(number) for number in numbers] == [[]] * 5
