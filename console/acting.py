"""The one door through which people and rules do things: permission and audit hang here."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.clock import Clock
from domain.errors import RefusedError
from domain.operator import Action, Operator, Role, require

_log = logging.getLogger(__name__)

RULES = "rules"  # the actor of what the program does by itself
COMMAND_LINE = "command line"  # the purpose of what nobody said another of


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done or refused, as the audit keeps it."""

    at: datetime
    actor: str
    action: str
    subject: str
    purpose: str


class Door:
    """Checks a right, has the deed audited, and lets it pass or raises RefusedError."""

    def __init__(self, audit: Callable[[Deed], None], clock: Clock) -> None:
        self._audit = audit
        self._clock = clock
        self.operator: Operator | None = None

    @property
    def actor(self) -> str:
        """Return the name that deeds are done under; empty when nobody is signed in."""
        return self.operator.name if self.operator else ""

    def enter(self, operator: Operator) -> None:
        """Let an operator in, through the door as everything else; RefusedError leaves nobody signed in."""
        self.operator = operator
        try:
            self.act(Action.SIGN_IN, operator.name)
        except Exception:
            self.operator = None
            raise

    def act(self, action: Action, subject: str, purpose: str = "") -> str:
        """Let the signed-in operator do this; return the name to write under.

        RefusedError, audited too, where the right is missing. Never waits: the audit entry is written by the
        writer's thread.
        """
        self._pass(self.operator, self.actor or "nobody", action, subject, purpose)
        return self.actor

    def admit(self, name: str, role: Role | None, action: Action, subject: str, purpose: str = "") -> None:
        """Let a person do this from another workstation, which vouches for the role; None: for none.

        RefusedError, audited here under that name as everything else, where the right is missing or where nobody
        is signed in here, who would see what comes of it.
        """
        person = Operator(name, name, role) if role is not None and self.operator is not None else None
        self._pass(person, name, action, subject, purpose)

    def refuse(self, name: str, action: Action, subject: str, purpose: str) -> None:
        """Have it audited that what a person wanted was not done."""
        self._audit(Deed(self._clock.now(), name, f"refused:{action}", subject, purpose))

    def _pass(self, person: Operator | None, name: str, action: Action, subject: str, purpose: str) -> None:
        try:
            require(person, action)
        except RefusedError:
            self.refuse(name, action, subject, purpose)
            raise
        self._audit(Deed(self._clock.now(), name, action.value, subject, purpose))
