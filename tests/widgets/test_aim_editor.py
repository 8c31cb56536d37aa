from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from domain.aiming import Aim
from domain.calibration import Calibration
from domain.errors import BadInputError, Problem
from domain.geometry import Spot
from domain.landmark import Landmark
from domain.motion import Position
from domain.place import Place
from widgets.aim_draft import AimDraft, place_words, typed_place
from widgets.aim_editor import USUAL_HEIGHT_M, AimClicks, AimEditor, AimFound
from widgets.aim_model import AimModel, Column
from widgets.aim_picture import AimPicture

LEFT = Qt.MouseButton.LeftButton
HERE, ELSEWHERE = Position(0.1, -0.2, 0.0), Position(-0.5, 0.1, 0.5)
PLACE = Place(37.395, 126.957)


def landmark(number: int, position: Position = HERE) -> Landmark:
    return Landmark(f"mark {number}", position, Spot(Place(37.39 + number / 1000, 126.95), 0.0), 0.4, 0.6)


THREE = (landmark(1), landmark(2, ELSEWHERE), landmark(3))


def calibration(*off_deg: float, spare: int = 3, worst: Landmark = THREE[1]) -> Calibration:
    aim = Aim(spot=Spot(PLACE, 8.0), pan_zero_deg=0.0, tilt_zero_deg=0.0, pan_deg=180.0, tilt_deg=90.0)
    return Calibration(aim=aim, residuals_deg=off_deg, worst=worst, lens_fitted=False, spare=spare)


@pytest.fixture
def still() -> QImage:
    image = QImage(640, 360, QImage.Format.Format_RGB32)
    image.fill(QColor("#405060"))
    return image


@pytest.fixture
def editor(qtbot: QtBot, samples, still: QImage) -> Iterator[AimEditor]:
    editor = make_editor(qtbot, samples)
    editor.show_view(still, HERE)
    with qtbot.waitExposed(editor):
        editor.show()
    yield editor
    editor.reject()


def make_editor(qtbot: QtBot, samples, *marks: Landmark, height_m: float | None = None) -> AimEditor:
    editor = AimEditor(samples.camera(), marks, height_m)
    editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(editor)
    editor.resize(1200, 700)
    return editor


def at(picture: AimPicture, x: float, y: float) -> QPoint:
    box = picture._picture()
    return QPointF(box.x() + x * box.width(), box.y() + y * box.height()).toPoint()


def test_a_landmark_is_a_click_in_the_picture_and_a_place(qtbot: QtBot, editor: AimEditor) -> None:
    qtbot.mouseClick(editor._picture, LEFT, pos=at(editor._picture, 0.25, 0.75))
    qtbot.keyClicks(editor._name, "gate")
    qtbot.keyClicks(editor._place, "37.395, 126.957")
    qtbot.keyClick(editor._place, Qt.Key.Key_Return)
    editor._mark_height.setValue(2.5)
    (made,) = editor._draft.landmarks
    assert (made.name, made.position, made.spot) == ("gate", HERE, Spot(PLACE, 2.5))
    assert (made.x, made.y) == pytest.approx((0.25, 0.75), abs=0.01)


