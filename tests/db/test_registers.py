from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from db import quarantine
from db.cameras import CameraStore
from db.numbers import NumberStore
from db.quarantine import QuarantineStore
from domain.camera import Camera, SiteKind
from domain.event import Quarantined
from domain.place import Place

CAMERA = Camera(
    no=417,
    name="청라 Park",
    site="A-12",
    site_kind=SiteKind.PARK,
    district="cheongna",
    place=Place(37.53, 126.64, 3.0),
    bearing_deg=90.5,
    main_url="rtsp://10.0.0.7/main",
    sub_url="rtsp://10.0.0.7/sub",
    onvif_url="http://10.0.0.7/onvif",
    credentials="practice",
)


def test_cameras_are_replaced_by_number_and_others_stay(desk):
    store = CameraStore(desk.db)
    other = replace(CAMERA, no=12, bearing_deg=None, place=Place(37.4, 126.9))
    store.replace_many([CAMERA, other])
    moved = replace(CAMERA, place=Place(37.54, 126.65), onvif_url="")
    store.replace_many([moved])
    store.replace_many([])
    assert store.all() == (other, moved)
    assert store.find(417) == moved
    assert store.find(999) is None


def test_a_whole_citys_cameras_go_in_at_once(desk):
    store = CameraStore(desk.db)
    city = tuple(replace(CAMERA, no=no) for no in range(1, 5001))
    store.replace_many(city)
    assert store.all() == city


def test_numbers_come_from_headquarters_blocks_and_then_from_here(desk):
    store = NumberStore(desk.db, desk.workplace)
    assert store.take(2026) == "L-000000-1"
    store.refill(2026, 2001, 2)
    store.refill(2026, 123, 2)
    store.refill(2026, 123, 2)
    assert store.left(2026) == 4
    taken = [store.take(2026) for _ in range(5)]
    assert taken == [
        "2026-anyang-000123",
        "2026-anyang-000124",
        "2026-anyang-002001",
        "2026-anyang-002002",
        "L-000000-2",
    ]
    store.refill(2026, 123, 2)
    assert (store.left(2026), store.left(2027)) == (0, 0)
    assert store.take(2027) == "L-000000-3"


def test_no_number_is_given_twice(desk):
    store = NumberStore(desk.db, desk.workplace)
    store.refill(2026, 1, 1000)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: store.take(2026), range(100)))
    assert len(set(taken)) == 100


def test_quarantine_keeps_the_reason_and_the_beginning(desk, clock):
    store = QuarantineStore(desk.db)
    item = Quarantined(topic="watchroom/v1/x\0", body=b"\xff" * 100_000, reason="too large", received_at=clock.now())
    store.keep([item])
    (kept,) = store.recent()
    assert (kept.topic, kept.body, kept.reason) == ("watchroom/v1/x\ufffd", b"\xff" * quarantine.BODY_KEPT, "too large")


def test_quarantine_lets_go_of_the_oldest(desk, clock, monkeypatch):
    monkeypatch.setattr(quarantine, "ROWS_KEPT", 10)
    store = QuarantineStore(desk.db)
    for n in range(15):
        at = clock.now() + timedelta(seconds=n)
        store.keep([Quarantined(topic="t", body=b"", reason=str(n), received_at=at)])
    assert store.count() == 10
    assert [item.reason for item in store.recent(2)] == ["14", "13"]
