"""The few things that this workstation must not forget, by name."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from db.tables import SyncStateRow

ORIGIN = "origin"
EPOCH = "epoch"
ACKNOWLEDGED = "acknowledged"
CURSOR = "cursor"
LOCAL_NUMBER = "local_number"


def recall(session: Session, key: str) -> str | None:
    """Return what was kept under a name, or None."""
    row = session.get(SyncStateRow, key)
    return row.value if row else None


def keep(session: Session, key: str, value: str) -> None:
    """Keep a value under a name, in place of an earlier one."""
    session.merge(SyncStateRow(key=key, value=value))


def epoch(session: Session) -> UUID:
    """Return the epoch that change-log lines are numbered in."""
    return UUID(recall(session, EPOCH))


def acknowledged(session: Session) -> int:
    """Return the number up to which headquarters has this epoch's lines."""
    return int(recall(session, ACKNOWLEDGED) or 0)


def begin(session: Session) -> None:
    """Give a new database its workstation and its epoch; both stay from then on."""
    for key in (ORIGIN, EPOCH):
        if recall(session, key) is None:
            keep(session, key, str(uuid4()))
