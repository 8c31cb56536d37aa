import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from db.camera_aims import CameraAimStore
from db.database import Database
from db.writer import Urgency
from domain.aiming import Aim
from domain.errors import StorageError
from domain.geometry import Spot
from domain.landmark import Landmark
from domain.lens import Lens
from domain.motion import Position
from domain.place import Place

POLE = Spot(Place(37.3943, 126.9568), 8.25)
AIM = Aim(
    spot=POLE,
    pan_zero_deg=215.5,
    tilt_zero_deg=-10.25,
    pan_deg=-180.0,
    tilt_deg=90.0,
    lens=Lens(58.3, 18.7),
    pixels_across=2560,
)
MARKS = (
    Landmark("학교 정문", Position(0.1, -0.2, 0.0), Spot(Place(37.395, 126.957), 0.0)),
    Landmark("mast", Position(-0.5, 0.1, 0.75), Spot(Place(37.393, 126.956), 31.5), 0.25, 0.8125),
)


@pytest.fixture
def aims(desk) -> CameraAimStore:
    return CameraAimStore(desk.db)


def test_a_calibration_outlives_the_program_with_its_landmarks(aims, desk, clock):
    kept = aims.save(417, AIM, MARKS, "haneul")
    assert (kept.aim, kept.landmarks, kept.changed_by, kept.changed_at) == (AIM, MARKS, "haneul", clock.now())
    again = Database.open(desk.path, clock)
    try:
        assert CameraAimStore(again).find(417) == kept
    finally:
        again.close()


def test_a_camera_has_one_calibration_and_the_newest_counts(aims):
    aims.save(417, AIM, MARKS, "haneul")
    newer = aims.save(417, replace(AIM, pan_zero_deg=10.0), MARKS[:1], "kim")
    assert aims.find(417) == newer
    assert aims.all() == (newer,)


def test_all_calibrations_come_by_number(aims):
    for number in (30, 4, 17):
        aims.save(number, AIM, (), "kim")
    assert [one.camera_no for one in aims.all()] == [4, 17, 30]


def test_a_calibration_can_be_forgotten(aims):
    aims.save(417, AIM, MARKS, "haneul")
    assert aims.delete(417)
    assert not aims.delete(417)
    assert aims.find(417) is None


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("aim", "{}"),
        ("aim", "[]"),
        ("aim.pan_deg", 0.0),
        ("aim.tilt_deg", "90"),
        ("aim.spot", None),
        ("aim.spot.place.lat", 400.0),
        ("aim.lens.aspect", True),
        ("landmarks", "{}"),
    ],
)
def test_one_that_cannot_be_read_is_said_and_does_not_keep_the_others_away(aims, desk, part, value):
    aims.save(4, AIM, MARKS, "kim")
    aims.save(5, AIM, MARKS, "kim")
    column, _, path = part.partition(".")
    if path:
        statement = f"UPDATE camera_aim SET {column} = json_set({column}, '$.{path}', json(:value)) WHERE camera = 4"
        given = json.dumps(value)
    else:
        statement, given = f"UPDATE camera_aim SET {column} = :value WHERE camera = 4", value
    desk.db.writer.do(Urgency.FIELD, lambda session: session.execute(text(statement), {"value": given}))
    with pytest.raises(StorageError, match="calibration of camera 4 can't be read"):
        aims.find(4)
    assert [one.camera_no for one in aims.all()] == [5]
