import contextlib
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.codec import clean, dump, load
from db.wall_codec import (
    monitors_from,
    monitors_json,
    presets_from,
    presets_json,
    view_from,
    view_json,
    views_from,
    views_json,
)
from domain.errors import ProtocolError
from domain.layout import UNEVEN, Cell, Layout
from domain.wall import CameraTile, MonitorView, PresetCall, Quality, SpotTile, TourTile
from domain.wall_order import MonitorSize

HALL = Layout("시청 로비", 48, 27, (Cell(0, 0, 32, 18), Cell(32, 0, 16, 9), Cell(40, 20)))
USES = st.one_of(
    st.none(),
    st.builds(CameraTile, st.integers(1, 999_999_999), st.sampled_from(Quality)),
    st.builds(TourTile, st.uuids()),
    st.just(SpotTile()),
)
LAYOUTS = st.one_of(st.integers(1, 64).map(Layout.even), st.sampled_from([*UNEVEN.values(), HALL]))
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def views(draw: st.DrawFn) -> MonitorView:
    layout = draw(LAYOUTS)
    return MonitorView(layout, tuple(draw(st.lists(USES, min_size=len(layout), max_size=len(layout)))))


def written(layout: Layout = HALL) -> dict:
    """Give a written view of three tiles to damage."""
    return json.loads(dump(view_json(MonitorView(layout, (CameraTile(417), TourTile(UUID(int=3)), SpotTile())))))


@given(views())
def test_every_view_comes_back_as_it_was_also_by_way_of_headquarters(view):
    assert view_from(load(dump(clean(view_json(view))))) == view


def test_views_are_kept_by_monitor_and_what_names_none_is_passed_over():
    views = {2: MonitorView.empty(HALL), 1: MonitorView.empty(Layout.even(4))}
    kept = views_json(views)
    assert list(kept) == ["1", "2"]
    assert views_from({**kept, "note": "x", "0": 1, "٣": 2, "9" * 5000: 3, "01": 4}) == views


def test_what_a_newer_program_puts_into_a_tile_leaves_it_empty():
    view = written()
    view["tiles"] = [{"use": "hologram", "colour": 7}, {"use": ["spot"]}, {}]
    assert view_from(view).tiles == (None, None, None)


def test_a_newer_programs_quality_is_the_automatic_one_and_its_other_words_are_passed_over():
    view = {**written(), "angle": 3}
    view["tiles"][0] |= {"quality": "eight_k", "zoom": 2}
    assert view_from(view).tiles[0] == CameraTile(417, Quality.AUTO)


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (("tiles",), None),
        (("tiles",), []),
        (("tiles", 0), "camera"),
        (("tiles", 0), {"use": "camera"}),
        (("tiles", 0, "camera"), True),
        (("tiles", 0, "camera"), 4.5),
        (("tiles", 1, "tour"), "not a key"),
        (("layout",), None),
        (("layout", "columns"), 0),
        (("layout", "columns"), 10**9),
        (("layout", "rows"), 257),
        (("layout", "rows"), "27"),
        (("layout", "cells"), {}),
        (("layout", "cells", 0), [0, 0]),
        (("layout", "cells", 0), [0, 0, 1, None]),
        (("layout", "cells", 0), [40, 20, 1, 1]),
        (("layout", "cells", 0), [48, 0, 1, 1]),
    ],
)
def test_nonsense_is_an_error_of_ours(where, what):
    view = written()
    inner = view
    for step in where[:-1]:
        inner = inner[step]
    inner[where[-1]] = what
    with pytest.raises(ProtocolError, match="can't be understood"):
        view_from(view)


@given(ODD)
def test_no_nonsense_is_another_error(value):
    view = {"layout": {"columns": 2, "rows": 2, "cells": [value]}, "tiles": [value]}
    for read in (view_from, views_from, presets_from, monitors_from):
        for odd in (
            value,
            [value],
            {"layout": value, "tiles": value},
            view,
            {"1": view},
            {**written(), "tiles": value},
        ):
            with contextlib.suppress(ProtocolError):
                read(odd)


def test_presets_and_monitors_come_back_as_they_were():
    calls = (PresetCall(417, "정문"), PresetCall(2, ""))
    assert presets_from(load(dump(presets_json(calls)))) == calls
    sizes = (MonitorSize(1, 1920, 1080), MonitorSize(2, 3840, 2160))
    assert monitors_from(load(dump(monitors_json(sizes)))) == sizes


def test_more_monitors_than_a_workstation_has_are_refused():
    with pytest.raises(ProtocolError, match="101 monitors"):
        monitors_from(monitors_json([MonitorSize(n, 1, 1) for n in range(101)]))
