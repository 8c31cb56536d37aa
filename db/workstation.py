"""Which workstation this is."""

from uuid import UUID

from db import state
from db.database import Database


class WorkstationStore:
    """The identity of this workstation, made with its database and never changed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def origin(self) -> UUID:
        """Return the UUID that marks everything made here."""
        with self._db.reading() as session:
            return UUID(state.recall(session, state.ORIGIN))
