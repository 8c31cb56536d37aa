"""The map in the real web engine, on the offscreen platform."""

import os
import re
import signal
from collections.abc import Callable
from dataclasses import replace
from math import cos, radians, sin
from uuid import UUID

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from console.resources import RESOURCES
from domain.aiming import Cone
from domain.alarm import Priority
from domain.camera import Camera, SiteKind
from domain.geometry import Spot, moved
from domain.picture import Face
from domain.place import Place
from widgets.incident_map import IncidentMap, MapIncident, MapTrack
from widgets.map_document import MapDocument, make_document, map_colours
from widgets.theme import NIGHT

ANYANG = (37.395, 126.93)
INCIDENT = MapIncident(UUID(int=9), Place(37.40, 126.93), Priority.CRITICAL, "<img src=x onerror=alert(1)> ${1}")


def camera(number: int) -> Camera:
    return Camera(
        no=number,
        name=f"비산동 골목 {number}",
        site=f"site-{number}",
        site_kind=SiteKind.CRIME_PREVENTION,
        district="동안구",
        place=Place(37.37 + number % 40 / 1000, 126.90 + number // 40 / 500),
        bearing_deg=90.0,
        main_url="rtsp://127.0.0.1/1",
    )


@pytest.fixture(scope="module")
def document() -> MapDocument:
    return make_document(RESOURCES / "map" / "anyang.geojson.gz", map_colours(NIGHT), ANYANG, 12)


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[MapDocument], IncidentMap]:
    def show(document: MapDocument) -> IncidentMap:
        view = IncidentMap(RESOURCES / "map")
        qtbot.addWidget(view)
        view.resize(800, 600)
        view.show()
        view.show_document(document)
        return view

    return show


def script_says(qtbot: QtBot, view: IncidentMap, script: str) -> object:
    said: list[object] = []
    assert view._page is not None
    view._page.runJavaScript(script, 0, said.append)
    qtbot.waitUntil(lambda: bool(said), timeout=5000)
    return said[0]


def click_at(qtbot: QtBot, view: IncidentMap, place: Place) -> None:
    where = f"m.latLngToContainerPoint([{place.lat},{place.lon}])"
    script_says(qtbot, view, f"(()=>{{const m=watchroomMap();m.fire('click',{{containerPoint:{where}}});return 1}})()")


def test_the_document_names_no_address_outside_and_holds_no_script_of_its_own(document: MapDocument) -> None:
    assert re.findall(r"""(?:src|href)=["']?(?!watchroom-map:)[a-z]+:""", document.html) == []
    assert "<script>" not in document.html
    assert re.search("https?://", document.html) is None


def test_a_whole_register_is_drawn_without_a_request_outside(
    qtbot: QtBot, document: MapDocument, shown: Callable[[MapDocument], IncidentMap]
) -> None:
    view = shown(document)
    view.show_cameras([camera(number) for number in range(1, 802)], {3: Face.LOST})
    view.show_incidents([INCIDENT])
    view.show_tracks([MapTrack("walker", Place(37.39, 126.92), None, "")])
    qtbot.waitUntil(lambda: view.markers == 803, timeout=10000)
    assert view.refused == ()


def test_a_click_names_the_camera_or_the_incident_under_it(
    qtbot: QtBot, document: MapDocument, shown: Callable[[MapDocument], IncidentMap]
) -> None:
    view = shown(document)
    view.show_cameras([camera(12)], {})
    view.show_incidents([INCIDENT])
    qtbot.waitUntil(lambda: view.markers == 2, timeout=10000)
    with qtbot.waitSignal(view.camera_chosen, timeout=5000) as camera_chosen:
        click_at(qtbot, view, camera(12).place)
    with qtbot.waitSignal(view.incident_chosen, timeout=5000) as incident_chosen:
        click_at(qtbot, view, INCIDENT.place)
    assert camera_chosen.args == [12]
    assert incident_chosen.args == [INCIDENT.id]


