"""The link over a real broker: nothing acknowledged before it is safe, nothing lost, nothing stuck."""

import json
import socket
from uuid import UUID, uuid4

import pytest

from domain.errors import SettingsError, StorageError
from domain.event import EventKind
from domain.news import LinkName, Notice
from domain.reading import Quantity
from sensors.address import BrokerAddress

pytestmark = pytest.mark.system


def sos(head, **more):
    return {**head, "lat": 37.4, "lon": 126.9, **more}


def test_an_sos_reaches_the_sink_and_its_sender_hears_that_it_is_stored(console, field, at, wait, workstation):
    message = sos(at())
    topic = field.say("guardian/s1/sos", message)
    wait(lambda: field.answers(topic) == [message["id"]], "stored is answered")
    (event,) = console.sink.events
    assert (event.kind, event.source, str(event.id)) == (EventKind.SOS, "s1", message["id"])
    (_, answer) = field.heard[0]
    assert answer["by"] == str(workstation)


def test_what_was_not_committed_comes_again_to_the_next_console(broker, field, at, wait, workstation, consoles):
    first = consoles(broker.address, workstation).started()
    first.sink.hold = True
    message = sos(at())
    topic = field.say("guardian/s1/sos", message)
    wait(lambda: first.sink.reports, "the first console has it")
    assert field.answers(topic) == []
    first.link.close()

    second = consoles(broker.address, workstation).started()
    wait(lambda: second.sink.reports, "it comes again")
    assert [str(event.id) for event in second.sink.events] == [message["id"]]
    wait(lambda: field.answers(topic) == [message["id"]], "only now stored is answered")


def test_what_was_committed_does_not_come_again(broker, field, at, wait, workstation, consoles):
    first = consoles(broker.address, workstation).started()
    topic = field.say("guardian/s1/sos", sos(at()))
    wait(lambda: field.answers(topic), "stored")
    first.link.close()

    second = consoles(broker.address, workstation).started()
    later = sos(at())
    field.say("guardian/s1/sos", later)
    wait(lambda: second.sink.reports, "the next one")
    assert [str(event.id) for event in second.sink.events] == [later["id"]]


def test_a_commit_after_the_connection_was_lost_acknowledges_nothing_of_the_next_one(
    broker, field, at, wait, workstation, consoles
):
    console = consoles(broker.address, workstation).started()
    console.sink.hold = True
    field.say("guardian/s1/sos", sos(at()))
    wait(lambda: console.sink.held, "held back")
    field.close()
    broker.stop()
    wait(lambda: not console.up, "the loss is noticed")
    broker.start()
    wait(lambda: console.up and len(console.sink.reports) == 2, "redelivered")
    console.sink.held[0]()  # belongs to the connection that is gone
    console.link.close()

    third = consoles(broker.address, workstation).started()
    wait(lambda: third.sink.reports, "still unacknowledged, so it came a third time")


def test_a_repeat_passes_with_the_same_id_and_is_answered_again(console, field, at, wait):
    message = sos(at())
    for _ in range(3):
        topic = field.say("guardian/s1/sos", message)
    wait(lambda: len(field.answers(topic)) == 3, "answered three times")
    assert {str(event.id) for event in console.sink.events} == {message["id"]}


def test_a_message_that_does_not_parse_goes_to_quarantine_and_the_queue_goes_on(
    broker, field, at, wait, workstation, consoles
):
    console = consoles(broker.address, workstation).started()
    field.say("guardian/s1/fix", b"{not json")
    good = {**at(), "lat": 37.4, "lon": 126.9, "accuracy_m": 12}
    field.say("guardian/s1/fix", good)
    wait(lambda: console.sink.events, "the good one")
    assert str(console.sink.events[0].id) == good["id"]
    (bad,) = console.sink.quarantined
    assert bad.body == b"{not json"
    assert "malformed" in bad.reason
    console.link.close()

    second = consoles(broker.address, workstation).started()
    later = field.say("guardian/s1/arrive", at())
    wait(lambda: field.answers(later), "the next")
    assert second.sink.quarantined == []  # it was acknowledged


