"""Walls as JSON: in the local tables, and in the facts that other workstations read.

What a newer program adds is passed over: a tile of an unknown use is an empty one, an unknown quality is the automatic
one. What can't be understood at all is ProtocolError.
"""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from db.moment import hlc_moment
from domain.errors import BadInputError, ProtocolError
from domain.fact import Fact, Json
from domain.layout import Cell, Layout
from domain.operator import Role
from domain.wall import CameraTile, MonitorView, PresetCall, Quality, SpotTile, TileUse, TourTile
from domain.wall_order import MonitorSize, Outcome, WallAnswer, WallOrder, Workstation

LARGEST_GRID = 256  # steps; a layout from elsewhere must not fill the memory before it is refused
MOST_MONITORS = 100

_NUMBER = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


def view_json(view: MonitorView) -> dict[str, Json]:
    """Return a monitor's view, its layout written out in full so that one of somebody's own can be read anywhere."""
    layout = view.layout
    return {
        "layout": {
            "name": layout.name,
            "columns": layout.columns,
            "rows": layout.rows,
            "cells": [[cell.column, cell.row, cell.columns, cell.rows] for cell in layout.cells],
        },
        "tiles": [_tile_json(use) for use in view.tiles],
    }


def view_from(value: Json) -> MonitorView:
    """Return the view that was written; ProtocolError where it is none."""
    written = _object(value, "a view")
    tiles = tuple(map(_tile_from, _list(written.get("tiles"), "tiles")))
    try:
        return MonitorView(_layout_from(written.get("layout")), tiles)
    except BadInputError as error:
        raise ProtocolError(f"a view can't be understood: {error}") from error


def views_json(views: Mapping[int, MonitorView]) -> dict[str, Json]:
    """Return views by their monitors' numbers."""
    return {str(monitor): view_json(view) for monitor, view in sorted(views.items())}


def views_from(value: Json) -> dict[int, MonitorView]:
    """Return the views that were written, by monitor; what is not said of a monitor is passed over."""
    written = _object(value, "views")
    return {int(key): view_from(view) for key, view in written.items() if _NUMBER.fullmatch(key)}


def presets_json(presets: Sequence[PresetCall]) -> list[Json]:
    """Return calls of presets."""
    return [{"camera": call.camera_no, "preset": call.preset} for call in presets]


def presets_from(value: Json) -> tuple[PresetCall, ...]:
    """Return the calls of presets that were written; ProtocolError where they are none."""
    calls = (_object(call, "a preset") for call in _list(value, "presets"))
    return tuple(PresetCall(whole(call.get("camera"), "a camera"), str(call.get("preset", ""))) for call in calls)


def monitors_json(monitors: Sequence[MonitorSize]) -> list[Json]:
    """Return the sizes of monitors."""
    return [{"n": monitor.n, "w": monitor.width, "h": monitor.height} for monitor in monitors]


def monitors_from(value: Json) -> tuple[MonitorSize, ...]:
    """Return the sizes of monitors that were written; ProtocolError where they are none, or more than 100."""
    written = [_object(one, "a monitor") for one in _list(value, "monitors")]
    if len(written) > MOST_MONITORS:
        raise ProtocolError(f"{len(written)} monitors are more than a workstation has")
    return tuple(
        MonitorSize(whole(one.get("n"), "a monitor"), whole(one.get("w"), "a width"), whole(one.get("h"), "a height"))
        for one in written
    )


def order_of(fact: Fact) -> WallOrder:
    """Return the order that a SHOWN step gives to its subject; ProtocolError where it gives none."""
    role = fact.fields.get("role")
    return WallOrder(
        id=fact.id,
        origin=fact.origin,
        target=fact.subject,
        monitor=whole(fact.fields.get("monitor"), "a monitor"),
        view=view_from(fact.fields.get("view")),
        by=fact.actor,
        role=Role(role) if role in list(Role) else None,
        at=hlc_moment(fact.hlc),
    )


def answer_of(fact: Fact) -> WallAnswer:
    """Return what an ANSWERED step says of an order; ProtocolError where it says nothing that is known here."""
    order, outcome = fact.fields.get("order"), fact.fields.get("outcome")
    if outcome not in list(Outcome):
        raise ProtocolError(f"an answer can't be understood: {_short(outcome)}")
    return WallAnswer(_uuid(order, "an answer's order"), fact.origin, Outcome(outcome))


def workstation_of(fact: Fact) -> Workstation:
    """Return what a PRESENT step tells of its workstation; ProtocolError where it tells nothing."""
    monitors = monitors_from(fact.fields.get("monitors"))
    return Workstation(fact.origin, str(fact.fields.get("name", "")), monitors, hlc_moment(fact.hlc))


def whole(value: Json, what: str) -> int:
    """Return a whole number; ProtocolError where it is something else."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProtocolError(f"{what} can't be understood: {_short(value)} is no whole number")
    return value


def _tile_json(use: TileUse | None) -> Json:
    match use:
        case CameraTile(camera_no, quality):
            return {"use": "camera", "camera": camera_no, "quality": quality.value}
        case TourTile(tour):
            return {"use": "tour", "tour": str(tour)}
        case SpotTile():
            return {"use": "spot"}
        case None:
            return None


def _tile_from(value: Json) -> TileUse | None:
    if value is None:
        return None
    written = _object(value, "a tile")
    match written.get("use"):
        case "camera":
            return CameraTile(whole(written.get("camera"), "a tile's camera"), _quality(written.get("quality")))
        case "tour":
            return TourTile(_uuid(written.get("tour"), "a tile's tour"))
        case "spot":
            return SpotTile()
        case _:
            return None


def _quality(value: Json) -> Quality:
    return Quality(value) if value in list(Quality) else Quality.AUTO


def _uuid(value: Json, what: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise ProtocolError(f"{what} can't be understood: {_short(value)}") from error


def _layout_from(value: Json) -> Layout:
    written = _object(value, "a layout")
    columns, rows = whole(written.get("columns"), "a layout"), whole(written.get("rows"), "a layout")
    if not (1 <= columns <= LARGEST_GRID and 1 <= rows <= LARGEST_GRID):
        raise ProtocolError(f"a layout can't be understood: its grid has {columns} x {rows} steps")
    cells = tuple(map(_cell_from, _list(written.get("cells"), "a layout's cells")))
    return Layout(str(written.get("name", "")), columns, rows, cells)


def _cell_from(value: Json) -> Cell:
    numbers = [whole(number, "a cell") for number in _list(value, "a cell")]
    if len(numbers) != 4:
        raise ProtocolError(f"a cell can't be understood: {_short(value)}")
    return Cell(*numbers)


def _object(value: Json, what: str) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise ProtocolError(f"{what} can't be understood: {_short(value)}")
    return value


def _list(value: Json, what: str) -> list[Json]:
    if not isinstance(value, list):
        raise ProtocolError(f"{what} can't be understood: {_short(value)}")
    return value


def _short(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
