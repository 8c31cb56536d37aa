"""Places, lens buttons and guard tours as operators see them."""

from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from domain.guard_tour import GuardTour, TourPhase, TourSpot, TourState
from domain.optics import OpticsWish, optics_of
from domain.ptz_place import Listed, PtzPlace
from widgets.guard_tour_page import GuardTourPage
from widgets.ptz_optics import OpticsPress, OpticsRow
from widgets.ptz_places import PlaceCall, PlaceModel, PlaceName, PlaceNumber, PlacePane

NAME, TUR = "다리 밑", "야간 순찰"


def jpeg(colour: str) -> bytes:
    image = QImage(96, 54, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "JPEG")
    return bytes(buffer.data().data())


def sample_places() -> list[PtzPlace]:
    return [
        PtzPlace(camera_no=417, no=1, token="1", told_name="gate", listed=Listed.THERE, thumbnail=jpeg("#ff0000")),
        PtzPlace(camera_no=417, no=12, name=NAME, token="2", told_name="preset 12", listed=Listed.THERE),
        PtzPlace(camera_no=417, no=13, name="old", token="3", listed=Listed.GONE, thumbnail=b"no picture"),
        PtzPlace(camera_no=417, no=None, token="t300", listed=Listed.THERE),
    ]


@pytest.fixture
def pane(qtbot: QtBot, samples) -> PlacePane:
    pane = PlacePane()
    qtbot.addWidget(pane)
    pane.resize(420, 600)
    pane.show()
    pane.show_places(samples.camera(417), sample_places(), may_store=True)
    return pane


def choose(pane: PlacePane, row: int) -> None:
    pane.list.setCurrentIndex(pane.model.index(row, 0))


def test_the_model_is_a_right_one_and_shows_number_name_and_picture(qtmodeltester: ModelTester) -> None:
    model = PlaceModel()
    model.show_places(sample_places())
    qtmodeltester.check(model)
    lines = [model.data(model.index(row, 0)) for row in range(4)]
    assert lines[:2] == ["1  gate", f"12  {NAME}"]
    assert "no more" in str(lines[2])
    assert str(lines[3]).startswith("–")
    red = model.data(model.index(0, 0), Qt.ItemDataRole.DecorationRole)
    assert isinstance(red, QImage)
    assert QColor(red.pixel(20, 20)).red() > 200
    broken = model.data(model.index(2, 0), Qt.ItemDataRole.DecorationRole)
    assert isinstance(broken, QImage)
    assert not broken.isNull()
    assert "preset 12" in str(model.data(model.index(1, 0), Qt.ItemDataRole.ToolTipRole))
    assert model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole) is None
    assert (model.row_of(13), model.row_of(99)) == (2, None)


def test_a_chosen_place_is_gone_to_with_the_button_or_enter(pane: PlacePane, qtbot: QtBot) -> None:
    assert not pane.go_button.isEnabled()
    choose(pane, 1)
    with qtbot.waitSignal(pane.recall_asked) as asked:
        QTest.mouseClick(pane.go_button, Qt.MouseButton.LeftButton)
    assert asked.args == [PlaceCall(417, sample_places()[1])]
    with qtbot.waitSignal(pane.recall_asked):
        pane.list.activated.emit(pane.model.index(1, 0))
    with qtbot.waitSignal(pane.home_asked) as home:
        pane.home_button.click()
    assert home.args == [417]


def test_a_place_that_the_camera_has_lost_cannot_be_gone_to(pane: PlacePane, qtbot: QtBot) -> None:
    choose(pane, 2)
    assert not pane.go_button.isEnabled()
    with qtbot.assertNotEmitted(pane.recall_asked):
        pane.list.activated.emit(pane.model.index(2, 0))


def test_storing_says_when_it_would_write_over_a_place(pane: PlacePane, qtbot: QtBot) -> None:
    pane.number.setValue(40)
    assert pane.store_button.text() == "Store here"
    pane.number.setValue(12)
    assert pane.store_button.text() == "Store over it"
    pane.name.setText("  neu ")
    with qtbot.waitSignal(pane.store_asked) as asked:
        pane.store_button.click()
    assert asked.args == [PlaceName(417, 12, "neu")]


def test_a_chosen_place_is_renamed_and_forgotten(pane: PlacePane, qtbot: QtBot) -> None:
    choose(pane, 1)
    assert (pane.number.value(), pane.name.text()) == (12, NAME)
    pane.name.setText("교각")
    with qtbot.waitSignal(pane.rename_asked) as named:
        pane.rename_button.click()
    assert named.args == [PlaceName(417, 12, "교각")]
    with qtbot.waitSignal(pane.forget_asked) as forgotten:
        pane.forget_button.click()
    assert forgotten.args == [PlaceNumber(417, 12)]
    with qtbot.waitSignal(pane.home_to_set) as home:
        pane.set_home_button.click()
    assert home.args == [417]
    choose(pane, 3)
    assert not pane.forget_button.isEnabled(), "it has no number"


def test_who_may_not_store_is_not_offered_it(pane: PlacePane, samples) -> None:
    assert pane.store_button.isVisible()
    pane.show_places(samples.camera(417), sample_places())
    assert not pane.store_button.isVisible()
    assert pane.go_button.isVisible()


def test_without_a_camera_that_turns_everything_is_off(pane: PlacePane, samples) -> None:
    pane.show_places(samples.camera(418, onvif_url=""), (), may_store=True)
    assert not pane.home_button.isEnabled()
    assert not pane.store_button.isEnabled()
    pane.show_places(samples.camera(417), (), waiting=True)
    assert pane.list.isEnabled()


