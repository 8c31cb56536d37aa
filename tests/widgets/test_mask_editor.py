import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from widgets.mask_canvas import MaskCanvas
from widgets.mask_draft import MaskDraft
from widgets.mask_editor import MaskEditor

LEFT = Qt.MouseButton.LeftButton
SQUARE = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
REACH = (0.02, 0.02)


@pytest.fixture
def still() -> QImage:
    image = QImage(1280, 720, QImage.Format.Format_RGB32)
    image.fill(QColor("#70808c"))
    return image


@pytest.fixture
def editor(qtbot: QtBot, samples, still: QImage) -> MaskEditor:
    editor = MaskEditor(samples.camera(masks=(SQUARE,)), still)
    editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(editor)
    editor.resize(1000, 700)
    with qtbot.waitExposed(editor):
        editor.show()
    return editor


def at(canvas: MaskCanvas, x: float, y: float) -> QPoint:
    box = canvas._picture()
    return QPoint(round(box.x() + x * box.width()), round(box.y() + y * box.height()))


def test_clicks_set_corners_and_a_double_click_closes(qtbot: QtBot, editor: MaskEditor) -> None:
    canvas = editor._canvas
    for x, y in ((0.05, 0.8), (0.2, 0.8)):
        qtbot.mouseClick(canvas, LEFT, pos=at(canvas, x, y))
    assert not editor._save.isEnabled(), "an open polygon is not lost silently"
    qtbot.mouseDClick(canvas, LEFT, pos=at(canvas, 0.2, 0.95))
    assert not canvas.draft.open
    with qtbot.waitSignal(editor.masks_saved) as saved:
        qtbot.mouseClick(editor._save, LEFT)
    assert saved.args[0][0] == SQUARE
    assert saved.args[0][1][0] == pytest.approx((0.05, 0.8), abs=0.002)
    assert len(saved.args[0][1]) == 3


def test_a_corner_is_dragged(qtbot: QtBot, editor: MaskEditor) -> None:
    canvas = editor._canvas
    qtbot.mousePress(canvas, LEFT, pos=at(canvas, 0.25, 0.25))
    qtbot.mouseMove(canvas, at(canvas, 0.1, 0.1))
    qtbot.mouseRelease(canvas, LEFT, pos=at(canvas, 0.1, 0.1))
    assert canvas.draft.finished()[0][0] == pytest.approx((0.1, 0.1), abs=0.002)
    qtbot.mouseMove(canvas, at(canvas, 0.9, 0.9))
    assert canvas.draft.finished()[0][0] == pytest.approx((0.1, 0.1), abs=0.002)


def test_delete_removes_the_chosen_mask(qtbot: QtBot, editor: MaskEditor) -> None:
    canvas = editor._canvas
    assert not editor._remove.isEnabled()
    qtbot.mouseClick(canvas, LEFT, pos=at(canvas, 0.5, 0.5))
    assert editor._remove.isEnabled()
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    with qtbot.waitSignal(editor.masks_saved) as saved:
        qtbot.keyClick(canvas, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert saved.args == [()]


def test_a_mask_can_be_drawn_and_moved_with_the_keys_alone(qtbot: QtBot, editor: MaskEditor) -> None:
    canvas, shift = editor._canvas, Qt.KeyboardModifier.ShiftModifier
    assert canvas.hasFocus()
    for _ in range(8):
        qtbot.keyClick(canvas, Qt.Key.Key_Left, shift)  # out of the square
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down):
        qtbot.keyClick(canvas, Qt.Key.Key_Space)
        qtbot.keyClick(canvas, key, shift)
    qtbot.keyClick(canvas, Qt.Key.Key_Backspace)
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert editor.isVisible(), "Enter closes the polygon, not the dialog"
    assert len(canvas.draft.finished()) == 2
    moved = canvas.draft.finished()[1][-1]
    qtbot.keyClick(canvas, Qt.Key.Key_Space)  # takes the corner under the cross
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.draft.finished()[1][-1] == pytest.approx((moved[0], moved[1] + 0.005))


def test_escape_gives_the_open_polygon_up_before_the_dialog(qtbot: QtBot, editor: MaskEditor) -> None:
    canvas = editor._canvas
    qtbot.mouseClick(canvas, LEFT, pos=at(canvas, 0.05, 0.8))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert editor.isVisible()
    assert not canvas.draft.open
    with qtbot.assertNotEmitted(editor.masks_saved):
        qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not editor.isVisible()


def test_a_click_on_the_first_corner_closes_too() -> None:
    draft = MaskDraft()
    for point in ((0.1, 0.1), (0.5, 0.1), (0.5, 0.101), (0.5, 0.5), (0.101, 0.099)):
        draft.press(point, REACH)
    assert draft.finished() == (((0.1, 0.1), (0.5, 0.1), (0.5, 0.5)),)
    assert (draft.open, draft.chosen) == ([], 0)


def test_two_corners_are_no_mask_and_none_lies_outside_the_picture() -> None:
    draft = MaskDraft()
    for point in ((-0.2, 0.1), (1.4, 0.1)):
        draft.press(point, REACH)
    assert not draft.close()
    draft.press((0.5, 9.0), REACH)
    assert draft.close()
    assert draft.finished() == (((0.0, 0.1), (1.0, 0.1), (0.5, 1.0)),)


def test_without_a_picture_masks_can_still_be_drawn(
    qtbot: QtBot, samples, still: QImage, language: str, take_picture
) -> None:
    for name, picture in (("mask_editor", still), ("mask_editor_blind", None)):
        editor = MaskEditor(samples.camera(masks=(SQUARE,)), picture)
        editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(editor)
        editor._canvas.draft.open = [(0.05, 0.5), (0.1, 0.9)]
        editor._canvas.draft.chosen = 0
        take_picture(editor, f"{name}_{language}", 900, 640)
        assert editor._canvas.isEnabled()
