import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from domain.picture import Face
from widgets.camera_drag import CAMERA_MIME, camera_to_drag, dragged_camera
from widgets.camera_model import CameraModel, matches
from widgets.camera_tree import CameraTree


@pytest.fixture
def tree(qtbot: QtBot, samples) -> CameraTree:
    widget = CameraTree()
    qtbot.addWidget(widget)
    widget.show_cameras([samples.camera(number) for number in range(1, 802)])
    widget.show()
    return widget


def leaves(tree: CameraTree) -> list[int]:
    model, found = tree._model, []

    def walk(parent: QModelIndex) -> None:
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            camera = model.camera_at(index)
            if camera is not None:
                found.append(camera.no)
            walk(index)

    walk(QModelIndex())
    return found


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester, samples, tree: CameraTree) -> None:
    model = CameraModel(tree)
    model.show_cameras([samples.camera(number) for number in range(1, 20)], {})
    qtmodeltester.check(model)


def test_all_cameras_hang_in_the_tree_once(tree: CameraTree) -> None:
    assert sorted(leaves(tree)) == list(range(1, 802))
    assert tree._model.index(0, 0).data() == "동안 (134)"


@pytest.mark.parametrize(
    ("sought", "found"),
    [("0417", True), ("417", True), ("해변 4", True), ("영종", True), ("0418", False), ("해변 x", False)],
)
def test_a_camera_is_found_by_number_name_or_place(samples, sought: str, found: bool) -> None:
    camera = samples.camera(417, name="을왕리 해변 4번", district="영종")
    assert matches(camera, sought) is found


def test_typing_narrows_the_tree_and_opens_it(qtbot: QtBot, tree: CameraTree) -> None:
    qtbot.keyClicks(tree._sought, "041")
    assert sorted(leaves(tree)) == [41, *range(410, 420)]
    assert tree._view.isExpanded(tree._model.index(0, 0))
    tree._sought.clear()
    assert len(leaves(tree)) == 801


def test_enter_takes_the_camera_of_exactly_that_number(qtbot: QtBot, tree: CameraTree) -> None:
    qtbot.keyClicks(tree._sought, "41")
    with qtbot.waitSignal(tree.camera_chosen) as chosen:
        qtbot.keyClick(tree._sought, Qt.Key.Key_Return)
    assert chosen.args == [41]


def test_a_search_without_a_hit_says_so_and_chooses_nothing(qtbot: QtBot, tree: CameraTree) -> None:
    qtbot.keyClicks(tree._sought, "nowhere")
    assert "nowhere" in tree._empty.text()
    with qtbot.assertNotEmitted(tree.camera_chosen):
        qtbot.keyClick(tree._sought, Qt.Key.Key_Return)


def test_a_row_is_chosen_by_enter(qtbot: QtBot, tree: CameraTree) -> None:
    tree._view.expandAll()
    tree._view.setCurrentIndex(tree._model.index_of(417))
    with qtbot.waitSignal(tree.camera_chosen) as chosen:
        qtbot.keyClick(tree._view, Qt.Key.Key_Return)
    assert chosen.args == [417]


def test_districts_are_open_at_first_and_what_the_operator_closes_stays_closed(tree: CameraTree, samples) -> None:
    model, view = tree._model, tree._view
    assert all(view.isExpanded(model.index(row, 0)) for row in range(model.rowCount()))
    view.collapse(model.index(0, 0))
    view.expand(model.index(0, 0, model.index(1, 0)))
    cameras = [samples.camera(number) for number in range(1, 802)]
    for faces in ({3: Face.LOST}, {}):
        tree.show_cameras([*cameras, samples.camera(900 + len(faces))], faces)
        first = int(model.has_wall)
        assert not view.isExpanded(model.index(first, 0))
        assert view.isExpanded(model.index(0, 0, model.index(first + 1, 0)))
        assert not view.isExpanded(model.index(0, 0, model.index(first + 2, 0)))


def test_a_search_does_not_change_which_branches_are_open(qtbot: QtBot, tree: CameraTree) -> None:
    tree._view.collapse(tree._model.index(0, 0))
    qtbot.keyClicks(tree._sought, "041")
    tree._sought.clear()
    assert not tree._view.isExpanded(tree._model.index(0, 0))
    assert tree._view.isExpanded(tree._model.index(1, 0))


def test_what_is_on_the_wall_stands_first_by_number_and_says_what_is_wrong(
    tree: CameraTree, qtmodeltester: ModelTester
) -> None:
    model = tree._model
    qtmodeltester.check(model)
    tree.show_faces({417: Face.LIVE, 12: Face.LOST, 30: Face.STALE})
    branch = model.index(0, 0)
    assert branch.data() == "On the wall (3)"
    assert tree._view.isExpanded(branch)
    said = [str(model.index(row, 0, branch).data()) for row in range(3)]
    assert [line[:4] for line in said] == ["0012", "0030", "0417"]
    assert "lost" in said[0]
    assert "stale" in said[1]
    assert "on the wall" in str(model.index_of(417).data())
    tree.show_faces({417: Face.LIVE, 5: Face.LIVE})
    assert [model.camera_at(model.index(row, 0, branch)).no for row in range(2)] == [5, 417]
    assert branch.data() == "On the wall (2)"
    assert model.camera_at(model.index_of(801)).no == 801


def test_a_change_on_the_wall_leaves_the_operators_place_in_the_list_alone(tree: CameraTree) -> None:
    tree.show_faces({1: Face.LIVE, 2: Face.LIVE})
    chosen = tree._model.index_of(417)
    tree._view.setCurrentIndex(chosen)
    tree.show_faces({1: Face.LIVE, 9: Face.LIVE})
    assert tree._model.camera_at(tree._view.currentIndex()).no == 417


def test_a_search_finds_a_camera_on_the_wall_once(qtbot: QtBot, tree: CameraTree) -> None:
    tree.show_faces({417: Face.LOST})
    qtbot.keyClicks(tree._sought, "0417")
    assert leaves(tree) == [417]
    assert "lost" in str(tree._model.index_of(417).data())


def test_what_is_dragged_from_the_tree_is_the_cameras_number(tree: CameraTree) -> None:
    index = tree._model.index_of(417)
    assert tree._model.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    assert dragged_camera(tree._model.mimeData([index])) == 417
    assert not tree._model.flags(index.parent()) & Qt.ItemFlag.ItemIsDragEnabled


def test_something_else_that_is_dragged_is_no_camera() -> None:
    carried = camera_to_drag(5)
    carried.setData(CAMERA_MIME, "오".encode())
    assert dragged_camera(carried) is None