def test_an_sos_of_garbage_is_an_event_and_says_why_it_is_in_quarantine(console, field, wait):
    topic = field.say("guardian/s1/sos", b"\xff\x00help")
    wait(lambda: console.sink.reports, "taken")
    (report,) = console.sink.reports
    assert (report.event.kind, report.event.place) == (EventKind.SOS, None)
    assert report.event.raw.endswith("help")
    assert report.quarantine
    wait(lambda: field.answers(topic) == [str(report.event.id)], "answered")


def test_shown_is_answered_when_a_person_has_seen_it(console, field, at, wait):
    message = at()
    topic = field.say("bell/b7/press", message)
    wait(lambda: field.answers(topic), "stored")
    console.link.answer(console.sink.reports[0].answer_topic, UUID(str(message["id"])), "shown")
    wait(lambda: field.answers(topic, "shown") == [message["id"]], "shown")
    console.link.answer(topic, UUID(str(message["id"])), "shown")
    wait(lambda: len(field.answers(topic, "shown")) == 2, "the plain topic will do as well")


def test_a_session_state_is_published_and_not_taken_in_again(console, field, at, wait):
    console.link.publish_state("s1", "active")
    wait(lambda: field.heard, "heard")
    topic, body = field.heard[0]
    assert topic.endswith("guardian/s1/state")
    assert body["state"] == "active"
    assert "due" not in body
    field.say("guardian/s1/state", {"id": "x"})  # another console's
    field.say("guardian/s1/sos", sos(at()))
    wait(lambda: console.sink.reports, "the next message")
    assert len(console.sink.reports) == 1
    assert console.sink.quarantined == []


def test_a_retained_message_is_refused_and_none_is_fetched_on_connecting(
    broker, field, at, wait, workstation, consoles
):
    fix = {**at(), "lat": 37.4, "lon": 126.9, "accuracy_m": 12}
    field.say("guardian/s1/fix", fix, retain=True)
    console = consoles(broker.address, workstation).started()
    field.say("guardian/s2/fix", fix, retain=True)
    wait(lambda: console.sink.quarantined, "quarantined")
    assert [(item.topic.split("/")[4], item.reason) for item in console.sink.quarantined] == [("s2", "retained")]
    assert console.sink.reports == []


def test_a_retained_sos_is_still_an_event(console, field, at, wait):
    field.say("guardian/s1/sos", sos(at()), retain=True)
    wait(lambda: console.sink.reports, "taken")
    assert console.sink.reports[0].quarantine == "retained"


def test_a_message_too_large_goes_to_quarantine_cut_to_what_is_worth_keeping(console, field, at, wait):
    field.say("camera/12/detection", {**at(), "kind": "fall", "score": 0.9, "still": "x" * 256 * 1024})
    wait(lambda: console.sink.quarantined, "quarantined")
    (item,) = console.sink.quarantined
    assert item.reason.startswith("too large")
    assert len(item.body) == 64 * 1024


def test_a_retained_flood_of_readings_arrives_whole(console, field, at, wait):
    batch = [
        {**at(), "sensor": f"t{number}", "quantity": "temperature", "value": 21.5, "unit": "Cel"}
        for number in range(200)
    ]
    body = json.dumps(batch[:100]).encode()
    for _ in range(30):
        field.publish("station/st1/readings", body)
    for message in batch[100:]:
        single = {key: value for key, value in message.items() if key != "sensor"}
        field.publish(f"sensor/{message['sensor']}/reading", json.dumps(single).encode())
    wait(lambda: len(console.sink.readings) == 3100, "all readings")
    assert {reading.id for reading in console.sink.readings} == {message["id"] for message in batch}
    assert console.sink.readings[0].quantity is Quantity.TEMPERATURE
    assert console.sink.calls < 100  # they were gathered


def test_the_link_comes_back_after_a_broker_restart_and_takes_what_waited(console, broker, field, at, wait):
    field.close()
    broker.stop()
    wait(lambda: not console.up, "noticed")
    down = console.changes[-1]
    assert down.name is LinkName.BROKER
    assert down.detail.startswith("broker_")
    broker.start()
    wait(lambda: console.up, "back")
    assert console.sink.events == []  # the broker kept the session: no gap


