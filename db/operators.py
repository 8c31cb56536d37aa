"""Operators and the proof of who they are (Argon2id, RFC 9106)."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.database import Database
from db.tables import OperatorRow
from db.writer import Urgency
from domain.errors import BadInputError, RefusedError
from domain.operator import Operator, Role

SHORTEST_PASSWORD = 8  # NIST SP 800-63B

# RFC 9106, second recommended choice (64 MiB, 3 passes, 4 lanes): about 0.1 s here, up to 0.5 s on a slow desk.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4, hash_len=32, salt_len=16)
# Nobody's verifier, so that an unknown name takes as long as a known one.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$FtwSsLbvOf6tfYPQSTzTcw$goVE1uAmuPxgWLgsYGwSOdjk/xygIN8ytrD2zo1BZIo"
# No signs that are taken for one another when read from a screen.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


class OperatorStore:
    """Who may sign in. Names are compared without regard to case and to the way Hangul is composed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def count(self) -> int:
        """Return how many operators there are."""
        with self._db.reading() as session:
            return _count(session)

    def all(self) -> tuple[Operator, ...]:
        """Return all operators by name."""
        with self._db.reading() as session:
            return tuple(map(_to_operator, session.scalars(select(OperatorRow).order_by(OperatorRow.name))))

    def find(self, name: str) -> Operator | None:
        """Return the operator of this name, or None."""
        with self._db.reading() as session:
            row = session.get(OperatorRow, plain(name))
            return _to_operator(row) if row else None

    def verify(self, name: str, password: str) -> Operator | None:
        """Return the operator if the password is theirs, else None; as slowly for a name that nobody has."""
        with self._db.reading() as session:
            row = session.get(OperatorRow, plain(name))
        matches = _matches(row.verifier if row else _NOBODY, password)
        return _to_operator(row) if row and matches else None

    def create_first(self, name: str, display_name: str = "") -> str:
        """Commit the first administrator and return a password for their first sign-in, when they must change it.

        RefusedError where there is an operator already.
        """
        password = "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))
        row = _to_row(Operator(plain(name), display_name or name, Role.ADMINISTRATOR, "", True), password)  # noqa: FBT003 - the dataclass names it

        def work(session: Session) -> None:
            if _count(session):
                raise RefusedError("there is an operator already; ask an administrator")
            session.add(row)

        self._db.writer.do(Urgency.OPERATOR, work)
        return password

    def add(self, operator: Operator, password: str) -> None:
        """Commit a new operator; BadInputError where the name is taken or the password is too short."""
        row = _to_row(operator, password)

        def work(session: Session) -> None:
            if session.get(OperatorRow, row.name):
                raise BadInputError(f"there is an operator {row.name} already")
            session.add(row)

        self._db.writer.do(Urgency.OPERATOR, work)

    def set_password(self, name: str, password: str, *, must_change: bool = False) -> None:
        """Commit a new password; BadInputError where nobody has the name or the password is too short."""
        verifier = _verifier(password)

        def work(session: Session) -> None:
            row = session.get(OperatorRow, plain(name))
            if row is None:
                raise BadInputError(f"there is no operator {name}")
            row.verifier, row.must_change_password = verifier, must_change

        self._db.writer.do(Urgency.OPERATOR, work)


def plain(name: str) -> str:
    """Return a name as it is kept and compared."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OperatorRow)) or 0


def _matches(verifier: str, password: str) -> bool:
    try:
        return _HASHER.verify(verifier, password.encode("utf-8", "replace"))
    except VerifyMismatchError:
        return False


def _verifier(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise BadInputError(f"a password needs at least {SHORTEST_PASSWORD} characters")
    return _HASHER.hash(password.encode("utf-8", "replace"))


def _to_row(operator: Operator, password: str) -> OperatorRow:
    name = plain(operator.name)
    if not name:
        raise BadInputError("an operator needs a name")
    return OperatorRow(
        name=name,
        display_name=operator.display_name,
        role=operator.role.value,
        desk=operator.desk,
        verifier=_verifier(password),
        must_change_password=operator.must_change_password,
    )


def _to_operator(row: OperatorRow) -> Operator:
    return Operator(row.name, row.display_name, Role(row.role), row.desk, row.must_change_password)
