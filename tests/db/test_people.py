from uuid import uuid4

import pytest
from sqlalchemy import text

from db.people import PersonStore
from db.writer import Urgency
from domain.errors import StorageError
from domain.event import PersonalDetails

DETAILS = PersonalDetails(traveller="홍길동", guardians=("홍판서", "춘섬"), phone="010-1234-5678")


def key_of(desk, subject) -> bytes:
    with desk.db.reading() as session:
        found = session.execute(text("SELECT key FROM person_key WHERE subject = :s"), {"s": subject.hex}).scalar()
    assert isinstance(found, bytes)
    return found


def test_a_person_is_kept_and_replaced(desk):
    store, subject = PersonStore(desk.db), uuid4()
    assert store.find(subject) is None
    store.keep(subject, DETAILS)
    assert store.find(subject) == DETAILS
    later = PersonalDetails(traveller="길동")
    store.keep(subject, later)
    assert store.find(subject) == later


def test_destroying_the_key_erases_the_person_and_leaves_the_rest(desk):
    store, subject, other = PersonStore(desk.db), uuid4(), uuid4()
    store.keep(subject, DETAILS)
    store.keep(other, DETAILS)
    with desk.db.reading() as session:
        sealed = session.execute(text("SELECT sealed FROM person WHERE subject = :s"), {"s": subject.hex}).scalar()
    key = key_of(desk, subject)
    store.erase(subject)
    store.erase(subject)
    assert store.find(subject) is None
    assert store.find(other) == DETAILS
    desk.db.writer.do(
        Urgency.FIELD,
        lambda session: session.execute(
            text("UPDATE person SET sealed = :b WHERE subject = :s"), {"b": sealed, "s": subject.hex}
        ),
    )
    assert store.find(subject) is None, "the sealed details without their key"
    for file in desk.path.parent.iterdir():
        assert key not in file.read_bytes(), f"the key is still in {file.name}"


def test_the_key_was_there_to_be_destroyed(desk):
    store, subject = PersonStore(desk.db), uuid4()
    store.keep(subject, DETAILS)
    key = key_of(desk, subject)
    assert any(key in file.read_bytes() for file in desk.path.parent.iterdir())


def test_one_persons_details_do_not_open_under_another_subject(desk):
    store, subject, other = PersonStore(desk.db), uuid4(), uuid4()
    store.keep(subject, DETAILS)
    store.keep(other, DETAILS)
    swap = text("UPDATE person SET sealed = (SELECT sealed FROM person WHERE subject = :a) WHERE subject = :b")
    desk.db.writer.do(Urgency.FIELD, lambda session: session.execute(swap, {"a": subject.hex, "b": other.hex}))
    with pytest.raises(StorageError, match="changed outside"):
        store.find(other)


def test_an_erased_person_may_come_again_under_a_new_key(desk):
    store, subject = PersonStore(desk.db), uuid4()
    store.keep(subject, DETAILS)
    key = key_of(desk, subject)
    store.erase(subject)
    store.keep(subject, DETAILS)
    assert store.find(subject) == DETAILS
    assert key_of(desk, subject) != key
