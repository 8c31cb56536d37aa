import pytest

from console.wall_layouts import Layouts
from domain.errors import BadInputError
from domain.layout import Cell, Layout
from domain.wall import MonitorView

GATES = Layout("gates", 2, 1, (Cell(0, 0), Cell(1, 0)))
OTHER_GATES = Layout("gates", 1, 2, (Cell(0, 0), Cell(0, 1)))
LANES = Layout("lanes", 3, 1, (Cell(0, 0, 2), Cell(2, 0)))


def test_layouts_are_found_in_what_is_stored_and_built_in_ones_are_not_listed() -> None:
    layouts = Layouts()
    layouts.learn([MonitorView.empty(layout) for layout in (LANES, GATES, Layout.of("1+5"), Layout.even(9))])
    assert layouts.all == (GATES, LANES)
    assert layouts.named("lanes") == LANES
    assert layouts.named("1+5") == Layout.of("1+5")
    layouts.learn([])
    assert layouts.all == ()


def test_what_was_drawn_here_counts_before_what_is_stored() -> None:
    layouts = Layouts()
    layouts.draw(OTHER_GATES)
    layouts.learn([MonitorView.empty(GATES)])
    assert layouts.named("gates") == OTHER_GATES
    layouts.draw(GATES)
    assert layouts.all == (GATES,)


def test_a_built_in_name_stays_what_everybody_knows() -> None:
    layouts = Layouts()
    layouts.draw(Layout("1+5", 1, 1, (Cell(0, 0),)))
    assert layouts.named("1+5") == Layout.of("1+5")
    with pytest.raises(BadInputError):
        layouts.named("gates")