def test_a_broker_that_lost_the_session_makes_a_gap_known(forgetful_broker, wait, workstation, consoles):
    console = consoles(forgetful_broker.address, workstation).started()
    forgetful_broker.stop(kill=True)
    wait(lambda: not console.up, "noticed")
    forgetful_broker.start()
    wait(lambda: console.sink.reports, "a gap is reported")
    (event,) = console.sink.events
    assert (event.kind, event.source) == (EventKind.DATA_GAP, "broker")
    assert event.details["since"]


def test_a_workstation_that_was_connected_before_notices_a_gap_at_once(broker, wait, workstation, consoles):
    console = consoles(broker.address, workstation, had_session=True).started()
    wait(lambda: [event.kind for event in console.sink.events] == [EventKind.DATA_GAP], "a gap")


def test_no_broker_is_said_once_with_its_reason(broker, wait, workstation, consoles):
    broker.stop()
    console = consoles(broker.address, workstation)
    console.link.start()
    wait(lambda: console.changes, "said")
    assert [(change.up, change.detail) for change in console.changes] == [(False, "broker_refused")]
    broker.start()
    wait(lambda: console.up, "comes up by itself")
    assert [change.up for change in console.changes].count(True) == 1


def test_while_the_store_is_in_trouble_nothing_is_acknowledged_and_then_all_is(console, field, at, wait):
    console.sink.trouble = lambda _: StorageError("disk full") if console.sink.troubles < 1 else None
    message = sos(at())
    topic = field.say("guardian/s1/sos", message)
    wait(lambda: field.answers(topic) == [message["id"]], "stored at the second try")
    assert console.sink.troubles == 1
    (notice,) = [news for news in console.news if isinstance(news, Notice)]
    assert notice.text.code == "field_not_stored"
    assert notice.severe


def test_a_report_that_can_not_be_stored_goes_to_quarantine_and_the_others_are_stored(console, field, at, wait):
    console.sink.trouble = lambda reports: (
        ValueError("poison") if any(report.event.source == "bad" for report in reports) else None
    )
    field.say("guardian/bad/arrive", at())
    topic = field.say("guardian/good/arrive", at())
    wait(lambda: field.answers(topic), "the good one is stored")
    wait(lambda: console.sink.quarantined, "the bad one is kept")
    assert [item.reason for item in console.sink.quarantined] == ["could not be stored: ValueError"]


def test_an_sos_that_can_not_be_stored_is_never_acknowledged(broker, field, at, wait, workstation, consoles):
    first = consoles(broker.address, workstation).started()
    first.sink.trouble = lambda _: ValueError("poison")
    message = sos(at())
    topic = field.say("guardian/s1/sos", message)
    wait(lambda: first.sink.quarantined, "kept aside")
    assert field.answers(topic) == []
    first.link.close()
    second = consoles(broker.address, workstation).started()
    wait(lambda: field.answers(topic) == [message["id"]], "the next console stores it")
    assert len(second.sink.reports) == 1


def test_a_sink_that_says_committed_twice_counts_once(console, field, at, wait):
    console.sink.hold = True
    topic = field.say("guardian/s1/arrive", at())
    wait(lambda: console.sink.held, "held")
    (committed,) = console.sink.held
    committed()
    committed()
    console.sink.hold = False
    other = field.say("guardian/s2/arrive", at())
    wait(lambda: field.answers(other), "the next")
    assert len(field.answers(topic)) == 1


def test_sources_can_be_refused_but_never_a_call_for_help(broker, field, at, wait, workstation, consoles):
    console = consoles(broker.address, workstation, known_source=lambda _family, source: source != "stranger").started()
    field.say("guardian/stranger/arrive", at())
    field.say("guardian/stranger/sos", sos(at()))
    wait(lambda: console.sink.quarantined and console.sink.reports, "both")
    assert console.sink.quarantined[0].reason == "unknown source"
    assert console.sink.reports[0].quarantine == "unknown source"


def test_an_sos_passes_while_readings_wait_for_their_commit(console, field, at, wait):
    console.sink.hold = True
    field.say("sensor/t1/reading", {**at(), "quantity": "temperature", "value": 1, "unit": "Cel"})
    wait(lambda: console.sink.held, "the reading waits")
    console.sink.hold = False
    topic = field.say("guardian/s1/sos", sos(at()))
    wait(lambda: field.answers(topic), "the call passes")