def test_of_several_incidents_at_one_place_a_click_takes_the_most_urgent(
    qtbot: QtBot, document: MapDocument, shown: Callable[[MapDocument], IncidentMap]
) -> None:
    view = shown(document)
    place = INCIDENT.place
    low = [MapIncident(UUID(int=20 + number), place, Priority.LOW, "device") for number in range(3)]
    view.show_incidents([*low, INCIDENT])
    qtbot.waitUntil(lambda: view.markers == 4, timeout=10000)
    with qtbot.waitSignal(view.incident_chosen, timeout=5000) as chosen:
        click_at(qtbot, view, place)
    assert chosen.args == [INCIDENT.id]


def test_the_map_looks_at_what_is_critical_until_somebody_asks_for_a_place(
    qtbot: QtBot, document: MapDocument, shown: Callable[[MapDocument], IncidentMap]
) -> None:
    view = shown(document)
    view.look_at_all([camera(number).place for number in range(1, 802)])
    view.show_incidents([INCIDENT])
    qtbot.waitUntil(lambda: view.markers == 1, timeout=10000)

    def centre() -> str:
        return str(script_says(qtbot, view, "(()=>{const c=watchroomMap().getCenter();return c.lat.toFixed(2)})()"))

    qtbot.waitUntil(lambda: centre() == "37.40", timeout=5000)
    view.look_at(Place(37.30, 126.93))
    view.show_incidents([INCIDENT])
    qtbot.waitUntil(lambda: centre() == "37.30", timeout=5000)


@pytest.mark.qt_log_ignore("violates the following Content Security Policy")
def test_the_policy_blocks_script_in_the_page_and_everything_outside(
    qtbot: QtBot, document: MapDocument, shown: Callable[[MapDocument], IncidentMap]
) -> None:
    evil = '<script>window.evil=1</script><img src="http://127.0.0.1:9/x.png" onerror="window.evil=2"></body>'
    view = shown(replace(document, html=document.html.replace("</body>", evil, 1)))
    view.show_cameras([camera(1)], {})
    qtbot.waitUntil(lambda: view.markers == 1, timeout=10000)
    assert script_says(qtbot, view, "typeof window.evil") == "undefined"


def test_the_map_is_started_again_when_its_renderer_dies(
    qtbot: QtBot, document: MapDocument, shown: Callable[[MapDocument], IncidentMap]
) -> None:
    view = shown(document)
    view.show_cameras([camera(1), camera(2)], {})
    qtbot.waitUntil(lambda: view.markers == 2, timeout=10000)
    view._note_drawn(0)
    assert view._page is not None
    with qtbot.waitSignal(view._page.renderProcessTerminated, timeout=10000):
        os.kill(view._page.renderProcessPid(), signal.SIGKILL)
    qtbot.waitUntil(lambda: view.markers == 2, timeout=15000)


def fire(qtbot: QtBot, view: IncidentMap, event: str, place: Place) -> None:
    """Have the map hear of the mouse at a place, as the browser tells it."""
    at = f"m.latLngToContainerPoint([{place.lat},{place.lon}])"
    given = f"{{containerPoint:{at},latlng:L.latLng({place.lat},{place.lon})}}"
    script_says(qtbot, view, f"(()=>{{const m=watchroomMap();m.fire('{event}',{given});return 1}})()")