def test_lens_buttons_are_those_that_the_camera_has(qtbot: QtBot) -> None:
    row = OpticsRow()
    qtbot.addWidget(row)
    row.show()
    row.show_optics(417, optics_of(["tt:Wiper|On"], focus=True, iris=False))
    shown = {wish for wish, button in row.buttons.items() if button.isVisible()}
    assert shown == {OpticsWish.WIPER_ON, OpticsWish.FOCUS_NEAR, OpticsWish.FOCUS_FAR, OpticsWish.FOCUS_AUTO}
    with qtbot.waitSignal(row.pressed) as pressed:
        row.buttons[OpticsWish.WIPER_ON].click()
    assert pressed.args == [OpticsPress(417, OpticsWish.WIPER_ON)]
    row.show_optics(None, None)
    assert not row.isVisible()


# -- tours

TOUR = GuardTour(UUID(int=1), 417, TUR, (TourSpot(1, 10), TourSpot(None, 30, 0.5)), "tour_1")


@pytest.fixture
def page(qtbot: QtBot, samples) -> GuardTourPage:
    page = GuardTourPage()
    qtbot.addWidget(page)
    page.resize(420, 700)
    page.show()
    page.show_tours(samples.camera(417), [TOUR], sample_places(), may_store=True)
    return page


def pick(page: GuardTourPage) -> None:
    page.tours.setCurrentIndex(page.tours.model().index(0, 0))


def test_a_chosen_tour_is_started_stopped_and_deleted(page: GuardTourPage, qtbot: QtBot, samples) -> None:
    page.show_tours(samples.camera(417), (), sample_places(), may_store=True)
    assert not page.start_button.isEnabled()
    assert not page.stop_button.isEnabled()
    page.show_tours(samples.camera(417), [TOUR], sample_places(), may_store=True)
    pick(page)
    with qtbot.waitSignal(page.start_asked) as started:
        page.start_button.click()
    assert started.args == [TOUR]
    page.show_tours(samples.camera(417), [TOUR], sample_places(), TourState(TOUR, TourPhase.BY_CAMERA), may_store=True)
    with qtbot.waitSignal(page.stop_asked) as stopped:
        page.stop_button.click()
    assert stopped.args == [417]
    with qtbot.waitSignal(page.tour_to_remove) as removed:
        page.remove_button.click()
    assert removed.args == [TOUR]


def test_a_tour_is_put_together_place_by_place(page: GuardTourPage, qtbot: QtBot, samples) -> None:
    page.show_tours(samples.camera(421), (), sample_places(), may_store=True)
    page.name.setText("낮")
    with qtbot.assertNotEmitted(page.tour_to_store):
        page.store_button.click()
    assert "two places" in page.said.text()
    page.place.setCurrentIndex(page.place.findData(12))
    page.stay.setValue(20)
    page.speed.setValue(40)
    page.add_button.click()
    page.place.setCurrentIndex(0)
    page.add_button.click()
    with qtbot.waitSignal(page.tour_to_store) as stored:
        page.store_button.click()
    tour = stored.args[0]
    assert (tour.camera_no, tour.name, tour.token) == (421, "낮", "")
    assert tour.spots == (TourSpot(12, 20, 0.4), TourSpot(None, 20, 0.4))
    page.up_button.click()
    page.out_button.click()
    assert [page.spots.model().index(row, 0).data()[:2] for row in range(page.spots.model().rowCount())] == ["1."]


def test_a_changed_tour_stays_the_same_tour(page: GuardTourPage, qtbot: QtBot) -> None:
    pick(page)
    page.place.setCurrentIndex(page.place.findData(12))
    page.add_button.click()
    with qtbot.waitSignal(page.tour_to_store) as stored:
        page.store_button.click()
    assert (stored.args[0].id, stored.args[0].token, len(stored.args[0].spots)) == (TOUR.id, TOUR.token, 3)
    page.name.clear()
    with qtbot.assertNotEmitted(page.tour_to_store):
        page.store_button.click()


@pytest.mark.parametrize("phase", list(TourPhase))
def test_every_state_of_a_tour_has_words_and_a_picture(
    page: GuardTourPage, samples, phase: TourPhase, language: str, take_picture, qtbot: QtBot
) -> None:
    page = GuardTourPage()  # in this language
    qtbot.addWidget(page)
    state = TourState(TOUR, phase, 2, "no answer" if phase is TourPhase.FAILING else "")
    page.show_tours(samples.camera(417), [TOUR], sample_places(), state, may_store=True)
    pick(page)
    image = take_picture(page, f"guard-tour-{phase.value}-{language}", 420, 700)
    assert not image.isNull()
    assert (TUR in page._told.text()) is (phase is not TourPhase.IDLE)


def test_the_places_have_a_picture_in_both_languages(samples, language: str, take_picture, qtbot: QtBot) -> None:
    pane = PlacePane()
    qtbot.addWidget(pane)
    pane.show_places(samples.camera(417), sample_places(), may_store=True)
    choose(pane, 0)
    assert not take_picture(pane, f"ptz-places-{language}", 420, 560).isNull()
    row = OpticsRow()
    qtbot.addWidget(row)
    row.show_optics(417, optics_of(["tt:Wiper|On", "tt:IRLamp|On", "tt:IRLamp|Auto"], focus=True, iris=True))
    assert not take_picture(row, f"ptz-optics-{language}", 420, 160).isNull()


def test_a_tour_of_another_camera_is_not_left_in_the_form(page: GuardTourPage, samples) -> None:
    pick(page)
    assert page.name.text() == TUR
    page.show_tours(samples.camera(421), (), (), may_store=True)
    assert page.name.text() == ""
    assert page.spots.model().rowCount() == 0
    page.show_tours(samples.camera(417), [replace(TOUR, name="x")], sample_places())
    assert not page.store_button.isVisible()
