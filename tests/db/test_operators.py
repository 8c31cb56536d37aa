import time

import argon2
import pytest
from sqlalchemy import text

from db import operators
from db.operators import OperatorStore
from domain.errors import BadInputError, RefusedError
from domain.operator import Operator, Role

KIM = Operator("kim", "김 주무관", Role.OPERATOR, "3")


@pytest.fixture
def store(desk) -> OperatorStore:
    return OperatorStore(desk.db)


def test_a_password_opens_its_own_name_only(store):
    store.add(KIM, "correct horse")
    assert store.verify("kim", "correct horse") == KIM
    assert store.verify(" KIM ", "correct horse") == KIM
    assert store.verify("kim", "wrong horse") is None
    assert store.verify("lee", "correct horse") is None
    assert (store.find("Kim"), store.find("lee"), store.all(), store.count()) == (KIM, None, (KIM,), 1)


def test_hangul_names_are_the_same_however_composed(store):
    store.add(Operator("김", "김", Role.SUPERVISOR), "correct horse")
    assert store.verify("\u1100\u1175\u11b7", "correct horse") is not None


def test_the_first_administrator_gets_a_password_for_one_sign_in(store):
    password = store.create_first("Admin")
    first = store.verify("admin", password)
    assert first == Operator("admin", "Admin", Role.ADMINISTRATOR, "", must_change_password=True)
    assert len(password) >= 16
    with pytest.raises(RefusedError, match="already"):
        store.create_first("second")
    store.set_password("admin", "a password of my own")
    assert store.verify("admin", password) is None
    assert store.verify("admin", "a password of my own").must_change_password is False


def test_passwords_are_kept_as_argon2id_alone(store, desk):
    store.add(KIM, "correct horse")
    with desk.db.reading() as session:
        (verifier,) = session.execute(text("SELECT verifier FROM operator")).scalars()
    assert verifier.startswith("$argon2id$")
    desk.db.close()
    assert b"correct horse" not in desk.path.read_bytes()


def test_an_unknown_name_takes_as_long_as_a_known_one(store, desk):
    store.add(KIM, "correct horse")
    with desk.db.reading() as session:
        verifier = session.execute(text("SELECT verifier FROM operator")).scalar()
    assert argon2.extract_parameters(operators._NOBODY) == argon2.extract_parameters(verifier)

    def fastest(name: str) -> float:
        spans = []
        for _ in range(3):
            began = time.process_time()
            assert store.verify(name, "wrong horse") is None
            spans.append(time.process_time() - began)
        return min(spans)

    assert fastest("nobody") > fastest("kim") / 3


def test_bad_names_and_passwords_are_refused(store):
    with pytest.raises(BadInputError, match="at least 8"):
        store.add(KIM, "short")
    with pytest.raises(BadInputError, match="needs a name"):
        store.add(Operator("  ", "", Role.OPERATOR), "correct horse")
    store.add(KIM, "correct horse")
    with pytest.raises(BadInputError, match="already"):
        store.add(KIM, "correct horse")
    with pytest.raises(BadInputError, match="no operator lee"):
        store.set_password("lee", "correct horse")
    assert store.count() == 1
