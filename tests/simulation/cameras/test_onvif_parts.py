"""Tours, wiper and light, imaging, events, stills, another identity and HTTPS, over real sockets."""

import contextlib
import hashlib
import json
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import cv2
import numpy as np
import psutil
import pytest
from zeep.exceptions import Fault

pytestmark = pytest.mark.system

FULL, SHORT, SECURE = 1, 2, 3
Eventually = Callable[..., Any]


@pytest.fixture(scope="module")
def played() -> list[dict[str, Any]]:
    kinds: dict[int, Any] = {
        FULL: "full",
        SHORT: {"events": True, "most_subscriptions": 1, "longest_subscription_s": 5, "sign_in": "open"},
        SECURE: {"https_only": True, "own_port": True, "snapshot": True},
    }
    return [{"no": no, "name": f"자리 {no}", "kind": "ptz", "onvif": kind} for no, kind in kinds.items()]


def test_a_tour_runs_by_itself_and_ends_when_somebody_moves(cameras, onvif, eventually: Eventually) -> None:
    ptz = onvif(FULL).service("ptz")
    token = ptz.CreatePresetTour(ProfileToken="main")
    options = ptz.GetPresetTourOptions(ProfileToken="main", PresetTourToken=token)
    assert options.TourSpot.PresetDetail is not None
    spots = [{"PresetDetail": {"PresetToken": "2"}, "StayTime": "PT0.2S"}, {"PresetDetail": {"Home": True}}]
    tour = {
        "token": token,
        "Name": "밤 순찰",
        "Status": {"State": "Idle"},
        "AutoStart": False,
        "StartingCondition": {"RecurringTime": 0},
        "TourSpot": spots,
    }
    ptz.ModifyPresetTour(ProfileToken="main", PresetTour=tour)
    ptz.OperatePresetTour(ProfileToken="main", PresetTourToken=token, Operation="Start")
    (listed,) = ptz.GetPresetTours(ProfileToken="main")
    assert (listed.Name, listed.Status.State, len(listed.TourSpot)) == ("밤 순찰", "Touring", 2)
    eventually(lambda: cameras.state(FULL)["position"]["pan"] == -60)
    eventually(lambda: cameras.get(f"/onvif/{FULL}/state")["tours"][0]["spot"] == 1)
    ptz.Stop(ProfileToken="main", PanTilt=True, Zoom=True)
    assert cameras.get(f"/onvif/{FULL}/state")["tours"] == [{"token": token, "state": "Idle", "spot": None}]
    ptz.RemovePresetTour(ProfileToken="main", PresetTourToken=token)
    assert not ptz.GetPresetTours(ProfileToken="main")


def test_wiper_and_light_are_switched_and_others_refused(cameras, onvif) -> None:
    ptz = onvif(FULL).service("ptz")
    assert ptz.SendAuxiliaryCommand(ProfileToken="main", AuxiliaryData="tt:Wiper|On") == "tt:Wiper|On"
    assert cameras.get(f"/onvif/{FULL}/state")["auxiliary"]["tt:Wiper"] == "On"
    with pytest.raises(Fault, match="no command"):
        ptz.SendAuxiliaryCommand(ProfileToken="main", AuxiliaryData="tt:Coffee|On")


def test_focus_and_iris_do_what_is_asked(cameras, onvif, eventually: Eventually) -> None:
    imaging = onvif(FULL).service("imaging")
    options = imaging.GetOptions(VideoSourceToken="source_1")
    assert (options.Exposure.Iris.Min, options.Focus.AutoFocusModes) == (-22, ["AUTO", "MANUAL"])
    settings = {"Focus": {"AutoFocusMode": "MANUAL"}, "Exposure": {"Mode": "MANUAL", "Iris": -6}}
    imaging.SetImagingSettings(VideoSourceToken="source_1", ImagingSettings=settings)
    told = imaging.GetImagingSettings(VideoSourceToken="source_1")
    assert (told.Exposure.Iris, told.Focus.AutoFocusMode) == (-6, "MANUAL")
    with pytest.raises(Fault, match="outside"):
        imaging.SetImagingSettings(
            VideoSourceToken="source_1", ImagingSettings={"Exposure": {"Mode": "AUTO", "Iris": 9}}
        )
    assert imaging.GetMoveOptions(VideoSourceToken="source_1").Continuous.Speed.Max == 1
    imaging.Move(VideoSourceToken="source_1", Focus={"Continuous": {"Speed": -0.5}})
    assert imaging.GetStatus(VideoSourceToken="source_1").FocusStatus20.MoveStatus == "MOVING"
    imaging.Stop(VideoSourceToken="source_1")
    status = imaging.GetStatus(VideoSourceToken="source_1").FocusStatus20
    assert (status.MoveStatus, status.Position < 0.6) == ("IDLE", True)
    imaging.Move(VideoSourceToken="source_1", Focus={"Relative": {"Distance": 0.1}})
    eventually(lambda: imaging.GetStatus(VideoSourceToken="source_1").FocusStatus20.MoveStatus == "IDLE")
    assert cameras.get(f"/onvif/{FULL}/state")["heads"][0]["focus"] == pytest.approx(status.Position + 0.1, abs=0.001)


