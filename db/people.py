"""People: details sealed under a key of their own, so that destroying the key erases the person."""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

from db.codec import clean_text, dump, load, mapping
from db.database import Database
from db.tables import PersonKeyRow, PersonRow
from db.writer import Urgency
from domain.errors import StorageError
from domain.event import PersonalDetails

_NONCE_BYTES = 12  # AES-GCM, NIST SP 800-38D


class PersonStore:
    """Whom personal keys stand for."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, subject: UUID, details: PersonalDetails) -> None:
        """Keep details under a personal key, in place of earlier ones."""
        self._db.writer.do(Urgency.OPERATOR, lambda session: remember(session, subject, details, again=True))

    def find(self, subject: UUID) -> PersonalDetails | None:
        """Return the details, or None where there are none, or no more."""
        with self._db.reading() as session:
            person, key = session.get(PersonRow, subject), session.get(PersonKeyRow, subject)
            return _open(person, key) if person and key else None

    def erase(self, subject: UUID) -> None:
        """Destroy the key, and with it all that could be known of the person; what refers to them stays.

        The key's bytes are overwritten in the file and the journal is emptied. A copy of the file made earlier
        still holds the key.
        """
        now = self._db.clock.now()

        def work(session: Session) -> None:
            key, person = session.get(PersonKeyRow, subject), session.get(PersonRow, subject)
            if key is not None:
                session.delete(key)
            if person is not None:
                person.sealed, person.erased_at = b"", person.erased_at or now

        self._db.writer.do(Urgency.OPERATOR, work)
        self._db.empty_journal()


def remember(session: Session, subject: UUID, details: PersonalDetails, *, again: bool) -> None:
    """Seal details in the transaction of the caller.

    Without `again` (a repeated message) a person who is known, or was erased, stays as they are.
    """
    person = session.get(PersonRow, subject)
    if person is not None and not again:
        return
    key = session.get(PersonKeyRow, subject)
    if key is None:
        key = PersonKeyRow(subject=subject, key=AESGCM.generate_key(256))
        session.add(key)
    session.merge(PersonRow(subject=subject, sealed=_seal(key, details), erased_at=None))


def _seal(key: PersonKeyRow, details: PersonalDetails) -> bytes:
    said = {
        "traveller": clean_text(details.traveller),
        "guardians": [clean_text(guardian) for guardian in details.guardians],
        "phone": clean_text(details.phone),
    }
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key.key).encrypt(nonce, dump(said).encode(), key.subject.bytes)


def _open(person: PersonRow, key: PersonKeyRow) -> PersonalDetails:
    nonce, sealed = person.sealed[:_NONCE_BYTES], person.sealed[_NONCE_BYTES:]
    try:
        said = mapping(load(AESGCM(key.key).decrypt(nonce, sealed, person.subject.bytes)))
    except InvalidTag as error:
        raise StorageError("a person's details were changed outside the program and can't be read") from error
    guardians = said["guardians"]
    return PersonalDetails(
        traveller=str(said["traveller"]),
        guardians=tuple(map(str, guardians)) if isinstance(guardians, list) else (),
        phone=str(said["phone"]),
    )