@pytest.mark.qt_log_ignore("Multiple readback operations")
def test_a_cone_shows_where_its_camera_looks_as_far_as_it_sees(
    qtbot: QtBot, document: MapDocument, shown: Callable[[MapDocument], IncidentMap]
) -> None:
    view = shown(document)
    here = replace(camera(12), onvif_url="http://127.0.0.1:9/onvif")
    view.show_cameras([here], {})
    view.look_at(here.place, 17.0)
    qtbot.waitUntil(lambda: view.markers == 1, timeout=10000)

    def opaque(bearing_deg: float, metres: float) -> bool:
        """Whether the live layer has ink so far from the camera in a direction."""
        spot = moved(Spot(here.place), metres * sin(radians(bearing_deg)), metres * cos(radians(bearing_deg)), 0.0)
        script = (
            f"(()=>{{const p=watchroomMap().latLngToContainerPoint([{spot.place.lat},{spot.place.lon}]);"
            "const c=document.querySelector('canvas.live'),r=window.devicePixelRatio;"
            "return c.getContext('2d').getImageData(Math.round(p.x*r),Math.round(p.y*r),1,1).data[3]})()"
        )
        return int(str(script_says(qtbot, view, script)).split(".")[0]) > 0

    view.show_cones({12: Cone(200.0, 40.0, 100.0)})
    qtbot.waitUntil(lambda: opaque(200.0, 60.0), timeout=5000)
    assert opaque(188.0, 80.0)
    assert not opaque(160.0, 60.0)
    assert not opaque(90.0, 15.0), "the register's direction no longer counts"
    assert not opaque(200.0, 120.0)
    view.show_cones({})
    qtbot.waitUntil(lambda: not opaque(200.0, 60.0), timeout=5000)
    assert opaque(90.0, 15.0)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_of_a_place_offers_to_look_there_and_to_surround_it(
    qtbot: QtBot, document: MapDocument, shown: Callable[[MapDocument], IncidentMap]
) -> None:
    view = shown(document)
    view.show_cameras([camera(12)], {})
    qtbot.waitUntil(lambda: view.markers == 1, timeout=10000)
    place = Place(37.391, 126.921)

    def choose(entry: int) -> int:
        fire(qtbot, view, "contextmenu", place)
        qtbot.waitUntil(lambda: bool(view.findChildren(QMenu)), timeout=5000)
        menu = view.findChildren(QMenu)[0]
        entries = menu.actions()
        entries[entry].trigger()
        menu.close()
        qtbot.waitUntil(lambda: not view.findChildren(QMenu), timeout=5000)
        return len(entries)

    with qtbot.waitSignal(view.look_here_asked, timeout=5000) as look:
        assert choose(0) == 2
    with qtbot.waitSignal(view.surround_asked, timeout=5000) as surround:
        choose(1)
    for asked in (look.args[0], surround.args[0]):
        assert (asked.lat, asked.lon) == pytest.approx((place.lat, place.lon))
    view.show_surrounding(True)
    with qtbot.waitSignal(view.release_asked, timeout=5000):
        assert choose(2) == 3


def test_a_key_means_the_place_under_the_mouse_if_there_is_one(
    qtbot: QtBot, document: MapDocument, shown: Callable[[MapDocument], IncidentMap]
) -> None:
    view = IncidentMap(RESOURCES / "map")
    qtbot.addWidget(view)
    with qtbot.waitSignal(view.look_here_asked, timeout=5000) as before:
        view.ask_look_here()
    assert before.args == [None], "there is no map yet"
    view = shown(document)
    view.show_cameras([camera(12)], {})
    qtbot.waitUntil(lambda: view.markers == 1, timeout=10000)
    with qtbot.waitSignal(view.surround_asked, timeout=5000) as nowhere:
        view.ask_surround()
    assert nowhere.args == [None]
    fire(qtbot, view, "mousemove", Place(37.391, 126.921))
    with qtbot.waitSignal(view.look_here_asked, timeout=5000) as asked:
        view.ask_look_here()
    assert (asked.args[0].lat, asked.args[0].lon) == pytest.approx((37.391, 126.921))
    fire(qtbot, view, "mouseout", Place(37.391, 126.921))
    with qtbot.waitSignal(view.look_here_asked, timeout=5000) as left:
        view.ask_look_here()
    assert left.args == [None]


def test_while_a_place_is_wanted_clicks_are_places_even_on_a_camera(
    qtbot: QtBot, document: MapDocument, shown: Callable[[MapDocument], IncidentMap]
) -> None:
    view = shown(document)
    view.show_cameras([camera(12)], {})
    qtbot.waitUntil(lambda: view.markers == 1, timeout=10000)
    view.pick_place(True)
    with qtbot.waitSignal(view.place_picked, timeout=5000) as picked, qtbot.assertNotEmitted(view.camera_chosen):
        fire(qtbot, view, "click", camera(12).place)
    assert (picked.args[0].lat, picked.args[0].lon) == pytest.approx((camera(12).place.lat, camera(12).place.lon))
    view.pick_place(False)
    with qtbot.waitSignal(view.camera_chosen, timeout=5000):
        fire(qtbot, view, "click", camera(12).place)
