"""The one door through which people and rules do things: permission and audit hang here."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.clock import Clock
from domain.errors import RefusedError
from domain.operator import Action, Operator, require

_log = logging.getLogger(__name__)

RULES = "rules"  # the actor of what the program does by itself


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
        try:
            require(self.operator, action)
        except RefusedError:
            self._audit(Deed(self._clock.now(), self.actor or "nobody", f"refused:{action}", subject, purpose))
            raise
        self._audit(Deed(self._clock.now(), self.actor, action.value, subject, purpose))
        return self.actor
