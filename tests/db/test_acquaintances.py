"""What is known of cameras, on a real database."""

from collections.abc import Callable
from typing import Any

import pytest

from db.acquaintances import AcquaintanceStore
from db.tables import CameraAcquaintanceRow
from db.writer import Urgency
from domain.abilities import Abilities, Span, TurnSpace
from domain.errors import StorageError
from ptz.acquaintance import read, written
from ptz.contact import AuthMode, Contact, HeadContact, Quirk


@pytest.fixture
def store(desk: Any) -> AcquaintanceStore:
    return AcquaintanceStore(desk.db)


def test_what_is_kept_is_found_until_it_is_forgotten(store: AcquaintanceStore) -> None:
    assert store.find(7) is None
    store.keep(7, {"serial": "A", "heads": [{"profile": "정문"}]})
    store.keep(8, {"serial": "B"})
    store.keep(7, {"serial": "C", "heads": []})
    assert store.find(7) == {"serial": "C", "heads": []}
    store.forget(7)
    assert store.find(7) is None
    assert store.find(8) == {"serial": "B"}
    store.forget(7)


def test_a_contact_comes_back_as_it_was(store: AcquaintanceStore) -> None:
    turn = TurnSpace("x", Span(0.0, 360.0), Span(-10.0, 90.5))
    head = HeadContact(profile="a", abilities=Abilities(absolute_turn=turn, auxiliary=("tt:Wiper|On",), tours=8))
    quirks = frozenset({Quirk.MOVES_APART, Quirk.TELLS_NO_TIME})
    contact = Contact(url="u", ptz_url="p", heads=(head,), auth=AuthMode.BOTH, serial="관제-1", quirks=quirks)
    store.keep(7, written(contact))
    assert read(store.find(7) or {}, 0) == contact


def test_it_outlives_the_program(desks: Callable[[str], Any]) -> None:
    desk = desks("here")
    AcquaintanceStore(desk.db).keep(7, {"serial": "A"})
    path, clock = desk.path, desk.clock
    desk.db.close()
    again = type(desk.db).open(path, clock)
    try:
        assert AcquaintanceStore(again).find(7) == {"serial": "A"}
    finally:
        again.close()


def test_it_never_leaves_the_workstation(desk: Any, store: AcquaintanceStore) -> None:
    before = len(desk.feed.changes_after(0, 100))
    store.keep(7, {"serial": "A"})
    assert len(desk.feed.changes_after(0, 100)) == before


def test_what_is_no_object_is_told(desk: Any, store: AcquaintanceStore) -> None:
    row = CameraAcquaintanceRow(camera=7, known=["odd"], changed_at=desk.clock.now())
    desk.db.writer.do(Urgency.FIELD, lambda session: session.add(row))
    with pytest.raises(StorageError, match="camera 7"):
        store.find(7)
