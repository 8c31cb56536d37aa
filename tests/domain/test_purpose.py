from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.alarm import Desk, Priority
from domain.camera import Camera, SiteKind
from domain.incident import Disposition, Incident, Status
from domain.place import Place
from domain.purpose import (
    HOMEWARD,
    LASTS,
    Away,
    Purpose,
    Reason,
    incident_served,
    needs_purpose,
    of_alarm,
    of_incident,
    of_tour,
)
from domain.record import Mode

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HERE = Place(37.39, 126.95)
NEAR = Place(37.393, 126.95)  # 334 m
FAR = Place(37.40, 126.95)  # 1.1 km
CAMERA = Camera(no=12, name="골목 7", site="만안", site_kind=SiteKind.CRIME_PREVENTION, district="만안", place=HERE)


def incident(n=1, **changes):
    made = Incident(
        id=UUID(int=n),
        origin=uuid4(),
        centre="anyang",
        district="",
        mode=Mode.TEST,
        number=f"2026-anyang-{n:06}",
        kind="sos",
        opened_at=NOON + timedelta(minutes=n),
        priority=Priority.CRITICAL,
        desk=Desk.CRIME,
        place=NEAR,
        owner="haneul",
        status=Status.IN_PROGRESS,
    )
    return replace(made, **changes)


@pytest.mark.parametrize("kind", SiteKind)
def test_only_crime_prevention_asks_what_for(kind):
    assert needs_purpose(replace(CAMERA, site_kind=kind)) == (kind is SiteKind.CRIME_PREVENTION)


def test_there_is_one_key_for_each_purpose():
    assert len(Purpose) == 9


def test_the_register_gets_codes_and_references():
    assert Reason(Purpose.REPORT).written == "report_112"
    assert of_incident(incident(3)).written == f"incident/{UUID(int=3)}"
    assert of_alarm(UUID(int=4)).written == f"alarm/{UUID(int=4)}"
    assert of_tour("night").written == "tour/night"
    assert HOMEWARD.written == "home"


def test_an_open_incident_of_mine_nearby_is_what_it_is_for():
    mine = incident()
    assert incident_served(CAMERA, [mine], None, "haneul") == mine
    assert incident_served(CAMERA, [mine], None, "garam") is None
    assert incident_served(CAMERA, [], None, "haneul") is None


def test_the_incident_on_the_screen_goes_before_a_newer_one():
    shown, newer = incident(1, owner=""), incident(2)
    assert incident_served(CAMERA, [shown, newer], shown.id, "haneul") == shown
    assert incident_served(CAMERA, [incident(1), newer], None, "haneul") == newer


def test_an_incident_far_away_gives_no_purpose_even_on_the_screen():
    far = incident(place=FAR)
    assert incident_served(CAMERA, [far], far.id, "haneul") is None


def test_an_incident_of_unknown_place_counts_only_on_the_screen():
    unknown = incident(place=None)
    assert incident_served(CAMERA, [unknown], unknown.id, "haneul") == unknown
    assert incident_served(CAMERA, [unknown], None, "haneul") is None


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_what_is_not_handled_any_more_gives_no_purpose(status):
    done = incident(status=status, disposition=Disposition.FOUNDED)
    assert incident_served(CAMERA, [done], done.id, "haneul") is None


def test_a_purpose_lasts_for_this_person_and_a_while():
    away = Away("haneul", Reason(Purpose.PATROL), NOON)
    assert away.stands("haneul", NOON + LASTS, ())
    assert not away.stands("haneul", NOON + LASTS + timedelta(seconds=1), ())
    assert not away.stands("haneul", NOON - timedelta(seconds=1), ())  # the clock was set back
    assert not away.stands("garam", NOON, ())


def test_an_incidents_purpose_ends_with_the_incident():
    case = incident()
    away = Away("haneul", of_incident(case), NOON)
    assert away.stands("haneul", NOON, (case,))
    assert not away.stands("haneul", NOON, (replace(case, status=Status.RESOLVED),))
    assert not away.stands("haneul", NOON, ())