def test_over_tls_the_console_is_let_in_by_its_certificate(closed_broker, certificates, wait, workstation, consoles):
    url = f"mqtts://localhost:{closed_broker.port}"
    (cert, key) = certificates.console
    consoles(BrokerAddress(url, certificates.ca, cert, key), workstation).started()
    stranger = consoles(BrokerAddress(url, certificates.ca), uuid4())
    stranger.link.start()
    wait(lambda: stranger.changes, "refused")
    assert not stranger.up


def test_a_broker_of_another_authority_is_not_trusted(closed_broker, tmp_path, certificates, wait, consoles):
    (tmp_path / "other").mkdir()
    other = type(certificates)(tmp_path / "other")
    console = consoles(BrokerAddress(f"mqtts://localhost:{closed_broker.port}", other.ca), uuid4())
    console.link.start()
    wait(lambda: console.changes, "said")
    assert [(change.up, change.detail) for change in console.changes] == [(False, "broker_certificate")]


def test_a_broker_that_refuses_is_said_to_refuse(strict_broker, wait, workstation, consoles):
    console = consoles(strict_broker.address, workstation)
    console.link.start()
    wait(lambda: console.changes, "said")
    assert console.changes[-1].detail == "broker_not_authorised"


def test_a_console_that_may_not_listen_is_not_up(wait, workstation, consoles):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        console = consoles(BrokerAddress(f"mqtt://127.0.0.1:{deaf.getsockname()[1]}"), workstation)
        console.link.start()
        conversation, _ = deaf.accept()
        with conversation:
            conversation.recv(4096)
            conversation.sendall(b"\x20\x03\x00\x00\x00")  # CONNACK: come in
            asked = conversation.recv(4096)
            packet = asked[2:4] if asked[1] < 128 else asked[3:5]
            conversation.sendall(b"\x90\x04" + packet + b"\x00\x87")  # SUBACK: not authorised
            wait(lambda: console.changes, "said")
        assert [(change.up, change.detail) for change in console.changes] == [(False, "broker_not_authorised")]


def test_a_broker_that_says_nothing_is_given_up_and_tried_again(wait, workstation, consoles):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        console = consoles(BrokerAddress(f"mqtt://127.0.0.1:{silent.getsockname()[1]}"), workstation)
        console.link.start()
        wait(lambda: console.changes, "given up")
        assert console.changes[-1].detail == "broker_no_answer"


def test_a_broker_that_talks_nonsense_does_not_end_the_link(broker, wait, workstation, consoles):
    with socket.create_server(("127.0.0.1", 0)) as odd:
        console = consoles(BrokerAddress(f"mqtt://127.0.0.1:{odd.getsockname()[1]}"), workstation)
        console.link.start()
        for _ in range(4):  # two clients, twice
            conversation, _ = odd.accept()
            with conversation:
                conversation.sendall(b"\x20\x03\x00\x00\xff" + b"\x30\x02\x00")
        wait(lambda: console.changes, "said")
        assert not console.up


def test_a_link_that_was_never_started_closes(broker, consoles):
    consoles(broker.address, uuid4())


@pytest.mark.parametrize(
    "url",
    ["http://h:1", "mqtt://", "mqtt://h:99999", "mqtt://user:secret@h:1883"],
    ids=["scheme", "host", "port", "user"],
)
def test_an_unusable_address_is_refused_without_showing_a_secret(url):
    with pytest.raises(SettingsError, match=r"^mqtt\.url") as refusal:
        BrokerAddress(url)
    assert "secret" not in str(refusal.value)


def test_ports_of_the_two_schemes_are_the_usual_ones():
    assert (BrokerAddress("mqtt://h").port, BrokerAddress("mqtts://h").port) == (1883, 8883)


def test_a_missing_certificate_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"mqtt\.ca"):
        BrokerAddress("mqtts://h", ca=tmp_path / "none.pem").tls()
    with pytest.raises(SettingsError, match=r"mqtt\.key"):
        BrokerAddress("mqtts://h", cert=tmp_path / "c.pem")
    with pytest.raises(SettingsError, match=r"mqtt\.cert"):
        BrokerAddress("mqtts://h", cert=tmp_path / "c.pem", key=tmp_path / "k.pem").tls()