def test_a_landmark_can_be_clicked_with_the_keys_alone(qtbot: QtBot, editor: AimEditor) -> None:
    editor._picture.setFocus()
    for _ in range(4):
        qtbot.keyClick(editor._picture, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(editor._picture, Qt.Key.Key_Up)
    qtbot.keyClick(editor._picture, Qt.Key.Key_Space)
    mark = editor._draft.mark
    assert (mark.x, mark.y) == pytest.approx((0.7, 0.495))
    assert mark.position == HERE


def test_a_click_beside_the_picture_or_without_a_position_is_nothing(
    qtbot: QtBot, editor: AimEditor, still: QImage
) -> None:
    box = editor._picture._picture()
    outside = QPoint(2, 2) if box.y() > 3 or box.x() > 3 else QPoint(-1, -1)
    qtbot.mouseClick(editor._picture, LEFT, pos=outside)
    editor.show_view(still, None)
    qtbot.mouseClick(editor._picture, LEFT, pos=at(editor._picture, 0.5, 0.5))
    assert editor._draft.mark.position is None
    assert "does not tell" in editor._told.text()


def test_a_place_is_picked_on_the_map_once(qtbot: QtBot, editor: AimEditor) -> None:
    wanted: list[bool] = []
    editor.place_wanted.connect(wanted.append)
    qtbot.mouseClick(editor._pick, LEFT)
    editor.show_place(PLACE)
    assert wanted == [True, False]
    assert editor._place.text() == "37.395000, 126.957000"
    qtbot.mouseClick(editor._pick, LEFT)
    editor.reject()
    assert wanted == [True, False, True, False], "the map gets its clicks back"


def test_what_is_no_place_is_marked_and_not_taken(qtbot: QtBot, editor: AimEditor) -> None:
    editor.show_place(PLACE)
    editor._place.clear()
    qtbot.keyClicks(editor._place, "37.4 north")
    qtbot.keyClick(editor._place, Qt.Key.Key_Return)
    assert editor._place.property("warn") == "true"
    assert editor._draft.mark.place == PLACE


def test_three_landmarks_are_fitted_and_less_are_asked_for(qtbot: QtBot, samples, still: QImage) -> None:
    editor = make_editor(qtbot, samples, *THREE[:2], height_m=7.5)
    assert "1 to go" in editor._verdict.text()
    editor.show_view(still, ELSEWHERE)
    editor._add_mark()
    editor.show_place(PLACE)
    with qtbot.waitSignal(editor.landmarks_changed) as changed:
        editor._click((0.5, 0.5))
    clicks = changed.args[0]
    assert isinstance(clicks, AimClicks)
    assert len(clicks.landmarks) == 3
    assert clicks.height_m == 7.5
    with qtbot.waitSignal(editor.landmarks_changed) as changed:
        editor._height.setValue(9.0)
    assert changed.args[0].height_m == 9.0


def test_how_far_off_each_landmark_is_stands_beside_it_and_it_can_be_saved(qtbot: QtBot, samples) -> None:
    editor = make_editor(qtbot, samples, *THREE)
    assert not editor._save.isEnabled()
    found = calibration(0.2, 1.4, 0.3)
    editor.show_calibration(found)
    cells = [editor._model.index(row, Column.OFF).data() for row in range(3)]
    assert cells == ["0.2°", "1.4°", "0.3°"]
    assert "1.4° at worst (landmark 2 mark 2)" in editor._verdict.text()
    with qtbot.waitSignal(editor.aim_saved) as saved:
        qtbot.mouseClick(editor._save, LEFT)
    assert saved.args == [AimFound(found, THREE)]


@pytest.mark.parametrize(("spare", "words"), [(0, "proves nothing"), (2, "Little proof"), (5, "Well proven")])
def test_what_the_residuals_prove_is_said_in_words(qtbot: QtBot, samples, spare: int, words: str) -> None:
    editor = make_editor(qtbot, samples, *THREE)
    editor.show_calibration(calibration(0.1, 0.2, 0.1, spare=spare))
    assert words in editor._verdict.text()
    assert editor._verdict.property("warn") == ("true" if spare < 1 else "false")


def test_a_refusal_names_the_landmark_that_is_to_blame(qtbot: QtBot, samples) -> None:
    editor = make_editor(qtbot, samples, *THREE)
    editor.show_calibration(calibration(0.1, 0.2, 0.1))
    wrong = Problem(2, "mark 2", "does not fit the others: 33.0 degrees off")
    editor.show_refusal(BadInputError(f"landmark 2 (mark 2) {wrong.message}", (wrong,)))
    assert "landmark 2 mark 2 does not fit" in editor._verdict.text()
    assert "33.0 degrees" in editor._verdict.text()
    assert editor._model.index(1, Column.NUMBER).data() == "2 ■"
    assert editor._verdict.property("severe") == "true"
    editor.show_refusal(BadInputError("the landmarks lie on one line with the camera"))
    assert "other directions" in editor._verdict.text()


def test_the_blamed_landmark_is_found_though_unfinished_ones_stand_before_it(qtbot: QtBot, samples) -> None:
    editor = make_editor(qtbot, samples, *THREE)
    editor._draft.choose(0)
    editor._draft.change(place=None)
    editor._draft.add("four")
    editor._draft.change(place=PLACE, position=HERE)
    editor._changed()
    editor.show_refusal(BadInputError("landmark 3", (Problem(3, "four", "does not fit"),)))
    assert editor._model.index(3, Column.NUMBER).data() == "4 ■"


def test_a_change_makes_what_was_found_void(qtbot: QtBot, samples) -> None:
    editor = make_editor(qtbot, samples, *THREE)
    editor.show_calibration(calibration(0.1, 0.2, 0.1))
    assert editor._save.isEnabled()
    editor._mark_height.setValue(4.0)
    assert not editor._save.isEnabled()
    assert editor._model.index(0, Column.OFF).data() == "–"


def test_a_name_alone_does_not(qtbot: QtBot, samples) -> None:
    editor = make_editor(qtbot, samples, *THREE)
    editor.show_calibration(calibration(0.1, 0.2, 0.1))
    qtbot.keyClicks(editor._name, "!")
    assert editor._save.isEnabled()


def test_landmarks_are_chosen_removed_and_there_is_always_one(qtbot: QtBot, samples) -> None:
    editor = make_editor(qtbot, samples, *THREE)
    editor._table.selectRow(1)
    assert (editor._draft.chosen, editor._name.text()) == (1, "mark 2")
    for _ in range(3):
        qtbot.mouseClick(editor._remove, LEFT)
    assert [mark.name for mark in editor._draft.marks] == [""]


def test_only_what_was_clicked_in_this_picture_is_drawn_in_it(qtbot: QtBot, samples, still: QImage) -> None:
    editor = make_editor(qtbot, samples, *THREE)
    editor.show_view(still, HERE)
    assert [name for name, *_ in editor._picture._marks] == ["1 mark 1", "3 mark 3"]
    editor.show_view(still, ELSEWHERE)
    assert [name for name, *_ in editor._picture._marks] == ["2 mark 2"]


def test_another_picture_is_asked_for(qtbot: QtBot, editor: AimEditor) -> None:
    with qtbot.waitSignal(editor.picture_asked):
        qtbot.keyClick(editor, Qt.Key.Key_F5)


def test_the_usual_height_stands_where_the_register_says_none(qtbot: QtBot, samples) -> None:
    assert make_editor(qtbot, samples)._height.value() == USUAL_HEIGHT_M
    assert make_editor(qtbot, samples, height_m=4.5)._height.value() == 4.5


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("37.395, 126.957", PLACE),
        ("37.395;126.957", PLACE),
        (" 37.395 126.957 ", PLACE),
        ("126.957, 37.395", None),
        ("0 0", None),
        ("37.395", None),
        ("nan 126", None),
        ("here, there", None),
    ],
)
def test_places_are_typed_as_people_type_them(typed: str, place: Place | None) -> None:
    assert typed_place(typed) == place
    assert typed_place(place_words(place)) == place


def test_a_draft_holds_what_it_was_given() -> None:
    draft = AimDraft(THREE)
    assert draft.landmarks == THREE
    draft.choose(7)
    assert draft.chosen == 0
    draft.change(place=None)
    assert draft.landmarks == THREE[1:]
    assert draft.rows() == (1, 2)


def test_each_cell_says_its_whole_row(qtbot: QtBot) -> None:
    del qtbot
    model = AimModel()
    model.show_marks(AimDraft(THREE[:1]).marks, {0: 0.5}, None)
    said = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "1, mark 1, 37.391000, 126.950000, 0.0 m, yes, 0.5°"


def test_a_look_at_the_editor(qtbot: QtBot, samples, still: QImage, language: str, take_picture) -> None:
    editor = make_editor(qtbot, samples, *THREE, replace(landmark(4), name="학교 정문"))
    editor.show_view(still, HERE)
    editor.show_calibration(calibration(0.2, 1.4, 0.3, 0.4))
    image = take_picture(editor, f"aim_editor_{language}", 1200, 700)
    assert not image.isNull()
    editor.reject()
