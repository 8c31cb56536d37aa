from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from db import quarantine
from db.cameras import CameraStore
from db.numbers import NumberStore
from db.quarantine import QuarantineStore
from db.writer import Urgency
from domain.errors import BadInputError, StorageError
from domain.event import Quarantined
from domain.place import Place
from tests.db.register import CAMERA


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


def test_masks_are_changed_by_themselves_and_outlive_a_list_that_knows_none(desk):
    store = CameraStore(desk.db)
    store.replace_many([CAMERA, replace(CAMERA, no=12, masks=())])
    masks = (*CAMERA.masks, ((1.0, 1.0), (0.5, 1.0), (1.0, 0.5), (0.75, 0.75)))
    masked = store.set_masks(417, masks)
    assert masked == replace(CAMERA, masks=masks)
    assert store.all() == (replace(CAMERA, no=12, masks=()), masked)
    store.replace_many([replace(CAMERA, name="new", masks=())])
    assert store.find(417) == replace(masked, name="new")
    assert store.set_masks(417, ()) == replace(CAMERA, name="new", masks=())


def test_masks_of_no_camera_and_masks_that_are_none_are_refused(desk):
    store = CameraStore(desk.db)
    store.replace_many([CAMERA])
    with pytest.raises(BadInputError, match="no camera has the number 1"):
        store.set_masks(1, CAMERA.masks)
    with pytest.raises(BadInputError, match="outside the picture"):
        store.set_masks(417, [((0, 0), (1, 0), (0, 7))])
    assert store.all() == (CAMERA,)


@pytest.mark.parametrize("masks", ["[[[0, 0]]]", '"x"', "[7]", '{"a": 1}', "[[[0, 0], [0, 0], 7]]"])
def test_a_camera_whose_masks_can_not_be_read_is_not_given_out_without_them(desk, masks):
    store = CameraStore(desk.db)
    store.replace_many([CAMERA])
    spoil = text("UPDATE camera SET masks = :masks").bindparams(masks=masks)
    desk.db.writer.do(Urgency.FIELD, lambda session: session.execute(spoil))
    with pytest.raises(StorageError, match="masks of camera 417"):
        store.find(417)


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