def test_events_are_pulled_as_they_happen(cameras, onvif) -> None:
    device = onvif(FULL)
    assert device.service("events").GetEventProperties().FixedTopicSet
    made = device.service("events").CreatePullPointSubscription(InitialTerminationTime="PT60S")
    at = made.SubscriptionReference.Address._value_1
    pull, manager = device.service("pull", at), device.service("subscription", at)
    with ThreadPoolExecutor(1) as pool:
        asked = time.monotonic()
        waiting = pool.submit(lambda: pull.PullMessages(Timeout="PT8S", MessageLimit=10))
        while not any(row["operation"] == "PullMessages" for row in cameras.get(f"/onvif/{FULL}/journal")):
            pass
        _, said = cameras.post(f"/onvif/{FULL}/event", {"topic": "motion"})
        assert said["subscriptions"] == 1
        (message,) = waiting.result().NotificationMessage
    assert time.monotonic() - asked < 6
    assert message.Message._value_1.find(".//{*}Data/{*}SimpleItem").get("Name") == "State"
    for topic in ("cell_motion", "digital_input"):
        cameras.post(f"/onvif/{FULL}/event", {"topic": topic, "state": False})
    ask = "<PullMessages xmlns='http://www.onvif.org/ver10/events/wsdl'><Timeout>PT1S</Timeout>"
    ask += "<MessageLimit>5</MessageLimit></PullMessages>"
    said = device.post(ask, at.rpartition("/")[2]).content.decode()  # zeep loses the text of mixed elements
    assert "tns1:RuleEngine/CellMotionDetector/Motion" in said
    assert "tns1:Device/Trigger/DigitalInput" in said
    assert not pull.PullMessages(Timeout="PT0.1S", MessageLimit=10).NotificationMessage
    pull.SetSynchronizationPoint()
    assert len(pull.PullMessages(Timeout="PT1S", MessageLimit=10).NotificationMessage) == 3
    renewed = manager.Renew(TerminationTime="PT30S")
    assert timedelta() < renewed.TerminationTime - datetime.now(UTC) < timedelta(seconds=31)
    manager.Unsubscribe()
    with pytest.raises(Fault, match="no such pull point"):
        pull.PullMessages(Timeout="PT1S", MessageLimit=1)
    assert cameras.post(f"/onvif/{FULL}/event", {"topic": "weather"})[0] == 400


def test_pull_points_are_few_and_end_unless_they_are_renewed(cameras, onvif, eventually: Eventually) -> None:
    events = onvif(SHORT).service("events")
    with pytest.raises(Fault, match="not acceptable"):
        events.CreatePullPointSubscription(InitialTerminationTime="PT60S")
    events.CreatePullPointSubscription(InitialTerminationTime="PT1S")
    with pytest.raises(Fault, match="no more"):
        events.CreatePullPointSubscription(InitialTerminationTime="PT1S")
    eventually(lambda: not cameras.get(f"/onvif/{SHORT}/state")["subscriptions"])
    events.CreatePullPointSubscription(InitialTerminationTime="PT1S")


def test_a_device_can_become_another(cameras, onvif) -> None:
    device = onvif(FULL).service("device")
    was = device.GetDeviceInformation().SerialNumber
    assert cameras.post(f"/onvif/{FULL}/device", {"serial": "OTHER-9", "model": "Dome"})[0] == 200
    told = device.GetDeviceInformation()
    assert (told.SerialNumber, told.Model) == ("OTHER-9", "Dome")
    assert cameras.post(f"/onvif/{FULL}/device", {"colour": "red"})[0] == 400
    cameras.post(f"/onvif/{FULL}/device", {"serial": was, "model": "PTZ 8x"})


def fingerprint(port: int) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 5) as plain, context.wrap_socket(plain) as secure:
        return hashlib.sha256(secure.getpeercert(binary_form=True)).hexdigest()


def test_https_shows_a_certificate_that_can_be_exchanged(cameras) -> None:
    row = cameras.camera(SECURE)
    port = urlsplit(row["onvif_https_url"]).port
    assert row["onvif_url"] == row["onvif_https_url"]
    assert fingerprint(port) == row["fingerprint"]
    _, said = cameras.post(f"/onvif/{SECURE}/certificate", {})
    assert fingerprint(port) == said["fingerprint"] != row["fingerprint"]
    assert cameras.post(f"/onvif/{FULL}/certificate", {})[0] == 400
    with contextlib.closing(socket.create_connection(("127.0.0.1", cameras.ready["onvif_port"]), 5)) as shared:
        shared.sendall(f"POST /onvif/{SECURE}/device_service HTTP/1.1\r\nContent-Length: 0\r\n\r\n".encode())
        assert b" 404 " in shared.recv(2000)


def test_a_still_shows_what_the_head_sees(cameras, onvif, digest_get) -> None:
    device = onvif(FULL)
    uri = device.service("media").GetSnapshotUri(ProfileToken="main").Uri
    assert digest_get(uri, password=None)[0] == 401
    status, content = digest_get(uri)
    assert status == 200
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (360, 640, 3)
    assert picture.std() > 10


def test_many_idle_cameras_cost_no_threads(begin_process) -> None:
    rows = [{"no": no, "name": f"자리 {no}", "kind": "ptz", "onvif": "full"} for no in range(1, 736)]
    process = begin_process({"cameras": rows, "credentials": {"user": "a", "password": "b"}})
    ready = json.loads(process.stdout.readline())
    assert len(ready["cameras"]) == 735
    running = psutil.Process(process.pid)
    assert running.num_threads() < 20
    assert running.memory_info().rss < 300 << 20
    process.stdin.close()
    assert process.wait(10) == 0
